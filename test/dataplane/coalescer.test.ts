// Runs of TCP segments put together for Linux.

import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Arena } from '../../src/dataplane/arena.ts';
import { Coalescer } from '../../src/dataplane/coalescer.ts';
import { SessionTable } from '../../src/dataplane/session-table.ts';
import { foldSum, internetChecksum, sumWords } from '../../src/wire/checksum.ts';
import { ipv4Packet, tcpChecksum, tcpPacket } from './harness/packets.ts';

interface Written {
  readonly virtio: { flags: number; gsoType: number; headers: number; gsoSize: number; start: number; field: number };
  readonly packet: Uint8Array;
}

/** A coalescer whose device is a file: what is written to it is read back packet by packet. */
class Sheet {
  readonly #folder = mkdtempSync(join(tmpdir(), 'coalescer-'));
  readonly #file = join(this.#folder, 'device');
  readonly fd = openSync(this.#file, 'w+');
  readonly table = SessionTable.create(1);
  readonly #arena = new Arena(1 << 20);
  readonly #coalescer = new Coalescer(this.#arena, this.table);
  readonly #buffer = this.#arena.take(800_000);
  #used = 0;

  give(packet: Uint8Array, fd = this.fd): this {
    const at = this.#buffer + this.#used;
    // Packets lie close together, as segments in one receive buffer do.
    this.#used += packet.length + 10;
    this.#arena.octets.set(packet, at);
    this.#coalescer.write(fd, 0, at, packet.length);
    return this;
  }

  written(): Written[] {
    this.#coalescer.flush();
    const octets = readFileSync(this.#file);
    const list: Written[] = [];
    for (let at = 0; at < octets.length; ) {
      const length = octets.readUInt16BE(at + 12);
      list.push({
        virtio: {
          flags: octets[at]!,
          gsoType: octets[at + 1]!,
          headers: octets.readUInt16LE(at + 2),
          gsoSize: octets.readUInt16LE(at + 4),
          start: octets.readUInt16LE(at + 6),
          field: octets.readUInt16LE(at + 8),
        },
        packet: Uint8Array.from(octets.subarray(at + 10, at + 10 + length)),
      });
      at += 10 + length;
    }
    return list;
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
    rmSync(this.#folder, { recursive: true });
  }
}

const [FIN, SYN, PSH, ACK, URG, CWR] = [0x01, 0x02, 0x08, 0x10, 0x20, 0x80];
const PLAIN = { flags: 0, gsoType: 0, headers: 0, gsoSize: 0, start: 0, field: 0 };
const OPTIONS = [1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8];
type Parts = Parameters<typeof tcpPacket>[0];
/** Segment number `index` of a stream in pieces of 100 octets. */
const piece = (index: number, parts: Parts = {}): Uint8Array =>
  tcpPacket({
    sequence: (0xffffffc0 + index * 100) >>> 0,
    id: 10 + index,
    tcpOptions: OPTIONS,
    data: new Uint8Array(100).fill(index),
    ...parts,
  });

describe('putting TCP segments together', () => {
  it('segments that follow each other become one super-packet, its checksum left to Linux', () => {
    using sheet = new Sheet();
    const [written, ...rest] = sheet.give(piece(0)).give(piece(1)).give(piece(2)).written();
    assert.deepEqual(rest, []);
    const { virtio, packet } = written!;
    assert.deepEqual(virtio, { flags: 1, gsoType: 1, headers: 52, gsoSize: 100, start: 20, field: 16 });
    assert.equal(packet.length, 52 + 300);
    assert.equal(internetChecksum(packet, 0, 20), 0);
    const pseudo = foldSum(sumWords(packet, 12, 20) + 6 + packet.length - 20);
    assert.equal(new DataView(packet.buffer).getUint16(36), pseudo);
    assert.deepEqual(
      packet.subarray(52),
      Uint8Array.from({ length: 300 }, (_, index) => Math.floor(index / 100)),
    );
  });

  it('a single segment is written as it came', () => {
    using sheet = new Sheet();
    assert.deepEqual(sheet.give(piece(0)).written(), [{ virtio: PLAIN, packet: piece(0) }]);
  });

  it('a shorter segment is the last of a super-packet', () => {
    using sheet = new Sheet();
    const lengths = sheet
      .give(piece(0))
      .give(piece(1, { data: new Uint8Array(40) }))
      .give(piece(2, { sequence: (0xffffffc0 + 140) >>> 0 }))
      .written()
      .map(({ packet }) => packet.length);
    assert.deepEqual(lengths, [192, 152]);
  });

  it('PSH ends a super-packet and is kept', () => {
    using sheet = new Sheet();
    const written = sheet
      .give(piece(0))
      .give(piece(1, { flags: ACK | PSH }))
      .give(piece(2))
      .written();
    assert.deepEqual(
      written.map(({ packet }) => [packet.length, packet[33]]),
      [
        [252, ACK | PSH],
        [152, ACK],
      ],
    );
  });

  const strangers: [string, Parts][] = [
    ['a gap', { sequence: 5000 }],
    ['a longer segment', { data: new Uint8Array(101) }],
    ['another acknowledgement number', { acknowledged: 78 }],
    ['another window', { window: 513 }],
    ['another time stamp', { tcpOptions: [...OPTIONS.slice(0, 11), 9] }],
    ['fewer options', { tcpOptions: [] }],
    ['another TTL', { ttl: 63 }],
    ['another TOS, ECN included', { tos: 3 }],
    ['DF gone', { fragment: 0 }],
    ['no data', { data: new Uint8Array() }],
    ['FIN', { flags: ACK | FIN }],
    ['SYN', { flags: ACK | SYN }],
    ['URG', { flags: ACK | URG }],
    ['CWR', { flags: ACK | CWR }],
    ['another source port', { sourcePort: 4001 }],
    ['another source', { source: '10.66.0.9' }],
    ['IP options', { options: 4 }],
    ['a fragment', { fragment: 0x2000 }],
  ];
  for (const [name, parts] of strangers) {
    it(`a segment with ${name} is not put to the one before`, () => {
      using sheet = new Sheet();
      const written = sheet.give(piece(0)).give(piece(1, parts)).written();
      const packets = written.map(({ packet }) => Buffer.from(packet).toString('hex'));
      assert.deepEqual(packets.sort(), [piece(0), piece(1, parts)].map((p) => Buffer.from(p).toString('hex')).sort());
      assert.ok(written.every(({ virtio }) => virtio.gsoType === 0));
    });
  }

  it('RFC 6864 §4.1: without DF the ids must count up', () => {
    using sheet = new Sheet();
    const parts = { fragment: 0 };
    const lengths = sheet
      .give(piece(0, parts))
      .give(piece(1, parts))
      .give(piece(2, { ...parts, id: 99 }))
      .written()
      .map(({ packet }) => packet.length);
    assert.deepEqual(lengths, [252, 152]);
  });

  it('RFC 9293 §3.1: a segment with a wrong checksum is never put to others, and stays wrong', () => {
    using sheet = new Sheet();
    const spoiled = piece(1);
    spoiled[100]! ^= 1;
    const written = sheet.give(piece(0)).give(spoiled).give(piece(2)).written();
    assert.deepEqual(
      written.map(({ packet }) => tcpChecksum(packet) === 0),
      [true, false, true],
    );
  });

  it('RFC 791 §3.1: nor is one with a wrong header checksum', () => {
    using sheet = new Sheet();
    const spoiled = piece(1);
    spoiled[10]! ^= 1;
    assert.equal(sheet.give(piece(0)).give(spoiled).written().length, 2);
  });

  it('segments of one stream keep their order whatever comes between', () => {
    using sheet = new Sheet();
    const pure = tcpPacket({ sequence: 0xffffffc0 + 100, flags: ACK | FIN });
    const other = ipv4Packet({ payload: new Uint8Array(20) });
    const written = sheet.give(piece(0)).give(other).give(pure).give(piece(1)).written();
    const tcp = written.filter(({ packet }) => packet[9] === 6).map(({ packet }) => packet.length);
    assert.deepEqual(tcp, [152, 40, 152]);
  });

  it('several streams are put together side by side', () => {
    using sheet = new Sheet();
    for (let index = 0; index < 5; index++) {
      for (let stream = 0; stream < 8; stream++) sheet.give(piece(index, { sourcePort: 4000 + stream }));
    }
    assert.deepEqual(
      sheet.written().map(({ packet }) => packet.length),
      new Array(8).fill(552),
    );
  });

  it('more streams than there are places lose nothing', () => {
    using sheet = new Sheet();
    for (let index = 0; index < 4; index++) {
      for (let stream = 0; stream < 20; stream++) sheet.give(piece(index, { sourcePort: 4000 + stream }));
    }
    const octets = sheet.written().reduce((sum, { packet }) => sum + packet.length - 52, 0);
    assert.equal(octets, 4 * 20 * 100);
  });

  it('RFC 791 §3.1: a super-packet does not grow past 65535 octets', () => {
    using sheet = new Sheet();
    for (let index = 0; index < 60; index++) {
      sheet.give(piece(index, { sequence: 1 + index * 1400, data: new Uint8Array(1400) }));
    }
    const lengths = sheet.written().map(({ packet }) => packet.length);
    assert.deepEqual(lengths, [52 + 46 * 1400, 52 + 14 * 1400]);
  });

  it('a device that refuses is counted, and does not stop the rest', () => {
    using sheet = new Sheet();
    sheet.give(piece(0), -1).give(piece(1), -1).give(piece(5));
    assert.equal(sheet.written().length, 1);
    assert.deepEqual(sheet.table.drops(), { 'device-refused': 2 });
  });

  it('property: whatever comes in whichever order, every stream comes out as it went in', () => {
    const segment = fc.record({
      stream: fc.nat(10),
      length: fc.integer({ min: 1, max: 120 }),
      flags: fc.constantFrom(ACK, ACK, ACK, ACK | PSH, ACK | FIN),
    });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 80 }), (segments) => {
        using sheet = new Sheet();
        const sent = new Map<number, number[]>();
        for (const { stream, length, flags } of segments) {
          const soFar = sent.get(stream) ?? [];
          const data = Uint8Array.from({ length }, (_, index) => index + soFar.length);
          sheet.give(
            tcpPacket({ sourcePort: 4000 + stream, sequence: soFar.length, flags, data, tcpOptions: OPTIONS }),
          );
          sent.set(stream, [...soFar, ...data]);
        }
        const received = new Map<number, number[]>();
        for (const { packet } of sheet.written()) {
          const view = new DataView(packet.buffer);
          const stream = view.getUint16(20) - 4000;
          const soFar = received.get(stream) ?? [];
          assert.equal(view.getUint32(24), soFar.length);
          received.set(stream, [...soFar, ...packet.subarray(52)]);
        }
        assert.deepEqual(received, sent);
      }),
      { numRuns: 100 },
    );
  });
});
