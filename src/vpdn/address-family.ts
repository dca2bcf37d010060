// The two ends of a pseudowire are of one family, IPv4 or IPv6: what is said where they cannot be.

/** Of an address as the configuration has it. */
export function isIpv6(address: string): boolean {
  return address.includes(':');
}

/** Why a peer of this family cannot be reached by this version; undefined: it can. */
export function wrongFamily(peer: string, version: 2 | 3): string | undefined {
  return version === 2 && isIpv6(peer) ? `L2TPv2 goes over IPv4 here, and its peer is ${peer}` : undefined;
}

/** `localInterface`: what `ip local interface` names. */
export function noLocalAddress(peer: string, localInterface: string | undefined): string {
  const where =
    localInterface === undefined ? '' : `: ${localInterface} has no ${isIpv6(peer) ? 'IPv6' : 'IP'} address`;
  return `${NO_LOCAL_ADDRESS} ${peer}${where}`;
}

export const NO_LOCAL_ADDRESS = 'no local address towards';
