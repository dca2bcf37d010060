// One session as the table takes it, and how its numbers lie in a row of shared memory (`layout.ts`).

import type { LinkCompression } from '../ppp/events.ts';
import { PPTP_CALLS } from '../vpdn/events.ts';
import { LocalError } from '../wire/errors.ts';
import type { Ipv6Words } from '../wire/ipv6.ts';
import { Count, Flag, LOCAL_COOKIE_SHIFT, PEER_COOKIE_SHIFT, Row, TAG_ON_DEVICE } from './layout.ts';

/** Addresses as numbers. */
export interface SessionRow {
  readonly localTunnel: number;
  readonly localSession: number;
  readonly peerTunnel: number;
  readonly peerSession: number;
  /** 0 where the outside is IPv6. */
  readonly localAddress: number;
  readonly localPort: number;
  readonly peerAddress: number;
  readonly peerPort: number;
  readonly ipv6?: { readonly local: Ipv6Words; readonly peer: Ipv6Words };
  /** Index of its device. */
  readonly device: number;
  readonly networkUp: boolean;
  readonly strictSource: boolean;
  readonly sendAcfc: boolean;
  readonly sendPfc: boolean;
  readonly sequencing: boolean;
  readonly mtu: number;
  readonly mssClamp: number;
  /** DF on all its packets, whatever else it is. */
  readonly discoverMtu?: boolean;
  /** An L2TPv3 session: both tunnel ids are 0, the session ids have 32 bits. */
  readonly v3?: V3Row;
  /** A call of PPTP in enhanced GRE: `localTunnel` is `PPTP_CALLS`, session ids are Call IDs, ports 0. */
  readonly gre?: GreRow;
  readonly compression?: LinkCompression;
  /** Reset-Requests of the peer so far. */
  readonly compressionFlushes?: number;
}

/** RFC 2637 §4.3, §4.4. */
export interface GreRow {
  readonly localWindow: number;
  readonly peerWindow: number;
  /** Milliseconds. */
  readonly peerProcessingDelay: number;
  readonly staticRtt?: number;
}

export interface V3Row {
  /** IP protocol 115 in the place of UDP. */
  readonly overIp: boolean;
  readonly localCookie: Uint8Array;
  readonly peerCookie: Uint8Array;
  readonly receiveSublayer: boolean;
  readonly sendSublayer: boolean;
  readonly sendSequencing: boolean;
  readonly receiveSequencing: boolean;
  /** Ethernet frames in the place of PPP. */
  readonly ethernet: boolean;
  /** The number of its VLAN here, and whether frames of the device have their tag. */
  readonly vlan?: { readonly id: number; readonly onDevice: boolean };
  readonly tos: number;
  readonly tosReflect: boolean;
  readonly dontFragment: boolean;
  readonly ttl: number;
}

/** The index's key of a session; what `tagOf` says goes with it. */
export function keyOf(localTunnel: number, localSession: number): number {
  // Of `PPTP_CALLS` nothing is left in 32 bits but the Call ID.
  return localTunnel === 0 ? localSession | 0 : (localTunnel << 16) | localSession;
}

export function tagOf(localTunnel: number): number {
  if (localTunnel === PPTP_CALLS) return CALL_TAG;
  return localTunnel === 0 ? V3_SESSION_TAG : SESSION_TAG;
}

/** Everything but the key. */
export function writeRow(words: Int32Array, at: number, session: SessionRow): void {
  const { v3, ipv6, gre } = session;
  words[at + Row.PeerIds] = keyOf(session.peerTunnel, session.peerSession);
  words[at + Row.LocalAddress] = ipv6?.local[3] ?? session.localAddress;
  words[at + Row.PeerAddress] = ipv6?.peer[3] ?? session.peerAddress;
  for (let word = 0; word < 4; word++) {
    words[at + Row.LocalIpv6 + word] = ipv6?.local[word] ?? 0;
    words[at + Row.PeerIpv6 + word] = ipv6?.peer[word] ?? 0;
  }
  words[at + Row.Ports] = v3?.overIp === true || gre !== undefined ? 0 : (session.localPort << 16) | session.peerPort;
  words[at + Row.Device] = session.device;
  words[at + Row.Mtu] = session.mtu;
  words[at + Row.MssClamp] = session.mssClamp;
  words[at + Row.Vlan] = v3?.vlan === undefined ? 0 : v3.vlan.id | (v3.vlan.onDevice ? TAG_ON_DEVICE : 0);
  if (v3 !== undefined) {
    words[at + Row.Outer] = v3.tos | (v3.ttl << 8);
    writeCookie(words, at + Row.LocalCookie, v3.localCookie);
    writeCookie(words, at + Row.PeerCookie, v3.peerCookie);
  }
  if (gre !== undefined) {
    words[at + Row.LocalWindow] = gre.localWindow;
    words[at + Row.PeerWindow] = gre.peerWindow;
    words[at + Row.StaticRoundTrip] = gre.staticRtt ?? 0;
  }
  words[at + Row.CompressionFlushes] = session.compressionFlushes ?? 0;
  const flags = flagsOf(session) | (v3 === undefined ? 0 : v3FlagsOf(v3)) | compressionFlagsOf(session.compression);
  // Last: a session whose network comes up has all the rest by then.
  Atomics.store(words, at + Row.Flags, flags);
}

