// VPDN group mode: which peers are served, and how their control connections behave.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { InitiateTo, VpdnGroup } from '../../vpdn/configuration-vpdn.ts';
import { address, anyOrder, choice, name, number, oneOf, optional, sequence, word, words } from '../syntax.ts';
import { definer, entered, type Mode, type Outcome, type PrintScope, refused, warned } from '../tree.ts';
import { ACCEPT_DIALIN_MODE, accept, notSpoken, PROTOCOLS } from './accept-dialin.ts';
import { modeLines } from './mode-lines.ts';
import {
  ACCEPT_DIALOUT_MODE,
  asClient,
  NO_DIAL_OUT,
  REQUEST_DIALIN_MODE,
  REQUEST_DIALOUT_MODE,
} from './request-dialin.ts';
import { exitCommand } from './setting.ts';
import { inertGroupCommands } from './vpdn-inert.ts';
import { descriptionCommand, sessionLimit, tunnelCommands } from './vpdn-tunnel.ts';

const define = definer<VpdnGroup>();

/** A group takes calls or places them (C068). */
const CONFLICT = '% Group type conflict: a vpdn-group is LNS or LAC, not both';
const isLac = ({ requestDialin, acceptDialout }: VpdnGroup) => (requestDialin ?? acceptDialout) !== undefined;
const isLns = ({ acceptDialin, requestDialout }: VpdnGroup) => (acceptDialin ?? requestDialout) !== undefined;

const acceptDialin = define({
  path: [words('accept-dialin', 'VPDN accept-dialin group configuration')],
  set: ({ subject }) => {
    if (isLac(subject)) return refused(CONFLICT);
    subject.acceptDialin ??= {};
    return entered(ACCEPT_DIALIN_MODE, subject.name, 'accept-dialin');
  },
  // The names it answers to go with it.
  unset: ({ subject }) => {
    subject.acceptDialin = undefined;
    subject.terminateFrom = undefined;
  },
  lines: (scope) => {
    if (scope.subject.acceptDialin === undefined) return undefined;
    return ['accept-dialin', ...modeLines(ACCEPT_DIALIN_MODE, scope.subject, scope, 'accept-dialin')];
  },
  entries: ['C070'],
  about: 'Takes tunnels that bring dial-in calls. `no` takes `terminate-from` along.',
});

const requestDialin = define({
  path: [words('request-dialin', 'VPDN request-dialin group configuration')],
  set: ({ subject }) => {
    if (isLns(subject)) return refused(CONFLICT);
    subject.requestDialin ??= emptyRequest();
    return entered(REQUEST_DIALIN_MODE, subject.name, 'request-dialin');
  },
  unset: ({ subject }) => {
    subject.requestDialin = undefined;
    subject.initiateTo = [];
  },
  lines: (scope) => {
    if (scope.subject.requestDialin === undefined) return undefined;
    return ['request-dialin', ...modeLines(REQUEST_DIALIN_MODE, scope.subject, scope, 'request-dialin')];
  },
  standing: (_, subject) => asClient(subject),
  entries: ['C071'],
  about:
    'The client of PPTP: the tunnel of interface Dialer. That of L2TP is interface Virtual-PPP. `no` takes `initiate-to` along.',
});

const acceptDialout = define({
  path: [words('accept-dialout', 'VPDN accept-dialout group configuration')],
  set: ({ subject }) => {
    if (isLns(subject)) return refused(CONFLICT);
    subject.acceptDialout ??= {};
    return entered(ACCEPT_DIALOUT_MODE, subject.name, 'accept-dialout');
  },
  unset: ({ subject }) => {
    subject.acceptDialout = undefined;
  },
  lines: (scope) => {
    if (scope.subject.acceptDialout === undefined) return undefined;
    return ['accept-dialout', ...modeLines(ACCEPT_DIALOUT_MODE, scope.subject, scope, 'accept-dialout')];
  },
  standing: NO_DIAL_OUT,
  entries: ['C071'],
});

