// The lines somebody sits at, as `show users` lists them (C153): consoles on the Unix socket, and vty lines over SSH.

import type { LineUse } from '../cli/show/line.ts';
import type { UserView } from '../vpdn/view.ts';
import type { Millis } from '../wire/machine.ts';

export interface Line {
  /** As `clear line` has it: of the console, the auxiliary line, then the vty lines. */
  readonly number: number;
  readonly name: string;
  readonly kind: 'console' | 'vty';
  /** Within its kind. */
  readonly index: number;
  readonly location: string;
  user: string;
  lastInput: Millis;
  /** Ends the session on it. */
  readonly end: () => void;
  /** Puts lines on its screen, once there is a screen. */
  tell?: (lines: readonly string[]) => void;
}

export class Lines {
  readonly #taken = new Map<number, Line>();
  /** Sessions on each line so far. */
  readonly #uses = new Map<number, number>();

  openConsole(now: Millis, end: () => void): Line {
    let index = 0;
    while (this.#taken.has(consoleNumber(index))) index++;
    const place = { number: consoleNumber(index), name: `con ${index}`, kind: 'console', index } as const;
    return this.#open({ ...place, location: '', user: '', lastInput: now, end });
  }

  openVty(
    index: number,
    now: Millis,
    who: { readonly user: string; readonly location: string },
    end: () => void,
  ): Line {
    const place = { number: FIRST_VTY + index, name: `vty ${index}`, kind: 'vty', index } as const;
    return this.#open({ ...place, ...who, lastInput: now, end });
  }

  isVtyFree(index: number): boolean {
    return !this.#taken.has(FIRST_VTY + index);
  }

  at(number: number): Line | undefined {
    return this.#taken.get(number);
  }

  /** By its number within its kind; nobody can be on the auxiliary line. */
  find(kind: 'console' | 'aux' | 'vty', index: number): Line | undefined {
    return [...this.#taken.values()].find((line) => line.kind === kind && line.index === index);
  }

  /** Those that somebody has sat at. */
  get uses(): LineUse[] {
    return [...this.#uses].map(([number, uses]) => ({ number, uses, taken: this.#taken.has(number) }));
  }

  /** To everybody. */
  tell(lines: readonly string[]): void {
    for (const line of this.#taken.values()) line.tell?.(lines);
  }

  close(line: Line): void {
    if (this.#taken.get(line.number) === line) this.#taken.delete(line.number);
  }

  views(now: Millis, own: Line | undefined): UserView[] {
    return [...this.#taken.values()]
      .sort((a, b) => a.number - b.number)
      .map((line) => ({
        line: line.number,
        lineName: line.name,
        user: line.user,
        idle: now - line.lastInput,
        location: line.location,
        own: line === own,
      }));
  }

  #open(line: Line): Line {
    this.#taken.set(line.number, line);
    this.#uses.set(line.number, (this.#uses.get(line.number) ?? 0) + 1);
    return line;
  }
}

/** A router of metal has one console. Further ones stand behind all other lines. */
function consoleNumber(index: number): number {
  return index === 0 ? 0 : FURTHER_CONSOLES + index;
}

const FIRST_VTY = 2;
const FURTHER_CONSOLES = 100;
