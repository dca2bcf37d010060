// Writes classic pcap files for tests: raw IPv4 packets, as `LINKTYPE_RAW` has them. The product's own writer is pcapng; this
// one exists so that the oracle's tests do not lean on the code they are there to judge.

const [MAGIC, LINKTYPE_RAW, RECORD_HEADER, FILE_HEADER] = [0xa1b2c3d4, 101, 16, 24];
const [IP_HEADER, UDP_HEADER, TCP_HEADER] = [20, 8, 20];
/** A header of five words and two flags, RFC 9293 §3.1. */
const ACK_AND_PUSH = 0x5018;
/** Protocols of IP. */
const [UDP, OVER_IP] = [17, { ip: 115, gre: 47, tcp: 6 }];

export interface Datagram {
  source: string;
  destination: string;
  sourcePort: number;
  destinationPort: number;
  payload: Uint8Array;
  /** UDP if absent. `ip`: the payload is that of IP protocol 115 (RFC 3931 §4.1.1), `gre`: of 47, `tcp`: a segment; ports say nothing. */
  transport?: 'udp' | keyof typeof OVER_IP;
}

/** What one end of a TCP connection writes at once. */
export interface Write {
  source: string;
  destination: string;
  sourcePort: number;
  destinationPort: number;
  octets: Uint8Array;
}

/** Segments of connections that were there before, one a write, none lost; no TCP checksum. For `pcapOf`. */
export function segmentsOf(writes: readonly Write[]): Datagram[] {
  /** What each end has sent so far. */
  const sent = new Map<string, number>();
  return writes.map(({ source, destination, sourcePort, destinationPort, octets }) => {
    const [own, other] = [`${source}:${sourcePort}`, `${destination}:${destinationPort}`];
    const payload = new Uint8Array(TCP_HEADER + octets.length);
    const view = new DataView(payload.buffer);
    view.setUint16(0, sourcePort);
    view.setUint16(2, destinationPort);
    view.setUint32(4, 1 + (sent.get(own + other) ?? 0));
    view.setUint32(8, 1 + (sent.get(other + own) ?? 0));
    view.setUint16(12, ACK_AND_PUSH);
    view.setUint16(14, 0x2000);
    payload.set(octets, TCP_HEADER);
    sent.set(own + other, (sent.get(own + other) ?? 0) + octets.length);
    return { source, destination, sourcePort, destinationPort, payload, transport: 'tcp' };
  });
}

/** One datagram a second. */
export function pcapOf(datagrams: readonly Datagram[]): Uint8Array {
  const packets = datagrams.map(packetOf);
  const file = new Uint8Array(FILE_HEADER + packets.reduce((sum, packet) => sum + RECORD_HEADER + packet.length, 0));
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC);
  view.setUint16(4, 2);
  view.setUint16(6, 4);
  view.setUint32(16, 0xffff);
  view.setUint32(20, LINKTYPE_RAW);
  let at = FILE_HEADER;
  for (const [second, packet] of packets.entries()) {
    view.setUint32(at, second);
    view.setUint32(at + 8, packet.length);
    view.setUint32(at + 12, packet.length);
    file.set(packet, at + RECORD_HEADER);
    at += RECORD_HEADER + packet.length;
  }
  return file;
}

/** RFC 791 §3.1 and RFC 768; no UDP checksum, which IPv4 allows. */
function packetOf({ source, destination, sourcePort, destinationPort, payload, transport }: Datagram): Uint8Array {
  const protocol = transport === undefined || transport === 'udp' ? UDP : OVER_IP[transport];
  const head = protocol === UDP ? IP_HEADER + UDP_HEADER : IP_HEADER;
  const packet = new Uint8Array(head + payload.length);
  const view = new DataView(packet.buffer);
  packet.set([0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocol]);
  view.setUint16(2, packet.length);
  packet.set(source.split('.').map(Number), 12);
  packet.set(destination.split('.').map(Number), 16);
  view.setUint16(10, headerChecksum(view));
  packet.set(payload, head);
  if (protocol !== UDP) return packet;
  view.setUint16(20, sourcePort);
  view.setUint16(22, destinationPort);
  view.setUint16(24, UDP_HEADER + payload.length);
  return packet;
}

function headerChecksum(view: DataView): number {
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