/** What a call of PPTP begins with, and nobody but the workers changes afterwards. `float`: of the row. */
export function beginFlow(words: Int32Array, at: number, floats: Float64Array, float: number, gre: GreRow): void {
  words[at + Row.AcknowledgedByUs] = -1;
  words[at + Row.AcknowledgedByPeer] = -1;
  // RFC 2637 §4.3.1: half the peer's to begin with.
  words[at + Row.SendWindow] = Math.max(1, gre.peerWindow >> 1);
  floats[float + Count.RoundTrip] = gre.peerProcessingDelay;
}

function flagsOf(session: SessionRow): number {
  return (
    (session.networkUp ? Flag.NetworkUp : 0) |
    (session.strictSource ? Flag.StrictSource : 0) |
    (session.sendAcfc ? Flag.SendAcfc : 0) |
    (session.sendPfc ? Flag.SendPfc : 0) |
    (session.ipv6 === undefined ? 0 : Flag.Ipv6) |
    (session.discoverMtu === true ? Flag.DontFragment : 0) |
    (session.gre === undefined ? 0 : Flag.Gre | Flag.OverIp) |
    (session.sequencing && session.v3 === undefined ? Flag.Sequencing : 0)
  );
}

function compressionFlagsOf(compression: LinkCompression | undefined): number {
  if (compression === undefined) return 0;
  const { transmit, receive, required } = compression;
  const isStateful = transmit?.mppe?.stateful === true || receive?.mppe?.stateful === true;
  return (
    (transmit === undefined ? 0 : Flag.Seals) |
    (receive === undefined ? 0 : Flag.Opens) |
    (receive?.mppe === undefined ? 0 : Flag.ReceivesEncrypted) |
    (required ? Flag.EncryptionRequired : 0) |
    (isStateful ? Flag.Stateful : 0)
  );
}

function v3FlagsOf(v3: V3Row): number {
  return (
    Flag.V3 |
    (v3.overIp ? Flag.OverIp : 0) |
    (v3.receiveSublayer ? Flag.ReceiveSublayer : 0) |
    (v3.sendSublayer ? Flag.SendSublayer : 0) |
    // The sublayer is where the number stands.
    (v3.sendSequencing && v3.sendSublayer ? Flag.Sequencing : 0) |
    (v3.receiveSequencing ? Flag.ReceiveSequencing : 0) |
    (v3.ethernet ? Flag.Ethernet : 0) |
    (v3.tosReflect ? Flag.TosReflect : 0) |
    (v3.dontFragment ? Flag.DontFragment : 0) |
    (v3.localCookie.length << LOCAL_COOKIE_SHIFT) |
    (v3.peerCookie.length << PEER_COOKIE_SHIFT)
  );
}

/** Of 4 octets or 8; none is no word at all. */
function writeCookie(words: Int32Array, at: number, cookie: Uint8Array): void {
  if (![0, 4, 8].includes(cookie.length)) throw new LocalError('cookie-size', `a cookie of ${cookie.length} octets`);
  const view = new DataView(cookie.buffer, cookie.byteOffset, cookie.length);
  words[at] = cookie.length >= 4 ? view.getInt32(0) : 0;
  words[at + 1] = cookie.length === 8 ? view.getInt32(4) : 0;
}

/** Entries of the session index have no second key: the tag keeps the protocols apart. */
export const SESSION_TAG = 1;
export const V3_SESSION_TAG = 3;
export const CALL_TAG = 5;
