// The control connections of L2TPv3 in a capture, made such that tshark tells one from the other. It computes each digest again
// from the secret and two nonces (RFC 3931 §5.4.1), and takes for these the first that it sees between two addresses: it is
// wrong about each connection but the first, and about that one too where both ends asked at once; nor does it know then what
// their sessions carry. So each connection gets addresses of its own, and its sessions with it. Checksums that cover an
// address are wrong then; tshark does not look at those unless it is told to.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { fields } from './tshark.ts';

const NAMES = [
  'frame.number',
  'l2tp.ccid',
  'l2tp.avp.assigned_control_conn_id',
  'l2tp.sid',
  'l2tp.avp.local_session_id',
];

/** Writes all packets of L2TPv3 in `file` into `target`; returns how many connections there are. */
export async function partConnections(file: string, target: string): Promise<number> {
  const numbers = await connectionOfFrames(file);
  const packets = packetsOf(readFileSync(file));
  const kept = packets.map((packet, index) => ({ ...packet, connection: numbers.get(index + 1) }));
  const own = kept.flatMap(({ connection, ...packet }) =>
    connection === undefined ? [] : [{ connection, ...packet }],
  );
  assert.equal(own.length, numbers.size, 'each frame that tshark counts is in the file');
  for (const { connection, octets } of own) setNetwork(octets, connection);
  writeFileSync(target, Buffer.concat([fileHeaderOf(file), ...own.flatMap(({ header, octets }) => [header, octets])]));
  return new Set(numbers.values()).size;
}

/** By frame number, the number of its connection. Ids are known to be a connection's from the message that assigns them. */
async function connectionOfFrames(file: string): Promise<Map<number, number>> {
  const [connections, sessions] = [new Map<number, number>(), new Map<number, number>()];
  const frames = new Map<number, number>();
  let count = 0;
  for (const row of await fields(file, 'l2tp', NAMES)) {
    const [frame = 0, id = 0, assigned = 0, session = 0, assignedSession = 0] = row.map(Number);
    if (session !== 0) {
      frames.set(frame, sessions.get(session) ?? assert.fail(`frame ${frame}: a session that nobody has asked for`));
      continue;
    }
    // An SCCRQ is for nobody yet.
    const known = id === 0 ? assigned : id;
    const connection = connections.get(known) ?? ++count;
    for (const each of [known, assigned]) if (each !== 0) connections.set(each, connection);
    if (assignedSession !== 0) sessions.set(assignedSession, connection);
    frames.set(frame, connection);
  }
  return frames;
}

interface Packet {
  readonly header: Buffer;
  /** From its Ethernet header on; a copy. */
  readonly octets: Buffer;
}

/** Of a classic pcap file of this machine's octet order. */
function packetsOf(file: Buffer): Packet[] {
  assert.equal(file.readUInt32LE(0), MAGIC);
  assert.equal(file.readUInt32LE(20), ETHERNET);
  const packets: Packet[] = [];
  for (let at = FILE_HEADER; at < file.length; ) {
    const length = file.readUInt32LE(at + 8);
    const begin = at + RECORD_HEADER;
    packets.push({ header: file.subarray(at, begin), octets: Buffer.from(file.subarray(begin, begin + length)) });
    at = begin + length;
  }
  return packets;
}

function fileHeaderOf(file: string): Buffer {
  return readFileSync(file).subarray(0, FILE_HEADER);
}

/** The second 16 bits of both addresses. */
function setNetwork(octets: Buffer, network: number): void {
  const isIpv6 = octets.readUInt16BE(12) === IPV6;
  const [source, size] = isIpv6 ? [22, 16] : [26, 4];
  for (const address of [source, source + size]) octets.writeUInt16BE(network, isIpv6 ? address + 2 : address);
}

const [MAGIC, ETHERNET, FILE_HEADER, RECORD_HEADER] = [0xa1b2c3d4, 1, 24, 16];
const IPV6 = 0x86dd;
