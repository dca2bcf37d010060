// L2TPv3 data messages through the packet path, in memory: both ways, with cookies and sublayers (RFC 3931 §4.1, §4.6).

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Downlink } from '../../src/dataplane/downlink.ts';
import { Flag } from '../../src/dataplane/layout.ts';
import { type SessionRow, SessionTable, type V3Row } from '../../src/dataplane/session-table.ts';
import { Verdict } from '../../src/dataplane/verdict.ts';
import { encodeDataMessage, sublayerWord } from '../../src/l2tp/v3/header.ts';
import { parseIpv4 } from '../../src/wire/ip.ts';
import { packetMemory, uplinkOf, writeHeader } from './harness/forwarding.ts';
import { framed, ipv4Packet } from './harness/packets.ts';

const PEER = parseIpv4('192.0.2.2') | 0;
const DEVICE = 3;
const SESSION_ID = 0xfedcba98;
const COOKIE = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const V3: V3Row = {
  ...{ overIp: false, localCookie: COOKIE, peerCookie: COOKIE.toReversed() },
  ...{ receiveSublayer: false, sendSublayer: false, sendSequencing: false, receiveSequencing: false },
  ...{ ethernet: false, tos: 0, tosReflect: false, dontFragment: false, ttl: 255 },
};
const SESSION: SessionRow = {
  ...{ localTunnel: 0, localSession: SESSION_ID, peerTunnel: 0, peerSession: 0x12345678 },
  ...{ localAddress: parseIpv4('192.0.2.1'), localPort: 1701, peerAddress: parseIpv4('192.0.2.2'), peerPort: 1701 },
  ...{ device: DEVICE, networkUp: true, strictSource: true, sendAcfc: false, sendPfc: false, sequencing: false },
  ...{ mtu: 1460, mssClamp: 0 },
};
const PACKET = ipv4Packet({ payload: Uint8Array.of(1, 2, 3, 4, 5) });
const FRAME = Uint8Array.from({ length: 60 }, (_, index) => index);
const SUBLAYER = { receiveSublayer: true, sendSublayer: true, sendSequencing: true, receiveSequencing: true };
const MARGIN = 64;

function bench(changes: Partial<V3Row> = {}, session: Partial<SessionRow> = {}) {
  const v3 = { ...V3, ...changes };
  const table = SessionTable.create(4);
  const memory = packetMemory();
  const octets = new Uint8Array(memory.buffer);
  const row = table.open({ ...SESSION, ...session, v3 });
  table.addPrefix(DEVICE, parseIpv4('10.66.0.2'), 32, row);
  const uplink = uplinkOf(table, memory);
  uplink.transport = v3.overIp ? Flag.OverIp : 0;
  const path = { ...(v3.overIp ? { transport: 'ip' as const } : {}), ...PATH };
  const receive = (datagram: Uint8Array, address = PEER): Verdict => {
    octets.fill(0xaa);
    octets.set(datagram, MARGIN);
    if (v3.overIp) return uplink.handleIp(MARGIN, datagram.length, address);
    return uplink.handle(MARGIN, datagram.length, address, SESSION.peerPort);
  };
  const message = (payload: Uint8Array, sublayer?: number, cookie = v3.localCookie, id = SESSION_ID): Uint8Array =>
    encodeDataMessage(path, id, cookie, sublayer, payload);
  const forwarded = (): Uint8Array => octets.slice(uplink.packetAt, uplink.packetAt + uplink.packetLength);
  return { table, octets, row, uplink, downlink: new Downlink(table, octets), receive, message, forwarded, path };
}

const PATH = { localAddress: '192.0.2.1', localPort: 1701, peerAddress: '192.0.2.2', peerPort: 1701 };

