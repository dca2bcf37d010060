// What a worker has to tell the control thread about sessions, collected while packets go through: bounded, and of one row
// and kind once. Who tells it asks for it between batches.

export type Trouble = 'compression-lost' | 'flow-alarm';

export class News {
  readonly #kinds: Trouble[] = new Array(MOST).fill('flow-alarm');
  readonly #rows = new Int32Array(MOST);
  #count = 0;

  /** False: no room, to be tried again another time. */
  add(kind: Trouble, row: number): boolean {
    for (let index = 0; index < this.#count; index++) {
      if (this.#rows[index] === row && this.#kinds[index] === kind) return true;
    }
    if (this.#count === MOST) return false;
    this.#kinds[this.#count] = kind;
    this.#rows[this.#count++] = row;
    return true;
  }

  /** Hands all of it to `tell`, and forgets it. */
  drain(tell: (kind: Trouble, row: number) => void): void {
    for (let index = 0; index < this.#count; index++) tell(this.#kinds[index]!, this.#rows[index]!);
    this.#count = 0;
  }
}

const MOST = 64;
