// Pseudowires whose outer packets are IPv6: they come up as over IPv4, fit into fewer octets, and begin where the lines say.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT } from './guide.ts';
import { addEnds, areJoined, IPV6_CLIENT, IPV6_SERVER, said, wireEnd } from './pseudowires.ts';
import { World } from './world.ts';

for (const [transport, headers] of [
  ['ip', 40 + 4],
  ['udp', 40 + 8 + 8],
] as const) {
  test(`over ${transport} and IPv6: the session comes up, and its MTU leaves room for the longer header`, () => {
    const world = new World(1);
    const { one, two } = addEnds(world, { transport, ipv6: true, cookieSize: 8, sequencing: 'both' });
    assert.ok(
      world.run(1000, () => areJoined(one, two)),
      said(one, two),
    );
    for (const [node, local, peer] of [
      [one, IPV6_CLIENT, IPV6_SERVER],
      [two, IPV6_SERVER, IPV6_CLIENT],
    ] as const) {
      const update = node.effects.findLast((effect) => effect.do === 'update-session');
      assert.ok(update?.do === 'update-session');
      assert.equal(update.session.mtu, 1500 - headers - 8 - 4 - 4);
      assert.deepEqual([update.session.path.localAddress, update.session.path.peerAddress], [local, peer]);
      assert.equal(node.router.view(0).tunnels[0]?.remoteAddress, peer);
    }
  });
}

test('an address of IPv6 that the lines give a loopback is put there, and tunnels start at it', () => {
  const world = new World(1);
  const configuration = wireEnd('peer1', { ipv6: true });
  configuration.interfaces.get('Loopback1')!.ipv6Addresses.push({ address: IPV6_CLIENT, prefixLength: 64 });
  configuration.pseudowireClasses.get('pwclass1')!.localInterface = 'Loopback1';
  const one = world.add('peer1', IPV6_CLIENT, configuration);
  const two = world.add('peer2', IPV6_SERVER, wireEnd('peer2', { ipv6: true }));
  assert.ok(
    world.run(1000, () => areJoined(one, two)),
    said(one, two),
  );
  const added = one.effects.filter((effect) => effect.do === 'add-address' && effect.address === IPV6_CLIENT);
  assert.deepEqual(added, [{ do: 'add-address', device: 'Loopback1', address: IPV6_CLIENT, prefixLength: 64 }]);

  const without = structuredClone(configuration);
  without.interfaces.get('Loopback1')!.ipv6Addresses = [];
  assert.equal(one.router.impact(without).dropped, 1);
  world.input(one, { on: 'configure', configuration: without });
  world.run(world.now + 3000);
  assert.equal(one.router.view(0).sessions.length, 0, said(one));
  assert.ok(one.effects.some((effect) => effect.do === 'remove-address' && effect.address === IPV6_CLIENT));
});

test('ends of two families are not joined, and the lines are told why', () => {
  const world = new World(1);
  const one = world.add('peer1', CLIENT, wireEnd('peer1', { ipv6: true }));
  world.run(10_000);
  assert.ok(
    one.logs.some((line) => line.includes(`no local address towards ${IPV6_SERVER}: Ethernet0/0 has no IPv6 address`)),
    said(one),
  );
  const older = wireEnd('peer1', { ipv6: true });
  const pwClass = older.pseudowireClasses.get('pwclass1')!;
  [pwClass.encapsulation, pwClass.protocol] = ['l2tpv2', 'l2tpv2'];
  const two = world.add('peer1', IPV6_CLIENT, older);
  world.run(world.now + 10_000);
  assert.ok(
    two.logs.some((line) => line.includes(`L2TPv2 goes over IPv4 here, and its peer is ${IPV6_SERVER}`)),
    said(two),
  );
});
