// The way in (RFC 2661 §3.1, §5.4): a datagram of the tunnel becomes an IP packet, or a verdict says why not.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Verdict } from '../../src/dataplane/verdict.ts';
import { parseIpv4 } from '../../src/wire/ip.ts';
import { bench, DEVICE, MARGIN, PACKET, PEER, SESSION } from './harness/forwarding.ts';
import { dataMessage, framed, ipv4Packet, tcpChecksum, tcpPacket } from './harness/packets.ts';

describe('the way in: L2TP header', () => {
  for (const length of [false, true]) {
    for (const ns of [undefined, 0]) {
      for (const offset of [undefined, 0, 5]) {
        for (const priority of [false, true]) {
          const name = `L=${length} S=${ns !== undefined} O=${offset ?? 'none'} P=${priority}`;
          it(`RFC 2661 §3.1: a data message with ${name} is forwarded`, () => {
            const { receive, forwarded } = bench();
            const message = dataMessage({ length, priority, payload: framed(PACKET), ...optional({ ns, offset }) });
            assert.equal(receive(message), Verdict.Forward);
            assert.deepEqual(forwarded(), PACKET);
          });
        }
      }
    }
  }

  it('RFC 2661 §3.1: reserved bits are ignored', () => {
    const { receive } = bench();
    assert.equal(receive(dataMessage({ reserved: 0x34f0, payload: framed(PACKET) })), Verdict.Forward);
  });

  it('RFC 2661 §3.1: octets after Length are padding', () => {
    const { receive, forwarded } = bench();
    assert.equal(receive(dataMessage({ length: true, payload: framed(PACKET), padding: 9 })), Verdict.Forward);
    assert.deepEqual(forwarded(), PACKET);
  });

  it('RFC 2661 §3.1: a Length past the datagram is a drop', () => {
    const { receive } = bench();
    assert.equal(receive(dataMessage({ length: 300, payload: framed(PACKET) })), Verdict.Malformed);
  });

  it('RFC 2661 §3.1: a Length shorter than the header is a drop', () => {
    const { receive } = bench();
    for (let length = 0; length < 8; length++) {
      assert.equal(receive(dataMessage({ length, payload: framed(PACKET) })), Verdict.Malformed, `Length ${length}`);
    }
  });

  it('RFC 2661 §3.1: every truncation of every header form is a drop, not a crash', () => {
    const { receive } = bench();
    const whole = dataMessage({ length: false, ns: 0, offset: 4, payload: new Uint8Array() });
    for (let length = 0; length < whole.length; length++) {
      assert.equal(receive(whole.subarray(0, length)), Verdict.Malformed, `${length} octets`);
    }
  });

  it('RFC 2661 §3.1: an offset past the datagram is a drop', () => {
    const { receive } = bench();
    const message = dataMessage({ offset: 4, payload: framed(PACKET) });
    message[6] = 0xff;
    assert.equal(receive(message), Verdict.Malformed);
  });

  it('RFC 2661 §3.1: a message of another version is a drop', () => {
    const { receive } = bench();
    for (const version of [0, 1, 4, 15]) {
      assert.equal(receive(dataMessage({ version, payload: framed(PACKET) })), Verdict.Version);
    }
  });

  it('RFC 2661 §3.1: a control message goes up, whatever its ids', () => {
    const { receive } = bench();
    assert.equal(receive(Uint8Array.of(0xc8, 0x02, 0, 12, 0, 99, 0, 0, 0, 0, 0, 0), PEER + 1, 1), Verdict.PassUp);
  });

  it('RFC 2661 §8.1: a known session from another address is a drop', () => {
    const { receive, table } = bench();
    assert.equal(receive(dataMessage({ payload: framed(PACKET) }), PEER + 1), Verdict.WrongPeer);
    assert.deepEqual(table.drops(), { 'wrong-peer': 1 });
  });

  it('RFC 2661 §8.1: a known session from another port is a drop', () => {
    const { receive } = bench();
    assert.equal(receive(dataMessage({ payload: framed(PACKET) }), PEER, 1701), Verdict.WrongPeer);
  });

  it('RFC 2661 §3.1: data of a session that is not there is counted and not passed up', () => {
    const { receive, table } = bench();
    assert.equal(receive(dataMessage({ session: 10, payload: framed(PACKET) })), Verdict.NoSession);
    assert.equal(receive(dataMessage({ tunnel: 1, session: 0, payload: framed(PACKET) })), Verdict.NoSession);
    assert.equal(receive(dataMessage({ tunnel: 0, session: 0, payload: framed(PACKET) })), Verdict.NoSession);
    assert.deepEqual(table.drops(), { 'no-session': 3 });
  });

  it('RFC 2661 §3.1: a closed session is not there', () => {
    const { receive, table, row } = bench();
    table.close(row);
    assert.equal(receive(dataMessage({ payload: framed(PACKET) })), Verdict.NoSession);
  });
});

