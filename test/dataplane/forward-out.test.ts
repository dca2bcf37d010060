// The way out: an IP packet becomes a datagram of the tunnel; and what both ways count.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { SessionRow } from '../../src/dataplane/session-table.ts';
import { Verdict } from '../../src/dataplane/verdict.ts';
import { bench, DEVICE, MARGIN, PACKET, PEER, SESSION, writeHeader } from './harness/forwarding.ts';
import { dataMessage, framed, ipv4Packet, PPP_IPV4, tcpChecksum, tcpPacket } from './harness/packets.ts';

describe('the way out', () => {
  const packet = ipv4Packet({ source: '10.66.0.1', target: '10.66.0.2', payload: new Uint8Array(30) });

  it('the longest prefix that holds the destination names the session', () => {
    const { sendTo, downlink, table, row } = bench();
    const wide = table.open({ ...SESSION, localSession: 10 });
    table.addPrefix(DEVICE, 0, 0, wide);
    assert.equal(sendTo(packet), Verdict.Forward);
    assert.equal(downlink.row, row);
    assert.equal(sendTo(ipv4Packet({ target: '10.66.0.9', payload: new Uint8Array() })), Verdict.Forward);
    assert.equal(downlink.row, wide);
  });

  const drops: [string, Partial<SessionRow>, Uint8Array, Verdict][] = [
    ['a destination without a session', {}, ipv4Packet({ target: '10.66.0.9', payload: PACKET }), Verdict.NoRoute],
    ['a session whose network is down', { networkUp: false }, packet, Verdict.NetworkDown],
    ['a packet longer than the MTU', { mtu: packet.length - 1 }, packet, Verdict.TooBig],
    ['IPv6', {}, Uint8Array.from({ length: 48 }, (_, index) => (index === 0 ? 0x60 : 0)), Verdict.NotIpv4],
    ['a packet shorter than it says', {}, packet.subarray(0, 40), Verdict.NotIpv4],
    ['nothing', {}, new Uint8Array(), Verdict.NotIpv4],
  ];
  for (const [name, changes, octets, verdict] of drops) {
    it(`${name} is a drop`, () => {
      assert.equal(bench(changes).sendTo(octets), verdict);
    });
  }

  it("the tunnel's own packets do not go through the tunnel", () => {
    const { sendTo, table, row } = bench();
    table.addPrefix(DEVICE, SESSION.peerAddress, 32, row);
    const ports = (port: number): Uint8Array =>
      Uint8Array.of(1701 >>> 8, 1701 & 255, port >>> 8, port & 255, 0, 8, 0, 0);
    const addresses = { source: '192.0.2.1', target: '192.0.2.2' };
    assert.equal(sendTo(ipv4Packet({ ...addresses, payload: ports(51701) })), Verdict.Recursion);
    assert.equal(sendTo(ipv4Packet({ ...addresses, payload: ports(53) })), Verdict.Forward);
  });

  it('RFC 9293 §3.7.1: the MSS of a SYN is lowered on the way out too', () => {
    const { sendTo, octets } = bench();
    const syn = tcpPacket({ source: '10.66.0.1', target: '10.66.0.2', flags: 2, tcpOptions: [2, 4, 0x05, 0xb4] });
    sendTo(syn);
    const sent = octets.slice(MARGIN, MARGIN + syn.length);
    assert.equal((sent[42]! << 8) | sent[43]!, 1420);
    assert.equal(tcpChecksum(sent), 0);
  });

  const headers: [Partial<SessionRow>, string][] = [
    [{}, '000212345678ff030021'],
    [{ sendAcfc: true }, '0002123456780021'],
    [{ sendPfc: true }, '000212345678ff0321'],
    [{ sendAcfc: true, sendPfc: true }, '00021234567821'],
    [{ sequencing: true }, '08021234567800000000ff030021'],
    [{ sequencing: true, sendAcfc: true, sendPfc: true }, '0802123456780000000021'],
  ];
  for (const [changes, expected] of headers) {
    it(`RFC 2661 §3.1: with ${JSON.stringify(changes)} the header is ${expected}`, () => {
      const { downlink, octets, row } = bench(changes);
      const length = writeHeader(downlink, row, MARGIN);
      assert.equal(Buffer.from(octets.subarray(MARGIN - length, MARGIN)).toString('hex'), expected);
      assert.equal(octets[MARGIN - length - 1], 0);
      assert.equal(octets[MARGIN], 0);
    });
  }

  it('RFC 2661 §5.4: Ns counts up, shared with whoever else sends, and wraps', () => {
    const { downlink, octets, row, table } = bench({ sequencing: true });
    const next = (): number => {
      writeHeader(downlink, row, MARGIN);
      return (octets[MARGIN - 8]! << 8) | octets[MARGIN - 7]!;
    };
    assert.deepEqual([next(), next(), table.nextNs(row), next()], [0, 1, 2, 3]);
    for (let count = 4; count < 65536; count++) table.nextNs(row);
    assert.equal(next(), 0);
  });

  it('what our own way out writes, our own way in takes', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (sendAcfc, sendPfc, sequencing) => {
        const { downlink, uplink, octets, row, table } = bench({ sendAcfc, sendPfc, sequencing });
        table.update(row, { ...SESSION, sendAcfc, sendPfc, sequencing, peerTunnel: 7, peerSession: 9 });
        octets.set(PACKET, MARGIN);
        const length = writeHeader(downlink, row, MARGIN);
        assert.equal(uplink.handle(MARGIN - length, length + PACKET.length, PEER, SESSION.peerPort), Verdict.Forward);
        assert.equal(uplink.packetAt, MARGIN);
      }),
    );
  });
});

describe('counters', () => {
  it('packets and octets of PPP frames are counted both ways, with the time of the last', () => {
    const { receive, uplink, downlink, table, row } = bench();
    uplink.now = 1234;
    receive(dataMessage({ payload: framed(PACKET) }));
    downlink.now = 1300;
    downlink.countOutput(row, 2, 90);
    table.countControlOutput(row, 10, 1400);
    const { packetsIn, octetsIn, packetsOut, octetsOut, lastInput, lastOutput } = table.counters(row);
    assert.deepEqual(
      { packetsIn, octetsIn, packetsOut, octetsOut, lastInput, lastOutput },
      {
        packetsIn: 1,
        octetsIn: PACKET.length + PPP_IPV4.length,
        packetsOut: 3,
        octetsOut: 100,
        lastInput: 1234,
        lastOutput: 1400,
      },
    );
  });

  it('drops are split by direction', () => {
    const { receive, sendTo, table, row } = bench({ mtu: 20 });
    receive(dataMessage({ payload: new Uint8Array() }));
    sendTo(ipv4Packet({ target: '10.66.0.2', payload: PACKET }));
    const { inputDrops, outputDrops } = table.counters(row);
    assert.deepEqual({ inputDrops, outputDrops }, { inputDrops: 1, outputDrops: 1 });
  });
});
