// Where everything lies in the shared memory of the session table. The control thread writes rows, workers read them;
// a counter has one writer, but for those of drops. Offsets are in 32-bit words or in 64-bit floats, as the name says.
//
//   header | drop counters | devices | session index | prefix index | rows

import { INDEX_SLOT_WORDS } from './shared-index.ts';

/** Words of the header. */
export const Header = {
  ...{ Capacity: 0, SessionSlots: 1, PrefixSlots: 2, Stopping: 3 },
  /** The last counts up whenever a session gets other keys, or none. */
  ...{ SessionVersion: 4, PrefixVersion: 5, CipherVersion: 6, Epochs: 16 },
  /** A descriptor for each of `SOCKETS`; -1: not open. */
  Sockets: 8,
} as const;
/**
 * Sockets by what a row's flags say of the outside: bit 0 is `Flag.OverIp`, bit 1 `Flag.Ipv6`, bit 2 `Flag.Gre`, which none has
 * without the first.
 */
export const SOCKETS = 8;
export const READERS = 4;
export const [UPLINK, DOWNLINK, OPENING, SEALING] = [0, 1, 2, 3];

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
  /** localTunnel, localSession: 16 bits each. Of L2TPv3: the local session, 32 bits; of PPTP: our Call ID. */
  Key: 0,
  /** peerTunnel, peerSession; or the peer's session of L2TPv3, or its Call ID. */
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
  /** Number of the next data message, counted by all who send (RFC 2661 §5.4, RFC 3931 §4.6.1, RFC 2637 §4.2). */
  Ns: 9,
  /** The number expected next. */
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
  /** Of a VLAN pseudowire (RFC 4719): its number here, and `TAG_ON_DEVICE`; else 0. */
  Vlan: 56,
  // Of PPTP (RFC 2637 §4). The windows of either end, and how long an acknowledgment takes if that is fixed, milliseconds.
  LocalWindow: 28,
  PeerWindow: 29,
  StaticRoundTrip: 30,
  /** The number we acknowledged last, and the peer; whether it ever sent a packet (1), an acknowledgment (2). */
  AcknowledgedByUs: 31,
  AcknowledgedByPeer: 32,
  Heard: 33,
  /** Which of the 32 numbers before `Nr` have come, the last one in bit 0. */
  Seen: 34,
  /** What follows a number too far ahead to be believed at once. */
  JumpNext: 35,
  /** The packet whose way there and back is being measured. */
  TimedSequence: 36,
  /** What the peer may be sent before it acknowledges, as its window and the time-outs have it; since which number. */
  SendWindow: 37,
  WindowSince: 38,
  /** 1: the flow-control alarm has gone off, and the control thread knows. */
  Alarm: 39,
  // MPPE and MPPC (RFC 3078). Reset-Requests of the peer; the state of either direction, see `Cipher`; the counts that come next.
  CompressionFlushes: 40,
  SendCipher: 42,
  ReceiveCipher: 48,
  SentCoherency: 54,
  ReceivedCoherency: 55,
} as const;

/** In `Row.Vlan`, beside the number: frames have the tag on the device too. */
export const TAG_ON_DEVICE = 1 << 16;
/**
 * Words of a cipher: which one of all there ever were (0: none, or one is being written), its bits with `CipherBit`, and four
 * words of start key.
 */
export const Cipher = { Serial: 0, Options: 1, Key: 2 } as const;
export const CIPHER_KEY_WORDS = 4;
export const CipherBit = { Stateful: 256, Mppc: 512 } as const;
export const ROW_WORDS = 192;

export const Flag = {
  ...{ NetworkUp: 1, StrictSource: 2, SendAcfc: 4, SendPfc: 8 },
  /** Number what is sent. */
  Sequencing: 16,
  V3: 32,
  /** GRE of version 1, always with `OverIp`. */
  ...{ OverIp: 64, Ipv6: 128, Gre: 256 },
  ...{ SendSublayer: 512, ReceiveSequencing: 1024, ReceiveSublayer: 16384 },
  ...{ Ethernet: 2048, TosReflect: 4096, DontFragment: 8192 },
  /** What is sent is sealed; sealed frames can be opened; none in the clear is taken; none is sent; keys have a state. */
  ...{ Seals: 1 << 15, Opens: 1 << 24, ReceivesEncrypted: 1 << 25, EncryptionRequired: 1 << 26, Stateful: 1 << 27 },
} as const;
/** What a session's packets come and go by: the number of a socket, shifted. */
export const TRANSPORT = Flag.OverIp | Flag.Ipv6 | Flag.Gre;
export const TRANSPORT_SHIFT = 6;
/** Octets of the cookies, 0 to 8, within the flags. */
export const LOCAL_COOKIE_SHIFT = 16;
export const PEER_COOKIE_SHIFT = 20;

/** Floats of a row, after its words. */
export const Count = {
  PacketsIn: 32,
  OctetsIn: 33,
  PacketsOut: 34,
  OctetsOut: 35,
  /** What the control thread sent itself. */
  ControlPacketsOut: 36,
  ControlOctetsOut: 37,
  LastInput: 38,
  LastOutput: 39,
  // Of PPTP. RFC 2637 §4.4: RTT and DEV, when the timed packet left (0: none does), and when its acknowledgment came.
  RoundTrip: 40,
  Deviation: 41,
  TimedAt: 42,
  SampledAt: 43,
  /** Waits for an acknowledgment that were in vain. */
  AcknowledgeTimeouts: 44,
  /** Since when an acknowledgment is owed. */
  OwedSince: 45,
  /** Numbers that never came, or too late; packets that waited for one before them. */
  Lost: 46,
  Reordered: 47,
  /** How near either thread is to the flow-control alarm, and when it last came nearer. */
  ...{ LossScore: 48, LossScoredAt: 49, TimeoutScore: 50, TimeoutScoredAt: 51 },
  // Of MPPE and MPPC, since the keys in force: `MppeView` has the words.
  ...{ Sealed: 52, SentKeyChanges: 53, FlushesSent: 54 },
  ...{ Opened: 55, ReceivedKeyChanges: 56, Unopened: 57, OpenedLate: 58, OpenedMissed: 59 },
  /** How often the control thread was told that nothing opens, and when. */
  ...{ LossesTold: 60, LossToldAt: 61 },
  /** What came sealed, where another thread opens that than takes the rest. */
  ...{ OpenedPacketsIn: 62, OpenedOctetsIn: 63 },
  /** By verdict, from `FIRST_DROP` on: see `drops.ts`. */
  Drops: 64,
  /** What went sealed, where another thread seals that than sends the rest. */
  ...{ SealedPacketsOut: 94, SealedOctetsOut: 95 },
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