describe('the way in: sequence numbers', () => {
  const message = (ns: number): Uint8Array => dataMessage({ ns, payload: framed(PACKET) });

  it('RFC 2661 §5.4: a duplicate is dropped and counted as out of order', () => {
    const { receive, table, row } = bench({ sequencing: true });
    assert.equal(receive(message(0)), Verdict.Forward);
    assert.equal(receive(message(0)), Verdict.Late);
    assert.equal(table.counters(row).outOfOrder, 1);
  });

  it('RFC 2661 §5.4: a gap is loss, what comes late after it is dropped', () => {
    const { receive, table, row } = bench({ sequencing: true });
    assert.deepEqual(
      [0, 5, 3, 6].map((ns) => receive(message(ns))),
      [0, 0, Verdict.Late, 0],
    );
    assert.equal(table.counters(row).nr, 7);
  });

  it('RFC 2661 §5.4: numbers wrap at 65536', () => {
    const { receive } = bench({ sequencing: true });
    const verdicts = [0x7000, 0xe000, 0xffff, 0, 1].map((ns) => receive(message(ns)));
    assert.deepEqual(verdicts, [0, 0, 0, 0, 0]);
  });

  it('RFC 2661 §5.4: half the number space ahead is still ahead', () => {
    const { receive } = bench({ sequencing: true });
    assert.equal(receive(message(0x7fff)), Verdict.Forward);
    assert.equal(bench({ sequencing: true }).receive(message(0x8000)), Verdict.Late);
  });

  it('a peer that begins anew at 0 is followed after sixteen packets in a row', () => {
    const { receive } = bench({ sequencing: true });
    receive(message(1000));
    const verdicts = Array.from({ length: 20 }, (_, ns) => receive(message(ns)));
    assert.deepEqual(verdicts.slice(0, 15), new Array(15).fill(Verdict.Late));
    assert.deepEqual(verdicts.slice(15), new Array(5).fill(Verdict.Forward));
  });

  it('RFC 2661 §5.4: sequenced PPP control frames count too', () => {
    const { receive } = bench({ sequencing: true });
    assert.equal(receive(dataMessage({ ns: 0, payload: Uint8Array.of(0xc0, 0x21, 9, 1, 0, 4) })), Verdict.PassUp);
    assert.equal(receive(message(0)), Verdict.Late);
  });

  it('RFC 2661 §5.4: the first message that begins or ceases sequencing against our flag is pointed out once', () => {
    const { receive, uplink } = bench({ sequencing: false });
    const seen = [undefined, 0, 1, undefined, undefined].map((ns) => {
      receive(dataMessage({ payload: framed(PACKET), ...optional({ ns }) }));
      return uplink.sequencingChanged;
    });
    assert.deepEqual(seen, [false, true, false, false, false]);
  });
});

