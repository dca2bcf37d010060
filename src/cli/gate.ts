// The ways in that ask for a secret: the login on a terminal line, and `enable` (1.7). Each is a list of prompts and checks;
// the shell draws the prompts, and whoever carries the terminal checks the secrets.

import type { Configuration } from '../vpdn/configuration.ts';
import type { Secret, TerminalLine } from '../vpdn/configuration-system.ts';
import { enableLevel } from './password.ts';

export type GateStep =
  | { readonly step: 'ask'; readonly prompt: string; readonly hidden: boolean; readonly before?: readonly string[] }
  | { readonly step: 'check'; readonly secret: Secret | undefined; readonly typed: string }
  | { readonly step: 'passed'; readonly user?: string }
  /** `closes`: nobody is let in at all. */
  | { readonly step: 'failed'; readonly lines: readonly string[]; readonly closes: boolean };

export interface Gate {
  readonly kind: 'login' | 'enable';
  begin(): GateStep;
  /** Undefined: Ctrl-C or the like. */
  typed(text: string | undefined): GateStep;
  checked(matches: boolean): GateStep;
  /** What is printed when nothing is typed for too long. */
  readonly timedOut: string;
}

/** `login local` and `login authentication` ask for a name; `login` alone for the password of the line. */
export class LoginGate implements Gate {
  readonly kind = 'login';
  readonly #configuration: () => Configuration;
  readonly #line: TerminalLine;
  readonly #byName: boolean;
  #name: string | undefined;
  #tries = 0;

  constructor(configuration: () => Configuration, line: TerminalLine, byName: boolean) {
    this.#configuration = configuration;
    this.#line = line;
    this.#byName = byName;
  }

  begin(): GateStep {
    if (!this.#byName && this.#line.password === undefined) {
      return { step: 'failed', lines: ['', 'Password required, but none set'], closes: true };
    }
    return { ...this.#ask(), before: ['', 'User Access Verification', ''] };
  }

  typed(text: string | undefined): GateStep {
    if (text === undefined) return this.#again();
    if (!this.#byName) return { step: 'check', secret: this.#line.password, typed: text };
    if (this.#name === undefined) {
      const name = text.trim();
      if (name === '') return this.#ask();
      this.#name = name;
      if (this.#configuration().users.get(name)?.nopassword === true) return { step: 'passed', user: name };
      return this.#ask();
    }
    const user = this.#configuration().users.get(this.#name);
    return { step: 'check', secret: user?.secret ?? user?.password, typed: text };
  }

  checked(matches: boolean): GateStep {
    if (!matches) return this.#again();
    return this.#name === undefined ? { step: 'passed' } : { step: 'passed', user: this.#name };
  }

  get timedOut(): string {
    return `% ${this.#prompt.trim()}  timeout expired!`;
  }

  get #prompt(): string {
    return this.#byName && this.#name === undefined ? 'Username: ' : 'Password: ';
  }

  #ask(): Extract<GateStep, { step: 'ask' }> {
    return { step: 'ask', prompt: this.#prompt, hidden: this.#prompt === 'Password: ' };
  }

  /** IOS says which kind of login it was, and no more. */
  #again(): GateStep {
    this.#name = undefined;
    this.#tries++;
    if (this.#tries >= TRIES)
      return { step: 'failed', lines: [this.#byName ? '% Login invalid' : '% Bad passwords', ''], closes: true };
    return this.#byName ? { ...this.#ask(), before: ['% Login invalid', ''] } : this.#ask();
  }
}

export class EnableGate implements Gate {
  readonly kind = 'enable';
  readonly level: number;
  readonly #configuration: () => Configuration;
  readonly #onConsole: boolean;
  #tries = 0;

  constructor(configuration: () => Configuration, level: number, onConsole: boolean) {
    this.#configuration = configuration;
    this.level = level;
    this.#onConsole = onConsole;
  }

  begin(): GateStep {
    if (this.#wanted !== undefined) return { step: 'ask', prompt: 'Password: ', hidden: true };
    if (this.#onConsole) return { step: 'passed' };
    return { step: 'failed', lines: ['% No password set', ''], closes: false };
  }

  typed(text: string | undefined): GateStep {
    if (text === undefined) return this.#failed();
    return { step: 'check', secret: this.#wanted, typed: text };
  }

  checked(matches: boolean): GateStep {
    if (matches) return { step: 'passed' };
    this.#tries++;
    return this.#tries < TRIES ? this.begin() : this.#failed();
  }

  readonly timedOut = '% Password:  timeout expired!';

  /** The secret wins where both are set. */
  get #wanted(): Secret | undefined {
    const { secret, password } = enableLevel(this.#configuration(), this.level);
    return secret ?? password;
  }

  #failed(): GateStep {
    const bySecret = enableLevel(this.#configuration(), this.level).secret !== undefined;
    return { step: 'failed', lines: [bySecret ? '% Bad secrets' : '% Bad passwords', ''], closes: false };
  }
}

const TRIES = 3;
