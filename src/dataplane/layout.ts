// Where everything lies in the shared memory of the session table. The control thread writes rows, workers read them;
// a counter has one writer. Offsets are in 32-bit words or in 64-bit floats, as the name says.
//
//   header | drop counters | devices | session index | prefix index | rows

import { INDEX_SLOT_WORDS } from './shared-index.ts';

/** Words of the header. */
export const Header = {
  ...{ Capacity: 0, SessionSlots: 1, PrefixSlots: 2, Stopping: 3 },
  ...{ SessionVersion: 4, PrefixVersion: 5, Epochs: 16 },
} as const;
export const READERS = 2;
export const UPLINK = 0;
export const DOWNLINK = 1;

export const MAX_DEVICES = 1024;
/** Words of a device: its descriptor (-1: none) and which prefix lengths it has, 0 to 31 and 32. */
export const Device = { Fd: 0, Lengths: 1, HostLength: 2 } as const;
export const DEVICE_WORDS = 4;

/** Words of a row. */
export const Row = {
  /** localTunnel, localSession: 16 bits each. */
  Key: 0,
  /** peerTunnel, peerSession. */
  PeerIds: 1,
  LocalAddress: 2,
  PeerAddress: 3,
  /** localPort, peerPort. */
  Ports: 4,
  Device: 5,
  Flags: 6,
  Mtu: 7,
  MssClamp: 8,
  /** Ns of the next data message, counted by all who send (RFC 2661 §5.4). */
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
} as const;
export const ROW_WORDS = 64;

export const Flag = { NetworkUp: 1, StrictSource: 2, SendAcfc: 4, SendPfc: 8, Sequencing: 16 } as const;

/** Floats of a row, after its words. */
export const Count = {
  PacketsIn: 8,
  OctetsIn: 9,
  PacketsOut: 10,
  OctetsOut: 11,
  /** What the control thread sent itself. */
  ControlPacketsOut: 12,
  ControlOctetsOut: 13,
  LastInput: 14,
  LastOutput: 15,
  /** By verdict, from `FIRST_DROP` on. */
  Drops: 16,
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
