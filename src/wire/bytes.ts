// Reading and writing octets, big-endian as every protocol here. Reading past the end throws DecodeError:
// no caller re-checks a length, and no truncated field ever comes back short.

import { DecodeError } from './errors.ts';

export class ByteReader {
  readonly #octets: Uint8Array;
  readonly #view: DataView;
  #at: number;
  readonly #end: number;

  constructor(octets: Uint8Array, start = 0, end = octets.length) {
    this.#octets = octets;
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.length);
    this.#at = start;
    this.#end = end;
  }

  get offset(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8));
  }

  /** The next `length` octets, not copied: they live as long as the buffer does. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#octets.subarray(start, start + length);
  }

  rest(): Uint8Array {
    return this.take(this.remaining);
  }

  skip(length: number): void {
    this.#advance(length);
  }

  /** A reader of the next `length` octets alone; this one moves past them. */
  sub(length: number): ByteReader {
    const start = this.#advance(length);
    return new ByteReader(this.#octets, start, start + length);
  }

  #advance(length: number): number {
    const start = this.#at;
    if (length > this.#end - start) {
      throw new DecodeError('truncated', start, `${length} octets wanted, ${this.#end - start} left`);
    }
    this.#at = start + length;
    return start;
  }
}

export class ByteWriter {
  #octets: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = 128) {
    this.#octets = new Uint8Array(capacity);
    this.#view = new DataView(this.#octets.buffer);
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
  }

  u16(value: number): void {
    const at = this.#grow(2);
    this.#view.setUint16(at, value);
  }

  u32(value: number): void {
    const at = this.#grow(4);
    this.#view.setUint32(at, value);
  }

  u64(value: bigint): void {
    const at = this.#grow(8);
    this.#view.setBigUint64(at, value);
  }

  bytes(value: Uint8Array): void {
    const at = this.#grow(value.length);
    this.#octets.set(value, at);
  }

  zeros(count: number): void {
    const start = this.#grow(count);
    this.#octets.fill(0, start, start + count);
  }

  /** Overwrites two octets written before: for a length known only at the end. */
  patchU16(at: number, value: number): void {
    this.#view.setUint16(at, value);
  }

  /** What was written, as a copy of its own. */
  finish(): Uint8Array {
    return this.#octets.slice(0, this.#length);
  }

  /** Makes room and returns where it begins. It may replace buffer and view, so it comes before either is named. */
  #grow(count: number): number {
    const start = this.#length;
    const length = start + count;
    if (length > this.#octets.length) {
      const larger = new Uint8Array(Math.max(length, this.#octets.length * 2));
      larger.set(this.#octets.subarray(0, start));
      this.#octets = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#length = length;
    return start;
  }
}

export function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}

/** Equality whose time does not depend on where two values of equal length differ: for digests and secrets. */
export function equalSecrets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= a[index]! ^ b[index]!;
  return difference === 0;
}

export function concatOctets(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
