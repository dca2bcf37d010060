// What an operator sees of calls and does to them: PPP statistics (C152), `clear` (C169-C172), pools by name (C160), traces.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClearTarget } from '../../src/vpdn/events.ts';
import { CLIENT, guideClient, guideServer, negotiatingClient, poolServer, SERVER } from './guide.ts';
import { type Node, World } from './world.ts';

function connected(client = guideClient(), server = guideServer(), count = 1) {
  const world = new World(1);
  const lns = world.add('server', SERVER, server);
  const lac = world.add('client', CLIENT, client);
  const up = () =>
    lns.router.view(0).interfaces.filter(({ link }) => link?.phase === 'UP' && link.network).length === count;
  assert.ok(world.run(20_000, up), lns.logs.join('\n'));
  return { world, lns, lac };
}

/** Only rows that count something: number, total, since cleared. */
function statistics(node: Node): string[] {
  const { counters, disconnects } = node.router.view(0).pppStatistics!;
  return [...counters, ...disconnects]
    .filter(({ total }) => total > 0)
    .map(({ number, total, sinceCleared }) => `${number} ${total} ${sinceCleared}`);
}

test('a call that came up counts as LCP, authentication, the proof itself and IPCP', () => {
  const { lns } = connected();
  assert.deepEqual(statistics(lns), ['20 1 1', '22 1 1', '28 1 1', '48 1 1', '49 1 1']);
  const { links } = lns.router.view(0).pppStatistics!;
  assert.deepEqual(
    links.map(({ number, peak, current }) => [number, peak, current]),
    [
      [1, 1, 0],
      [2, 1, 0],
      [7, 1, 1],
    ],
  );
});

test('a wrong password counts as a failed attempt, and the link as one whose authentication failed', () => {
  const world = new World(1);
  const server = guideServer();
  server.users.get('peer1')!.password = { type: 0, text: 'another' };
  const lns = world.add('server', SERVER, server);
  world.add('client', CLIENT, guideClient());
  const failed = () => statistics(lns).some((row) => row.startsWith('103 '));
  assert.ok(world.run(20_000, failed), lns.logs.join('\n'));
  assert.ok(statistics(lns).some((row) => row.startsWith('50 ')));
});

test('clear interface ends the session as the operator, and clear ppp statistics begins the count anew', () => {
  const { world, lns } = connected();
  world.input(lns, { on: 'clear', what: { kind: 'interface', name: 'Virtual-Access1' } });
  world.run(world.now + 500, () => statistics(lns).includes('61 1 1'));
  assert.ok(statistics(lns).includes('61 1 1'));
  world.input(lns, { on: 'clear', what: { kind: 'ppp-statistics' } });
  assert.ok(statistics(lns).includes('61 1 0'));
});

test('what a clear would end is counted before it is done', () => {
  const { lac, lns } = connected(negotiatingClient('peer1', 3), poolServer('10.20.20.1', '10.20.20.9'), 3);
  const [tunnel] = lns.router.view(0).tunnels;
  const targets: [ClearTarget, number][] = [
    [{ kind: 'all-tunnels' }, 3],
    [{ kind: 'tunnel', id: tunnel!.localId }, 3],
    [{ kind: 'tunnel', id: tunnel!.localId + 1 }, 0],
    [{ kind: 'interface', name: 'Virtual-Access2' }, 1],
    [{ kind: 'tunnels-of-class', l2tpClass: 'nobody' }, 0],
    [{ kind: 'failure-history' }, 0],
  ];
  for (const [target, count] of targets) assert.equal(lns.router.countCleared(target), count, JSON.stringify(target));
  const className = lac.router.view(0).tunnels[0]!.l2tpClass!;
  assert.equal(lac.router.countCleared({ kind: 'tunnels-of-class', l2tpClass: className }), 3);
});

test('clear l2tun tunnel l2tp-class ends the tunnels of that class, which are dialled again', () => {
  const { world, lac } = connected();
  const [before] = lac.router.view(0).tunnels;
  world.input(lac, { on: 'clear', what: { kind: 'tunnels-of-class', l2tpClass: before!.l2tpClass! } });
  const again = () =>
    lac.router.view(0).tunnels.some(({ localId, state }) => localId !== before!.localId && state === 'established');
  assert.ok(world.run(world.now + 20_000, again), lac.logs.join('\n'));
});

test('a pool asked for by name tells who has which address, and which it keeps for whom', () => {
  const { world, lac, lns } = connected(negotiatingClient('peer1'), poolServer('10.20.20.1', '10.20.20.9'));
  const [name] = lns.configuration.pools.keys();
  const [range] = lns.router.poolView(name!);
  assert.deepEqual(range?.leases, [{ address: '10.20.20.1', interfaceName: 'Virtual-Access1', username: 'peer1' }]);
  assert.deepEqual(range?.held, []);
  lac.alive = false;
  world.input(lns, { on: 'clear', what: { kind: 'all-tunnels' } });
  world.run(world.now + 60_000, () => lns.router.poolView(name!)[0]?.leases?.length === 0);
  assert.deepEqual(lns.router.poolView(name!)[0]?.held, [{ address: '10.20.20.1', username: 'peer1' }]);
  assert.deepEqual(lns.router.poolView('nobody'), []);
});

test('the domain traces clone, proof and address, and nothing while nobody looks', () => {
  const world = new World(1);
  const lns = world.add('server', SERVER, guideServer());
  const quiet = world.add('client', CLIENT, guideClient());
  lns.router.traced = true;
  world.run(5000, () => lns.router.view(0).interfaces.some(({ link }) => link?.network !== undefined));
  const topics = (node: Node) => node.traces.flatMap((trace) => (trace.layer === 'vpdn' ? trace.topic : []));
  assert.deepEqual(topics(lns), ['vtemplate', 'vpdn', 'aaa authentication', 'ip peer']);
  assert.deepEqual(quiet.traces, []);
});
