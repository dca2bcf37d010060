// Output a page at a time: stops at ` --More-- `, and waits for a key to say how it goes on.

import type { Key } from './keys.ts';
import { compilePattern, type Pattern } from './pattern.ts';

export class Pager {
  /** Lines a page; 0 never stops. */
  length: number;
  #waiting: string[] = [];
  /** Lines that may still be printed before the next stop. */
  #left: number;
  #stopped = false;
  /** What `/`, `+` or `-` was begun with at --More--. */
  #typing: string | undefined;
  #wanted: ((line: string) => boolean) | undefined;

  constructor(length: number) {
    this.length = length;
    this.#left = length;
  }

  /** It shows --More-- and wants a key. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** For the output of the next command. */
  reset(): void {
    this.#waiting = [];
    this.#left = this.length - 1;
    this.#stopped = false;
    this.#typing = undefined;
    this.#wanted = undefined;
  }

  push(lines: readonly string[]): string {
    for (const line of lines) this.#waiting.push(line);
    return this.#stopped ? '' : this.#print();
  }

  /** The text to print, and whether the rest of the output is not wanted any more. */
  handle(key: Key): { readonly write: string; readonly quit: boolean } {
    if (this.#typing !== undefined) return { write: this.#type(key), quit: false };
    if (key.key === 'character' && ['/', '+', '-'].includes(key.text)) {
      this.#typing = key.text;
      return { write: `${WIPE}${key.text}`, quit: false };
    }
    if (key.key === 'enter') return { write: this.#resume(1), quit: false };
    if (key.key === 'character' && key.text === ' ') return { write: this.#resume(this.length - 1), quit: false };
    const write = WIPE;
    this.reset();
    return { write, quit: true };
  }

  /** Prints `text` where --More-- stands, and it again below. */
  interject(text: string): string {
    return `${WIPE}${text}\r\n${this.#typing ?? MORE}`;
  }

  #type(key: Key): string {
    if (key.key === 'character' && this.#typing!.length < LONGEST_PATTERN) {
      this.#typing += key.text;
      return key.text;
    }
    if (key.key === 'backspace' && this.#typing!.length > 1) {
      this.#typing = this.#typing!.slice(0, -1);
      return '\b \b';
    }
    if (key.key !== 'enter') return '';
    const [how, source] = [this.#typing![0]!, this.#typing!.slice(1)];
    const pattern = compilePattern(source);
    this.#typing = undefined;
    if (pattern === undefined || source === '') return `\r\x1b[K${MORE}`;
    this.#wanted = this.#choose(how, pattern);
    return `\r\n${this.#resume(this.length - 1)}`;
  }

  /** `/` looks for the first line that matches; `+` and `-` keep and drop such lines from here on. */
  #choose(how: string, pattern: Pattern): (line: string) => boolean {
    if (how === '+') return (line) => pattern.test(line);
    if (how === '-') return (line) => !pattern.test(line);
    return (line) => {
      if (!pattern.test(line)) return false;
      this.#wanted = undefined;
      return true;
    };
  }

  #resume(lines: number): string {
    this.#stopped = false;
    this.#left = lines;
    return WIPE + this.#print();
  }

  #print(): string {
    let text = '';
    let printed = 0;
    for (const line of this.#waiting) {
      if (this.#wanted !== undefined && !this.#wanted(line)) {
        printed++;
        continue;
      }
      if (this.length > 0 && this.#left <= 0) {
        this.#stopped = true;
        break;
      }
      text += `${line}\r\n`;
      printed++;
      this.#left--;
    }
    this.#waiting = this.#waiting.slice(printed);
    return this.#stopped ? text + MORE : text;
  }
}

const MORE = ' --More-- ';
const WIPE = '\b'.repeat(MORE.length) + ' '.repeat(MORE.length) + '\b'.repeat(MORE.length);
const LONGEST_PATTERN = 80;
