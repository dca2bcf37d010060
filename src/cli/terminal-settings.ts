// What one terminal is set to: by its line of the configuration when it is opened, by its window, and by `terminal …` (C025).

import type { TerminalLine } from '../vpdn/configuration-system.ts';
import type { ExecCommand } from './exec-command.ts';
import { History } from './history.ts';
import type { LineEditor } from './line-editor.ts';
import type { Pager } from './pager.ts';

/** Which line of the router the terminal is. */
export interface LineName {
  readonly kind: 'console' | 'vty';
  readonly number: number;
}

export class TerminalSettings {
  readonly exec = new History();
  readonly configuration = new History();
  /** Log lines come here. */
  monitoring: boolean;
  readonly #name: LineName;
  readonly #editor: LineEditor;
  readonly #pager: Pager;
  /** Given by the configuration or by a command: the size of the window no longer says it. */
  #lengthSet = false;
  #widthSet = false;

  constructor(name: LineName, editor: LineEditor, pager: Pager) {
    this.#name = name;
    this.#editor = editor;
    this.#pager = pager;
    this.monitoring = name.kind === 'console';
  }

  open(line: TerminalLine): void {
    if (line.length !== undefined) this.#setLength(line.length);
    if (line.width !== undefined) this.#setWidth(line.width);
    if (line.historySize !== undefined) this.#setHistory(line.historySize);
  }

  window(columns: number, rows: number): void {
    if (!this.#widthSet) this.#editor.columns = columns;
    if (!this.#lengthSet) this.#pager.length = rows;
  }

  /** What to print, if it is a command that the terminal carries out by itself. */
  run(command: ExecCommand, line: TerminalLine): readonly string[] | undefined {
    switch (command.exec) {
      case 'terminal-length':
        this.#setLength(command.lines);
        return [];
      case 'terminal-width':
        this.#setWidth(command.columns);
        return [];
      case 'terminal-history-size':
        this.#setHistory(command.size);
        return [];
      case 'terminal-history':
        this.exec.enabled = command.on;
        this.configuration.enabled = command.on;
        return [];
      case 'terminal-monitor':
        if (command.on && this.monitoring && this.#name.kind === 'console') return ['% Console already monitors'];
        this.monitoring = command.on;
        return undefined;
      case 'show-history':
        return this.exec.lines.map((each) => `  ${each}`);
      case 'show-terminal':
        return this.#show(line);
      default:
        return undefined;
    }
  }

  #setLength(lines: number): void {
    this.#pager.length = lines;
    this.#lengthSet = true;
  }

  /** 0: as wide as it takes. */
  #setWidth(columns: number): void {
    this.#editor.columns = columns === 0 ? 512 : columns;
    this.#widthSet = true;
  }

  #setHistory(size: number): void {
    this.exec.size = size;
    this.configuration.size = size;
  }

  #show(line: TerminalLine): string[] {
    const { kind, number } = this.#name;
    const timeout = line.execTimeout ?? DEFAULT_TIMEOUT;
    const { enabled, size } = this.exec;
    return [
      `Line ${kind === 'console' ? 0 : number + 2}, Location: "", Type: ""`,
      `Length: ${this.#pager.length} lines, Width: ${this.#editor.columns} columns`,
      'Status: Ready, Active',
      'Editing is enabled.',
      enabled ? `History is enabled, history size is ${size}.` : 'History is disabled.',
      `Idle EXEC timeout is ${timeout === 0 ? 'never' : clock(timeout)}.`,
      `Log messages are ${this.monitoring ? '' : 'not '}copied to this terminal, ${line.loggingSynchronous === true ? '' : 'not '}synchronized.`,
    ];
  }
}

function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** Seconds (C012). */
export const DEFAULT_TIMEOUT = 600;
