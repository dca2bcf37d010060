// MPPE: the printed keys, sealed packets as others seal them, and each rule of RFC 3078 by itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCarried, isDatagram, MppeBit, type MppeOptions, MppeRefusal, SEAL_ROOM } from '../../src/ppp/mppe-header.ts';
import { type MppeBits, MppeKey } from '../../src/ppp/mppe-key.ts';
import { Rc4 } from '../crypto/rc4-reference.ts';
import { pack, type Token } from './mppc-reference.ts';
import { endsOf, frameOf, KERNEL, MODES, nameOf, numberOf, open, receiverOf, seal, senderOf } from './mppe-ends.ts';
import vectors from './mppe-vectors.json' with { type: 'json' };

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const toHex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const headerOf = (sealed: Uint8Array): number => (sealed[0]! << 8) | sealed[1]!;

const STATELESS: MppeOptions = { bits: 128, stateful: false, startKey: hex('8b7cdc149b993a1ba118cb153f56dccb') };
const STATEFUL: MppeOptions = { ...STATELESS, stateful: true };

interface KeyVector {
  readonly id: string;
  readonly bits: number;
  readonly startKey: string;
  readonly sessionKey: string;
  readonly testMessage?: string;
}

function optionsOf(vector: { bits: number; stateful: boolean; startKey: string }): MppeOptions {
  return { bits: vector.bits as MppeBits, stateful: vector.stateful, startKey: hex(vector.startKey) };
}

test('RFC 3079 §2.5, §3.5: the start keys give the session keys, and those the sample messages', () => {
  for (const { id, bits, startKey, sessionKey, testMessage } of vectors.keys as readonly KeyVector[]) {
    const key = new MppeKey(bits as MppeBits, hex(startKey), KERNEL);
    const message = KERNEL.packets.subarray(0, 12);
    message.set(Buffer.from('test message'));
    key.begin();
    key.turn();
    KERNEL.apply(0, message.length);
    assert.deepEqual(message, new Rc4(hex(sessionKey)).apply(Buffer.from('test message')), id);
    if (testMessage !== undefined) assert.equal(toHex(message), testMessage, id);
  }
});

test('RFC 3078 §3, §7: packets are sealed octet for octet as others seal them, and opened', () => {
  let compared = 0;
  for (const vector of vectors.frames) {
    const { sender, receiver } = endsOf(optionsOf(vector));
    for (let packet = 0; packet <= vector.sealed.at(-1)!.packet; packet++) {
      const sealed = seal(sender, hex(vector.frame));
      const expected = vector.sealed.find((candidate) => candidate.packet === packet);
      if (expected !== undefined) {
        assert.equal(toHex(sealed), expected.octets, `${vector.id}, packet ${packet}`);
        compared++;
      }
      assert.equal(toHex(open(receiver, sealed) as Uint8Array), vector.frame, `${vector.id}, packet ${packet}`);
    }
  }
  assert.equal(compared, 42);
});

test('RFC 3078 §8.2: a packet that begins with the same key again after a reset is opened', () => {
  for (const vector of vectors.resets) {
    const { sender, receiver } = endsOf(optionsOf(vector));
    for (let packet = 0; packet < vector.packetsBefore; packet++) open(receiver, seal(sender, hex(vector.frame)));
    assert.equal(toHex(open(receiver, hex(vector.sealed)) as Uint8Array), vector.frame, vector.id);
    assert.equal(receiver.keyChanges, 0);
  }
});

test('a Reset-Request is answered by a flag packet: it has the same key for RFC 3078 §8.2 and for Linux', () => {
  for (const vector of vectors.resets) {
    const { sender, receiver } = endsOf(optionsOf(vector));
    for (let packet = 0; packet < vector.packetsBefore; packet++) open(receiver, seal(sender, hex(vector.frame)));
    sender.flushNext();
    sender.flushNext();
    assert.equal(toHex(seal(sender, hex(vector.frame))), vector.passingOver, vector.id);
    assert.equal(sender.resets, 2);
    const next = seal(sender, frameOf(1));
    assert.equal(headerOf(next), MppeBit.Encrypted | 0x100, 'once only');
    sender.flushNext();
    assert.deepEqual(open(receiver, seal(sender, frameOf(2))), frameOf(2), vector.id);
    assert.deepEqual([receiver.nextCoherency, receiver.keyChanges, sender.keyChanges], [0x200, 2, 2]);
  }
});

