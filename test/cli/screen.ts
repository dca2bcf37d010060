// A terminal for tests: what a user would see after the text a machine writes. Knows what the line editor and the pager use.

export class Screen {
  readonly #lines: string[][] = [[]];
  #column = 0;
  bells = 0;

  write(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const sequence = text[at] === '\x1b' ? /^\[(\d*)([KC])/.exec(text.slice(at + 1)) : null;
      if (sequence !== null) {
        if (sequence[2] === 'K') this.#line.length = Math.min(this.#line.length, this.#column);
        else this.#column += Number(sequence[1] || '1');
        at += sequence[0].length;
      } else this.#put(text[at]!);
    }
  }

  /** All lines, blanks at their ends left out. */
  get lines(): string[] {
    return this.#lines.map((line) =>
      Array.from(line, (each) => each ?? ' ')
        .join('')
        .trimEnd(),
    );
  }

  /** The line with the cursor, a `|` where it stands. */
  get cursorLine(): string {
    const line = Array.from(this.#line, (each) => each ?? ' ')
      .join('')
      .padEnd(this.#column);
    return `${line.slice(0, this.#column)}|${line.slice(this.#column)}`;
  }

  #put(character: string): void {
    switch (character) {
      case '\r':
        this.#column = 0;
        return;
      case '\n':
        this.#lines.push([]);
        return;
      case '\b':
        this.#column = Math.max(0, this.#column - 1);
        return;
      case '\x07':
        this.bells++;
        return;
      default:
        this.#line[this.#column++] = character;
    }
  }

  get #line(): string[] {
    return this.#lines.at(-1)!;
  }
}
