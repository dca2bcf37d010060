// The judge of PPTP judged: crafted captures of one call, right ones and such as are wrong in one way each.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hosted } from '../support/requirement.ts';
import { type Datagram, pcapOf, segmentsOf } from './pcap.ts';
import { assertEncrypted, assertEnhancedGre, assertInClear } from './pptp.ts';
import { assertClean, TSHARK } from './tshark.ts';

const MILLIS = 60_000;
const [CLIENT, SERVER] = ['192.0.2.1', '192.0.2.2'] as const;

/** Outgoing-Call-Reply, RFC 2637 §2.8: the server's call id 7, the client's 5. */
const OUTGOING_CALL_REPLY = octetsOf('0020 0001 1a2b3c4d 0008 0000  0007 0005 01 00 0000 05f5e100 0040 0000 00000000');
const TCP = { source: SERVER, destination: CLIENT, sourcePort: 1723, destinationPort: 50_000 } as const;
const REPLY = segmentsOf([{ ...TCP, octets: OUTGOING_CALL_REPLY }])[0]!;
const [IN_CLEAR, STATELESS, FLUSHED, STATEFUL] = ['ff03 0021 45', '00fd 9001 5e', '00fd 9002 5e', '00fd 1003 5e'];

/** Towards the client's call 5 and the server's call 7: a frame with a number, and perhaps an acknowledgment. */
function toClient(number: number, frame: string, acknowledgment?: number): Datagram {
  return gre(SERVER, CLIENT, 5, frame, number, acknowledgment);
}
function toServer(number: number, frame: string, acknowledgment?: number): Datagram {
  return gre(CLIENT, SERVER, 7, frame, number, acknowledgment);
}
const acknowledge = (number: number): Datagram => gre(CLIENT, SERVER, 7, '', undefined, number);

const GOOD = [REPLY, toClient(0, STATELESS), toServer(0, STATELESS, 0), toClient(1, FLUSHED, 0), acknowledge(1)];

onCapture('a sane call passes, and its streams are named', GOOD, async (file) => {
  await assertClean(file);
  assert.deepEqual(await assertEnhancedGre(file), [
    { name: '192.0.2.1 to call 7', first: 0, last: 0, packets: 1, acknowledged: 0 },
    { name: '192.0.2.2 to call 5', first: 0, last: 1, packets: 2, acknowledged: 1 },
  ]);
});

const gap = [REPLY, toClient(0, STATELESS), toClient(2, STATELESS), acknowledge(2)];
rejected('a number that is left out', gap, /frame 3: 192\.0\.2\.2 to call 5: number 2 after 0/);
const again = [REPLY, toClient(0, STATELESS), toClient(0, STATELESS), acknowledge(0)];
rejected('a number that is used twice', again, /frame 3: .*number 0 after 0/);
rejected('an acknowledgment that goes back', [...GOOD, acknowledge(0)], /frame 6: .*0 acknowledged after 1/);
onCapture('an acknowledgment may be a little late', [...GOOD, acknowledge(0)], async (file) => {
  const [, toClient] = await assertEnhancedGre(file, 1);
  assert.equal(toClient!.acknowledged, 1);
});
rejected('an acknowledgment of what was never sent', [...GOOD, acknowledge(9)], /9 was acknowledged and 1 the last/);
rejected('a stream nobody acknowledges', [REPLY, toClient(0, STATELESS)], /nothing was acknowledged/);
rejected('a packet of no call', [REPLY, gre(SERVER, CLIENT, 6, STATELESS, 0)], /to call 6: no such call/);
const oldVersion = [
  REPLY,
  { ...toClient(0, STATELESS), payload: octetsOf(`3000 880b 0005 0005 00000000 ${STATELESS}`) },
];
rejected('a packet of GRE version 0', oldVersion, /flags and version 0x3000/);
const routed = [REPLY, { ...acknowledge(0), payload: octetsOf('3081 880b 0000 0007 00000000 00000000') }];
rejected('a sequence number without a payload', routed, /payload length 0 with 0x3081/);

onCapture('stateless MPPE has A and D on each packet', GOOD, async (file) => {
  assert.equal(await assertEncrypted(file, 'stateless'), 3);
  await assert.rejects(assertInClear(file), /MPPE datagrams/);
});

onCapture('stateful MPPE may do without A', [REPLY, toClient(0, STATEFUL), toClient(1, FLUSHED)], async (file) => {
  assert.equal(await assertEncrypted(file, 'stateful'), 2);
  await assert.rejects(assertEncrypted(file, 'stateless'), /without a header of stateless MPPE/);
});

onCapture('a compressed packet that is not encrypted', [REPLY, toClient(0, '00fd 8001 5e')], async (file) => {
  await assert.rejects(assertEncrypted(file, 'stateful'), /without a header/);
});

onCapture('one packet in clear among encrypted ones', [...GOOD, toClient(2, IN_CLEAR)], async (file) => {
  await assert.rejects(assertEncrypted(file, 'stateless'), /packets in clear/);
});

/** An Echo-Request of ICMP from 10.0.0.1 to 10.0.0.2. */
const PING = 'ff03 0021 4500001c 00004000 400126df 0a000001 0a000002 0800f7fe 00000001';

onCapture(
  'the addresses in a call are not taken for its own',
  [REPLY, toClient(0, PING), toServer(0, PING, 0)],
  async (file) => {
    await assertClean(file);
    const complaint = await assertEnhancedGre(file).catch((error: Error) => error.message);
    assert.match(String(complaint), /192\.0\.2\.1 to call 7: nothing was acknowledged/);
    assert.doesNotMatch(String(complaint), /no such call/);
  },
);

onCapture('a call without encryption', [REPLY, toClient(0, IN_CLEAR)], async (file) => {
  await assertInClear(file);
  await assert.rejects(assertEncrypted(file, 'stateless'));
});

function onCapture(name: string, datagrams: readonly Datagram[], body: (file: string) => Promise<void>): void {
  hosted(`RFC 2637 in a capture: ${name}`, [TSHARK], MILLIS, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vpdntest-'));
    try {
      const file = join(folder, 'crafted.pcap');
      writeFileSync(file, pcapOf(datagrams));
      await body(file);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

function rejected(name: string, datagrams: readonly Datagram[], message: RegExp): void {
  onCapture(`${name} is found`, datagrams, async (file) => {
    await assert.rejects(assertEnhancedGre(file), message);
  });
}

/** Enhanced GRE, RFC 2637 §4.1. */
function gre(
  source: string,
  destination: string,
  call: number,
  frame: string,
  number?: number,
  acknowledgment?: number,
): Datagram {
  const payload = octetsOf(frame);
  const flags = 0x2001 | (number === undefined ? 0 : 0x1000) | (acknowledgment === undefined ? 0 : 0x80);
  const numbers = [number, acknowledgment].filter((value) => value !== undefined).map((value) => hex(value, 8));
  const header = [hex(flags, 4), '880b', hex(payload.length, 4), hex(call, 4), ...numbers].join('');
  const octets = Buffer.concat([octetsOf(header), payload]);
  return { source, destination, sourcePort: 0, destinationPort: 0, payload: octets, transport: 'gre' };
}

function octetsOf(text: string): Uint8Array {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
