// The sockets of tunnels, up to four: UDP port 1701 and IP protocol 115, each over IPv4 and IPv6. That of UDP over IPv4 is
// always there; the others are opened when the first session or message needs them, and a machine may be without.

import { Flag, TRANSPORT_SHIFT } from '../dataplane/layout.ts';
import { IpSocket } from '../sys/ip-socket.ts';
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
    const isIpv6 = (number & (Flag.Ipv6 >>> TRANSPORT_SHIFT)) !== 0;
    const isOverIp = (number & (Flag.OverIp >>> TRANSPORT_SHIFT)) !== 0;
    try {
      const socket = isOverIp ? IpSocket.open({ ipv6: isIpv6 }) : UdpSocket.open(isIpv6 ? { address: '::' } : {});
      this.#open.set(number, socket);
      this.#refused.delete(number);
      this.#options.onOpen(number, socket.fd);
      return socket;
    } catch (error) {
      const name = `${isOverIp ? 'IP protocol 115' : 'UDP port 1701'} over IPv${isIpv6 ? 6 : 4}`;
      if (!this.#refused.has(number)) this.#options.onFailure(`${name}: ${(error as Error).message}`);
      this.#refused.add(number);
      return undefined;
    }
  }
}

/** As a row's flags have it, see `layout.SOCKETS`. */
function socketNumber({ transport, localAddress }: Transport): number {
  const flags = (transport === 'ip' ? Flag.OverIp : 0) | (readIpv6(localAddress) === undefined ? 0 : Flag.Ipv6);
  return flags >>> TRANSPORT_SHIFT;
}
