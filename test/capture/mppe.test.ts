// What pppd and the MPPE of Linux sealed for each other, opened with the password: captures of pptp-linux calling pptpd (both
// of Debian 12, 23 November 2026), with user `peer1` and password `s3cret`, and pings both ways. No code of ours made them.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { hosted } from '../support/requirement.ts';
import { type Opened, openMppe } from './mppe.ts';
import { assertEncrypted, assertEnhancedGre } from './pptp.ts';
import { assertClean, TSHARK } from './tshark.ts';

interface Agreed {
  readonly bits: 40 | 128;
  readonly stateful: boolean;
}

const MILLIS = 60_000;
const PASSWORD = 's3cret';
const [CLIENT, SERVER] = ['192.0.2.1', '192.0.2.2'];
const NOTHING_LOST = { refused: 0, missed: 0 };

for (const bits of [40, 128] as const) {
  recorded('each packet, with a key of its own', { bits, stateful: false }, async (file, mode) => {
    const pings = { packets: 20, ...NOTHING_LOST, keyChanges: 20 };
    assert.deepEqual(await clientFirst(file), [
      { source: CLIENT, mode, ...pings },
      { source: SERVER, mode, ...pings },
    ]);
    await assertEnhancedGre(file);
  });
}

recorded('hundreds of packets of one stream, and the flag packet', { bits: 40, stateful: true }, async (file, mode) => {
  const pings = { packets: 300, ...NOTHING_LOST, keyChanges: 1 };
  assert.deepEqual(await clientFirst(file), [
    { source: CLIENT, mode, ...pings },
    { source: SERVER, mode, ...pings },
  ]);
  await assertEnhancedGre(file);
});

// The client's packets were lost on the way to where the capture was made. After each reset Linux has changed the key: five
// times here, and once for the flag packet.
recorded('with losses and the answers to five resets', { bits: 128, stateful: true }, async (file, mode) => {
  assert.deepEqual(await clientFirst(file), [
    { source: CLIENT, mode, packets: 227, refused: 65, missed: 6, keyChanges: 6 },
    { source: SERVER, mode, packets: 210, ...NOTHING_LOST, keyChanges: 0 },
  ]);
});

hosted('the MPPE of Linux does not open with another password', [TSHARK], MILLIS, async () => {
  const agreed: Agreed = { bits: 128, stateful: false };
  const opened = await openMppe(fileOf(agreed), 'another').catch((error: Error) => error);
  // Once in 512 packets garbage begins like a protocol; what follows then is none.
  if (opened instanceof Error) assert.match(opened.message, /^frame \d+: /);
  else assert.deepEqual([opened[0]!.packets, opened[0]!.refused], [0, 20]);
});

async function clientFirst(file: string): Promise<Opened[]> {
  return (await openMppe(file, PASSWORD)).sort((one, other) => one.source.localeCompare(other.source));
}

function recorded(name: string, agreed: Agreed, body: (file: string, mode: string) => Promise<void>): void {
  const mode = agreed.stateful ? 'stateful' : 'stateless';
  hosted(`the MPPE of Linux opens, ${agreed.bits} bits ${mode}: ${name}`, [TSHARK], MILLIS, async () => {
    const file = fileOf(agreed);
    await assertClean(file);
    await assertEncrypted(file, mode);
    await body(file, `${agreed.bits}-bit ${mode}`);
  });
}

function fileOf({ bits, stateful }: Agreed): string {
  const name = `linux-mppe-${bits}-${stateful ? 'stateful' : 'stateless'}.pcap.gz`;
  return fileURLToPath(new URL(`recorded/${name}`, import.meta.url));
}
