// The line being typed: keys in, screen text out. It knows nothing of commands; `?`, Tab and Enter are handed up.

import type { Key } from './keys.ts';
import { MAX_TERMINAL_LINE } from './line-check.ts';

/** What a key asks of whoever owns the line. */
export type Request =
  | { readonly kind: 'line'; readonly text: string }
  /** The text up to the cursor. */
  | { readonly kind: 'help' | 'complete'; readonly text: string }
  /** Ctrl-C. */
  | { readonly kind: 'abandon' }
  /** Ctrl-Z, with what was typed before it. */
  | { readonly kind: 'leave'; readonly text: string }
  /** Ctrl-D on an empty line. */
  | { readonly kind: 'hang-up' };

export interface Edited {
  readonly write: string;
  readonly request?: Request;
}

export class History {
  #lines: string[] = [];
  #size = 10;

  get lines(): readonly string[] {
    return this.#lines;
  }

  set size(size: number) {
    this.#size = size;
    this.#trim();
  }

  add(line: string): void {
    if (line.trim() === '' || line === this.#lines.at(-1)) return;
    this.#lines.push(line);
    this.#trim();
  }

  #trim(): void {
    this.#lines = this.#size === 0 ? [] : this.#lines.slice(-this.#size);
  }
}

export class LineEditor {
  #prompt = '';
  #secret = false;
  #text: string[] = [];
  #cursor = 0;
  #columns = 80;
  #literal = false;
  #killed: string[] = [];
  /** Where in the history the line shown stands; its length: below the last, at the line being typed. */
  #recalled = 0;
  #typed: string[] = [];
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
  }

  set columns(columns: number) {
    this.#columns = Math.max(columns, 20);
  }

  /** A fresh prompt on the line the cursor is on. A secret is neither echoed nor remembered. */
  begin(prompt: string, secret = false): string {
    this.#prompt = prompt;
    this.#secret = secret;
    this.#put('');
    this.#recalled = this.#history.lines.length;
    this.#typed = [];
    this.#literal = false;
    return prompt;
  }

  get text(): string {
    return this.#text.join('');
  }

  /** Other text for the line, the cursor behind it. Draws nothing. */
  replace(text: string): void {
    this.#put(text);
  }

  /** The prompt and the line, from the left edge on. */
  redraw(): string {
    if (this.#secret) return `\r${this.#prompt}\x1b[K`;
    const room = Math.max(this.#columns - this.#prompt.length - 1, 8);
    // Too long for the screen: a window on it, its cut edges marked, as IOS does.
    const first = this.#cursor <= room ? 0 : this.#cursor - room;
    const shown = this.#text.slice(first, first + room);
    if (first > 0) shown[0] = '$';
    if (first + room < this.#text.length) shown[room - 1] = '$';
    const column = this.#prompt.length + this.#cursor - first;
    const back = shown.length - (this.#cursor - first);
    return `\r${this.#prompt}${shown.join('')}\x1b[K${back === 0 ? '' : `\r\x1b[${column}C`}`;
  }

  /** Takes the line off the screen, so that something can be printed in its place. */
  erase(): string {
    return '\r\x1b[K';
  }

  handle(key: Key): Edited {
    if (this.#literal) {
      this.#literal = false;
      if (key.key === 'character') return this.#insert(key.text);
    }
    switch (key.key) {
      case 'character':
        return key.text === '?' && !this.#secret ? this.#ask('help') : this.#insert(key.text);
      case 'enter':
        return { write: '\r\n', request: { kind: 'line', text: this.text } };
      case 'tab':
        // Before the first word it is indentation, of a pasted configuration.
        if (!this.#secret && this.text.trim() === '') return this.#insert(' ');
        return this.#secret ? QUIET : this.#ask('complete');
      case 'backspace':
        return this.#cut(this.#cursor - 1, this.#cursor);
      case 'delete':
        return this.#cut(this.#cursor, this.#cursor + 1);
      case 'left':
        return this.#move(this.#cursor - 1);
      case 'right':
        return this.#move(this.#cursor + 1);
      case 'home':
        return this.#move(0);
      case 'end':
        return this.#move(this.#text.length);
      case 'up':
        return this.#recall(this.#recalled - 1);
      case 'down':
        return this.#recall(this.#recalled + 1);
      case 'escape':
        return this.#escape(key.letter);
      case 'control':
        return this.#control(key.letter);
    }
  }

  #control(letter: string): Edited {
    switch (letter) {
      case 'A':
        return this.#move(0);
      case 'B':
        return this.#move(this.#cursor - 1);
      case 'C':
        return { write: '\r\n', request: { kind: 'abandon' } };
      case 'D':
        if (this.#text.length === 0) return { write: '', request: { kind: 'hang-up' } };
        return this.#cut(this.#cursor, this.#cursor + 1);
      case 'E':
        return this.#move(this.#text.length);
      case 'F':
        return this.#move(this.#cursor + 1);
      case 'K':
        return this.#kill(this.#cursor, this.#text.length);
      case 'L':
      case 'R':
        return { write: `\r\n${this.redraw().slice(1)}` };
      case 'N':
        return this.#recall(this.#recalled + 1);
      case 'P':
        return this.#recall(this.#recalled - 1);
      case 'U':
      case 'X':
        return this.#kill(0, this.#cursor);
      case 'V':
        this.#literal = true;
        return QUIET;
      case 'W':
        return this.#kill(this.#wordBefore(), this.#cursor);
      case 'Y':
        return this.#insert(this.#killed.join(''));
      case 'Z':
        return { write: '\r\n', request: { kind: 'leave', text: this.text } };
      default:
        return QUIET;
    }
  }

  #escape(letter: string): Edited {
    if (letter === 'B') return this.#move(this.#wordBefore());
    if (letter === 'F') return this.#move(this.#wordAfter());
    return letter === 'D' ? this.#kill(this.#cursor, this.#wordAfter()) : QUIET;
  }

  #ask(kind: 'help' | 'complete'): Edited {
    return { write: '', request: { kind, text: this.#text.slice(0, this.#cursor).join('') } };
  }

  #insert(text: string): Edited {
    const characters = [...text];
    // One more than a line may have, so that what was cut off is refused and not run.
    if (this.#text.length + characters.length > MAX_TERMINAL_LINE + 1) return BELL;
    const atEnd = this.#cursor === this.#text.length;
    this.#text.splice(this.#cursor, 0, ...characters);
    this.#cursor += characters.length;
    if (this.#secret) return QUIET;
    const fits = this.#prompt.length + this.#text.length < this.#columns;
    return { write: atEnd && fits ? text : this.redraw() };
  }

  #cut(from: number, to: number): Edited {
    if (from < 0 || to > this.#text.length || from === to) return QUIET;
    this.#text.splice(from, to - from);
    this.#cursor = from;
    return this.#secret ? QUIET : { write: this.redraw() };
  }

  #kill(from: number, to: number): Edited {
    this.#killed = this.#text.slice(from, to);
    return this.#cut(from, to);
  }

  #move(to: number): Edited {
    const at = Math.min(Math.max(to, 0), this.#text.length);
    if (at === this.#cursor || this.#secret) return QUIET;
    this.#cursor = at;
    return { write: this.redraw() };
  }

  #recall(to: number): Edited {
    const { lines } = this.#history;
    if (this.#secret || to < 0 || to > lines.length) return this.#secret ? QUIET : BELL;
    if (this.#recalled === lines.length) this.#typed = this.#text;
    this.#recalled = to;
    this.#put(to === lines.length ? this.#typed.join('') : lines[to]!);
    return { write: this.redraw() };
  }

  #put(text: string): void {
    this.#text = [...text];
    this.#cursor = this.#text.length;
  }

  #wordBefore(): number {
    let at = this.#cursor;
    while (at > 0 && this.#text[at - 1] === ' ') at--;
    while (at > 0 && this.#text[at - 1] !== ' ') at--;
    return at;
  }

  #wordAfter(): number {
    let at = this.#cursor;
    while (at < this.#text.length && this.#text[at] === ' ') at++;
    while (at < this.#text.length && this.#text[at] !== ' ') at++;
    return at;
  }
}

const QUIET: Edited = { write: '' };
const BELL: Edited = { write: '\x07' };
