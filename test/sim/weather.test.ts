// Two routers through bad weather: loss, repetition, reordering, restarts at any moment. Whatever happened, once the weather
// clears there is one call, both ends agree on it, and nothing of the past is left.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT, guideClient, guideServer, SERVER } from './guide.ts';
import { FAIR, type Node, seeded, World } from './world.ts';

const SEEDS = 200;

function agreed(lac: Node, lns: Node): boolean {
  const [client, server] = [lac.router.view(0), lns.router.view(0)];
  const [mine, theirs] = [client.sessions, server.sessions];
  if (mine.length !== 1 || theirs.length !== 1) return false;
  if (mine[0]!.localId !== theirs[0]!.remoteId || mine[0]!.remoteId !== theirs[0]!.localId) return false;
  const open = (view: typeof client, name: string) =>
    view.interfaces.some((i) => i.name === name && i.lineProtocol === 'up');
  return open(client, 'Virtual-PPP1') && open(server, theirs[0]!.interfaceName ?? '');
}

function leftovers(node: Node): string[] {
  const open = new Map<string, number>();
  for (const effect of node.effects) {
    const [verb, what] = effect.do.split('-', 2) as [string, string];
    if (!['route', 'prefix', 'session'].includes(what)) continue;
    if (verb === 'add' || verb === 'open') open.set(what, (open.get(what) ?? 0) + 1);
    if (verb === 'remove' || verb === 'close') open.set(what, (open.get(what) ?? 0) - 1);
  }
  return [...open].map(([what, count]) => `${what} ${count}`).sort();
}

test(`${SEEDS} seeds of loss, duplication, reordering and restarts end in one call that both ends agree on`, () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = seeded(seed * 7919);
    const weather = {
      loss: random() * 0.3,
      duplication: random() * 0.2,
      reordering: random() * 0.3,
      delay: 1 + random() * 200,
      jitter: random() * 100,
    };
    const world = new World(seed, weather);
    const lns = world.add('server', SERVER, guideServer());
    const lac = world.add('client', CLIENT, guideClient());
    for (let restart = 0; restart < 2; restart++) {
      const victim = random() < 0.5 ? lac : lns;
      const time = random() * 120_000;
      world.at(time, () => world.kill(victim));
      world.at(time + 500 + random() * 5000, () => {
        if (!victim.alive) world.restart(victim);
      });
    }
    world.run(150_000);
    world.weather = FAIR;
    const settled = world.run(world.now + 400_000, () => agreed(lac, lns));
    assert.ok(
      settled,
      `seed ${seed}\nclient:\n${lac.logs.slice(-8).join('\n')}\nserver:\n${lns.logs.slice(-8).join('\n')}`,
    );
    for (const node of [lac, lns]) {
      const expected = node === lns ? ['prefix 2', 'route 2', 'session 1'] : ['route 2', 'session 1'];
      assert.deepEqual(leftovers(node), expected, `seed ${seed} ${node.name}`);
    }
  }
});

test('24 hours of 5 % loss lose no tunnel', () => {
  const world = new World(5, { ...FAIR, loss: 0.05, jitter: 20 });
  const lns = world.add('server', SERVER, guideServer());
  const lac = world.add('client', CLIENT, guideClient());
  assert.ok(world.run(120_000, () => agreed(lac, lns)));
  const ids = () => JSON.stringify(lac.router.view(0).sessions.map(({ localId, tunnelId }) => [localId, tunnelId]));
  const before = ids();
  world.run(world.now + 24 * 3600_000);
  assert.equal(ids(), before, lac.logs.slice(-10).join('\n'));
  assert.ok(agreed(lac, lns));
});
