// A command that looks at thousands of rows before it prints a line lets others have their turn between them.

/** Stands between the lines and is not printed: no line can be this character. */
export const TURN = '\0';

/** Rows that were looked at and printed nothing: every so many are worth a turn. */
export class Unprinted {
  #rows = 0;

  /** One more; true: it is time for a turn. */
  add(): boolean {
    this.#rows++;
    return this.#rows % ROWS_A_TURN === 0;
  }
}

const ROWS_A_TURN = 100;
