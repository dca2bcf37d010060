// Both ways of the packet path for calls of PPTP, and for whatever MPPE seals: octets in, a verdict out.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Downlink } from '../../src/dataplane/downlink.ts';
import { Flag } from '../../src/dataplane/layout.ts';
import { encryptionCounters, flowCounters } from '../../src/dataplane/link-counters.ts';
import { News } from '../../src/dataplane/news.ts';
import { type SessionRow, SessionTable } from '../../src/dataplane/session-table.ts';
import { Verdict } from '../../src/dataplane/verdict.ts';
import type { CompressionState, LinkCompression } from '../../src/ppp/events.ts';
import type { MppeSender } from '../../src/ppp/mppe.ts';
import { decodeGre, encodeGre } from '../../src/pptp/gre-header.ts';
import { parseIpv4 } from '../../src/wire/ip.ts';
import { seal, senderOf } from '../ppp/mppe-ends.ts';
import {
  BUFFER,
  CALL,
  DEVICE,
  MARGIN,
  PACKET,
  PEER,
  packetMemory,
  SESSION,
  uplinkOf,
  writeHeader,
} from './harness/forwarding.ts';
import { dataMessage, framed, ipv4Packet } from './harness/packets.ts';

const KEY = Uint8Array.from({ length: 16 }, (_, index) => 3 * index);
const LCP = Uint8Array.of(0xff, 3, 0xc0, 0x21, 9, 1, 0, 4);

function bench(changes: Partial<SessionRow> = {}) {
  const session = { ...CALL, ...changes };
  const table = SessionTable.create(4);
  const memory = packetMemory();
  const octets = new Uint8Array(memory.buffer);
  const row = table.open(session);
  table.addPrefix(DEVICE, parseIpv4('10.66.0.2'), 32, row);
  const news = new News();
  const uplink = uplinkOf(table, memory, news);
  uplink.transport = session.gre === undefined ? 0 : Flag.OverIp | Flag.Gre;
  const downlink = new Downlink(table, octets, news);
  const receive = (datagram: Uint8Array, address = PEER): Verdict => {
    octets.fill(0xaa, 0, BUFFER);
    octets.set(datagram, MARGIN);
    if (session.gre === undefined) return uplink.handle(MARGIN, datagram.length, address, SESSION.peerPort);
    return uplink.handleGre(MARGIN, datagram.length, address);
  };
  const forwarded = (): Uint8Array => octets.slice(uplink.packetAt, uplink.packetAt + uplink.packetLength);
  const passedUp = (): Uint8Array => octets.slice(uplink.upAt, uplink.upAt + uplink.upLength);
  const heard = (): string[] => {
    const all: string[] = [];
    news.drain((trouble) => all.push(trouble));
    return all;
  };
  return { session, table, octets, row, uplink, downlink, receive, forwarded, passedUp, heard };
}

