// `| json`: the models behind the text, projected one by one so that no field, and above all no secret, comes out by accident.
// `schema` names the subject and its version; a change that a reader could notice is a new version.
// Instants of the router's clock become ages in milliseconds, which mean something outside the router.

import type {
  FailureView,
  InterfaceView,
  PoolView,
  RouterView,
  RouteView,
  SessionView,
  TunnelView,
  UserView,
} from '../../vpdn/view.ts';
import { formatHex } from '../../wire/values.ts';
import { type FailureFilter, filterFailures } from './history-failure.ts';
import { sortInterfaces } from './interface-order.ts';
import { filterSessions, type SessionFilter } from './session.ts';
import { filterTunnels, type TunnelFilter } from './tunnel.ts';

export type JsonSubject = keyof typeof SUBJECTS;

/** The arguments of the command; the totals stay the router's. */
export interface JsonFilter {
  tunnel?: TunnelFilter | undefined;
  session?: SessionFilter | undefined;
  failure?: FailureFilter | undefined;
  /** Of an interface or a pool. */
  name?: string | undefined;
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

/** The text of a model, a line a row, so that the rows of a busy server stream. Safe for a terminal and still valid JSON. */
export function* formatJson(model: JsonModel): Generator<string> {
  yield '{';
  const entries = Object.entries(model).filter(([, value]) => value !== undefined);
  for (const [index, [key, value]] of entries.entries()) {
    const comma = index === entries.length - 1 ? '' : ',';
    if (!Array.isArray(value) || value.length === 0) {
      yield `  ${JSON.stringify(key)}: ${encode(value)}${comma}`;
      continue;
    }
    yield `  ${JSON.stringify(key)}: [`;
    for (const [row, element] of value.entries()) yield `    ${encode(element)}${row === value.length - 1 ? '' : ','}`;
    yield `  ]${comma}`;
  }
  yield '}';
}

/** What JSON leaves bare and a terminal obeys, or a reader cannot see, is escaped; the value stays the same. */
function encode(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The models: a level of nesting for what grows, `counters` and `control`; the rest is flat. */
function tunnelModel(tunnel: TunnelView, view: RouterView) {
  const { since, counters, control, ...facts } = tunnel;
  return {
    ...pick(facts, TUNNEL_FACTS),
    millisInState: view.now - since,
    counters: { ...counters },
    control: { ...control, retransmitDistribution: [...control.retransmitDistribution] },
  };
}

function sessionModel(session: SessionView, view: RouterView) {
  const { since, counters, pseudowire, ...facts } = session;
  return {
    ...pick(facts, SESSION_FACTS),
    millisInState: view.now - since,
    counters: { ...counters },
    pseudowire:
      pseudowire === undefined
        ? undefined
        : {
            ...pseudowire,
            localCookie: formatHex(pseudowire.localCookie),
            remoteCookie: formatHex(pseudowire.remoteCookie),
          },
  };
}

function interfaceModel(subject: InterfaceView, view: RouterView) {
  const { since, lastInput, lastOutput, counters, rates, ...facts } = subject;
  return {
    ...pick(facts, INTERFACE_FACTS),
    millisInState: view.now - since,
    millisSinceInput: lastInput === undefined ? undefined : view.now - lastInput,
    millisSinceOutput: lastOutput === undefined ? undefined : view.now - lastOutput,
    counters: { ...counters },
    rates: rates === undefined ? undefined : { ...rates },
  };
}

// Of these every field may be shown as it is.
const addressModel = (subject: InterfaceView) => pick(subject, ADDRESS_FACTS);
const routeModel = (route: RouteView) => pick(route, ROUTE_FACTS);
const userModel = (user: UserView) => pick(user, USER_FACTS);
const poolModel = (pool: PoolView) => pick(pool, POOL_FACTS);

/** Both clocks: an age for alarms, the wall clock for people. */
function failureModel(failure: FailureView, view: RouterView) {
  return { ...pick(failure, FAILURE_FACTS), millisAgo: view.now - failure.loggedAt };
}

/** An allow-list: what is not named here is not shown. */
function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>;
}

const totals = (view: RouterView) => ({ totalTunnels: view.tunnels.length, totalSessions: view.sessions.length });

const tunnels = (view: RouterView, { tunnel = {} }: JsonFilter) => ({
  ...totals(view),
  tunnels: filterTunnels(view, tunnel).map((row) => tunnelModel(row, view)),
});

const sessions = (view: RouterView, { session = {} }: JsonFilter) => ({
  ...totals(view),
  sessions: filterSessions(view, session).map((row) => sessionModel(row, view)),
});

const both = (view: RouterView) => ({ ...tunnels(view, {}), ...sessions(view, {}) });

/** The rest of a command that takes one name. */
function named<T extends { readonly name: string }>(rows: readonly T[], { name }: JsonFilter): readonly T[] {
  return name === undefined ? rows : rows.filter((row) => row.name === name);
}

/** The keys are the `exec` tags of the commands, so that `| json` needs no table of its own. */
const SUBJECTS = {
  'show-vpdn': (view: RouterView) => ({
    enabled: view.configuration.vpdn.enabled,
    ...both(view),
    drops: view.drops.map((drop) => ({ ...drop })),
  }),
  'show-vpdn-tunnel': tunnels,
  'show-vpdn-session': sessions,
  'show-l2tun': both,
  'show-l2tun-tunnel': tunnels,
  'show-l2tun-session': sessions,
  'show-interfaces': (view: RouterView, filter: JsonFilter) => ({
    interfaces: named(sortInterfaces(view.interfaces), filter).map((row) => interfaceModel(row, view)),
  }),
  'show-ip-interface-brief': (view: RouterView, filter: JsonFilter) => ({
    interfaces: named(sortInterfaces(view.interfaces), filter).map(addressModel),
  }),
  'show-ip-route': (view: RouterView) => ({ routes: view.routes.map(routeModel) }),
  'show-ip-local-pool': (view: RouterView, filter: JsonFilter) => ({ pools: named(view.pools, filter).map(poolModel) }),
  'show-users': (view: RouterView) => ({ lines: view.users.map(userModel) }),
  'show-vpdn-history-failure': (view: RouterView, { failure = {} }: JsonFilter) => ({
    tableSize: view.failureTableSize,
    failures: filterFailures(view, failure).map((row) => failureModel(row, view)),
  }),
} as const satisfies Record<string, (view: RouterView, filter: JsonFilter) => object>;

// The fields of version 1. A field may be added without a new version, none renamed or taken away.

const TUNNEL_FACTS = [
  'protocol',
  'localId',
  'remoteId',
  'locallyInitiated',
  'state',
  'localName',
  'remoteName',
  'localAddress',
  'localPort',
  'remoteAddress',
  'remotePort',
  'l2tpClass',
  'vpdnGroup',
  'activeSessions',
] as const;

const SESSION_FACTS = [
  'protocol',
  'localId',
  'remoteId',
  'tunnelId',
  'remoteTunnelId',
  'uniqueId',
  'callSerialNumber',
  'remoteName',
  'remoteAddress',
  'state',
  'username',
  'interfaceName',
  'vcid',
  'mtu',
  'sequencing',
  'ns',
  'nr',
  'outOfOrderDropped',
] as const;

/** What `show ip interface brief` has; `show interfaces` adds to it. */
const ADDRESS_FACTS = [
  'name',
  'status',
  'lineProtocol',
  'address',
  'prefixLength',
  'unnumberedFrom',
  'addressMethod',
] as const;

const INTERFACE_FACTS = [
  ...ADDRESS_FACTS,
  'kind',
  'description',
  'device',
  'peerAddress',
  'mtu',
  'bandwidth',
  'clonedFrom',
  'tunnelId',
  'sessionId',
  'lcp',
  'openNcps',
  'username',
  'keepalivePeriod',
  'keepaliveRetries',
  'inputErrors',
  'outputDrops',
  'carrierTransitions',
] as const;

const ROUTE_FACTS = ['source', 'prefix', 'prefixLength', 'nextHop', 'interfaceName', 'distance'] as const;
const USER_FACTS = ['line', 'lineName', 'user', 'idle', 'location', 'own'] as const;
const POOL_FACTS = ['name', 'low', 'high', 'free', 'inUse', 'leases'] as const;

const FAILURE_FACTS = [
  'code',
  'user',
  'remoteName',
  'remoteAddress',
  'localName',
  'localAddress',
  'locallyInitiated',
  'callId',
  'loggedAtWall',
  'repeats',
  'failureType',
  'reason',
  'remedy',
] as const;

/** C1 controls, and the invisible and direction-changing characters that `printable` escapes. */
const UNSAFE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
