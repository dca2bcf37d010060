// Interface mode: what all interfaces have, and the pseudowire that dials a Virtual-PPP.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { Interface, Pseudowire } from '../../vpdn/configuration-interface.ts';
import { address, choice, flag, name, number, oneOf, optional, sequence, word } from '../syntax.ts';
import { type Command, definer, type Mode, refused, warned, withoutEffect } from '../tree.ts';
import { inertCommands } from './inert.ts';
import { INTERFACE_IP } from './interface-ip.ts';
import { only, onPpp } from './interface-kind.ts';
import { INTERFACE_PPP } from './interface-ppp.ts';
import { exitCommand, numberSetting, switchSetting, textSetting } from './setting.ts';
import { XCONNECT } from './xconnect.ts';

const define = definer<Interface>();

const encapsulation = define({
  path: [
    word('encapsulation', 'Set encapsulation type for an interface'),
    oneOf('kind', {
      'frame-relay': 'Frame Relay networks',
      hdlc: 'Serial HDLC synchronous',
      ppp: 'Point-to-Point protocol',
    }),
  ],
  // PPP is built in and never printed.
  set: (_, { kind }) => {
    return kind === 'ppp' ? undefined : refused(`% Encapsulation ${kind} is not supported on this interface`);
  },
  unset: () => undefined,
  when: onPpp,
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
  about: 'Default 10 seconds and 5 retries: LCP Echo-Requests, and the link is dropped when none is answered.',
});

const SEQUENCING = sequence(
  word('sequencing', 'Configure sequencing options for xconnect'),
  oneOf('direction', {
    both: 'Sequence numbers in both directions',
    receive: 'Drop packets received out of order',
    transmit: 'Sequence numbers in packets sent',
  }),
);

const PW_CLASS = sequence(
  word('pw-class', 'Pseudowire-class to use for encapsulation and protocol configuration'),
  name('pwClass', 'Pseudowire-class name'),
);

// The VCID is local with L2TPv2: the peer never sees it. It is kept unique because it names the session in every `show`.
const pseudowire = define({
  path: [
    word('pseudowire', 'pseudowire commands'),
    address('peer', 'IP address of peer'),
    number('vcid', 1, 4294967295, 'VC ID value'),
    choice(
      sequence(PW_CLASS, optional(SEQUENCING)),
      sequence(
        word('encapsulation', 'Data encapsulation method'),
        oneOf('kind', { l2tpv2: 'Use L2TPv2', l2tpv3: 'Use L2TPv3', mpls: 'Use MPLS' }),
        optional(flag('manual', 'Manually configure L2TP session parameters')),
        optional(PW_CLASS),
        optional(SEQUENCING),
      ),
    ),
  ],
  keep: 1,
  set: ({ configuration, subject }, typed) => {
    const { kind } = typed;
    if (kind === 'mpls') return refused('% MPLS encapsulation is not supported');
    if (typed.manual === true) return refused('% Manual sessions belong to L2TPv3, which is not built yet');
    const wanted: Pseudowire = { peer: typed.peer, vcid: typed.vcid };
    if (kind !== undefined) wanted.encapsulation = kind;
    if (typed.pwClass !== undefined) wanted.pseudowireClass = typed.pwClass;
    if (typed.direction !== undefined) wanted.sequencing = typed.direction;
    const wrong = wrongPseudowire(configuration, subject, wanted);
    if (wrong !== undefined) return refused(wrong);
    subject.pseudowire = wanted;
    if (wanted.pseudowireClass === undefined || configuration.pseudowireClasses.has(wanted.pseudowireClass)) return;
    return warned(`% Pseudowire class ${wanted.pseudowireClass} is not configured yet`);
  },
  unset: ({ subject }) => {
    subject.pseudowire = undefined;
  },
  lines: ({ subject: { pseudowire: wire } }) => {
    if (wire === undefined) return undefined;
    const parts = [`pseudowire ${wire.peer} ${wire.vcid}`];
    if (wire.encapsulation !== undefined) parts.push(`encapsulation ${wire.encapsulation}`);
    if (wire.pseudowireClass !== undefined) parts.push(`pw-class ${wire.pseudowireClass}`);
    if (wire.sequencing !== undefined) parts.push(`sequencing ${wire.sequencing}`);
    return parts.join(' ');
  },
  when: only('Virtual-PPP'),
  about: 'Dialled as soon as it is configured, and again for ever. A second one replaces the first.',
});

