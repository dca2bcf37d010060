// Global lines about VPDN: the switch, its limits, and the groups and classes.

import type { Configuration } from '../../vpdn/configuration.ts';
import { emptyL2tpClass, emptyVpdnGroup } from '../../vpdn/configuration-vpdn.ts';
import { DEFAULT_L2TP_CLASS } from '../../vpdn/defaults.ts';
import { address, name, optional, word, words } from '../syntax.ts';
import { type Command, definer, entered, refused, withoutEffect } from '../tree.ts';
import { inertCommands } from './inert.ts';
import { L2TP_CLASS_MODE } from './l2tp-class.ts';
import { modeLines } from './mode-lines.ts';
import { PSEUDOWIRE_CLASS_MODE } from './pseudowire-class.ts';
import { numberSetting, switchSetting } from './setting.ts';
import { groupLines, VPDN_GROUP_MODE } from './vpdn-group.ts';

const define = definer<Configuration>();

/** Edited by a bare `pseudowire-class`. */
const DEFAULT_PSEUDOWIRE_CLASS = 'pw_default_class';

// The globals come before the groups, as running-config has them. A group's own limit and address win over the global ones.
export const VPDN: Command<Configuration>[] = [
  switchSetting<Configuration>({
    text: 'vpdn enable',
    help: 'Enable VPDN',
    get: ({ vpdn }) => vpdn.enabled,
    put: ({ vpdn }, on) => {
      vpdn.enabled = on;
    },
    normally: false,
    about: 'Default off. Needed to accept tunnels; a client works without it.',
  }),
  switchSetting<Configuration>({
    text: 'vpdn softshut',
    help: 'Do not allow new sessions, keep those that are up',
    get: ({ vpdn }) => vpdn.softshut,
    put: ({ vpdn }, on) => {
      vpdn.softshut = on;
    },
    normally: false,
  }),
  numberSetting<Configuration>({
    text: 'vpdn session-limit',
    help: 'Set the global VPDN session limit',
    low: 1,
    high: 32767,
    valueHelp: 'Number of sessions',
    get: ({ vpdn }) => vpdn.sessionLimit,
    put: ({ vpdn }, value) => {
      vpdn.sessionLimit = value;
    },
    about: 'Default: no limit.',
  }),
  define({
    path: [words('vpdn source-ip', 'Set source IP address for VPDN tunnels'), address('source', 'Source IP address')],
    set: ({ subject }, { source }) => {
      subject.vpdn.sourceAddress = source;
    },
    unset: ({ subject }) => {
      subject.vpdn.sourceAddress = undefined;
    },
    lines: ({ subject: { vpdn } }) => {
      return vpdn.sourceAddress === undefined ? undefined : `vpdn source-ip ${vpdn.sourceAddress}`;
    },
  }),
  switchSetting<Configuration>({
    text: 'vpdn history failure',
    help: 'Record failed sessions',
    get: ({ vpdn }) => vpdn.historyFailure,
    put: ({ vpdn }, on) => {
      vpdn.historyFailure = on;
    },
    normally: true,
  }),
  numberSetting<Configuration>({
    text: 'vpdn history failure table-size',
    help: 'Size of the failure table',
    low: 20,
    high: 50,
    valueHelp: 'Number of entries',
    get: ({ vpdn }) => vpdn.historyFailureSize,
    put: ({ vpdn }, value) => {
      vpdn.historyFailureSize = value;
    },
    about: 'Default 20.',
  }),
  ...inertCommands<Configuration>(withoutEffect('it concerns a NAS, multihop or RADIUS, or is fixed here'), [
    { text: 'vpdn aaa', help: 'AAA parameters of VPDN', takes: 'line', several: true },
    { text: 'vpdn authen-before-forward', help: 'Authenticate before forwarding' },
    { text: 'vpdn authorize', help: 'Authorization of VPDN', takes: 'line', several: true },
    { text: 'vpdn domain-delimiter', help: 'Delimiters of domain names', takes: 'line', several: true },
    { text: 'vpdn history failure cause', help: 'Record normal disconnects as well', takes: 'line' },
    { text: 'vpdn ip udp ignore checksum', help: 'Ignore UDP checksums of arriving packets' },
    { text: 'vpdn logging', help: 'VPDN events to log', takes: 'optional-line', several: true },
    { text: 'vpdn multihop', help: 'Allow multihop VPDN' },
    { text: 'vpdn redirect', help: 'Redirect of calls', takes: 'optional-line', several: true },
    { text: 'vpdn search-order', help: 'Search order of tunnel definitions', takes: 'line' },
    { text: 'vpdn session accounting', help: 'Accounting of sessions', takes: 'line' },
    { text: 'vpdn tunnel', help: 'Tunnel authorization and accounting', takes: 'line', several: true },
    { text: 'l2tp congestion-control', help: 'Congestion control of control connections (always on here)' },
  ]),
  define({
    path: [word('vpdn-group', 'VPDN group configuration'), name('group', 'VPDN group name')],
    keep: 2,
    set: ({ configuration }, { group }) => {
      if (!configuration.vpdnGroups.has(group)) configuration.vpdnGroups.set(group, emptyVpdnGroup(group));
      return entered(VPDN_GROUP_MODE, group, `vpdn-group ${group}`);
    },
    unset: ({ configuration }, { group }) => {
      configuration.vpdnGroups.delete(group!);
      dropInert(configuration, `vpdn-group ${group}`);
    },
    lines: (scope) => [...scope.subject.vpdnGroups.values()].flatMap((group) => groupLines(scope, group)),
    about: 'A policy for the peers that call; removing it closes its tunnels.',
  }),
];

