// What Linux counts of a network device: `struct rtnl_link_stats64` of IFLA_STATS64, from <linux/if_link.h>.
//
//   | rx_packets(8) | tx_packets(8) | rx_bytes(8) | tx_bytes(8) | rx_errors(8) | tx_errors(8) | rx_dropped(8) | tx_dropped(8)
//   | multicast(8)  | collisions(8) | …

import { viewOf } from './message.ts';

export interface LinkStatistics {
  readonly packetsReceived: number;
  readonly packetsSent: number;
  readonly octetsReceived: number;
  readonly octetsSent: number;
  readonly receiveErrors: number;
  readonly sendErrors: number;
  readonly receiveDrops: number;
  readonly sendDrops: number;
  readonly multicast: number;
  readonly collisions: number;
}

/** Undefined for a kernel that says less. Counts beyond 2^53 lose their last digits, which nobody reads. */
export function decodeLinkStatistics(octets: Uint8Array | undefined): LinkStatistics | undefined {
  if (octets === undefined || octets.length < LENGTH) return undefined;
  const view = viewOf(octets);
  const word = (index: number) => Number(view.getBigUint64(index * 8, true));
  return {
    packetsReceived: word(0),
    packetsSent: word(1),
    octetsReceived: word(2),
    octetsSent: word(3),
    receiveErrors: word(4),
    sendErrors: word(5),
    receiveDrops: word(6),
    sendDrops: word(7),
    multicast: word(8),
    collisions: word(9),
  };
}

const LENGTH = 80;