function call(sequence: number, frame = framed(PACKET), id = CALL.localSession): Uint8Array {
  return encodeGre(id, frame, sequence);
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

describe('RFC 2637 §4.1: the way in', () => {
  it('a packet of the call is forwarded, with or without an acknowledgment, whatever stands behind the payload', () => {
    const { receive, forwarded, uplink, table, row } = bench();
    assert.equal(receive(call(0)), Verdict.Forward);
    assert.deepEqual(forwarded(), PACKET);
    table.nextNs(row);
    const acknowledging = Buffer.from(
      `3081880b${hex(call(1)).slice(8, 16)}0000000100000000${hex(framed(PACKET))}`,
      'hex',
    );
    assert.equal(receive(Uint8Array.from([...acknowledging, 1, 2, 3])), Verdict.Forward);
    assert.deepEqual([forwarded(), uplink.isAccepted], [PACKET, true]);
    assert.deepEqual([flowCounters(table, row)?.acknowledgedByPeer, table.counters(row).packetsIn], [0, 2]);
  });

  it('what only acknowledges is taken and nothing more', () => {
    const { receive, uplink, table, row } = bench();
    table.nextNs(row);
    assert.equal(receive(Buffer.from('2081880b0000123400000000', 'hex')), Verdict.Taken);
    assert.equal(uplink.isAccepted, false);
    assert.equal(flowCounters(table, row)?.acknowledgedByPeer, 0);
    assert.deepEqual(table.drops(), {});
  });

  const bad: [string, string, string][] = [
    ['no octets', '', 'malformed-header'],
    ['seven octets', '3001880b000c12', 'malformed-header'],
    ['version 0', '3000880b00041234' + '00000000' + 'ff030021', 'unsupported-version'],
    ['another protocol', '3001080000041234' + '00000000' + 'ff030021', 'unsupported-version'],
    ['no key', '1001880b00041234' + '00000000' + 'ff030021', 'malformed-header'],
    ['a checksum', 'b001880b00041234' + '00000000' + 'ff030021', 'malformed-header'],
    ['recursion', '3101880b00041234' + '00000000' + 'ff030021', 'malformed-header'],
    ['a payload without a number', '2001880b00041234' + 'ff030021', 'malformed-header'],
    ['a number without a payload', '3001880b00001234' + '00000000', 'malformed-header'],
    ['a payload longer than the packet', '3001880b00051234' + '00000000' + 'ff030021', 'malformed-header'],
    ['an acknowledgment cut off', '2081880b00001234' + '0000', 'malformed-header'],
    ['another call', '3001880b00041235' + '00000000' + 'ff030021', 'no-session'],
  ];
  for (const [name, octets, reason] of bad) {
    it(`${name} is dropped and counted as ${reason}`, () => {
      const { receive, table, row } = bench();
      receive(Buffer.from(octets, 'hex'));
      assert.deepEqual(table.drops(), { [reason]: 1 });
      assert.equal(flowCounters(table, row)?.lastReceived, -1);
    });
  }

  it('a call is its peer only: the right id from elsewhere changes nothing', () => {
    const { receive, table, row } = bench();
    assert.equal(receive(call(900), PEER + 1), Verdict.WrongPeer);
    assert.equal(receive(Buffer.from('2081880b0000123400000000', 'hex'), PEER + 1), Verdict.WrongPeer);
    assert.equal(flowCounters(table, row)?.lastReceived, -1);
    assert.equal(receive(call(0)), Verdict.Forward);
  });

  it('what is no IPv4 goes up as it came; so does all of a call whose network is down', () => {
    const up = bench();
    assert.equal(up.receive(call(0, LCP)), Verdict.PassUp);
    assert.deepEqual(up.passedUp(), call(0, LCP));
    const down = bench({ networkUp: false });
    assert.equal(down.receive(call(0)), Verdict.PassUp);
    assert.deepEqual(down.passedUp(), call(0));
  });

  it('one that came early is handled when its turn is', () => {
    const { receive, uplink, octets, table, row } = bench();
    receive(call(0));
    assert.equal(receive(call(3)), Verdict.Early);
    assert.deepEqual([uplink.sequence, uplink.row], [3, row]);
    assert.equal(uplink.handleGre(MARGIN, call(3).length, PEER, true), Verdict.Forward);
    assert.equal(octets[MARGIN], 0x30);
    assert.equal(receive(call(1)), Verdict.Late);
    assert.equal(receive(call(3)), Verdict.Duplicate);
    assert.equal(flowCounters(table, row)?.lost, 2);
    assert.deepEqual(table.counters(row).drops, { 'out-of-order': 1, duplicate: 1 });
  });

  it('property: no octets throw, or are forwarded without being a packet of the call', () => {
    const { receive } = bench();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => assert.notEqual(receive(octets), Verdict.Forward)),
    );
    const header = fc.tuple(
      fc.constantFrom(0x30, 0x20, 0x10),
      fc.constantFrom(0x01, 0x81),
      fc.uint8Array({ maxLength: 60 }),
    );
    fc.assert(
      fc.property(header, ([first, second, rest]) => {
        const verdict = bench().receive(
          Uint8Array.of(first, second, 0x88, 0x0b, 0, rest.length & 15, 0x12, 0x34, ...rest),
        );
        assert.ok(verdict !== Verdict.Forward);
      }),
      { numRuns: 50 },
    );
  });
});

describe('RFC 2637 §4.1: the way out', () => {
  it('number, payload length and the Call ID of the peer; an acknowledgment only if one is owed', () => {
    const { downlink, octets, receive, row } = bench();
    const header = (): string => hex(octets.slice(MARGIN - writeHeader(downlink, row, MARGIN, 0x123), MARGIN));
    assert.equal(header(), '3001880b0127abcd00000000ff030021');
    receive(call(5));
    assert.equal(header(), '3081880b0127abcd0000000100000005ff030021');
    assert.equal(header(), '3001880b0127abcd00000002ff030021');
    assert.equal(bench({ sendAcfc: true, sendPfc: true }).downlink.header.length, 0);
  });

  it("a packet of the tunnel's own does not go into it", () => {
    const { table, row, octets, downlink } = bench();
    table.addPrefix(DEVICE, 0, 0, row);
    const own = (protocol: number): Verdict => {
      const packet = ipv4Packet({ source: '192.0.2.1', target: '192.0.2.2', protocol, payload: new Uint8Array(8) });
      octets.set(packet, MARGIN);
      return downlink.handle(DEVICE, MARGIN, packet.length, packet.length, false);
    };
    assert.deepEqual([own(47), own(17)], [Verdict.Recursion, Verdict.Forward]);
  });
});

