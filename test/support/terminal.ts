// A terminal that a person could sit at, for tests: tmux runs the program in a window of its own and says what is on the screen.
// Each has a tmux server of its own, ended with it.

import { spawnSync } from 'node:child_process';
import { atExit } from './cleanup.ts';
import type { Needs } from './requirement.ts';
import { waitFor } from './wait.ts';

export const TMUX: Needs = { programs: ['tmux'] };

export class Terminal {
  readonly #server: string;
  readonly #release: () => void;

  /** Runs `argv` in a window of this size. */
  constructor(argv: readonly string[], { columns = 80, rows = 24, env = {} }: TerminalOptions = {}) {
    this.#server = `vpdntest-${process.pid}-${terminals++}`;
    const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, ...variables, argv.map(quoted).join(' '));
    // What ended stays on the screen, to be looked at.
    this.#tmux('set-option', '-g', 'remain-on-exit', 'on');
    this.#tmux('set-option', '-g', 'status', 'off');
    this.#release = atExit(() => this.#end());
  }

  /** As from a keyboard: text. */
  type(text: string): void {
    this.#tmux('send-keys', '-l', '--', text);
  }

  /** As from a keyboard, by tmux's names: `Enter`, `Tab`, `Up`, `C-a`, `BSpace`. */
  press(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  line(text: string): void {
    if (text !== '') this.type(text);
    this.press('Enter');
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** The lines of the window, those below the last with anything in it left out. */
  get screen(): string[] {
    return this.#tmux('capture-pane', '-p')
      .trimEnd()
      .split('\n')
      .map((line) => line.trimEnd());
  }

  /** Column and row of the cursor, from 0. */
  get cursor(): readonly [column: number, row: number] {
    const [column, row] = this.query('#{cursor_x} #{cursor_y}').split(' ').map(Number);
    return [column!, row!];
  }

  /** Something that tmux knows, by its formats. */
  query(format: string): string {
    return this.#tmux('display-message', '-p', format).trim();
  }

  /** Waits until the screen ends in these lines, the last of them without what it is not said of. */
  async shows(...lines: readonly string[]): Promise<void> {
    await waitFor(
      `a screen that ends in ${JSON.stringify(lines)}`,
      10_000,
      () => {
        const { screen } = this;
        return lines.every((line, index) => screen.at(index - lines.length) === line.trimEnd());
      },
      () => this.screen.join('\n'),
    );
  }

  /** Waits until the screen is another than it was. */
  async changes(from: readonly string[]): Promise<void> {
    await waitFor('another screen', 10_000, () => this.screen.join('\n') !== from.join('\n'));
  }

  async matches(pattern: RegExp, limit = 10_000): Promise<void> {
    await waitFor(
      `${pattern} on the screen`,
      limit,
      () => pattern.test(this.screen.join('\n')),
      () => this.screen.join('\n'),
    );
  }

  /** Waits until the program in the window has ended. */
  async ended(): Promise<void> {
    await waitFor('the end of the program', 10_000, () => this.query('#{pane_dead}') === '1');
  }

  close(): void {
    this.#end();
    this.#release();
  }

  #end(): void {
    spawnSync('tmux', ['-L', this.#server, 'kill-server'], { timeout: 5000 });
  }

  #tmux(...words: readonly string[]): string {
    const { status, stdout, stderr, error } = spawnSync('tmux', ['-L', this.#server, ...words], {
      encoding: 'utf8',
      timeout: 10_000,
      env: { ...process.env, LC_ALL: 'C.UTF-8', TMUX: '' },
    });
    if (status !== 0) throw new Error(`tmux ${words.join(' ')}: ${error?.message ?? stderr.trim()}`);
    return stdout;
  }
}

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** For the shell that tmux runs its command with. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

let terminals = 0;