const requestDialout = define({
  path: [words('request-dialout', 'VPDN request-dialout group configuration')],
  set: ({ subject }) => {
    if (isLac(subject)) return refused(CONFLICT);
    subject.requestDialout ??= {};
    return entered(REQUEST_DIALOUT_MODE, subject.name, 'request-dialout');
  },
  unset: ({ subject }) => {
    subject.requestDialout = undefined;
  },
  lines: (scope) => {
    if (scope.subject.requestDialout === undefined) return undefined;
    return ['request-dialout', ...modeLines(REQUEST_DIALOUT_MODE, scope.subject, scope, 'request-dialout')];
  },
  standing: NO_DIAL_OUT,
  entries: ['C071'],
});

// The words of 11.3, one line for what is a mode since 12.0(5)T. They are typed in full, so that they are in nobody's way.
const acceptOld = define({
  path: [
    { ...word('accept', 'Accept tunnels (old form of accept-dialin)'), full: true },
    word('dialin', 'That bring dial-in calls'),
    optional(oneOf('kind', { any: PROTOCOLS.any, l2f: PROTOCOLS.l2f, l2tp: PROTOCOLS.l2tp, pptp: PROTOCOLS.pptp })),
    word('virtual-template', 'Virtual-Template used to clone virtual-access interfaces'),
    number('template', 1, 4095, 'Virtual-Template number'),
    optional(sequence(word('remote', 'Accept only tunnels of one peer'), name('host', 'Hostname'))),
  ],
  keep: 2,
  set: (scope, { kind = 'any', template, host }): Outcome => {
    const { subject } = scope;
    if (isLac(subject)) return refused(CONFLICT);
    const body = { ...subject.acceptDialin };
    const outcome = accept(scope, body, kind);
    if (outcome?.outcome === 'refused') return outcome;
    subject.acceptDialin = { ...body, virtualTemplate: template };
    if (host !== undefined) subject.terminateFrom = host;
    return outcome;
  },
  unset: ({ subject }) => {
    subject.acceptDialin = undefined;
    subject.terminateFrom = undefined;
  },
  entries: ['C070'],
  about: 'Kept as `accept-dialin` and `terminate-from`. Without a protocol: any.',
});

const requestOld = define({
  path: [
    { ...word('request', 'Request tunnels (old form of request-dialin)'), full: true },
    word('dialin', 'For dial-in calls'),
    oneOf('kind', { l2f: PROTOCOLS.l2f, l2tp: PROTOCOLS.l2tp, pptp: PROTOCOLS.pptp }),
    word('ip', 'Where to open tunnels to'),
    address('server', 'IP address of the server'),
    choice(
      sequence(word('domain', 'Domain of the users to tunnel'), name('domain', 'Domain name')),
      sequence(word('dnis', 'Called number of the users to tunnel'), name('dnis', 'Number')),
    ),
  ],
  keep: 2,
  set: ({ subject }, { kind, server, domain, dnis }) => {
    if (isLns(subject)) return refused(CONFLICT);
    const wrong = notSpoken(kind);
    if (wrong !== undefined || kind === 'l2f') return refused(wrong ?? '');
    subject.requestDialin ??= emptyRequest();
    const body = subject.requestDialin;
    body.protocol = kind;
    if (domain !== undefined && !body.domains.includes(domain)) body.domains.push(domain);
    if (dnis !== undefined && !body.dnis.includes(dnis)) body.dnis.push(dnis);
    if (!subject.initiateTo.some((each) => each.address === server)) subject.initiateTo.push({ address: server });
    return undefined;
  },
  unset: ({ subject }) => {
    subject.requestDialin = undefined;
    subject.initiateTo = [];
  },
  standing: (_, subject) => asClient(subject),
  entries: ['C071'],
  about: 'Kept as `request-dialin` and `initiate-to`.',
});

