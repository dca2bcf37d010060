// VPDN group mode: which peers are served, and how their control connections behave.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { VpdnGroup } from '../../vpdn/configuration-vpdn.ts';
import { address, choice, name, number, word, words } from '../syntax.ts';
import { type Command, definer, entered, type Mode, notSupported, type PrintScope, withoutEffect } from '../tree.ts';
import { ACCEPT_DIALIN_MODE } from './accept-dialin.ts';
import { inertBlock, inertCommands } from './inert.ts';
import { retransmitCommands } from './l2tp-class.ts';
import { modeLines } from './mode-lines.ts';
import { exitCommand, numberSetting, secretSetting, switchSetting, textSetting } from './setting.ts';

const define = definer<VpdnGroup>();
const TERMINATE = 'terminate-from';

const acceptDialin = define({
  path: [words('accept-dialin', 'VPDN accept-dialin group configuration')],
  set: ({ subject }) => {
    subject.acceptDialin ??= {};
    return entered(ACCEPT_DIALIN_MODE, subject.name, 'accept-dialin');
  },
  // The names it answers to go with it.
  unset: ({ subject }) => {
    subject.acceptDialin = undefined;
    subject.terminateFrom = undefined;
  },
  lines: (scope) => {
    const { subject } = scope;
    if (subject.acceptDialin === undefined) return undefined;
    const body = modeLines(ACCEPT_DIALIN_MODE, subject.acceptDialin, scope, 'accept-dialin');
    return ['accept-dialin', ...body];
  },
});

// A group with an address of its own serves only the tunnels that call that address.
const sourceIp = define({
  path: [word('source-ip', 'Set source IP address for this vpdn-group'), address('source', 'Source IP address')],
  set: ({ subject }, { source }) => {
    subject.sourceAddress = source;
  },
  unset: ({ subject }) => {
    subject.sourceAddress = undefined;
  },
  lines: ({ subject }) => (subject.sourceAddress === undefined ? undefined : `source-ip ${subject.sourceAddress}`),
  about: 'Default: `vpdn source-ip`, else the address the peer called.',
});

// RFC 2661 §5.7: a tunnel without calls may go. 0 lets it go at once.
const noSession = define({
  path: [
    words('l2tp tunnel timeout no-session', 'Timeout after the last session of a tunnel is gone'),
    choice(word('never', 'Keep the tunnel for ever'), number('seconds', 0, 86400, 'Seconds')),
  ],
  set: ({ subject }, { seconds }) => {
    subject.l2tp.noSessionTimeout = seconds ?? 'never';
  },
  unset: ({ subject }) => {
    subject.l2tp.noSessionTimeout = undefined;
  },
  lines: ({ subject: { l2tp } }) => {
    return l2tp.noSessionTimeout === undefined ? undefined : `l2tp tunnel timeout no-session ${l2tp.noSessionTimeout}`;
  },
  about: 'Default 10.',
});

// The same control connection that an l2tp-class describes, from the side that is called (RFC 2661 §5).
const tunnel: Command<VpdnGroup>[] = [
  numberSetting<VpdnGroup>({
    text: 'l2tp tunnel hello',
    help: 'Set HELLO message interval',
    low: 0,
    high: 1000,
    valueHelp: 'Seconds',
    get: ({ l2tp }) => l2tp.hello,
    put: ({ l2tp }, value) => {
      l2tp.hello = value;
    },
    about: 'Default 60. 0 sends none.',
  }),
  switchSetting<VpdnGroup>({
    text: 'l2tp tunnel authentication',
    help: 'Authenticate the L2TP control connection',
    get: ({ l2tp }) => l2tp.authentication,
    put: ({ l2tp }, on) => {
      l2tp.authentication = on;
    },
    normally: true,
    about: 'Default on, unlike an l2tp-class: without a secret the tunnel is refused.',
  }),
  secretSetting<VpdnGroup>({
    text: 'l2tp tunnel password',
    help: 'Password for control connection authentication, AVP hiding',
    valueHelp: 'The password, to the end of the line',
    get: ({ l2tp }) => l2tp.password,
    put: ({ l2tp }, value) => {
      l2tp.password = value;
    },
    about: 'Default: the password of `username` for the peer.',
  }),
  numberSetting<VpdnGroup>({
    text: 'l2tp tunnel receive-window',
    help: 'Receive window size for the control connection',
    low: 1,
    high: 8192,
    valueHelp: 'Number of messages',
    get: ({ l2tp }) => l2tp.receiveWindow,
    put: ({ l2tp }, value) => {
      l2tp.receiveWindow = value;
    },
    about: 'Default 1024.',
  }),
  ...retransmitCommands<VpdnGroup>('l2tp tunnel ', [5, 1000], ({ l2tp }) => l2tp.retransmit),
  noSession,
  numberSetting<VpdnGroup>({
    text: 'l2tp tunnel timeout setup',
    help: 'Control connection setup timeout',
    low: 60,
    high: 6000,
    valueHelp: 'Seconds',
    get: ({ l2tp }) => l2tp.setupTimeout,
    put: ({ l2tp }, value) => {
      l2tp.setupTimeout = value;
    },
    about: 'Default 300.',
  }),
  switchSetting<VpdnGroup>({
    text: 'l2tp hidden',
    help: 'Hide AVPs in outgoing control messages',
    get: ({ l2tp }) => l2tp.hidden,
    put: ({ l2tp }, on) => {
      l2tp.hidden = on;
    },
    normally: false,
    about: 'Default off. Needs a secret (RFC 2661 §4.3).',
  }),
  switchSetting<VpdnGroup>({
    text: 'l2tp sequencing',
    help: 'Ask for sequence numbers in data packets',
    get: ({ l2tp }) => l2tp.sequencing,
    put: ({ l2tp }, on) => {
      l2tp.sequencing = on;
    },
    normally: false,
  }),
];

