// PPP on an interface: who authenticates how, the counters and timers of RFC 1661, and what IPCP gives away.

import type { Interface, InterfacePpp, IpcpServers, PppAuthentication } from '../../vpdn/configuration-interface.ts';
import { formatSecret, readSecret, secretPart } from '../password.ts';
import {
  address,
  anyOrder,
  choice,
  flag,
  name,
  nameAfterWords,
  oneOf,
  optional,
  repeat,
  sequence,
  word,
  words,
} from '../syntax.ts';
import { type Command, definer, refused } from '../tree.ts';
import { only, onPpp } from './interface-kind.ts';
import { MPPE, PPP_NOT_BUILT } from './interface-ppp-inert.ts';
import { numberSetting, secretSetting, textSetting } from './setting.ts';

const define = definer<Interface>();

// RFC 1661 §6.2: what WE demand of the PEER, in the order tried. That we answer its demands needs no line of its own.
// The options come in any order, the list among them: a name of a list is whatever is no word.
const authentication = define({
  path: [
    words('ppp authentication', 'Set PPP link authentication method'),
    repeat(
      oneOf('methods', {
        chap: 'Challenge Handshake Authentication Protocol (CHAP)',
        eap: 'Extensible Authentication Protocol (EAP)',
        'ms-chap': 'Microsoft Challenge Handshake Authentication Protocol (MS-CHAP)',
        'ms-chap-v2': 'Microsoft CHAP Version 2 (MS-CHAP-V2)',
        pap: 'Password Authentication Protocol (PAP)',
      }),
    ),
    anyOrder(
      flag('ifNeeded', 'Do not authenticate twice a user who already is', 'if-needed'),
      choice(
        flag('defaultList', 'Use the default authentication list', 'default'),
        nameAfterWords('list', 'Use an authentication list with this name'),
      ),
      flag('callin', 'Authenticate remote on incoming call only'),
      flag('callout', 'Authenticate remote on outgoing call only'),
      flag('oneTime', 'Allow use of username*OTP for one-time passwords', 'one-time'),
      flag('optional', 'Allow peer to refuse to authenticate'),
    ),
  ],
  set: ({ subject }, typed) => {
    subject.ppp.authentication = {
      methods: [...new Set(typed.methods)],
      ifNeeded: typed.ifNeeded ?? false,
      list: typed.defaultList === true ? 'default' : typed.list,
      callin: typed.callin ?? false,
      callout: typed.callout ?? false,
      oneTime: typed.oneTime ?? false,
      optional: typed.optional ?? false,
    };
  },
  unset: ({ subject }) => {
    subject.ppp.authentication = undefined;
  },
  lines: ({ subject }) => formatAuthentication(subject.ppp.authentication),
  when: onPpp,
  about: 'Default none: the peer need not say who it is. The protocols are tried in the order given.',
});

// RFC 1334 §2: the password goes over the link in clear, so it is only sent where it was typed for this interface.
const sentUsername = define({
  path: [
    words('ppp pap sent-username', 'Set Outbound PAP username'),
    name('username', 'Outbound PAP username'),
    word('password', 'Set outbound PAP password'),
    secretPart('The outbound PAP password'),
  ],
  set: ({ configuration, subject }, typed) => {
    const password = readSecret(configuration, typed);
    if (typeof password === 'string') return refused(password);
    subject.ppp.papSentUsername = { username: typed.username, password };
  },
  unset: ({ subject }) => {
    subject.ppp.papSentUsername = undefined;
  },
  lines: ({ subject: { ppp } }) => {
    if (ppp.papSentUsername === undefined) return undefined;
    return `ppp pap sent-username ${ppp.papSentUsername.username} password ${formatSecret(ppp.papSentUsername.password)}`;
  },
  when: onPpp,
  about: 'Default none: PAP cannot be answered.',
});

