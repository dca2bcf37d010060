// Who proves what to whom on a PPP interface, RFC 1661 §3.5 (C107-C114).

import type { Interface, InterfacePpp, PppAuthentication, Refusal } from '../../vpdn/configuration-interface.ts';
import { formatSecret, readSecret, secretPart } from '../password.ts';
import {
  anyOrder,
  choice,
  flag,
  name,
  nameAfterWords,
  number,
  oneOf,
  optional,
  repeat,
  word,
  words,
} from '../syntax.ts';
import { type Command, definer, type Entry, notSupported, refused } from '../tree.ts';
import { onPpp } from './interface-kind.ts';
import { numberSetting, secretSetting, switchSetting, textSetting } from './setting.ts';

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
      flag('callback', 'Authenticate remote on callback only'),
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
      ...(typed.callback === true && { callback: true }),
      oneTime: typed.oneTime ?? false,
      optional: typed.optional ?? false,
    };
  },
  unset: ({ subject }) => {
    subject.ppp.authentication = undefined;
  },
  lines: ({ subject }) => formatAuthentication(subject.ppp.authentication),
  when: onPpp,
  entries: ['C107'],
  about:
    'Default none: the peer need not say who it is. The protocols are tried in the order given. Of EAP the method is MS-CHAP-V2. MPPE needs ms-chap or ms-chap-v2.',
});

const challengeLength = define({
  path: [
    words('ppp chap challenge-length', 'Length of CHAP challenges'),
    number('least', 16, 63, 'Minimum length of a challenge'),
    number('most', 16, 63, 'Maximum length of a challenge'),
  ],
  set: ({ subject }, { least, most }) => {
    if (least > most) return refused('% The minimum challenge length cannot be larger than the maximum');
    subject.ppp.chapChallengeLength = { least, most };
  },
  unset: ({ subject }) => {
    subject.ppp.chapChallengeLength = undefined;
  },
  lines: ({ subject: { ppp } }) => {
    const length = ppp.chapChallengeLength;
    return length && `ppp chap challenge-length ${length.least} ${length.most}`;
  },
  when: onPpp,
  entries: ['C110'],
  about: 'Default 16 16. Each challenge has a length between the two.',
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
  entries: ['C111'],
  about: 'Default none: PAP cannot be answered.',
});

const direction = define({
  path: [
    words('ppp direction', 'Override default PPP direction'),
    oneOf('direction', {
      callin: 'The peer called us',
      callout: 'We called the peer',
      dedicated: 'Nobody calls on this line',
    }),
  ],
  set: ({ subject }, typed) => {
    subject.ppp.direction = typed.direction;
  },
  unset: ({ subject }) => {
    subject.ppp.direction = undefined;
  },
  lines: ({ subject: { ppp } }) => ppp.direction && `ppp direction ${ppp.direction}`,
  when: onPpp,
  entries: ['C112'],
  about:
    'Default: callin on a template, callout on a Virtual-PPP or Dialer. What `callin` elsewhere goes by; `dedicated` takes no exception.',
});

export const PPP_AUTHENTICATION: Command<Interface>[] = [
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
    entries: ['C108'],
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
    entries: ['C109'],
    about: 'Default none. Answers a challenge from a name that is no `username`.',
  }),
  refuse('ppp chap refuse', 'Refuse to authenticate using CHAP', 'chapRefuse', ['C110']),
  waiting('ppp chap wait', 'chapWait', 'C110'),
  pppSwitch('ppp chap splitnames', 'Use different hostnames in CHAP challenges and responses', 'chapSplitnames', {
    entries: ['C110'],
    about: 'Default off. On: challenges carry the name of the router, responses that of `ppp chap hostname`.',
  }),
  pppSwitch('ppp chap ignoreus', 'Ignore challenges that carry our own name', 'chapIgnoreus', {
    entries: ['C110'],
    about: 'Default off. Our own challenges, come back to us, are never answered, with or without it.',
  }),
  challengeLength,
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
    entries: ['C110'],
    about: 'Default never. An extension: IOS has no such command (RFC 1994 §2).',
  }),
  sentUsername,
  refuse('ppp pap refuse', 'Refuse to authenticate using PAP', 'papRefuse', ['C111']),
  waiting('ppp pap wait', 'papWait', 'C111'),
  refuse('ppp ms-chap refuse', 'Refuse to authenticate using MS-CHAP', 'msChapRefuse', ['C110']),
  refuse('ppp ms-chap-v2 refuse', 'Refuse to authenticate using MS-CHAP-V2', 'msChapV2Refuse', ['C110']),
  refuse('ppp eap refuse', 'Refuse to authenticate using EAP', 'eapRefuse', ['C110']),
  direction,
  methodList('ppp accounting', 'Set PPP network accounting method', 'accounting', 'nothing is accounted'),
  methodList(
    'ppp authorization',
    'Set PPP network authorization method',
    'authorization',
    'a user may do what the interface allows',
  ),
];