// Each with its reason; the PPTP lines say the ranges they will have, and take any value until they are built.
const inert: Command<VpdnGroup>[] = [
  ...inertCommands<VpdnGroup>(
    withoutEffect('client-initiated tunnels carry no proxy LCP and no proxy authentication'),
    [
      { text: 'lcp renegotiation', help: 'When to renegotiate LCP with the client', takes: 'line' },
      { text: 'force-local-chap', help: 'Force a CHAP challenge of our own' },
    ],
  ),
  ...inertCommands<VpdnGroup>(withoutEffect('fixed here'), [
    { text: 'l2tp tunnel busy timeout', help: 'How long a busy peer is skipped', takes: 'line' },
    { text: 'l2tp tunnel zlb delay', help: 'How long an acknowledgment may wait', takes: 'line' },
    { text: 'l2tp tunnel bearer capabilities', help: 'Bearer Capabilities AVP', takes: 'line' },
    { text: 'l2tp tunnel framing capabilities', help: 'Framing Capabilities AVP', takes: 'line' },
    { text: 'l2tp tunnel resync', help: 'Resynchronization of control messages', takes: 'line' },
    { text: 'l2tp drop out-of-order', help: 'Drop data packets that come late' },
    { text: 'l2tp ip udp checksum', help: 'UDP checksums of data packets', printsNo: true },
    { text: 'l2tp rx-speed', help: 'Rx Connect Speed AVP', takes: 'line' },
    { text: 'l2tp tx-speed', help: 'Tx Connect Speed AVP', takes: 'line' },
    { text: 'l2tp security ip address-check', help: 'The peer must answer from the address called' },
  ]),
  ...inertCommands<VpdnGroup>(withoutEffect('PPTP is not built yet'), [
    { text: 'pptp flow-control receive-window', help: 'Receive window size, <1-64> packets', takes: 'line' },
    { text: 'pptp flow-control static-rtt', help: 'Acknowledgment timeout, <100-5000> milliseconds', takes: 'line' },
    { text: 'pptp tunnel echo', help: 'Echo interval, <0-1000> seconds', takes: 'line' },
  ]),
  ...inertCommands<VpdnGroup>(
    withoutEffect('it concerns a NAS that tunnels dial-in users, or templates that are not built yet'),
    [
      { text: 'initiate-to ip', help: 'Where to open tunnels to', takes: 'line', several: true },
      { text: 'source vpdn-template', help: 'Take values of a VPDN template', takes: 'optional-line' },
      { text: 'vpn', help: 'VRF of the tunnels', takes: 'line' },
      { text: 'group session-limit', help: 'Session limit of the group', takes: 'line' },
      { text: 'authen-before-forward', help: 'Authenticate before forwarding' },
      { text: 'loadsharing ip', help: 'Load sharing among tunnel servers', takes: 'line', several: true },
      { text: 'backup ip', help: 'Backup tunnel servers', takes: 'line', several: true },
      { text: 'tunnel share', help: 'Share tunnels' },
      { text: 'dsl-line-info-forwarding', help: 'Forward DSL line information' },
      { text: 'redirect identifier', help: 'Redirect identifier', takes: 'line' },
      { text: 'relay', help: 'Relay of PPPoE discovery', takes: 'line' },
      { text: 'domain-mapping', help: 'Domain mapping', takes: 'line' },
    ],
  ),
  ...inertCommands<VpdnGroup>(
    withoutEffect('the outer IP header is made by Linux, and the MTU is always fitted to the tunnel'),
    [
      { text: 'ip mtu adjust', help: 'Fit the MTU of sessions to the tunnel' },
      { text: 'ip pmtu', help: 'Enable Path MTU for tunnel' },
      { text: 'ip precedence', help: 'IP precedence of tunnel packets', takes: 'line' },
      { text: 'ip tos reflect', help: 'Reflect IP payload ToS on tunnel' },
    ],
  ),
];

