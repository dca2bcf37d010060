// What a client that has logged in may do: one terminal, or one command. No forwarding, no files, no agent, no environment.

import { PRIVILEGED, USER } from '../cli/grammar/exec/definition.ts';
import type { Configuration } from '../vpdn/configuration.ts';
import { Console } from './console.ts';
import type { Line } from './lines.ts';
import { carryOut } from './serve.ts';
import type { Services } from './services.ts';
import type { SshChannel } from './ssh-channel.ts';

export interface Window {
  readonly columns: number;
  readonly rows: number;
}

export class SshSession {
  readonly #line: Line;
  readonly #services: Services;
  #window: Window | undefined;
  #console: Console | undefined;
  #used = false;

  constructor(line: Line, services: Services) {
    this.#line = line;
    this.#services = services;
  }

  resize({ columns, rows }: Window): void {
    // A client that stands in no window itself says 0.
    this.#window = { columns: columns === 0 ? PIPE.columns : columns, rows };
    this.#console?.resize(this.#window.columns, rows);
  }

  /** False: there is one already. */
  get free(): boolean {
    return !this.#used;
  }

  openTerminal(channel: SshChannel): void {
    this.#used = true;
    const { user, location } = this.#line;
    const place = `${this.#line.name.replace(' ', '')} (${location})`;
    const console = new Console(channel, this.#line, this.#services, { user, place, address: location });
    this.#console = console;
    channel.on('data', (octets: Uint8Array) => console.typed(octets));
    channel.on('close', () => this.#line.end());
    console.open(this.#window ?? PIPE);
  }

  /** Who has an `autocommand` gets that, whatever he asks for. */
  async run(asked: string, channel: SshChannel): Promise<void> {
    this.#used = true;
    const gone = new AbortController();
    channel.on('close', () => {
      gone.abort();
      this.#line.end();
    });
    channel.on('error', () => channel.destroy());
    channel.resume();
    const { user, location, name } = this.#line;
    const { configuration } = this.#services.router;
    const command = configuration.users.get(user)?.autocommand ?? asked;
    const author = { user, line: `${name.replace(' ', '')} (${location})` };
    const as = { privilege: privilegeOf(configuration, this.#line), author };
    const write = async (text: string) => {
      if (!channel.write(text.replaceAll('\n', '\r\n')) && !gone.signal.aborted) await drained(channel, gone.signal);
    };
    let status = 1;
    try {
      if (await carryOut(command, as, this.#services, gone.signal, write)) status = 0;
    } catch (error) {
      if (!gone.signal.aborted) channel.write(`% ${(error as Error).message}\r\n`);
    }
    if (gone.signal.aborted) return;
    channel.exit(status);
    channel.end(() => setTimeout(() => channel.destroy(), GRACE).unref());
  }
}

/** The user's level, else that of the line. */
function privilegeOf({ users, lines }: Configuration, { user, index }: Line): number {
  return Math.min(users.get(user)?.privilege ?? lines.vty[index]?.privilege ?? USER, PRIVILEGED);
}

/** Without a terminal nobody presses a key at --More--. */
const PIPE: Window = { columns: 80, rows: 0 };
/** Milliseconds for a client to say that it has all of it. */
const GRACE = 10_000;

function drained(channel: SshChannel, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    channel.once('drain', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
