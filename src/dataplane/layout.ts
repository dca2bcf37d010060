// Where everything lies in the shared memory of the session table. The control thread writes rows, workers read them;
// a counter has one writer. Offsets are in 32-bit words or in 64-bit floats, as the name says.
//
//   header | drop counters | devices | session index | prefix index | rows

import { INDEX_SLOT_WORDS } from './shared-index.ts';

/** Words of the header. */
export const Header = {
  ...{ Capacity: 0, SessionSlots: 1, PrefixSlots: 2, Stopping: 3 },
  ...{ SessionVersion: 4, PrefixVersion: 5, Epochs: 16 },
  /** A descriptor for each of `SOCKETS`; -1: not open. */
  Sockets: 8,
} as const;
/** Sockets by what a row's flags say of the outside: bit 0 is `Flag.OverIp`, bit 1 `Flag.Ipv6`. */
export const SOCKETS = 4;
export const READERS = 2;
export const UPLINK = 0;
export const DOWNLINK = 1;

/** A Virtual-PPP interface has one of its own. */
export const MAX_DEVICES = 8192;
/**
 * Words of a device: its descriptor (-1: none), which prefix lengths it has, 0 to 31 and 32, and the row + 1 of the one session
 * that its Ethernet frames belong to; and whether it is read by messages that say more than the frame (1).
 */
export const Device = { Fd: 0, Lengths: 1, HostLength: 2, Circuit: 3, Attached: 4 } as const;
export const DEVICE_WORDS = 8;

/** Words of a row. */
export const Row = {
  /** localTunnel, localSession: 16 bits each. Of L2TPv3: the local session, 32 bits. */
  Key: 0,
  /** peerTunnel, peerSession; or the peer's session of L2TPv3. */
  PeerIds: 1,
  /** Of an IPv6 address the last word; all four are at `LocalIpv6`. */
  LocalAddress: 2,
  PeerAddress: 3,
  /** localPort, peerPort. */
  Ports: 4,
  Device: 5,
  Flags: 6,
  Mtu: 7,
  MssClamp: 8,
  /** Ns of the next data message, counted by all who send (RFC 2661 §5.4, RFC 3931 §4.6.1). */
  Ns: 9,
  /** Ns expected next. */
  Nr: 10,
  /** How a run of late packets goes on, and how long it is. */
  LateNext: 11,
  LateRun: 12,
  /** What the last data message's S bit was: 0 none seen, 1 clear, 2 set. */
  SequencingSeen: 13,
  /** The peer's path takes no segmented sends. */
  PlainSends: 14,
  /** Of L2TPv3: what the outer IP header says, `tos | ttl << 8`. */
  Outer: 15,
  /** Two words each, in the order of the wire; of a cookie of 4 octets the first. */
  LocalCookie: 16,
  PeerCookie: 18,
  LocalIpv6: 20,
  PeerIpv6: 24,
} as const;
export const ROW_WORDS = 128;

export const Flag = {
  ...{ NetworkUp: 1, StrictSource: 2, SendAcfc: 4, SendPfc: 8 },
  /** Number what is sent. */
  Sequencing: 16,
  V3: 32,
  ...{ OverIp: 64, Ipv6: 128 },
  ...{ ReceiveSublayer: 256, SendSublayer: 512, ReceiveSequencing: 1024 },
  ...{ Ethernet: 2048, TosReflect: 4096, DontFragment: 8192 },
} as const;
/** What a session's packets come and go by: the number of a socket, shifted. */
export const TRANSPORT = Flag.OverIp | Flag.Ipv6;
export const TRANSPORT_SHIFT = 6;
/** Octets of the cookies, 0 to 8, within the flags. */
export const LOCAL_COOKIE_SHIFT = 16;
export const PEER_COOKIE_SHIFT = 20;

/** Floats of a row, after its words. */
export const Count = {
  PacketsIn: 16,
  OctetsIn: 17,
  PacketsOut: 18,
  OctetsOut: 19,
  /** What the control thread sent itself. */
  ControlPacketsOut: 20,
  ControlOctetsOut: 21,
  LastInput: 22,
  LastOutput: 23,
  /** By verdict, from `FIRST_DROP` on. */
  Drops: 24,
} as const;
export const ROW_FLOATS = ROW_WORDS / 2;

const HEADER_WORDS = 64;
const DROP_WORDS = 64;
export const DROPS_FLOAT = HEADER_WORDS / 2;
export const DEVICES_WORD = HEADER_WORDS + DROP_WORDS;
export const SESSION_INDEX_WORD = DEVICES_WORD + MAX_DEVICES * DEVICE_WORDS;

export interface Sizes {
  readonly capacity: number;
  readonly sessionSlots: number;
  readonly prefixSlots: number;
}

/** Open addressing wants room: half empty for sessions, and two prefixes a session on top of that. */
export function sizesFor(capacity: number): Sizes {
  const sessionSlots = powerOfTwoAbove(capacity * 2);
  return { capacity, sessionSlots, prefixSlots: sessionSlots * 2 };
}

export function prefixIndexWord(sizes: Sizes): number {
  return SESSION_INDEX_WORD + sizes.sessionSlots * INDEX_SLOT_WORDS;
}

export function rowsWord(sizes: Sizes): number {
  return prefixIndexWord(sizes) + sizes.prefixSlots * INDEX_SLOT_WORDS;
}

export function totalOctets(sizes: Sizes): number {
  return (rowsWord(sizes) + sizes.capacity * ROW_WORDS) * 4;
}

function powerOfTwoAbove(value: number): number {
  let power = 64;
  while (power < value) power *= 2;
  return power;
}
