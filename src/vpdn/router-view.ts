// The router as `show` sees it. What the packet path counts the `TrafficObserver` adds, which `host/` is.

import type { Endpoint } from '../l2tp/endpoint.ts';
import { addedCounts } from '../l2tp/message-counters.ts';
import type { V3Endpoint } from '../l2tp/v3/endpoint.ts';
import type { Millis } from '../wire/machine.ts';
import type { Addresses } from './addresses.ts';
import type { Call } from './call.ts';
import type { Calls } from './calls.ts';
import type { Circuit } from './circuit.ts';
import type { Configuration } from './configuration.ts';
import type { Interface } from './configuration-interface.ts';
import type { Connections } from './connections.ts';
import { isCircuit } from './cross-connects.ts';
import { KEEPALIVE_PERIOD, KEEPALIVE_RETRIES } from './defaults.ts';
import type { Dialers } from './dialers.ts';
import { PPTP_CALLS } from './events.ts';
import type { FailureHistory } from './failure.ts';
import type { Interfaces } from './interfaces.ts';
import type { ManualSessions } from './manual-sessions.ts';
import { ETHERNET_MTU } from './mtu.ts';
import type { Pptp } from './pptp.ts';
import type { PptpConnections } from './pptp-connections.ts';
import { RouterRows, type TrafficObserver } from './router-rows.ts';
import { pptpSessionViews, pptpTunnelViews } from './router-rows-pptp.ts';
import type { Routing } from './routing.ts';
import type { Tunnels } from './tunnels.ts';
import type {
  DropView,
  InterfaceView,
  PoolView,
  PppLinkView,
  RouterView,
  RouteView,
  SessionView,
  TunnelView,
} from './view.ts';
import type { MppeView, PptpSessionView, PptpTunnelView } from './view-pptp.ts';
import { noTraffic } from './view-traffic.ts';

export interface RouterParts {
  readonly endpoint: Endpoint;
  readonly v3: V3Endpoint;
  readonly manual: ManualSessions;
  readonly interfaces: Interfaces;
  readonly routing: Routing;
  readonly addresses: Addresses;
  readonly tunnels: Tunnels;
  readonly connections: Connections;
  readonly pptp: Pptp;
  readonly pptpConnections: PptpConnections;
  readonly calls: Calls;
  readonly dialers: Dialers;
  readonly failures: FailureHistory;
}

export function routerView(
  parts: RouterParts,
  configuration: Configuration,
  { now, epoch }: { readonly now: Millis; readonly epoch: Millis },
  observer?: TrafficObserver,
): RouterView {
  const rows = new RouterRows(parts, observer);
  // Lists of thousands are made only for those that ask for the whole of one.
  let tunnels: TunnelView[] | undefined;
  let sessions: SessionView[] | undefined;
  let pptpTunnels: PptpTunnelView[] | undefined;
  let pptpSessions: PptpSessionView[] | undefined;
  let interfaces: InterfaceView[] | undefined;
  let mppe: MppeView[] | undefined;
  let routes: RouteView[] | undefined;
  let pools: PoolView[] | undefined;
  let drops: DropView[] | undefined;
  return {
    now,
    wallClock: epoch + now,
    bootedAt: 0,
    configuration,
    timestamps: configuration.services.timestampsLog,
    rows,
    get tunnels() {
      tunnels ??= [...rows.tunnels({})];
      return tunnels;
    },
    get sessions() {
      sessions ??= [...rows.sessions({})];
      return sessions;
    },
    get interfaces() {
      interfaces ??= interfaceViews(parts, configuration, now, observer);
      return interfaces;
    },
    get routes() {
      routes ??= parts.routing.views();
      return routes;
    },
    get pptpTunnels() {
      pptpTunnels ??= pptpTunnelViews(parts, observer);
      return pptpTunnels;
    },
    get pptpSessions() {
      pptpSessions ??= pptpSessionViews(parts, observer);
      return pptpSessions;
    },
    get mppe() {
      interfaces ??= interfaceViews(parts, configuration, now, observer);
      mppe ??= interfaces.flatMap((row) => observer?.mppe(row) ?? []);
      return mppe;
    },
    users: [],
    failures: parts.failures.entries(),
    failureTableSize: parts.failures.size,
    get pools() {
      pools ??= parts.addresses.views();
      return pools;
    },
    get drops() {
      drops ??= [...dropViews(parts), ...(observer?.drops() ?? [])];
      return drops;
    },
    controlMessages: addedCounts(parts.endpoint.messages, parts.v3.messages),
    pppStatistics: parts.calls.statistics.view(),
    cloned: { ...parts.calls.cloned },
  };
}

function interfaceViews(
  parts: RouterParts,
  configuration: Configuration,
  now: Millis,
  observer: TrafficObserver | undefined,
): InterfaceView[] {
  const names = new Set(configuration.interfaces.keys());
  const physical = [...configuration.devices.keys()].filter((name) => !names.has(name));
  const unconfigured = physical.map((name): InterfaceView => interfaceView(parts, undefined, name, now));
  const configured = [...configuration.interfaces.values()].map((subject) => {
    return interfaceView(parts, subject, subject.name, now);
  });
  const access = [...parts.calls.all()]
    .filter(({ place }) => place.role === 'lns')
    .map((call) => callInterfaceView(parts, call.place.subject, call.place.interfaceName, call));
  const all = [...unconfigured, ...configured, ...access];
  for (const row of all) observer?.interface(row);
  return all;
}

