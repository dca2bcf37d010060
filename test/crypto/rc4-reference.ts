// RC4 as plainly as it can be written: what the kernel is compared with.

export class Rc4 {
  readonly #table = Array.from({ length: 256 }, (_, index) => index);
  #i = 0;
  #j = 0;

  constructor(key: Uint8Array) {
    for (let i = 0; i < 256; i++) {
      this.#j = (this.#j + this.#table[i]! + key[i % key.length]!) % 256;
      this.#swap(i, this.#j);
    }
    this.#j = 0;
  }

  /** Encrypts or decrypts, and moves the stream on. */
  apply(octets: Uint8Array): Uint8Array {
    return Uint8Array.from(octets, (octet) => octet ^ this.#next());
  }

  #next(): number {
    this.#i = (this.#i + 1) % 256;
    this.#j = (this.#j + this.#table[this.#i]!) % 256;
    this.#swap(this.#i, this.#j);
    return this.#table[(this.#table[this.#i]! + this.#table[this.#j]!) % 256]!;
  }

  #swap(i: number, j: number): void {
    [this.#table[i], this.#table[j]] = [this.#table[j]!, this.#table[i]!];
  }
}