describe('L2TPv3, the way in', () => {
  for (const overIp of [false, true]) {
    for (const cookie of [0, 4, 8]) {
      for (const sublayer of [undefined, sublayerWord(undefined), sublayerWord(7)]) {
        const name = `over ${overIp ? 'IP' : 'UDP'}, cookie of ${cookie}, sublayer ${sublayer?.toString(16) ?? 'none'}`;
        it(`RFC 3931 §4.1: ${name} is forwarded`, () => {
          const form = { overIp, localCookie: COOKIE.subarray(0, cookie), receiveSublayer: sublayer !== undefined };
          const { receive, message, forwarded } = bench({ ...form, receiveSequencing: true });
          assert.equal(receive(message(framed(PACKET), sublayer)), Verdict.Forward);
          assert.deepEqual(forwarded(), PACKET);
        });
      }
    }
  }

  it('RFC 3931 §4.1: any one bit of the cookie that is wrong is a drop with its reason', () => {
    const { receive, message, table, row } = bench();
    for (let bit = 0; bit < 64; bit++) {
      const wrong = COOKIE.slice();
      wrong[bit >> 3]! ^= 1 << (bit & 7);
      assert.equal(receive(message(framed(PACKET), undefined, wrong)), Verdict.CookieMismatch, `bit ${bit}`);
    }
    assert.deepEqual(table.counters(row).drops, { 'cookie-mismatch': 64 });
  });

  it('RFC 3931 §4.1: a session that is not there is counted and not passed up', () => {
    const { receive, message, table } = bench();
    assert.equal(receive(message(framed(PACKET), undefined, COOKIE, 99)), Verdict.UnknownSession);
    assert.equal(receive(message(framed(PACKET), undefined, COOKIE, 0)), Verdict.UnknownSession);
    assert.deepEqual(table.drops(), { 'unknown-session': 2 });
  });

  it('RFC 3931 §4.1: the whole of the Session ID counts, and no session of L2TPv2 has it', () => {
    const { receive, message } = bench();
    assert.equal(receive(message(framed(PACKET), undefined, COOKIE, SESSION_ID & 0xffff)), Verdict.UnknownSession);
    const v2 = Uint8Array.of(0, 2, 0xfe, 0xdc, 0xba, 0x98, ...framed(PACKET));
    assert.equal(receive(v2), Verdict.NoSession);
  });

  it('a known session from another address is a drop', () => {
    const { receive, message } = bench();
    assert.equal(receive(message(framed(PACKET)), PEER + 1), Verdict.WrongPeer);
  });

  it('a session of one transport is not reached by the other', () => {
    const overUdp = bench();
    overUdp.uplink.transport = Flag.OverIp;
    const datagram = overUdp.message(framed(PACKET)).subarray(4);
    overUdp.octets.set(datagram, MARGIN);
    assert.equal(overUdp.uplink.handleIp(MARGIN, datagram.length, PEER), Verdict.WrongPeer);
  });

  it('with IPv6 outside every word of the address counts', () => {
    const ipv6 = { local: [1, 2, 3, 4], peer: [0x20010db8, 0, 0, 2] } as const;
    const { uplink, message, octets } = bench({}, { ipv6 });
    uplink.transport = Flag.Ipv6;
    const from = (...words: number[]): Verdict => {
      const datagram = message(framed(PACKET));
      octets.set(datagram, MARGIN);
      for (const [index, word] of words.entries()) new DataView(octets.buffer).setUint32(index * 4, word);
      return uplink.handle(MARGIN, datagram.length, words[3]! | 0, 1701);
    };
    assert.equal(from(0x20010db8, 0, 0, 2), Verdict.Forward);
    for (const words of [
      [0, 0, 0, 2],
      [0x20010db8, 1, 0, 2],
      [0x20010db8, 0, 1, 2],
      [0x20010db8, 0, 0, 3],
    ]) {
      assert.equal(from(...words), Verdict.WrongPeer, String(words));
    }
    // An IPv4 packet whose source is the address's last word.
    uplink.transport = 0;
    assert.equal(from(0x20010db8, 0, 0, 2), Verdict.WrongPeer);
  });

  it('RFC 3931 §3.2.1: a control message goes up, over UDP by its T bit and over IP by its Session ID 0', () => {
    const control = [0xc8, 3, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0];
    const [udp, ip] = [bench(), bench({ overIp: true })];
    assert.deepEqual([udp.receive(Uint8Array.from(control), 5), udp.uplink.isControl], [Verdict.PassUp, true]);
    const over = Uint8Array.of(0, 0, 0, 0, ...control);
    assert.deepEqual([ip.receive(over, 5), ip.uplink.isControl], [Verdict.PassUp, true]);
    const frame = ip.message(Uint8Array.of(0xff, 3, 0xc0, 0x21, 9, 1, 0, 4));
    assert.deepEqual([ip.receive(frame), ip.uplink.isControl], [Verdict.PassUp, false]);
  });

  it('every truncation is a drop', () => {
    for (const overIp of [false, true]) {
      const { receive, message } = bench({ overIp, ...SUBLAYER });
      const whole = message(framed(PACKET), sublayerWord(0));
      for (let length = 0; length < whole.length; length++) {
        if (overIp && length === 0) continue;
        const verdict = receive(whole.subarray(0, length));
        assert.notEqual(verdict, Verdict.Forward, `${length} octets`);
        // A frame that is cut off within its protocol field is for the control thread to judge.
        if (length < whole.length - PACKET.length - 4) assert.notEqual(verdict, Verdict.PassUp, `${length} octets`);
      }
    }
  });

  it('RFC 3931 §4.6: PPP where a sublayer was agreed, and a sublayer where none was, are told from each other', () => {
    const [without, within] = [bench(), bench(SUBLAYER)];
    assert.equal(without.receive(without.message(framed(PACKET), sublayerWord(1))), Verdict.SublayerMismatch);
    assert.equal(without.receive(without.message(framed(PACKET), sublayerWord(undefined))), Verdict.SublayerMismatch);
    assert.equal(within.receive(within.message(framed(PACKET))), Verdict.SublayerMismatch);
    const compressed = framed(PACKET, Uint8Array.of(0, 0x21));
    assert.equal(without.receive(without.message(compressed)), Verdict.Forward);
  });
});

