// IPv6 addresses, RFC 4291 §2.2, as four words of 32 bits in the order of the wire; printed as RFC 5952 §4 wants them.

import { formatIpv4, readIpv4 } from './ip.ts';

export type Ipv6Words = readonly [number, number, number, number];

/** Undefined if `text` is no IPv6 address. Zones (`%eth0`) are not taken: a tunnel has no link-local ends. */
export function readIpv6(text: string): Ipv6Words | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const front = readGroups(halves[0]!, halves.length === 1);
  const back = halves.length === 2 ? readGroups(halves[1]!, true) : [];
  if (front === undefined || back === undefined) return undefined;
  const missing = 8 - front.length - back.length;
  // "::" stands for at least one group.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...front, ...new Array<number>(missing).fill(0), ...back];
  const word = (at: number): number => ((groups[at]! << 16) | groups[at + 1]!) >>> 0;
  return [word(0), word(2), word(4), word(6)];
}

export function formatIpv6(words: ArrayLike<number>): string {
  const groups: number[] = [];
  for (let index = 0; index < 4; index++) groups.push(words[index]! >>> 16, words[index]! & 0xffff);
  // §5: addresses with a well-known prefix and an IPv4 address inside keep it readable.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${formatIpv4(words[3]!)}`;
  }
  const { at, length } = longestZeros(groups);
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  // §4.2.2: "::" is not for one group alone.
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, at))}::${text(groups.slice(at + length))}`;
}

/** The groups of one side of "::"; `last` ends the address and may have an IPv4 address there. */
function readGroups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (last && index === parts.length - 1 && part.includes('.')) {
      const address = readIpv4(part);
      // RFC 3986 §3.2.2: no leading zeros here, which some read as octal.
      if (address === undefined || /(?:^|\.)0\d/.test(part)) return undefined;
      groups.push(address >>> 16, address & 0xffff);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups.length <= 8 ? groups : undefined;
}

/** §4.2.3: the longest run, the first of several. */
function longestZeros(groups: readonly number[]): { at: number; length: number } {
  let best = { at: 0, length: 0 };
  for (let at = 0; at < groups.length; at++) {
    let length = 0;
    while (groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  return best;
}
