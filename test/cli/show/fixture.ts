// A router to look at: one tunnel, one session, and the pieces to build others. Addresses are of the documentation ranges.

import { emptyConfiguration } from '../../../src/vpdn/configuration.ts';
import type {
  FailureView,
  InterfaceView,
  PppLinkView,
  RouterView,
  RouteView,
  SessionView,
  TunnelView,
} from '../../../src/vpdn/view.ts';

export const NOW = 1_000_000_000;
/** 2026-11-22 16:35:53.120 UTC. */
export const WALL_CLOCK = 1_795_365_353_120;

export const HOSTILE = 'evil\u001b[2J\r\n\u009b31m\u202egnp.exe';
export const HOSTILE_PRINTED = 'evil\\u{1b}[2J\\u{d}\\u{a}\\u{9b}31m\\u{202e}gnp.exe';

export function routerView(parts: Partial<RouterView> = {}): RouterView {
  const configuration = emptyConfiguration();
  configuration.vpdn.enabled = true;
  return {
    now: NOW,
    wallClock: WALL_CLOCK,
    bootedAt: 0,
    configuration,
    timestamps: { kind: 'none' },
    tunnels: [],
    sessions: [],
    interfaces: [],
    routes: [],
    users: [],
    failures: [],
    failureTableSize: 20,
    pools: [],
    drops: [],
    ...parts,
  };
}

/** As a tunnel server sees it, in the numbers of the brief table. */
export function tunnelView(parts: Partial<TunnelView> = {}): TunnelView {
  return {
    protocol: 'l2tp',
    localId: 7658,
    remoteId: 8656,
    locallyInitiated: false,
    state: 'established',
    since: NOW - 7000,
    localName: 'lns',
    remoteName: 'LAC',
    localAddress: '192.0.2.2',
    localPort: 1701,
    remoteAddress: '192.0.2.1',
    remotePort: 1701,
    vpdnGroup: 'l2tpgroup1',
    activeSessions: 1,
    counters: { packetsSent: 4, packetsReceived: 0, octetsSent: 50, octetsReceived: 0 },
    control: {
      ns: 2,
      nr: 4,
      localWindow: 1024,
      remoteWindow: 1024,
      congestionWindow: 10,
      retransmissionTime: 1000,
      retransmissionTimeMax: 1000,
      unsentQueue: 0,
      unsentQueueMax: 0,
      resendQueue: 0,
      resendQueueMax: 1,
      resends: 0,
      zlbSent: 3,
      outOfOrderDropped: 0,
      outOfOrderReordered: 0,
      authenticationFailures: 0,
      retransmitDistribution: [0, 0, 0, 0, 0, 0, 0, 0, 0],
      authenticated: false,
    },
    ...parts,
  };
}

export function sessionView(parts: Partial<SessionView> = {}): SessionView {
  return {
    protocol: 'l2tp',
    localId: 3542,
    remoteId: 56774,
    tunnelId: 7658,
    remoteTunnelId: 8656,
    uniqueId: 645,
    callSerialNumber: 3355500002,
    remoteName: 'LAC',
    remoteAddress: '192.0.2.1',
    state: 'established',
    since: NOW - 609_000,
    username: 'bob@example',
    interfaceName: 'Virtual-Access3',
    mtu: 1464,
    sequencing: false,
    ns: 0,
    nr: 0,
    counters: { packetsSent: 52, packetsReceived: 52, octetsSent: 2080, octetsReceived: 1316 },
    outOfOrderDropped: 0,
    ...parts,
  };
}

export function interfaceView(parts: Partial<InterfaceView> = {}): InterfaceView {
  return {
    name: 'Virtual-Access3',
    kind: 'Virtual-Access',
    status: 'up',
    lineProtocol: 'up',
    unnumberedFrom: 'Loopback1',
    addressMethod: 'unset',
    peerAddress: '10.1.1.2',
    mtu: 1500,
    bandwidth: 100_000,
    clonedFrom: 'Virtual-Template1',
    tunnelId: 7658,
    sessionId: 3542,
    lcp: 'Opened',
    openNcps: ['IPCP'],
    username: 'bob',
    keepalivePeriod: 10_000,
    keepaliveRetries: 5,
    since: NOW - 60_000,
    lastInput: NOW - 7000,
    counters: { packetsSent: 4735, packetsReceived: 4736, octetsSent: 66_310, octetsReceived: 66_315 },
    inputErrors: 0,
    outputDrops: 0,
    carrierTransitions: 0,
    ...parts,
  };
}

export function loopback(parts: Partial<InterfaceView> = {}): InterfaceView {
  return interfaceView({
    name: 'Loopback1',
    kind: 'Loopback',
    address: '10.1.1.1',
    prefixLength: 24,
    addressMethod: 'manual',
    mtu: 1514,
    bandwidth: 8_000_000,
    openNcps: [],
    keepalivePeriod: 0,
    ...ABSENT,
    ...parts,
  });
}

export function routeView(prefix: string, prefixLength: number, parts: Partial<RouteView> = {}): RouteView {
  return { source: 'connected', prefix, prefixLength, distance: 0, ...parts };
}

export function failureView(parts: Partial<FailureView> = {}): FailureView {
  return {
    code: 'L2T-311',
    user: 'bob@example.com',
    remoteName: 'peer1',
    remoteAddress: '192.0.2.1',
    localName: 'lns',
    localAddress: '192.0.2.2',
    callId: 1,
    loggedAt: NOW - 5000,
    loggedAtWall: WALL_CLOCK,
    repeats: 1,
    failureType: 'The remote server closed this session',
    reason: 'Administrative intervention',
    remedy: 'see the log of the peer',
    ...parts,
  };
}

/** A printed block without the indentation of the test around it. */
export function block(text: string): string[] {
  const lines = text.replace(/^\n/, '').replace(/\n *$/, '').split('\n');
  const margin = Math.min(...lines.filter((line) => line !== '').map((line) => line.search(/\S|$/)));
  return lines.map((line) => line.slice(margin));
}

const ABSENT = {
  unnumberedFrom: undefined,
  peerAddress: undefined,
  clonedFrom: undefined,
  tunnelId: undefined,
  sessionId: undefined,
  lcp: undefined,
  username: undefined,
  lastInput: undefined,
};

/** An open link of bob's. */
export const LINK: PppLinkView = {
  phase: 'UP',
  lcp: 'Opened',
  ipcp: 'Opened',
  peerAuthentication: 'chap',
  options: {
    peerMru: 1500,
    localMru: 1460,
    sendAcfc: false,
    sendPfc: false,
    localMagic: 0x8ccf0e1e,
    peerMagic: 0xd945ad0a,
  },
  network: { localAddress: '10.1.1.1', peerAddress: '10.1.1.10', dns: [] },
  peerName: 'bob',
  uniqueId: 14,
  upSince: NOW - 75_000,
};
