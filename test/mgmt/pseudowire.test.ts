// Two routers joined by a PPP pseudowire of L2TPv3, end to end: over IP protocol 115 and over UDP, packets arrive.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADDRESSES, type HostName } from '../../src/mgmt/demo/topology.ts';
import { partConnections } from '../capture/control-connections.ts';
import { assertClean, countMatches, examine, TCP_AT_WORK, TSHARK } from '../capture/tshark.ts';
import type { Machine } from '../support/process.ts';
import { hosted, type Needs } from '../support/requirement.ts';
import { MEGABYTE, transfer } from '../support/transfer.ts';
import { pause, waitFor } from '../support/wait.ts';
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

interface Way {
  readonly name: string;
  readonly ipv6: boolean;
  /** Of the pseudowire-class. */
  readonly lines: string;
  /** With which all control messages are signed. */
  readonly hash: 'MD5' | 'SHA';
}

const WAYS: readonly Way[] = [
  { name: 'IP protocol 115', ipv6: false, lines: '', hash: 'MD5' },
  { name: 'UDP, with sequence numbers', ipv6: false, lines: ' ip protocol udp\n sequencing both\n', hash: 'SHA' },
  { name: 'IP protocol 115 and IPv6', ipv6: true, lines: '', hash: 'SHA' },
  { name: 'UDP and IPv6', ipv6: true, lines: ' ip protocol udp\n', hash: 'MD5' },
];

const SECRET = 'd1gest';

/** Outer addresses: of the router, and of the provider's end of its cable. */
const IPV6 = {
  client: { own: '2001:db8:1::24', provider: '2001:db8:1::1', cable: 'east0', other: '2001:db8:2::/64' },
  server: { own: '2001:db8:2::196', provider: '2001:db8:2::1', cable: 'west0', other: '2001:db8:1::/64' },
} as const;

function textFor({ ipv6, lines, hash }: Way, side: Side): (text: string) => string {
  return (text) => {
    const signed = text.replace(' cookie size 4\n', `$& digest secret 0 ${SECRET} hash ${hash}\n`);
    const classed = signed.replace(' ip local', `${lines} ip local`);
    if (!ipv6) return classed;
    const peer = IPV6[side === 'client' ? 'server' : 'client'].own;
    return classed
      .replace(/( ip address 172\S+ \S+)/, `$1\n ipv6 address ${IPV6[side].own}/64`)
      .replace(/ pseudowire \S+/, ` pseudowire ${peer}`);
  };
}

async function layIpv6(pair: Pair): Promise<void> {
  const forwarding = 'echo 1 > /proc/sys/net/ipv6/conf/all/forwarding';
  const { client, server } = IPV6;
  await run(pair, 'provider', 'sh', '-c', forwarding);
  for (const { provider, cable } of [client, server]) {
    await run(pair, 'provider', 'ip', '-6', 'address', 'add', `${provider}/64`, 'dev', cable, 'nodad');
  }
  for (const side of ['client', 'server'] as const) {
    const { other, provider } = IPV6[side];
    await run(pair, side, 'ip', '-6', 'route', 'add', other, 'via', provider, 'dev', 'wan0', 'onlink');
  }
}

async function run(pair: Pair, host: HostName, program: string, ...words: string[]): Promise<void> {
  const outcome = await machine(pair, host).run([program, ...words], 10_000);
  assert.equal(outcome.status, 0, `${program} ${words.join(' ')}: ${outcome.stdout}`);
}

function machine(pair: Pair, host: HostName): Machine {
  return {
    run: async ([program = '', ...words], limit = 10_000) => {
      const child = pair.program(host, program, ...words);
      await child.ended(limit);
      const [, status] = /^status (\d+)$/.exec(child.status ?? '') ?? [];
      return { status: status === undefined ? undefined : Number(status), stdout: child.output, stderr: '' };
    },
  };
}

const SIDES = ['client', 'server'] as const;

/** One control connection and one session, which are the same at both ends. */
async function assertJoined(pair: Pair, when: string): Promise<void> {
  const [near, far] = await Promise.all(
    SIDES.map(async (side) => {
      const tunnels = JSON.parse((await pair.exec(side, 'show l2tun tunnel | json')).text) as { tunnels: Shown[] };
      const sessions = JSON.parse((await pair.exec(side, 'show l2tun session | json')).text) as { sessions: Shown[] };
      return { tunnels: tunnels.tunnels.filter(isEstablished), sessions: sessions.sessions };
    }),
  );
  const seen = `${when}: ${JSON.stringify([near, far])}`;
  assert.deepEqual([near!.tunnels.length, far!.tunnels.length], [1, 1], seen);
  assert.deepEqual([near!.sessions.length, far!.sessions.length], [1, 1], seen);
  for (const kind of ['tunnels', 'sessions'] as const) {
    assert.equal(near![kind][0]!.localId, far![kind][0]!.remoteId, seen);
    assert.equal(near![kind][0]!.remoteId, far![kind][0]!.localId, seen);
  }
}

interface Shown {
  readonly localId: number;
  readonly remoteId: number;
  readonly state: string;
}

