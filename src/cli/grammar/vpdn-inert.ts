// Lines of a vpdn-group and of a vpdn-template that do nothing here: each is checked as IOS checks it and kept with its reason.

import { address, choice, line, name, number, oneOf, optional, sequence, word } from '../syntax.ts';
import { type Command, notSupported, withoutEffect } from '../tree.ts';
import { type InertCommand, inertCommand, inertCommands } from './inert.ts';

/** The arguments of a line in the order they are printed. */
function said(...names: readonly string[]): InertCommand['say'] {
  return (captured) => {
    const words = names.flatMap((each) => (captured[each] === undefined ? [] : [String(captured[each])]));
    return words.length === 0 ? undefined : words.join(' ');
  };
}

const NO_PROXY = withoutEffect('LCP and authentication always run afresh here: what a LAC says of them is never used');
const NO_SPEED = withoutEffect('the speeds are those of the RFC 2661 messages, and nothing here reads them');
const NO_LAC = withoutEffect('a vpdn-group opens no tunnels here');
const CAPABILITIES = notSupported('the Bearer and Framing Capabilities AVPs always say what is true here');

/** What an LNS does with the LCP of a LAC. */
export function inertLcpCommands<S>(): Command<S>[] {
  return [
    inertCommand<S>({
      text: 'lcp renegotiation',
      help: 'When to renegotiate LCP with the client',
      standing: NO_PROXY,
      tail: [oneOf('when', { always: 'Always', 'on-mismatch': 'Only if the options of the LAC do not fit' })],
      say: said('when'),
      entries: ['C079'],
    }),
    ...inertCommands<S>(NO_PROXY, [
      { text: 'force-local-chap', help: 'Force a CHAP challenge of our own', entries: ['C080'] },
    ]),
  ];
}

export function inertL2tpCommands<S>(): Command<S>[] {
  return [
    inertCommand<S>({
      text: 'l2tp tunnel busy timeout',
      help: 'How long a busy peer is skipped',
      standing: NO_LAC,
      tail: [number('seconds', 60, 65535, 'Seconds')],
      say: said('seconds'),
      entries: ['C088'],
    }),
    inertCommand<S>({
      text: 'l2tp tunnel zlb delay',
      help: 'How long an acknowledgment may wait',
      standing: withoutEffect('acknowledgments wait for nothing here'),
      tail: [number('milliseconds', 1, 5000, 'Milliseconds')],
      say: said('milliseconds'),
      entries: ['C088'],
    }),
    inertCommand<S>({
      text: 'l2tp tunnel bearer capabilities',
      help: 'Bearer Capabilities AVP',
      standing: CAPABILITIES,
      tail: [oneOf('which', { all: 'All', analog: 'Analog', digital: 'Digital', none: 'None' })],
      say: said('which'),
      entries: ['C088'],
    }),
    inertCommand<S>({
      text: 'l2tp tunnel framing capabilities',
      help: 'Framing Capabilities AVP',
      standing: CAPABILITIES,
      tail: [oneOf('which', { all: 'All', asynchronous: 'Asynchronous', none: 'None', synchronous: 'Synchronous' })],
      say: said('which'),
      entries: ['C088'],
    }),
    ...inertCommands<S>(withoutEffect('there is no standby processor to resynchronize with'), [
      { text: 'l2tp tunnel resync', help: 'Resynchronization of messages', takes: 'line', entries: ['C088'] },
    ]),
    ...inertCommands<S>(withoutEffect('what comes late in a numbered session is always dropped'), [
      { text: 'l2tp drop out-of-order', help: 'Drop data packets that come late', entries: ['C089'] },
    ]),
    ...inertCommands<S>(notSupported('whether data packets carry UDP checksums is for Linux and its offloads to say'), [
      { text: 'l2tp ip udp checksum', help: 'UDP checksums of data packets', printsNo: true, entries: ['C089'] },
    ]),
    ...inertCommands<S>(notSupported('the AVPs are those of RFC 2661'), [
      { text: 'l2tp attribute', help: 'AVPs to send', takes: 'line', several: true, entries: ['C067'] },
    ]),
    ...inertCommands<S>(NO_SPEED, [
      { text: 'l2tp rx-speed', help: 'Rx Connect Speed AVP', takes: 'line', entries: ['C089'] },
      { text: 'l2tp tx-speed', help: 'Tx Connect Speed AVP', takes: 'line', entries: ['C089'] },
    ]),
    inertCommand<S>({
      text: 'l2tp security crypto-profile',
      help: 'IPsec profile that protects the tunnels',
      standing: notSupported('there is no IPsec here: tunnels of the group are not encrypted'),
      tail: [name('profile', 'Profile name'), optional(oneOf('keep', { 'keep-sa': 'Keep the security association' }))],
      say: said('profile', 'keep'),
      entries: ['C089'],
    }),
    ...inertCommands<S>(withoutEffect('a tunnel is always bound to the address and port of its peer'), [
      { text: 'l2tp security ip address-check', help: 'The peer must answer from there', entries: ['C089'] },
    ]),
    ...inertCommands<S>(withoutEffect('the MTU of a session always fits its tunnel'), [
      { text: 'ip mtu adjust', help: 'Fit the MTU of sessions to the tunnel', entries: ['C090'] },
    ]),
  ];
}