test('RFC 3078 §3: only protocols from 0021 to 00FA are sealed, the rest is left as it is', () => {
  for (const protocol of ['0021', '21', '0057', '57', '002d', '00f9', 'f9']) {
    assert.equal(isCarried(hex(`${protocol}4500`), 0, 3), true, protocol);
  }
  for (const protocol of ['c021', '8021', '80fd', '00fd', 'fd', '00fb', '001f', '0001', '0020', '22', '0000', 'ff03']) {
    const octets = hex(`00000000${protocol}4500`);
    KERNEL.packets.set(octets);
    assert.equal(senderOf(STATELESS).seal(4, octets.length - 4), MppeRefusal.NotCarried, protocol);
    assert.deepEqual(KERNEL.packets.slice(0, octets.length), octets);
  }
  KERNEL.packets[4] = 0x21;
  for (const length of [0, 1]) assert.equal(senderOf(STATELESS).seal(4, length), MppeRefusal.NotCarried);
});

test('RFC 1661 §6.5: a frame with a compressed protocol field comes out with one', () => {
  const { sender, receiver } = endsOf(STATELESS);
  assert.equal(toHex(open(receiver, seal(sender, hex('2145000102'))) as Uint8Array), '2145000102');
});

test('RFC 3078 §8.1: without state every packet is FLUSHED, and one that is not is dropped', () => {
  const { sender, receiver } = endsOf(STATELESS);
  const sealed = seal(sender, frameOf(0));
  assert.equal(headerOf(sealed), MppeBit.Flushed | MppeBit.Encrypted);
  const bare = Uint8Array.from(sealed);
  bare[0]! &= 0x7f;
  assert.equal(open(receiver, bare), MppeRefusal.NotFlushed);
  assert.deepEqual(open(receiver, sealed), frameOf(0));
});

test('RFC 3078 §8.1: without state losses are made up for, late packets and second ones are dropped', () => {
  const { sender, receiver } = endsOf(STATELESS);
  const sealed = Array.from({ length: 20 }, (_, number) => seal(sender, frameOf(number)));
  const order = [0, 1, 4, 2, 4, 3, 5, 15, 14, 19];
  const results = order.map((number) => open(receiver, sealed[number]!));
  assert.deepEqual(
    results.map((result) => (typeof result === 'number' ? result : numberOf(result))),
    [0, 1, 4, -3, -3, -3, 5, 15, -3, 19],
  );
  assert.equal(MppeRefusal.OldCount, -3);
  const { packets, dropped, outOfOrder, missed, nextCoherency, keyChanges, needsReset } = receiver;
  assert.deepEqual(
    { packets, dropped, outOfOrder, missed, nextCoherency, keyChanges, needsReset },
    { packets: 6, dropped: 4, outOfOrder: 4, missed: 14, nextCoherency: 20, keyChanges: 20, needsReset: false },
  );
});

test('RFC 3078 §8.2: with state a loss drops all until a FLUSHED packet', () => {
  const { sender, receiver } = endsOf(STATEFUL);
  assert.deepEqual(open(receiver, seal(sender, frameOf(0))), frameOf(0));
  seal(sender, frameOf(1));
  assert.equal(open(receiver, seal(sender, frameOf(2))), MppeRefusal.LostSynchronism);
  assert.equal(receiver.needsReset, true);
  assert.equal(open(receiver, seal(sender, frameOf(3))), MppeRefusal.LostSynchronism);
  sender.flushNext();
  assert.deepEqual(open(receiver, seal(sender, frameOf(4))), frameOf(4));
  assert.equal(receiver.needsReset, false);
  assert.deepEqual(open(receiver, seal(sender, frameOf(5))), frameOf(5));
  assert.deepEqual([receiver.packets, receiver.dropped, receiver.missed, receiver.droppedInARow], [3, 2, 1, 0]);
  seal(sender, frameOf(6));
  seal(sender, frameOf(7));
  sender.flushNext();
  assert.deepEqual(open(receiver, seal(sender, frameOf(8))), frameOf(8), 'needs no reset that came by itself');
  assert.deepEqual([receiver.packets, receiver.dropped, receiver.missed], [4, 2, 1], 'lost, or passed over');
});

