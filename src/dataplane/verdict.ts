// What the packet path decides about a packet. A drop is a number too: it counts at its own place, in all and by session.

export const Verdict = {
  Forward: 0,
  /** Not ours to forward: to the control thread. */
  PassUp: 1,
  // Drops of the uplink, UDP to TUN.
  Malformed: 2,
  Version: 3,
  NoSession: 4,
  WrongPeer: 5,
  Late: 6,
  BadPacket: 7,
  Spoofed: 8,
  DeviceRefused: 9,
  RingFull: 10,
  // Drops of the downlink, TUN to UDP.
  NotIpv4: 11,
  NoRoute: 12,
  NetworkDown: 13,
  TooBig: 14,
  Recursion: 15,
  NotSent: 16,
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
  'not-ipv4',
  'no-route',
  'network-down',
  'packet-too-big',
  'recursive-tunnel',
  'not-sent',
] as const;

export type DropReason = (typeof DROP_REASONS)[number];
