// The sockets of tunnels, up to six: UDP port 1701, IP protocol 115 and GRE, each over IPv4 and IPv6. That of UDP over IPv4 is
// always there; the others are opened when the first session or message needs them, and a machine may be without.

import { Flag, TRANSPORT_SHIFT } from '../dataplane/layout.ts';
import { IpSocket, PROTOCOL_GRE, PROTOCOL_L2TP } from '../sys/ip-socket.ts';
import type { OuterFields } from '../sys/message-sender.ts';
import { UdpSocket } from '../sys/socket.ts';
import type { Path } from '../wire/ip.ts';
import { readIpv6 } from '../wire/ipv6.ts';

/** Which socket: what a path says but for its ports and its peer. */
export type Transport = Pick<Path, 'transport' | 'localAddress'>;

export interface TunnelSocketsOptions {
  /** A socket is open: its number and descriptor. */
  readonly onOpen: (socket: number, fd: number) => void;
  /** One could not be had; told once of each. */
  readonly onFailure: (message: string) => void;
}

export class TunnelSockets {
  readonly udp: UdpSocket;
  readonly #options: TunnelSocketsOptions;
  readonly #open = new Map<number, UdpSocket | IpSocket>();
  readonly #refused = new Set<number>();

  /** Throws if UDP over IPv4 is not to be had: another router has the port. */
  constructor(options: TunnelSocketsOptions) {
    this.#options = options;
    this.udp = UdpSocket.open();
    this.#open.set(0, this.udp);
  }

  /** Has the socket for this, now; false: there is none. */
  need(transport: Transport): boolean {
    return this.#socketFor(transport) !== undefined;
  }

  /** Returns the errno name if it did not go out. */
  send(path: Path, octets: Uint8Array, outer: OuterFields | undefined): string | undefined {
    const socket = this.#socketFor(path);
    return socket === undefined ? 'EAFNOSUPPORT' : socket.sendDatagram(path, octets, outer);
  }

  close(): void {
    for (const socket of this.#open.values()) socket.close();
    this.#open.clear();
  }

  #socketFor(transport: Transport): UdpSocket | IpSocket | undefined {
    const number = socketNumber(transport);
    return this.#open.get(number) ?? this.#openSocket(number);
  }

  #openSocket(number: number): UdpSocket | IpSocket | undefined {
    const flags = number << TRANSPORT_SHIFT;
    const isIpv6 = (flags & Flag.Ipv6) !== 0;
    try {
      const socket = openSocket(flags, isIpv6);
      this.#open.set(number, socket);
      this.#refused.delete(number);
      this.#options.onOpen(number, socket.fd);
      return socket;
    } catch (error) {
      const name = `${nameOf(flags)} over IPv${isIpv6 ? 6 : 4}`;
      if (!this.#refused.has(number)) this.#options.onFailure(`${name}: ${(error as Error).message}`);
      this.#refused.add(number);
      return undefined;
    }
  }
}

function openSocket(flags: number, ipv6: boolean): UdpSocket | IpSocket {
  if ((flags & Flag.OverIp) === 0) return UdpSocket.open(ipv6 ? { address: '::' } : {});
  return IpSocket.open({ ipv6, protocol: (flags & Flag.Gre) !== 0 ? PROTOCOL_GRE : PROTOCOL_L2TP });
}

function nameOf(flags: number): string {
  if ((flags & Flag.Gre) !== 0) return 'GRE';
  return (flags & Flag.OverIp) !== 0 ? 'IP protocol 115' : 'UDP port 1701';
}

/** As a row's flags have it, see `layout.SOCKETS`. */
function socketNumber({ transport = 'udp', localAddress }: Transport): number {
  return (FLAGS[transport] | (readIpv6(localAddress) === undefined ? 0 : Flag.Ipv6)) >>> TRANSPORT_SHIFT;
}

const FLAGS = { udp: 0, ip: Flag.OverIp, gre: Flag.OverIp | Flag.Gre } as const;