const STATE: CompressionState = { mppe: { bits: 128, stateful: false, startKey: KEY }, mppc: false, generation: 1 };
const BOTH: LinkCompression = { transmit: STATE, receive: STATE, required: false };

function sealed(sender: MppeSender, frame: Uint8Array): Uint8Array {
  return Uint8Array.of(0, 0xfd, ...seal(sender, frame));
}

function sender(stateful = false): MppeSender {
  return senderOf({ bits: 128, stateful, startKey: KEY });
}

describe('RFC 3078: what is sealed, and what must not be in the clear', () => {
  const clear: [string, LinkCompression | undefined, Verdict, Verdict][] = [
    ['nothing agreed', undefined, Verdict.Forward, Verdict.Forward],
    ['agreed both ways', BOTH, Verdict.ClearText, Verdict.Forward],
    [
      'required, nothing agreed',
      { transmit: undefined, receive: undefined, required: true },
      Verdict.ClearText,
      Verdict.EncryptionDown,
    ],
    [
      'required, only sent',
      { transmit: STATE, receive: undefined, required: true },
      Verdict.ClearText,
      Verdict.Forward,
    ],
    [
      'required, only received',
      { transmit: undefined, receive: STATE, required: true },
      Verdict.ClearText,
      Verdict.EncryptionDown,
    ],
    ['MPPC alone', { ...BOTH, receive: { mppc: true, generation: 1 } }, Verdict.Forward, Verdict.Forward],
  ];
  for (const [name, compression, inward, outward] of clear) {
    it(`${name}: a datagram in the clear is ${inward === Verdict.Forward ? 'taken' : 'dropped'}, whatever carries it`, () => {
      const changes = compression === undefined ? {} : { compression };
      const { receive, octets, downlink } = bench(changes);
      assert.equal(receive(call(0)), inward);
      const l2tp = bench({ ...SESSION, gre: undefined as never, ...changes });
      assert.equal(l2tp.receive(dataMessage({ payload: framed(PACKET) })), inward);
      const packet = ipv4Packet({ source: '10.66.0.1', target: '10.66.0.2', payload: new Uint8Array(9) });
      octets.set(packet, MARGIN);
      assert.equal(downlink.handle(DEVICE, MARGIN, packet.length, packet.length, false), outward);
    });
  }

  it('no protocol that should be sealed is taken in the clear, even while IPCP is not up; control protocols are', () => {
    const { receive } = bench({ compression: BOTH, networkUp: false });
    const verdicts = [0x21, 0x57, 0x2d, 0xc021, 0x80fd, 0x8021, 0xc223].map((protocol, sequence) =>
      receive(call(sequence, Uint8Array.of(0xff, 3, protocol >> 8, protocol & 255, 1, 1, 0, 4))),
    );
    assert.deepEqual(verdicts, [...new Array(3).fill(Verdict.ClearText), ...new Array(4).fill(Verdict.PassUp)]);
  });

  it('a sealed datagram is forwarded; one bit of the count wrong, or another key, and it is not', () => {
    const { receive, forwarded, table, row } = bench({ compression: BOTH });
    const peer = sender();
    assert.equal(receive(call(0, sealed(peer, framed(PACKET, Uint8Array.of(0, 0x21))))), Verdict.Forward);
    assert.deepEqual(forwarded(), PACKET);
    assert.equal(encryptionCounters(table, row)?.opened, 1);
    const compressed = sealed(peer, framed(PACKET, Uint8Array.of(0x21)));
    assert.equal(receive(call(1, Uint8Array.of(0xff, 3, ...compressed))), Verdict.Forward);
    assert.deepEqual(forwarded(), PACKET);
    const twisted = sealed(peer, framed(PACKET, Uint8Array.of(0, 0x21)));
    twisted[3]! ^= 1;
    assert.notEqual(receive(call(2, twisted)), Verdict.Forward);
    const foreign = senderOf({ bits: 128, stateful: false, startKey: KEY.toReversed() });
    const stranger = bench({ compression: BOTH });
    const foreigners = Array.from({ length: 50 }, (_, sequence) =>
      stranger.receive(call(sequence, sealed(foreign, framed(PACKET, Uint8Array.of(0, 0x21))))),
    );
    assert.ok(!foreigners.includes(Verdict.Forward) && foreigners.includes(Verdict.Unopened));
    assert.equal(receive(call(3, sealed(sender(), framed(PACKET, Uint8Array.of(0, 0x21))))), Verdict.SealedLate);
  });

  it('what else was sealed goes up in the clear, behind the header it came with', () => {
    const inner = Uint8Array.of(0, 0x57, 0x60, 1, 2, 3);
    const { receive, passedUp } = bench({ compression: BOTH });
    assert.equal(receive(call(7, sealed(sender(), inner))), Verdict.PassUp);
    assert.deepEqual(
      { ...decodeGre(passedUp()) },
      { call: 0x1234, sequence: 7, acknowledgment: undefined, payload: inner },
    );
    const l2tp = bench({ ...SESSION, gre: undefined as never, compression: BOTH });
    const payload = Uint8Array.of(0xff, 3, ...sealed(sender(), inner));
    assert.equal(l2tp.receive(dataMessage({ length: true, offset: 6, payload })), Verdict.PassUp);
    assert.deepEqual(l2tp.passedUp(), dataMessage({ length: true, offset: 6, payload: inner }));
  });

  it('compressed frames that go up have a header of their own as well', () => {
    const state = { mppe: STATE.mppe!, mppc: true, generation: 1 };
    const { receive, passedUp } = bench({ compression: { transmit: state, receive: state, required: true } });
    const peer = senderOf({ bits: 128, stateful: false, startKey: KEY, mppc: true });
    const inner = Uint8Array.of(0, 0x57, ...new Array(300).fill(0x41));
    for (let sequence = 0; sequence < 3; sequence++) {
      const payload = sealed(peer, inner);
      assert.ok(payload.length < 60);
      assert.equal(receive(call(sequence, payload)), Verdict.PassUp);
      assert.deepEqual(decodeGre(passedUp()).payload, inner);
    }
  });

  it('RFC 2118 §3.1: without encryption MPPC goes on from packet to packet, and a loss is told', () => {
    const state = { mppc: true, generation: 1 };
    const { receive, passedUp, heard } = bench({ compression: { transmit: state, receive: state, required: false } });
    const peer = senderOf({ bits: 0, stateful: true, startKey: new Uint8Array(0), mppc: true });
    const inner = Uint8Array.of(0, 0x57, ...new Array(300).fill(0x41));
    const next = (): Uint8Array => sealed(peer, inner);
    for (let sequence = 0; sequence < 3; sequence++) {
      assert.equal(receive(call(sequence, next())), Verdict.PassUp);
      assert.deepEqual(decodeGre(passedUp()).payload, inner);
    }
    next();
    assert.equal(receive(call(3, next())), Verdict.Unsynchronized);
    assert.deepEqual(heard(), ['compression-lost']);
  });

  it('with state a loss is told once a second until a packet begins anew', () => {
    const state = { mppe: { bits: 128 as const, stateful: true, startKey: KEY }, mppc: false, generation: 4 };
    const { receive, uplink, heard, table, row } = bench({
      compression: { transmit: state, receive: state, required: true },
    });
    const peer = sender(true);
    const next = (): Uint8Array => sealed(peer, framed(PACKET, Uint8Array.of(0, 0x21)));
    uplink.now = 1000;
    let sequence = 0;
    assert.equal(receive(call(sequence++, next())), Verdict.Forward);
    next();
    for (const [now, news] of [
      [2000, ['compression-lost']],
      [2500, []],
      [3100, ['compression-lost']],
    ] as const) {
      uplink.now = now;
      assert.equal(receive(call(sequence++, next())), Verdict.Unsynchronized);
      assert.deepEqual(heard(), news);
    }
    assert.equal(encryptionCounters(table, row)?.losses, 2);
    peer.flushNext();
    assert.equal(receive(call(sequence++, next())), Verdict.Forward);
    assert.deepEqual(heard(), []);
    next();
    assert.equal(receive(call(sequence++, next())), Verdict.Unsynchronized);
    assert.deepEqual(heard(), ['compression-lost']);
  });

  it('other keys begin anew at once, and the keys of a session that is gone are nowhere in the table', () => {
    const { receive, table, row, session } = bench({ compression: BOTH });
    receive(call(0, sealed(sender(), framed(PACKET, Uint8Array.of(0, 0x21)))));
    const other = { ...STATE, mppe: { ...STATE.mppe!, startKey: KEY.map((octet) => octet ^ 0x55) }, generation: 2 };
    table.update(row, { ...session, compression: { ...BOTH, receive: other } });
    const peer = senderOf({ bits: 128, stateful: false, startKey: other.mppe.startKey });
    assert.equal(receive(call(1, sealed(peer, framed(PACKET, Uint8Array.of(0, 0x21))))), Verdict.Forward);
    const words = new Int32Array(4).map((_, word) => new DataView(KEY.buffer).getInt32(4 * word));
    const holdsKey = (): boolean => {
      for (let at = 0; at + 4 <= table.words.length; at++)
        if (words.every((word, n) => table.words[at + n] === word)) return true;
      return false;
    };
    assert.equal(holdsKey(), true);
    table.close(row);
    assert.equal(holdsKey(), false);
  });
});