test('RFC 3078 §7.3: with state, flag packets that were lost have changed the key all the same', () => {
  for (const lost of [1, 255, 256, 257, 511, 700, 1700]) {
    const { sender, receiver } = endsOf(STATEFUL);
    for (let i = 0; i < 250; i++) open(receiver, seal(sender, frameOf(i)));
    for (let i = 0; i < lost; i++) seal(sender, frameOf(i));
    sender.flushNext();
    assert.deepEqual(open(receiver, seal(sender, frameOf(77))), frameOf(77), `${lost} lost`);
    assert.deepEqual(open(receiver, seal(sender, frameOf(78))), frameOf(78), `${lost} lost`);
    assert.equal(receiver.keyChanges, sender.keyChanges);
  }
});

test('RFC 3078 §7.3: a flag packet without the FLUSHED bit, as the RFC allows it, changes the key as well', () => {
  const { sender, receiver } = endsOf(STATEFUL);
  for (let i = 0; i < 300; i++) {
    const sealed = seal(sender, frameOf(i));
    if (i === 255) sealed[0]! &= 0x7f;
    assert.deepEqual(open(receiver, sealed), frameOf(i));
  }
  assert.equal(receiver.keyChanges, 1);
});

test('RFC 3078 §3.1: what was not agreed on is refused, and clear text above all', () => {
  const cases: readonly (readonly [MppeOptions, number, number])[] = [
    [STATELESS, MppeBit.Flushed, MppeRefusal.NotEncrypted],
    [STATEFUL, 0, MppeRefusal.NotEncrypted],
    [STATELESS, MppeBit.Flushed | MppeBit.Encrypted | MppeBit.Compressed, MppeRefusal.NotAgreed],
    [{ bits: 0, stateful: true, startKey: new Uint8Array(), mppc: true }, MppeBit.Encrypted, MppeRefusal.NotAgreed],
  ];
  for (const [options, bits, refusal] of cases) {
    const receiver = receiverOf(options);
    assert.equal(open(receiver, Uint8Array.of(bits >> 8, 0, ...frameOf(1))), refusal);
    assert.equal(receiver.dropped, 1);
  }
});

test('a packet of no octets, or of a header alone, is malformed', () => {
  for (const options of MODES) {
    for (const length of [0, 1, 2]) {
      const { sender, receiver } = endsOf(options);
      const sealed = seal(sender, frameOf(0));
      assert.equal(open(receiver, sealed.subarray(0, length)), MppeRefusal.Malformed, nameOf(options));
    }
  }
});

test('a forged packet does not cost the peer its place: the keys go on with the true one', () => {
  for (const options of [STATELESS, STATEFUL]) {
    const { sender, receiver } = endsOf(options);
    for (let i = 0; i < 40; i++) {
      const sealed = seal(sender, frameOf(i));
      const forged = Uint8Array.from(sealed);
      // An even first octet of the protocol field that is not zero: no protocol.
      forged[2]! ^= 0x44;
      assert.equal(open(receiver, forged), MppeRefusal.Implausible);
      assert.deepEqual(open(receiver, sealed), frameOf(i));
    }
    assert.equal(receiver.keyChanges, sender.keyChanges, 'what a forged packet took is not counted');
  }
});

test('there is no integrity: a flipped bit of the packet is a flipped bit of the frame', () => {
  const { sender, receiver } = endsOf(STATELESS);
  const sealed = seal(sender, frameOf(7));
  sealed[2 + 20]! ^= 0x01;
  const frame = frameOf(7);
  frame[20]! ^= 0x01;
  assert.deepEqual(open(receiver, sealed), frame);
});

