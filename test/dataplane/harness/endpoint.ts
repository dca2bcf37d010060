// One end of a tunnel with a session opened by hand, no signalling: `node endpoint.ts '<EndpointOptions as JSON>'`.
// Prints a line of JSON when ready, one for each datagram passed up, and one of counters for each empty line on its input.
// A line with an object changes the session, `frame` sends an LCP frame as the control thread would. `devices` has it open and close others; `exit` and `throw` end it the hard way.

import { createInterface } from 'node:readline';
import { DOWNLINK, SEALING, UPLINK } from '../../../src/dataplane/layout.ts';
import { encryptionCounters, flowCounters } from '../../../src/dataplane/link-counters.ts';
import { DataplanePool } from '../../../src/host/dataplane-pool.ts';
import { sessionRow } from '../../../src/host/session-row.ts';
import { TunnelSockets } from '../../../src/host/tunnel-sockets.ts';
import type { CompressionState, LinkCompression } from '../../../src/ppp/events.ts';
import { encodeAddressAddition } from '../../../src/rtnetlink/address.ts';
import { decodeLink, encodeLinkChange, encodeLinkQuery } from '../../../src/rtnetlink/link.ts';
import { encodeRouteAddition } from '../../../src/rtnetlink/route.ts';
import { NetlinkSocket } from '../../../src/sys/netlink-socket.ts';
import { PacketSocket } from '../../../src/sys/packet-socket.ts';
import { Tun } from '../../../src/sys/tun.ts';
import { type DataSession, type GreData, PPTP_CALLS, type V3Data } from '../../../src/vpdn/events.ts';
import { type Path, parseIpv4 } from '../../../src/wire/ip.ts';

export interface EndpointOptions {
  readonly localAddress: string;
  readonly peerAddress: string;
  /** Inside the tunnel. */
  readonly address: string;
  readonly farAddress: string;
  readonly mtu?: number;
  readonly mssClamp?: number;
  readonly sequencing?: boolean;
  readonly strictSource?: boolean;
  readonly compressed?: boolean;
  readonly deviceMtu?: number;
  /** L2TPv3, by UDP or by IP protocol 115; the addresses outside may be of IPv6 then. */
  readonly v3?: V3Options;
  /** PPTP: a call in enhanced GRE, with these windows; the addresses outside may be of IPv6 then. */
  readonly gre?: Partial<GreData>;
  readonly mppe?: MppeOptions;
  readonly mppeThreads?: boolean;
}

export interface MppeOptions {
  /** Hexadecimal digits; absent: nothing is sealed that way. */
  readonly sendKey?: string;
  readonly receiveKey?: string;
  /** 0: MPPC alone. */
  readonly bits: 0 | 40 | 56 | 128;
  readonly stateful?: boolean;
  readonly mppc?: boolean;
  readonly required?: boolean;
}

export interface V3Options {
  readonly transport: 'udp' | 'ip';
  /** Octets of either cookie, in hexadecimal digits. */
  readonly localCookie?: string;
  readonly peerCookie?: string;
  readonly sublayer?: boolean;
  readonly sequencing?: boolean;
  readonly tos?: number;
  readonly tosReflect?: boolean;
  readonly dontFragment?: boolean;
  readonly ttl?: number;
  /** Ethernet frames: of a TAP device, or of a device that is there already. */
  readonly ethernet?: 'tap' | { readonly attached: string };
}

