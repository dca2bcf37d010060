// The modes of a vpdn-group that is a client, a NAS, or that dials out: request-dialin, accept-dialout, request-dialout (C071).
// With `protocol pptp` request-dialin is the client of PPTP: `rotary-group` or `pool-member` says which interface Dialer. The other
// lines are kept with their meaning; nothing here opens such tunnels.

import type { VpdnGroup } from '../../vpdn/configuration-vpdn.ts';
import { HONOURED, type Standing } from '../../vpdn/standing.ts';
import { name, number, oneOf, word } from '../syntax.ts';
import { type Command, definer, type Mode, notSupported, refused } from '../tree.ts';
import { notSpoken, PROTOCOLS } from './accept-dialin.ts';
import { exitCommand, numberSetting } from './setting.ts';

const NO_NAS = notSupported('tunnels of L2TP are opened by interface Virtual-PPP: the group opens none');
const NO_RELAY = notSupported('no calls of others are tunnelled on, so there are none to choose among');

export const NO_DIAL_OUT = notSupported('dialling out through a tunnel is not built: the group carries no calls');

/** PPTP is opened as the group says; what it says of L2TP opens nothing. */
export function asClient({ requestDialin }: VpdnGroup): Standing {
  return requestDialin?.protocol === 'l2tp' ? NO_NAS : HONOURED;
}

const define = definer<VpdnGroup>();

const protocol = define({
  path: [word('protocol', 'Tunneling protocol to use'), oneOf('kind', PROTOCOLS)],
  keep: 1,
  set: ({ subject }, { kind }) => {
    const wrong = notSpoken(kind);
    if (wrong !== undefined) return refused(wrong);
    if (kind !== 'l2tp' && kind !== 'pptp') return refused('% A tunnel is opened with one protocol: l2tp or pptp');
    subject.requestDialin!.protocol = kind;
    return undefined;
  },
  unset: ({ subject }) => {
    subject.requestDialin!.protocol = undefined;
  },
  lines: ({ subject: { requestDialin } }) => {
    return requestDialin?.protocol === undefined ? undefined : `protocol ${requestDialin.protocol}`;
  },
  standing: ({ kind }) => (kind === 'l2tp' ? NO_NAS : HONOURED),
  entries: ['C071', 'C072'],
  about: 'No default. `pptp`: interface Dialer dials as this group says.',
});

/** A line that may stand several times, each with another name. */
function names(text: 'domain' | 'dnis' | 'multihop-hostname', help: string, valueHelp: string): Command<VpdnGroup> {
  const field = ({ domain: 'domains', dnis: 'dnis', 'multihop-hostname': 'multihopHostnames' } as const)[text];
  return define({
    path: [word(text, help), name('value', valueHelp)],
    keep: 1,
    set: ({ subject: { requestDialin } }, { value }) => {
      if (!requestDialin![field].includes(value)) requestDialin![field].push(value);
    },
    unset: ({ subject: { requestDialin } }, { value }) => {
      requestDialin![field] = value === undefined ? [] : requestDialin![field].filter((each) => each !== value);
    },
    lines: ({ subject: { requestDialin } }) => requestDialin?.[field].map((each) => `${text} ${each}`),
    standing: NO_RELAY,
    entries: ['C071'],
  });
}

export const REQUEST_DIALIN_MODE: Mode<VpdnGroup> = {
  name: 'request-dialin',
  prompt: 'config-vpdn-req-in',
  heading: 'VPDN request-dialin group configuration commands:',
  find: (configuration, key) => {
    const group = configuration.vpdnGroups.get(key);
    return group?.requestDialin === undefined ? undefined : group;
  },
  commands: [
    exitCommand('VPDN request-dialin group configuration'),
    protocol,
    names('domain', 'Domain of the users to tunnel', 'Domain name'),
    names('dnis', 'Called number of the users to tunnel', 'Number, or name of a group of numbers'),
    names('multihop-hostname', 'Ingress tunnel to forward', 'Host name or tunnel ID'),
    // A group is in a pool or in a rotary group.
    define({
      path: [
        word('pool-member', 'Dialer pool this group is a member of'),
        number('pool', 1, 255, 'Dialer pool number'),
      ],
      keep: 1,
      set: ({ subject: { requestDialin } }, { pool }) => {
        requestDialin!.poolMember = pool;
        requestDialin!.rotaryGroup = undefined;
      },
      unset: ({ subject: { requestDialin } }) => {
        requestDialin!.poolMember = undefined;
      },
      lines: ({ subject: { requestDialin } }) => {
        return requestDialin?.poolMember === undefined ? undefined : `pool-member ${requestDialin.poolMember}`;
      },
      standing: (_, subject) => asClient(subject),
      entries: ['C071'],
      about: 'Of the interface Dialer whose `dialer pool` has the number. Takes the place of `rotary-group`.',
    }),
    define({
      path: [
        word('rotary-group', 'Dialer rotary group this group is a member of'),
        number('rotary', 0, 255, 'Dialer interface number'),
      ],
      keep: 1,
      set: ({ subject: { requestDialin } }, { rotary }) => {
        requestDialin!.rotaryGroup = rotary;
        requestDialin!.poolMember = undefined;
      },
      unset: ({ subject: { requestDialin } }) => {
        requestDialin!.rotaryGroup = undefined;
      },
      lines: ({ subject: { requestDialin } }) => {
        return requestDialin?.rotaryGroup === undefined ? undefined : `rotary-group ${requestDialin.rotaryGroup}`;
      },
      standing: (_, subject) => asClient(subject),
      entries: ['C071'],
      about: 'Of the interface Dialer of that number. Takes the place of `pool-member`.',
    }),
  ],
};