// RFC 1877: options 129 and 131. Giving and asking are two sides of one command, the later line wins.
const ipcpDns = define({
  path: [
    words('ppp ipcp dns', 'Specify DNS negotiation options'),
    choice(
      sequence(
        address('primary', 'Primary DNS IP address'),
        optional(address('secondary', 'Secondary DNS IP address')),
      ),
      flag('reject', 'Reject negotiations with the peer'),
      sequence(
        flag('request', 'Request server addresses from peer'),
        optional(word('accept', 'Accept any non zero DNS address')),
      ),
    ),
  ],
  set: ({ subject: { ppp } }, typed) => {
    ppp.dns = servers(typed);
    ppp.dnsRequest = typed.request ?? false;
  },
  unset: ({ subject: { ppp } }) => {
    ppp.dns = undefined;
    ppp.dnsRequest = false;
  },
  lines: ({ subject: { ppp } }) => (ppp.dnsRequest ? 'ppp ipcp dns request' : formatServers('dns', ppp.dns)),
  when: onPpp,
  about: 'Default: the options are rejected, and none asked for.',
});

// RFC 1877: options 130 and 132, which only Microsoft clients ask for.
const ipcpWins = define({
  path: [
    words('ppp ipcp wins', 'Specify WINS negotiation options'),
    choice(
      sequence(
        address('primary', 'Primary WINS IP address'),
        optional(address('secondary', 'Secondary WINS IP address')),
      ),
      flag('reject', 'Reject negotiations with the peer'),
    ),
  ],
  set: ({ subject: { ppp } }, typed) => {
    ppp.wins = servers(typed);
  },
  unset: ({ subject: { ppp } }) => {
    ppp.wins = undefined;
  },
  lines: ({ subject: { ppp } }) => formatServers('wins', ppp.wins),
  when: onPpp,
  about: 'Default: the options are rejected.',
});

// For clients only: a server with a default route into one of its callers is cut off from the rest.
const routeDefault = define({
  path: [words('ppp ipcp route default', 'Install default route through negotiated peer IP address')],
  set: ({ subject }) => {
    subject.ppp.routeDefault = true;
  },
  unset: ({ subject }) => {
    subject.ppp.routeDefault = false;
  },
  lines: ({ subject }) => (subject.ppp.routeDefault ? 'ppp ipcp route default' : undefined),
  when: only('Virtual-PPP'),
  about: 'Default off.',
});

export const INTERFACE_PPP: Command<Interface>[] = [
  MPPE,
  authentication,
  textSetting<Interface>({
    text: 'ppp chap hostname',
    help: 'Set alternate CHAP hostname',
    shape: 'word',
    valueHelp: 'Hostname to use in CHAP',
    get: ({ ppp }) => ppp.chapHostname,
    put: ({ ppp }, value) => {
      ppp.chapHostname = value;
    },
    when: onPpp,
    about: 'Default: the host name of the router.',
  }),
  secretSetting<Interface>({
    text: 'ppp chap password',
    help: 'Set default CHAP password',
    valueHelp: 'The password, to the end of the line',
    get: ({ ppp }) => ppp.chapPassword,
    put: ({ ppp }, value) => {
      ppp.chapPassword = value;
    },
    when: onPpp,
    about: 'Default none. Answers a challenge from a name that is no `username`.',
  }),
  refuse('ppp chap refuse', 'Refuse to authenticate using CHAP', 'chapRefuse'),
  numberSetting<Interface>({
    text: 'ppp chap rechallenge',
    help: 'Challenge the peer again at this interval (ext)',
    low: 10,
    high: 86400,
    valueHelp: 'Seconds',
    get: ({ ppp }) => ppp.chapRechallenge,
    put: ({ ppp }, value) => {
      ppp.chapRechallenge = value;
    },
    when: onPpp,
    about: 'Default never. An extension: IOS has no such command (RFC 1994 §2).',
  }),
  sentUsername,
  refuse('ppp pap refuse', 'Refuse to authenticate using PAP', 'papRefuse'),
  ...(['acfc', 'pfc'] as const).map(compression),
  counter(
    'ppp max-bad-auth',
    'Allow this many failed authentications',
    0,
    'maxBadAuth',
    'Default 0: the first is the last.',
  ),
  counter(
    'ppp max-configure',
    'Number of conf-reqs sent before assuming peer cannot respond',
    1,
    'maxConfigure',
    'Default 10.',
  ),
  counter(
    'ppp max-failure',
    'Number of conf-naks sent before assuming configuration is not converging',
    1,
    'maxFailure',
    'Default 5.',
  ),
  counter(
    'ppp max-terminate',
    'Number of term-reqs sent before assuming peer cannot respond',
    1,
    'maxTerminate',
    'Default 2.',
  ),
  timer('retry', 'Maximum time to wait for a response during PPP negotiation', 1, 255, 'timeoutRetry', 'Default 2.'),
  timer(
    'authentication',
    'Maximum time to wait for an authentication response',
    1,
    255,
    'timeoutAuthentication',
    'Default 10.',
  ),
  timer('ncp', 'Maximum time to wait for network layer to negotiate', 1, 65535, 'timeoutNcp', 'Default 60.'),
  ipcpDns,
  ipcpWins,
  routeDefault,
  ...PPP_NOT_BUILT,
];

