// What the packet path decides about a packet. A drop is a number too: it counts at its own place, in all and by session.

export const Verdict = {
  Forward: 0,
  /** Not ours to forward: to the control thread. */
  PassUp: 1,
  // Drops of the uplink, socket to device.
  Malformed: 2,
  Version: 3,
  NoSession: 4,
  WrongPeer: 5,
  Late: 6,
  BadPacket: 7,
  Spoofed: 8,
  DeviceRefused: 9,
  RingFull: 10,
  // Of L2TPv3 (RFC 3931 §4.1).
  UnknownSession: 11,
  CookieMismatch: 12,
  /** The two ends do not agree on whether there is a sublayer. */
  SublayerMismatch: 13,
  CircuitDown: 14,
  // Drops of the downlink, device to socket.
  NotIpv4: 15,
  NoRoute: 16,
  NetworkDown: 17,
  TooBig: 18,
  Recursion: 19,
  NotSent: 20,
} as const;

export type Verdict = (typeof Verdict)[keyof typeof Verdict];

export const FIRST_DROP = Verdict.Malformed;
export const FIRST_DOWNLINK_DROP = Verdict.NotIpv4;

/** The reasons as counters and `show` name them, from `FIRST_DROP` on. */
export const DROP_REASONS = [
  'malformed-header',
  'unsupported-version',
  'no-session',
  'wrong-peer',
  'out-of-order',
  'bad-packet',
  'spoofed-source',
  'device-refused',
  'control-ring-full',
  'unknown-session',
  'cookie-mismatch',
  'sublayer-mismatch',
  'circuit-down',
  'not-ipv4',
  'no-route',
  'network-down',
  'packet-too-big',
  'recursive-tunnel',
  'not-sent',
] as const;

export type DropReason = (typeof DROP_REASONS)[number];