test('RFC 2118 §3.1: compression and encryption share a header', () => {
  const text = Uint8Array.from(Buffer.from(`\0!${'E and so on '.repeat(40)}`, 'latin1'));
  for (const options of MODES.filter(({ mppc }) => mppc)) {
    const { sender, receiver } = endsOf(options);
    for (let i = 0; i < 40; i++) {
      const sealed = seal(sender, text);
      const expected =
        MppeBit.Compressed |
        (options.bits === 0 ? 0 : MppeBit.Encrypted) |
        (options.stateful ? 0 : MppeBit.Flushed | MppeBit.AtFront);
      assert.equal((headerOf(sealed) & 0xf000 & ~(options.stateful ? MppeBit.AtFront : 0)) >>> 0, expected);
      assert.ok(sealed.length < text.length / 2, nameOf(options));
      assert.deepEqual(open(receiver, sealed), text, nameOf(options));
    }
  }
});

test('RFC 2118 §4: what does not shrink goes as it is, and the history begins anew behind it', () => {
  const noise = Uint8Array.from({ length: 200 }, (_, i) => (i < 2 ? [0x00, 0x21][i]! : (i * i * 31 + 7 * i) & 0xff));
  const options: MppeOptions = { bits: 0, stateful: true, startKey: new Uint8Array(), mppc: true };
  const { sender, receiver } = endsOf(options);
  const seen = [frameOf(1), noise, frameOf(1), frameOf(1)].map((frame) => {
    const sealed = seal(sender, frame);
    assert.deepEqual(open(receiver, sealed), frame);
    return headerOf(sealed) & 0xf000;
  });
  const C = MppeBit.Compressed;
  assert.deepEqual(seen, [C | MppeBit.AtFront, 0, C | MppeBit.AtFront | MppeBit.Flushed, C]);
});

test('RFC 3078 §8.2: under stateful keys compression rests until a flag packet rather than use a key stream twice', () => {
  const { sender, receiver } = endsOf({ ...STATEFUL, mppc: true });
  const noise = Uint8Array.from({ length: 200 }, (_, i) => (i < 2 ? [0x00, 0x21][i]! : (i * i * 31 + 7 * i) & 0xff));
  const seen = Array.from({ length: 300 }, (_, i) => {
    const frame = i === 10 ? noise : frameOf(i);
    const sealed = seal(sender, frame);
    assert.deepEqual(open(receiver, sealed), frame);
    return headerOf(sealed) & (MppeBit.Flushed | MppeBit.Compressed);
  });
  const { Flushed, Compressed } = MppeBit;
  const expected = seen.map((_, i) => (i < 10 || i > 255 ? Compressed : i < 255 ? 0 : Flushed | Compressed));
  assert.deepEqual(seen, expected);
});

test('RFC 2118 §3.1: FLUSHED empties the history of the receiver, whether the packet is at the front or not', () => {
  const receiver = receiverOf({ bits: 0, stateful: true, startKey: new Uint8Array(), mppc: true });
  const packet = (bits: number, count: number, tokens: readonly Token[]): Uint8Array =>
    Uint8Array.of(bits >> 8, count, ...pack(tokens));
  const ip = [{ literal: 0x00 }, { literal: 0x21 }, { literal: 0x45 }];
  const again = [{ offset: 3, length: 3 }];
  assert.equal(toHex(open(receiver, packet(MppeBit.Compressed, 0, ip)) as Uint8Array), '002145');
  assert.equal(toHex(open(receiver, packet(MppeBit.Compressed, 1, again)) as Uint8Array), '002145');
  const flushed = MppeBit.Compressed | MppeBit.Flushed;
  assert.equal(open(receiver, packet(flushed, 2, again)), MppeRefusal.Malformed);
  assert.equal(toHex(open(receiver, packet(flushed, 2, ip)) as Uint8Array), '002145');
});

