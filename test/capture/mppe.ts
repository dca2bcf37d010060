// Opens the MPPE of a capture with the password: keys from the MS-CHAP-v2 in it (RFC 3079 §3), then each packet in turn
// (RFC 3078), down to the checksum of what the packet carries. Our own receiver does it, so that on a capture of two other
// implementations it is the receiver that is judged, and on one of ours the sender.

import assert from 'node:assert/strict';
import { keysOfVersion2, type StartKeys } from '../../src/crypto/mppe-keys.ts';
import { ntPasswordHash } from '../../src/crypto/mschap.ts';
import type { MppeReceiver } from '../../src/ppp/mppe.ts';
import { internetChecksum, sumWords } from '../../src/wire/checksum.ts';
import { KERNEL, receiverOf } from '../ppp/mppe-ends.ts';
import { fields } from './tshark.ts';

/** One direction of one call. */
export interface Opened {
  /** Who sent it: `192.0.2.1`. */
  readonly source: string;
  /** What was agreed on: `128-bit stateless`. */
  readonly mode: string;
  /** Packets that came out whole, those that were refused, and those that never came. */
  packets: number;
  refused: number;
  missed: number;
  keyChanges: number;
}

const MRU = 1500;
/** In the memory of packets: where the packet begins, and where a longer one would go. */
const [AT, ROOM] = [0, 4096];
const [RESPONSE, SUCCESS] = ['2', '3'];
/** In the value of an MS-CHAP-v2 Response: 16 octets of Peer-Challenge, 8 reserved, then so many (RFC 2759 §4). */
const NT_RESPONSE = [24, 48] as const;
/** Of what is acknowledged: RFC 3078 §2.1. */
const [STATELESS, BITS] = [0x0100_0000, { 32: 40, 128: 56, 64: 128 } as const];
const FILTER = '(chap || ppp.protocol == 0x00fd || (ccp.opt.mppe && ppp.code == 2)) && !icmp';
const COLUMNS = ['frame.number', 'ip.src', 'ip.dst', 'chap.code', 'chap.value', 'ccp.opt.supported_bits', 'data.data'];

interface Direction {
  readonly receiver: MppeReceiver;
  readonly seen: Opened;
  /** What its keys come from. */
  readonly response: Buffer;
}

/** Every direction that was agreed on, in order, whatever became of it; again where a call was authenticated again. */
export async function openMppe(file: string, password: string): Promise<Opened[]> {
  const hash = ntPasswordHash(new TextEncoder().encode(password));
  const directions = new Map<string, Direction>();
  const opened: Opened[] = [];
  let [response, proven, client] = [Buffer.of(), Buffer.of(), ''];
  for (const row of await fields(file, FILTER, COLUMNS)) {
    const [frame, from, to, code, value, supported, data] = row as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    if (code === RESPONSE) [response, client] = [Buffer.from(value, 'hex'), from];
    if (code === SUCCESS) proven = response;
    if (code !== '') continue;
    const known = directions.get(supported === '' ? from : to);
    if (supported === '') {
      assert.ok(known !== undefined, `frame ${frame}: MPPE before it was agreed on`);
      openPacket(known, Buffer.from(data, 'hex'), `frame ${frame}`);
    } else if (known === undefined || known.seen.packets === 0 || known.response !== proven) {
      // Whoever acknowledges says what it is to be sent.
      assert.ok(proven.length > 0, `frame ${frame}: no MS-CHAP has succeeded`);
      const keys = keysOfVersion2(hash, proven.subarray(...NT_RESPONSE), 'client');
      const direction = begin(to, to === client ? keys.transmit : keys.receive, Number(supported), proven);
      directions.set(to, direction);
      opened.push(direction.seen);
    }
  }
  return opened;
}

function begin(source: string, keys: StartKeys, supported: number, response: Buffer): Direction {
  const bits = BITS[(supported & 0xe0) as keyof typeof BITS];
  const stateful = (supported & STATELESS) === 0;
  const mode = `${bits}-bit ${stateful ? 'stateful' : 'stateless'}`;
  const seen = { source, mode, packets: 0, refused: 0, missed: 0, keyChanges: 0 };
  const startKey = bits === 128 ? keys.long : keys.short;
  return { receiver: receiverOf({ bits, stateful, startKey }, MRU), seen, response };
}

function openPacket({ receiver, seen }: Direction, sealed: Buffer, where: string): void {
  KERNEL.packets.set(sealed, AT);
  const length = receiver.open(AT, sealed.length, ROOM);
  if (length >= 0) assertWhole(KERNEL.packets.subarray(receiver.frameAt, receiver.frameAt + length), where);
  seen.packets = receiver.packets;
  seen.refused = receiver.dropped;
  seen.missed = receiver.missed;
  seen.keyChanges = receiver.keyChanges;
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
