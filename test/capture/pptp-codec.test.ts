// What our PPTP says, as tshark reads it: every field of every message of RFC 2637 §2, whole lives of calls between two
// endpoints, and enhanced GRE (§4.1) with frames in clear and under MPPE (RFC 3078).

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MppeSender } from '../../src/ppp/mppe.ts';
import { encodeGre } from '../../src/pptp/gre-header.ts';
import { encodeMessage, MESSAGES, type MessageName } from '../../src/pptp/message.ts';
import { seal, senderOf } from '../ppp/mppe-ends.ts';
import { Pair } from '../pptp/pair.ts';
import { CALL, USUAL } from '../pptp/peer.ts';
import { hosted } from '../support/requirement.ts';
import { type Datagram, pcapOf, segmentsOf } from './pcap.ts';
import { assertEncrypted, assertInClear } from './pptp.ts';
import { assertClean, countMatches, fields, TSHARK } from './tshark.ts';

const MILLIS = 60_000;
const [CLIENT, SERVER] = ['192.0.2.1', '192.0.2.2'] as const;
const TO_SERVER = { source: CLIENT, sourcePort: 50_000, destination: SERVER, destinationPort: 1723 } as const;
const TO_CLIENT = { source: SERVER, sourcePort: 1723, destination: CLIENT, destinationPort: 50_000 } as const;

/** Our names of fields and tshark's, where these differ by more than their spelling. */
const THEIRS: Readonly<Record<string, string>> = {
  errorCode: 'error',
  causeCode: 'cause',
  callStatistics: 'call_Statistics',
  processingDelay: 'packet_processing_delay',
  receiveWindowSize: 'packet_receive_window_size',
  subAddress: 'subaddress',
};
/** tshark has a Result Code for each kind of message. */
const RESULTS: Readonly<Partial<Record<MessageName, string>>> = {
  SCCRP: 'control_result',
  StopCCRP: 'stop_result',
  'Echo-Reply': 'echo_result',
  OCRP: 'out_result',
  ICRP: 'in_result',
  CDN: 'disc_result',
};

hosted('tshark, PPTP: each field of each message is where the RFC has it', [TSHARK], MILLIS, async () => {
  const names = Object.keys(MESSAGES) as MessageName[];
  const said = names.map((name, index) => distinct(USUAL[name], index));
  const messages = names.map((name, index) => encodeMessage(name, said[index] as never));
  await withCapture(segmentsOf(messages.map((octets) => ({ ...TO_SERVER, octets }))), async (file) => {
    await assertClean(file);
    const all = names.flatMap((name, index) => Object.keys(said[index]!).map((key) => theirName(name, key)));
    const columns = ['pptp.length', 'pptp.control_message_type', ...new Set(all)];
    const rows = await fields(file, 'pptp', columns);
    assert.equal(rows.length, names.length);
    for (const [index, name] of names.entries()) {
      const read = (column: string) => asNumber(rows[index]![columns.indexOf(column)]!);
      assert.equal(read('pptp.length'), messages[index]!.length, `length of ${name}`);
      assert.equal(read('pptp.control_message_type'), MESSAGES[name].type);
      for (const [key, value] of Object.entries(said[index]!)) {
        assert.equal(read(theirName(name, key)), asNumber(`${value}`), `${name}: ${key}`);
      }
    }
  });
});

hosted('tshark, PPTP: calls of both kinds, an Echo, and every way to end', [TSHARK], MILLIS, async () => {
  const pair = new Pair(1);
  pair.dial('a');
  for (const kind of ['outgoing', 'incoming', 'outgoing'] as const) {
    pair.input('a', { on: 'open-call', connection: 2, reference: kind, call: { ...CALL, kind } });
  }
  pair.pass(70_000);
  const [mine, theirs] = [pair.of('a', 'call-up'), pair.of('b', 'call-up')];
  assert.equal(mine.length, 3);
  pair.input('a', { on: 'set-link-info', call: mine[0]!.call, sendAccm: 0xffffffff, receiveAccm: 0 });
  pair.input('a', { on: 'close-call', call: mine[0]!.call, resultCode: 4 });
  pair.input('b', { on: 'close-call', call: theirs[1]!.call, resultCode: 3 });
  pair.settle();
  pair.input('b', { on: 'close-connection', connection: 1, resultCode: 3 });
  pair.settle();
  const stream = segmentsOf(
    pair.sent.map(({ from, octets }) => ({ ...(from === 'a' ? TO_SERVER : TO_CLIENT), octets })),
  );
  await withCapture(stream, async (file) => {
    await assertClean(file);
    const rows = await fields(file, 'pptp', ['pptp.control_message_type']);
    const seen = new Set(rows.flatMap(([types]) => types!.split('\u001f')).map(Number));
    // There is no line that could have errors.
    for (const [name, { type }] of Object.entries(MESSAGES)) assert.equal(seen.has(type), name !== 'WEN', name);
  });
});

