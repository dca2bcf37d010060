// Ethernet pseudowires of L2TPv3 between two whole routers: whoever dials, one session comes of it, and both ends know of both
// circuits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage, nameOfMessage } from '../../src/l2tp/v3/message.ts';
import { CdnResultV3 } from '../../src/l2tp/v3/session.ts';
import { addLans, areBridged, cable, carries, LAN, lanEnd, rowOf } from './cross-connects.ts';
import { CLIENT, SERVER } from './guide.ts';
import { said, type Transport, wireEnd } from './pseudowires.ts';
import { type Node, seeded, World } from './world.ts';

const TRANSPORTS: readonly Transport[] = ['ip', 'udp'];

for (const transport of TRANSPORTS) {
  test(`over ${transport}: two LANs are one within a second when both ends dial at once`, () => {
    const world = new World(1);
    const { one, two } = addLans(world, { transport });
    assert.ok(
      world.run(1000, () => areBridged(one, two)),
      said(one, two),
    );
    const [session] = one.router.view(0).sessions;
    assert.equal(session?.interfaceName, LAN);
    assert.equal(session?.vcid, 10);
    assert.equal(session?.pseudowire?.circuitType, 'Ethernet');
    assert.equal(session?.pseudowire?.circuitUp, true);
    assert.equal(rowOf(one)?.v3?.payload, 'ethernet');
    assert.equal(rowOf(one)?.device, LAN);
    assert.ok(
      one.effects.some((each) => each.do === 'open-device' && each.device === LAN && each.kind === 'attached'),
      'the device of Linux is attached to',
    );
  });

  test(`over ${transport}: 200 timings of the two ends all come to one connection and one session`, () => {
    for (let seed = 1; seed <= 200; seed++) {
      const world = new World(seed, { loss: 0, duplication: 0, reordering: 0, delay: 5, jitter: 5 });
      const random = seeded(seed);
      const one = world.add('peer1', CLIENT, lanEnd('peer1', { transport }));
      world.run(random() * 30);
      const two = world.add('peer2', SERVER, lanEnd('peer2', { transport }));
      assert.ok(
        world.run(world.now + 2500, () => areBridged(one, two)),
        `seed ${seed}\n${said(one, two)}`,
      );
      const before = rowOf(one)?.localSession;
      world.run(world.now + 60_000);
      assert.ok(areBridged(one, two), `seed ${seed}, a minute later\n${said(one, two)}`);
      assert.equal(rowOf(one)?.localSession, before, `seed ${seed}: it did not stay`);
    }
  });
}

test('either end alone dials when the other comes later', () => {
  for (const [first, second] of [
    ['peer1', 'peer2'],
    ['peer2', 'peer1'],
  ] as const) {
    const world = new World(3);
    const one = world.add(first, first === 'peer1' ? CLIENT : SERVER, lanEnd(first));
    world.run(20_000);
    const two = world.add(second, second === 'peer1' ? CLIENT : SERVER, lanEnd(second));
    assert.ok(
      world.run(world.now + 35_000, () => areBridged(one, two)),
      said(one, two),
    );
  }
});

test('loss, repetition and disorder: the LANs come together all the same', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const world = new World(seed, { loss: 0.2, duplication: 0.1, reordering: 0.2, delay: 20, jitter: 20 });
    const { one, two } = addLans(world, { transport: seed % 2 === 0 ? 'ip' : 'udp' });
    assert.ok(
      world.run(300_000, () => areBridged(one, two)),
      `seed ${seed}\n${said(one, two)}`,
    );
  }
});

test('an end that is killed and started again is joined anew, with one connection', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const world = new World(seed);
    const { one, two } = addLans(world);
    assert.ok(world.run(5000, () => areBridged(one, two)));
    const victim = seed % 2 === 0 ? one : two;
    world.kill(victim);
    world.run(world.now + 100 * seed);
    world.restart(victim);
    assert.ok(
      world.run(world.now + 120_000, () => areBridged(one, two)),
      `seed ${seed}\n${said(one, two)}`,
    );
  }
});

