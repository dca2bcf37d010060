// What `| include`, `exclude`, `begin`, `section` and `count` leave of the output of a command.

import type { OutputFilter } from './exec-command.ts';
import { compilePattern, type Pattern } from './pattern.ts';

/** All of the output at once. `json` and `file` leave it alone: those are the front end's to do. */
export function filterLines(lines: readonly string[], filter: OutputFilter | undefined): string[] {
  const running = new LineFilter(filter);
  return [...running.push(lines), ...running.end()];
}

/** The same for output that comes in pieces. */
export class LineFilter {
  readonly #filter: OutputFilter | undefined;
  readonly #pattern: Pattern | undefined;
  #begun = false;
  #count = 0;
  /** How far in the line stands whose section this is. */
  #section: number | undefined;

  constructor(filter: OutputFilter | undefined) {
    this.#filter = filter;
    this.#pattern = filter !== undefined && 'pattern' in filter ? compilePattern(filter.pattern) : undefined;
  }

  push(lines: readonly string[]): string[] {
    return lines.filter((line) => this.#keeps(line));
  }

  /** What is only known when all lines have come. */
  end(): string[] {
    return this.#filter?.kind === 'count' ? [`Number of lines which match regexp = ${this.#count}`] : [];
  }

  #keeps(line: string): boolean {
    const filter = this.#filter;
    if (filter === undefined || !('pattern' in filter) || this.#pattern === undefined) return true;
    const matches = this.#pattern.test(line);
    switch (filter.kind) {
      case 'include':
        return matches;
      case 'exclude':
        return !matches;
      case 'begin':
        this.#begun ||= matches;
        return this.#begun;
      case 'count':
        if (matches) this.#count++;
        return false;
      case 'section':
        return this.#inSection(line, matches) !== filter.exclude;
    }
  }

  /** A line that matches, and what stands further in below it. */
  #inSection(line: string, matches: boolean): boolean {
    const depth = line.search(/\S/);
    const inside = this.#section !== undefined && depth > this.#section;
    if (!inside) this.#section = matches ? depth : undefined;
    return inside || matches;
  }
}