const METAL = withoutEffect('there is no such hardware or feature behind this interface');

// Access lists, NAT and crypto maps are missing on purpose: swallowing them would open what they are meant to close.
const inert: Command<Interface>[] = inertCommands<Interface>(METAL, [
  { text: 'arp timeout', help: 'Set ARP cache timeout', takes: 'line' },
  { text: 'carrier-delay', help: 'Specify delay for interface transitions', takes: 'line' },
  { text: 'cdp enable', help: 'Enable CDP on interface', printsNo: true },
  { text: 'delay', help: 'Specify interface throughput delay', takes: 'line' },
  { text: 'duplex', help: 'Configure duplex operation', takes: 'line' },
  { text: 'fair-queue', help: 'Enable Fair Queuing on an Interface', takes: 'optional-line', printsNo: true },
  { text: 'full-duplex', help: 'Configure full-duplex operational mode' },
  { text: 'half-duplex', help: 'Configure half-duplex and related commands' },
  { text: 'hold-queue', help: 'Set hold queue depth', takes: 'line', several: true },
  { text: 'ip directed-broadcast', help: 'Enable forwarding of directed broadcasts', printsNo: true },
  { text: 'ip mroute-cache', help: 'Enable fast switching of multicast', printsNo: true },
  { text: 'ip proxy-arp', help: 'Enable proxy ARP', printsNo: true },
  { text: 'ip redirects', help: 'Enable sending ICMP Redirect messages', printsNo: true },
  {
    text: 'ip route-cache',
    help: 'Enable fast-switching cache for outgoing packets',
    takes: 'optional-line',
    printsNo: true,
  },
  { text: 'ip unreachables', help: 'Enable sending ICMP Unreachable messages', printsNo: true },
  { text: 'ip virtual-reassembly', help: 'Virtual Reassembly', takes: 'optional-line' },
  { text: 'load-interval', help: 'Specify interval for load calculation', takes: 'line' },
  { text: 'mac-address', help: 'Manually set interface MAC address', takes: 'line' },
  { text: 'media-type', help: 'Interface media type', takes: 'line' },
  { text: 'mop', help: 'DEC MOP server commands', takes: 'line', several: true, printsNo: true },
  { text: 'negotiation', help: 'Select autonegotiation mode', takes: 'line', printsNo: true },
  { text: 'ntp disable', help: 'Disable NTP on this interface' },
  { text: 'snmp trap', help: 'Allow a specific SNMP trap', takes: 'line', several: true, printsNo: true },
  { text: 'speed', help: 'Configure speed operation', takes: 'line' },
]);

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
      about: 'Default: fitted to the tunnel on a PPP interface, that of Linux on a physical one. Sets the MRU offered.',
    }),
    ...INTERFACE_IP,
    switchSetting<Interface>({
      text: 'shutdown',
      help: 'Shutdown the selected interface',
      get: ({ shutdown }) => shutdown,
      put: (subject, on) => {
        subject.shutdown = on;
      },
      normally: false,
      about: 'Default: not shut down.',
    }),
    keepalive,
    encapsulation,
    ...inert,
    ...INTERFACE_PPP,
    pseudowire,
    XCONNECT,
  ],
};

/** One peer and VCID is one pseudowire of the router, and its class must agree with what is said here. */
function wrongPseudowire(configuration: Configuration, subject: Interface, wanted: Pseudowire): string | undefined {
  for (const other of configuration.interfaces.values()) {
    if (other.name === subject.name || other.pseudowire === undefined) continue;
    if (other.pseudowire.peer === wanted.peer && other.pseudowire.vcid === wanted.vcid) {
      return `% Peer/VCID pair already in use on ${other.name}`;
    }
  }
  if (wanted.pseudowireClass === undefined || wanted.encapsulation === undefined) return undefined;
  const ofClass = configuration.pseudowireClasses.get(wanted.pseudowireClass)?.encapsulation;
  return ofClass === undefined || ofClass === wanted.encapsulation
    ? undefined
    : '% Encapsulation mismatch with pw-class';
}
