// What fits into a tunnel: sizes computed from the real stack of headers. RFC 2661 §3.1, RFC 1661 §2.

import type { Octets } from './units.ts';

/** An IP packet of this size leaves in one outer packet of `outerMtu`. Outer header IPv4, no options. */
export function sessionMtu(outerMtu: Octets, sequencing: boolean, pppHeader: Octets): Octets {
  return outerMtu - IPV4_HEADER - UDP_HEADER - L2TP_DATA_HEADER - (sequencing ? SEQUENCE_FIELDS : 0) - pppHeader;
}

/** What we can receive in one outer packet from a peer that, unlike us, also sends the Length field. */
export function receiveUnit(outerMtu: Octets, sequencing: boolean): Octets {
  return sessionMtu(outerMtu, sequencing, PPP_HEADER) - LENGTH_FIELD;
}

/** Octets of the PPP header in front of an IP packet we send. */
export function pppHeaderLength(sendAcfc: boolean, sendPfc: boolean): Octets {
  return (sendAcfc ? 0 : 2) + (sendPfc ? 1 : 2);
}

/** The largest TCP segment of an IPv4 packet of this size, without options. */
export function segmentSize(mtu: Octets): Octets {
  return mtu - IPV4_HEADER - TCP_HEADER;
}

export const ETHERNET_MTU: Octets = 1500;
const IPV4_HEADER = 20;
const UDP_HEADER = 8;
const TCP_HEADER = 20;
const L2TP_DATA_HEADER = 6;
const SEQUENCE_FIELDS = 4;
const LENGTH_FIELD = 2;
const PPP_HEADER = 4;