const isEstablished = ({ state }: Shown) => state === 'established';

/** Both interfaces are shut and all that stands is cleared; then they open, `lead` ms apart, the client first if positive. */
async function openAgain(pair: Pair, lead: number): Promise<number> {
  await Promise.all(SIDES.map((side) => pair.exec(side, `configure replace flash:${side}.shut force`)));
  await Promise.all(SIDES.map((side) => pair.exec(side, 'clear l2tun tunnel all')));
  await waitFor('nothing to stand', 10_000, async () => {
    const shown = await Promise.all(SIDES.map((side) => pair.exec(side, 'show l2tun session | json')));
    return shown.every(({ text }) => (JSON.parse(text) as { sessions: Shown[] }).sessions.length === 0);
  });
  const open = async (side: Side, wait: number) => {
    await pause(wait);
    await pair.exec(side, `configure replace flash:${side}.conf force`);
  };
  const begun = performance.now();
  await Promise.all([open('client', Math.max(-lead, 0)), open('server', Math.max(lead, 0))]);
  await untilUp(pair);
  return performance.now() - begun - Math.abs(lead);
}

/** What tshark says of every packet: nothing malformed, each digest as it computes it, and the frames that were carried. */
async function assertSound(file: string): Promise<void> {
  const parted = `${file}.parted`;
  const connections = await partConnections(file, parted);
  // One at the start and one after each of the openings, and those that lost a tie.
  assert.ok(connections > LEADS.length, `${connections} connections`);
  await assertClean(parted, TCP_AT_WORK, KEYED);
  for (const inner of ['lcp', 'chap', 'ipcp', 'icmp', 'tcp']) {
    assert.ok((await countMatches(parted, `l2tp.sid > 0 && ${inner}`, KEYED)) > 0, inner);
  }
  const signed = await countMatches(parted, 'l2tp.avp.message_digest', KEYED);
  // RFC 3931 §5.4.1: whom a router does not know, it refuses without a secret.
  const refusals = await countMatches(parted, 'l2tp.avp.message_type == 4 && !l2tp.avp.message_digest', KEYED);
  assert.equal(signed + refusals, await countMatches(parted, 'l2tp.type == 1', KEYED));
  // The judge is awake: with another secret no digest is right.
  const otherwise = await examine(parted, TCP_AT_WORK, { 'l2tp.shared_secret': `${SECRET}x` });
  assert.equal(otherwise.length, signed);
}

const KEYED = { 'l2tp.shared_secret': SECRET };

/** Either end first by far, both at once, and between. */
const LEADS = [400, -400, 0, 15, -30];

for (const way of WAYS) {
  const needs: Needs = {
    programs: ['perl', 'tcpdump', ...(way.ipv6 ? ['ip'] : [])],
    files: way.ipv6 ? ['/proc/sys/net/ipv6/conf/all/forwarding'] : [],
  };
  hosted(`the L2TPv3 example of the guide, over ${way.name}`, [PAIR, TSHARK, needs], 60_000, async () => {
    const pair = new Pair();
    try {
      if (way.ipv6) await layIpv6(pair);
      for (const side of SIDES) {
        configure(pair, side, textFor(way, side));
        const text = readFileSync(pair.configPath(side), 'utf8');
        writeFileSync(join(pair.folder, `${side}.shut`), text.replace(/(interface Virtual-PPP1\n)/, '$1 shutdown\n'));
      }
      const file = join(pair.folder, 'wire.pcap');
      const recording = await pair.record('client', file);
      await Promise.all([pair.start('server'), pair.start('client')]);
      await untilUp(pair);
      await assertJoined(pair, 'at the start');
      assert.ok(await pair.pingThrough());
      const { text: shown } = await pair.exec('client', 'ping 10.10.10.1 repeat 5 size 1400');
      assert.match(shown, /Success rate is 100 percent \(5\/5\)/);
      for (const side of SIDES) {
        const { text } = await pair.exec(side, 'show l2tun session all');
        assert.equal(text.match(/Session id \d+ is up/g)?.length, 1, text);
        assert.match(text, /local cookie, size 4 bytes/);
        assert.match(text, /Session vcid is 10/);
        if (way.ipv6) assert.ok(text.includes(IPV6[side === 'client' ? 'server' : 'client'].own), text);
        const { text: tunnels } = await pair.exec(side, 'show l2tun');
        assert.match(tunnels, /Total tunnels 1 sessions 1/);
      }
      const [near, far] = [machine(pair, 'client-host'), machine(pair, 'private-host')];
      await transfer({ from: near, to: far, address: ADDRESSES.privateHost, octets: 3 * MEGABYTE, seconds: 15 });
      await transfer({ from: far, to: near, address: ADDRESSES.clientHost, octets: 3 * MEGABYTE, seconds: 15 });
      for (const lead of LEADS) {
        const when = `${lead} ms apart`;
        const millis = await openAgain(pair, lead);
        await assertJoined(pair, when);
        assert.ok(millis < 3000, `${when}: ${Math.round(millis)} ms until it was up`);
      }
      assert.ok(await pair.pingThrough());
      await recording.stop();
      await assertSound(file);
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
