// The C structures of socket calls, as Linux lays them out on 64-bit little-endian machines: offsets and writers.
// struct msghdr, mmsghdr, iovec, cmsghdr, sockaddr_in, in_pktinfo, epoll_event.

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
/** Room of one with a 16-bit segment size: 16 + 2, rounded up. */
export const CMSG_SEGMENT_SPACE = 24;

export const AF_INET = 2;
export const SOL_IP = 0;
export const SOL_UDP = 17;
export const IP_PKTINFO = 8;
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
): void {
  writePointer(view, at, name);
  view.setUint32(at + MSGHDR_NAME_LENGTH, SOCKADDR_IN_SIZE, true);
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

/** The control message that has the kernel cut what is sent into datagrams of `size`. Takes `CMSG_SEGMENT_SPACE`. */
export function writeSegmentSize(view: DataView, at: number, size: number): void {
  writePointer(view, at, CMSG_DATA + 2);
  view.setUint32(at + CMSG_LEVEL, SOL_UDP, true);
  view.setUint32(at + CMSG_TYPE, UDP_SEGMENT, true);
  view.setUint16(at + CMSG_DATA, size, true);
}
