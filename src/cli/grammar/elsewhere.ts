// Global lines of a router of metal that mean nothing here, grouped by the reason why, in the places running-config has them.

import type { Configuration } from '../../vpdn/configuration.ts';
import { name, word } from '../syntax.ts';
import { type Command, definer, notSupported, withoutEffect } from '../tree.ts';
import { BANNER } from './banner.ts';
import { inertBlock, inertCommands } from './inert.ts';
import { LINE } from './line.ts';
import { isUnder } from './mode-lines.ts';

const define = definer<Configuration>();

/** The release whose language this is. */
const EMULATED = '12.4';

export const VERSION = define({
  path: [word('version', 'Version of the configuration'), name('release', 'Release')],
  set: ({ configuration }, { release }) => {
    configuration.inert = configuration.inert.filter((each) => !isVersion(each.text, each.under));
    if (release === EMULATED) return;
    configuration.inert.push({
      under: [],
      text: `version ${release}`,
      standing: withoutEffect(`the language here is that of ${EMULATED}`),
    });
  },
  lines: ({ inert }) => inert.find((each) => isVersion(each.text, each.under))?.text ?? `version ${EMULATED}`,
});

// Two markers and what may stand between them: the first lines of every saved configuration.
export const BOOT: Command<Configuration>[] = inertCommands(
  withoutEffect('it concerns the boot and the memory of a metal router'),
  [
    { text: 'boot-start-marker', help: 'Begin of the boot commands' },
    { text: 'boot system', help: 'System image', takes: 'line', several: true },
    { text: 'boot-end-marker', help: 'End of the boot commands' },
    { text: 'memory-size', help: 'Memory of packets', takes: 'line' },
    { text: 'mmi', help: 'Modem management', takes: 'line', several: true, printsNo: true },
    { text: 'resource policy', help: 'Resource policy' },
    { text: 'scheduler', help: 'Scheduler parameters', takes: 'line', several: true },
    { text: 'license', help: 'License parameters', takes: 'line', several: true },
    { text: 'exception', help: 'Exception handling', takes: 'line', several: true },
    { text: 'file', help: 'File system parameters', takes: 'line', several: true },
  ],
);

export const SERVICES_ELSEWHERE: Command<Configuration>[] = inertCommands(
  withoutEffect('there is no such service here'),
  [
    { text: 'service call-home', help: 'Call home', printsNo: true },
    { text: 'service config', help: 'TFTP load of configuration files', printsNo: true },
    { text: 'service dhcp', help: 'DHCP server and relay agent', printsNo: true },
    { text: 'service internal', help: 'Internal commands' },
    { text: 'service pad', help: 'PAD commands', takes: 'optional-line', printsNo: true },
    { text: 'service tcp-keepalives-in', help: 'Keepalives on incoming connections' },
    { text: 'service tcp-keepalives-out', help: 'Keepalives on outgoing connections' },
    { text: 'service tcp-small-servers', help: 'Small TCP servers', takes: 'optional-line', printsNo: true },
    { text: 'service udp-small-servers', help: 'Small UDP servers', takes: 'optional-line', printsNo: true },
  ],
);

// AAA lines are many in every pasted configuration. Kept, but told of by the linter: whoever relies on RADIUS must know.
const NO_RADIUS = notSupported('AAA by RADIUS is not built yet: users are those of `username`');

export const AAA: Command<Configuration>[] = [
  ...inertCommands<Configuration>(NO_RADIUS, [
    { text: 'aaa new-model', help: 'Enable NEW access control commands and functions', printsNo: true },
  ]),
  inertBlock<Configuration>({
    text: 'aaa group server',
    help: 'AAA server group',
    takes: 'line',
    standing: NO_RADIUS,
    mode: 'server group',
    prompt: 'config-sg-radius',
    heading: 'Server group configuration commands:',
    rows: [
      { text: 'deadtime', help: 'Dead time of a server', takes: 'line' },
      { text: 'ip radius source-interface', help: 'Source of requests', takes: 'line' },
      { text: 'ip vrf forwarding', help: 'VRF of the servers', takes: 'line' },
      { text: 'load-balance', help: 'Load balance among servers', takes: 'line' },
      { text: 'server', help: 'A server', takes: 'line', several: true },
      { text: 'server-private', help: 'A server of this group only', takes: 'line', several: true },
    ],
  }),
  ...inertCommands<Configuration>(NO_RADIUS, [
    { text: 'aaa authentication', help: 'Authentication configurations parameters', takes: 'line', several: true },
    { text: 'aaa authorization', help: 'Authorization configurations parameters', takes: 'line', several: true },
    { text: 'aaa accounting', help: 'Accounting configurations parameters', takes: 'line', several: true },
    { text: 'aaa attribute', help: 'AAA attribute definitions', takes: 'line', several: true },
    { text: 'aaa local', help: 'Local AAA', takes: 'line', several: true },
    { text: 'aaa session-id', help: 'AAA Session ID', takes: 'line' },
  ]),
];

