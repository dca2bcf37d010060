// The UDP socket of port 1701: never blocks, takes and gives coalesced datagrams (UDP_GRO), and answers from the address
// it was asked at (IP_PKTINFO). One socket for all tunnels, unconnected: any peer, any source port (RFC 2661 §8.1).

import { formatIpv4, type Path, parseIpv4, readIpv4 } from '../wire/ip.ts';
import { check, errnoName } from './errno.ts';
import * as libc from './libc.ts';
import * as header from './message-header.ts';

export interface UdpOptions {
  /** Bound address, `0.0.0.0` if not said. */
  readonly address?: string;
  readonly port?: number;
  /** Of the kernel's receive and send queue each, octets. */
  readonly bufferSize?: number;
}

export class UdpSocket {
  readonly fd: number;
  readonly localPort: number;
  // One message of one iovec, written anew for each send.
  readonly #scratch = new Uint8Array(SCRATCH_SIZE);
  readonly #view = new DataView(this.#scratch.buffer);
  readonly #address = libc.addressOf(this.#scratch);

  private constructor(fd: number) {
    this.fd = fd;
    this.localPort = boundTo(fd).port;
    const at = this.#address;
    header.writeMessageHeader(this.#view, 0, at + NAME, at + IOVEC, 1, at + CONTROL, header.CMSG_PKTINFO_SPACE);
  }

  static open({ address = '0.0.0.0', port = 1701, bufferSize = 16 << 20 }: UdpOptions = {}): UdpSocket {
    const fd = check(libc.socket(header.AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), 'socket');
    try {
      // The receiver has to know which of our addresses was asked, and in how many pieces.
      setOption(fd, header.SOL_IP, header.IP_PKTINFO, 1);
      setOption(fd, header.SOL_UDP, header.UDP_GRO, 1);
      // Tunnel packets may be fragmented on their way: a path that hides its MTU must not swallow them.
      setOption(fd, header.SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
      setBuffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, bufferSize);
      setBuffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, bufferSize);
      const name = socketAddress(parseIpv4(address), port);
      check(libc.bindSocket(fd, libc.addressOf(name), name.length), 'bind', `${address} port ${port}`);
      return new UdpSocket(fd);
    } catch (error) {
      libc.close(fd);
      throw error;
    }
  }

  /** One datagram, from `path.localAddress`. Returns the errno name if it did not go out: an outage is no exception. */
  sendDatagram(path: Path, octets: Uint8Array): string | undefined {
    const local = readIpv4(path.localAddress);
    const peer = readIpv4(path.peerAddress);
    if (local === undefined || peer === undefined) return 'EAFNOSUPPORT';
    if (octets.length > MAX_DATAGRAM) return 'EMSGSIZE';
    this.#scratch.set(octets, DATA);
    header.writeSocketAddress(this.#view, NAME, peer, path.peerPort);
    header.writePacketInfo(this.#view, CONTROL, local);
    header.writeIovec(this.#view, IOVEC, this.#address + DATA, octets.length);
    if (libc.sendmsg(this.fd, this.#address, header.MSG_DONTWAIT) >= 0) return undefined;
    return errnoName(libc.lastErrno());
  }

  close(): void {
    libc.close(this.fd);
  }
}

/** The address Linux would send from towards `peer`, or undefined where it has no route. */
export function sourceAddressTowards(peer: string): string | undefined {
  const address = readIpv4(peer);
  if (address === undefined) return undefined;
  const fd = check(libc.socket(header.AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), 'socket');
  try {
    // Connecting a UDP socket sends nothing: it looks up the route and fixes the source.
    const name = socketAddress(address, 1701);
    if (libc.connect(fd, libc.addressOf(name), name.length) < 0) return undefined;
    return boundTo(fd).address;
  } finally {
    libc.close(fd);
  }
}

export function setOption(fd: number, level: number, option: number, value: number): void {
  const octets = new Uint8Array(Int32Array.of(value).buffer);
  const result = libc.setsockopt(fd, level, option, libc.addressOf(octets), octets.length);
  check(result, 'setsockopt', `level ${level} option ${option}`);
}

export function socketAddress(address: number, port: number): Uint8Array {
  const name = new Uint8Array(header.SOCKADDR_IN_SIZE);
  header.writeSocketAddress(new DataView(name.buffer), 0, address, port);
  return name;
}

function boundTo(fd: number): { address: string; port: number } {
  const name = new Uint8Array(header.SOCKADDR_IN_SIZE);
  const length = new Uint8Array(Int32Array.of(name.length).buffer);
  check(libc.getsockname(fd, libc.addressOf(name), libc.addressOf(length)), 'getsockname');
  const view = new DataView(name.buffer);
  return {
    address: formatIpv4(view.getUint32(header.SOCKADDR_IN_ADDRESS)),
    port: view.getUint16(header.SOCKADDR_IN_PORT),
  };
}

/** Beyond the system's limit where we are allowed to, up to it where not. */
function setBuffer(fd: number, force: number, plain: number, size: number): void {
  const octets = new Uint8Array(Int32Array.of(size).buffer);
  if (libc.setsockopt(fd, SOL_SOCKET, force, libc.addressOf(octets), octets.length) < 0) {
    setOption(fd, SOL_SOCKET, plain, size);
  }
}

export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0x800;
export const SOCK_CLOEXEC = 0x80000;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUFFORCE = 33;
export const IP_MTU_DISCOVER = 10;
const IP_PMTUDISC_DONT = 0;
const MAX_DATAGRAM = 65507;
// The scratch memory of a send: message header, peer, control message, iovec, then the octets.
const NAME = 64;
const CONTROL = 80;
const IOVEC = 112;
const DATA = 128;
const SCRATCH_SIZE = DATA + MAX_DATAGRAM;
