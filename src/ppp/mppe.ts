// MPPE and MPPC on one direction of one session (RFC 3078, RFC 2118): a PPP frame from its protocol field on becomes what
// travels under the protocol 00FD, and back. Part of the packet path: in place, no allocation, no throw; what is refused
// comes back as a negative number (`MppeRefusal`). Without any integrity: a flipped bit of the ciphertext is a flipped bit
// of the clear text, and nothing here would know.

import type { MppeKernel } from '../crypto/mppe-kernel.ts';
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
import { StatefulCipher } from './stateful-cipher.ts';
import { StatelessCipher } from './stateless-cipher.ts';

export class MppeSender {
  packets = 0;
  /** Reset-Requests of the peer. */
  resets = 0;
  nextCoherency = 0;
  readonly #packets: Uint8Array;
  readonly #cipher: Cipher | undefined;
  readonly #stateful: boolean;
  readonly #compressor: MppcCompressor | undefined;
  #flushNext = false;
  /** The history is not what the peer has, and stays unused until a packet with the FLUSHED bit. */
  #historyLost = false;

  constructor(options: MppeOptions, kernel: MppeKernel) {
    this.#packets = kernel.packets;
    this.#stateful = options.stateful;
    this.#compressor = options.mppc === true ? new MppcCompressor() : undefined;
    this.#cipher = cipherOf(options, kernel);
  }

  get keyChanges(): number {
    return this.#cipher?.changes ?? 0;
  }

