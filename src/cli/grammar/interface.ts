// Interface mode: what all interfaces have; the rest comes from the files beside.

import type { Interface } from '../../vpdn/configuration-interface.ts';
import { HONOURED } from '../../vpdn/standing.ts';
import { number, oneOf, optional, sequence, word } from '../syntax.ts';
import { type Command, definer, type Mode, notSupported, refused, withoutEffect } from '../tree.ts';
import { MTU_OF_LINUX, NO_DIALER } from './elsewhere/reasons.ts';
import { inertCommands } from './inert.ts';
import { INTERFACE_DIALER } from './interface-dialer.ts';
import { elsewhereLines, PPPOE } from './interface-elsewhere.ts';
import { INTERFACE_IP } from './interface-ip.ts';
import { INTERFACE_IPV6 } from './interface-ipv6.ts';
import { onLan, onPhysical, onPpp } from './interface-kind.ts';
import { INTERFACE_PPP } from './interface-ppp.ts';
import { PSEUDOWIRE } from './interface-pseudowire.ts';
import { VLAN_ENCAPSULATION } from './interface-vlan.ts';
import { exitCommand, numberSetting, switchSetting, textSetting } from './setting.ts';
import { XCONNECT } from './xconnect.ts';

const define = definer<Interface>();

const encapsulation = define({
  path: [
    word('encapsulation', 'Set encapsulation type for an interface'),
    oneOf('kind', {
      'frame-relay': 'Frame Relay networks',
      hdlc: 'Serial HDLC synchronous',
      lapb: 'LAPB (X.25 Level 2)',
      ppp: 'Point-to-Point protocol',
      slip: 'Serial Line IP',
      smds: 'Switched Megabit Data Service (SMDS)',
      x25: 'X.25',
    }),
  ],
  keep: 1,
  // PPP is built in and never printed.
  set: (_, { kind }) => {
    return kind === 'ppp' ? undefined : refused(`% Encapsulation ${kind} is not supported on this interface`);
  },
  unset: () => undefined,
  when: onPpp,
  entries: ['C104'],
  about: 'PPP is built in; the line is taken and not printed.',
});

// RFC 1661 §5.8: LCP Echo-Requests. `no keepalive` sends none; those of the peer are answered all the same.
const keepalive = define({
  path: [
    word('keepalive', 'Enable keepalive'),
    optional(
      sequence(
        number('period', 0, 32767, 'Keepalive period (default 10 seconds)'),
        optional(number('retries', 2, 255, 'Keepalive retries')),
      ),
    ),
  ],
  set: ({ subject }, { period, retries }) => {
    if (period === undefined) subject.keepalive = undefined;
    else subject.keepalive = retries === undefined || period === 0 ? { period } : { period, retries };
  },
  unset: ({ subject }) => {
    subject.keepalive = { period: 0 };
  },
  reset: ({ subject }) => {
    subject.keepalive = undefined;
  },
  lines: ({ subject: { keepalive: kept } }) => {
    if (kept === undefined) return undefined;
    if (kept.period === 0) return 'no keepalive';
    return kept.retries === undefined ? `keepalive ${kept.period}` : `keepalive ${kept.period} ${kept.retries}`;
  },
  when: onPpp,
  entries: ['C105'],
  about: 'Default 10 seconds and 5 retries: LCP Echo-Requests, and the link is dropped when none is answered.',
});

/** What a physical interface has of these is Linux's affair. */
const LAN_INERT: Command<Interface>[] = [
  ...inertCommands<Interface>(
    withoutEffect('Linux watches the device itself'),
    [{ text: 'keepalive', help: 'Enable keepalive', takes: 'optional-line', printsNo: true }],
    onLan,
  ),
  ...inertCommands<Interface>(
    notSupported('only the TCP of calls is adjusted, by itself: for other traffic write the rule for nftables'),
    [{ text: 'ip tcp adjust-mss', help: 'Adjust the mss of transit packets', takes: 'line', entries: ['C101'] }],
    onLan,
  ),
  ...inertCommands<Interface>(
    NO_DIALER,
    [
      { text: 'dialer pool-member', help: 'Specify dialer pool membership', takes: 'line', several: true },
      { text: 'dialer rotary-group', help: 'Add to a dialer rotary group', takes: 'line' },
    ],
    onPhysical,
  ),
  ...inertCommands<Interface>(notSupported('PPPoE is not built: sessions come by tunnel'), PPPOE, onPhysical),
  VLAN_ENCAPSULATION,
];

export const INTERFACE_MODE: Mode<Interface> = {
  name: 'interface',
  prompt: 'config-if',
  heading: 'Interface configuration commands:',
  find: (configuration, key) => configuration.interfaces.get(key),
  commands: [
    exitCommand('interface configuration'),
    textSetting<Interface>({
      text: 'description',
      help: 'Interface specific description',
      shape: 'line',
      valueHelp: 'Up to 240 characters describing this interface',
      get: ({ description }) => description,
      put: (subject, value) => {
        subject.description = value;
      },
      entries: ['C106'],
    }),
    numberSetting<Interface>({
      text: 'bandwidth',
      help: 'Set bandwidth informational parameter',
      low: 1,
      high: 10000000,
      valueHelp: 'Bandwidth in kilobits',
      get: ({ bandwidth }) => bandwidth,
      put: (subject, value) => {
        subject.bandwidth = value;
      },
      entries: ['C106'],
      about: 'Default 100000. Shown, and not enforced.',
    }),
    numberSetting<Interface>({
      text: 'mtu',
      help: 'Set the interface Maximum Transmission Unit (MTU)',
      low: 64,
      high: 18000,
      valueHelp: 'MTU size in bytes',
      get: ({ mtu }) => mtu,
      put: (subject, value) => {
        subject.mtu = value;
      },
      check: ({ ipMtu }, value) => (ipMtu !== undefined && ipMtu > value ? `% The IP MTU is ${ipMtu}` : undefined),
      standing: (_, { name }) => (onLan(name) ? MTU_OF_LINUX : HONOURED),
      entries: ['C101'],
      about: 'Default: fitted to the tunnel on a PPP interface, that of Linux on a physical one. Sets the MRU offered.',
    }),
    ...INTERFACE_IP,
    ...INTERFACE_IPV6, // before the lines of its kind that do nothing
    switchSetting<Interface>({
      text: 'shutdown',
      help: 'Shutdown the selected interface',
      get: ({ shutdown }) => shutdown,
      put: (subject, on) => {
        subject.shutdown = on;
      },
      normally: false,
      entries: ['C106'],
      about: 'Default: not shut down.',
    }),
    keepalive,
    encapsulation,
    ...INTERFACE_DIALER,
    ...LAN_INERT,
    ...elsewhereLines<Interface>(),
    ...INTERFACE_PPP,
    PSEUDOWIRE,
    XCONNECT,
  ],
};

/** The same for `FastEthernet0/0.10`, at another prompt. */
export const SUBINTERFACE_MODE: Mode<Interface> = { ...INTERFACE_MODE, prompt: 'config-subif' };
