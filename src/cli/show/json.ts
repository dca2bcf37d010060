// `| json`: the models behind the text (`json-models.ts`). `schema` names the subject and its version; a change that a reader
// could notice is a new version.

import type { RouterView, SessionFilter, TunnelFilter } from '../../vpdn/view.ts';
import { chooseGroup } from '../../vpdn/vpdn-group.ts';
import { type FailureFilter, filterFailures } from './history-failure.ts';
import {
  addressModel,
  failureModel,
  interfaceModel,
  mppeModel,
  poolModel,
  pptpSessionModel,
  pptpTunnelModel,
  routeModel,
  sessionModel,
  tunnelModel,
  userModel,
  xconnectModel,
} from './json-models.ts';
import { OPERATE_SUBJECTS } from './json-operate.ts';
import { l2tpClassUsers } from './l2tp-class.ts';
import { type CounterKind, messageRows } from './l2tp-counters.ts';
import { isWantedSession, isWantedTunnel } from './pptp.ts';
import { interfaceRows, mapped, mppeOf, sessionRows, totalSessions, totalTunnels, tunnelRows } from './rows.ts';
import { counted } from './tunnel.ts';
import { TURN } from './turn.ts';
import type { VpdnProtocol } from './vpdn.ts';
import type { VpdnExtra } from './vpdn-extras.ts';
import { defaultGroups, domainRows, groupFacts, type SelectionKeys } from './vpdn-group.ts';
import { type XconnectFilter, xconnects } from './xconnect.ts';

export type JsonSubject = keyof typeof SUBJECTS;

/** The arguments of the command; the totals stay the router's. */
export interface JsonFilter {
  tunnel?: TunnelFilter | undefined;
  session?: SessionFilter | undefined;
  failure?: FailureFilter | undefined;
  /** Of an interface, a pool or a group. */
  name?: string | undefined;
  /** Of callers. */
  username?: string | undefined;
  protocol?: VpdnProtocol | undefined;
  xconnect?: XconnectFilter | undefined;
  kind?: CounterKind | undefined;
  keys?: SelectionKeys | undefined;
  extra?: VpdnExtra | undefined;
}

export interface JsonModel {
  readonly schema: string;
  readonly [key: string]: unknown;
}

export function isJsonSubject(name: string): name is JsonSubject {
  return Object.hasOwn(SUBJECTS, name);
}

/** `subject` is the name of the EXEC command: `show-vpdn-session`. */
export function toJson(view: RouterView, subject: JsonSubject, filter: JsonFilter = {}): JsonModel {
  return { schema: `vpdn.${subject}/1`, ...SUBJECTS[subject](view, filter) };
}

/** The text of a model, a line a row; a list is made row by row as it is read. Safe for a terminal and still valid JSON. */
export function* formatJson(model: JsonModel): Generator<string> {
  yield '{';
  const entries = Object.entries(model).filter(([, value]) => value !== undefined);
  for (const [index, [key, value]] of entries.entries()) {
    const comma = index === entries.length - 1 ? '' : ',';
    if (isList(value)) yield* formatList(key, value, comma);
    else yield `  ${JSON.stringify(key)}: ${encode(value)}${comma}`;
  }
  yield '}';
}

/** A row is printed when it is known whether another follows it. */
function* formatList(key: string, rows: Iterable<unknown>, comma: string): Generator<string> {
  let last: string | undefined;
  for (const row of rows) {
    if (row === TURN) {
      yield TURN;
      continue;
    }
    yield last === undefined ? `  ${JSON.stringify(key)}: [` : `    ${last},`;
    last = encode(row);
  }
  if (last === undefined) return yield `  ${JSON.stringify(key)}: []${comma}`;
  yield `    ${last}`;
  yield `  ]${comma}`;
}