hosted('tshark, PPTP: GRE carries LCP, and MPPE of either mode', [TSHARK], MILLIS, async () => {
  const lcp = octetsOf('ff03 c021 0101 0004');
  const packets = [encodeGre(0x0305, lcp, 0), encodeGre(0xffff, lcp, 0xffffffff)];
  for (const [index, stateful] of [false, true].entries()) {
    const sender = senderOf({ bits: 128, stateful, startKey: new Uint8Array(16).fill(7) });
    const many = Array.from({ length: 5 }, (_, number) => encodeGre(index + 1, sealed(sender), number));
    await withCapture([...packets, ...many].map(overGre), async (file) => {
      await assertClean(file);
      const rows = await fields(file, 'gre', ['gre.key.call_id', 'gre.sequence_number', 'gre.key.payload_length']);
      const frame = String(IP_IN_PPP.length + 4 + 2);
      const data = many.map((_, number) => [String(index + 1), String(number), frame]);
      assert.deepEqual(rows, [['773', '0', '8'], ['65535', '4294967295', '8'], ...data]);
      assert.equal(await countMatches(file, 'lcp && ppp.code == 1'), 2);
      assert.equal(await assertEncrypted(file, stateful ? 'stateful' : 'stateless'), 5);
      if (stateful) await assert.rejects(assertEncrypted(file, 'stateless'));
    });
  }
  const clear = encodeGre(5, Buffer.concat([octetsOf('ff03'), IP_IN_PPP]), 0);
  await withCapture([overGre(clear)], async (file) => {
    await assertClean(file);
    await assertInClear(file);
    assert.equal(await countMatches(file, 'icmp.type == 8'), 1);
  });
});

/** An Echo-Request of ICMP from 10.0.0.1 to 10.0.0.2, behind its PPP protocol. */
const IP_IN_PPP = octetsOf('0021 4500001c000040004001 26df 0a000001 0a000002 0800 f7fe 0000 0001');

/** In the frame of a PPP link that has no compressed fields. */
function sealed(sender: MppeSender): Uint8Array {
  return Buffer.concat([octetsOf('ff0300fd'), seal(sender, IP_IN_PPP)]);
}

function overGre(payload: Uint8Array): Datagram {
  return { source: CLIENT, destination: SERVER, sourcePort: 0, destinationPort: 0, payload, transport: 'gre' };
}

/** The usual values, with numbers that no two fields have in common; of codes, ones that there are. */
function distinct(usual: object, message: number): Record<string, number | string> {
  const coded = ['resultCode', 'errorCode', 'reason', 'protocolVersion'];
  const entries = Object.entries(usual).map(([key, value], index): [string, number | string] => {
    if (typeof value !== 'number' || coded.includes(key)) return [key, value];
    return [key, 0x1000 + 0x100 * message + index];
  });
  return Object.fromEntries(entries);
}

function theirName(message: MessageName, key: string): string {
  if (key === 'resultCode') return `pptp.${RESULTS[message]}`;
  return `pptp.${THEIRS[key] ?? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
}

/** tshark prints some fields in hexadecimal, some not. */
function asNumber(text: string): number | string {
  return /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : text;
}

async function withCapture(datagrams: readonly Datagram[], body: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vpdntest-'));
  try {
    const file = join(folder, 'codec.pcap');
    writeFileSync(file, pcapOf(datagrams));
    await body(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function octetsOf(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}