// One name a group: a second line replaces the first, as in IOS.
const terminateFrom = define({
  path: [
    word('terminate-from', 'Accept only tunnels of one peer'),
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
  lines: ({ subject }) => {
    return subject.terminateFrom === undefined ? undefined : `terminate-from hostname ${subject.terminateFrom}`;
  },
  entries: ['C074'],
  about: 'The Host Name the peer sends, letter for letter. A group without it is the default of its protocol.',
});

const initiateTo = define({
  path: [
    word('initiate-to', 'Where to open tunnels to'),
    word('ip', 'By IP address'),
    address('server', 'IP address of the server'),
    anyOrder(
      sequence(word('limit', 'Session limit'), number('limit', 1, 32767, 'Number of sessions')),
      sequence(word('priority', 'Priority'), number('priority', 1, 32767, 'Priority')),
    ),
  ],
  keep: 1,
  set: ({ subject }, { server, limit, priority }) => {
    const wanted: InitiateTo = { address: server, limit, priority };
    const at = subject.initiateTo.findIndex((each) => each.address === server);
    if (at === -1) subject.initiateTo.push(wanted);
    else subject.initiateTo[at] = wanted;
  },
  unset: ({ subject }, { server }) => {
    subject.initiateTo = server === undefined ? [] : subject.initiateTo.filter((each) => each.address !== server);
  },
  lines: ({ subject }) =>
    subject.initiateTo.map((each) => {
      const limit = each.limit === undefined ? '' : ` limit ${each.limit}`;
      return `initiate-to ip ${each.address}${limit}${each.priority === undefined ? '' : ` priority ${each.priority}`}`;
    }),
  standing: (_, subject) => asClient(subject),
  entries: ['C075'],
  about:
    'Several lines, one for each address. Dialled in the order of `priority`, 1 first, those without one last; when one fails the next, at once. `limit`: so many interfaces at most are with that server.',
});

const sourceTemplate = define({
  path: [
    words('source vpdn-template', 'Take the values of a VPDN template'),
    optional(name('template', 'VPDN template name')),
  ],
  set: ({ configuration, subject }, { template }) => {
    subject.template = template === undefined ? undefined : { kind: 'named', name: template };
    if (template === undefined || configuration.vpdnTemplates.has(template)) return undefined;
    return warned(`% VPDN template ${template} is not configured yet`);
  },
  unset: ({ subject }) => {
    subject.template = { kind: 'none' };
  },
  reset: ({ subject }) => {
    subject.template = undefined;
  },
  lines: ({ subject: { template } }) => {
    if (template === undefined) return undefined;
    return template.kind === 'none' ? 'no source vpdn-template' : `source vpdn-template ${template.name}`;
  },
  entries: ['C094'],
  about: 'Default: the unnamed template, where there is one. What the group says itself comes first.',
});

export const VPDN_GROUP_MODE: Mode<VpdnGroup> = {
  name: 'vpdn-group',
  prompt: 'config-vpdn',
  heading: 'VPDN group configuration commands:',
  find: (configuration, key) => configuration.vpdnGroups.get(key),
  commands: [
    exitCommand('VPDN group configuration'),
    descriptionCommand<VpdnGroup>('C069'),
    acceptDialin,
    acceptOld,
    requestDialin,
    requestOld,
    acceptDialout,
    requestDialout,
    sourceTemplate,
    sessionLimit<VpdnGroup>(),
    terminateFrom,
    initiateTo,
    ...inertGroupCommands<VpdnGroup>(),
    ...tunnelCommands<VpdnGroup>(),
  ],
};

/** A group as running-config shows it. */
export function groupLines(scope: PrintScope<Configuration>, group: VpdnGroup): string[] {
  const head = `vpdn-group ${group.name}`;
  const protocol = group.acceptDialin?.protocol;
  const note = group.terminateFrom !== undefined || protocol === undefined ? [] : [DEFAULT_NOTE[protocol]];
  return [head, ...note, ...modeLines(VPDN_GROUP_MODE, group, scope, head), '!'];
}

function emptyRequest(): NonNullable<VpdnGroup['requestDialin']> {
  return { domains: [], dnis: [], multihopHostnames: [] };
}

/** The group that serves whoever no other group names. */
const DEFAULT_NOTE = {
  l2tp: ' ! Default L2TP VPDN group',
  pptp: ' ! Default PPTP VPDN group',
  any: ' ! Default L2TP VPDN group',
} as const;
