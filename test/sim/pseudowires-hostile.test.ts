// Octets that nobody meant, for pseudowires of L2TPv3: garbage and datagrams of a real session cut, lengthened and with bits turned
// over, from strangers and under the peer's own address. Nothing throws, nothing grows, and the session stands or comes back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Path } from '../../src/wire/ip.ts';
import { CLIENT, guideClient, guideServer, SERVER } from './guide.ts';
import { addEnds, areJoined, said, type Transport, wireEnd } from './pseudowires.ts';
import { type Node, seeded, World } from './world.ts';

const STRANGER = '203.0.113.66';

function pathTo(node: Node, peerAddress: string, transport: Transport): Path {
  const port = transport === 'ip' ? 0 : 1701;
  const ends = { localAddress: node.address, localPort: port, peerAddress, peerPort: port };
  return transport === 'ip' ? { transport, ...ends } : ends;
}

function spoil(octets: Uint8Array, random: () => number): Uint8Array {
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

for (const transport of ['ip', 'udp'] as const) {
  test(`over ${transport}: 60 seeds of corrupted copies of a session under way end in one good session`, () => {
    for (let seed = 1; seed <= 60; seed++) {
      const world = new World(seed);
      const random = seeded(seed + 1000);
      const { one, two } = addEnds(world, { transport });
      world.onWire = (from, octets) => {
        if (random() > 0.5) return;
        const to = from === one ? two : one;
        const path = pathTo(to, random() < 0.7 ? from.address : STRANGER, transport);
        const spoilt = spoil(octets, random);
        world.at(world.now + random() * 10, () => world.input(to, { on: 'datagram', path, octets: spoilt }));
      };
      world.run(60_000);
      world.onWire = undefined;
      const settled = world.run(world.now + 180_000, () => areJoined(one, two));
      assert.ok(settled, `seed ${seed}\n${said(one, two)}`);
    }
  });
}

test('a flood of connection requests from strangers is refused small, and the session stands', () => {
  const world = new World(7);
  const { one, two } = addEnds(world);
  assert.ok(world.run(5000, () => areJoined(one, two)));
  let request: Uint8Array | undefined;
  const other = new World(8);
  other.onWire = (_, octets) => {
    request ??= octets.slice();
  };
  other.add('peer1', CLIENT, wireEnd('peer1'));
  assert.ok(request !== undefined);
  const [sent, floods] = [two.sentOctets, 3000];
  for (let index = 0; index < floods; index++) {
    const path = pathTo(two, `198.51.${index >> 8}.${index & 255}`, 'ip');
    world.input(two, { on: 'datagram', path, octets: request });
  }
  assert.ok(two.router.view(0).tunnels.length <= 1001);
  world.run(world.now + 120_000);
  assert.ok(two.sentOctets - sent <= 3 * floods * request.length + 100_000);
  assert.ok(areJoined(one, two), said(one, two));
  assert.equal(two.router.view(0).tunnels.length, 1);
});

test('data with a wrong cookie or from elsewhere is dropped and counted, and no word goes back', () => {
  const world = new World(1);
  const { one, two } = addEnds(world);
  assert.ok(world.run(5000, () => areJoined(one, two)));
  const session = two.effects.findLast((effect) => effect.do === 'update-session');
  assert.ok(session?.do === 'update-session' && session.session.v3 !== undefined);
  const { localSession } = session.session;
  const octets = new Uint8Array(20);
  new DataView(octets.buffer).setUint32(0, localSession);
  const sent = two.sentDatagrams;
  world.input(two, { on: 'datagram', path: pathTo(two, CLIENT, 'ip'), octets });
  world.input(two, { on: 'datagram', path: pathTo(two, STRANGER, 'ip'), octets });
  const drops = new Map(two.router.view(0).drops.map(({ reason, count }) => [reason, count]));
  assert.equal(drops.get('cookie-mismatch'), 1);
  assert.equal(drops.get('wrong-source'), 1);
  assert.equal(two.sentDatagrams, sent);
});

test('a tunnel of L2TPv2 and a pseudowire of L2TPv3 go over UDP between the same addresses, side by side', () => {
  const world = new World(1);
  const client = guideClient();
  const server = guideServer();
  for (const [configuration, name, peer] of [
    [client, 'peer1', SERVER],
    [server, 'peer2', CLIENT],
  ] as const) {
    const wire = wireEnd(name, { transport: 'udp', vcid: 77 });
    configuration.l2tpClasses.set('v3class', { ...wire.l2tpClasses.get('l2tpclass1')!, name: 'v3class' });
    const pwClass = wire.pseudowireClasses.get('pwclass1')!;
    const localInterface = name === 'peer1' ? 'Ethernet0/0' : 'Ethernet0/1';
    configuration.pseudowireClasses.set('v3', { ...pwClass, name: 'v3', l2tpClass: 'v3class', localInterface });
    const virtualPpp = wire.interfaces.get('Virtual-PPP1')!;
    virtualPpp.name = 'Virtual-PPP9';
    virtualPpp.pseudowire = { peer, vcid: 77, pseudowireClass: 'v3' };
    configuration.interfaces.set('Virtual-PPP9', virtualPpp);
  }
  const lns = world.add('server', SERVER, server);
  const lac = world.add('client', CLIENT, client);
  const up = (node: Node) => {
    const { sessions, interfaces, tunnels } = node.router.view(0);
    const open = interfaces.filter(({ name, lineProtocol }) => name.startsWith('Virtual-') && lineProtocol === 'up');
    return sessions.length === 2 && tunnels.length === 2 && open.length === 2;
  };
  assert.ok(
    world.run(5000, () => up(lns) && up(lac)),
    said(lns, lac),
  );
  const [first, second] = lac.router.view(0).sessions;
  assert.equal([first, second].filter((row) => row?.pseudowire !== undefined).length, 1);
});
