// The router as `show` sees it. What the packet path counts is missing here: `host/` adds it.

import type { Endpoint } from '../l2tp/endpoint.ts';
import type { Millis } from '../wire/machine.ts';
import type { Addresses } from './addresses.ts';
import type { Call } from './call.ts';
import type { Calls } from './calls.ts';
import type { Configuration } from './configuration.ts';
import type { Interface } from './configuration-interface.ts';
import { KEEPALIVE_PERIOD, KEEPALIVE_RETRIES } from './defaults.ts';
import type { Dialers } from './dialers.ts';
import type { FailureHistory } from './failure.ts';
import type { Interfaces } from './interfaces.ts';
import { ETHERNET_MTU } from './mtu.ts';
import type { Routing } from './routing.ts';
import type { Tunnels } from './tunnels.ts';
import type {
  DropView,
  InterfaceView,
  PppLinkView,
  RouterView,
  SessionView,
  TrafficCounters,
  TunnelView,
} from './view.ts';

export interface RouterParts {
  readonly endpoint: Endpoint;
  readonly interfaces: Interfaces;
  readonly routing: Routing;
  readonly addresses: Addresses;
  readonly tunnels: Tunnels;
  readonly calls: Calls;
  readonly dialers: Dialers;
  readonly failures: FailureHistory;
}

export function routerView(
  parts: RouterParts,
  configuration: Configuration,
  { now, epoch }: { readonly now: Millis; readonly epoch: Millis },
): RouterView {
  return {
    now,
    wallClock: epoch + now,
    bootedAt: 0,
    configuration,
    timestamps: configuration.services.timestampsLog,
    tunnels: tunnelViews(parts),
    sessions: sessionViews(parts),
    interfaces: interfaceViews(parts, configuration, now),
    routes: parts.routing.views(),
    users: [],
    failures: parts.failures.entries(),
    failureTableSize: parts.failures.size,
    pools: parts.addresses.views(),
    drops: dropViews(parts),
    pppStatistics: parts.calls.statistics.view(),
    cloned: { ...parts.calls.cloned },
  };
}

function tunnelViews({ endpoint, tunnels }: RouterParts): TunnelView[] {
  return [...endpoint.tunnels()].map((status): TunnelView => {
    const tunnel = tunnels.get(status.tunnel);
    const { authenticated, authenticationFailures, channel } = status;
    return {
      protocol: 'l2tp',
      localId: status.tunnel,
      remoteId: status.peerTunnel,
      locallyInitiated: status.locallyInitiated,
      state: status.state,
      since: status.since,
      localName: status.localName,
      remoteName: status.peerName === '' ? (tunnel?.remoteName ?? '') : status.peerName,
      localAddress: status.path.localAddress,
      localPort: status.path.localPort,
      remoteAddress: status.path.peerAddress,
      remotePort: status.path.peerPort,
      l2tpClass: tunnel?.l2tpClass,
      vpdnGroup: tunnel?.group,
      activeSessions: status.calls,
      counters: {
        packetsSent: status.messagesSent,
        packetsReceived: status.messagesReceived,
        octetsSent: status.octetsSent,
        octetsReceived: status.octetsReceived,
      },
      control: { ...channel, authenticated, authenticationFailures },
    };
  });
}

function sessionViews({ endpoint, calls }: RouterParts): SessionView[] {
  const views: SessionView[] = [];
  for (const tunnel of endpoint.tunnels()) {
    for (const status of endpoint.calls(tunnel.tunnel)) {
      const call = calls.get(tunnel.tunnel, status.session);
      views.push({
        protocol: 'l2tp',
        localId: status.session,
        remoteId: status.peerSession,
        tunnelId: tunnel.tunnel,
        remoteTunnelId: tunnel.peerTunnel,
        uniqueId: call?.place.uniqueId ?? 0,
        callSerialNumber: status.callSerialNumber,
        remoteName: tunnel.peerName,
        remoteAddress: tunnel.path.peerAddress,
        state: status.state,
        since: status.since,
        username: call === undefined || call.username === '' ? undefined : call.username,
        interfaceName: call?.place.interfaceName,
        vcid: call?.place.role === 'lac' ? call.place.subject.pseudowire?.vcid : undefined,
        mtu: call?.data?.mtu ?? 0,
        sequencing: status.sequencing,
        ns: status.ns,
        nr: status.nr,
        counters: {
          packetsSent: status.framesSent,
          packetsReceived: status.framesReceived,
          octetsSent: status.octetsSent,
          octetsReceived: status.octetsReceived,
        },
        outOfOrderDropped: status.outOfOrderDropped,
      });
    }
  }
  return views;
}