describe('L2TPv3, sequence numbers', () => {
  const sequenced = () => {
    const { receive, message, table, row, octets } = bench(SUBLAYER);
    const number = (sequence: number | undefined, payload = framed(PACKET)): Verdict =>
      receive(message(payload, sublayerWord(sequence)));
    return { number, table, row, octets };
  };

  it('RFC 3931 §4.6.1: a gap is loss, what comes late after it is dropped', () => {
    const { number, table, row } = sequenced();
    assert.deepEqual(
      [0, 5, 3, 5, 6].map((at) => number(at)),
      [0, 0, Verdict.Late, Verdict.Late, 0],
    );
    assert.deepEqual([table.counters(row).nr, table.counters(row).outOfOrder], [7, 2]);
  });

  it('RFC 3931 §4.6.1: numbers wrap at 2^24', () => {
    const { number } = sequenced();
    assert.deepEqual(
      [0x700000, 0xe00000, 0xffffff, 0, 1].map((at) => number(at)),
      [0, 0, 0, 0, 0],
    );
  });

  it('RFC 3931 Appendix C: a run of late numbers is a peer that began anew', () => {
    const { number } = sequenced();
    number(1000);
    const verdicts = Array.from({ length: 20 }, (_, at) => number(at));
    assert.deepEqual(verdicts, [...new Array(15).fill(Verdict.Late), ...new Array(5).fill(Verdict.Forward)]);
  });

  it('RFC 3931 §4.6: a message without the S bit has no number', () => {
    const { number } = sequenced();
    number(1000);
    assert.equal(number(undefined), Verdict.Forward);
    assert.equal(number(1001), Verdict.Forward);
  });

  it('numbers are not looked at where they were not asked for', () => {
    const { receive, message } = bench({ ...SUBLAYER, receiveSequencing: false });
    for (const at of [9, 3, 3]) assert.equal(receive(message(framed(PACKET), sublayerWord(at))), Verdict.Forward);
  });

  it('what goes up has no number any more: who sees some of them only would take them for late', () => {
    const { number, octets } = sequenced();
    assert.equal(number(0, Uint8Array.of(0xff, 3, 0xc0, 0x21, 9, 1, 0, 4)), Verdict.PassUp);
    assert.equal(octets[MARGIN + 16], 0);
  });
});

