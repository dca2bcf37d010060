// A bad network between two ends of a PPTP call: `node relay.ts '<Relay as JSON>'`, at the right end. It takes the packets of
// GRE for one address and sends them on from another, so that either end takes it for its peer; some it loses, some come
// twice, some come after those behind them, as a generator with a seed has it. Prints a line when ready.

import { IpSocket, PROTOCOL_GRE } from '../../../src/sys/ip-socket.ts';
import * as libc from '../../../src/sys/libc.ts';
import { formatIpv4, type Path } from '../../../src/wire/ip.ts';

export interface Relay {
  /** Of a thousand packets. */
  readonly lost?: number;
  readonly twice?: number;
  readonly late?: number;
  readonly seed?: number;
}

/** What comes to the first address goes on from the second to the third. */
const WAYS: readonly (readonly [string, string, string])[] = [
  ['10.1.0.3', '10.1.0.4', '10.1.0.2'],
  ['10.1.0.4', '10.1.0.3', '10.1.0.1'],
];

function main({ lost = 0, twice = 0, late = 0, seed = 1 }: Relay): void {
  const socket = IpSocket.open({ protocol: PROTOCOL_GRE });
  const buffer = new Uint8Array(65536);
  const view = new DataView(buffer.buffer);
  const address = libc.addressOf(buffer);
  const poll = new Uint8Array(8);
  new DataView(poll.buffer).setInt32(0, socket.fd, true);
  poll[4] = 1; // POLLIN
  let state = seed;
  const chance = (ofThousand: number): boolean => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % 1000 < ofThousand;
  };
  /** By way: those overtaken, each with how many still go before it. */
  const overtaken: { path: Path; packet: Uint8Array; left: number }[][] = WAYS.map(() => []);
  process.stdout.write('{"relaying":true}\n');
  for (;;) {
    if (libc.poll(libc.addressOf(poll), 1, 10) === 0) {
      // Nobody is left who might overtake them.
      for (const { path, packet } of overtaken.flat()) socket.sendDatagram(path, packet);
      for (const each of overtaken) each.length = 0;
    }
    for (;;) {
      const length = libc.recv(socket.fd, address, buffer.length, 0);
      if (length < 20) break;
      const target = formatIpv4(view.getUint32(16));
      const way = WAYS.findIndex(([to]) => to === target);
      if (way < 0 || chance(lost)) continue;
      const [, localAddress, peerAddress] = WAYS[way]!;
      const path: Path = { transport: 'gre', localAddress, localPort: 0, peerAddress, peerPort: 0 };
      const packet = buffer.slice((buffer[0]! & 15) << 2, length);
      if (chance(late)) {
        overtaken[way]!.push({ path, packet, left: 1 + ((state >>> 20) % 4) });
        continue;
      }
      socket.sendDatagram(path, packet);
      if (chance(twice)) socket.sendDatagram(path, packet);
      for (const each of overtaken[way]!) if (--each.left === 0) socket.sendDatagram(each.path, each.packet);
      overtaken[way] = overtaken[way]!.filter(({ left }) => left > 0);
    }
  }
}

main(JSON.parse(process.argv[2]!) as Relay);