function interfaceView(parts: RouterParts, subject: Interface | undefined, name: string, now: Millis): InterfaceView {
  if (subject?.kind === 'Virtual-PPP' || subject?.kind === 'Dialer') {
    return callInterfaceView(parts, subject, name, parts.calls.onInterface(name));
  }
  const facts = parts.interfaces.link(name);
  const isUp = isCircuit(subject) && parts.interfaces.circuitOf(name).up;
  const up = subject?.kind === 'Loopback' || facts?.up === true || isUp;
  const own = parts.interfaces.addressOf(name);
  return {
    ...common(subject, name),
    status: subject?.shutdown === true ? 'administratively down' : up ? 'up' : 'down',
    lineProtocol: up && subject?.shutdown !== true ? 'up' : 'down',
    device: facts?.device,
    address: own?.address ?? borrowed(parts, subject),
    prefixLength: own?.prefixLength,
    mtu: subject?.mtu ?? facts?.mtu ?? (subject?.kind === 'Loopback' ? LOOPBACK_MTU : ETHERNET_MTU),
    since: now,
    carrierTransitions: 0,
  };
}

/** A Virtual-PPP interface, or the Virtual-Access of a call. */
function callInterfaceView(
  parts: RouterParts,
  subject: Interface,
  name: string,
  call: Call | Circuit | undefined,
): InterfaceView {
  const up = call?.upSince !== undefined;
  return {
    ...common(subject, name),
    status: subject.shutdown && subject.kind !== 'Virtual-Template' ? 'administratively down' : up ? 'up' : 'down',
    lineProtocol: call?.neighbor === undefined ? 'down' : 'up',
    address: call?.neighbor?.source ?? parts.interfaces.addressOf(name)?.address ?? borrowed(parts, subject),
    prefixLength: subject.address?.kind === 'static' ? subject.address.prefixLength : 32,
    addressMethod: subject.address?.kind === 'negotiated' ? 'IPCP' : methodOf(subject),
    peerAddress: call?.neighbor?.address,
    mtu: call?.data?.networkUp === true ? call.data.mtu : (subject.mtu ?? ETHERNET_MTU),
    clonedFrom: call?.place.role === 'lns' ? subject.name : undefined,
    tunnelId: call?.place.connection ?? call?.place.tunnel,
    sessionId: call?.place.session,
    sessionOf: call?.place.tunnel === 0 ? 'l2tpv3' : call?.place.tunnel === PPTP_CALLS ? 'pptp' : undefined,
    lcp: call?.link?.lcpState ?? (call === undefined ? 'Closed' : 'Initial'),
    openNcps: call?.neighbor === undefined ? [] : ['IPCP'],
    link: call === undefined ? undefined : linkView(call),
    username: call === undefined || call.username === '' ? undefined : call.username,
    since: call?.changedAt ?? 0,
    carrierTransitions: call?.transitions ?? 0,
  };
}

function linkView(call: Call | Circuit): PppLinkView | undefined {
  const { link, place, upSince } = call;
  if (link === undefined) return undefined;
  const { peer, local } = link.agreedAuthentication;
  return {
    phase: link.phase,
    lcp: link.lcpState,
    ipcp: link.ipcpState,
    peerAuthentication: peer,
    localAuthentication: local,
    options: link.options,
    network: link.network,
    peerName: call.username,
    uniqueId: place.uniqueId,
    upSince,
  };
}

function common(subject: Interface | undefined, name: string) {
  const kind = name.startsWith('Virtual-Access') ? ('Virtual-Access' as const) : (subject?.kind ?? 'physical');
  const from = subject?.address?.kind === 'unnumbered' ? subject.address.from : undefined;
  return {
    name,
    kind,
    description: subject?.description,
    unnumberedFrom: from,
    addressMethod: methodOf(subject),
    bandwidth: subject?.bandwidth ?? (kind === 'Loopback' ? LOOPBACK_BANDWIDTH : DEFAULT_BANDWIDTH),
    openNcps: [],
    keepalivePeriod: (subject?.keepalive?.period ?? KEEPALIVE_PERIOD) * 1000,
    keepaliveRetries: subject?.keepalive?.retries ?? KEEPALIVE_RETRIES,
    counters: noTraffic(),
    inputErrors: 0,
    outputDrops: 0,
  };
}

function methodOf(subject: Interface | undefined): InterfaceView['addressMethod'] {
  return subject?.address?.kind === 'static' ? 'NVRAM' : 'unset';
}

function borrowed(parts: RouterParts, subject: Interface | undefined): string | undefined {
  return subject?.address?.kind === 'unnumbered'
    ? parts.interfaces.addressOf(subject.address.from)?.address
    : undefined;
}

function dropViews({ endpoint, v3, manual, pptp, calls }: RouterParts): DropView[] {
  const totals = new Map<string, DropView>();
  const add = (where: DropView['where'], reason: string, count: number) => {
    const key = `${where} ${reason}`;
    const known = totals.get(key);
    if (known === undefined) totals.set(key, { where, reason, count });
    else known.count += count;
  };
  for (const [reason, count] of endpoint.drops) add('l2tp', reason, count);
  for (const [reason, count] of v3.drops) add('l2tp', reason, count);
  for (const [reason, count] of manual.drops) add('l2tp', reason, count);
  for (const [reason, count] of pptp.endpoint.drops) add('pptp', reason, count);
  for (const [reason, count] of pptp.drops) add('pptp', reason, count);
  for (const [reason, count] of calls.endedDrops) add('ppp', reason, count);
  for (const { link } of calls.all()) for (const [reason, count] of link?.drops ?? []) add('ppp', reason, count);
  return [...totals.values()];
}

const LOOPBACK_MTU = 1514;
const LOOPBACK_BANDWIDTH = 8_000_000;
const DEFAULT_BANDWIDTH = 100_000;
