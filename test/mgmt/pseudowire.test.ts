// Two routers joined by a PPP pseudowire of L2TPv3, end to end: over IP protocol 115 and over UDP, packets arrive.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { hosted } from '../support/requirement.ts';
import { waitFor } from '../support/wait.ts';
import { PAIR, Pair, type Side } from './pair.ts';

function configure(pair: Pair, side: Side, edit: (text: string) => string): void {
  const example = new URL(`../../examples/guide-l2tpv3/${side}.conf`, import.meta.url);
  writeFileSync(pair.configPath(side), edit(readFileSync(example, 'utf8')));
}

async function untilUp(pair: Pair): Promise<void> {
  await waitFor('the pseudowire to come up', 30_000, async () => {
    const shown = await Promise.all(
      (['client', 'server'] as const).map((side) => pair.exec(side, 'show ip interface brief | include Virtual-PPP')),
    );
    return shown.every(({ text }) => /up\s+up/.test(text));
  });
}

for (const [name, edit] of [
  ['over IP protocol 115', (text: string) => text],
  [
    'over UDP, with sequence numbers',
    (text: string) => text.replace(' ip local', ' ip protocol udp\n sequencing both\n ip local'),
  ],
] as const) {
  hosted(`the L2TPv3 example of the guide carries packets between the LANs, ${name}`, [PAIR], 60_000, async () => {
    const pair = new Pair();
    try {
      for (const side of ['server', 'client'] as const) configure(pair, side, edit);
      await Promise.all([pair.start('server'), pair.start('client')]);
      await untilUp(pair);
      assert.ok(await pair.pingThrough());
      const { text: shown } = await pair.exec('client', 'ping 10.10.10.1 repeat 5 size 1400');
      assert.match(shown, /Success rate is 100 percent \(5\/5\)/);
      for (const side of ['client', 'server'] as const) {
        const { text } = await pair.exec(side, 'show l2tun session all');
        assert.equal(text.match(/Session id \d+ is up/g)?.length, 1, text);
        assert.match(text, /local cookie, size 4 bytes/);
        assert.match(text, /Session vcid is 10/);
        const { text: tunnels } = await pair.exec(side, 'show l2tun');
        assert.match(tunnels, /Total tunnels 1 sessions 1/);
      }
    } finally {
      await pair.close();
    }
  });
}
