// PPP pseudowires of L2TPv3 between two whole routers: whoever dials, exactly one connection and one session come of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT, SERVER } from './guide.ts';
import { addEnds, areJoined, isOpen, said, type Transport, wireEnd } from './pseudowires.ts';
import { type Node, seeded, World } from './world.ts';

const TRANSPORTS: readonly Transport[] = ['ip', 'udp'];

for (const transport of TRANSPORTS) {
  test(`over ${transport}: the example of the guide comes up within a second when both ends dial at once`, () => {
    const world = new World(1);
    const { one, two } = addEnds(world, { transport });
    assert.ok(
      world.run(1000, () => areJoined(one, two)),
      said(one, two),
    );
    const [session] = one.router.view(0).sessions;
    assert.equal(session?.username, 'peer2');
    assert.equal(session?.vcid, 10);
    assert.equal(session?.pseudowire?.localCookie.length, 4);
  });

  test(`over ${transport}: 200 timings of the two ends all come to one connection and one session, none of them slowly`, () => {
    for (let seed = 1; seed <= 200; seed++) {
      const world = new World(seed, { loss: 0, duplication: 0, reordering: 0, delay: 5, jitter: 5 });
      const random = seeded(seed);
      const one = world.add('peer1', CLIENT, wireEnd('peer1', { transport }));
      world.run(random() * 30);
      const two = world.add('peer2', SERVER, wireEnd('peer2', { transport }));
      assert.ok(
        world.run(world.now + 500, () => areJoined(one, two)),
        `seed ${seed}\n${said(one, two)}`,
      );
      const [before] = one.router.view(0).sessions;
      world.run(world.now + 60_000);
      assert.ok(areJoined(one, two), `seed ${seed}, a minute later\n${said(one, two)}`);
      assert.equal(one.router.view(0).sessions[0]?.localId, before?.localId, `seed ${seed}: it did not stay`);
    }
  });
}

test('an SCCRQ that went before the peer listened goes again as soon as the peer is heard', () => {
  let repeats = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const world = new World(seed);
    const one = world.add('peer1', CLIENT, wireEnd('peer1'));
    // Its second SCCRQ went after one second, the third is due after three.
    world.run(1100);
    const two = world.add('peer2', SERVER, wireEnd('peer2'));
    assert.ok(
      world.run(world.now + 500, () => areJoined(one, two)),
      `seed ${seed}\n${said(one, two)}`,
    );
    const sccrqs = one.router.messages.get('SCCRQ')?.sent ?? 0;
    assert.ok(sccrqs <= 3, `${sccrqs} SCCRQs`);
    if (sccrqs === 3) repeats++;
  }
  assert.ok(repeats > 5, 'ours won the tie now and then, and was repeated for it');
});

test('control messages of L2TPv3 are counted by type, beside those of L2TPv2', () => {
  const world = new World(4);
  const { one, two } = addEnds(world);
  assert.ok(world.run(5000, () => areJoined(one, two)));
  const { controlMessages } = one.router.view(0);
  for (const node of [one, two]) assert.equal(node.router.messages.get('ICCN') === undefined, false);
  const [iccn, sccrq] = [controlMessages?.get('ICCN'), controlMessages?.get('SCCRQ')];
  assert.equal((iccn?.sent ?? 0) + (iccn?.received ?? 0), 1);
  assert.ok((sccrq?.sent ?? 0) + (sccrq?.received ?? 0) >= 1);
});

test('one end alone dials when the other comes later, and the session is the same at both', () => {
  const world = new World(3);
  const one = world.add('peer1', CLIENT, wireEnd('peer1'));
  world.run(20_000);
  const two = world.add('peer2', SERVER, wireEnd('peer2'));
  assert.ok(
    world.run(world.now + 35_000, () => areJoined(one, two)),
    said(one, two),
  );
});

test('loss, repetition and disorder: the ends come together all the same', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const world = new World(seed, { loss: 0.2, duplication: 0.1, reordering: 0.2, delay: 20, jitter: 20 });
    const { one, two } = addEnds(world, { transport: seed % 2 === 0 ? 'ip' : 'udp' });
    assert.ok(
      world.run(300_000, () => areJoined(one, two)),
      `seed ${seed}\n${said(one, two)}`,
    );
  }
});

for (const [kind, restart] of [
  ['killed and started again', (world: World, node: Node) => world.kill(node)],
  ['shut down and started again', (world: World, node: Node) => world.input(node, { on: 'shutdown' })],
] as const) {
  test(`an end that is ${kind} is joined anew, with one connection`, () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = new World(seed);
      const { one, two } = addEnds(world);
      assert.ok(world.run(5000, () => areJoined(one, two)));
      const victim = seed % 2 === 0 ? one : two;
      restart(world, victim);
      world.run(world.now + 100 * seed);
      if (kind.startsWith('shut')) world.kill(victim);
      world.restart(victim);
      assert.ok(
        world.run(world.now + 120_000, () => areJoined(one, two)),
        `seed ${seed}\n${said(one, two)}`,
      );
    }
  });
}

