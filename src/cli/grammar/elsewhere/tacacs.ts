// TACACS+ servers (RFC 8907). None is asked.

import type { Configuration } from '../../../vpdn/configuration.ts';
import type { Command } from '../../tree.ts';
import { inertBlock } from '../inert.ts';
import { NO_TACACS } from './reasons.ts';
import { lines, table } from './table.ts';

/** Behind the RADIUS servers. */
export const TACACS: Command<Configuration>[] = [
  ...lines(
    NO_TACACS,
    `
    ip tacacs source-interface ...      Specify interface for source address in TACACS packets
    tacacs-server administration        Start tacacs+ deamon handling administrative messages
    tacacs-server directed-request [...]  Allow user to specify tacacs server to use with '@server'
    tacacs-server host ...              Specify a TACACS server
    tacacs-server key ...               Set TACACS+ encryption key.
    tacacs-server packet ...            Modify TACACS+ packet options
    tacacs-server timeout ...           Time to wait for a TACACS server to reply
    `,
  ),
  inertBlock<Configuration>({
    text: 'tacacs server',
    help: 'Define a TACACS server by name',
    takes: 'line',
    standing: NO_TACACS,
    mode: 'tacacs server',
    prompt: 'config-server-tacacs',
    heading: 'TACACS server configuration commands:',
    rows: table(`
      address ipv4 ...     IPv4 address of the server
      address ipv6 ...     IPv6 address of the server
      key ...              Set TACACS+ encryption key.
      port ...             TCP port for TACACS+ server
      send-nat-address     Send client post NAT address
      single-connection    Multiplex all packets over a single TCP connection
      timeout ...          Time to wait for the server to reply
    `),
  }),
];
