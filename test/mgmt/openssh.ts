// A real OpenSSH client in the network of a router, with files of its own.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atExit } from '../support/cleanup.ts';
import { type Outcome, run } from '../support/process.ts';
import type { Needs } from '../support/requirement.ts';

export const OPENSSH: Needs = { programs: ['ssh', 'ssh-keygen', 'nsenter'] };

export class OpenSsh {
  readonly #folder: string;
  readonly #router: number;
  readonly #port: number;

  /** `router`: the process whose network it is in. */
  constructor(folder: string, router: number, port: number) {
    this.#folder = folder;
    this.#router = router;
    this.#port = port;
  }

  /** The command line. */
  words({ user, key, options = [], flags = [], port = this.#port }: Login, command?: string): string[] {
    const known = `UserKnownHostsFile=${join(this.#folder, 'known_hosts')}`;
    const way =
      key === undefined ? ['PreferredAuthentications=password', 'PubkeyAuthentication=no'] : [`IdentityFile=${key}`];
    const all = [...options, 'StrictHostKeyChecking=accept-new', known, 'NumberOfPasswordPrompts=1', ...way];
    const program = ['nsenter', `--net=/proc/${this.#router}/ns/net`, 'ssh', '-F', 'none', '-p', String(port)];
    const chosen = all.flatMap((option) => ['-o', option]);
    return [...program, ...chosen, ...flags, `${user}@127.0.0.1`, ...(command === undefined ? [] : [command])];
  }

  /** Until it ends. */
  run(login: Login, command?: string): Promise<Outcome> {
    return run(this.words(login, command), 30_000, { env: this.#environment(login) });
  }

  /** Stays; ended with the test at the latest. */
  start(login: Login, command?: string): ChildProcessWithoutNullStreams {
    const [program = '', ...words] = this.words(login, command);
    const child = spawn(program, words, { env: { ...process.env, ...this.#environment(login) } });
    const release = atExit(() => child.kill('SIGKILL'));
    child.on('exit', release);
    child.stdin.on('error', () => undefined);
    return child;
  }

  /** The client gets its password from a program, as people's password managers do it. */
  #environment({ password = '' }: Login): Record<string, string> {
    const askpass = join(this.#folder, 'askpass');
    writeFileSync(askpass, '#!/bin/sh\necho "$VPDN_TEST_PASSWORD"\n', { mode: 0o700 });
    return {
      ...{ SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0', SSH_AUTH_SOCK: '' },
      VPDN_TEST_PASSWORD: password,
    };
  }
}

export interface Login {
  readonly user: string;
  readonly password?: string;
  /** The file of the private key: then no password is tried first. */
  readonly key?: string;
  /** As behind `-o`. */
  readonly options?: readonly string[];
  readonly flags?: readonly string[];
  readonly port?: number;
}
