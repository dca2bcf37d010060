// A packet socket (packet(7)) on a device of Linux's own: every frame it receives, and a way to send frames by it, both with a
// virtio header in front; or every frame of one VLAN. What the host itself sends by the device is not seen. Needs CAP_NET_RAW.

import { check } from './errno.ts';
import * as libc from './libc.ts';
import { QUEUE, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_RAW, setBuffers, setOption } from './socket.ts';

export class PacketSocket {
  readonly fd: number;
  readonly name: string;
  /** Receive offload was on, and is to be on again. */
  #coalescing = false;

  private constructor(fd: number, name: string) {
    this.fd = fd;
    this.name = name;
  }

  /** Throws `SystemError` if there is no device `name`. `vlan`: only frames with this tag (IEEE 802.1Q). */
  static open(name: string, vlan?: number): PacketSocket {
    // Protocol 0: nothing is received before it is bound.
    const fd = check(libc.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), 'socket', 'packet');
    const socket = new PacketSocket(fd, name);
    try {
      const index = socket.#index();
      if (vlan !== undefined) attachFilter(fd, vlanFilter(vlan));
      setOption(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
      setOption(fd, SOL_PACKET, PACKET_VNET_HDR, 1);
      setOption(fd, SOL_PACKET, PACKET_AUXDATA, 1);
      setBuffers(fd, QUEUE);
      // `packet_mreq`: index (4), type (2), the rest is for other types.
      const membership = new Uint8Array(MREQ_SIZE);
      const view = new DataView(membership.buffer);
      view.setInt32(0, index, true);
      view.setUint16(4, PACKET_MR_PROMISC, true);
      const at = libc.addressOf(membership);
      check(libc.setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, at, MREQ_SIZE), 'PACKET_ADD_MEMBERSHIP', name);
      // Runs that Linux puts together are longer than what the far end may send.
      socket.#stopCoalescing();
      // `sockaddr_ll`: family (2), protocol in network order (2), index (4).
      const address = new Uint8Array(SOCKADDR_LL_SIZE);
      const addressView = new DataView(address.buffer);
      addressView.setUint16(0, AF_PACKET, true);
      addressView.setUint16(2, ETH_P_ALL);
      addressView.setInt32(4, index, true);
      check(libc.bindSocket(fd, libc.addressOf(address), address.length), 'bind', name);
      return socket;
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  /** Promiscuous mode ends with it. */
  close(): void {
    this.#resumeCoalescing();
    libc.close(this.fd);
  }

  #stopCoalescing(): void {
    const others = COALESCING_STOPPED.get(this.name) ?? 0;
    this.#coalescing = others > 0 || this.#ethtool(ETHTOOL_GGRO, 0) === 1;
    if (!this.#coalescing) return;
    COALESCING_STOPPED.set(this.name, others + 1);
    this.#ethtool(ETHTOOL_SGRO, 0);
  }

  #resumeCoalescing(): void {
    if (!this.#coalescing) return;
    const others = (COALESCING_STOPPED.get(this.name) ?? 1) - 1;
    if (others > 0) return void COALESCING_STOPPED.set(this.name, others);
    COALESCING_STOPPED.delete(this.name);
    this.#ethtool(ETHTOOL_SGRO, 1);
  }

  #index(): number {
    const request = requestFor(this.name);
    check(libc.ioctl(this.fd, SIOCGIFINDEX, libc.addressOf(request)), 'SIOCGIFINDEX', this.name);
    return new DataView(request.buffer).getInt32(IFNAMSIZ, true);
  }

  /** `ethtool_value`: command (4), value (4). A device without such a setting has no need of it: undefined. */
  #ethtool(command: number, value: number): number | undefined {
    const octets = new Uint8Array(Uint32Array.of(command, value).buffer);
    const request = requestFor(this.name);
    new DataView(request.buffer).setBigUint64(IFNAMSIZ, BigInt(libc.addressOf(octets)), true);
    if (libc.ioctl(this.fd, SIOCETHTOOL, libc.addressOf(request)) < 0) return undefined;
    return new DataView(octets.buffer).getUint32(4, true);
  }
}

/**
 * A program of the classic filter: frames with the tag `vlan`. Linux has taken the tag out of the frame by then, and gives it as
 * ancillary data.
 */
function vlanFilter(vlan: number): readonly (readonly [code: number, ifTrue: number, ifFalse: number, k: number])[] {
  return [
    [LOAD_WORD, 0, 0, ANCILLARY + VLAN_PRESENT],
    [JUMP_EQUAL, 5, 0, 0],
    [LOAD_WORD, 0, 0, ANCILLARY + VLAN_TYPE],
    [JUMP_EQUAL, 0, 3, ETH_P_8021Q],
    [LOAD_WORD, 0, 0, ANCILLARY + VLAN_TAG],
    [AND, 0, 0, 0xfff],
    [JUMP_EQUAL, 1, 0, vlan],
    [RETURN, 0, 0, 0],
    [RETURN, 0, 0, 0xffffffff],
  ];
}

/** `struct sock_filter`: code (2), jumps (1, 1), k (4). `struct sock_fprog`: how many (2), where (8). */
function attachFilter(fd: number, program: ReturnType<typeof vlanFilter>): void {
  const filter = new Uint8Array(program.length * 8);
  const view = new DataView(filter.buffer);
  for (const [index, [code, ifTrue, ifFalse, k]] of program.entries()) {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, ifTrue);
    view.setUint8(index * 8 + 3, ifFalse);
    view.setUint32(index * 8 + 4, k, true);
  }
  const described = new Uint8Array(16);
  const descriptor = new DataView(described.buffer);
  descriptor.setUint16(0, program.length, true);
  descriptor.setBigUint64(8, BigInt(libc.addressOf(filter)), true);
  const at = libc.addressOf(described);
  check(libc.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, at, described.length), 'SO_ATTACH_FILTER');
}

/** `struct ifreq` with its name. */
function requestFor(name: string): Uint8Array {
  const request = new Uint8Array(IFREQ_SIZE);
  request.set(new TextEncoder().encode(name).subarray(0, IFNAMSIZ - 1));
  return request;
}

/** By device, how many sockets want its receive offload to stay off. */
const COALESCING_STOPPED = new Map<string, number>();
const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
/** linux/filter.h. */
const [LOAD_WORD, JUMP_EQUAL, AND, RETURN] = [0x20, 0x15, 0x54, 0x06];
const ANCILLARY = 0xfffff000;
const [VLAN_TAG, VLAN_PRESENT, VLAN_TYPE] = [44, 48, 60];
const ETH_P_8021Q = 0x8100;
export const SOL_PACKET = 263;
export const PACKET_AUXDATA = 8;
/** `struct tpacket_auxdata`, and the bits of its status. */
export const AuxData = {
  ...{ Status: 0, VlanTag: 16, VlanType: 18, Size: 20 },
  ...{ VlanValid: 0x10, TypeValid: 0x40 },
} as const;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_VNET_HDR = 15;
const PACKET_IGNORE_OUTGOING = 23;
const PACKET_MR_PROMISC = 1;
const MREQ_SIZE = 16;
const AF_PACKET = 17;
const ETH_P_ALL = 3;
const SOCKADDR_LL_SIZE = 20;
const SIOCGIFINDEX = 0x8933;
const SIOCETHTOOL = 0x8946;
const ETHTOOL_GGRO = 0x2b;
const ETHTOOL_SGRO = 0x2c;
const IFNAMSIZ = 16;
const IFREQ_SIZE = 40;