test('an end that dies is noticed, and the other dials until it is back', () => {
  const world = new World(5);
  const { one, two } = addEnds(world);
  assert.ok(world.run(5000, () => areJoined(one, two)));
  world.kill(two);
  assert.ok(
    world.run(world.now + 120_000, () => !isOpen(one)),
    said(one),
  );
  world.run(world.now + 300_000);
  world.restart(two);
  assert.ok(
    world.run(world.now + 60_000, () => areJoined(one, two)),
    said(one, two),
  );
});

test('a VCID that the other end does not know is refused by its code, and said with a remedy at both ends', () => {
  const world = new World(1);
  const { one, two } = addEnds(world, { vcid: 10 }, { vcid: 11 });
  world.run(10_000);
  assert.ok(!isOpen(one) && !isOpen(two));
  for (const node of [one, two]) {
    const record = node.router.view(0).failures.find(({ code }) => code === 'L2T-321');
    assert.ok(record !== undefined, said(node));
    assert.match(record.remedy, /same VCID/);
  }
});

test('a wrong digest secret gets silence, and each end says what is the matter', () => {
  const world = new World(1);
  const { one, two } = addEnds(world, { secret: 'one' }, { secret: 'two' });
  world.run(60_000);
  assert.equal(one.router.view(0).sessions.length + two.router.view(0).sessions.length, 0);
  const codes = (node: Node) => new Set(node.router.view(0).failures.map(({ code }) => code));
  assert.ok(codes(one).has('L2T-302') || codes(two).has('L2T-302'), said(one, two));
});

test('a peer that no pseudowire leads to is refused', () => {
  const world = new World(1);
  const elsewhere = wireEnd('peer2');
  elsewhere.interfaces.get('Virtual-PPP1')!.pseudowire!.peer = '192.0.2.99';
  const two = world.add('peer2', SERVER, elsewhere);
  const one = world.add('peer1', CLIENT, wireEnd('peer1', { secret: false }));
  world.run(10_000);
  assert.ok(!isOpen(one));
  assert.ok(
    two.router.view(0).failures.some(({ code }) => code === 'L2T-320'),
    said(two),
  );
  assert.ok(
    one.router.view(0).failures.some(({ reason }) => /StopCCN received: result 4/.test(reason)),
    said(one),
  );
});

test('over UDP at one end and over IP at the other nothing comes up, and both say so', () => {
  const world = new World(1);
  const { one, two } = addEnds(world, { transport: 'ip' }, { transport: 'udp' });
  world.run(30_000);
  assert.ok(!isOpen(one) && !isOpen(two));
  for (const node of [one, two]) {
    assert.ok(
      node.router.view(0).failures.some(({ code }) => code === 'L2T-320'),
      said(node),
    );
  }
});

test('two pseudowires between the same addresses share one connection', () => {
  const world = new World(1);
  const configurations = (['peer1', 'peer2'] as const).map((name) => {
    const configuration = wireEnd(name);
    const first = configuration.interfaces.get('Virtual-PPP1')!;
    const second = { ...structuredClone(first), name: 'Virtual-PPP2' };
    second.pseudowire = { ...first.pseudowire!, vcid: 20 };
    configuration.interfaces.set('Virtual-PPP2', second);
    return configuration;
  });
  const one = world.add('peer1', CLIENT, configurations[0]!);
  const two = world.add('peer2', SERVER, configurations[1]!);
  const both = (node: Node) => {
    const { sessions, tunnels } = node.router.view(0);
    return tunnels.length === 1 && sessions.length === 2 && sessions.every(({ state }) => state === 'established');
  };
  assert.ok(
    world.run(5000, () => both(one) && both(two)),
    said(one, two),
  );
  const vcids = one.router.view(0).sessions.map(({ vcid, remoteId }) => [vcid, remoteId]);
  for (const [vcid, remoteId] of vcids) {
    const other = two.router.view(0).sessions.find(({ localId }) => localId === remoteId);
    assert.equal(other?.vcid, vcid);
  }
});

test('two l2tp-classes between one pair of addresses: only the first is served', () => {
  const world = new World(1);
  const configuration = wireEnd('peer1');
  configuration.l2tpClasses.set('other', { ...configuration.l2tpClasses.get('l2tpclass1')!, name: 'other' });
  const { pseudowireClasses, interfaces } = configuration;
  pseudowireClasses.set('pwclass2', { ...pseudowireClasses.get('pwclass1')!, name: 'pwclass2', l2tpClass: 'other' });
  const first = interfaces.get('Virtual-PPP1')!;
  const second = { ...structuredClone(first), name: 'Virtual-PPP2' };
  second.pseudowire = { ...first.pseudowire!, vcid: 20, pseudowireClass: 'pwclass2' };
  interfaces.set('Virtual-PPP2', second);
  const one = world.add('peer1', CLIENT, configuration);
  const two = world.add('peer2', SERVER, wireEnd('peer2'));
  assert.ok(
    world.run(5000, () => isOpen(one) && isOpen(two)),
    said(one, two),
  );
  assert.ok(
    one.router.view(0).failures.some(({ code }) => code === 'L2T-319'),
    said(one),
  );
});

