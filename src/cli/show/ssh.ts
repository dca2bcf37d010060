// `show ssh` and `show ip ssh`: who is connected, and what the server is set to (C012).

import type { Configuration } from '../../vpdn/configuration.ts';
import { nameCell, tableRow } from './table.ts';

export interface SshConnectionView {
  /** The number of its vty line. */
  readonly line: number;
  readonly cipher: string;
  readonly mac: string;
  readonly user: string;
}

export function* showSsh(connections: readonly SshConnectionView[]): Generator<string> {
  if (connections.length === 0) yield '%No SSHv2 server connections running.';
  else {
    yield tableRow(WIDTHS, ['Connection', 'Version', 'Mode', 'Encryption', 'Hmac', 'State', 'Username']);
    for (const { line, cipher, mac, user } of connections) {
      const ways: readonly (readonly [mode: string, mac: string])[] = [
        ['IN', mac],
        ['OUT', mac],
      ];
      for (const [mode, sum] of ways) {
        const cells = [String(line), '2.0', mode, cipher, sum === '' ? 'implicit' : sum, 'Session started'];
        yield tableRow(WIDTHS, [...cells, nameCell(user, 32)]);
      }
    }
  }
  yield '%No SSHv1 server connections running.';
}

export function* showIpSsh({ ssh }: Configuration, enabled: boolean): Generator<string> {
  yield enabled ? 'SSH Enabled - version 2.0' : 'SSH Disabled - version 2.0';
  if (!enabled) yield '%Please configure `line vty` with `transport input ssh` and `login local` to enable SSH.';
  yield `Authentication timeout: ${ssh.timeOut ?? 120} secs; Authentication retries: ${ssh.authenticationRetries ?? 3}`;
}

const WIDTHS = [11, 8, 5, 29, 31, 22];
