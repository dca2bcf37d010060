// A terminal session for tests: keys go in, a screen comes out, and a router answers at once.

import type { ExecCommand } from '../../src/cli/exec-command.ts';
import { Shell, type ShellOptions } from '../../src/cli/shell.ts';
import type { ShellEffect, ShellInput } from '../../src/cli/shell-events.ts';
import { type Configuration, emptyConfiguration } from '../../src/vpdn/configuration.ts';
import { revealSecret } from '../../src/vpdn/secret.ts';
import { Screen } from './screen.ts';

export class Session {
  readonly screen = new Screen();
  readonly commands: ExecCommand[] = [];
  readonly lines: string[] = [];
  readonly other: string[] = [];
  /** What was typed for a secret. */
  readonly checks: string[] = [];
  readonly logged: string[] = [];
  configuration: Configuration = emptyConfiguration();
  /** What `execute` is answered with; undefined: nothing yet. */
  output: string[] | undefined = ['some output'];
  refuse: string | undefined;
  /** Secrets are checked at once. */
  checked = true;
  now = 0;
  readonly #shell: Shell;

  constructor(options: Omit<ShellOptions, 'configuration'> = {}, configuration?: Configuration) {
    if (configuration !== undefined) this.configuration = configuration;
    this.#shell = new Shell({ ...options, configuration: () => this.configuration });
    this.input({ on: 'open' });
  }

  type(text: string): this {
    return this.input({ on: 'octets', octets: new TextEncoder().encode(text) });
  }

  input(input: ShellInput): this {
    for (const effect of this.#shell.handle(input, this.now)) this.#apply(effect);
    return this;
  }

  /** Until `milliseconds` later, with nothing typed. */
  wait(milliseconds: number): this {
    this.now += milliseconds;
    if (this.#shell.deadline <= this.now) for (const effect of this.#shell.handleTimeout(this.now)) this.#apply(effect);
    return this;
  }

  get deadline(): number {
    return this.#shell.deadline;
  }

  get paused(): boolean {
    return this.#shell.paused;
  }

  get transcript(): string {
    return this.screen.lines.join('\n');
  }

  #apply(effect: ShellEffect): void {
    switch (effect.do) {
      case 'write':
        this.screen.write(effect.text);
        return;
      case 'execute':
        this.commands.push(effect.command);
        if (this.output !== undefined) this.input({ on: 'output', lines: this.output, done: true });
        return;
      case 'configure':
        this.lines.push(`${effect.mode}: ${effect.line}`);
        if (this.refuse === undefined) this.configuration = effect.configuration;
        this.input(this.refuse === undefined ? { on: 'configured' } : { on: 'configured', error: this.refuse });
        return;
      case 'check-secret':
        this.checks.push(effect.typed);
        if (this.checked) this.input({ on: 'secret-checked', matches: revealSecret(effect.secret) === effect.typed });
        return;
      case 'log':
        this.logged.push(effect.message.text);
        return;
      default:
        this.other.push(effect.do);
    }
  }
}
