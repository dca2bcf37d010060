// The tag of a VLAN pseudowire (RFC 4719, IEEE 802.1Q).

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Arena } from '../../src/dataplane/arena.ts';
import { TAG_ON_DEVICE } from '../../src/dataplane/layout.ts';
import { type SessionRow, SessionTable, type V3Row } from '../../src/dataplane/session-table.ts';
import { Verdict } from '../../src/dataplane/verdict.ts';
import { fitToDevice, insertTag, TAG_LENGTH, tagToInsert, VLAN } from '../../src/dataplane/vlan-tag.ts';
import { encodeDataMessage } from '../../src/l2tp/v3/header.ts';
import { VIRTIO_HEADER_LENGTH } from '../../src/sys/tun.ts';
import { parseIpv4 } from '../../src/wire/ip.ts';
import { packetMemory, uplinkOf } from './harness/forwarding.ts';

const ADDRESSES = Uint8Array.from({ length: 12 }, (_, index) => 0x10 + index);
const PAYLOAD = Uint8Array.of(0x88, 0xb5, 1, 2, 3, 4);
const MARGIN = 64;
const DEVICE = 2;
const COOKIE = new Uint8Array(8).fill(7);
const V3: V3Row = {
  ...{ overIp: false, localCookie: COOKIE, peerCookie: COOKIE },
  ...{ receiveSublayer: false, sendSublayer: false, sendSequencing: false, receiveSequencing: false },
  ...{ ethernet: true, tos: 0, tosReflect: false, dontFragment: false, ttl: 255 },
};
const SESSION: SessionRow = {
  ...{ localTunnel: 0, localSession: 1, peerTunnel: 0, peerSession: 2 },
  ...{ localAddress: parseIpv4('192.0.2.1'), localPort: 1701, peerAddress: parseIpv4('192.0.2.2'), peerPort: 1701 },
  ...{ device: DEVICE, networkUp: true, strictSource: false, sendAcfc: false, sendPfc: false, sequencing: false },
  ...{ mtu: 1500, mssClamp: 0, v3: V3 },
};
const PATH = { localAddress: '192.0.2.1', localPort: 1701, peerAddress: '192.0.2.2', peerPort: 1701 };

function tagged(tag: number, type = VLAN): Uint8Array {
  return Uint8Array.of(...ADDRESSES, type >>> 8, type & 255, tag >>> 8, tag & 255, ...PAYLOAD);
}

function bench(vlan: V3Row['vlan']) {
  const table = SessionTable.create(4);
  const memory = packetMemory();
  const octets = new Uint8Array(memory.buffer);
  table.open({ ...SESSION, v3: { ...V3, ...(vlan && { vlan }) } });
  const uplink = uplinkOf(table, memory);
  const receive = (frame: Uint8Array): Verdict => {
    const message = encodeDataMessage(PATH, SESSION.localSession, COOKIE, undefined, frame);
    octets.fill(0xaa);
    octets.set(message, MARGIN);
    return uplink.handle(MARGIN, message.length, parseIpv4('192.0.2.2') | 0, 1701);
  };
  const forwarded = () => octets.slice(uplink.packetAt, uplink.packetAt + uplink.packetLength);
  return { table, receive, forwarded };
}

describe('RFC 4719: the way in', () => {
  it('on a device with tags the number is rewritten to that of this end, priority and DEI stay', () => {
    const { receive, forwarded } = bench({ id: 20, onDevice: true });
    assert.equal(receive(tagged(0xb000 | 10)), Verdict.Forward);
    assert.deepEqual(forwarded(), tagged(0xb000 | 20));
    assert.equal(receive(tagged(4095)), Verdict.Forward);
    assert.deepEqual(forwarded(), tagged(20));
  });

  it('on a device without tags it is taken out, the one behind it stays', () => {
    const { receive, forwarded } = bench({ id: 20, onDevice: false });
    assert.equal(receive(tagged(0xb000 | 10)), Verdict.Forward);
    assert.deepEqual(forwarded(), Uint8Array.of(...ADDRESSES, ...PAYLOAD));
    const doubly = Uint8Array.of(...tagged(10).subarray(0, 16), 0x81, 0x00, 0x00, 0x05, ...PAYLOAD);
    assert.equal(receive(doubly), Verdict.Forward);
    assert.deepEqual(forwarded(), Uint8Array.of(...ADDRESSES, 0x81, 0x00, 0x00, 0x05, ...PAYLOAD));
  });

  it('a frame without a tag is dropped and counted; a session of the whole port takes either', () => {
    const { table, receive } = bench({ id: 20, onDevice: true });
    const untagged = Uint8Array.of(...ADDRESSES, ...PAYLOAD);
    assert.equal(receive(untagged), Verdict.BadPacket);
    assert.equal(receive(tagged(10, 0x88a8)), Verdict.BadPacket);
    assert.equal(receive(tagged(10).subarray(0, 17)), Verdict.BadPacket);
    assert.equal(table.drops()['bad-packet'], 3);
    const port = bench(undefined);
    for (const frame of [untagged, tagged(10)]) {
      assert.equal(port.receive(frame), Verdict.Forward);
      assert.deepEqual(port.forwarded(), frame);
    }
  });
});

describe('RFC 4719: the way out', () => {
  it('a frame gets the tag of its session where the device has none', () => {
    const numbers = [{ id: 20, onDevice: false }, { id: 20, onDevice: true }, undefined].map((vlan) => {
      const { table } = bench(vlan);
      return tagToInsert(table, DEVICE);
    });
    assert.deepEqual(numbers, [20, 0, 0]);
    assert.equal(tagToInsert(SessionTable.create(4), DEVICE), 0, 'a device without a session');
  });

  it('it stands behind the addresses, and what the virtio header says of the checksum moves along', () => {
    const arena = new Arena(4096);
    const at = 512;
    arena.octets.set(Uint8Array.of(...ADDRESSES, ...PAYLOAD), at + VIRTIO_HEADER_LENGTH);
    arena.octets[at] = 1;
    arena.view.setUint16(at + 6, 34, true);
    insertTag(arena, at, VLAN, 20);
    const start = at - TAG_LENGTH;
    assert.equal(arena.octets[start], 1);
    assert.equal(arena.view.getUint16(start + 6, true), 34 + TAG_LENGTH);
    const frame = start + VIRTIO_HEADER_LENGTH;
    assert.deepEqual(arena.octets.slice(frame, frame + tagged(20).length), tagged(20));
  });

  it('what one end puts in the other takes out, whatever the frame', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 14, maxLength: 200 }),
        fc.integer({ min: 1, max: 4094 }),
        fc.integer({ min: 1, max: 4094 }),
        (frame, here, there) => {
          const arena = new Arena(4096);
          const at = 512;
          arena.octets.set(frame, at + VIRTIO_HEADER_LENGTH);
          insertTag(arena, at, VLAN, here);
          const start = at - TAG_LENGTH + VIRTIO_HEADER_LENGTH;
          const end = at + VIRTIO_HEADER_LENGTH + frame.length;
          assert.equal(fitToDevice(arena.octets, start, end, there | TAG_ON_DEVICE), start);
          assert.equal(arena.view.getUint16(start + 14), there);
          const back = fitToDevice(arena.octets, start, end, there);
          assert.deepEqual(arena.octets.slice(back, end), frame);
        },
      ),
    );
  });
});