test('a VCID that the other end does not know is refused by its code at both ends', () => {
  const world = new World(1);
  const { one, two } = addLans(world, { vcid: 10 }, { vcid: 11 });
  world.run(10_000);
  assert.ok(!carries(one) && !carries(two));
  for (const node of [one, two]) assert.ok(hasFailure(node, 'L2T-321'), said(node));
});

test('PPP at one end and Ethernet at the other: refused at both, and each says that the types differ', () => {
  const world = new World(1);
  const one = world.add('peer1', CLIENT, lanEnd('peer1'));
  const two = world.add('peer2', SERVER, wireEnd('peer2'));
  world.run(10_000);
  assert.ok(!carries(one));
  for (const node of [one, two]) assert.ok(hasFailure(node, 'L2T-322'), said(node));
});

test('another MTU at the other end: refused by its code, at both ends, until it is the same', () => {
  const world = new World(1);
  const refusals: number[] = [];
  world.onWire = (_, octets) => {
    if (nameOfMessage(octets.subarray(4)) !== 'CDN') return;
    refusals.push(decodeMessage(octets.subarray(4), undefined).attributes.ResultCode?.resultCode ?? 0);
  };
  const { one, two } = addLans(world, { mtu: 1500 }, { mtu: 9000 });
  world.run(10_000);
  assert.ok(!carries(one) && !carries(two));
  for (const node of [one, two]) assert.ok(hasFailure(node, 'L2T-324'), said(node));
  assert.ok(refusals.length > 0 && refusals.every((code) => code === CdnResultV3.MismatchingMtu));
  world.input(two, { on: 'configure', configuration: lanEnd('peer2', { mtu: 1500 }) });
  assert.ok(
    world.run(world.now + 40_000, () => areBridged(one, two)),
    said(one, two),
  );
});

test('a cable that is pulled is told by SLI: the session stays, nothing passes at either end, and it comes back', () => {
  for (const side of ['one', 'two'] as const) {
    const world = new World(2);
    const nodes = addLans(world);
    const { one, two } = nodes;
    assert.ok(world.run(5000, () => areBridged(one, two)));
    const session = rowOf(one)?.localSession;
    const other = side === 'one' ? two : one;
    cable(world, nodes[side], 'down');
    assert.ok(world.run(world.now + 1000, () => !carries(one) && !carries(two)));
    assert.equal(other.router.messages.get('SLI')?.received, 1);
    const [row] = other.router.view(0).sessions;
    assert.equal(row?.state, 'established');
    assert.deepEqual([row?.pseudowire?.circuitUp, row?.pseudowire?.remoteCircuitUp], [false, false]);
    assert.match(other.logs.at(-1) ?? '', /XCONNECT-5-PW_STATUS: .* VC DOWN, circuit UP here and DOWN there/);
    cable(world, nodes[side], 'up');
    assert.ok(world.run(world.now + 1000, () => areBridged(one, two)));
    assert.equal(rowOf(one)?.localSession, session, 'it is the same session');
  }
});

test('a cable that was out when the session was made is told with it, and one pulled meanwhile after it', () => {
  for (let pulled = 0; pulled <= 40; pulled += 2) {
    const world = new World(7);
    const one = world.add('peer1', CLIENT, lanEnd('peer1'));
    const two = world.add('peer2', SERVER, lanEnd('peer2'));
    world.run(pulled);
    cable(world, one, 'down');
    const established = (node: Node) => node.router.view(0).sessions[0]?.state === 'established';
    assert.ok(
      world.run(world.now + 5000, () => established(one) && established(two)),
      `${pulled} ms\n${said(one, two)}`,
    );
    world.run(world.now + 1000);
    assert.ok(!carries(one) && !carries(two), `${pulled} ms: the far end does not know`);
    cable(world, one, 'up');
    assert.ok(world.run(world.now + 1000, () => areBridged(one, two)));
  }
});

