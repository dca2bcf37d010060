// Opens the MPPE of a capture with the password: keys from the MS-CHAP-v2 in it (RFC 3079 §3), then each packet in turn
// (RFC 3078), down to the checksum of what the packet carries. Our own receiver does it, so that on a capture of two other
// implementations it is the receiver that is judged, and on one of ours the sender.

import assert from 'node:assert/strict';
import { keysOfVersion2 } from '../../src/crypto/mppe-keys.ts';
import { ntPasswordHash } from '../../src/crypto/mschap.ts';
import { MppeReceiver } from '../../src/ppp/mppe.ts';
import { internetChecksum, sumWords } from '../../src/wire/checksum.ts';
import { fields } from './tshark.ts';

/** What was agreed on (RFC 3078 §2.1). */
export interface Agreed {
  readonly bits: 40 | 128;
  readonly stateful: boolean;
}

/** One direction of one call. */
export interface Opened {
  /** Who sent it: `192.0.2.1`. */
  readonly source: string;
  /** Packets that came out whole, those that were refused, and those that never came. */
  packets: number;
  refused: number;
  missed: number;
  keyChanges: number;
}

const MRU = 1500;
/** In a buffer: where the packet begins, and where a longer one would go. */
const [AT, ROOM, BUFFER] = [0, 4096, 8192];
const [CHALLENGE, RESPONSE, SUCCESS] = ['1', '2', '3'];
/** In the value of an MS-CHAP-v2 Response: 16 octets of Peer-Challenge, 8 reserved, then so many (RFC 2759 §4). */
const NT_RESPONSE = [24, 48] as const;
const COLUMNS = ['frame.number', 'ip.src', 'chap.code', 'chap.value', 'data.data'];

/** Every call of the capture, in order, each as the client's direction and the server's. */
export async function openMppe(file: string, password: string, { bits, stateful }: Agreed): Promise<Opened[]> {
  const hash = ntPasswordHash(new TextEncoder().encode(password));
  const opened: Opened[] = [];
  const buffer = new Uint8Array(BUFFER);
  let response: { source: string; value: Buffer } | undefined;
  let server = '';
  let receivers = new Map<string, { receiver: MppeReceiver; seen: Opened }>();
  for (const row of await fields(file, '(chap || ppp.protocol == 0x00fd) && !icmp', COLUMNS)) {
    const [frame, source, code, value, data] = row as [string, string, string, string, string];
    if (code === CHALLENGE) server = source;
    if (code === RESPONSE) response = { source, value: Buffer.from(value, 'hex') };
    if (code === SUCCESS) {
      assert.ok(response !== undefined, `frame ${frame}: a Success without a Response`);
      const keys = keysOfVersion2(hash, response.value.subarray(...NT_RESPONSE), 'client');
      receivers = new Map(
        [[response.source, keys.transmit] as const, [server, keys.receive] as const].map(([from, { long, short }]) => {
          const startKey = bits === 128 ? long : short;
          const seen: Opened = { source: from, packets: 0, refused: 0, missed: 0, keyChanges: 0 };
          opened.push(seen);
          return [from, { receiver: new MppeReceiver({ bits, stateful, startKey }, MRU), seen }];
        }),
      );
    }
    if (code !== '') continue;
    const direction = receivers.get(source);
    assert.ok(direction !== undefined, `frame ${frame}: MPPE before MS-CHAP has succeeded`);
    const { receiver, seen } = direction;
    const sealed = Buffer.from(data, 'hex');
    buffer.set(sealed, AT);
    const length = receiver.open(buffer, AT, sealed.length, ROOM);
    if (length >= 0) assertWhole(buffer.subarray(receiver.frameAt, receiver.frameAt + length), `frame ${frame}`);
    seen.packets = receiver.packets;
    seen.refused = receiver.dropped;
    seen.missed = receiver.missed;
    seen.keyChanges = receiver.keyChanges;
  }
  return opened;
}

/** Protocols of PPP, then of IP. */
const [IPV4, IPV6] = [0x21, 0x57];
const [ICMP, TCP, UDP] = [1, 6, 17];
/** Octets of a header of IPv4, and of IPv6. */
const [HEADER, HEADER_6] = [20, 40];

/** A packet whose length is what it says, and of IPv4 with the right checksums: its own, those of ICMP, TCP, UDP. */
function assertWhole(frame: Uint8Array, where: string): void {
  const protocol = frame[0] === 0 ? frame[1] : frame[0];
  const packet = frame.subarray(frame[0] === 0 ? 2 : 1);
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  if (protocol === IPV6) {
    assert.deepEqual([packet[0]! >> 4, HEADER_6 + view.getUint16(4)], [6, packet.length], `${where}: IPv6`);
    return;
  }
  assert.equal(protocol, IPV4, `${where}: protocol`);
  assert.deepEqual([packet[0], view.getUint16(2)], [0x45, packet.length], `${where}: IPv4`);
  assert.equal(internetChecksum(packet, 0, HEADER), 0, `${where}: checksum of the header`);
  // A fragment has no checksum of its own.
  if ((view.getUint16(6) & 0x3fff) !== 0) return;
  const carried = packet[9]!;
  assert.ok([ICMP, TCP, UDP].includes(carried), `${where}: protocol ${carried} of IPv4`);
  const pseudoHeader = carried === ICMP ? 0 : sumWords(packet, 12, HEADER, carried + packet.length - HEADER);
  assert.equal(internetChecksum(packet, HEADER, packet.length, pseudoHeader), 0, `${where}: checksum of the payload`);
}
