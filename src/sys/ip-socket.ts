// The raw sockets of IP protocol 115, L2TPv3 directly over IP (RFC 3931 §4.1.1), and 47, the GRE of PPTP (RFC 2637 §4). Linux builds the IP header of what is sent;
// of what is received over IPv4 it shows the header, over IPv6 not. Needs CAP_NET_RAW.

import type { Path } from '../wire/ip.ts';
import * as libc from './libc.ts';
import { MessageSender, type OuterFields } from './message-sender.ts';
import { openTunnelSocket, QUEUE, SOCK_RAW } from './socket.ts';

export interface IpSocketOptions {
  readonly ipv6?: boolean;
  readonly protocol?: typeof PROTOCOL_L2TP | typeof PROTOCOL_GRE;
}

export class IpSocket {
  readonly fd: number;
  readonly #sender: MessageSender;

  private constructor(fd: number, ipv6: boolean) {
    this.fd = fd;
    this.#sender = new MessageSender(fd, ipv6);
  }

  static open({ ipv6 = false, protocol = PROTOCOL_L2TP }: IpSocketOptions = {}): IpSocket {
    return new IpSocket(openTunnelSocket(ipv6, SOCK_RAW, protocol, QUEUE), ipv6);
  }

  /** As `UdpSocket.sendDatagram`; ports are not looked at. */
  sendDatagram(path: Path, octets: Uint8Array, outer?: OuterFields): string | undefined {
    // Over IPv6 a port would be taken for a protocol, and refused unless it is 0 or ours.
    return this.#sender.send({ ...path, peerPort: 0 }, octets, outer);
  }

  close(): void {
    libc.close(this.fd);
  }
}

/** IANA's protocol numbers. */
export const PROTOCOL_L2TP = 115;
export const PROTOCOL_GRE = 47;
