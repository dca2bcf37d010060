// What was counted of a tunnel, a session or an interface, and since when: the counters of `show`.

import type { Millis } from '../wire/machine.ts';

export interface TrafficCounters {
  packetsSent: number;
  packetsReceived: number;
  octetsSent: number;
  octetsReceived: number;
}

/** Counters that an operator can clear (C170, C172). */
export interface ClearableTraffic {
  /** Since the last clear. */
  counters: TrafficCounters;
  /** From the beginning; absent: nobody has cleared them, so both are the same. */
  lifetime?: TrafficCounters | undefined;
  /** When they were cleared last. */
  clearedAt?: Millis | undefined;
}

export interface TrafficRates {
  inputBitsPerSecond: number;
  inputPacketsPerSecond: number;
  outputBitsPerSecond: number;
  outputPacketsPerSecond: number;
}

export function noTraffic(): TrafficCounters {
  return { packetsSent: 0, packetsReceived: 0, octetsSent: 0, octetsReceived: 0 };
}

export function addedTraffic(a: TrafficCounters, b: TrafficCounters): TrafficCounters {
  return {
    packetsSent: a.packetsSent + b.packetsSent,
    packetsReceived: a.packetsReceived + b.packetsReceived,
    octetsSent: a.octetsSent + b.octetsSent,
    octetsReceived: a.octetsReceived + b.octetsReceived,
  };
}
