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

hosted(
  'a session whose values are typed at both ends carries packets, and is shown as the guide shows it',
  [PAIR],
  60_000,
  async () => {
    const pair = new Pair();
    const typed = (side: Side) => (text: string) => {
      const [local, remote] = side === 'client' ? [111, 222] : [222, 111];
      const [own, other] = side === 'client' ? [100, 200] : [200, 100];
      const lines = [`l2tp id ${local} ${remote}`, `l2tp cookie local 8 ${own} 0`, `l2tp cookie remote 8 ${other} 0`];
      return text
        .replace(' protocol l2tpv3 l2tpclass1', ' protocol none')
        .replace(
          /( pseudowire \S+) 10 pw-class pwclass1/,
          `$1 123 encapsulation l2tpv3 manual pw-class pwclass1\n  ${lines.join('\n  ')}`,
        );
    };
    try {
      for (const side of ['server', 'client'] as const) configure(pair, side, typed(side));
      await Promise.all([pair.start('server'), pair.start('client')]);
      await untilUp(pair);
      assert.ok(await pair.pingThrough());
      const { text } = await pair.exec('client', 'show l2tun session all');
      for (const line of [
        'Session Information Total tunnels 0 sessions 1',
        'Session id 111 is up, tunnel id 0',
        'Call serial number is 0',
        'Remote tunnel name is',
        '  Session is manually signalled',
        '  Session vcid is 123',
        '    Remote session id is 222, remote tunnel id 0',
        '  DF bit off, ToS reflect disabled, ToS value 0, TTL value 255',
        '    local cookie, size 8 bytes, value 00 00 00 00 00 00 00 64',
        '    remote cookie, size 8 bytes, value 00 00 00 00 00 00 00 C8',
        '  SSS switching enabled',
        '  Sequencing is off',
      ]) {
        assert.ok(text.split('\n').includes(line), `${line}\n---\n${text}`);
      }
    } finally {
      await pair.close();
    }
  },
);
