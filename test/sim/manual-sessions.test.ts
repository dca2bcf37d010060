// Sessions of L2TPv3 whose ids and cookies are typed at both ends (R-151, C050-C053): PPP comes up over them without one control
// message, and what does not fit is dropped in silence.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Configuration } from '../../src/vpdn/configuration.ts';
import type { Cookie, Sequencing } from '../../src/vpdn/configuration-vpdn.ts';
import { CLIENT, SERVER } from './guide.ts';
import { isOpen, said, type Transport, wireEnd } from './pseudowires.ts';
import { type Node, World } from './world.ts';

interface Typed {
  readonly transport?: Transport;
  readonly remoteCookie?: Cookie;
  readonly sequencing?: Sequencing;
  readonly hello?: string;
}

const LOW: Cookie = { size: 8, low: 100, high: 0 };
const HIGH: Cookie = { size: 8, low: 200, high: 0 };

function manualEnd(
  name: 'peer1' | 'peer2',
  { transport = 'ip', remoteCookie, sequencing, hello }: Typed = {},
): Configuration {
  const isFirst = name === 'peer1';
  const configuration = wireEnd(name, { transport });
  const pwClass = configuration.pseudowireClasses.get('pwclass1')!;
  pwClass.protocol = 'none';
  pwClass.l2tpClass = undefined;
  pwClass.sequencing = sequencing;
  configuration.interfaces.get('Virtual-PPP1')!.pseudowire = {
    peer: isFirst ? SERVER : CLIENT,
    vcid: 123,
    encapsulation: 'l2tpv3',
    pseudowireClass: 'pwclass1',
    manual: {
      ids: isFirst ? { local: 111, remote: 222 } : { local: 222, remote: 111 },
      localCookie: isFirst ? LOW : HIGH,
      remoteCookie: remoteCookie ?? (isFirst ? HIGH : LOW),
      hello,
    },
  };
  return configuration;
}

function both(first: Typed, second: Typed = first) {
  const world = new World(1);
  const one = world.add('peer1', CLIENT, manualEnd('peer1', first));
  const two = world.add('peer2', SERVER, manualEnd('peer2', second));
  return { world, one, two };
}

const dropped = (node: Node) => new Map(node.router.view(0).drops.map(({ reason, count }) => [reason, count]));

for (const options of [{ transport: 'ip' }, { transport: 'udp' }, { sequencing: 'both' }] as const) {
  test(`PPP comes up without any signaling: ${JSON.stringify(options)}`, () => {
    const { world, one, two } = both(options);
    assert.ok(
      world.run(5000, () => isOpen(one) && isOpen(two)),
      said(one, two),
    );
    const { tunnels, sessions } = one.router.view(0);
    assert.equal(tunnels.length, 0);
    const [session] = sessions;
    assert.deepEqual([session?.localId, session?.remoteId, session?.tunnelId], [111, 222, 0]);
    assert.equal(session?.pseudowire?.manual, true);
    assert.deepEqual([...(session?.pseudowire?.localCookie ?? [])], [0, 0, 0, 0, 0, 0, 0, 100]);
  });
}

test('a wrong cookie is silence, counted at the end that demands another', () => {
  const { world, one, two } = both({ remoteCookie: { size: 8, low: 1, high: 1 } }, {});
  world.run(30_000);
  assert.ok(!isOpen(one) && !isOpen(two));
  assert.ok((dropped(two).get('cookie-mismatch') ?? 0) > 0);
});

test('an end that comes much later finds the other still asking', () => {
  const world = new World(2);
  const one = world.add('peer1', CLIENT, manualEnd('peer1'));
  world.run(300_000);
  const two = world.add('peer2', SERVER, manualEnd('peer2'));
  assert.ok(
    world.run(world.now + 60_000, () => isOpen(one) && isOpen(two)),
    said(one, two),
  );
});