  /**
   * The frame at `at` of the kernel's packets becomes a sealed one at `at - SEAL_ROOM`, whose length is the answer, or a
   * `MppeRefusal`. With MPPC its protocol field is to have two octets (RFC 2118 §3.1).
   */
  seal(at: number, length: number): number {
    const buffer = this.#packets;
    if (!isCarried(buffer, at, length)) return MppeRefusal.NotCarried;
    const cipher = this.#cipher;
    const count = this.#nextCount();
    const keyChanges = cipher !== undefined && (!this.#stateful || isFlagPacket(count));
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
    if (cipher !== undefined) {
      bits |= MppeBit.Encrypted;
      cipher.apply(at, carried, keyChanges ? 1 : 0, flushed);
      cipher.accept();
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
    this.#cipher?.close();
    this.#compressor?.wipe();
  }

  /**
   * After a reset that of the next flag packet, past those between. For RFC 3078 §8.2 the packet after a reset has the same key
   * again, and so the same key stream twice; Linux changes the key before it. A flag packet has the same key for both.
   */
  #nextCount(): number {
    const passesOver = this.#flushNext && this.#stateful && this.#cipher !== undefined;
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
      if (this.#cipher === undefined) this.#flushNext = true;
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
  readonly #packets: Uint8Array;
  readonly #cipher: Cipher | undefined;
  readonly #stateful: boolean;
  readonly #decompressor: MppcDecompressor | undefined;
  readonly #limit: number;
  /** Changes of keys that packets out of order may still cost us. */
  #credit = FIRST_CREDIT;
  /** How far ahead of `nextCoherency` packets have been seen that could not be opened. */
  #seen = 0;

  /** `mru`: what a decompressed packet may have behind its protocol field. */
  constructor(options: MppeOptions, mru: number, kernel: MppeKernel) {
    this.#packets = kernel.packets;
    this.#stateful = options.stateful;
    this.#limit = mru + 2;
    this.#decompressor = options.mppc === true ? new MppcDecompressor() : undefined;
    this.#cipher = cipherOf(options, kernel);
  }

  get keyChanges(): number {
    return this.#cipher?.changes ?? 0;
  }

  /**
   * What came behind the protocol 00FD, at `at` of the kernel's packets: gives the length of the frame in it, which is at
   * `frameAt`, or a `MppeRefusal`. A frame that was compressed goes to `room`, where there are `mru + 2` octets for it.
   */
  open(at: number, length: number, room: number): number {
    const opened = this.#open(at, length, room);
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
    this.#cipher?.close();
    this.#decompressor?.wipe();
  }

  #open(at: number, length: number, room: number): number {
    if (length <= HEADER_LENGTH) return MppeRefusal.Malformed;
    const header = (this.#packets[at]! << 8) | this.#packets[at + 1]!;
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
      changes = this.#changesAtReset(at + HEADER_LENGTH, length - HEADER_LENGTH, changes);
    }
    return this.#take(at + HEADER_LENGTH, length - HEADER_LENGTH, room, header, ahead, changes);
  }

  #checkBits(header: number): number {
    const encrypted = (header & MppeBit.Encrypted) !== 0;
    if (!encrypted && this.#cipher !== undefined) return MppeRefusal.NotEncrypted;
    if (encrypted && this.#cipher === undefined) return MppeRefusal.NotAgreed;
    if ((header & MppeBit.Compressed) !== 0 && this.#decompressor === undefined) return MppeRefusal.NotAgreed;
    if (!this.#stateful && (header & MppeBit.Flushed) === 0) return MppeRefusal.NotFlushed;
    return 0;
  }

  /** How often the key changes up to and with the packet so many ahead: RFC 3078 §7.3, for lost ones as well. */
  #changesUntil(ahead: number): number {
    if (this.#cipher === undefined) return 0;
    return this.#stateful ? flagPackets(this.nextCoherency, ahead) : ahead + 1;
  }

  /** Linux's may be more; where they are compressed nothing tells. */
  #changesAtReset(at: number, length: number, changes: number): number {
    if (this.#decompressor !== undefined || !(this.#cipher instanceof StatefulCipher)) return changes;
    return this.#cipher.changesAtReset(at, length, changes);
  }

  /** Opens with the keys of that packet, and keeps them only if it turns out to be the peer's: anybody can write a count. */
  #take(at: number, length: number, room: number, header: number, ahead: number, changes: number): number {
    const flushed = (header & MppeBit.Flushed) !== 0;
    this.#cipher?.apply(at, length, changes, flushed);
    let opened = length;
    this.frameAt = at;
    if (this.#decompressor !== undefined) {
      opened = this.#decompress(this.#decompressor, at, length, room, header);
    }
    if (opened > 0 && !this.#isPeers(opened, ahead)) opened = MppeRefusal.Implausible;
    if (opened <= 0) {
      this.#noteSpoilt(header);
      return opened === 0 ? MppeRefusal.Malformed : opened;
    }
    this.#cipher?.accept();
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

  #decompress(decompressor: MppcDecompressor, at: number, length: number, room: number, header: number): number {
    if ((header & MppeBit.Flushed) !== 0) decompressor.flush();
    if ((header & MppeBit.Compressed) === 0) return length;
    if ((header & MppeBit.AtFront) !== 0) decompressor.moveToFront();
    this.frameAt = room;
    return decompressor.decompress(this.#packets, at, length, room, this.#limit);
  }

  /** A jump moves the keys on for good and makes the peer's own packets late, so it takes more than a protocol number. */
  #isPeers(length: number, ahead: number): boolean {
    if (ahead >= CREDIT_PER_PACKET) return isDatagram(this.#packets, this.frameAt, length);
    return isCarried(this.#packets, this.frameAt, length);
  }

  /** The history has been written to, or emptied, and there is no way back. */
  #noteSpoilt(header: number): void {
    if (!this.#stateful || this.#decompressor === undefined) return;
    if ((header & (MppeBit.Compressed | MppeBit.Flushed)) !== 0) this.needsReset = true;
  }
}

type Cipher = StatelessCipher | StatefulCipher;

function cipherOf({ bits, stateful, startKey }: MppeOptions, kernel: MppeKernel): Cipher | undefined {
  if (bits === 0) return undefined;
  return stateful ? new StatefulCipher(bits, startKey, kernel) : new StatelessCipher(bits, startKey, kernel);
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
