// The counters of physical interfaces, from Linux: it counts packets of all kinds, ours among them. Looked at when somebody asks,
// and every few seconds for the rates and for when a packet last came or went, which Linux does not keep.

import { decodeLink, encodeLinkQuery } from '../rtnetlink/link.ts';
import type { LinkStatistics } from '../rtnetlink/link-statistics.ts';
import type { NetlinkSocket } from '../sys/netlink-socket.ts';
import type { InterfaceView } from '../vpdn/view.ts';
import { SystemError } from '../wire/errors.ts';
import type { Millis } from '../wire/machine.ts';
import { Rates } from './rates.ts';

interface Seen {
  readonly packetsReceived: number;
  readonly packetsSent: number;
  lastInput?: Millis | undefined;
  lastOutput?: Millis | undefined;
}

export class LinkTraffic {
  readonly #netlink: Pick<NetlinkSocket, 'request'>;
  readonly #rates = new Rates();
  /** By device, as of the last sample. */
  readonly #seen = new Map<string, Seen>();

  constructor(netlink: Pick<NetlinkSocket, 'request'>) {
    this.#netlink = netlink;
  }

  /** Fills in the row of a physical interface; others are left alone. */
  observe(row: InterfaceView): void {
    const { device } = row;
    if (row.kind !== 'physical' || device === undefined) return;
    const counted = this.#read(device);
    if (counted === undefined) return;
    const { packetsReceived, packetsSent, octetsReceived, octetsSent } = counted;
    row.counters = { packetsReceived, packetsSent, octetsReceived, octetsSent };
    row.inputErrors = counted.receiveErrors;
    row.outputErrors = counted.sendErrors;
    row.outputDrops = counted.sendDrops;
    row.collisions = counted.collisions;
    row.broadcastsReceived = counted.multicast;
    row.rates = this.#rates.of(device);
    const seen = this.#seen.get(device);
    if (seen?.lastInput !== undefined) row.lastInput = seen.lastInput;
    if (seen?.lastOutput !== undefined) row.lastOutput = seen.lastOutput;
  }

  sample(devices: Iterable<string>, now: Millis): void {
    const counted = [...devices].flatMap((device) => {
      const statistics = this.#read(device);
      return statistics === undefined ? [] : [[device, statistics] as const];
    });
    const wanted = new Set(counted.map(([device]) => device));
    for (const device of this.#seen.keys()) if (!wanted.has(device)) this.#seen.delete(device);
    for (const [device, statistics] of counted) this.#see(device, statistics, now);
    this.#rates.sample(
      now,
      counted.map(([device, { packetsReceived, packetsSent, octetsReceived, octetsSent }]) => {
        const totals = {
          packetsIn: packetsReceived,
          packetsOut: packetsSent,
          octetsIn: octetsReceived,
          octetsOut: octetsSent,
        };
        return [device, totals] as const;
      }),
    );
  }

  #see(device: string, { packetsReceived, packetsSent }: LinkStatistics, now: Millis): void {
    const before = this.#seen.get(device);
    const came = before !== undefined && packetsReceived !== before.packetsReceived;
    const went = before !== undefined && packetsSent !== before.packetsSent;
    this.#seen.set(device, {
      packetsReceived,
      packetsSent,
      lastInput: came ? now : before?.lastInput,
      lastOutput: went ? now : before?.lastOutput,
    });
  }

  /** A device that has just gone has no counters, which is no fault. */
  #read(device: string): LinkStatistics | undefined {
    try {
      return this.#netlink.request(encodeLinkQuery(device)).flatMap((message) => decodeLink(message) ?? [])[0]
        ?.statistics;
    } catch (error) {
      if (error instanceof SystemError) return undefined;
      throw error;
    }
  }
}
