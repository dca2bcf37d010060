// MPPE and MPPC on one direction of one session (RFC 3078, RFC 2118): a PPP frame from its protocol field on becomes what
// travels under the protocol 00FD, and back. Part of the packet path: in place, no allocation, no throw; what is refused
// comes back as a negative number (`MppeRefusal`). Without any integrity: a flipped bit of the ciphertext is a flipped bit
// of the clear text, and nothing here would know.

import { applyRc4, keepRc4, RC4_STATE, resumeRc4 } from '../crypto/rc4.ts';
import { MppcCompressor, MppcDecompressor } from './mppc.ts';
import {
  COHERENCY,
  HEADER_LENGTH,
  isCarried,
  isDatagram,
  MppeBit,
  type MppeOptions,
  MppeRefusal,
  SEAL_ROOM,
} from './mppe-header.ts';
import { MppeKey } from './mppe-key.ts';

export class MppeSender {
  packets = 0;
  /** Reset-Requests of the peer. */
  resets = 0;
  nextCoherency = 0;
  readonly #key: MppeKey | undefined;
  /** The stream that goes on from packet to packet, with stateful keys. */
  readonly #stream: Uint8Array;
  readonly #stateful: boolean;
  readonly #compressor: MppcCompressor | undefined;
  #flushNext = false;
  /** The history is not what the peer has, and stays unused until a packet with the FLUSHED bit. */
  #historyLost = false;

  constructor(options: MppeOptions) {
    this.#stateful = options.stateful;
    this.#compressor = options.mppc === true ? new MppcCompressor() : undefined;
    this.#key = options.bits === 0 ? undefined : new MppeKey(options.bits, options.startKey);
    this.#stream = firstStream(this.#key, options.stateful);
  }

  get keyChanges(): number {
    return this.#key?.changes ?? 0;
  }

