// One session of L2TPv2 in a table, and both ways of the packet path over one buffer.

import { Downlink } from '../../../src/dataplane/downlink.ts';
import { Uplink } from '../../../src/dataplane/forward.ts';
import { News } from '../../../src/dataplane/news.ts';
import { OPENER_OCTETS, Opener } from '../../../src/dataplane/opener.ts';
import { type SessionRow, SessionTable } from '../../../src/dataplane/session-table.ts';
import type { Verdict } from '../../../src/dataplane/verdict.ts';
import { PPTP_CALLS } from '../../../src/vpdn/events.ts';
import { parseIpv4 } from '../../../src/wire/ip.ts';
import { PAGE, type WasmMemory, WebAssembly } from '../../../src/wire/webassembly.ts';
import { ipv4Packet } from './packets.ts';

export const PEER = parseIpv4('192.0.2.2') | 0;
export const DEVICE = 3;
export const SESSION: SessionRow = {
  localTunnel: 7,
  localSession: 9,
  peerTunnel: 0x1234,
  peerSession: 0x5678,
  localAddress: parseIpv4('192.0.2.1'),
  localPort: 1701,
  peerAddress: parseIpv4('192.0.2.2'),
  peerPort: 51701,
  device: DEVICE,
  networkUp: true,
  strictSource: true,
  sendAcfc: false,
  sendPfc: false,
  sequencing: false,
  mtu: 1460,
  mssClamp: 1420,
};
/** A call of PPTP. */
export const CALL: SessionRow = {
  ...SESSION,
  ...{ localTunnel: PPTP_CALLS, localSession: 0x1234, peerTunnel: 0, peerSession: 0xabcd, peerPort: 0, localPort: 0 },
  gre: { localWindow: 16, peerWindow: 64, peerProcessingDelay: 0 },
};
export const PACKET = ipv4Packet({ payload: Uint8Array.of(1, 2, 3, 4, 5) });
export const MARGIN = 64;
export const BUFFER = 4096;

/** `BUFFER` for datagrams, and `OPENER_OCTETS` behind it. */
export function packetMemory(): WasmMemory {
  const pages = Math.ceil((BUFFER + OPENER_OCTETS) / PAGE);
  return new WebAssembly.Memory({ initial: pages, maximum: pages });
}

export function uplinkOf(table: SessionTable, memory: WasmMemory, news = new News()): Uplink {
  return new Uplink(table, new Uint8Array(memory.buffer), new Opener(table, memory, BUFFER, news), news);
}

/** A table with one session at row 0 whose peer has 10.66.0.2, and a buffer to lay datagrams into. */
export function bench(changes: Partial<SessionRow> = {}) {
  const table = SessionTable.create(4);
  const memory = packetMemory();
  const octets = new Uint8Array(memory.buffer);
  const row = table.open({ ...SESSION, ...changes });
  table.addPrefix(DEVICE, parseIpv4('10.66.0.2'), 32, row);
  const uplink = uplinkOf(table, memory);
  const downlink = new Downlink(table, octets);
  const receive = (datagram: Uint8Array, address = PEER, port = SESSION.peerPort): Verdict => {
    octets.fill(0xaa);
    octets.set(datagram, MARGIN);
    return uplink.handle(MARGIN, datagram.length, address, port);
  };
  const forwarded = (): Uint8Array => octets.slice(uplink.packetAt, uplink.packetAt + uplink.packetLength);
  const sendTo = (packet: Uint8Array, largest = packet.length): Verdict => {
    octets.set(packet, MARGIN);
    return downlink.handle(DEVICE, MARGIN, packet.length, largest, false);
  };
  return { table, octets, row, uplink, downlink, receive, forwarded, sendTo };
}

/** Has the header of the next packet of `row`, whose frame has `frame` octets, written before `end`; its length. */
export function writeHeader({ header }: Downlink, row: number, end: number, frame = 0): number {
  header.aim(row);
  header.write(end);
  header.finish(end - header.length, frame + header.framingLength);
  return header.length;
}