export const IP_ELSEWHERE: Command<Configuration>[] = [
  ...inertCommands<Configuration>(withoutEffect('packets take one fast path here, and it is always on'), [
    { text: 'ip cef', help: 'Cisco Express Forwarding', takes: 'optional-line', printsNo: true },
  ]),
  ...inertCommands<Configuration>(withoutEffect('Linux forwards, resolves names and serves as it is set up to'), [
    { text: 'clock', help: 'Time-of-day clock', takes: 'line', several: true },
    { text: 'ip auth-proxy', help: 'Authentication proxy', takes: 'line', several: true },
    { text: 'ip bootp server', help: 'BOOTP server', printsNo: true },
    { text: 'ip classless', help: 'Classless routing', printsNo: true },
    { text: 'ip dhcp', help: 'DHCP parameters', takes: 'line', several: true },
    { text: 'ip domain', help: 'Domain name system', takes: 'line', several: true, printsNo: true },
    { text: 'ip domain-lookup', help: 'Translation of names', printsNo: true },
    { text: 'ip finger', help: 'Finger server', printsNo: true },
    { text: 'ip gratuitous-arps', help: 'Gratuitous ARP', printsNo: true },
    { text: 'ip host', help: 'Names of hosts', takes: 'line', several: true },
    { text: 'ip name-server', help: 'Name servers', takes: 'line', several: true },
    { text: 'ip routing', help: 'IP routing', printsNo: true },
    { text: 'ip source-route', help: 'Source routing', printsNo: true },
    { text: 'ip subnet-zero', help: 'Subnet zero', printsNo: true },
  ]),
  ...inertCommands<Configuration>(withoutEffect('not built: no VPDN call here uses it'), [
    { text: 'dot11', help: 'Wireless', takes: 'line', several: true },
    { text: 'isdn', help: 'ISDN', takes: 'line', several: true },
    { text: 'multilink bundle-name', help: 'Names of multilink bundles', takes: 'line' },
    { text: 'multilink virtual-template', help: 'Template of multilink bundles', takes: 'line' },
    { text: 'spanning-tree', help: 'Spanning tree', takes: 'line', several: true, printsNo: true },
    { text: 'subscriber templating', help: 'Subscriber templating' },
    { text: 'vtp', help: 'VTP', takes: 'line', several: true },
  ]),
];

/** After the static routes. */
export const TAIL: Command<Configuration>[] = [
  ...inertCommands<Configuration>(withoutEffect('there is no such service here'), [
    { text: 'ip forward-protocol', help: 'Forwarding of broadcasts', takes: 'line', several: true, printsNo: true },
    { text: 'ip http', help: 'HTTP server', takes: 'line', several: true, printsNo: true },
    { text: 'ip tacacs', help: 'TACACS parameters', takes: 'line', several: true },
    { text: 'cdp run', help: 'Cisco Discovery Protocol', printsNo: true },
    { text: 'snmp-server', help: 'SNMP parameters', takes: 'line', several: true },
  ]),
  ...inertCommands<Configuration>(NO_RADIUS, [
    { text: 'ip radius source-interface', help: 'Source of RADIUS requests', takes: 'line' },
    { text: 'radius-server', help: 'RADIUS parameters', takes: 'line', several: true },
    { text: 'tacacs-server', help: 'TACACS parameters', takes: 'line', several: true },
  ]),
  inertBlock<Configuration>({
    text: 'control-plane',
    help: 'Configure control plane services',
    standing: withoutEffect('there is no control-plane policing here'),
    mode: 'control-plane',
    prompt: 'config-cp',
    heading: 'Control Plane configuration commands:',
    rows: [],
  }),
  BANNER,
  LINE,
  ...inertCommands<Configuration>(withoutEffect('Linux keeps the time'), [
    { text: 'ntp', help: 'Configure NTP', takes: 'line', several: true },
  ]),
];

function isVersion(text: string, under: readonly string[]): boolean {
  return isUnder(under, []) && text.startsWith('version ');
}
