// The UDP sockets of port 1701: never block, take and give coalesced datagrams (UDP_GRO), and answer from the address they
// were asked at (PKTINFO). One socket for all tunnels, unconnected: any peer, any source port (RFC 2661 §8.1).

import { formatIpv4, type Path, parseIpv4, readIpv4 } from '../wire/ip.ts';
import { formatIpv6, type Ipv6Words, readIpv6 } from '../wire/ipv6.ts';
import { check } from './errno.ts';
import * as libc from './libc.ts';
import * as header from './message-header.ts';
import { MessageSender, type OuterFields } from './message-sender.ts';

export interface UdpOptions {
  /** Bound address, `0.0.0.0` if not said. One of IPv6 makes an IPv6 socket, which takes nothing of IPv4. */
  readonly address?: string;
  readonly port?: number;
  /** Of the kernel's receive and send queue each, octets. */
  readonly bufferSize?: number;
}

export class UdpSocket {
  readonly fd: number;
  readonly localPort: number;
  readonly #sender: MessageSender;

  private constructor(fd: number, ipv6: boolean) {
    this.fd = fd;
    this.localPort = boundTo(fd).port;
    this.#sender = new MessageSender(fd, ipv6);
  }

  static open({ address = '0.0.0.0', port = 1701, bufferSize = QUEUE }: UdpOptions = {}): UdpSocket {
    const { name, ipv6 } = nameOf(address, port);
    const fd = openTunnelSocket(ipv6, SOCK_DGRAM, 0, bufferSize);
    try {
      // In how many pieces a run came.
      setOption(fd, header.SOL_UDP, header.UDP_GRO, 1);
      check(libc.bindSocket(fd, libc.addressOf(name), name.length), 'bind', `${address} port ${port}`);
      return new UdpSocket(fd, ipv6);
    } catch (error) {
      libc.close(fd);
      throw error;
    }
  }

  /** One datagram, from `path.localAddress`. Returns the errno name if it did not go out: an outage is no exception. */
  sendDatagram(path: Path, octets: Uint8Array, outer?: OuterFields): string | undefined {
    return this.#sender.send(path, octets, outer);
  }

  close(): void {
    libc.close(this.fd);
  }
}

/** A socket that never blocks and says of what it receives to which address it came. */
export function openTunnelSocket(ipv6: boolean, type: number, protocol: number, bufferSize: number): number {
  const domain = ipv6 ? header.AF_INET6 : header.AF_INET;
  const fd = check(libc.socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol), 'socket');
  try {
    if (ipv6) {
      // The other family has a socket of its own. A raw one takes nothing of it anyway, and refuses to be told.
      if (type === SOCK_DGRAM) setOption(fd, header.SOL_IPV6, IPV6_V6ONLY, 1);
      setOption(fd, header.SOL_IPV6, IPV6_RECVPKTINFO, 1);
      setOption(fd, header.SOL_IPV6, IPV6_MTU_DISCOVER, PMTUDISC_DONT);
    } else {
      setOption(fd, header.SOL_IP, header.IP_PKTINFO, 1);
      // Tunnel packets may be fragmented on their way: a path that hides its MTU must not swallow them.
      setOption(fd, header.SOL_IP, IP_MTU_DISCOVER, PMTUDISC_DONT);
    }
    setBuffers(fd, bufferSize);
    return fd;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}

/** The address Linux would send from towards `peer`, or undefined where it has no route. */
export function sourceAddressTowards(peer: string): string | undefined {
  return askRoute(undefined, peer, (fd) => boundTo(fd).address);
}

/**
 * What Linux knows the way from `local` to `peer` to take: the MTU of the route, or less if ICMP has said so (RFC 1191, RFC 8201).
 * Linux believes an ICMP message only if it quotes addresses, protocol and ports of an open socket, believes nothing below 552
 * octets (`min_pmtu`) or 1280 (RFC 8200 §5), and forgets after ten minutes (`mtu_expires`, RFC 1191 §6.3).
 */
export function pathMtuTowards(local: string, peer: string): number | undefined {
  return askRoute(local, peer, (fd, ipv6) => {
    const [level, option] = ipv6 ? [header.SOL_IPV6, IPV6_MTU] : [header.SOL_IP, IP_MTU];
    const value = Int32Array.of(0);
    const length = Int32Array.of(4);
    const result = libc.getsockopt(fd, level, option, addressOfWords(value), addressOfWords(length));
    return result < 0 ? undefined : value[0];
  });
}

/** Connecting a UDP socket sends nothing: it looks up the route and fixes the source. */
function askRoute<T>(local: string | undefined, peer: string, ask: (fd: number, ipv6: boolean) => T): T | undefined {
  if (readIpv4(peer) === undefined && readIpv6(peer) === undefined) return undefined;
  const { name, ipv6 } = nameOf(peer, 1701);
  const fd = libc.socket(ipv6 ? header.AF_INET6 : header.AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  // A machine may have no IPv6 at all.
  if (fd < 0 && ipv6) return undefined;
  check(fd, 'socket');
  try {
    const own = local === undefined ? undefined : nameOf(local, 0).name;
    if (own !== undefined && libc.bindSocket(fd, libc.addressOf(own), own.length) < 0) return undefined;
    if (libc.connect(fd, libc.addressOf(name), name.length) < 0) return undefined;
    return ask(fd, ipv6);
  } finally {
    libc.close(fd);
  }
}

function addressOfWords(words: Int32Array): number {
  return libc.addressOf(new Uint8Array(words.buffer));
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

function nameOf(address: string, port: number): { name: Uint8Array; ipv6: boolean } {
  const words = readIpv6(address);
  if (words === undefined) return { name: socketAddress(parseIpv4(address), port), ipv6: false };
  return { name: socketAddress6(words, port), ipv6: true };
}

function socketAddress6(words: Ipv6Words, port: number): Uint8Array {
  const name = new Uint8Array(header.SOCKADDR_IN6_SIZE);
  const view = new DataView(name.buffer);
  header.writeSocketAddress6(view, 0, port);
  for (const [index, word] of words.entries()) view.setUint32(header.SOCKADDR_IN6_ADDRESS + index * 4, word);
  return name;
}

function boundTo(fd: number): { address: string; port: number } {
  const name = new Uint8Array(header.SOCKADDR_SPACE);
  const length = new Uint8Array(Int32Array.of(name.length).buffer);
  check(libc.getsockname(fd, libc.addressOf(name), libc.addressOf(length)), 'getsockname');
  const view = new DataView(name.buffer);
  const port = view.getUint16(header.SOCKADDR_IN_PORT);
  if (view.getUint16(0, true) !== header.AF_INET6) {
    return { address: formatIpv4(view.getUint32(header.SOCKADDR_IN_ADDRESS)), port };
  }
  const word = (index: number): number => view.getUint32(header.SOCKADDR_IN6_ADDRESS + index * 4);
  return { address: formatIpv6([word(0), word(1), word(2), word(3)]), port };
}

/** The kernel's receive and send queue, octets each. */
export function setBuffers(fd: number, size: number): void {
  setBuffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, size);
  setBuffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, size);
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
export const PMTUDISC_DONT = 0;
/** DF set, and what is longer than the path is known to take is refused. */
export const PMTUDISC_DO = 2;
export const IPV6_MTU_DISCOVER = 23;
const IP_MTU = 14;
const IPV6_MTU = 24;
const IPV6_V6ONLY = 26;
const IPV6_RECVPKTINFO = 49;
/** Of the kernel's receive and send queues. */
export const QUEUE = 16 << 20;