test("RFC 2118 §4.3: a compressed packet that cannot be the peer's has spoilt the history, and a reset mends it", () => {
  for (const options of MODES.filter(({ stateful, mppc }) => stateful && mppc)) {
    const { sender, receiver } = endsOf(options);
    open(receiver, seal(sender, frameOf(0)));
    const sealed = seal(sender, frameOf(1));
    const forged = Uint8Array.from(sealed);
    // The first octet of the protocol field becomes 44, whether it is a literal or hidden by RC4.
    forged[2]! ^= 0x44;
    assert.ok((open(receiver, forged) as number) < 0, nameOf(options));
    assert.equal(receiver.needsReset, true);
    assert.equal(open(receiver, sealed), MppeRefusal.LostSynchronism);
    sender.flushNext();
    assert.deepEqual(open(receiver, seal(sender, frameOf(2))), frameOf(2), nameOf(options));
    assert.deepEqual(open(receiver, seal(sender, frameOf(3))), frameOf(3), nameOf(options));
  }
});

test('what is decompressed fits our MRU, or is dropped', () => {
  for (const options of MODES.filter(({ mppc }) => mppc)) {
    const sender = senderOf(options);
    const receiver = receiverOf(options, 500);
    assert.equal(open(receiver, seal(sender, frameOf(0, 503)), 500), MppeRefusal.TooLong, nameOf(options));
    sender.flushNext();
    assert.deepEqual(open(receiver, seal(sender, frameOf(1, 502)), 500), frameOf(1, 502), nameOf(options));
  }
});

test('a closed end has forgotten its keys', () => {
  for (const options of MODES.filter(({ bits }) => bits !== 0)) {
    const { sender, receiver } = endsOf(options);
    const twin = senderOf(options);
    seal(sender, frameOf(0));
    seal(twin, frameOf(0));
    sender.close();
    assert.notDeepEqual(seal(sender, frameOf(1)), seal(twin, frameOf(1)), nameOf(options));
    receiver.close();
    assert.notDeepEqual(open(receiver, seal(senderOf(options), frameOf(0))), frameOf(0), nameOf(options));
  }
});

test('RFC 791 §3.1, RFC 8200 §3: a datagram has the version of its protocol, and no more octets than there are', () => {
  const ipv4 = (version: number, totalLength: number) => `${version}50000${totalLength.toString(16)}${'00'.repeat(16)}`;
  const ipv6 = (version: number, payload: number) =>
    `${version}000000000${payload.toString(16).padStart(2, '0')}${'00'.repeat(34)}`;
  const cases: readonly (readonly [string, boolean])[] = [
    [`0021${ipv4(4, 0x14)}`, true],
    [`21${ipv4(4, 0x14)}`, true],
    [`21${ipv4(4, 0x14)}0000`, true],
    [`21${ipv4(4, 0x15)}`, false],
    [`21${ipv4(4, 0x13)}`, false],
    [`21${ipv4(6, 0x14)}`, false],
    [`57${ipv4(4, 0x14)}`, false],
    [`23${ipv4(4, 0x14)}`, false],
    [`21${ipv4(4, 0x14)}`.slice(0, -2), false],
    [`0057${ipv6(6, 0)}`, true],
    [`57${ipv6(6, 8)}${'00'.repeat(8)}`, true],
    [`57${ipv6(6, 8)}${'00'.repeat(7)}`, false],
    [`57${ipv6(4, 0)}`, false],
    ['', false],
    ['00', false],
  ];
  for (const [frame, expected] of cases) assert.equal(isDatagram(hex(frame), 0, frame.length / 2), expected, frame);
});

test('what seal needs before a frame is what it writes there', () => {
  const buffer = KERNEL.packets.subarray(0, 100).fill(0xaa);
  buffer.set(frameOf(3), SEAL_ROOM);
  const length = senderOf(STATELESS).seal(SEAL_ROOM, 60);
  assert.deepEqual([length, toHex(buffer.subarray(0, 4)), buffer[64]], [64, '00fd9000', 0xaa]);
});
