// What a vpdn-group and a vpdn-template both say of their tunnels: names, addresses, and the control connection of RFC 2661 §5.
// Absent in a group means "as its template has it", so here a switch that was set is printed, on or off.

import type { TunnelValues } from '../../vpdn/configuration-vpdn.ts';
import { address, choice, number, word, words } from '../syntax.ts';
import { type Command, definer, type Entry, notSupported } from '../tree.ts';
import { retransmitCommands } from './l2tp-class.ts';
import { numberSetting, secretSetting, textSetting } from './setting.ts';
import { inertL2tpCommands, inertLcpCommands } from './vpdn-inert.ts';

export function descriptionCommand<S extends TunnelValues>(entry: Entry): Command<S> {
  return textSetting<S>({
    text: 'description',
    help: 'Description for this VPDN group',
    shape: 'line',
    valueHelp: 'Text',
    get: ({ description }) => description,
    put: (subject, value) => {
      subject.description = value;
    },
    entries: [entry],
  });
}

/** In the order of running-config; a template has them by an entry of its own as well. */
export function tunnelCommands<S extends TunnelValues>(...also: Entry[]): Command<S>[] {
  const commands = [
    sourceIp<S>(),
    localName<S>(),
    ...inertLcpCommands<S>(),
    ...l2tpTunnel<S>(),
    ...inertL2tpCommands<S>(),
    ...pptp<S>(),
    ...outerHeader<S>(),
  ];
  return commands.map((command) => ({ ...command, entries: [...command.entries, ...also] }));
}

export function sessionLimit<S extends TunnelValues>(): Command<S> {
  return numberSetting<S>({
    text: 'session-limit',
    help: 'Limit the sessions of this group',
    low: 0,
    high: 32767,
    valueHelp: 'Number of sessions',
    get: (subject) => subject.sessionLimit,
    put: (subject, value) => {
      subject.sessionLimit = value;
    },
    entries: ['C078'],
    about: 'Default: no limit. 0 allows none.',
  });
}

// A group with an address of its own serves only the tunnels that call that address.
function sourceIp<S extends TunnelValues>(): Command<S> {
  return definer<S>()({
    path: [word('source-ip', 'Set source IP address for this vpdn-group'), address('source', 'Source IP address')],
    keep: 1,
    set: ({ subject }, captured) => {
      subject.sourceAddress = (captured as { source: string }).source;
    },
    unset: ({ subject }) => {
      subject.sourceAddress = undefined;
    },
    lines: ({ subject }) => (subject.sourceAddress === undefined ? undefined : `source-ip ${subject.sourceAddress}`),
    entries: ['C077'],
    about: 'Default: `vpdn source-ip`, else the address the peer called.',
  });
}

function localName<S extends TunnelValues>(): Command<S> {
  return textSetting<S>({
    text: 'local name',
    help: 'Local name to use in the tunnel',
    shape: 'word',
    valueHelp: 'Name',
    get: (subject) => subject.localName,
    put: (subject, value) => {
      subject.localName = value;
    },
    entries: ['C076'],
    about: 'Default: the host name of the router.',
  });
}

/** The same control connection that an l2tp-class describes, from the side that is called. */
function l2tpTunnel<S extends TunnelValues>(): Command<S>[] {
  return [
    numberSetting<S>({
      text: 'l2tp tunnel hello',
      help: 'Set HELLO message interval',
      low: 0,
      high: 1000,
      valueHelp: 'Seconds',
      get: ({ l2tp }) => l2tp.hello,
      put: ({ l2tp }, value) => {
        l2tp.hello = value;
      },
      entries: ['C083'],
      about: 'Default 60. 0 sends none.',
    }),
    inheritedSwitch<S>({
      text: 'l2tp tunnel authentication',
      help: 'Authenticate the L2TP control connection',
      get: ({ l2tp }) => l2tp.authentication,
      put: ({ l2tp }, on) => {
        l2tp.authentication = on;
      },
      entries: ['C081'],
      about: 'Default on, unlike an l2tp-class: without a secret the tunnel is refused.',
    }),
    secretSetting<S>({
      text: 'l2tp tunnel password',
      help: 'Password for control connection authentication, AVP hiding',
      valueHelp: 'The password, to the end of the line',
      get: ({ l2tp }) => l2tp.password,
      put: ({ l2tp }, value) => {
        l2tp.password = value;
      },
      entries: ['C082'],
      about: 'Default: the password of `username` for the peer.',
    }),
    numberSetting<S>({
      text: 'l2tp tunnel receive-window',
      help: 'Receive window size for the control connection',
      low: 1,
      high: 5000,
      valueHelp: 'Number of messages',
      get: ({ l2tp }) => l2tp.receiveWindow,
      put: ({ l2tp }, value) => {
        l2tp.receiveWindow = value;
      },
      entries: ['C084'],
      about: 'Default 1024.',
    }),
    ...retransmitCommands<S>('l2tp tunnel ', [5, 1000], ({ l2tp }) => l2tp.retransmit, { entries: ['C085'] }),
    noSession<S>(),
    numberSetting<S>({
      text: 'l2tp tunnel timeout setup',
      help: 'Control connection setup timeout',
      low: 60,
      high: 6000,
      valueHelp: 'Seconds',
      get: ({ l2tp }) => l2tp.setupTimeout,
      put: ({ l2tp }, value) => {
        l2tp.setupTimeout = value;
      },
      entries: ['C086'],
      about: 'Default 300.',
    }),
    inheritedSwitch<S>({
      text: 'l2tp hidden',
      help: 'Hide AVPs in outgoing control messages',
      get: ({ l2tp }) => l2tp.hidden,
      put: ({ l2tp }, on) => {
        l2tp.hidden = on;
      },
      entries: ['C089'],
      about: 'Default off. Needs a secret (RFC 2661 §4.3).',
    }),
    inheritedSwitch<S>({
      text: 'l2tp sequencing',
      help: 'Ask for sequence numbers in data packets',
      get: ({ l2tp }) => l2tp.sequencing,
      put: ({ l2tp }, on) => {
        l2tp.sequencing = on;
      },
      entries: ['C089'],
      about: 'Default off. What comes late in a numbered session is always dropped.',
    }),
  ];
}