/** Only L2TP dials out. */
function dialOutProtocol(
  of: (subject: VpdnGroup) => { protocol?: 'l2tp' | undefined } | undefined,
): Command<VpdnGroup> {
  return define({
    path: [word('protocol', 'Tunneling protocol to use'), oneOf('kind', { l2tp: PROTOCOLS.l2tp })],
    keep: 1,
    set: ({ subject }, { kind }) => {
      of(subject)!.protocol = kind;
    },
    unset: ({ subject }) => {
      of(subject)!.protocol = undefined;
    },
    lines: ({ subject }) => (of(subject)?.protocol === undefined ? undefined : 'protocol l2tp'),
    standing: NO_DIAL_OUT,
    entries: ['C071', 'C072'],
    about: 'No default.',
  });
}

export const ACCEPT_DIALOUT_MODE: Mode<VpdnGroup> = {
  name: 'accept-dialout',
  prompt: 'config-vpdn-acc-ou',
  heading: 'VPDN accept-dialout group configuration commands:',
  find: (configuration, key) => {
    const group = configuration.vpdnGroups.get(key);
    return group?.acceptDialout === undefined ? undefined : group;
  },
  commands: [
    exitCommand('VPDN accept-dialout group configuration'),
    dialOutProtocol(({ acceptDialout }) => acceptDialout),
    numberSetting<VpdnGroup>({
      text: 'dialer',
      help: 'Dialer interface to dial out with',
      low: 0,
      high: 255,
      valueHelp: 'Dialer interface number',
      get: ({ acceptDialout }) => acceptDialout?.dialer,
      put: ({ acceptDialout }, value) => {
        acceptDialout!.dialer = value;
      },
      standing: NO_DIAL_OUT,
      entries: ['C071'],
    }),
  ],
};

export const REQUEST_DIALOUT_MODE: Mode<VpdnGroup> = {
  name: 'request-dialout',
  prompt: 'config-vpdn-req-ou',
  heading: 'VPDN request-dialout group configuration commands:',
  find: (configuration, key) => {
    const group = configuration.vpdnGroups.get(key);
    return group?.requestDialout === undefined ? undefined : group;
  },
  commands: [
    exitCommand('VPDN request-dialout group configuration'),
    dialOutProtocol(({ requestDialout }) => requestDialout),
    // A group is in a pool or in a rotary group.
    define({
      path: [
        word('pool-member', 'Dialer pool this group is a member of'),
        number('pool', 1, 255, 'Dialer pool number'),
      ],
      keep: 1,
      set: ({ subject }, { pool }) => {
        subject.requestDialout = { ...subject.requestDialout, poolMember: pool, rotaryGroup: undefined };
      },
      unset: ({ subject: { requestDialout } }) => {
        requestDialout!.poolMember = undefined;
      },
      lines: ({ subject: { requestDialout } }) => {
        return requestDialout?.poolMember === undefined ? undefined : `pool-member ${requestDialout.poolMember}`;
      },
      standing: NO_DIAL_OUT,
      entries: ['C071'],
      about: 'Takes the place of `rotary-group`.',
    }),
    define({
      path: [
        word('rotary-group', 'Dialer rotary group this group is a member of'),
        number('rotary', 0, 255, 'Dialer interface number'),
      ],
      keep: 1,
      set: ({ subject }, { rotary }) => {
        subject.requestDialout = { ...subject.requestDialout, rotaryGroup: rotary, poolMember: undefined };
      },
      unset: ({ subject: { requestDialout } }) => {
        requestDialout!.rotaryGroup = undefined;
      },
      lines: ({ subject: { requestDialout } }) => {
        return requestDialout?.rotaryGroup === undefined ? undefined : `rotary-group ${requestDialout.rotaryGroup}`;
      },
      standing: NO_DIAL_OUT,
      entries: ['C071'],
      about: 'Takes the place of `pool-member`.',
    }),
  ],
};
