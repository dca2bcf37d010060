// Who sits at a terminal and what he may do: the login of its line, the level he begins at, and the levels he enters (1.7, C001).

import type { Configuration } from '../vpdn/configuration.ts';
import type { TerminalLine, User } from '../vpdn/configuration-system.ts';
import { printable } from '../wire/values.ts';
import { bannerLines } from './banner.ts';
import type { ExecCommand } from './exec-command.ts';
import { EnableGate, LoginGate } from './gate.ts';
import type { ShellEffect } from './shell-events.ts';
import type { LineName } from './terminal-settings.ts';

export interface AccessOptions {
  /** The configuration in force, to be read at the moment a line is typed. It is copied before it is edited. */
  readonly configuration: () => Configuration;
  /** Which line this is: the console unless said otherwise. */
  readonly line?: LineName;
  /** Who it is, where that was found out on the way here (SSH): nobody is asked again. */
  readonly user?: string;
  /** As the log names the terminal: `console`, `vty0 (192.0.2.9)`. */
  readonly place?: string;
  /** Where the terminal stands: none of a console. */
  readonly address?: string;
  /** Where neither user nor line have a level: 15 on the console, 1 elsewhere. */
  readonly privilege?: number;
}

export class Access {
  readonly line: LineName;
  privilege = 0;
  #user: string;
  readonly #options: AccessOptions;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.line = options.line ?? { kind: 'console', number: 0 };
    this.#user = options.user ?? '';
  }

  get lineSettings(): TerminalLine {
    const { console, vty } = this.#options.configuration().lines;
    return (this.line.kind === 'console' ? console : vty[this.line.number]) ?? {};
  }

  /** Log lines leave the line being typed alone. */
  get synchronous(): boolean {
    return this.lineSettings.loggingSynchronous === true;
  }

  /** Undefined: nobody is asked. */
  login(): LoginGate | undefined {
    if (this.#options.user !== undefined) return undefined;
    const kind = this.#login;
    if (kind === 'none') return undefined;
    return new LoginGate(this.#options.configuration, this.lineSettings, kind !== 'password');
  }

  /** The user's level, else that of the line, else what the carrier of the terminal says. */
  enter(name: string | undefined): User | undefined {
    if (name !== undefined) this.#user = name;
    const user = this.#options.configuration().users.get(this.#user);
    const trusted = this.line.kind === 'console' && this.#user === '' && this.#login === 'none';
    this.privilege = user?.privilege ?? this.lineSettings.privilege ?? this.#options.privilege ?? (trusted ? 15 : 1);
    return user;
  }

  /** Undefined: the level is entered at once. */
  enable(level: number): EnableGate | undefined {
    if (level > this.privilege) return new EnableGate(this.#options.configuration, level, this.line.kind === 'console');
    this.privilege = level;
    return undefined;
  }

  /** What to print, if it is a command about the level alone. */
  run(command: ExecCommand): readonly string[] | undefined {
    switch (command.exec) {
      case 'disable':
        this.privilege = Math.min(this.privilege, command.level);
        return [];
      case 'show-privilege':
        return [`Current privilege level is ${this.privilege}`];
      case 'configure-elsewhere':
        return [`% Configuring from ${printable(command.source)} is not supported: "configure replace" takes a file`];
      default:
        return undefined;
    }
  }

  banner(kind: 'motd' | 'login' | 'exec'): string[] {
    const number = this.line.kind === 'console' ? 0 : this.line.number + FIRST_VTY;
    return bannerLines(this.#options.configuration(), kind, number);
  }

  /** The level was entered, or not; with `logging userinfo` the log says who it was. */
  told({ level }: EnableGate, passed: boolean): ShellEffect | undefined {
    if (passed) this.privilege = level;
    if (this.#options.configuration().logging.userinfo !== true) return undefined;
    const by = `by ${this.#user === '' ? 'unknown' : this.#user} on ${this.#options.place ?? this.line.kind}`;
    if (passed)
      return { do: 'log', message: { name: 'SYS-PRIV_AUTH_PASS', text: `Privilege level set to ${level} ${by}` } };
    const text = `Authentication to Privilege level ${level} failed ${by}`;
    return { do: 'log', message: { name: 'SYS-PRIV_AUTH_FAIL', text } };
  }

  /** Before `absolute-timeout` ends the session (`logout-warning`). */
  warning(): readonly string[] {
    const { logoutWarning = 0 } = this.lineSettings;
    return framed(`Line timeout in ${logoutWarning} seconds`);
  }

  /** The time of the session is over: what its terminal and the log are told. */
  expired(timer: 'exec' | 'absolute'): { readonly lines: readonly string[]; readonly told: ShellEffect } {
    const { configuration, address = '0.0.0.0' } = this.#options;
    const onConsole = this.line.kind === 'console';
    const tty = onConsole ? 0 : this.line.number + FIRST_VTY;
    const text = `(${timer} timer expired, tty ${tty} (${address})), user ${this.#user}`.trimEnd();
    const told: ShellEffect = { do: 'log', message: { name: 'SYS-TTY_EXPIRE_TIMER', text } };
    if (timer === 'absolute') return { lines: framed('Line timeout expired'), told };
    return { lines: onConsole ? [`${configuration().hostname} con0 is now available`] : [], told };
  }

  get #login() {
    return this.lineSettings.login?.kind ?? (this.line.kind === 'console' ? 'none' : 'password');
  }
}

/** IOS sets off what ends a session. */
function framed(text: string): string[] {
  return ['*', '*', `* ${text}`, '*', '*'];
}

/** The number of the first vty, behind the console and the auxiliary line. */
const FIRST_VTY = 2;