describe('the way in: PPP frame', () => {
  const forms: [string, number[]][] = [
    ['FF 03 00 21', [0xff, 0x03, 0x00, 0x21]],
    ['FF 03 21', [0xff, 0x03, 0x21]],
    ['00 21', [0x00, 0x21]],
    ['21', [0x21]],
  ];
  for (const [name, header] of forms) {
    it(`RFC 1661 §6.5, §6.6: ${name} in front of IPv4 is accepted whatever was negotiated`, () => {
      const { receive, forwarded } = bench();
      assert.equal(receive(dataMessage({ payload: framed(PACKET, Uint8Array.from(header)) })), Verdict.Forward);
      assert.deepEqual(forwarded(), PACKET);
    });
  }

  it('RFC 1661 §2: frames of other protocols go up', () => {
    const { receive } = bench();
    for (const frame of [
      [0xc0, 0x21, 9, 1, 0, 8, 0, 0, 0, 0],
      [0xff, 0x03, 0x80, 0x21, 1, 1, 0, 4],
      [0xff, 0x03, 0xc2, 0x23],
      [0x57, 1, 2],
      [0xff],
      [0xff, 0x03],
      [0x00],
    ]) {
      assert.equal(receive(dataMessage({ payload: Uint8Array.from(frame) })), Verdict.PassUp, String(frame));
    }
  });

  it('RFC 1332 §1: IPv4 goes up while the network is not open', () => {
    const { receive } = bench({ networkUp: false });
    assert.equal(receive(dataMessage({ payload: framed(PACKET) })), Verdict.PassUp);
  });

  it('an empty frame is a drop', () => {
    const { receive } = bench();
    assert.equal(receive(dataMessage({ payload: new Uint8Array() })), Verdict.BadPacket);
  });
});

describe('the way in: IPv4 packet', () => {
  it('RFC 791 §3.1: octets after Total Length are cut off', () => {
    const { receive, forwarded } = bench();
    assert.equal(receive(dataMessage({ payload: Uint8Array.from([...framed(PACKET), 0, 0, 0]) })), Verdict.Forward);
    assert.deepEqual(forwarded(), PACKET);
  });

  const broken: [string, (packet: Uint8Array) => void][] = [
    ['version 6', (packet) => (packet[0] = 0x65)],
    ['a header of 16 octets', (packet) => (packet[0] = 0x44)],
    ['a header longer than the packet', (packet) => (packet[0] = 0x4f)],
    ['a Total Length past the frame', (packet) => (packet[3] = packet.length + 1)],
    ['a Total Length inside the header', (packet) => (packet[3] = 19)],
    ['a Total Length of 65535', (packet) => packet.fill(0xff, 2, 4)],
  ];
  for (const [name, spoil] of broken) {
    it(`RFC 791 §3.1: ${name} is a drop`, () => {
      const { receive, table, row } = bench();
      const packet = PACKET.slice();
      spoil(packet);
      assert.equal(receive(dataMessage({ payload: framed(packet) })), Verdict.BadPacket);
      assert.deepEqual(table.counters(row).drops, { 'bad-packet': 1 });
    });
  }

  it('RFC 791 §3.1: every truncation is a drop', () => {
    const { receive } = bench();
    for (let length = 0; length < PACKET.length; length++) {
      assert.equal(receive(dataMessage({ payload: framed(PACKET.subarray(0, length)) })), Verdict.BadPacket);
    }
  });

  it('RFC 2827 §3: a source that does not route back to the session is a drop', () => {
    const { receive, table, row } = bench();
    for (const source of ['10.66.0.3', '127.0.0.1', '0.0.0.0', '255.255.255.255', '192.0.2.2']) {
      assert.equal(
        receive(dataMessage({ payload: framed(ipv4Packet({ source, payload: new Uint8Array(8) })) })),
        Verdict.Spoofed,
      );
    }
    assert.equal(table.counters(row).drops['spoofed-source'], 5);
  });

  it("RFC 2827 §3: another session's address is a foreign source", () => {
    const { receive, table } = bench();
    const other = table.open({ ...SESSION, localSession: 10 });
    table.addPrefix(DEVICE, parseIpv4('10.66.0.3'), 32, other);
    const packet = ipv4Packet({ source: '10.66.0.3', payload: new Uint8Array(8) });
    assert.equal(receive(dataMessage({ payload: framed(packet) })), Verdict.Spoofed);
    assert.equal(receive(dataMessage({ session: 10, payload: framed(packet) })), Verdict.Forward);
  });

  it('without strict source any source passes', () => {
    const { receive } = bench({ strictSource: false });
    const packet = ipv4Packet({ source: '198.51.100.1', payload: new Uint8Array(8) });
    assert.equal(receive(dataMessage({ payload: framed(packet) })), Verdict.Forward);
  });
});

