// One datagram at a time, as the control thread sends them: from the address its path says, over IPv4 or IPv6.

import { type Path, readIpv4 } from '../wire/ip.ts';
import { readIpv6 } from '../wire/ipv6.ts';
import { errnoName } from './errno.ts';
import * as libc from './libc.ts';
import * as header from './message-header.ts';

/** What the IP header in front is to say where Linux would say otherwise. */
export interface OuterFields {
  readonly tos: number;
  readonly ttl: number;
}

export class MessageSender {
  readonly #fd: number;
  readonly #ipv6: boolean;
  // One message of one iovec, written anew for each send.
  readonly #scratch = new Uint8Array(SCRATCH_SIZE);
  readonly #view = new DataView(this.#scratch.buffer);
  readonly #address = libc.addressOf(this.#scratch);

  constructor(fd: number, ipv6: boolean) {
    this.#fd = fd;
    this.#ipv6 = ipv6;
  }

  /** Returns the errno name if it did not go out: an outage is no exception. */
  send(path: Path, octets: Uint8Array, outer?: OuterFields): string | undefined {
    const controlLength = this.#ipv6 ? this.#writeIpv6(path, outer) : this.#writeIpv4(path, outer);
    if (controlLength === 0) return 'EAFNOSUPPORT';
    if (octets.length > MAX_DATAGRAM) return 'EMSGSIZE';
    this.#scratch.set(octets, DATA);
    const at = this.#address;
    const nameLength = this.#ipv6 ? header.SOCKADDR_IN6_SIZE : header.SOCKADDR_IN_SIZE;
    header.writeIovec(this.#view, IOVEC, at + DATA, octets.length);
    header.writeMessageHeader(this.#view, 0, at + NAME, at + IOVEC, 1, at + CONTROL, controlLength, nameLength);
    if (libc.sendmsg(this.#fd, at, header.MSG_DONTWAIT) >= 0) return undefined;
    return errnoName(libc.lastErrno());
  }

  /** Octets of control messages; 0: the path is not of this family. */
  #writeIpv4({ localAddress, peerAddress, peerPort }: Path, outer: OuterFields | undefined): number {
    const local = readIpv4(localAddress);
    const peer = readIpv4(peerAddress);
    if (local === undefined || peer === undefined) return 0;
    header.writeSocketAddress(this.#view, NAME, peer, peerPort);
    header.writePacketInfo(this.#view, CONTROL, local);
    return this.#writeOuter(header.CMSG_PKTINFO_SPACE, header.SOL_IP, header.IP_TOS, header.IP_TTL, outer);
  }

  #writeIpv6({ localAddress, peerAddress, peerPort }: Path, outer: OuterFields | undefined): number {
    const local = readIpv6(localAddress);
    const peer = readIpv6(peerAddress);
    if (local === undefined || peer === undefined) return 0;
    header.writeSocketAddress6(this.#view, NAME, peerPort);
    header.writePacketInfo6(this.#view, CONTROL);
    for (let word = 0; word < 4; word++) {
      this.#view.setUint32(NAME + header.SOCKADDR_IN6_ADDRESS + word * 4, peer[word]!);
      this.#view.setUint32(CONTROL + header.CMSG_DATA + word * 4, local[word]!);
    }
    const { CMSG_PKTINFO6_SPACE, SOL_IPV6, IPV6_TCLASS, IPV6_HOPLIMIT } = header;
    return this.#writeOuter(CMSG_PKTINFO6_SPACE, SOL_IPV6, IPV6_TCLASS, IPV6_HOPLIMIT, outer);
  }

  #writeOuter(length: number, level: number, tosType: number, ttlType: number, outer: OuterFields | undefined): number {
    if (outer === undefined) return length;
    header.writeNumber(this.#view, CONTROL + length, level, tosType, outer.tos);
    header.writeNumber(this.#view, CONTROL + length + header.CMSG_INT_SPACE, level, ttlType, outer.ttl);
    return length + 2 * header.CMSG_INT_SPACE;
  }
}

const MAX_DATAGRAM = 65507;
// The scratch memory: message header, peer, control messages, iovec, then the octets.
const NAME = 64;
const CONTROL = 96;
const IOVEC = 192;
const DATA = 208;
const SCRATCH_SIZE = DATA + MAX_DATAGRAM;
