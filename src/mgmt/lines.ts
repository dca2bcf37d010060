// The lines somebody sits at, as `show users` lists them: the first is the console, the others are vty lines (C153).

import type { UserView } from '../vpdn/view.ts';
import type { Millis } from '../wire/machine.ts';

export interface Line {
  readonly number: number;
  readonly name: string;
  lastInput: Millis;
}

export class Lines {
  readonly #taken = new Map<number, Line>();

  open(now: Millis): Line {
    let number = 0;
    while (this.#taken.has(number)) number++;
    const line: Line = { number, name: number === 0 ? 'con 0' : `vty ${number - 1}`, lastInput: now };
    this.#taken.set(number, line);
    return line;
  }

  close(line: Line): void {
    this.#taken.delete(line.number);
  }

  views(now: Millis, own: Line | undefined): UserView[] {
    return [...this.#taken.values()]
      .sort((a, b) => a.number - b.number)
      .map((line) => ({
        line: line.number,
        lineName: line.name,
        user: '',
        idle: now - line.lastInput,
        location: '',
        own: line === own,
      }));
  }
}