describe('TCP MSS', () => {
  const syn = (tcpOptions: number[], parts = {}): Uint8Array => tcpPacket({ flags: 0x02, tcpOptions, ...parts });
  const mssOf = (packet: Uint8Array, at = 42): number => (packet[at]! << 8) | packet[at + 1]!;

  it('RFC 9293 §3.7.1: the MSS of a SYN is lowered and its checksum stays right', () => {
    const { receive, forwarded } = bench();
    receive(dataMessage({ payload: framed(syn([2, 4, 0x05, 0xb4])) }));
    assert.equal(mssOf(forwarded()), 1420);
    assert.equal(tcpChecksum(forwarded()), 0);
  });

  it('RFC 9293 §3.7.1: an MSS that fits is left alone', () => {
    const { receive, forwarded } = bench();
    const packet = syn([2, 4, 0x05, 0x00]);
    receive(dataMessage({ payload: framed(packet) }));
    assert.deepEqual(forwarded(), packet);
  });

  it('RFC 1624 §3: an option at an odd offset keeps the checksum right', () => {
    const { receive, forwarded } = bench();
    receive(dataMessage({ payload: framed(syn([1, 2, 4, 0x05, 0xb4, 1, 1, 0])) }));
    assert.equal(mssOf(forwarded(), 43), 1420);
    assert.equal(tcpChecksum(forwarded()), 0);
  });

  it('packets that are no SYN, fragments and other protocols are left alone', () => {
    const { receive, forwarded } = bench();
    const option = [2, 4, 0x05, 0xb4];
    for (const packet of [
      tcpPacket({ flags: 0x10, tcpOptions: option }),
      syn(option, { fragment: 0x0001 }),
      ipv4Packet({ protocol: 17, payload: syn(option).slice(20) }),
    ]) {
      receive(dataMessage({ payload: framed(packet) }));
      assert.deepEqual(forwarded(), packet);
    }
  });

  it('RFC 9293 §3.1: options of length 0, 1 or past the end end the search', () => {
    const { receive, forwarded } = bench();
    for (const options of [[3, 0, 2, 4], [3, 1, 2, 4], [2, 255, 0xff, 0xff], [0, 0, 0, 0], []]) {
      const packet = syn(options);
      receive(dataMessage({ payload: framed(packet) }));
      assert.deepEqual(forwarded(), packet);
    }
  });

  it('property: whatever the options and the clamp, the checksum stays right', () => {
    const options = fc.array(fc.constantFrom(0, 1, 2, 3, 4, 5, 8, 0xb4, 255), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(options, fc.integer({ min: 1, max: 65535 }), (tcpOptions, mssClamp) => {
        const { receive, forwarded } = bench({ mssClamp });
        receive(dataMessage({ payload: framed(syn(tcpOptions)) }));
        assert.equal(tcpChecksum(forwarded()), 0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the way in: hostile octets', () => {
  it('property: any octets give a verdict, and nothing outside the datagram changes', () => {
    const { octets, uplink, table } = bench({ mssClamp: 1 });
    const start = fc.constantFrom(
      [],
      [0x00, 0x02, 0, 7, 0, 9],
      [0x48, 0x02, 0, 40, 0, 7, 0, 9],
      [0x0a, 0x02, 0, 7, 0, 9],
    );
    const frame = fc.constantFrom([], [0xff, 0x03, 0x00, 0x21], [0x21], [0xff, 0x03, 0x00, 0x21, 0x45, 0, 0, 30]);
    fc.assert(
      fc.property(start, frame, fc.uint8Array({ maxLength: 120 }), (head, middle, tail) => {
        const datagram = Uint8Array.from([...head, ...middle, ...tail]);
        octets.fill(0xaa);
        octets.set(datagram, MARGIN);
        const verdict = uplink.handle(MARGIN, datagram.length, PEER, SESSION.peerPort);
        assert.ok(Object.values(Verdict).includes(verdict));
        assert.ok(octets.subarray(0, MARGIN).every((octet) => octet === 0xaa));
        assert.ok(octets.subarray(MARGIN + datagram.length).every((octet) => octet === 0xaa));
        if (verdict === Verdict.Forward) {
          assert.ok(uplink.packetAt >= MARGIN);
          assert.ok(uplink.packetAt + uplink.packetLength <= MARGIN + datagram.length);
        }
      }),
      { numRuns: 5000 },
    );
    assert.ok(Object.values(table.drops()).reduce((sum, count) => sum + count, 0) > 0);
  });
});

function optional<T extends object>(parts: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const said = Object.entries(parts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
