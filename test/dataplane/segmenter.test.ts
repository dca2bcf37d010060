// Super-packets of Linux cut into what fits the tunnel.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Arena } from '../../src/dataplane/arena.ts';
import { Downlink } from '../../src/dataplane/downlink.ts';
import { Row } from '../../src/dataplane/layout.ts';
import { RECEIVER_OCTETS, Receiver } from '../../src/dataplane/receiver.ts';
import { Segmenter } from '../../src/dataplane/segmenter.ts';
import { Sender } from '../../src/dataplane/sender.ts';
import { type SessionRow, SessionTable } from '../../src/dataplane/session-table.ts';
import { Verdict } from '../../src/dataplane/verdict.ts';
import { UdpSocket } from '../../src/sys/socket.ts';
import { internetChecksum } from '../../src/wire/checksum.ts';
import { parseIpv4 } from '../../src/wire/ip.ts';
import { ipv4Packet, tcpChecksum, tcpPacket } from './harness/packets.ts';
import { waitReadable } from './harness/readable.ts';

const DEVICE = 0;
const [FIN, PSH, ACK, CWR] = [0x01, 0x08, 0x10, 0x80];

/** A session whose peer is a socket of ours on loopback: what is sent can be read back. */
class Loop {
  readonly local = UdpSocket.open({ address: '127.0.0.1', port: 0 });
  readonly peer = UdpSocket.open({ address: '127.0.0.1', port: 0 });
  readonly table = SessionTable.create(4);
  readonly arena = new Arena(1 << 20);
  readonly row: number;
  readonly sender: Sender;
  readonly segmenter: Segmenter;
  readonly #receiverArena = new Arena(RECEIVER_OCTETS + 65536);
  readonly #receiver = new Receiver(this.#receiverArena, this.peer.fd, 0);
  readonly #buffer: number;
  #used = 0;

  constructor(changes: Partial<SessionRow> = {}) {
    this.row = this.table.open({
      ...{ localTunnel: 7, localSession: 9, peerTunnel: 1, peerSession: 2, device: DEVICE },
      ...{ localAddress: parseIpv4('127.0.0.1'), localPort: this.local.localPort },
      ...{ peerAddress: parseIpv4('127.0.0.1'), peerPort: this.peer.localPort },
      ...{ networkUp: true, strictSource: true, sendAcfc: false, sendPfc: false, sequencing: false },
      ...{ mtu: 1460, mssClamp: 0 },
      ...changes,
    });
    this.table.addPrefix(DEVICE, parseIpv4('10.66.0.2'), 32, this.row);
    const downlink = new Downlink(this.table, this.arena.octets);
    this.table.setSocketFd(0, this.local.fd);
    this.sender = new Sender(this.table, this.arena);
    this.segmenter = new Segmenter(this.arena, this.table, downlink, this.sender);
    this.#buffer = this.arena.take(400_000);
  }

  /** As read from a TUN: a virtio header and the packet. */
  give(
    packet: Uint8Array,
    virtio: { flags?: number; gsoType?: number; gsoSize?: number; start?: number; field?: number } = {},
  ) {
    const at = this.#buffer + this.#used + 22;
    this.#used += (packet.length + 32 + 63) & ~63;
    const view = new DataView(this.arena.octets.buffer, at);
    view.setUint8(0, virtio.flags ?? 0);
    view.setUint8(1, virtio.gsoType ?? 0);
    view.setUint16(4, virtio.gsoSize ?? 0, true);
    view.setUint16(6, virtio.start ?? 20, true);
    view.setUint16(8, virtio.field ?? 16, true);
    this.arena.octets.set(packet, at + 10);
    return this.segmenter.handle(DEVICE, at, packet.length + 10);
  }