function interfaceViews(parts: RouterParts, configuration: Configuration, now: Millis): InterfaceView[] {
  const names = new Set(configuration.interfaces.keys());
  const physical = [...configuration.devices.keys()].filter((name) => !names.has(name));
  const unconfigured = physical.map((name): InterfaceView => interfaceView(parts, undefined, name, now));
  const configured = [...configuration.interfaces.values()].map((subject) => {
    return interfaceView(parts, subject, subject.name, now);
  });
  const access = [...parts.calls.all()]
    .filter(({ place }) => place.role === 'lns')
    .map((call) => callInterfaceView(parts, call.place.subject, call.place.interfaceName, call));
  return [...unconfigured, ...configured, ...access];
}

function interfaceView(parts: RouterParts, subject: Interface | undefined, name: string, now: Millis): InterfaceView {
  if (subject?.kind === 'Virtual-PPP') return callInterfaceView(parts, subject, name, parts.calls.onInterface(name));
  const facts = parts.interfaces.link(name);
  const up = subject?.kind === 'Loopback' || facts?.up === true;
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
  call: Call | undefined,
): InterfaceView {
  const up = call?.upSince !== undefined;
  return {
    ...common(subject, name),
    status: subject.shutdown && subject.kind === 'Virtual-PPP' ? 'administratively down' : up ? 'up' : 'down',
    lineProtocol: call?.neighbor === undefined ? 'down' : 'up',
    address: call?.neighbor?.source ?? parts.interfaces.addressOf(name)?.address ?? borrowed(parts, subject),
    prefixLength: subject.address?.kind === 'static' ? subject.address.prefixLength : 32,
    addressMethod: subject.address?.kind === 'negotiated' ? 'IPCP' : methodOf(subject),
    peerAddress: call?.neighbor?.address,
    mtu: call?.data?.networkUp === true ? call.data.mtu : (subject.mtu ?? ETHERNET_MTU),
    clonedFrom: call?.place.role === 'lns' ? subject.name : undefined,
    tunnelId: call?.place.tunnel,
    sessionId: call?.place.session,
    lcp: call?.link?.lcpState ?? (call === undefined ? 'Closed' : 'Initial'),
    openNcps: call?.neighbor === undefined ? [] : ['IPCP'],
    link: call === undefined ? undefined : linkView(call),
    username: call === undefined || call.username === '' ? undefined : call.username,
    since: call?.changedAt ?? 0,
    carrierTransitions: call?.transitions ?? 0,
  };
}

function linkView(call: Call): PppLinkView | undefined {
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

function dropViews({ endpoint, calls }: RouterParts): DropView[] {
  const totals = new Map<string, DropView>();
  const add = (where: DropView['where'], reason: string, count: number) => {
    const key = `${where} ${reason}`;
    const known = totals.get(key);
    if (known === undefined) totals.set(key, { where, reason, count });
    else known.count += count;
  };
  for (const [reason, count] of endpoint.drops) add('l2tp', reason, count);
  for (const [reason, count] of calls.endedDrops) add('ppp', reason, count);
  for (const { link } of calls.all()) for (const [reason, count] of link?.drops ?? []) add('ppp', reason, count);
  return [...totals.values()];
}

function noTraffic(): TrafficCounters {
  return { packetsSent: 0, packetsReceived: 0, octetsSent: 0, octetsReceived: 0 };
}

const LOOPBACK_MTU = 1514;
const LOOPBACK_BANDWIDTH = 8_000_000;
const DEFAULT_BANDWIDTH = 100_000;