test('asking a silent peer goes on at the same pace; what fails at once is tried less and less often', () => {
  const attempts = (world: World, node: Node, minutes: number): number => {
    let opened = 0;
    for (let second = 0; second < minutes * 60; second++) {
      node.effects.length = 0;
      world.run(world.now + 1000);
      opened += node.effects.filter((effect) => effect.do === 'open-session').length;
    }
    return opened;
  };
  const lonely = new World(2);
  const asking = attempts(lonely, lonely.add('peer1', CLIENT, manualEnd('peer1')), 10);
  // LCP asks ten times, two seconds apart; then a second passes.
  assert.ok(asking >= 26 && asking <= 30, `${asking} in ten minutes`);

  // The peer of the second interface is told the same session id: it is in use.
  const configuration = manualEnd('peer1');
  const other = structuredClone(configuration.interfaces.get('Virtual-PPP1')!);
  other.name = 'Virtual-PPP2';
  other.pseudowire!.vcid = 124;
  configuration.interfaces.set(other.name, other);
  const world = new World(2);
  const one = world.add('peer1', CLIENT, configuration);
  world.run(600_000);
  const complaints = one.logs.filter((line) => line.includes('session id 111 is in use')).length;
  // 1, 2, 4, 8, 16 s, then every 30 to 38.
  assert.ok(complaints >= 15 && complaints <= 26, `${complaints} in ten minutes`);

  const refusing = both({});
  for (const node of [refusing.one, refusing.two]) {
    for (const user of node.configuration.users.values()) user.password = { type: 0, text: node.name };
    refusing.world.input(node, { on: 'configure', configuration: structuredClone(node.configuration) });
  }
  const refused = attempts(refusing.world, refusing.one, 10);
  assert.ok(refused <= 40, `${refused} in ten minutes`);
});

test('an end that is killed and started again is joined anew', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const { world, one, two } = both({});
    assert.ok(world.run(5000, () => isOpen(one) && isOpen(two)));
    world.kill(two);
    world.run(world.now + 1000 * seed);
    world.restart(two);
    assert.ok(
      world.run(world.now + 180_000, () => isOpen(one) && isOpen(two)),
      `seed ${seed}\n${said(one, two)}`,
    );
  }
});

test('typed values that change end the session, and the next has the new ones', () => {
  const { world, one, two } = both({});
  assert.ok(world.run(5000, () => isOpen(one) && isOpen(two)));
  for (const node of [one, two]) {
    const changed = structuredClone(node.configuration);
    const { manual } = changed.interfaces.get('Virtual-PPP1')!.pseudowire!;
    manual!.ids = node === one ? { local: 7, remote: 8 } : { local: 8, remote: 7 };
    assert.equal(node.router.impact(changed).dropped, 1);
    world.input(node, { on: 'configure', configuration: changed });
  }
  assert.ok(
    world.run(world.now + 60_000, () => isOpen(one) && isOpen(two)),
    said(one, two),
  );
  assert.equal(one.router.view(0).sessions[0]?.localId, 7);
});

test('without `l2tp id` there is no session, and the router says so', () => {
  const configuration = manualEnd('peer1');
  configuration.interfaces.get('Virtual-PPP1')!.pseudowire!.manual = {};
  const world = new World(1);
  const one = world.add('peer1', CLIENT, configuration);
  world.run(10_000);
  assert.equal(one.router.view(0).sessions.length, 0);
  assert.match(said(one), /does not dial: no `l2tp id` is configured/);
});

test('data for a session id that nobody has is dropped and counted', () => {
  const { world, one, two } = both({});
  assert.ok(world.run(5000, () => isOpen(one) && isOpen(two)));
  const path = { transport: 'ip', localAddress: CLIENT, localPort: 0, peerAddress: SERVER, peerPort: 0 } as const;
  world.input(one, { on: 'datagram', path, octets: Uint8Array.of(0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0, 100, 1) });
  world.input(one, {
    on: 'datagram',
    path: { ...path, peerAddress: '192.0.2.9' },
    octets: Uint8Array.of(0, 0, 0, 111),
  });
  assert.equal(dropped(one).get('unknown-session'), 1);
  assert.equal(dropped(one).get('wrong-source'), 1);
});

test('`l2tp hello`: one connection watches the peer, without sessions of its own and for as long as it takes', () => {
  const { world, one, two } = both({ hello: 'l2tpclass1' });
  const watched = () => [one, two].every((node) => isOpen(node) && node.router.view(0).tunnels.length === 1);
  assert.ok(world.run(10_000, watched), said(one, two));
  world.run(world.now + 300_000);
  assert.ok(watched(), said(one, two));
  assert.equal(one.router.view(0).tunnels[0]?.activeSessions, 0);
});

test('`l2tp hello`: a session goes with the connection that watches its peer, and comes back with it', () => {
  const { world, one, two } = both({ hello: 'l2tpclass1' });
  assert.ok(
    world.run(10_000, () => isOpen(one) && isOpen(two)),
    said(one, two),
  );
  world.input(two, { on: 'clear', what: { kind: 'all-tunnels' } });
  world.run(world.now + 500);
  assert.ok(!isOpen(one) && !isOpen(two), said(one, two));
  assert.ok(
    world.run(world.now + 60_000, () => isOpen(one) && isOpen(two)),
    said(one, two),
  );
});

test('`l2tp hello`: without the connection there is no session', () => {
  const { world, one } = both({ hello: 'l2tpclass1' }, {});
  world.run(60_000);
  assert.ok(!isOpen(one), said(one));
});
