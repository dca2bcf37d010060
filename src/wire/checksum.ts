// The Internet checksum, RFC 1071, and its incremental update, RFC 1624. Plain functions over numbers:
// the packet path uses them too.

/** One's complement sum of the 16-bit words of `octets[start..end)`, not yet folded; an odd last octet is padded with zero. */
export function sumWords(octets: Uint8Array, start: number, end: number, initial = 0): number {
  let sum = initial;
  let at = start;
  for (; at + 1 < end; at += 2) sum += (octets[at]! << 8) | octets[at + 1]!;
  if (at < end) sum += octets[at]! << 8;
  return sum;
}

export function foldSum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}

/** The checksum to store: the complement of the folded sum. */
export function internetChecksum(octets: Uint8Array, start: number, end: number, initial = 0): number {
  return ~foldSum(sumWords(octets, start, end, initial)) & 0xffff;
}

/** RFC 1624 equation 3: HC' = ~(~HC + ~m + m'), for one 16-bit word changed from `before` to `after`. */
export function updateChecksum(checksum: number, before: number, after: number): number {
  return ~foldSum((~checksum & 0xffff) + (~before & 0xffff) + after) & 0xffff;
}