type NumberField = {
  [K in keyof InterfacePpp]-?: NonNullable<InterfacePpp[K]> extends number ? K : never;
}[keyof InterfacePpp];

/** RFC 1661 §4.6: Max-Configure, Max-Failure, Max-Terminate. */
function counter(text: string, help: string, low: number, field: NumberField, about: string): Command<Interface> {
  return numberSetting<Interface>({
    text,
    help,
    low,
    high: 255,
    valueHelp: 'Number',
    ...of(field),
    when: onPpp,
    about,
  });
}

/** The Restart timer of RFC 1661 §4.6, and limits on the phases of §3.2. */
function timer(
  text: string,
  help: string,
  low: number,
  high: number,
  field: NumberField,
  about: string,
): Command<Interface> {
  const full = `ppp timeout ${text}`;
  return numberSetting<Interface>({
    text: full,
    help,
    low,
    high,
    valueHelp: 'Seconds',
    ...of(field),
    when: onPpp,
    about,
  });
}

function of(field: NumberField) {
  return {
    get: ({ ppp }: Interface) => ppp[field],
    put: ({ ppp }: Interface, value: number | undefined) => {
      ppp[field] = value;
    },
  };
}

function refuse(text: string, help: string, field: 'chapRefuse' | 'papRefuse'): Command<Interface> {
  return define({
    path: [words(text, help), optional(flag('callin', 'Refuse only when the peer called us'))],
    set: ({ subject }, { callin }) => {
      subject.ppp[field] = callin === true ? 'callin' : 'always';
    },
    unset: ({ subject }) => {
      subject.ppp[field] = undefined;
    },
    lines: ({ subject }) => {
      const refused = subject.ppp[field];
      return refused === undefined ? undefined : refused === 'callin' ? `${text} callin` : text;
    },
    when: onPpp,
  });
}

/** RFC 1661 §6.5, §6.6: what we ask for; what the peer asks for is always granted. */
function compression(option: 'acfc' | 'pfc'): Command<Interface> {
  const field = `${option}Local` as const;
  const what = option === 'acfc' ? 'Address and Control Field Compression' : 'Protocol Field Compression';
  return define({
    path: [
      words(`ppp ${option} local`, `Options for ${what} of what we receive`),
      oneOf('ask', { forbid: 'Never ask for it', request: 'Ask the peer for it' }),
    ],
    set: ({ subject }, { ask }) => {
      subject.ppp[field] = ask;
    },
    unset: ({ subject }) => {
      subject.ppp[field] = undefined;
    },
    lines: ({ subject: { ppp } }) => (ppp[field] === undefined ? undefined : `ppp ${option} local ${ppp[field]}`),
    when: onPpp,
    about: 'Default: not asked for.',
  });
}

function formatAuthentication(wanted: PppAuthentication | undefined): string | undefined {
  if (wanted === undefined) return undefined;
  const options = [
    ...(wanted.ifNeeded ? ['if-needed'] : []),
    ...(wanted.list === undefined ? [] : [wanted.list]),
    ...(wanted.callin ? ['callin'] : []),
    ...(wanted.callout ? ['callout'] : []),
    ...(wanted.oneTime ? ['one-time'] : []),
    ...(wanted.optional ? ['optional'] : []),
  ];
  return ['ppp authentication', ...wanted.methods, ...options].join(' ');
}

function servers(typed: { primary?: string; secondary?: string }): IpcpServers | undefined {
  if (typed.primary === undefined) return undefined;
  return typed.secondary === undefined
    ? { primary: typed.primary }
    : { primary: typed.primary, secondary: typed.secondary };
}

function formatServers(what: string, given: IpcpServers | undefined): string | undefined {
  if (given === undefined) return undefined;
  return [`ppp ipcp ${what}`, given.primary, ...(given.secondary === undefined ? [] : [given.secondary])].join(' ');
}