  /** Sends, and returns the datagrams that come to the peer, with how many of them shared a buffer. */
  collect(): { datagrams: Uint8Array[]; runs: number } {
    this.sender.flush();
    this.segmenter.reset();
    this.#used = 0;
    const datagrams: Uint8Array[] = [];
    let runs = 0;
    for (;;) {
      waitReadable(this.peer.fd, 20);
      const count = this.#receiver.receive();
      if (count <= 0) return { datagrams, runs };
      for (let index = 0; index < count; index++) {
        runs++;
        const length = this.#receiver.open(index);
        const { at } = this.#receiver;
        for (let offset = 0; offset < length; offset += this.#receiver.segmentSize) {
          const end = Math.min(length, offset + this.#receiver.segmentSize);
          datagrams.push(this.#receiverArena.octets.slice(at + offset, at + end));
        }
      }
    }
  }

  [Symbol.dispose](): void {
    this.local.close();
    this.peer.close();
  }
}

const HEADER = 10;
const superPacket = (data: Uint8Array, parts = {}): Uint8Array =>
  tcpPacket({
    source: '10.66.0.1',
    target: '10.66.0.2',
    data,
    flags: ACK,
    tcpOptions: [1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8],
    ...parts,
  });
const GSO = { flags: 1, gsoType: 1, gsoSize: 1408 };
const dataOf = (datagram: Uint8Array): Uint8Array => datagram.subarray(HEADER + 52);
const sequenceOf = (datagram: Uint8Array): number => new DataView(datagram.buffer).getUint32(HEADER + 24);

describe('cutting super-packets', () => {
  it('RFC 9293 §3.1: pieces carry on sequence numbers, wrap included, and both checksums are right', () => {
    using loop = new Loop();
    const data = Uint8Array.from({ length: 20_000 }, (_, index) => index * 7);
    assert.equal(loop.give(superPacket(data, { sequence: 0xffffff00 }), GSO), Verdict.Forward);
    const { datagrams } = loop.collect();
    assert.equal(datagrams.length, Math.ceil(20_000 / 1408));
    for (const [index, datagram] of datagrams.entries()) {
      assert.equal(sequenceOf(datagram), (0xffffff00 + index * 1408) >>> 0);
      assert.equal(tcpChecksum(datagram.slice(HEADER)), 0);
      assert.equal(internetChecksum(datagram, HEADER, HEADER + 20), 0);
    }
    assert.deepEqual(Buffer.concat(datagrams.map(dataOf)), Buffer.from(data));
  });

  it('RFC 791 §3.1: lengths are those of the pieces and ids count up', () => {
    using loop = new Loop();
    loop.give(superPacket(new Uint8Array(3000), { id: 0xffff }), GSO);
    const views = loop.collect().datagrams.map((datagram) => new DataView(datagram.buffer));
    assert.deepEqual(
      views.map((view) => view.getUint16(HEADER + 2)),
      [1460, 1460, 3000 - 2816 + 52],
    );
    assert.deepEqual(
      views.map((view) => view.getUint16(HEADER + 4)),
      [0xffff, 0, 1],
    );
  });

  it('RFC 9293 §3.1, RFC 3168 §6.1.2: FIN and PSH go with the last piece, CWR with the first', () => {
    using loop = new Loop();
    loop.give(superPacket(new Uint8Array(4000), { flags: ACK | FIN | PSH | CWR }), { ...GSO, gsoType: 0x81 });
    const flags = loop.collect().datagrams.map((datagram) => datagram[HEADER + 33]);
    assert.deepEqual(flags, [ACK | CWR, ACK, ACK | FIN | PSH]);
  });

  it('RFC 2661 §5.4: each piece has an Ns of its own', () => {
    using loop = new Loop({ sequencing: true });
    loop.table.nextNs(loop.row);
    loop.give(superPacket(new Uint8Array(4000)), GSO);
    const { datagrams } = loop.collect();
    assert.deepEqual(
      datagrams.map((datagram) => Buffer.from(datagram.subarray(0, 14)).toString('hex')),
      ['08020001000200010000ff030021', '08020001000200020000ff030021', '08020001000200030000ff030021'],
    );
  });

  it('pieces go to the kernel as one run', () => {
    using loop = new Loop();
    loop.give(superPacket(new Uint8Array(40_000)), GSO);
    const { datagrams, runs } = loop.collect();
    assert.equal(datagrams.length, 29);
    assert.equal(runs, 1);
  });

  it('a peer that takes no runs gets every datagram all the same', () => {
    using loop = new Loop();
    loop.table.words[loop.table.rowWord(loop.row) + Row.PlainSends] = 1;
    loop.give(superPacket(new Uint8Array(40_000)), GSO);
    const { datagrams, runs } = loop.collect();
    assert.equal(datagrams.length, 29);
    assert.equal(runs, 29);
  });

  it('a super-packet of one-octet pieces uses up the header memory and still goes out whole', () => {
    using loop = new Loop();
    const data = Uint8Array.from({ length: 3000 }, (_, index) => index);
    loop.give(superPacket(data), { ...GSO, gsoSize: 1 });
    const { datagrams } = loop.collect();
    assert.deepEqual(Buffer.concat(datagrams.map(dataOf)), Buffer.from(data));
  });

  it('pieces longer than the MTU are a drop', () => {
    using loop = new Loop({ mtu: 1459 });
    assert.equal(loop.give(superPacket(new Uint8Array(4000)), GSO), Verdict.TooBig);
    assert.equal(loop.collect().datagrams.length, 0);
  });

  const refused: [string, Uint8Array, object][] = [
    ['IPv6 super-packets', superPacket(new Uint8Array(4000)), { ...GSO, gsoType: 4 }],
    ['UDP super-packets', superPacket(new Uint8Array(4000)), { ...GSO, gsoType: 5 }],
    ['pieces of no size', superPacket(new Uint8Array(4000)), { ...GSO, gsoSize: 0 }],
    ['a packet without a TCP header', superPacket(new Uint8Array()).subarray(0, 30), GSO],
    ['another protocol', ipv4Packet({ target: '10.66.0.2', payload: new Uint8Array(4000) }), GSO],
    ['a checksum outside the packet', superPacket(new Uint8Array(4)), { flags: 1, start: 60, field: 16 }],
  ];
  for (const [name, packet, virtio] of refused) {
    it(`${name} are a drop`, () => {
      using loop = new Loop();
      assert.equal(loop.give(packet, virtio), Verdict.NotIpv4);
      assert.equal(loop.collect().datagrams.length, 0);
    });
  }

  it('property: any virtio header over any super-packet ends in a verdict', () => {
    using loop = new Loop({ mtu: 65535 });
    const octet = fc.integer({ min: 0, max: 255 });
    const virtio = fc.record({
      flags: octet,
      gsoType: octet,
      gsoSize: fc.nat(65535),
      start: fc.nat(70),
      field: fc.nat(70),
    });
    fc.assert(
      fc.property(virtio, fc.nat(200), octet, fc.nat(60), (header, length, value, at) => {
        const packet = superPacket(new Uint8Array(length));
        if (at >= 20 || at === 0) packet[at] = value;
        assert.ok(Object.values(Verdict).includes(loop.give(packet, header)));
        loop.collect();
      }),
      { numRuns: 60 },
    );
  });
});

describe('packets that are whole', () => {
  const udp = ipv4Packet({ target: '10.66.0.2', payload: Uint8Array.of(0, 1, 0, 2, 0, 12, 0, 0, 1, 2, 3, 4) });

  it('RFC 768: an unfinished checksum is finished, and 0 is written as ffff', () => {
    using loop = new Loop();
    const packet = udp.slice();
    const view = new DataView(packet.buffer);
    // The field holds the pseudo-header's sum, chosen here so that all together complements to 0.
    const rest = ~internetChecksum(packet, 20, packet.length) & 0xffff;
    view.setUint16(26, ~rest & 0xffff);
    loop.give(packet, { flags: 1, start: 20, field: 6 });
    const [sent] = loop.collect().datagrams;
    assert.equal(new DataView(sent!.buffer).getUint16(HEADER + 26), 0xffff);
  });

  it('packets of one size go out as one run, each with its header', () => {
    using loop = new Loop();
    for (let index = 0; index < 10; index++) loop.give(udp);
    const { datagrams, runs } = loop.collect();
    assert.equal(datagrams.length, 10);
    assert.equal(runs, 1);
    for (const datagram of datagrams) assert.deepEqual(datagram.slice(HEADER), udp);
  });

  it('a shorter packet ends a run, a longer one begins the next; the order stays', () => {
    using loop = new Loop();
    const sizes = [40, 40, 30, 40, 50, 50];
    for (const size of sizes) loop.give(ipv4Packet({ target: '10.66.0.2', payload: new Uint8Array(size) }));
    const { datagrams } = loop.collect();
    assert.deepEqual(
      datagrams.map((datagram) => datagram.length - HEADER - 20),
      sizes,
    );
  });

  it('more packets than one call takes go out all', () => {
    using loop = new Loop();
    for (let index = 0; index < 500; index++) {
      loop.give(ipv4Packet({ target: '10.66.0.2', id: index, payload: new Uint8Array(8 + (index % 2)) }));
    }
    const ids = loop.collect().datagrams.map((datagram) => new DataView(datagram.buffer).getUint16(HEADER + 4));
    assert.deepEqual(
      ids,
      Array.from({ length: 500 }, (_, index) => index),
    );
  });

  it('what the socket refuses is counted, and the rest goes out', () => {
    using loop = new Loop();
    loop.table.addPrefix(DEVICE, parseIpv4('10.66.0.3'), 32, loop.table.open(unreachable()));
    loop.give(ipv4Packet({ target: '10.66.0.3', payload: new Uint8Array(8) }));
    loop.give(udp);
    assert.equal(loop.collect().datagrams.length, 1);
    assert.deepEqual(loop.table.drops(), { 'not-sent': 1 });
  });
});

/** Port 0 cannot be sent to. */
function unreachable(): SessionRow {
  return {
    ...{ localTunnel: 8, localSession: 8, peerTunnel: 1, peerSession: 2, device: DEVICE },
    ...{ localAddress: parseIpv4('127.0.0.1'), localPort: 1701, peerAddress: parseIpv4('127.0.0.1'), peerPort: 0 },
    ...{ networkUp: true, strictSource: true, sendAcfc: false, sendPfc: false, sequencing: false },
    ...{ mtu: 1460, mssClamp: 0 },
  };
}