// RFC 2661 §5.7: a tunnel without calls may go. 0 lets it go at once.
function noSession<S extends TunnelValues>(): Command<S> {
  return definer<S>()({
    path: [
      words('l2tp tunnel timeout no-session', 'Timeout after the last session of a tunnel is gone'),
      choice(word('never', 'Keep the tunnel for ever'), number('seconds', 0, 86400, 'Seconds')),
    ],
    set: ({ subject }, captured) => {
      subject.l2tp.noSessionTimeout = (captured as { seconds?: number }).seconds ?? 'never';
    },
    unset: ({ subject }) => {
      subject.l2tp.noSessionTimeout = undefined;
    },
    lines: ({ subject: { l2tp } }) => {
      if (l2tp.noSessionTimeout === undefined) return undefined;
      return `l2tp tunnel timeout no-session ${l2tp.noSessionTimeout}`;
    },
    entries: ['C087'],
    about: 'Default 10.',
  });
}

/** The numbers are those of IOS; RFC 2637 §4.4 has the window, §2.5 the echo. */
function pptp<S extends TunnelValues>(): Command<S>[] {
  const row = (
    text: string,
    help: string,
    range: readonly [number, number],
    valueHelp: string,
    field: keyof TunnelValues['pptp'],
    entry: Entry,
    about: string,
  ) =>
    numberSetting<S>({
      text: `pptp ${text}`,
      help,
      low: range[0],
      high: range[1],
      valueHelp,
      get: (subject) => subject.pptp[field],
      put: (subject, value) => {
        subject.pptp[field] = value;
      },
      entries: [entry],
      about,
    });
  return [
    row(
      'flow-control receive-window',
      'Receive window size',
      [1, 64],
      'Number of packets',
      'receiveWindow',
      'C091',
      'Default 16: how many packets the client may send before one is acknowledged.',
    ),
    row(
      'flow-control static-rtt',
      'Acknowledgment timeout',
      [100, 5000],
      'Milliseconds',
      'staticRtt',
      'C092',
      'Default 1500: how long an acknowledgment may take before the packet counts as lost.',
    ),
    row(
      'tunnel echo',
      'Interval of echo requests on an idle tunnel',
      [0, 1000],
      'Seconds',
      'echo',
      'C093',
      'Default 60. 0 sends none.',
    ),
  ];
}

const OUTER = notSupported('the outer IP header is made by Linux: its settings there apply');

function outerHeader<S extends TunnelValues>(): Command<S>[] {
  return [
    inheritedSwitch<S>({
      text: 'ip pmtu',
      help: 'Enable Path MTU for tunnel',
      get: ({ outer }) => outer.pmtu,
      put: ({ outer }, on) => {
        outer.pmtu = on;
      },
      entries: ['C090'],
      about: 'Default off.',
    }),
    numberSetting<S>({
      text: 'ip precedence',
      help: 'Set IP precedence of tunnel packets',
      low: 0,
      high: 7,
      valueHelp: 'Precedence value',
      get: ({ outer }) => outer.precedence,
      put: ({ outer }, value) => {
        outer.precedence = value;
      },
      standing: OUTER,
      entries: ['C090'],
      about: 'Default: none is set.',
    }),
    inheritedSwitch<S>({
      text: 'ip tos reflect',
      help: 'Reflect IP payload ToS on tunnel',
      get: ({ outer }) => outer.tosReflect,
      put: ({ outer }, on) => {
        outer.tosReflect = on;
      },
      standing: OUTER,
      entries: ['C090'],
      about: 'Default off.',
    }),
  ];
}

interface InheritedSwitch<S> {
  readonly text: string;
  readonly help: string;
  readonly get: (subject: S) => boolean | undefined;
  readonly put: (subject: S, on: boolean | undefined) => void;
  readonly standing?: ReturnType<typeof notSupported>;
  readonly entries: readonly Entry[];
  readonly about: string;
}

/** `no` says off, and `default` says nothing: what the template has is then in force. */
function inheritedSwitch<S>({ text, help, get, put, standing, entries, about }: InheritedSwitch<S>): Command<S> {
  return definer<S>()({
    path: [words(text, help)],
    set: ({ subject }) => put(subject, true),
    unset: ({ subject }) => put(subject, false),
    reset: ({ subject }) => put(subject, undefined),
    lines: ({ subject }) => {
      const on = get(subject);
      return on === undefined ? undefined : on ? text : `no ${text}`;
    },
    ...(standing && { standing }),
    entries,
    about,
  });
}