// A group is one side or the other; this side is a NAS, and there is none here.
const requestDialin = inertBlock<VpdnGroup>({
  text: 'request-dialin',
  help: 'VPDN request-dialin group configuration',
  standing: notSupported(
    'tunnelling the dial-in users of a NAS is not built: tunnels are opened by interface Virtual-PPP',
  ),
  mode: 'request-dialin',
  prompt: 'config-vpdn-req-in',
  heading: 'VPDN request-dialin group configuration commands:',
  rows: [
    { text: 'protocol', help: 'Tunneling protocol to use', takes: 'line' },
    { text: 'domain', help: 'Domain to tunnel', takes: 'line', several: true },
    { text: 'dnis', help: 'Called number to tunnel', takes: 'line', several: true },
    { text: 'multihop-hostname', help: 'Ingress tunnel to forward', takes: 'line', several: true },
  ],
});

export const VPDN_GROUP_MODE: Mode<VpdnGroup> = {
  name: 'vpdn-group',
  prompt: 'config-vpdn',
  heading: 'VPDN group configuration commands:',
  find: (configuration, key) => configuration.vpdnGroups.get(key),
  commands: [
    exitCommand('VPDN group configuration'),
    textSetting<VpdnGroup>({
      text: 'description',
      help: 'Description for this VPDN group',
      shape: 'line',
      valueHelp: 'Text',
      get: ({ description }) => description,
      put: (subject, value) => {
        subject.description = value;
      },
    }),
    acceptDialin,
    requestDialin,
    numberSetting<VpdnGroup>({
      text: 'session-limit',
      help: 'Limit the sessions of this group',
      low: 0,
      high: 32767,
      valueHelp: 'Number of sessions',
      get: ({ sessionLimit }) => sessionLimit,
      put: (subject, value) => {
        subject.sessionLimit = value;
      },
      about: 'Default: no limit. 0 allows none.',
    }),
    define({
      // One name a group: a second line replaces the first, as in IOS.
      path: [
        word(TERMINATE, 'Accept only tunnels of one peer'),
        word('hostname', 'Hostname of the remote peer'),
        name('host', 'Hostname'),
      ],
      keep: 1,
      set: ({ subject }, { host }) => {
        subject.terminateFrom = host;
      },
      unset: ({ subject }) => {
        subject.terminateFrom = undefined;
      },
      lines: ({ subject: { terminateFrom } }) => {
        return terminateFrom === undefined ? undefined : `terminate-from hostname ${terminateFrom}`;
      },
      about: 'The Host Name the peer sends, letter for letter. A group without it is the default of its protocol.',
    }),
    sourceIp,
    textSetting<VpdnGroup>({
      text: 'local name',
      help: 'Local name to use in the tunnel',
      shape: 'word',
      valueHelp: 'Name',
      get: ({ localName }) => localName,
      put: (subject, value) => {
        subject.localName = value;
      },
      about: 'Default: the host name of the router.',
    }),
    ...tunnel,
    ...inert,
  ],
};

/** A group as running-config shows it. */
export function groupLines(scope: PrintScope<Configuration>, group: VpdnGroup): string[] {
  const head = `vpdn-group ${group.name}`;
  const protocol = group.acceptDialin?.protocol;
  const note = group.terminateFrom !== undefined || protocol === undefined ? [] : [DEFAULT_NOTE[protocol]];
  return [head, ...note, ...modeLines(VPDN_GROUP_MODE, group, scope, head), '!'];
}

/** The group that serves whoever no other group names. */
const DEFAULT_NOTE = {
  l2tp: ' ! Default L2TP VPDN group',
  pptp: ' ! Default PPTP VPDN group',
  any: ' ! Default L2TP VPDN group',
} as const;