type SwitchField = {
  [K in keyof InterfacePpp]-?: InterfacePpp[K] extends boolean ? K : never;
}[keyof InterfacePpp];

/** Off unless said. */
export function pppSwitch(
  text: string,
  help: string,
  field: SwitchField,
  rest: Partial<Pick<Parameters<typeof switchSetting<Interface>>[0], 'entries' | 'about' | 'standing' | 'when'>>,
): Command<Interface> {
  return switchSetting<Interface>({
    text,
    help,
    get: ({ ppp }) => ppp[field],
    put: ({ ppp }, on) => {
      ppp[field] = on;
    },
    normally: false,
    when: onPpp,
    ...rest,
  });
}

/** Two ends that both wait never come up: so it is off unless typed, and counts only where the peer has to prove itself. */
function waiting(text: string, field: 'chapWait' | 'papWait', entry: Entry): Command<Interface> {
  return pppSwitch(text, 'Wait for the peer to authenticate first', field, {
    entries: [entry],
    about:
      'Default off. We prove ourselves after the peer has, where both are to; two ends that both wait never come up.',
  });
}

type RefusalField = 'chapRefuse' | 'papRefuse' | 'msChapRefuse' | 'msChapV2Refuse' | 'eapRefuse';

function refuse(text: string, help: string, field: RefusalField, entries: readonly Entry[]): Command<Interface> {
  return define({
    path: [words(text, help), optional(flag('callin', 'Refuse only when the peer called us'))],
    set: ({ subject }, { callin }) => {
      const wanted: Refusal = callin === true ? 'callin' : 'always';
      subject.ppp[field] = wanted;
    },
    unset: ({ subject }) => {
      subject.ppp[field] = undefined;
    },
    lines: ({ subject }) => {
      const kept = subject.ppp[field];
      return kept === undefined ? undefined : kept === 'callin' ? `${text} callin` : text;
    },
    when: onPpp,
    entries,
    about: 'Default: not refused.',
  });
}

/** Lists of methods are those of `aaa accounting network` and `aaa authorization network`. */
function methodList(
  text: string,
  help: string,
  field: 'accounting' | 'authorization',
  meaning: string,
): Command<Interface> {
  return textSetting<Interface>({
    text,
    help,
    shape: 'word',
    valueHelp: 'Named list, or `default`',
    get: ({ ppp }) => ppp[field],
    put: ({ ppp }, value) => {
      ppp[field] = value;
    },
    when: onPpp,
    standing: notSupported(`RADIUS is not built yet: ${meaning}`),
    entries: ['C114'],
    about: 'Default none.',
  });
}

function formatAuthentication(wanted: PppAuthentication | undefined): string | undefined {
  if (wanted === undefined) return undefined;
  const options = [
    ...(wanted.ifNeeded ? ['if-needed'] : []),
    ...(wanted.list === undefined ? [] : [wanted.list]),
    ...(wanted.callin ? ['callin'] : []),
    ...(wanted.callout ? ['callout'] : []),
    ...(wanted.callback === true ? ['callback'] : []),
    ...(wanted.oneTime ? ['one-time'] : []),
    ...(wanted.optional ? ['optional'] : []),
  ];
  return ['ppp authentication', ...wanted.methods, ...options].join(' ');
}