function main(options: EndpointOptions): void {
  const mtu = options.mtu ?? 1460;
  const sockets = new TunnelSockets({
    onOpen: (socket, fd) => pool.addSocket(socket, fd),
    onFailure: (failure) => print({ failure }),
  });
  const { device, name, attached } = deviceOf(options.v3?.ethernet);
  if (!attached) bringUp(name, options, options.deviceMtu ?? mtu);

  const pool = DataplanePool.start({
    udpSocket: sockets.udp,
    capacity: 1000,
    mppeThreads: options.mppeThreads ?? false,
    onDatagrams: (batch) => {
      for (const { path, octets } of batch) print({ path, octets: Buffer.from(octets).toString('hex') });
    },
    onWorkerFailure: (failure) => print({ failure }),
    onDeviceLost: (lost) => print({ lost }),
    // A peer's CCP would answer a Reset-Request with a Reset-Ack, after which it begins anew.
    onTrouble: (trouble) => print({ trouble }),
  });
  const transport = transportOf(options);
  const path = {
    localAddress: options.localAddress,
    localPort: 1701,
    peerAddress: options.peerAddress,
    peerPort: 1701,
  };
  if (!sockets.need({ ...transport, ...path })) throw new Error('no socket');
  let session: DataSession = { ...sessionOf(options, mtu), path: { ...transport, ...path } };
  const row = pool.table.open(sessionRow(session, 3));
  if (options.v3?.ethernet === undefined) {
    pool.table.addPrefix(3, parseIpv4(options.farAddress), 32, row);
    if (options.strictSource !== true) pool.table.addPrefix(3, 0, 0, row);
  }
  pool.addDevice(3, device.fd, attached);
  void areAtWork(pool, row, options.mppeThreads === true).then(() => print({ ready: true }));

  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line === 'exit') process.exit(0);
    if (line === 'devices') {
      comeAndGo(pool).then((rounds) => print({ rounds }));
      return;
    }
    if (line === 'throw') throw new Error('asked for');
    if (line.startsWith('{')) {
      session = { ...session, ...changeOf(JSON.parse(line)) };
      pool.table.update(row, sessionRow(session, 3));
      return;
    }
    if (line === 'frame') {
      print({ queued: pool.sendFrame(row, session.localSession, Uint8Array.of(0xff, 3, 0xc0, 0x21, 9, 1, 0, 4)) });
      return;
    }
    const { table } = pool;
    const more = { flow: flowCounters(table, row), encryption: encryptionCounters(table, row) };
    print({ counters: table.counters(row), drops: table.drops(), memory: process.memoryUsage().rss, ...more });
  });
  process.on('SIGTERM', async () => {
    await pool.removeDevice(3);
    device.close();
    await pool.stop();
    sockets.close();
    process.exit(0);
  });
}

