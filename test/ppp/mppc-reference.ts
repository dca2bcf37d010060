// RFC 2118 §4 read a second time, for comparison: the tables as text, bits as characters, no limit of speed or size.

export type Token = { readonly literal: number } | { readonly offset: number; readonly length: number };

// biome-ignore format: RFC 2118 §4.2, row by row: least value, bits in front, bits of the value behind them
const OFFSETS: readonly (readonly [number, string, number])[] = [
  [320, '110', 13],
  [64, '1110', 8],
  [0, '1111', 6],
];
// biome-ignore format: as above
const LENGTHS: readonly (readonly [number, string, number])[] = [
  [4096, '111111111110', 12],
  [2048, '11111111110', 11],
  [1024, '1111111110', 10],
  [512, '111111110', 9],
  [256, '11111110', 8],
  [128, '1111110', 7],
  [64, '111110', 6],
  [32, '11110', 5],
  [16, '1110', 4],
  [8, '110', 3],
  [4, '10', 2],
  [3, '0', 0],
];

export function bitsOf(token: Token): string {
  if ('literal' in token)
    return token.literal < 0x80 ? binary(token.literal, 8) : `10${binary(token.literal & 0x7f, 7)}`;
  return offsetBits(token.offset) + lengthBits(token.length);
}

export function offsetBits(offset: number): string {
  return fromTable(OFFSETS, offset);
}

export function lengthBits(length: number): string {
  return fromTable(LENGTHS, length);
}

/** Fills the last octet with zeros. */
export function packBits(bits: string): Uint8Array {
  const octets = bits.match(/.{1,8}/g) ?? [];
  return Uint8Array.from(octets, (octet) => Number.parseInt(octet.padEnd(8, '0'), 2));
}

export function pack(tokens: readonly Token[]): Uint8Array {
  return packBits(tokens.map(bitsOf).join(''));
}

/** `undefined`: no compressor writes such a packet after that history. */
export function unpack(octets: Uint8Array, history: readonly number[] = []): readonly number[] | undefined {
  let bits = [...octets].map((octet) => binary(octet, 8)).join('');
  const all = [...history];
  while (bits.length >= 8) {
    const token = readToken(bits);
    if (token === undefined) return undefined;
    const [read, used] = token;
    bits = bits.slice(used);
    if ('literal' in read) all.push(read.literal);
    else {
      if (read.offset < 1 || read.offset > 8191 || read.offset > all.length) return undefined;
      for (let i = 0; i < read.length; i++) all.push(all[all.length - read.offset]!);
    }
    if (all.length > 8192) return undefined;
  }
  return all.slice(history.length);
}

function readToken(bits: string): readonly [Token, number] | undefined {
  if (bits[0] === '0') return [{ literal: Number.parseInt(bits.slice(0, 8), 2) }, 8];
  if (bits[1] === '0')
    return bits.length < 9 ? undefined : [{ literal: 0x80 + Number.parseInt(bits.slice(2, 9), 2) }, 9];
  const offset = readRow(OFFSETS, bits);
  if (offset === undefined) return undefined;
  const length = readRow(LENGTHS, bits.slice(offset[1]));
  return length && [{ offset: offset[0], length: length[0] }, offset[1] + length[1]];
}

function readRow(table: typeof OFFSETS, bits: string): readonly [number, number] | undefined {
  const row = table.find(([, front]) => bits.startsWith(front));
  if (row === undefined) return undefined;
  const [least, front, count] = row;
  const used = front.length + count;
  return bits.length < used ? undefined : [least + Number.parseInt(`0${bits.slice(front.length, used)}`, 2), used];
}

function fromTable(table: typeof OFFSETS, value: number): string {
  const [least, front, count] = table.find(([least]) => value >= least)!;
  return front + (count === 0 ? '' : binary(value - least, count));
}

function binary(value: number, bits: number): string {
  return value.toString(2).padStart(bits, '0');
}
