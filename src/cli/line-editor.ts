// The line being typed: keys in, screen text out. It knows nothing of commands; `?`, Tab and Enter are handed up.

import { displayWidth, graphemes, graphemeWidth } from './display-width.ts';
import type { History } from './history.ts';
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
  #history: History;
  /** A line that is full is told of once, not for each character of a paste. */
  #full = false;

  constructor(history: History) {
    this.#history = history;
  }

  /** EXEC and configuration mode each have their own. */
  set history(history: History) {
    this.#history = history;
  }

  get columns(): number {
    return this.#columns;
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
    const prompt = displayWidth(this.#prompt);
    const room = Math.max(this.#columns - prompt - 1, 8);
    // Too long for the screen: a window on it, its cut edges marked, as IOS does.
    const first = this.#firstShown(room);
    const shown = this.#fitting(first, room);
    const end = first + shown.length;
    const before = this.#widthOf(first, this.#cursor);
    if (first > 0) shown[0] = mark(shown[0]);
    if (end < this.#text.length) shown[shown.length - 1] = mark(shown.at(-1));
    const back = this.#cursor < end;
    return `\r${this.#prompt}${shown.join('')}\x1b[K${back ? `\r\x1b[${prompt + before}C` : ''}`;
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

  /** Such that the cursor is in the window. */
  #firstShown(room: number): number {
    let first = this.#cursor;
    for (let width = 0; first > 0; first--) {
      width += graphemeWidth(this.#text[first - 1]!);
      if (width > room) break;
    }
    return first;
  }

  #fitting(first: number, room: number): string[] {
    let end = first;
    for (let width = 0; end < this.#text.length; end++) {
      width += graphemeWidth(this.#text[end]!);
      if (width > room) break;
    }
    return this.#text.slice(first, end);
  }

  #widthOf(from: number, to: number): number {
    return this.#text.slice(from, to).reduce((width, each) => width + graphemeWidth(each), 0);
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
    // One more than a line may have, so that what was cut off is refused and not run.
    if (this.text.length + text.length > MAX_TERMINAL_LINE + 1) {
      const told = this.#full;
      this.#full = true;
      return told ? QUIET : BELL;
    }
    this.#full = false;
    const atEnd = this.#cursor === this.#text.length;
    // An accent joins the letter before it, so the whole is cut into characters again.
    const before = this.#text.slice(0, this.#cursor).join('') + text;
    const after = this.#text.slice(this.#cursor).join('');
    this.#text = graphemes(before + after);
    this.#cursor = Math.min(graphemes(before).length, this.#text.length);
    if (this.#secret) return QUIET;
    const fits = displayWidth(this.#prompt) + this.#widthOf(0, this.#text.length) < this.#columns;
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
    this.#text = graphemes(text);
    this.#full = false;
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

/** In place of a character that the window cuts off, as wide as it. */
function mark(cut: string | undefined): string {
  return '$'.padEnd(graphemeWidth(cut ?? ''), ' ');
}

const QUIET: Edited = { write: '' };
const BELL: Edited = { write: '\x07' };
