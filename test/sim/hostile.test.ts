// Octets that nobody meant: garbage, and datagrams of a real call cut, lengthened and with bits turned over, from strangers and
// under the peer's own address. Nothing throws, nothing grows, and when it stops there is one good call again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT, guideClient, guideServer, SERVER } from './guide.ts';
import { type Node, seeded, World } from './world.ts';

const STRANGER = '203.0.113.66';

function up(node: Node): boolean {
  const { sessions, interfaces } = node.router.view(0);
  const [session] = sessions;
  return sessions.length === 1 && interfaces.some((i) => i.name === session?.interfaceName && i.lineProtocol === 'up');
}

function mutate(octets: Uint8Array, random: () => number): Uint8Array {
  const kind = Math.floor(random() * 4);
  if (kind === 0) return octets.slice(0, Math.floor(random() * octets.length));
  if (kind === 1) return Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256));
  const copy = new Uint8Array(octets.length + (kind === 2 ? Math.floor(random() * 20) : 0));
  copy.set(octets);
  for (let flips = 1 + Math.floor(random() * 4); flips > 0; flips--) {
    const at = Math.floor(random() * copy.length);
    copy[at] = copy[at]! ^ (1 << Math.floor(random() * 8));
  }
  return copy;
}

test('100 seeds of corrupted copies of a call under way end in one good call', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const world = new World(seed);
    const random = seeded(seed + 1000);
    const lns = world.add('server', SERVER, guideServer());
    const lac = world.add('client', CLIENT, guideClient());
    world.onWire = (from, octets) => {
      if (random() > 0.5) return;
      const to = from === lac ? lns : lac;
      const peerAddress = random() < 0.7 ? from.address : STRANGER;
      const path = { localAddress: to.address, localPort: 1701, peerAddress, peerPort: 1701 };
      const spoilt = mutate(octets, random);
      world.at(world.now + random() * 10, () => world.input(to, { on: 'datagram', path, octets: spoilt }));
    };
    world.run(60_000);
    world.onWire = undefined;
    const settled = world.run(world.now + 180_000, () => up(lac) && up(lns));
    assert.ok(settled, `seed ${seed}\n${lac.logs.slice(-6).join('\n')}\n${lns.logs.slice(-6).join('\n')}`);
  }
});

test('a flood of tunnel requests from strangers leaves no more than the half-open cap, and the call untouched', () => {
  const world = new World(7);
  const lns = world.add('server', SERVER, guideServer());
  const lac = world.add('client', CLIENT, guideClient());
  assert.ok(world.run(5000, () => up(lac) && up(lns)));
  let request: Uint8Array | undefined;
  const other = new World(8);
  other.onWire = (_, octets) => {
    request ??= octets.slice();
  };
  other.add('client', CLIENT, guideClient());
  assert.ok(request !== undefined);
  const sent = lns.sentOctets;
  const [floods, before] = [5000, lns.router.view(0).sessions[0]!.localId];
  for (let index = 0; index < floods; index++) {
    const path = {
      localAddress: SERVER,
      localPort: 1701,
      peerAddress: `198.51.${index >> 8}.${index & 255}`,
      peerPort: 1701,
    };
    world.input(lns, { on: 'datagram', path, octets: request });
  }
  assert.ok(lns.router.view(0).tunnels.length <= 1001);
  world.run(world.now + 120_000);
  assert.ok(lns.sentOctets - sent <= 3 * floods * request.length + 100_000);
  assert.equal(lns.router.view(0).sessions[0]!.localId, before);
  assert.ok(up(lac) && up(lns));
  assert.equal(lns.router.view(0).tunnels.length, 1);
});

test('unknown tunnels, unknown sessions and garbage are dropped, counted and never answered', () => {
  const world = new World(9);
  const lns = world.add('server', SERVER, guideServer());
  const random = seeded(9);
  const path = { localAddress: SERVER, localPort: 1701, peerAddress: STRANGER, peerPort: 40000 };
  for (let index = 0; index < 2000; index++) {
    const octets = Uint8Array.from({ length: Math.floor(random() * 100) }, () => Math.floor(random() * 256));
    if (index % 2 === 0 && octets.length > 12) octets.set([0xc8, 0x02, 0, octets.length]);
    world.input(lns, { on: 'datagram', path, octets });
  }
  assert.equal(lns.sentDatagrams, 0);
  const dropped = lns.router.view(0).drops.reduce((sum, { count }) => sum + count, 0);
  assert.equal(dropped, 2000);
});
