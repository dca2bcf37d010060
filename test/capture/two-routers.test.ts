// All that two of our routers say to each other, as tshark reads it: nothing malformed, no expert error, in good times and bad.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { PAIR, Pair } from '../mgmt/pair.ts';
import { hosted, type Needs } from '../support/requirement.ts';
import { pause, waitFor } from '../support/wait.ts';
import { assertClean, countMatches, fields, TSHARK } from './tshark.ts';

const TCPDUMP: Needs = { programs: ['tcpdump'] };

interface Story {
  readonly name: string;
  readonly client: (text: string) => string;
  readonly server: (text: string) => string;
  /** Until what is to be seen has been seen. */
  readonly act: (pair: Pair) => Promise<void>;
  /** Control messages that must be in the capture, by number. */
  readonly messages: readonly number[];
  /** What else must be in it, as tshark's display filters. */
  readonly holds: readonly string[];
}

const same = (text: string) => text;
const [SCCRQ, SCCRP, SCCCN, STOP_CCN, ICRQ, ICRP, ICCN, CDN] = [1, 2, 3, 4, 10, 11, 12, 14];

const stories: readonly Story[] = [
  {
    name: 'a call with tunnel authentication and hidden AVPs, traffic, and its end',
    client: (text) => text.replace(' password 0 tunn3l', ' password 0 tunn3l\n hidden'),
    server: (text) => text.replace(' l2tp tunnel password 0 tunn3l', ' l2tp tunnel password 0 tunn3l\n l2tp hidden'),
    act: async (pair) => {
      await pair.untilCallIsUp();
      assert.ok(await pair.pingThrough());
      await pair.exec('client', 'ping 10.10.10.1 size 1400 repeat 20');
      await pair.exec('client', 'clear interface virtual-ppp 1');
    },
    messages: [SCCRQ, SCCRP, SCCCN, ICRQ, ICRP, ICCN, CDN, STOP_CCN],
    holds: ['l2tp.avp.hidden == 1', 'chap.code == 3', 'ipcp', 'icmp.type == 0'],
  },
  {
    name: 'a call with sequenced data',
    client: (text) => text.replace('10 pw-class pwclass1', '10 pw-class pwclass1 sequencing both'),
    server: (text) =>
      text.replace(' l2tp tunnel password 0 tunn3l', ' l2tp tunnel password 0 tunn3l\n l2tp sequencing'),
    act: async (pair) => {
      await pair.untilCallIsUp();
      await pair.exec('client', 'ping 10.10.10.1 repeat 20');
      assert.ok(await pair.pingThrough());
    },
    messages: [SCCRQ, SCCRP, SCCCN, ICRQ, ICRP, ICCN, STOP_CCN],
    holds: ['l2tp.type == 0 && l2tp.seq_bit == 1 && icmp.type == 8', 'l2tp.type == 0 && l2tp.seq_bit == 1 && ipcp'],
  },
  {
    name: 'a wrong CHAP password',
    client: (text) => text.replace('password 0 s3cret', 'password 0 other'),
    server: same,
    act: (pair) => untilFailure(pair, 'server', 'AUT-503'),
    messages: [SCCRQ, SCCRP, SCCCN, ICRQ, ICRP, ICCN, CDN],
    holds: ['chap.code == 4'],
  },
  {
    name: 'a wrong tunnel password',
    client: (text) => text.replace('tunn3l', 'wr0ng'),
    server: same,
    act: (pair) => untilFailure(pair, 'client', 'L2T-302'),
    messages: [SCCRQ, SCCRP, STOP_CCN],
    holds: ['l2tp.avp.message_type == 4 && l2tp.result_code == 4'],
  },
];

for (const story of stories) {
  hosted(`tshark finds nothing wrong with ${story.name}`, [PAIR, TSHARK, TCPDUMP], 90_000, async () => {
    const pair = new Pair();
    try {
      const file = join(pair.folder, 'wire.pcap');
      const options = ['-Z', 'root', '-n', '-U', '--immediate-mode', '-s', '2048', '-B', '65536'];
      const tcpdump = pair.program('provider', 'tcpdump', ...options, '-i', 'east0', '-w', file, 'udp');
      await tcpdump.said('listening on', 5000);
      pair.configure('server', story.server);
      pair.configure('client', story.client);
      const server = await pair.start('server');
      await pair.start('client');
      await story.act(pair);
      server.kill('SIGTERM');
      await server.ended(5000);
      await pause(300);
      tcpdump.kill('SIGINT');
      await tcpdump.ended(5000);
      await assertClean(file);
      const types = await fields(file, 'l2tp.avp.message_type', ['l2tp.avp.message_type']);
      const seen = new Set(types.flat().map(Number));
      assert.deepEqual(
        story.messages.filter((message) => !seen.has(message)),
        [],
        'every message of the story is in the capture',
      );
      for (const filter of story.holds) assert.ok((await countMatches(file, filter)) > 0, filter);
    } finally {
      await pair.close();
    }
  });
}

async function untilFailure(pair: Pair, side: 'client' | 'server', code: string): Promise<void> {
  await waitFor(`${code} at the ${side}`, 30_000, async () => {
    return (await pair.exec(side, 'show vpdn history failure')).text.includes(code);
  });
}