const LIMIT = optional(sequence(word('limit', 'Session limit'), number('limit', 1, 32767, 'Number of sessions')));
const PRIORITY = optional(sequence(word('priority', 'Priority'), number('priority', 1, 32767, 'Priority')));
const serverOf: InertCommand['say'] = ({ server, limit, priority }) => {
  if (server === undefined) return undefined;
  const limited = limit === undefined ? '' : ` limit ${limit}`;
  return `${server}${limited}${priority === undefined ? '' : ` priority ${priority}`}`;
};

/** Of a group only: later than 12.4, or a NAS's (C094). */
export function inertGroupCommands<S>(): Command<S>[] {
  return [
    inertCommand<S>({
      text: 'vpn',
      help: 'VRF of the tunnels',
      standing: notSupported('there are no VRFs here: tunnels are looked for in the one routing table'),
      tail: [
        choice(
          sequence(oneOf('kind', { vrf: 'By the name of a VRF' }), name('which', 'VRF name')),
          sequence(oneOf('kind', { id: 'By a VPN ID' }), name('which', 'VPN ID, RFC 2685')),
        ),
      ],
      say: said('kind', 'which'),
      entries: ['C094'],
    }),
    inertCommand<S>({
      text: 'group session-limit',
      help: 'Session limit of the group',
      standing: notSupported('the limit of several groups is that of their vpdn-template; for one, `session-limit`'),
      tail: [number('limit', 1, 32767, 'Number of sessions')],
      say: said('limit'),
      entries: ['C094'],
    }),
    inertCommand<S>({
      text: 'loadsharing ip',
      help: 'Load sharing among tunnel servers',
      several: true,
      standing: NO_LAC,
      tail: [address('server', 'IP address of the server'), LIMIT],
      say: serverOf,
      entries: ['C094'],
    }),
    inertCommand<S>({
      text: 'backup ip',
      help: 'Backup tunnel servers',
      several: true,
      standing: NO_LAC,
      tail: [address('server', 'IP address of the server'), LIMIT, PRIORITY],
      say: serverOf,
      entries: ['C094'],
    }),
    ...inertCommands<S>(NO_LAC, [
      { text: 'authen-before-forward', help: 'Authenticate before forwarding', entries: ['C094'] },
      { text: 'tunnel share', help: 'Share tunnels', entries: ['C094'] },
      { text: 'dsl-line-info-forwarding', help: 'Forward DSL line information', entries: ['C094'] },
      { text: 'redirect identifier', help: 'Redirect identifier', takes: 'line', entries: ['C094'] },
      { text: 'relay', help: 'Relay of PPPoE discovery', takes: 'line', entries: ['C094'] },
    ]),
    inertCommand<S>({
      text: 'domain-mapping',
      help: 'Map domains to VRFs',
      several: true,
      standing: NO_LAC,
      tail: [line('rest', 'Domain and VRF')],
      say: said('rest'),
      entries: ['C094'],
    }),
  ];
}
