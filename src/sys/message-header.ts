// The C structures of socket calls, as Linux lays them out on 64-bit little-endian machines: offsets and writers.
// struct msghdr, mmsghdr, iovec, cmsghdr, sockaddr_in, sockaddr_in6, in_pktinfo, in6_pktinfo.

/** A `mmsghdr` is a `msghdr` and the number of octets that went. */
export const MMSGHDR_SIZE = 64;
export const MMSGHDR_LENGTH = 56;
export const MSGHDR_NAME_LENGTH = 8;
export const MSGHDR_IOVECS = 16;
export const MSGHDR_IOVEC_COUNT = 24;
export const MSGHDR_CONTROL_LENGTH = 40;

export const IOVEC_SIZE = 16;
export const IOVEC_LENGTH = 8;

export const SOCKADDR_IN_SIZE = 16;
export const SOCKADDR_IN_PORT = 2;
export const SOCKADDR_IN_ADDRESS = 4;
/** Family (2), port (2), flow information (4), address (16), scope (4). */
export const SOCKADDR_IN6_SIZE = 28;
export const SOCKADDR_IN6_ADDRESS = 8;
/** Room for either. */
export const SOCKADDR_SPACE = 32;

/** Where the data of a control message begins, after its length (8), level (4) and type (4). */
export const CMSG_DATA = 16;
export const CMSG_LEVEL = 8;
export const CMSG_TYPE = 12;
/** `in_pktinfo`: interface index, local address (`ipi_spec_dst`), destination address of the header. */
export const PKTINFO_SIZE = 12;
export const PKTINFO_LOCAL = 4;
export const PKTINFO_DESTINATION = 8;
/** Room a control message with `in_pktinfo` takes: 16 + 12, rounded up to 8. */
export const CMSG_PKTINFO_SPACE = 32;
/** `in6_pktinfo`: local address, interface index. */
export const PKTINFO6_SIZE = 20;
export const CMSG_PKTINFO6_SPACE = 40;
/** Room of one with a 16-bit segment size, or with an `int`: 16 + 2 or 4, rounded up. */
export const CMSG_SEGMENT_SPACE = 24;
export const CMSG_INT_SPACE = 24;

export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOL_IP = 0;
export const SOL_UDP = 17;
export const SOL_IPV6 = 41;
export const IP_TOS = 1;
export const IP_TTL = 2;
export const IP_PKTINFO = 8;
export const IPV6_PKTINFO = 50;
export const IPV6_HOPLIMIT = 52;
export const IPV6_TCLASS = 67;
export const UDP_SEGMENT = 103;
export const UDP_GRO = 104;
export const MSG_DONTWAIT = 0x40;

export function writePointer(view: DataView, at: number, address: number): void {
  view.setUint32(at, address % 0x1_0000_0000, true);
  view.setUint32(at + 4, Math.floor(address / 0x1_0000_0000), true);
}

export function writeIovec(view: DataView, at: number, address: number, length: number): void {
  writePointer(view, at, address);
  view.setUint32(at + IOVEC_LENGTH, length, true);
  view.setUint32(at + IOVEC_LENGTH + 4, 0, true);
}

/** A `msghdr` whose parts lie at these addresses; lengths that vary are set later at their offsets. */
export function writeMessageHeader(
  view: DataView,
  at: number,
  name: number,
  iovecs: number,
  iovecCount: number,
  control: number,
  controlLength: number,
  nameLength = SOCKADDR_IN_SIZE,
): void {
  writePointer(view, at, name);
  view.setUint32(at + MSGHDR_NAME_LENGTH, nameLength, true);
  writePointer(view, at + MSGHDR_IOVECS, iovecs);
  writePointer(view, at + MSGHDR_IOVEC_COUNT, iovecCount);
  writePointer(view, at + 32, control);
  writePointer(view, at + MSGHDR_CONTROL_LENGTH, controlLength);
  view.setUint32(at + 48, 0, true);
}

/** `address` and `port` as numbers, written in network order as the kernel wants them. */
export function writeSocketAddress(view: DataView, at: number, address: number, port: number): void {
  view.setUint16(at, AF_INET, true);
  view.setUint16(at + SOCKADDR_IN_PORT, port);
  view.setUint32(at + SOCKADDR_IN_ADDRESS, address);
}

/** The control message that chooses the source address of a datagram. Takes `CMSG_PKTINFO_SPACE`. */
export function writePacketInfo(view: DataView, at: number, localAddress: number): void {
  writePointer(view, at, CMSG_DATA + PKTINFO_SIZE);
  view.setUint32(at + CMSG_LEVEL, SOL_IP, true);
  view.setUint32(at + CMSG_TYPE, IP_PKTINFO, true);
  view.setUint32(at + CMSG_DATA, 0, true);
  view.setUint32(at + CMSG_DATA + PKTINFO_LOCAL, localAddress);
  view.setUint32(at + CMSG_DATA + PKTINFO_DESTINATION, 0);
}

/** A `sockaddr_in6` but for its address, which goes to `SOCKADDR_IN6_ADDRESS` as it is on the wire. */
export function writeSocketAddress6(view: DataView, at: number, port: number): void {
  view.setUint16(at, AF_INET6, true);
  view.setUint16(at + SOCKADDR_IN_PORT, port);
  view.setUint32(at + 4, 0);
  view.setUint32(at + SOCKADDR_IN6_ADDRESS + 16, 0);
}

/** The same of IPv6 but for the address, which goes to `CMSG_DATA`. Takes `CMSG_PKTINFO6_SPACE`. */
export function writePacketInfo6(view: DataView, at: number): void {
  writePointer(view, at, CMSG_DATA + PKTINFO6_SIZE);
  view.setUint32(at + CMSG_LEVEL, SOL_IPV6, true);
  view.setUint32(at + CMSG_TYPE, IPV6_PKTINFO, true);
  view.setUint32(at + CMSG_DATA + 16, 0, true);
}

/** A control message with a number: `IP_TOS`, `IP_TTL` and their like. Takes `CMSG_INT_SPACE`. */
export function writeNumber(view: DataView, at: number, level: number, type: number, value: number): void {
  writePointer(view, at, CMSG_DATA + 4);
  view.setUint32(at + CMSG_LEVEL, level, true);
  view.setUint32(at + CMSG_TYPE, type, true);
  view.setInt32(at + CMSG_DATA, value, true);
}

/** The control message that has the kernel cut what is sent into datagrams of `size`. Takes `CMSG_SEGMENT_SPACE`. */
export function writeSegmentSize(view: DataView, at: number, size: number): void {
  writePointer(view, at, CMSG_DATA + 2);
  view.setUint32(at + CMSG_LEVEL, SOL_UDP, true);
  view.setUint32(at + CMSG_TYPE, UDP_SEGMENT, true);
  view.setUint16(at + CMSG_DATA, size, true);
}
