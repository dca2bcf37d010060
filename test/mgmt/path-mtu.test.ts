// `ip pmtu` end to end (C044, C090; RFC 1191): a router between the tunnel's ends takes less than their own wires do. Hosts on the
// LAN learn what fits, and what they may not cut arrives.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { HostName } from '../../src/mgmt/demo/topology.ts';
import { digestOf } from '../dataplane/harness/transfer.ts';
import { hosted, type Needs } from '../support/requirement.ts';
import { waitFor } from '../support/wait.ts';
import { PAIR, Pair, type Side } from './pair.ts';

const NEEDS: Needs = { ...PAIR, programs: ['ip', 'ping', 'sysctl'] };
/** What the provider passes on, without the two ends seeing it. */
const NARROW = 1300;
const OCTETS = 3_000_000;
const TRANSFER = new URL('../dataplane/harness/transfer.ts', import.meta.url).pathname;

interface Form {
  readonly name: string;
  readonly example: string;
  readonly edit: (side: Side) => (text: string) => string;
  /** The octets in front of an inner packet. */
  readonly headers: number;
}

const FORMS: readonly Form[] = [
  {
    name: 'L2TPv2, a pseudowire-class and a vpdn-group',
    example: 'guide-l2tp',
    edit: (side) => (text) =>
      side === 'client'
        ? text.replace(' ip local', ' ip pmtu\n ip local')
        : text.replace(' l2tp tunnel password', ' ip pmtu\n l2tp tunnel password'),
    headers: 20 + 8 + 6 + 4,
  },
  {
    name: 'L2TPv3 over IP',
    example: 'guide-l2tpv3',
    edit: () => (text) => text.replace(' ip local', ' ip pmtu\n ip local'),
    headers: 20 + 4 + 4 + 4,
  },
  {
    name: 'PPTP with MPPE, a vpdn-group that dials and one that accepts',
    example: 'guide-pptp',
    edit: (side) => (text) =>
      side === 'client'
        ? text.replace(' initiate-to', ' ip pmtu\n initiate-to')
        : text.replace(
            ' local name cisco_pns\n!',
            ' local name cisco_pns\n ip pmtu\n!\nip route 10.20.20.0 255.255.255.0 10.30.30.1\n!',
          ),
    headers: 20 + 16 + 4 + 4,
  },
];

for (const { name, example, edit, headers } of FORMS) {
  hosted(`path MTU discovery: ${name}`, [NEEDS], 90_000, async () => {
    const pair = new Pair();
    const run = async (host: HostName, ...words: string[]): Promise<string> => {
      const child = pair.program(host, words[0]!, ...words.slice(1));
      await child.ended(30_000);
      return child.output;
    };
    const narrow = async (mtu: number): Promise<void> => {
      for (const [net, device] of [
        ['172.16.32.0/24', 'east0'],
        ['172.24.13.0/24', 'west0'],
      ] as const) {
        assert.equal(await run('provider', 'ip', 'route', 'replace', net, 'dev', device, 'mtu', String(mtu)), '');
      }
    };
    const reported = async (from: HostName, to: string): Promise<number | undefined> => {
      const output = await run(from, 'ping', '-M', 'do', '-c', '1', '-W', '1', '-s', '1400', to);
      const mtu = /mtu ?= ?(\d+)/.exec(output)?.[1];
      return mtu === undefined ? undefined : Number(mtu);
    };
    try {
      for (const side of ['client', 'server'] as const) {
        const file = new URL(`../../examples/${example}/${side}.conf`, import.meta.url);
        writeFileSync(pair.configPath(side), edit(side)(readFileSync(file, 'utf8')));
      }
      await run('provider', 'sysctl', '-qw', 'net.ipv4.ip_forward_use_pmtu=1');
      await Promise.all([pair.start('server'), pair.start('client')]);
      await waitFor('a ping through the tunnel', 30_000, () => pair.pingThrough());
      const wide = await run('client-host', 'ping', '-M', 'do', '-c', '1', '-W', '1', '-s', '1400', '10.10.10.2');
      assert.match(wide, / 1 received/);

      await narrow(NARROW);
      const fits = NARROW - headers;
      await waitFor('the host to be told', 10_000, async () => (await reported('client-host', '10.10.10.2')) === fits);
      await waitFor('the other host', 10_000, async () => (await reported('private-host', '10.20.20.2')) === fits);
      const small = String(fits - 28);
      const through = await run('client-host', 'ping', '-M', 'do', '-c', '2', '-i', '0.2', '-s', small, '10.10.10.2');
      assert.match(through, / 2 received/);
      // What may be cut is, before it goes into the tunnel.
      const cut = await run('client-host', 'ping', '-M', 'dont', '-c', '2', '-i', '0.2', '-s', '2000', '10.10.10.2');
      assert.match(cut, / 2 received/);
      for (const side of example === 'guide-pptp' ? [] : (['client', 'server'] as const)) {
        const { text } = await pair.exec(side, 'show l2tun session all');
        assert.match(text, new RegExp(`Session PMTU enabled, path MTU is ${NARROW}`));
      }

      const server = pair.program('private-host', process.execPath, TRANSFER, 'serve');
      await server.said('listening', 10_000);
      for (const direction of ['upload', 'download']) {
        const digest = await run('client-host', process.execPath, TRANSFER, direction, '10.10.10.2', String(OCTETS));
        assert.equal(digest.trim(), digestOf(OCTETS), direction);
      }
    } finally {
      await pair.close();
    }
  });
}
