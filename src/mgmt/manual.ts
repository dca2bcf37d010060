// The manual vpdn(8), from the same texts as `vpdn help`.

import type { Document } from '../cli/reference/markdown.ts';
import { manual, paragraphs, roff } from '../cli/reference/roff.ts';
import { COMMANDS_USAGE, EXIT_STATUSES, SIGNALS } from './usage.ts';

export function vpdnManual(): Document {
  return manual('vpdn', 8, 'VPDN router for Linux, configured in the IOS language', [
    '.SH SYNOPSIS',
    ...COMMANDS_USAGE.flatMap(({ synopsis }) => [`\\fB${roff(synopsis)}\\fR`, '.br']),
    '.SH DESCRIPTION',
    ...paragraphs(DESCRIPTION),
    '.SH COMMANDS',
    ...COMMANDS_USAGE.flatMap(({ name, manual: text }) => ['.TP', `\\fB${name}\\fR`, roff(text)]),
    '.SH SIGNALS',
    ...SIGNALS.flatMap(([signal, meaning]) => ['.TP', `\\fB${signal}\\fR`, roff(meaning)]),
    '.SH EXIT STATUS',
    ...EXIT_STATUSES.flatMap(([status, meaning]) => ['.TP', `\\fB${status}\\fR`, roff(meaning)]),
    '.SH SEE ALSO',
    '.BR vpdn\\-config (5)',
  ]);
}

const DESCRIPTION = [
  'vpdn turns a Linux machine into a VPDN router: a tunnel server and client with the whole of PPP in one process, on TUN ' +
    'devices and sockets. It needs no PPP in the kernel and no pppd. It is configured and operated as a Cisco router is.',
  'It needs the capabilities CAP_NET_ADMIN and CAP_NET_RAW, and /dev/net/tun.',
];