test('shutdown is a circuit that is down, from the start or later; no shutdown brings it back', () => {
  const world = new World(4);
  const { one, two } = addLans(world, { shutdown: true }, {});
  world.run(5000);
  assert.equal(two.router.view(0).sessions[0]?.state, 'established');
  assert.ok(!carries(two) && !carries(one));
  assert.equal(one.router.view(0).interfaces.find(({ name }) => name === LAN)?.status, 'administratively down');
  world.input(one, { on: 'configure', configuration: lanEnd('peer1') });
  assert.ok(
    world.run(world.now + 1000, () => areBridged(one, two)),
    said(one, two),
  );
  world.input(one, { on: 'configure', configuration: lanEnd('peer1', { shutdown: true }) });
  assert.ok(world.run(world.now + 1000, () => !carries(two) && !carries(one)));
});

test('a device that is deleted ends the session, and one made in its place begins another', () => {
  const world = new World(4);
  const { one, two } = addLans(world);
  assert.ok(world.run(5000, () => areBridged(one, two)));
  cable(world, one, 'gone');
  assert.ok(world.run(world.now + 1000, () => rowOf(one) === undefined && rowOf(two) === undefined));
  const closed = one.effects.findIndex((each) => each.do === 'close-device' && each.device === LAN);
  assert.ok(closed >= 0);
  cable(world, one, 'up', 9);
  assert.ok(
    world.run(world.now + 40_000, () => areBridged(one, two)),
    said(one, two),
  );
  // Deleted and made again between two looks: only its number tells.
  const session = rowOf(one)?.localSession;
  cable(world, one, 'up', 10);
  assert.ok(
    world.run(world.now + 40_000, () => areBridged(one, two) && rowOf(one)?.localSession !== session),
    said(one, two),
  );
});

test('an interface without a device of Linux is a TAP, and up', () => {
  const world = new World(5);
  const { one, two } = addLans(world, { tap: true }, {});
  assert.ok(
    world.run(5000, () => areBridged(one, two)),
    said(one, two),
  );
  const opened = one.effects.find((each) => each.do === 'open-device' && each.device === LAN);
  assert.equal(opened?.do === 'open-device' && opened.kind, 'tap');
  const row = one.router.view(0).interfaces.find(({ name }) => name === LAN);
  assert.deepEqual([row?.status, row?.lineProtocol], ['up', 'up']);
});

test('a device that cannot be used keeps the session down and says so', () => {
  const world = new World(5);
  const { one } = addLans(world);
  world.input(one, { on: 'device-failed', device: LAN, reason: 'no such device' });
  world.run(20_000);
  assert.equal(rowOf(one), undefined);
  assert.ok(one.logs.some((line) => line.includes('its device cannot be used: no such device')));
});

test('clear interface ends the session, and another follows', () => {
  const world = new World(6);
  const { one, two } = addLans(world);
  assert.ok(world.run(5000, () => areBridged(one, two)));
  const session = rowOf(one)?.localSession;
  assert.equal(one.router.countCleared({ kind: 'interface', name: LAN }), 1);
  world.input(one, { on: 'clear', what: { kind: 'interface', name: LAN } });
  assert.ok(
    world.run(world.now + 10_000, () => areBridged(one, two) && rowOf(one)?.localSession !== session),
    said(one, two),
  );
});

test('another VCID ends the session, as the impact plan says; the same change at the other end joins them again', () => {
  const world = new World(6);
  const { one, two } = addLans(world);
  assert.ok(world.run(5000, () => areBridged(one, two)));
  const changed = lanEnd('peer1', { vcid: 20 });
  const plan = one.router.impact(changed);
  assert.equal(plan.dropped, 1);
  assert.match(JSON.stringify(plan.items), /its VCID is 20/);
  world.input(one, { on: 'configure', configuration: changed });
  assert.ok(world.run(world.now + 1000, () => rowOf(two) === undefined));
  world.run(world.now + 20_000);
  assert.ok(!carries(one));
  world.input(two, { on: 'configure', configuration: lanEnd('peer2', { vcid: 20 }) });
  assert.ok(
    world.run(world.now + 40_000, () => areBridged(one, two)),
    said(one, two),
  );
});

