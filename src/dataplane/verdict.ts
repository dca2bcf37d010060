// What the packet path decides about a packet. A drop is a number too: it counts at its own place, in all and by session.

export const Verdict = {
  Forward: 0,
  /** Not ours to forward: to the control thread. */
  PassUp: 1,
  /** All that it says has been noted: an acknowledgment of PPTP. */
  Taken: 2,
  /** Of PPTP: one before it is missing and may still come. */
  Early: 3,
  // Drops of the uplink, socket to device.
  Malformed: 4,
  Version: 5,
  NoSession: 6,
  WrongPeer: 7,
  Late: 8,
  BadPacket: 9,
  Spoofed: 10,
  DeviceRefused: 11,
  RingFull: 12,
  // Of L2TPv3 (RFC 3931 §4.1).
  UnknownSession: 13,
  CookieMismatch: 14,
  /** The two ends do not agree on whether there is a sublayer. */
  SublayerMismatch: 15,
  CircuitDown: 16,
  // Of PPTP (RFC 2637 §4).
  Duplicate: 17,
  /** Numbered too far ahead, with none before it. */
  SequenceJump: 18,
  // Of MPPE and MPPC (RFC 3078).
  ClearText: 19,
  /** Its count has been before. */
  SealedLate: 20,
  /** A packet before it is missing, and the peer has not begun anew. */
  Unsynchronized: 21,
  Unopened: 22,
  // Drops of the downlink, device to socket.
  NotIpv4: 23,
  NoRoute: 24,
  NetworkDown: 25,
  TooBig: 26,
  Recursion: 27,
  NotSent: 28,
  EncryptionDown: 29,
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
  'duplicate',
  'sequence-jump',
  'clear-text',
  'mppe-late',
  'mppe-unsynchronized',
  'mppe-unopened',
  'not-ipv4',
  'no-route',
  'network-down',
  'packet-too-big',
  'recursive-tunnel',
  'not-sent',
  'encryption-down',
] as const;

export type DropReason = (typeof DROP_REASONS)[number];
