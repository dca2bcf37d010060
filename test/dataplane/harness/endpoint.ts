// One end of a tunnel with a session opened by hand, no signalling: `node endpoint.ts '<EndpointOptions as JSON>'`.
// Prints a line of JSON when ready, one for each datagram passed up, and one of counters for each empty line on its input.
// `devices` has it open and close others; `exit` and `throw` end it the hard way.

import { createInterface } from 'node:readline';
import { DataplanePool } from '../../../src/host/dataplane-pool.ts';
import { encodeAddressAddition } from '../../../src/rtnetlink/address.ts';
import { decodeLink, encodeLinkChange, encodeLinkQuery } from '../../../src/rtnetlink/link.ts';
import { encodeRouteAddition } from '../../../src/rtnetlink/route.ts';
import { NetlinkSocket } from '../../../src/sys/netlink-socket.ts';
import { UdpSocket } from '../../../src/sys/socket.ts';
import { Tun } from '../../../src/sys/tun.ts';
import { parseIpv4 } from '../../../src/wire/ip.ts';

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
}

function main(options: EndpointOptions): void {
  const mtu = options.mtu ?? 1460;
  const socket = UdpSocket.open();
  const tun = Tun.open('tun0');
  const netlink = NetlinkSocket.open();
  const index = decodeLink(netlink.request(encodeLinkQuery('tun0'))[0]!)!.index;
  netlink.request(encodeLinkChange({ index, up: true, mtu: options.deviceMtu ?? mtu, gsoMaxSize: 61440 }));
  netlink.request(
    encodeAddressAddition({ index, address: options.address, prefixLength: 32, peer: options.farAddress }),
  );
  netlink.request(encodeRouteAddition({ prefix: '10.66.0.0', prefixLength: 16, device: index }));
  netlink.close();

  const pool = DataplanePool.start({
    udpSocket: socket,
    capacity: 1000,
    onDatagrams: (batch) => {
      for (const { path, octets } of batch) print({ path, octets: Buffer.from(octets).toString('hex') });
    },
    onWorkerFailure: (failure) => print({ failure }),
    onDeviceLost: (lost) => print({ lost }),
  });
  const row = pool.table.open({
    localTunnel: 7,
    localSession: 9,
    peerTunnel: 7,
    peerSession: 9,
    localAddress: parseIpv4(options.localAddress),
    localPort: 1701,
    peerAddress: parseIpv4(options.peerAddress),
    peerPort: 1701,
    device: 3,
    networkUp: true,
    strictSource: options.strictSource ?? false,
    sendAcfc: options.compressed ?? false,
    sendPfc: options.compressed ?? false,
    sequencing: options.sequencing ?? false,
    mtu,
    mssClamp: options.mssClamp ?? mtu - 40,
  });
  pool.table.addPrefix(3, parseIpv4(options.farAddress), 32, row);
  if (options.strictSource !== true) pool.table.addPrefix(3, 0, 0, row);
  pool.addDevice(3, tun.fd);
  print({ ready: true });

  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line === 'exit') process.exit(0);
    if (line === 'devices') {
      comeAndGo(pool).then((rounds) => print({ rounds }));
      return;
    }
    if (line === 'throw') throw new Error('asked for');
    print({ counters: pool.table.counters(row), drops: pool.table.drops() });
  });
  process.on('SIGTERM', async () => {
    await pool.removeDevice(3);
    tun.close();
    await pool.stop();
    socket.close();
    process.exit(0);
  });
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