test('taken away and put back: the device is let go, and the other end is told', () => {
  const world = new World(6);
  const { one, two } = addLans(world);
  assert.ok(world.run(5000, () => areBridged(one, two)));
  const without = lanEnd('peer1');
  without.interfaces.get(LAN)!.xconnect = undefined;
  world.input(one, { on: 'configure', configuration: without });
  assert.ok(world.run(world.now + 1000, () => rowOf(one) === undefined && rowOf(two) === undefined));
  assert.ok(one.effects.some((each) => each.do === 'close-device' && each.device === LAN));
  world.input(one, { on: 'configure', configuration: lanEnd('peer1') });
  assert.ok(
    world.run(world.now + 40_000, () => areBridged(one, two)),
    said(one, two),
  );
});

test('typed ids and cookies at both ends: the session stands at once, and nothing is sent for it', () => {
  const world = new World(8);
  const cookie = (low: number) => ({ size: 8 as const, low, high: 0 });
  const { one, two } = addLans(
    world,
    { manual: { ids: { local: 111, remote: 222 }, localCookie: cookie(0x64), remoteCookie: cookie(0xc8) } },
    { manual: { ids: { local: 222, remote: 111 }, localCookie: cookie(0xc8), remoteCookie: cookie(0x64) } },
  );
  world.run(1000);
  for (const node of [one, two]) {
    assert.ok(carries(node), said(node));
    assert.equal(node.sentDatagrams, 0);
    assert.equal(node.router.view(0).sessions[0]?.pseudowire?.circuitType, 'Ethernet');
  }
  assert.deepEqual(rowOf(one)?.v3?.peerCookie, rowOf(two)?.v3?.localCookie);
  cable(world, one, 'down');
  assert.ok(!carries(one), 'nothing is taken from a device that is down');
  cable(world, one, 'up');
  assert.ok(carries(one));
});

test('frames too long for one packet: in fragments, or with DF not at all; either way the log says from where on', () => {
  // 1500 - 20 (IPv4) - 4 (session) - 4 (cookie) - 14 - 4 (tag)
  for (const [dontFragment, mtu, fate] of [
    [undefined, 1500, 'sent in fragments'],
    [true, 1454, 'dropped, for DF is set'],
  ] as const) {
    const world = new World(9);
    const { one, two } = addLans(world, { ...(dontFragment && { dontFragment }) });
    assert.ok(world.run(5000, () => areBridged(one, two)));
    assert.equal(rowOf(one)?.mtu, mtu);
    assert.ok(
      one.logs.some((line) => line.includes(`frames of more than 1454 octets`) && line.includes(fate)),
      said(one),
    );
  }
  const world = new World(9);
  const { one, two } = addLans(world, { mtu: 1400 });
  assert.ok(world.run(5000, () => areBridged(one, two)));
  assert.equal(rowOf(one)?.mtu, 1400);
  assert.ok(!one.logs.some((line) => line.includes('frames of more than')));
});

test('a shutdown of the router tells the peer, whose session ends', () => {
  const world = new World(10);
  const { one, two } = addLans(world);
  assert.ok(world.run(5000, () => areBridged(one, two)));
  world.input(one, { on: 'shutdown' });
  assert.ok(world.run(world.now + 2000, () => rowOf(two) === undefined && rowOf(one) === undefined));
});

function hasFailure({ router }: Node, code: string): boolean {
  return router.view(0).failures.some((each) => each.code === code && each.remedy !== '');
}
