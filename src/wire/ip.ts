// The few address operations there are. Addresses of the control plane are text as Linux prints it, those of packets numbers.

import { LocalError } from './errors.ts';

/** The flow of a tunnel, seen from here. Addresses as text, IPv4 or IPv6. */
export interface Path {
  /** UDP if absent; `ip` is IP protocol 115 (RFC 3931 §4.1.1), `gre` IP protocol 47 (RFC 2637 §4.1): their ports are 0. */
  readonly transport?: 'udp' | 'ip' | 'gre';
  readonly localAddress: string;
  readonly localPort: number;
  readonly peerAddress: string;
  readonly peerPort: number;
}

export function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** The 32-bit number of a dotted quad, or undefined if `text` is not one. */
export function readIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part)) return undefined;
    const octet = Number(part);
    if (octet > 255) return undefined;
    address = address * 256 + octet;
  }
  return address;
}

export function parseIpv4(text: string): number {
  const address = readIpv4(text);
  if (address === undefined) throw new LocalError('not-ipv4', `not an IPv4 address: ${text}`);
  return address;
}

export function maskOfLength(length: number): number {
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
}

/** The prefix length of a contiguous mask, or undefined if its ones are not all in front. */
export function lengthOfMask(mask: number): number | undefined {
  const length = Math.clz32(~mask >>> 0);
  return maskOfLength(length) === mask >>> 0 ? length : undefined;
}
