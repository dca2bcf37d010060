// The interfaces of a router as rows, in the order of every list, each made when it is asked for (C155, C157).

import type { Millis } from '../wire/machine.ts';
import type { Call } from './call.ts';
import type { Circuit } from './circuit.ts';
import type { Configuration } from './configuration.ts';
import type { Interface } from './configuration-interface.ts';
import { isCircuit } from './cross-connects.ts';
import { KEEPALIVE_PERIOD, KEEPALIVE_RETRIES } from './defaults.ts';
import { PPTP_CALLS } from './events.ts';
import { orderKey } from './interface-name.ts';
import { ETHERNET_MTU } from './mtu.ts';
import type { RouterParts } from './router-parts.ts';
import type { CallerView, InterfaceFilter, InterfaceView, PppLinkView } from './view.ts';
import { noTraffic } from './view-traffic.ts';

export interface RowsAt {
  readonly configuration: Configuration;
  readonly now: Millis;
}

type Parts = Pick<RouterParts, 'calls' | 'interfaces'>;

export function* interfaceRows(parts: Parts, at: RowsAt, { name }: InterfaceFilter): Generator<InterfaceView> {
  if (name !== undefined) {
    const row = namedRow(parts, at, name);
    if (row !== undefined) yield row;
    return;
  }
  for (const row of rowsOf(parts, at, () => true)) if (row !== undefined) yield row;
}

/** Undefined for each that is passed over: it never becomes a row. */
export function openInterfaceRows(parts: Parts, at: RowsAt): Generator<InterfaceView | undefined> {
  return rowsOf(parts, at, (call) => call?.link?.lcpState === 'Opened');
}

function* rowsOf(
  parts: Parts,
  at: RowsAt,
  isWanted: (call: Call | Circuit | undefined) => boolean,
): Generator<InterfaceView | undefined> {
  const { interfaces, devices } = at.configuration;
  // Those of callers are many, and have their order by themselves.
  const keyed = [...new Set([...interfaces.keys(), ...devices.keys()])].map((each) => {
    const kind = interfaces.get(each)?.kind ?? 'physical';
    return { each, key: orderKey(each, kind === 'physical') };
  });
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  const after = keyed.findIndex(({ key }) => key > ACCESS);
  const before = after < 0 ? keyed.length : after;
  const wanted = (each: string) => isWanted(parts.calls.onInterface(each));
  for (const { each } of keyed.slice(0, before)) {
    yield wanted(each) ? interfaceView(parts, interfaces.get(each), each, at.now) : undefined;
  }
  for (let number = 1; number <= parts.calls.highestAccess; number++) {
    const call = parts.calls.onInterface(`Virtual-Access${number}`);
    const row = call !== undefined && isWanted(call);
    yield row ? callInterfaceView(parts, call.place.subject, call.place.interfaceName, call) : undefined;
  }
  for (const { each } of keyed.slice(before)) {
    yield wanted(each) ? interfaceView(parts, interfaces.get(each), each, at.now) : undefined;
  }
}

/** Who is connected, without a row for each. */
export function* callerRows({ calls }: Parts): Generator<CallerView> {
  for (const { link, place, username } of calls.all()) {
    if (link === undefined) continue;
    const clonedFrom = place.role === 'lns' ? place.subject.name : undefined;
    yield { username, clonedFrom, open: link.lcpState === 'Opened', up: link.phase === 'UP', uniqueId: place.uniqueId };
  }
}

function namedRow(parts: Parts, { configuration, now }: RowsAt, name: string): InterfaceView | undefined {
  const subject = configuration.interfaces.get(name);
  if (subject !== undefined || configuration.devices.has(name)) return interfaceView(parts, subject, name, now);
  const call = parts.calls.onInterface(name);
  return call && callInterfaceView(parts, call.place.subject, name, call);
}

function interfaceView(parts: Parts, subject: Interface | undefined, name: string, now: Millis): InterfaceView {
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
    mtu: facts?.mtu ?? subject?.mtu ?? (subject?.kind === 'Loopback' ? LOOPBACK_MTU : ETHERNET_MTU),
    since: now,
    carrierTransitions: 0,
  };
}

/** A Virtual-PPP interface, or the Virtual-Access of a call. */
function callInterfaceView(
  parts: Parts,
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
    openNcps: call?.neighbor === undefined ? [] : call.link?.ccpState === 'Opened' ? ['IPCP', 'CCP'] : ['IPCP'],
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
    ccp: link.ccpState,
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

function borrowed(parts: Parts, subject: Interface | undefined): string | undefined {
  return subject?.address?.kind === 'unnumbered'
    ? parts.interfaces.addressOf(subject.address.from)?.address
    : undefined;
}

const ACCESS = orderKey('Virtual-Access0', false);
const LOOPBACK_MTU = 1514;
const LOOPBACK_BANDWIDTH = 8_000_000;
const DEFAULT_BANDWIDTH = 100_000;
