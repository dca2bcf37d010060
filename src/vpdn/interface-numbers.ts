// Numbers of Virtual-Access interfaces: the lowest free one for each call, used again once freed (C098).

export class InterfaceNumbers {
  readonly #used = new Set<number>();
  /** Every number below it is in use. */
  #lowest = 1;

  /** No number above it was ever in use. */
  highest = 0;

  take(): number {
    while (this.#used.has(this.#lowest)) this.#lowest++;
    const number = this.#lowest++;
    this.#used.add(number);
    this.highest = Math.max(this.highest, number);
    return number;
  }

  free(number: number): void {
    if (this.#used.delete(number) && number < this.#lowest) this.#lowest = number;
  }
}
