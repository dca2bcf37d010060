// The loops of the workers, around a socket and devices that are given.

import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DownlinkLoop } from '../../src/dataplane/downlink-loop.ts';
import { FrameQueue } from '../../src/dataplane/frame-queue.ts';
import { Ring } from '../../src/dataplane/ring.ts';
import { type SessionRow, SessionTable } from '../../src/dataplane/session-table.ts';
import { UplinkLoop } from '../../src/dataplane/uplink-loop.ts';
import { Epoll } from '../../src/sys/epoll.ts';
import { UdpSocket } from '../../src/sys/socket.ts';
import { parseIpv4 } from '../../src/wire/ip.ts';
import { dataMessage, framed, ipv4Packet, tcpPacket } from './harness/packets.ts';
import { waitReadable } from './harness/readable.ts';

// The loops of the workers, turned by hand: real sockets on loopback, a file or a socket in the place of a TUN device.

const LOOPBACK = '127.0.0.1';
const CONTROL = Uint8Array.from([0xc8, 0x02, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0]);
const PACKET = ipv4Packet({ payload: Uint8Array.of(1, 2, 3, 4) });

function sessionBetween(local: UdpSocket, peer: UdpSocket, changes: Partial<SessionRow> = {}): SessionRow {
  return {
    ...{ localTunnel: 7, localSession: 9, peerTunnel: 7, peerSession: 9, device: 0 },
    ...{ localAddress: parseIpv4(LOOPBACK), localPort: local.localPort },
    ...{ peerAddress: parseIpv4(LOOPBACK), peerPort: peer.localPort },
    ...{ networkUp: true, strictSource: true, sendAcfc: false, sendPfc: false, sequencing: false },
    ...{ mtu: 1460, mssClamp: 0 },
    ...changes,
  };
}