  /**
   * The frame at `at` becomes a sealed one at `at - SEAL_ROOM`, whose length is the answer, or a `MppeRefusal`. With MPPC
   * its protocol field is to have two octets (RFC 2118 §3.1).
   */
  seal(buffer: Uint8Array, at: number, length: number): number {
    if (!isCarried(buffer, at, length)) return MppeRefusal.NotCarried;
    const key = this.#key;
    const count = this.#nextCount();
    const keyChanges = key !== undefined && (!this.#stateful || isFlagPacket(count));
    // RFC 3078 asks for the bit on a flag packet nowhere; Linux drops one without it, and nobody one with it.
    const flushed = !this.#stateful || this.#flushNext || keyChanges;
    this.#flushNext = false;
    let bits: number = flushed ? MppeBit.Flushed : 0;
    let carried = length;
    if (this.#compressor !== undefined) {
      const compressed = this.#compress(this.#compressor, flushed, buffer, at, length);
      if (compressed > 0) {
        bits |= this.#compressor.atFront ? MppeBit.Compressed | MppeBit.AtFront : MppeBit.Compressed;
        carried = compressed;
      }
    }
    if (key !== undefined) {
      bits |= MppeBit.Encrypted;
      if (keyChanges) key.change(1);
      if (flushed) key.schedule();
      else resumeRc4(this.#stream);
      applyRc4(buffer, at, carried);
      if (this.#stateful) keepRc4(this.#stream);
    }
    writeHeader(buffer, at - SEAL_ROOM, bits | count);
    this.nextCoherency = (count + 1) & COHERENCY;
    this.packets++;
    return carried + SEAL_ROOM;
  }

  /** The peer sent a Reset-Request: RFC 3078 §8.2. However many come before the next packet, they are one. */
  flushNext(): void {
    this.resets++;
    this.#flushNext = true;
  }

  /** Forgets the keys and the history; there is no use of it afterwards. */
  close(): void {
    this.#key?.wipe();
    this.#stream.fill(0);
    this.#compressor?.wipe();
  }

  /**
   * After a reset that of the next flag packet, past those between. For RFC 3078 §8.2 the packet after a reset has the same key
   * again, and so the same key stream twice; Linux changes the key before it. A flag packet has the same key for both.
   */
  #nextCount(): number {
    const passesOver = this.#flushNext && this.#stateful && this.#key !== undefined;
    return passesOver ? this.nextCoherency | FLAG : this.nextCoherency;
  }

  #compress(compressor: MppcCompressor, flushed: boolean, buffer: Uint8Array, at: number, length: number): number {
    if (flushed) {
      compressor.flush();
      this.#historyLost = false;
    }
    if (this.#historyLost) return 0;
    const compressed = compressor.compress(buffer, at, length);
    if (compressed === 0) {
      this.#historyLost = true;
      // The history begins anew with the next packet; but under stateful keys FLUSHED would use the same key stream twice,
      // so there compression waits for the next flag packet, which has a new key.
      if (this.#key === undefined) this.#flushNext = true;
    }
    return compressed;
  }
}

export class MppeReceiver {
  packets = 0;
  /** Reset-Requests to the peer. */
  resets = 0;
  nextCoherency = 0;
  /** All that was refused; those that came too late; those that never came, or came too late, as far as counts tell. */
  dropped = 0;
  outOfOrder = 0;
  missed = 0;
  /** Refused since the last packet that was not: many of them say that only new keys will help. */
  droppedInARow = 0;
  /** Nothing opens before the peer answers a Reset-Request: send one, and again when it is not answered. */
  needsReset = false;
  /** Where in the buffer the frame is whose length `open` gave. */
  frameAt = 0;
  readonly #key: MppeKey | undefined;
  readonly #stream: Uint8Array;
  readonly #savedStream: Uint8Array;
  readonly #stateful: boolean;
  readonly #decompressor: MppcDecompressor | undefined;
  readonly #limit: number;
  /** Changes of keys that packets out of order may still cost us. */
  #credit = FIRST_CREDIT;
  /** How far ahead of `nextCoherency` packets have been seen that could not be opened. */
  #seen = 0;

  /** `mru`: what a decompressed packet may have behind its protocol field. */
  constructor(options: MppeOptions, mru: number) {
    this.#stateful = options.stateful;
    this.#limit = mru + 2;
    this.#decompressor = options.mppc === true ? new MppcDecompressor() : undefined;
    this.#key = options.bits === 0 ? undefined : new MppeKey(options.bits, options.startKey);
    this.#stream = firstStream(this.#key, options.stateful);
    this.#savedStream = new Uint8Array(this.#stream.length);
  }

  get keyChanges(): number {
    return this.#key?.changes ?? 0;
  }

  /**
   * What came behind the protocol 00FD, at `at`: gives the length of the frame in it, which is at `frameAt`, or a
   * `MppeRefusal`. A frame that was compressed goes to `room`, where the buffer has `mru + 2` octets for it.
   */
  open(buffer: Uint8Array, at: number, length: number, room: number): number {
    const opened = this.#open(buffer, at, length, room);
    if (opened < 0) {
      this.dropped++;
      this.droppedInARow++;
    } else {
      this.packets++;
      this.droppedInARow = 0;
    }
    return opened;
  }

  /** Forgets the keys and the history; there is no use of it afterwards. */
  close(): void {
    this.#key?.wipe();
    this.#stream.fill(0);
    this.#savedStream.fill(0);
    this.#decompressor?.wipe();
  }

  #open(buffer: Uint8Array, at: number, length: number, room: number): number {
    if (length <= HEADER_LENGTH) return MppeRefusal.Malformed;
    const header = (buffer[at]! << 8) | buffer[at + 1]!;
    const refusal = this.#checkBits(header);
    if (refusal < 0) return refusal;
    if (this.#credit < MOST_CREDIT) this.#credit += CREDIT_PER_PACKET;
    const ahead = (header - this.nextCoherency) & COHERENCY;
    if (ahead > COHERENCY >> 1) {
      this.outOfOrder++;
      return MppeRefusal.OldCount;
    }
    const flushed = (header & MppeBit.Flushed) !== 0;
    if (this.#stateful && !flushed && (ahead > 0 || this.needsReset)) {
      this.needsReset = true;
      this.#countMissed(ahead);
      return MppeRefusal.LostSynchronism;
    }
    let changes = this.#changesUntil(ahead);
    if (changes - 1 > this.#credit) return MppeRefusal.TooFarJump;
    if (changes > 1) this.#credit -= changes - 1;
    if (this.#stateful && flushed && (this.needsReset || !isFlagPacket(header))) {
      changes = this.#changesAtReset(buffer, at + HEADER_LENGTH, length - HEADER_LENGTH, changes);
    }
    return this.#take(buffer, at + HEADER_LENGTH, length - HEADER_LENGTH, room, header, ahead, changes);
  }

  #checkBits(header: number): number {
    const encrypted = (header & MppeBit.Encrypted) !== 0;
    if (!encrypted && this.#key !== undefined) return MppeRefusal.NotEncrypted;
    if (encrypted && this.#key === undefined) return MppeRefusal.NotAgreed;
    if ((header & MppeBit.Compressed) !== 0 && this.#decompressor === undefined) return MppeRefusal.NotAgreed;
    if (!this.#stateful && (header & MppeBit.Flushed) === 0) return MppeRefusal.NotFlushed;
    return 0;
  }

  /** How often the key changes up to and with the packet so many ahead: RFC 3078 §7.3, for lost ones as well. */
  #changesUntil(ahead: number): number {
    if (this.#key === undefined) return 0;
    return this.#stateful ? flagPackets(this.nextCoherency, ahead) : ahead + 1;
  }

  /**
   * Linux changes the key once more before each packet that answers a reset, and before those of them that were lost: what
   * begins like a datagram tells how often. A sender that follows RFC 3078 §8.2 does not.
   */
  #changesAtReset(buffer: Uint8Array, at: number, length: number, changes: number): number {
    const key = this.#key;
    if (key === undefined || this.#decompressor !== undefined) return changes;
    const start = Math.min(length, START.length);
    let found = 0;
    key.save();
    key.change(changes);
    for (let more = 0; more <= MOST_RESETS; more++) {
      if (more > 0) key.change(1);
      for (let i = 0; i < start; i++) START[i] = buffer[at + i]!;
      key.schedule();
      applyRc4(START, 0, start);
      if (isDatagram(START, 0, length)) {
        found = more;
        break;
      }
    }
    START.fill(0);
    key.restore();
    return changes + found;
  }

  /** Opens with the keys of that packet, and keeps them only if it turns out to be the peer's: anybody can write a count. */
  #take(
    buffer: Uint8Array,
    at: number,
    length: number,
    room: number,
    header: number,
    ahead: number,
    changes: number,
  ): number {
    const flushed = (header & MppeBit.Flushed) !== 0;
    this.#decrypt(buffer, at, length, flushed, changes);
    let opened = length;
    this.frameAt = at;
    if (this.#decompressor !== undefined) {
      opened = this.#decompress(this.#decompressor, buffer, at, length, room, header);
    }
    if (opened > 0 && !this.#isPeers(buffer, opened, ahead)) opened = MppeRefusal.Implausible;
    if (opened <= 0) {
      this.#undo(header);
      return opened === 0 ? MppeRefusal.Malformed : opened;
    }
    // Of what lies before a FLUSHED flag packet nobody can tell whether it was lost or passed over.
    if (!this.#stateful || !flushed || !isFlagPacket(header)) this.#countMissed(ahead);
    this.#seen = 0;
    this.needsReset = false;
    this.nextCoherency = (header + 1) & COHERENCY;
    return opened;
  }

  #countMissed(ahead: number): void {
    if (ahead < this.#seen) return;
    this.missed += ahead - this.#seen;
    this.#seen = ahead + 1;
  }

  #decrypt(buffer: Uint8Array, at: number, length: number, flushed: boolean, changes: number): void {
    const key = this.#key;
    if (key === undefined) return;
    key.save();
    this.#savedStream.set(this.#stream);
    if (changes > 0) key.change(changes);
    if (changes > 0 || flushed) key.schedule();
    else resumeRc4(this.#stream);
    applyRc4(buffer, at, length);
    if (this.#stateful) keepRc4(this.#stream);
  }

  #decompress(
    decompressor: MppcDecompressor,
    buffer: Uint8Array,
    at: number,
    length: number,
    room: number,
    header: number,
  ): number {
    if ((header & MppeBit.Flushed) !== 0) decompressor.flush();
    if ((header & MppeBit.Compressed) === 0) return length;
    if ((header & MppeBit.AtFront) !== 0) decompressor.moveToFront();
    this.frameAt = room;
    return decompressor.decompress(buffer, at, length, room, this.#limit);
  }

  /** A jump moves the keys on for good and makes the peer's own packets late, so it takes more than a protocol number. */
  #isPeers(buffer: Uint8Array, length: number, ahead: number): boolean {
    if (ahead >= CREDIT_PER_PACKET) return isDatagram(buffer, this.frameAt, length);
    return isCarried(buffer, this.frameAt, length);
  }

  #undo(header: number): void {
    this.#key?.restore();
    if (!this.#stateful) return;
    this.#stream.set(this.#savedStream);
    // The history has been written to, or emptied, and there is no way back.
    if (this.#decompressor !== undefined && (header & (MppeBit.Compressed | MppeBit.Flushed)) !== 0) {
      this.needsReset = true;
    }
  }
}

/** Without state each packet has a stream of its own, and there is none to keep. */
function firstStream(key: MppeKey | undefined, stateful: boolean): Uint8Array {
  if (key === undefined || !stateful) return new Uint8Array(0);
  const stream = new Uint8Array(RC4_STATE);
  key.schedule();
  keepRc4(stream);
  return stream;
}

/** RFC 3078 §7.3: "whenever the low order octet of the coherency count equals 0xFF" the key of a stateful session changes. */
function isFlagPacket(count: number): boolean {
  return (count & FLAG) === FLAG;
}

/** How many of the counts from `next` to `next + ahead` are those of flag packets. */
function flagPackets(next: number, ahead: number): number {
  return ((next + ahead + 1) >> 8) - (next >> 8);
}

/** The protocol 00FD and the header. */
function writeHeader(buffer: Uint8Array, at: number, header: number): void {
  buffer[at] = 0x00;
  buffer[at + 1] = 0xfd;
  buffer[at + 2] = header >> 8;
  buffer[at + 3] = header;
}

// A forged count could cost 2047 changes of keys a packet, two milliseconds. Each packet, of whatever kind, earns the right
// to a few, so that a flood costs little more than as many packets in order, while the loss of many in a row is made up
// for by the packets behind it.
const CREDIT_PER_PACKET = 16;
const FIRST_CREDIT = 256;
const MOST_CREDIT = 2048;
/** The low octet of the count of a flag packet. */
const FLAG = 0xff;
/** Answers to resets in a row that may be lost, and Linux still be followed. */
const MOST_RESETS = 8;
/** Room for what `isDatagram` looks at. */
const START = new Uint8Array(48);