test('what a change ends is what the plan says, and the session comes back by the new lines', () => {
  const world = new World(1);
  const { one, two } = addEnds(world);
  assert.ok(world.run(5000, () => areJoined(one, two)));
  const changed = structuredClone(one.configuration);
  changed.interfaces.get('Virtual-PPP1')!.pseudowire!.vcid = 30;
  assert.equal(one.router.impact(changed).dropped, 1);
  const untouched = structuredClone(one.configuration);
  untouched.l2tpClasses.get('l2tpclass1')!.hello = 20;
  assert.equal(one.router.impact(untouched).dropped, 0);

  world.input(one, { on: 'configure', configuration: changed });
  world.run(world.now + 3000);
  assert.ok(!isOpen(one) && !isOpen(two));
  const other = structuredClone(two.configuration);
  other.interfaces.get('Virtual-PPP1')!.pseudowire!.vcid = 30;
  world.input(two, { on: 'configure', configuration: other });
  assert.ok(
    world.run(world.now + 60_000, () => areJoined(one, two)),
    said(one, two),
  );
});

test('an interface that is shut takes the session away, and opens it again', () => {
  const world = new World(1);
  const { one, two } = addEnds(world);
  assert.ok(world.run(5000, () => areJoined(one, two)));
  const shut = structuredClone(one.configuration);
  shut.interfaces.get('Virtual-PPP1')!.shutdown = true;
  world.input(one, { on: 'configure', configuration: shut });
  world.run(world.now + 1000);
  assert.ok(!isOpen(two), said(two));
  world.input(one, { on: 'configure', configuration: one.configuration });
  assert.ok(
    world.run(world.now + 60_000, () => areJoined(one, two)),
    said(one, two),
  );
});

test('Linux is told of the neighbor, and the packet path of cookies, sequencing and an MTU that fits', () => {
  for (const [transport, headers] of [
    ['ip', 20 + 4],
    ['udp', 20 + 8 + 8],
  ] as const) {
    const world = new World(1);
    const { one, two } = addEnds(world, { transport, cookieSize: 8, sequencing: 'both' });
    assert.ok(world.run(5000, () => areJoined(one, two)));
    const routes = one.effects.flatMap((effect) =>
      effect.do === 'add-route' ? `${effect.prefix} ${effect.device}` : [],
    );
    assert.deepEqual(routes, ['10.10.10.1 Virtual-PPP1', '10.10.10.0 Virtual-PPP1']);
    const told = (node: Node) => {
      const update = node.effects.findLast((effect) => effect.do === 'update-session');
      assert.ok(update?.do === 'update-session' && update.session.v3 !== undefined);
      return update.session;
    };
    const [first, second] = [told(one), told(two)];
    assert.deepEqual(first.v3?.peerCookie, second.v3?.localCookie);
    assert.deepEqual(first.v3?.localCookie, second.v3?.peerCookie);
    assert.equal(first.v3?.localCookie.length, 8);
    assert.equal(first.localTunnel, 0);
    assert.equal(first.peerSession, second.localSession);
    assert.ok(first.v3?.sendSequencing && first.v3.receiveSequencing && first.v3.sendSublayer);
    // Cookie 8, sublayer 4, PPP 4.
    assert.equal(first.mtu, 1500 - headers - 8 - 4 - 4);
  }
});

test('the one that asked for the session is the caller, unless the interface says otherwise', () => {
  // `ppp authentication chap callin`: only who is called asks for a proof, so one end of the two does.
  const configured = (name: 'peer1' | 'peer2') => {
    const configuration = wireEnd(name);
    configuration.interfaces.get('Virtual-PPP1')!.ppp.authentication!.callin = true;
    return configuration;
  };
  const world = new World(1);
  const one = world.add('peer1', CLIENT, configured('peer1'));
  const two = world.add('peer2', SERVER, configured('peer2'));
  assert.ok(
    world.run(5000, () => areJoined(one, two)),
    said(one, two),
  );
  const asks = (node: Node) => node.router.view(0).interfaces.find(({ link }) => link !== undefined)?.link;
  const [first, second] = [asks(one)?.peerAuthentication, asks(two)?.peerAuthentication];
  assert.equal([first, second].filter((each) => each !== undefined).length, 1, `${first} ${second}`);
});
