// What tshark's dissectors do not judge by themselves in a capture of PPTP: that enhanced GRE numbers and acknowledges as
// RFC 2637 §4.1 says, for calls that were set up, and that nothing is in clear which MPPE should have hidden (RFC 3078 §3).

import assert from 'node:assert/strict';
import { fields } from './tshark.ts';

/** C, R, s, Recur and Flags zero, K one, version 1: with a sequence number, with both, with an acknowledgment number alone. */
const [DATA, BOTH, ACKNOWLEDGMENT] = ['0x3001', '0x3081', '0x2081'] as const;
const FLAGS: readonly string[] = [DATA, BOTH, ACKNOWLEDGMENT];
const UNIT_SEPARATOR = '\u001f';
const MOST_COMPLAINTS = 20;

/** One direction of one call, and what the other end acknowledged of it. -1: nothing yet. */
export interface Stream {
  /** `192.0.2.1 to call 5` */
  readonly name: string;
  first: number;
  last: number;
  packets: number;
  acknowledged: number;
}

// biome-ignore format: columns of tshark
const COLUMNS = [
  'frame.number', 'ip.src', 'ip.dst', 'pptp.call_id', 'pptp.peer_call_id',
  'gre.key.call_id', 'gre.key.payload_length', 'gre.flags_and_version', 'gre.sequence_number', 'gre.ack_number',
  'frame.protocols',
];
/** An error message of ICMP about a packet of GRE, with its beginning. */
const QUOTED = /:icmp:.*:gre\b/;
/** An Outgoing-Call-Reply names both call ids of a call (§2.8). */
const OUTGOING_CALL_REPLY = 'pptp.control_message_type == 8';

/**
 * Fails with the list when a GRE packet is no sane one; returns the streams there were. Only for a wire that lost or moved
 * nothing before the capture. `late`: by how much an acknowledgment may be older than one before it, as those in packets are
 * when another thread sends some without.
 */
export async function assertEnhancedGre(file: string, late = 0): Promise<Stream[]> {
  const complaints: string[] = [];
  const streams: Stream[] = [];
  /** By name: the stream, and the other direction. A call id may be used again: the newest call has it. */
  const known = new Map<string, { own: Stream; reverse: Stream }>();
  for (const row of await fields(file, `gre || ${OUTGOING_CALL_REPLY}`, COLUMNS)) {
    const [frame, sources, destinations, called, caller, id, length, flags, number, acknowledgment, protocols] = row;
    // What is in the tunnel has addresses as well.
    const [source, destination] = [sources, destinations].map((all) => all!.split(UNIT_SEPARATOR)[0]);
    if (QUOTED.test(protocols!)) continue;
    if (flags === undefined || flags === '') {
      const back = streamOf(`${source} to call ${caller!.split(UNIT_SEPARATOR)[0]}`);
      const forth = streamOf(`${destination} to call ${called!.split(UNIT_SEPARATOR)[0]}`);
      known.set(back.name, { own: back, reverse: forth }).set(forth.name, { own: forth, reverse: back });
      streams.push(forth, back);
      continue;
    }
    const name = `${source} to call ${id}`;
    const call = known.get(name);
    const wrong = [
      FLAGS.includes(flags) ? '' : `flags and version ${flags}`,
      (flags === ACKNOWLEDGMENT) === (length === '0') ? '' : `payload length ${length} with ${flags}`,
      call === undefined ? `${name}: no such call` : '',
      call === undefined || !number ? '' : numbered(call.own, Number(number)),
      call === undefined || !acknowledgment ? '' : acknowledged(call.reverse, Number(acknowledgment), late),
    ];
    complaints.push(...wrong.filter((what) => what !== '').map((what) => `frame ${frame}: ${what}`));
  }
  // Not packet by packet: the two directions are recorded by two processors, not always in order.
  for (const { name, last, acknowledged: of } of streams) {
    if (of > last) complaints.push(`${name}: ${of} was acknowledged and ${last} the last one sent`);
    if (last >= 0 && of < 0) complaints.push(`${name}: nothing was acknowledged`);
  }
  assert.deepEqual(complaints.slice(0, MOST_COMPLAINTS), [], `what is wrong with GRE in ${file}`);
  return streams;
}

function streamOf(name: string): Stream {
  return { name, first: -1, last: -1, packets: 0, acknowledged: -1 };
}

function numbered(stream: Stream, number: number): string {
  const { name, last } = stream;
  if (last < 0) stream.first = number;
  stream.packets += 1;
  stream.last = number;
  return last < 0 || number === last + 1 ? '' : `${name}: number ${number} after ${last}`;
}

function acknowledged(stream: Stream, number: number, late: number): string {
  const before = stream.acknowledged;
  stream.acknowledged = Math.max(before, number);
  return number >= before - late ? '' : `${stream.name}: ${number} acknowledged after ${before}`;
}

/** Numbers of PPP: IPv4, IPv6, and what is compressed or encrypted. */
const [IN_CLEAR, COMPRESSED] = [['0x0021', '0x0057'], '0x00fd'];
/** The first octet of an MPPE header, RFC 3078 §3.1: D set, B and C not; and A, on each packet of stateless mode. */
const HEADERS = { stateless: /^9/, stateful: /^[19]/ } as const;

/** No packet of a network protocol is in clear, all are MPPE datagrams of this mode; returns how many. */
export async function assertEncrypted(file: string, mode: keyof typeof HEADERS): Promise<number> {
  const { clear, sealed } = await carried(file);
  assert.equal(clear, 0, `packets in clear in ${file}`);
  const wrong = sealed.filter((octets) => !HEADERS[mode].test(octets)).length;
  assert.equal(wrong, 0, `packets without a header of ${mode} MPPE in ${file}`);
  assert.ok(sealed.length > 0, `${file} has MPPE datagrams`);
  return sealed.length;
}

/** Nothing was encrypted. */
export async function assertInClear(file: string): Promise<void> {
  const { clear, sealed } = await carried(file);
  assert.equal(sealed.length, 0, `MPPE datagrams in ${file}`);
  assert.ok(clear > 0, `${file} has packets of a network protocol`);
}

async function carried(file: string): Promise<{ clear: number; sealed: readonly string[] }> {
  const rows = await fields(file, 'ppp.protocol', ['ppp.protocol', 'data.data']);
  const of = (...protocols: readonly string[]) => rows.filter(([protocol]) => protocols.includes(protocol!));
  return { clear: of(...IN_CLEAR).length, sealed: of(COMPRESSED).map(([, octets]) => octets!) };
}
