// Codecs of attribute values: what AVPs, PPP options and RADIUS attributes have in common.
// A value codec is given exactly the octets of one value and must use them all.

import { DecodeError } from './errors.ts';
import { formatIpv4, parseIpv4 } from './ip.ts';

export interface ValueCodec<T> {
  decode(octets: Uint8Array): T;
  encode(value: T): Uint8Array;
  /** As a log or a debug line shows it. */
  format(value: T): string;
}

export const u8: ValueCodec<number> = {
  decode: (octets) => sized(octets, 1)[0]!,
  encode: (value) => Uint8Array.of(value),
  format: String,
};

export const u16: ValueCodec<number> = {
  decode: (octets) => view(sized(octets, 2)).getUint16(0),
  encode: (value) => Uint8Array.of(value >>> 8, value),
  format: String,
};

export const u32: ValueCodec<number> = {
  decode: (octets) => view(sized(octets, 4)).getUint32(0),
  encode: (value) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value),
  format: String,
};

export const u64: ValueCodec<bigint> = {
  decode: (octets) => view(sized(octets, 8)).getBigUint64(0),
  encode: (value) => {
    const octets = new Uint8Array(8);
    view(octets).setBigUint64(0, value);
    return octets;
  },
  format: String,
};

/** Text of unknown honesty: octets that are no UTF-8 become U+FFFD, and `format` shows no control character. */
export const utf8: ValueCodec<string> = {
  decode: (octets) => new TextDecoder().decode(octets),
  encode: (value) => new TextEncoder().encode(value),
  format: printable,
};

export const octets: ValueCodec<Uint8Array> = {
  decode: (value) => value.slice(),
  encode: (value) => value,
  format: formatHex,
};

export const ipv4: ValueCodec<string> = {
  decode: (value) => formatIpv4(view(sized(value, 4)).getUint32(0)),
  encode: (value) => u32.encode(parseIpv4(value)),
  format: String,
};

/** Peer-supplied text made harmless for a terminal and a log: control, bidirectional and invisible characters escaped. */
export function printable(text: string): string {
  let safe = '';
  for (const character of text) {
    const point = character.codePointAt(0)!;
    safe += isPrintable(point) ? character : `\\u{${point.toString(16)}}`;
  }
  return safe;
}

export function formatHex(value: Uint8Array): string {
  let text = '';
  for (const octet of value) text += octet.toString(16).padStart(2, '0');
  return text;
}

function isPrintable(point: number): boolean {
  return !UNPRINTABLE.some(([first, last]) => point >= first && point <= last);
}

function sized(value: Uint8Array, length: number): Uint8Array {
  if (value.length !== length) throw new DecodeError('value-length', 0, `${length} octets, not ${value.length}`);
  return value;
}

function view(value: Uint8Array): DataView {
  return new DataView(value.buffer, value.byteOffset, value.length);
}

/** Control characters, and those that turn the direction of text around or cannot be seen. */
// biome-ignore format: ranges, one kind a line
const UNPRINTABLE = [
  [0x00, 0x1f], [0x7f, 0x9f],
  [0x061c, 0x061c], [0x200e, 0x200f], [0x202a, 0x202e], [0x2066, 0x2069],
  [0xad, 0xad], [0x180e, 0x180e], [0x200b, 0x200d], [0x2028, 0x2029], [0x2060, 0x2065], [0x206a, 0x206f], [0xfeff, 0xfeff],
] as const;
