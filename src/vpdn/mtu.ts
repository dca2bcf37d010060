// What fits into a tunnel: sizes computed from the real stack of headers. RFC 2661 §3.1, RFC 3931 §4.1, RFC 2637 §4.1, RFC 1661 §2.

import type { LinkCompression } from '../ppp/events.ts';
import type { Path } from '../wire/ip.ts';
import type { DataSession, GreData, V3Data } from './events.ts';
import type { Octets } from './units.ts';

/** An IP packet of this size leaves in one outer packet of `outerMtu`. Outer header IPv4, no options. */
export function sessionMtu(outerMtu: Octets, sequencing: boolean, pppHeader: Octets): Octets {
  return outerMtu - IPV4_HEADER - UDP_HEADER - L2TP_DATA_HEADER - (sequencing ? SEQUENCE_FIELDS : 0) - pppHeader;
}

/** What we can receive in one outer packet from a peer that, unlike us, also sends the Length field. */
export function receiveUnit(outerMtu: Octets, sequencing: boolean): Octets {
  return sessionMtu(outerMtu, sequencing, PPP_HEADER) - LENGTH_FIELD;
}

/** The same of any session, with the headers that it puts in front. */
export function mtuOf({ path, sequencing, v3, gre }: SessionHeaders, outerMtu: Octets, pppHeader: Octets): Octets {
  if (gre !== undefined) return outerMtu - IPV4_HEADER - GRE_HEADER - pppHeader;
  if (v3 === undefined) return sessionMtu(outerMtu, sequencing, pppHeader);
  return outerMtu - v3Headers(path, v3.peerCookie, v3.sendSublayer) - pppHeader;
}

/** And what we can receive of the peer in one outer packet. */
export function receiveUnitOf({ path, sequencing, v3, gre }: SessionHeaders, outerMtu: Octets): Octets {
  if (gre !== undefined) return outerMtu - IPV4_HEADER - GRE_HEADER - PPP_HEADER;
  if (v3 === undefined) return receiveUnit(outerMtu, sequencing);
  return outerMtu - v3Headers(path, v3.localCookie, v3.receiveSublayer) - PPP_HEADER;
}

/** The payload of an Ethernet frame, with a VLAN tag, that leaves in one outer packet. */
export function frameMtuOf({ path, v3 }: SessionHeaders, outerMtu: Octets): Octets {
  return (
    outerMtu - v3Headers(path, v3?.peerCookie ?? NO_COOKIE, v3?.sendSublayer === true) - ETHERNET_HEADER - VLAN_TAG
  );
}

function v3Headers({ transport, peerAddress }: Path, cookie: Uint8Array, sublayer: boolean): Octets {
  const ip = peerAddress.includes(':') ? IPV6_HEADER : IPV4_HEADER;
  const header = transport === 'ip' ? SESSION_ID : UDP_HEADER + V3_FLAGS + SESSION_ID;
  return ip + header + cookie.length + (sublayer ? SUBLAYER : 0);
}

/** Octets of the PPP header in front of an IP packet we send. */
export function pppHeaderLength(sendAcfc: boolean, sendPfc: boolean): Octets {
  return (sendAcfc ? 0 : 2) + (sendPfc ? 1 : 2);
}

/** What MPPE and MPPC add to a datagram: their header, and its protocol field that travels inside (RFC 3078 §3, RFC 2118 §3.1). */
export function compressionOverhead(compression: LinkCompression | undefined): Octets {
  return compression?.transmit === undefined ? 0 : 4;
}

/** The largest TCP segment of an IPv4 packet of this size, without options. */
export function segmentSize(mtu: Octets): Octets {
  return mtu - IPV4_HEADER - TCP_HEADER;
}

type SessionHeaders = Pick<DataSession, 'path' | 'sequencing'> & {
  readonly v3?: V3Data | undefined;
  readonly gre?: GreData | undefined;
};

export const ETHERNET_MTU: Octets = 1500;
const ETHERNET_HEADER = 14;
const VLAN_TAG = 4;
const NO_COOKIE = new Uint8Array(0);
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const UDP_HEADER = 8;
const V3_FLAGS = 4;
const SESSION_ID = 4;
const SUBLAYER = 4;
/** RFC 2637 §4.1, with a sequence number and an acknowledgment. */
const GRE_HEADER = 16;
const TCP_HEADER = 20;
const L2TP_DATA_HEADER = 6;
const SEQUENCE_FIELDS = 4;
const LENGTH_FIELD = 2;
const PPP_HEADER = 4;