// A class in use may go: pseudowires that name it then run with the defaults.
export const L2TP_CLASS = define({
  path: [word('l2tp-class', 'l2tp-class configuration'), optional(name('key', 'l2tp-class name'))],
  set: ({ configuration }, { key = DEFAULT_L2TP_CLASS }) => {
    if (!configuration.l2tpClasses.has(key)) configuration.l2tpClasses.set(key, emptyL2tpClass(key));
    return entered(L2TP_CLASS_MODE, key, `l2tp-class ${key}`);
  },
  unset: ({ configuration }, { key = DEFAULT_L2TP_CLASS }) => {
    configuration.l2tpClasses.delete(key);
    dropInert(configuration, `l2tp-class ${key}`);
  },
  lines: (scope) => {
    return [...scope.subject.l2tpClasses.values()].flatMap((each) => {
      const head = `l2tp-class ${each.name}`;
      return [head, ...modeLines(L2TP_CLASS_MODE, each, scope, head), '!'];
    });
  },
  about: 'Without a name: the class of pseudowires that name none, `l2tp_default_class`.',
});

// A pseudowire class in use may not go: without its encapsulation the pseudowire means nothing.
export const PSEUDOWIRE_CLASS = define({
  path: [word('pseudowire-class', 'Pseudowire-class configuration'), optional(name('key', 'Pseudowire-class name'))],
  set: ({ configuration }, { key = DEFAULT_PSEUDOWIRE_CLASS }) => {
    if (!configuration.pseudowireClasses.has(key)) configuration.pseudowireClasses.set(key, { name: key });
    return entered(PSEUDOWIRE_CLASS_MODE, key, `pseudowire-class ${key}`);
  },
  unset: ({ configuration }, { key = DEFAULT_PSEUDOWIRE_CLASS }) => {
    for (const { pseudowire } of configuration.interfaces.values()) {
      if (pseudowire?.pseudowireClass === key) return refused(`% Pseudowire class ${key} is in use`);
    }
    configuration.pseudowireClasses.delete(key);
    dropInert(configuration, `pseudowire-class ${key}`);
  },
  lines: (scope) => {
    return [...scope.subject.pseudowireClasses.values()].flatMap((each) => {
      const head = `pseudowire-class ${each.name}`;
      return [head, ...modeLines(PSEUDOWIRE_CLASS_MODE, each, scope, head), '!'];
    });
  },
});

/** The inert lines of a block go with the block. */
export function dropInert(configuration: Configuration, opened: string): void {
  configuration.inert = configuration.inert.filter(({ under }) => under[0] !== opened);
}