describe('L2TPv3, the way out', () => {
  const headers: [Partial<V3Row>, string][] = [
    [{}, '0003000012345678' + '0807060504030201' + 'ff030021'],
    [{ overIp: true }, '12345678' + '0807060504030201' + 'ff030021'],
    [{ overIp: true, peerCookie: new Uint8Array() }, '12345678ff030021'],
    [{ overIp: true, peerCookie: Uint8Array.of(9, 8, 7, 6), sendSublayer: true }, '123456780908070600000000ff030021'],
    [{ overIp: true, peerCookie: new Uint8Array(), ...SUBLAYER }, '1234567840000000ff030021'],
    [{ overIp: true, ...SUBLAYER, ethernet: true }, '12345678' + '0807060504030201' + '40000000'],
    [{ sendSequencing: true, peerCookie: new Uint8Array() }, '0003000012345678ff030021'],
  ];
  for (const [changes, expected] of headers) {
    it(`RFC 3931 §4.1: the header is ${expected}`, () => {
      const { downlink, octets, row } = bench(changes);
      const length = writeHeader(downlink, row, MARGIN);
      assert.equal(Buffer.from(octets.subarray(MARGIN - length, MARGIN)).toString('hex'), expected);
      assert.equal(octets[MARGIN - length - 1]! + octets[MARGIN]!, 0);
    });
  }

  it('RFC 3931 §4.6.1: the number counts up, shared with whoever else sends, and wraps at 2^24', () => {
    const { downlink, octets, row, table } = bench(SUBLAYER);
    const next = (): number => {
      const length = writeHeader(downlink, row, MARGIN);
      // Behind the Session ID and the cookie.
      return new DataView(octets.buffer).getUint32(MARGIN - length + 16);
    };
    assert.deepEqual([next(), next(), table.nextNs(row), next()], [0x40000000, 0x40000001, 2, 0x40000003]);
    table.words[table.rowWord(row) + 9] = 0xffffff;
    assert.deepEqual([next(), next()], [0x40ffffff, 0x40000000]);
  });

  it('property: what our own way out writes, our own way in takes', () => {
    const cookie = fc.constantFrom(0, 4, 8).map((size) => COOKIE.subarray(0, size));
    const flag = fc.boolean();
    fc.assert(
      fc.property(
        flag,
        cookie,
        flag,
        flag,
        flag,
        flag,
        flag,
        (overIp, size, sublayer, numbers, acfc, pfc, ethernet) => {
          const sublayers = { receiveSublayer: sublayer, sendSublayer: sublayer };
          const sequencing = { sendSequencing: numbers, receiveSequencing: numbers };
          const { downlink, uplink, octets, row } = bench(
            { overIp, localCookie: size, peerCookie: size, ...sublayers, ...sequencing, ethernet },
            { peerSession: SESSION_ID, sendAcfc: acfc, sendPfc: pfc },
          );
          const payload = ethernet ? FRAME : PACKET;
          octets.set(payload, MARGIN);
          const length = writeHeader(downlink, row, MARGIN);
          const [at, total] = [MARGIN - length, length + payload.length];
          const verdict = overIp ? uplink.handleIp(at, total, PEER) : uplink.handle(at, total, PEER, 1701);
          assert.equal(verdict, Verdict.Forward);
          assert.deepEqual([uplink.packetAt, uplink.packetLength], [MARGIN, payload.length]);
        },
      ),
    );
  });

  it('C045: the outer ToS is the one set, or the inner one without its congestion bits', () => {
    for (const [tosReflect, expected] of [
      [false, 0x28],
      [true, 0xb8],
    ] as const) {
      const { downlink, octets } = bench({ tos: 0x28, tosReflect });
      const packet = ipv4Packet({ target: '10.66.0.2', tos: 0xbb, payload: new Uint8Array(8) });
      octets.set(packet, MARGIN);
      assert.equal(downlink.handle(DEVICE, MARGIN, packet.length, packet.length, false), Verdict.Forward);
      assert.equal(downlink.tos, expected);
    }
  });

  it("the tunnel's own packets do not go through it", () => {
    for (const [overIp, protocol] of [
      [true, 115],
      [false, 17],
    ] as const) {
      const { downlink, octets, table, row } = bench({ overIp });
      table.addPrefix(DEVICE, PEER, 32, row);
      const payload = Uint8Array.of(6, 0xa5, 6, 0xa5, 0, 8, 0, 0);
      const packet = ipv4Packet({ source: '192.0.2.1', target: '192.0.2.2', protocol, payload });
      octets.set(packet, MARGIN);
      assert.equal(downlink.handle(DEVICE, MARGIN, packet.length, packet.length, false), Verdict.Recursion);
    }
  });
});

