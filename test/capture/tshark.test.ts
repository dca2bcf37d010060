// The judge judged: what is wrong in a capture must be found, what is right must pass, and random octets must not alarm it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hosted } from '../support/requirement.ts';
import { type Datagram, pcapOf } from './pcap.ts';
import { assertClean, countMatches, examine, fields, TSHARK } from './tshark.ts';

const MILLIS = 60_000;
/** SCCRQ's Message Type AVP alone: as much as a dissector needs. */
const SCCRQ = 'c802 0014 0000 0000 0000 0000  8008 0000 0000 0001';

onCapture('a well-formed control message passes', [SCCRQ], async (file) => {
  await assertClean(file);
});

onCapture('an AVP that reaches beyond its message is malformed', [SCCRQ.replace('8008', '8010')], async (file) => {
  const [finding] = await examine(file);
  assert.equal(finding?.group, 'Malformed');
});

onCapture('an AVP shorter than its header is an error', [shortAvp()], async (file) => {
  assert.match((await examine(file))[0]!.message, /AVP length must be >= 6, got 3/);
});

onCapture('a bad packet between good ones is named by its frame number', [SCCRQ, shortAvp(), SCCRQ], async (file) => {
  assert.deepEqual(
    (await examine(file)).map(({ frame }) => frame),
    [2],
  );
  await assert.rejects(assertClean(file), /frame 2 raw:ip:udp:l2tp: Error\/Malformed/);
});

const LCP_LENGTH_TOO_LONG = '0002 0001 0001 ff03 c021 0101 0040 0104 05dc';
onCapture('the PPP frame inside is looked at as well', [LCP_LENGTH_TOO_LONG], async (file) => {
  assert.equal((await examine(file))[0]!.protocols, 'raw:ip:udp:l2tp:ppp:lcp');
});

const MRU_WITHOUT_VALUE = '0002 0001 0001 ff03 c021 0101 0008 0100 05dc';
onCapture('a warning counts until it is allowed', [MRU_WITHOUT_VALUE], async (file) => {
  const [finding, ...others] = await examine(file);
  assert.deepEqual([finding?.severity, others.length], ['Warning', 0]);
  assert.deepEqual(await examine(file, [{ message: /too-short option length/, reason: 'this test' }]), []);
});

onCapture('an error cannot be allowed', [shortAvp()], async (file) => {
  assert.equal((await examine(file, [{ message: /./, reason: 'this test' }])).length, 1);
});

onCapture('octets of no protocol of ours are not guessed at', [tcpOverPpp('16030100')], async (file) => {
  assert.deepEqual(await fields(file, 'tcp', ['frame.protocols']), [['raw:ip:udp:l2tp:ppp:ip:tcp:data']]);
});

onCapture('packets can be counted by a display filter', [SCCRQ, LCP_LENGTH_TOO_LONG, SCCRQ], async (file) => {
  assert.equal(await countMatches(file, 'l2tp.avp.message_type == 1'), 2);
});

function onCapture(name: string, payloads: readonly string[], body: (file: string) => Promise<void>): void {
  hosted(`tshark: ${name}`, [TSHARK], MILLIS, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vpdntest-'));
    try {
      const file = join(folder, 'crafted.pcap');
      writeFileSync(file, pcapOf(payloads.map(datagramOf)));
      await body(file);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

function datagramOf(hex: string): Datagram {
  const payload = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  return { source: '192.0.2.1', destination: '192.0.2.2', sourcePort: 1701, destinationPort: 1701, payload };
}

/** A good Message Type, then an AVP whose length is 3. */
function shortAvp(): string {
  return 'c802 001c 0000 0000 0000 0000  8008 0000 0000 0001  8003 0000 0007 0000';
}

/** To port 443, so that a dissector which goes by ports would take it for TLS, cut off. */
function tcpOverPpp(segment: string): string {
  const total = (40 + segment.length / 2).toString(16).padStart(4, '0');
  const ip = `4500${total}00004000400600000a0000010a000002`;
  return `0002 0001 0001 ff03 0021 ${ip} 6d6001bb 00000001 00000001 50182000 0000 0000 ${segment}`;
}
