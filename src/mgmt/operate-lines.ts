// The terminal lines and the SSH server, as commands see them: shown, cleared, given a new key.

import type { ExecCommand } from '../cli/exec-command.ts';
import type { LineChoice } from '../cli/grammar/exec/ssh.ts';
import { showLines } from '../cli/show/line.ts';
import { showIpSsh, showSsh } from '../cli/show/ssh.ts';
import type { RunningRouter } from '../host/running-router.ts';
import type { Lines } from './lines.ts';
import type { SshServer } from './ssh.ts';

export interface WaysIn {
  readonly lines: Lines;
  readonly ssh: SshServer;
}

/** The lines of a `show`; undefined if the command is another. */
export function showWaysIn(
  command: ExecCommand,
  { lines, ssh }: WaysIn,
  router: RunningRouter,
): Iterable<string> | undefined {
  if (command.exec === 'show-line') return showLines(router.configuration, lines.uses, command.line);
  if (command.exec === 'show-ssh') return showSsh(ssh.views());
  return command.exec === 'show-ip-ssh' ? showIpSsh(router.configuration, ssh.enabled) : undefined;
}

/** What a command answers; undefined if it is another. A line that begins with `%` says why it was not done. */
export async function operateWaysIn(command: ExecCommand, ways: WaysIn): Promise<string[] | undefined> {
  switch (command.exec) {
    case 'clear-line':
      return cleared(ways.lines, command.line);
    case 'disconnect-ssh':
      return ways.ssh.disconnect(command.vty) ? [] : [`%No such connection: ${command.vty}`];
    case 'crypto-key-generate': {
      await ways.ssh.hostKey.generate(command.modulus);
      return [`The host key of the SSH server has ${command.modulus} bits now: clients will ask whether they trust it`];
    }
    case 'crypto-key-zeroize':
      if (command.confirmed) ways.ssh.hostKey.remove();
      return command.confirmed ? ['The next client of the SSH server finds a new host key'] : [];
    default:
      return undefined;
  }
}

function cleared(lines: Lines, { kind, number }: LineChoice): string[] {
  const line = kind === undefined ? lines.at(number) : lines.find(kind, number);
  const name = kind === undefined ? number : `${kind} ${number}`;
  if (line === undefined) return [`% Nobody is on line ${name}: show users lists the lines`];
  line.end();
  return [' [OK]'];
}