describe('Ethernet frames', () => {
  it('RFC 4719 §3: a frame is forwarded whole, whatever is in it', () => {
    const { receive, message, forwarded, uplink } = bench({ ethernet: true, overIp: true });
    assert.equal(receive(message(FRAME)), Verdict.Forward);
    assert.deepEqual([forwarded(), uplink.isEthernet, uplink.device], [FRAME, true, DEVICE]);
  });

  it('a frame shorter than its header is a drop, and so is all while the circuit is down', () => {
    const up = bench({ ethernet: true });
    assert.equal(up.receive(up.message(FRAME.subarray(0, 13))), Verdict.BadPacket);
    const down = bench({ ethernet: true }, { networkUp: false });
    assert.equal(down.receive(down.message(FRAME)), Verdict.CircuitDown);
  });

  const send = (frame: Uint8Array, changes: Partial<V3Row> = {}, session: Partial<SessionRow> = {}) => {
    const made = bench({ ethernet: true, ...changes }, session);
    made.octets.set(frame, MARGIN);
    return { ...made, verdict: made.downlink.handleFrame(DEVICE, MARGIN, frame.length, frame.length) };
  };

  it('what a device gives goes to its one session, without any prefix', () => {
    const { verdict, downlink, row } = send(FRAME);
    assert.deepEqual([verdict, downlink.row], [Verdict.Forward, row]);
  });

  it('a session that is closed gives its device back; a later one has it', () => {
    const { table, row } = bench({ ethernet: true });
    const later = table.open({ ...SESSION, localSession: 5, v3: { ...V3, ethernet: true } });
    assert.equal(table.circuit(DEVICE), later);
    // What is still said of the one before changes nothing.
    table.update(row, { ...SESSION, networkUp: false, v3: { ...V3, ethernet: true } });
    table.close(row);
    assert.equal(table.circuit(DEVICE), later);
    table.close(later);
    assert.equal(table.circuit(DEVICE), -1);
  });

  it('RFC 4719 §3: the MTU is that of the payload, a VLAN tag does not count', () => {
    const tagged = new Uint8Array(118);
    tagged.set([0x81, 0, 0, 5], 12);
    assert.equal(send(new Uint8Array(114), {}, { mtu: 100 }).verdict, Verdict.Forward);
    assert.equal(send(new Uint8Array(115), {}, { mtu: 100 }).verdict, Verdict.TooBig);
    assert.equal(send(tagged, {}, { mtu: 100 }).verdict, Verdict.Forward);
  });

  it('C045: ToS is reflected of IPv4 in a frame, and of nothing else', () => {
    const packet = ipv4Packet({ tos: 0xb8, payload: new Uint8Array(8) });
    const frame = Uint8Array.of(...new Array(12).fill(1), 8, 0, ...packet);
    assert.equal(send(frame, { tos: 4, tosReflect: true }).downlink.tos, 0xb8);
    assert.equal(send(FRAME, { tos: 4, tosReflect: true }).downlink.tos, 4);
  });
});

it('property: any octets are forwarded, passed up or dropped, and nothing outside the datagram changes', () => {
  const start = fc.constantFrom(
    [0, 3, 0, 0, 0xfe, 0xdc, 0xba, 0x98, ...COOKIE],
    [0xfe, 0xdc, 0xba, 0x98, ...COOKIE],
    [0, 3],
  );
  const garbage = fc
    .tuple(start, fc.uint8Array({ maxLength: 80 }))
    .map(([head, rest]) => Uint8Array.of(...head, ...rest));
  const form = fc.record({ overIp: fc.boolean(), receiveSublayer: fc.boolean(), ethernet: fc.boolean() });
  fc.assert(
    fc.property(form, fc.oneof(garbage, fc.uint8Array({ maxLength: 80 })), (changes, datagram) => {
      const { receive, octets, uplink } = bench({ ...changes, receiveSequencing: true }, { strictSource: false });
      const verdict = receive(datagram);
      assert.ok(verdict <= Verdict.CircuitDown);
      assert.ok(octets.subarray(0, MARGIN).every((octet) => octet === 0xaa));
      assert.ok(octets.subarray(MARGIN + datagram.length).every((octet) => octet === 0xaa));
      if (verdict !== Verdict.Forward) return;
      assert.ok(uplink.packetAt >= MARGIN && uplink.packetAt + uplink.packetLength <= MARGIN + datagram.length);
    }),
    { numRuns: 3000 },
  );
});