class UplinkBench {
  readonly local = UdpSocket.open({ address: LOOPBACK, port: 0 });
  readonly peer = UdpSocket.open({ address: LOOPBACK, port: 0 });
  readonly table = SessionTable.create(4);
  readonly ring: Ring;
  readonly row: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'uplink-'));
  readonly #file = join(this.#folder, 'device');
  readonly #fd = openSync(this.#file, 'w+');
  readonly #loop: UplinkLoop;
  wakes = 0;

  constructor(changes: Partial<SessionRow> = {}, ringSize = 1 << 16) {
    this.ring = Ring.create(ringSize);
    this.row = this.table.open(sessionBetween(this.local, this.peer, changes));
    this.table.addPrefix(0, parseIpv4('10.66.0.2'), 32, this.row);
    this.table.setDeviceFd(0, this.#fd);
    this.table.setSocketFd(0, this.local.fd);
    this.#loop = new UplinkLoop(this.table, this.ring, this.local.localPort);
  }

  send(...datagrams: Uint8Array[]): this {
    const path = { localAddress: LOOPBACK, localPort: 0, peerAddress: LOOPBACK, peerPort: this.local.localPort };
    for (const octets of datagrams) assert.equal(this.peer.sendDatagram(path, octets), undefined);
    return this;
  }

  /** Takes all there is; what was written to the device. */
  turn(): Buffer {
    waitReadable(this.local.fd, 1000);
    while (this.#loop.round(0, 5, () => this.wakes++));
    return readFileSync(this.#file);
  }

  [Symbol.dispose](): void {
    this.local.close();
    this.peer.close();
    closeSync(this.#fd);
    rmSync(this.#folder, { recursive: true });
  }
}

describe('the loop of the way in', () => {
  it('a packet is written to its device behind an empty virtio header', () => {
    using bench = new UplinkBench();
    const written = bench.send(dataMessage({ payload: framed(PACKET) })).turn();
    assert.deepEqual([...written], [...new Array(10).fill(0), ...PACKET]);
    assert.equal(bench.table.counters(bench.row).lastInput, 5);
  });

  it('segments of one stream in several datagrams are written as one', () => {
    using bench = new UplinkBench();
    const data = new Uint8Array(100);
    for (let index = 0; index < 10; index++) {
      bench.send(
        dataMessage({ payload: framed(tcpPacket({ sequence: index * 100, data, tcpOptions: new Array(12).fill(1) })) }),
      );
    }
    const written = bench.turn();
    assert.equal(written.length, 10 + 52 + 1000);
    assert.equal(written[1], 1);
  });

  it('messages for the control thread come with one wake-up, with the address they came to', () => {
    using bench = new UplinkBench();
    bench.send(CONTROL, dataMessage({ payload: Uint8Array.of(0xc0, 0x21, 9, 0, 0, 4) }), CONTROL).turn();
    assert.equal(bench.wakes, 1);
    const datagrams = bench.ring.drain(10);
    assert.equal(datagrams.length, 3);
    assert.deepEqual(datagrams[0], {
      path: {
        ...{ localAddress: LOOPBACK, localPort: bench.local.localPort },
        ...{ peerAddress: LOOPBACK, peerPort: bench.peer.localPort },
      },
      octets: CONTROL,
    });
  });

  it('a full ring is counted, and packets go on', () => {
    using bench = new UplinkBench({}, 256);
    for (let index = 0; index < 20; index++) bench.send(CONTROL);
    const written = bench.send(dataMessage({ payload: framed(PACKET) })).turn();
    assert.equal(bench.ring.drain(100).length, 8);
    assert.equal(bench.table.drops()['control-ring-full'], 12);
    assert.equal(written.length, 10 + PACKET.length);
  });

  it('a flood of PPP frames leaves room for control messages', () => {
    using bench = new UplinkBench({ networkUp: false }, 1024);
    for (let index = 0; index < 50; index++) bench.send(dataMessage({ payload: framed(PACKET) }));
    bench.send(CONTROL).turn();
    assert.deepEqual(bench.ring.drain(100).at(-1)!.octets, CONTROL);
  });

  it('RFC 2661 §5.4: a message that begins sequencing is forwarded and shown to the control thread', () => {
    using bench = new UplinkBench();
    const written = bench.send(dataMessage({ ns: 0, payload: framed(PACKET) })).turn();
    assert.equal(written.length, 10 + PACKET.length);
    assert.equal(bench.ring.drain(10).length, 1);
  });

  it('packets of a device that is gone are counted', () => {
    using bench = new UplinkBench();
    bench.table.setDeviceFd(0, -1);
    bench.send(dataMessage({ payload: framed(PACKET) })).turn();
    assert.deepEqual(bench.table.counters(bench.row).drops, { 'device-refused': 1 });
  });

  it('an empty datagram is counted', () => {
    using bench = new UplinkBench();
    bench.send(new Uint8Array()).turn();
    assert.deepEqual(bench.table.drops(), { 'malformed-header': 1 });
  });
});

class DownlinkBench {
  readonly local = UdpSocket.open({ address: LOOPBACK, port: 0 });
  readonly peer = UdpSocket.open({ address: LOOPBACK, port: 0 });
  /** A socket reads like a TUN: one datagram, one packet. */
  readonly device = UdpSocket.open({ address: LOOPBACK, port: 0 });
  readonly epoll = new Epoll();
  readonly table = SessionTable.create(4);
  readonly row: number;
  readonly loop: DownlinkLoop;
  readonly lost: number[] = [];

  constructor() {
    this.row = this.table.open(sessionBetween(this.local, this.peer));
    this.table.addPrefix(0, parseIpv4('10.66.0.2'), 32, this.row);
    this.table.setDeviceFd(0, this.device.fd);
    this.epoll.add(this.device.fd, 0);
    this.table.setSocketFd(0, this.local.fd);
    this.loop = new DownlinkLoop(this.table, { epoll: this.epoll.fd, frames: FrameQueue.create(), framesFd: -1 });
  }

  give(packet: Uint8Array): void {
    const path = { localAddress: LOOPBACK, localPort: 0, peerAddress: LOOPBACK, peerPort: this.device.localPort };
    assert.equal(this.peer.sendDatagram(path, Uint8Array.from([...new Array(10).fill(0), ...packet])), undefined);
  }

  turn(): void {
    this.loop.round(this.loop.wait(), 5, (device) => this.lost.push(device));
  }

  [Symbol.dispose](): void {
    for (const socket of [this.local, this.peer, this.device, this.epoll]) socket.close();
  }
}

describe('the loop of the way out', () => {
  const packet = ipv4Packet({ target: '10.66.0.2', payload: new Uint8Array(8) });

  it('a packet goes out to the peer of its session', () => {
    using bench = new DownlinkBench();
    bench.give(packet);
    bench.turn();
    assert.equal(waitReadable(bench.peer.fd, 1000), true);
    const { packetsOut, octetsOut, lastOutput } = bench.table.counters(bench.row);
    assert.deepEqual([packetsOut, octetsOut, lastOutput], [1, packet.length + 4, 5]);
  });

  it('a device takes no more than its share of a turn', () => {
    using bench = new DownlinkBench();
    for (let index = 0; index < 100; index++) bench.give(packet);
    bench.turn();
    assert.equal(bench.table.counters(bench.row).packetsOut, 64);
    bench.turn();
    assert.equal(bench.table.counters(bench.row).packetsOut, 100);
  });

  it('a device that cannot be read is reported', () => {
    using bench = new DownlinkBench();
    bench.give(packet);
    // A directory is a descriptor that every read refuses.
    const folder = openSync(tmpdir(), 'r');
    bench.table.setDeviceFd(0, folder);
    bench.turn();
    assert.deepEqual(bench.lost, [0]);
    closeSync(folder);
  });

  it('a device that was removed while it had packets is left alone', () => {
    using bench = new DownlinkBench();
    bench.give(packet);
    bench.table.setDeviceFd(0, -1);
    bench.turn();
    assert.equal(bench.table.counters(bench.row).packetsOut, 0);
    assert.deepEqual(bench.lost, []);
  });
});