/** Threads take their time to start on a busy machine: until they have been seen at work, packets wait, or are too late. */
async function areAtWork(pool: DataplanePool, row: number, mppeThreads: boolean): Promise<void> {
  // Of no call: it is dropped, but not before somebody has looked at it.
  pool.sendFrame(row, -1, new Uint8Array(1));
  const wanted = [UPLINK, mppeThreads && pool.table.seals(row) ? SEALING : DOWNLINK];
  while (wanted.some((reader) => pool.table.epochs()[reader] === 0)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function deviceOf(ethernet: V3Options['ethernet']): { device: Tun | PacketSocket; name: string; attached: boolean } {
  if (ethernet === undefined) return { device: Tun.open('tun0'), name: 'tun0', attached: false };
  if (ethernet === 'tap') return { device: Tun.open('tap0', 'tap'), name: 'tap0', attached: false };
  return { device: PacketSocket.open(ethernet.attached), name: ethernet.attached, attached: true };
}

/** Of a TUN the far end's address is told; of a TAP it is asked for on the wire. */
function bringUp(device: string, { address, farAddress, v3 }: EndpointOptions, mtu: number): void {
  const netlink = NetlinkSocket.open();
  const index = decodeLink(netlink.request(encodeLinkQuery(device))[0]!)!.index;
  netlink.request(encodeLinkChange({ index, up: true, mtu, gsoMaxSize: 61440 }));
  if (v3?.ethernet !== undefined) {
    netlink.request(encodeAddressAddition({ index, address, prefixLength: 16 }));
  } else {
    netlink.request(encodeAddressAddition({ index, address, prefixLength: 32, peer: farAddress }));
    netlink.request(encodeRouteAddition({ prefix: '10.66.0.0', prefixLength: 16, device: index }));
  }
  netlink.close();
}

function sessionOf(options: EndpointOptions, mtu: number): Omit<DataSession, 'path'> {
  const { v3, gre } = options;
  const localTunnel = gre !== undefined ? PPTP_CALLS : v3 === undefined ? 7 : 0;
  const ids = { localTunnel, peerTunnel: gre === undefined ? localTunnel : 0 };
  const session = v3 === undefined ? 9 : 0xfedcba98;
  return {
    ...ids,
    ...{ localSession: session, peerSession: session, device: 'tun0', interfaceName: 'tun0' },
    networkUp: true,
    strictSource: options.strictSource ?? false,
    sendAcfc: options.compressed ?? false,
    sendPfc: options.compressed ?? false,
    sequencing: options.sequencing ?? false,
    mtu,
    mssClamp: options.mssClamp ?? mtu - 40,
    ...(v3 === undefined ? {} : { v3: v3DataOf(v3) }),
    ...(options.mppe && { compression: compressionOf(options.mppe, 1) }),
    ...(gre === undefined ? {} : { gre: { localWindow: 64, peerWindow: 64, peerProcessingDelay: 0, ...gre } }),
  };
}

/** What a line of the test changes about the session: other keys are `generation`. */
function changeOf(line: { mppe?: MppeOptions; generation?: number; flushes?: number }): Partial<DataSession> {
  return {
    ...(line.mppe && { compression: compressionOf(line.mppe, line.generation ?? 1) }),
    ...(line.flushes !== undefined && { compressionFlushes: line.flushes }),
  };
}

function compressionOf(options: MppeOptions, generation: number): LinkCompression {
  const { bits, stateful = false, mppc = false, required = false } = options;
  const stateOf = (key: string | undefined): CompressionState | undefined => {
    if (key === undefined) return undefined;
    const startKey = Uint8Array.from(Buffer.from(key, 'hex'));
    return { ...(bits === 0 ? {} : { mppe: { bits, stateful, startKey } }), mppc, generation };
  };
  return { transmit: stateOf(options.sendKey), receive: stateOf(options.receiveKey), required };
}

function transportOf({ v3, gre }: EndpointOptions): Pick<Path, 'transport'> {
  if (gre !== undefined) return { transport: 'gre' };
  return v3?.transport === 'ip' ? { transport: 'ip' } : {};
}

function v3DataOf(v3: V3Options): V3Data {
  const { tos = 0, tosReflect = false, dontFragment = false, ttl = 255, sublayer = false, sequencing = false } = v3;
  return {
    localCookie: Uint8Array.from(Buffer.from(v3.localCookie ?? '', 'hex')),
    peerCookie: Uint8Array.from(Buffer.from(v3.peerCookie ?? '', 'hex')),
    ...{ receiveSublayer: sublayer, sendSublayer: sublayer, receiveSequencing: sequencing, sendSequencing: sequencing },
    payload: v3.ethernet === undefined ? 'ppp' : 'ethernet',
    outer: { tos, tosReflect, dontFragment, ttl },
  };
}

/** Devices opened and removed over and over, their descriptors' numbers used again each time. */
async function comeAndGo(pool: DataplanePool): Promise<number> {
  let rounds = 0;
  for (; rounds < 3; rounds++) {
    const devices = Array.from({ length: 10 }, (_, index) => Tun.open(`more${index}`));
    for (const [index, { fd }] of devices.entries()) pool.addDevice(10 + index, fd);
    for (const [index, device] of devices.entries()) {
      await pool.removeDevice(10 + index);
      device.close();
    }
  }
  return rounds;
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

if (process.argv[1] === import.meta.filename) main(JSON.parse(process.argv[2]!) as EndpointOptions);