function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/** What JSON leaves bare and a terminal obeys, or a reader cannot see, is escaped; the value stays the same. */
function encode(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const totals = (view: RouterView) => ({ totalTunnels: totalTunnels(view), totalSessions: totalSessions(view) });

/** Made while they are read. */
const isAsked = (asked: VpdnProtocol | undefined, protocol: VpdnProtocol) => asked === undefined || asked === protocol;

function tunnels(view: RouterView, { tunnel = {}, protocol }: JsonFilter) {
  const pptp = view.pptpTunnels?.filter((row) => isWantedTunnel(row, tunnel));
  return {
    ...totals(view),
    tunnels: isAsked(protocol, 'l2tp') ? tunnelModels(view, tunnel) : [],
    pptpTunnels: isAsked(protocol, 'pptp') ? pptp?.map((row) => pptpTunnelModel(row, view)) : undefined,
  };
}

function* tunnelModels(view: RouterView, filter: TunnelFilter) {
  for (const row of tunnelRows(view, filter)) {
    yield* counted(row);
    yield tunnelModel(row, view);
  }
}

function sessions(view: RouterView, { session = {}, protocol }: JsonFilter) {
  const pptp = view.pptpSessions?.filter((row) => isWantedSession(row, session));
  return {
    ...totals(view),
    sessions: isAsked(protocol, 'l2tp') ? mapped(sessionRows(view, session), (row) => sessionModel(row, view)) : [],
    pptpSessions: isAsked(protocol, 'pptp') ? pptp?.map((row) => pptpSessionModel(row, view)) : undefined,
  };
}

/** `show l2tun` has no PPTP. */
const ofL2tp = (filter: JsonFilter): JsonFilter => ({ ...filter, protocol: 'l2tp' });
const both = (view: RouterView, filter: JsonFilter) => ({ ...tunnels(view, filter), ...sessions(view, filter) });

/** The rest of a command that takes one name. */
function named<T extends { readonly name: string }>(rows: readonly T[], { name }: JsonFilter): readonly T[] {
  return name === undefined ? rows : rows.filter((row) => row.name === name);
}

function l2tpClasses({ configuration }: RouterView) {
  return [...configuration.l2tpClasses.values()].map(({ name, authentication, hidden, hostname }) => {
    return { name, authentication, hidden, hostname, usedBy: l2tpClassUsers(configuration, name) };
  });
}

function groupSelect(view: RouterView, { keys }: JsonFilter) {
  if (keys === undefined) return { defaults: defaultGroups(view.configuration), groups: groupFacts(view) };
  const { hostname = '', sourceAddress = '0.0.0.0' } = keys;
  const choice = chooseGroup(view.configuration, hostname, sourceAddress);
  return { hostname, sourceAddress, group: choice.found ? choice.group.name : undefined };
}

/** The keys are the `exec` tags of the commands, so that `| json` needs no table of its own. */
const SUBJECTS = {
  'show-vpdn': (view: RouterView) => ({
    enabled: view.configuration.vpdn.enabled,
    ...both(view, {}),
    drops: view.drops.map((drop) => ({ ...drop })),
  }),
  'show-vpdn-tunnel': tunnels,
  'show-vpdn-session': sessions,
  'show-l2tun': (view: RouterView) => both(view, ofL2tp({})),
  'show-l2tun-tunnel': (view: RouterView, filter: JsonFilter) => tunnels(view, ofL2tp(filter)),
  'show-l2tun-session': (view: RouterView, filter: JsonFilter) => sessions(view, ofL2tp(filter)),
  'show-l2tp-class': (view: RouterView) => ({ classes: l2tpClasses(view) }),
  'show-l2tp-counters': (view: RouterView, { kind }: JsonFilter) => ({
    millisSinceClear: view.controlMessagesClearedAt && view.now - view.controlMessagesClearedAt,
    messages: (kind === undefined ? (['tunnel', 'session'] as const) : [kind]).flatMap((each) => {
      return messageRows(view, each).map(([message, count]) => ({ kind: each, message, ...count }));
    }),
  }),
  'show-l2tp-memory': totals,
  'show-xconnect': (view: RouterView, { xconnect = {} }: JsonFilter) => ({
    xconnects: mapped(xconnects(view, xconnect), xconnectModel),
  }),
  'show-ppp-mppe': (view: RouterView, { name }: JsonFilter) => ({
    mppe: [mppeOf(view, name ?? '')].flatMap((each) => (each === undefined ? [] : [mppeModel(each)])),
  }),
  'show-vpdn-group': (view: RouterView, { name }: JsonFilter) => ({ groups: groupFacts(view, name) }),
  'show-vpdn-domain': (view: RouterView) => ({ domains: domainRows(view.configuration) }),
  'show-vpdn-group-select': groupSelect,
  'show-vpdn-extra': (_: RouterView, { extra }: JsonFilter) => ({ feature: extra, enabled: false, rows: [] }),
  'show-interfaces': (view: RouterView, { name }: JsonFilter) => ({
    interfaces: mapped(interfaceRows(view, { name }), (row) => interfaceModel(row, view)),
  }),
  'show-ip-interface-brief': (view: RouterView, { name }: JsonFilter) => ({
    interfaces: mapped(interfaceRows(view, { name }), addressModel),
  }),
  'show-ip-route': (view: RouterView) => ({ routes: view.routes.map(routeModel) }),
  'show-ip-local-pool': (view: RouterView, filter: JsonFilter) => ({ pools: named(view.pools, filter).map(poolModel) }),
  ...OPERATE_SUBJECTS,
  'show-users': (view: RouterView) => ({ lines: view.users.map(userModel) }),
  'show-vpdn-history-failure': (view: RouterView, { failure = {} }: JsonFilter) => ({
    tableSize: view.failureTableSize,
    failures: filterFailures(view, failure).map((row) => failureModel(row, view)),
  }),
} as const satisfies Record<string, (view: RouterView, filter: JsonFilter) => object>;

/** C1 controls, and the invisible and direction-changing characters that `printable` escapes. */
const UNSAFE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
