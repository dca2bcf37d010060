// The screen of a session: what is written on it, the line being typed, and output that is filtered and comes by pages.
// It gathers the effects of one input, so that text and requests leave in the order they arose.

import type { ConfigError } from '../wire/errors.ts';
import { printable } from '../wire/values.ts';
import { formatRefusal } from './configure.ts';
import { displayWidth } from './display-width.ts';
import type { OutputFilter } from './exec-command.ts';
import { complete, helpLines } from './help.ts';
import { History } from './history.ts';
import type { Key } from './keys.ts';
import { LineEditor } from './line-editor.ts';
import type { Expected } from './match.ts';
import { LineFilter } from './output-filter.ts';
import { Pager } from './pager.ts';
import type { ShellEffect } from './shell-events.ts';

export class ShellScreen {
  readonly editor = new LineEditor(new History());
  readonly pager = new Pager(24);
  #filter = new LineFilter(undefined);
  #effects: ShellEffect[] = [];

  /** What has come together since the last time. */
  take(): ShellEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  emit(effect: ShellEffect): void {
    this.#effects.push(effect);
  }

  write(text: string): void {
    if (text !== '') this.emit({ do: 'write', text });
  }

  print(...lines: readonly string[]): void {
    this.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  /** A prompt on the line the cursor is on; what stands above it in the same text comes first. */
  ask(prompt: string, hidden = false): void {
    const lines = prompt.split('\n');
    this.print(...lines.slice(0, -1));
    this.write(this.editor.begin(lines.at(-1)!, hidden));
  }

  // Output of a command

  begin(filter: OutputFilter | undefined): void {
    this.#filter = new LineFilter(filter);
    this.pager.reset();
  }

  output(lines: readonly string[], done: boolean): void {
    const kept = this.#filter.push(lines);
    this.write(this.pager.push(done ? [...kept, ...this.#filter.end()] : kept));
  }

  /** A key at --More--; true: nothing more is wanted. */
  page(key: Key): boolean {
    const { write, quit } = this.pager.handle(key);
    this.write(write);
    if (quit) this.#filter = new LineFilter({ kind: 'exclude', pattern: '' });
    return quit;
  }

  // The line being typed

  help<Owner>(chain: readonly Expected<Owner>[], text: string, heading: string): void {
    this.write('?\r\n');
    this.print(...helpLines(chain, text, heading), '');
    this.write(this.editor.redraw().slice(1));
  }

  complete<Owner>(chain: readonly Expected<Owner>[], text: string): void {
    const completed = complete(chain, text);
    if (completed !== undefined) this.editor.replace(completed + this.editor.text.slice(text.length));
    this.write(`${completed === undefined ? BELL : ''}\r\n${this.editor.redraw().slice(1)}`);
  }

  bell(): void {
    this.write(BELL);
  }

  /** Without `logging synchronous` a log line just comes, and Ctrl-R shows again what was being typed (1.7). */
  message(lines: string | readonly string[], typing: boolean, synchronous: boolean): void {
    const text = [lines].flat().map(printable).join('\r\n');
    if (typing && synchronous) this.write(`${this.editor.erase()}${text}\r\n${this.editor.redraw().slice(1)}`);
    else if (typing) this.write(`\r\n${text}\r\n`);
    else if (this.pager.stopped) this.write(this.pager.interject(text));
    else this.print(text);
  }

  /** `text` was typed behind `prompt`. */
  refuse(error: ConfigError, prompt: string, text: string): void {
    // The caret stands where the eye sees the character: an ideograph before it takes two columns.
    const wider = displayWidth(text.slice(0, error.column)) - Math.min(error.column, text.length);
    this.print(...formatRefusal(error, displayWidth(prompt) + wider));
  }
}

const BELL = '\x07';
