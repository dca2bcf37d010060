// VLAN pseudowires of L2TPv3 between two whole routers (RFC 4719): a subinterface with a tag and an xconnect. The two ends may have
// different numbers, for what is signalled is that there is a tag.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage, nameOfMessage } from '../../src/l2tp/v3/message.ts';
import { CdnResultV3 } from '../../src/l2tp/v3/session.ts';
import type { Configuration } from '../../src/vpdn/configuration.ts';
import { emptyInterface } from '../../src/vpdn/configuration-interface.ts';
import type { DataSession } from '../../src/vpdn/events.ts';
import { cable, LAN, type LanOptions, lanEnd } from './cross-connects.ts';
import { CLIENT, SERVER } from './guide.ts';
import { said } from './pseudowires.ts';
import { type Node, World } from './world.ts';

const SUB = `${LAN}.10`;

interface VlanOptions extends LanOptions {
  readonly vlan?: number | undefined;
  /** The subinterface has a device of its own. */
  readonly device?: string;
}

/** What `lanEnd` says of the port, said of its subinterface. */
function vlanEnd(name: 'peer1' | 'peer2', options: VlanOptions = {}): Configuration {
  const configuration = lanEnd(name, options);
  const { xconnect, shutdown, mtu } = configuration.interfaces.get(LAN)!;
  const port = emptyInterface(LAN, 'physical');
  const sub = { ...emptyInterface(SUB, 'physical'), xconnect, shutdown, mtu };
  const vlan = 'vlan' in options ? options.vlan : 10;
  if (vlan !== undefined) sub.dot1q = { vlan, native: false };
  if (options.device !== undefined) configuration.devices.set(SUB, options.device);
  configuration.interfaces.set(LAN, port);
  configuration.interfaces.set(SUB, sub);
  return configuration;
}

function add(world: World, first: VlanOptions, second: VlanOptions): { one: Node; two: Node } {
  return {
    one: world.add('peer1', CLIENT, vlanEnd('peer1', first)),
    two: world.add('peer2', SERVER, vlanEnd('peer2', second)),
  };
}

function rowOf(node: Node): DataSession | undefined {
  const seen = node.effects.flatMap((each) =>
    each.do === 'open-session' || each.do === 'update-session' ? [each.session] : [],
  );
  const row = seen.findLast(({ interfaceName }) => interfaceName === SUB);
  const closed = node.effects.some((each) => each.do === 'close-session' && each.localSession === row?.localSession);
  return closed ? undefined : row;
}

function carry(...nodes: readonly Node[]): boolean {
  return nodes.every((node) => rowOf(node)?.networkUp === true);
}

function deviceOf(node: Node, name: string) {
  const opened = node.effects.findLast((each) => each.do === 'open-device' && each.device === name);
  return opened?.do === 'open-device' ? opened : undefined;
}

for (const transport of ['ip', 'udp'] as const) {
  test(`over ${transport}: VLAN 10 of one port is VLAN 20 of another, by a session of type 4`, () => {
    const world = new World(1);
    const { one, two } = add(world, { transport, vlan: 10 }, { transport, vlan: 20 });
    assert.ok(
      world.run(1000, () => carry(one, two)),
      said(one, two),
    );
    assert.deepEqual(
      [one, two].map((node) => rowOf(node)?.v3?.vlan),
      [
        { id: 10, onDevice: true },
        { id: 20, onDevice: true },
      ],
    );
    const [session] = one.router.view(0).sessions;
    assert.equal(session?.pseudowire?.circuitType, 'Ethernet Vlan');
    assert.equal(session?.interfaceName, SUB);
    const opened = deviceOf(one, SUB);
    assert.deepEqual(
      [opened?.kind, opened?.within],
      ['attached', { port: LAN, vlan: 10 }],
      'it takes frames of its port',
    );
    assert.equal(deviceOf(one, LAN), undefined, 'the port itself is left alone');
  });
}

test('a device of its own has frames without tags, and so has a TAP', () => {
  const world = new World(1);
  const { one, two } = add(world, { device: 'eth1.10' }, { tap: true, vlan: 20 });
  assert.ok(
    world.run(1000, () => carry(one, two)),
    said(one, two),
  );
  assert.deepEqual(rowOf(one)?.v3?.vlan, { id: 10, onDevice: false });
  assert.deepEqual(rowOf(two)?.v3?.vlan, { id: 20, onDevice: false });
  assert.deepEqual([deviceOf(one, SUB)?.kind, deviceOf(one, SUB)?.within], ['attached', undefined]);
  assert.equal(deviceOf(two, SUB)?.kind, 'tap');
});

test('a port at one end and a VLAN at the other: refused at both, and each says that the types differ', () => {
  const world = new World(1);
  const refusals: number[] = [];
  world.onWire = (_, octets) => {
    if (nameOfMessage(octets.subarray(4)) !== 'CDN') return;
    refusals.push(decodeMessage(octets.subarray(4), undefined).attributes.ResultCode?.resultCode ?? 0);
  };
  const one = world.add('peer1', CLIENT, vlanEnd('peer1'));
  const two = world.add('peer2', SERVER, lanEnd('peer2'));
  world.run(10_000);
  assert.ok(rowOf(one) === undefined);
  for (const node of [one, two])
    assert.ok(
      node.logs.some((line) => line.includes('L2T-322')),
      said(node),
    );
  assert.ok(refusals.length > 0 && refusals.every((code) => code === CdnResultV3.UnsupportedPseudowire));
});

test('without encapsulation dot1Q it does not dial, and says so; with it, it does', () => {
  const world = new World(1);
  const { one, two } = add(world, { vlan: undefined }, {});
  world.run(10_000);
  assert.ok(!carry(one));
  assert.ok(
    one.logs.some((line) => line.includes(`${SUB} does not dial: no \`encapsulation dot1Q\``)),
    said(one),
  );
  world.input(one, { on: 'configure', configuration: vlanEnd('peer1') });
  assert.ok(
    world.run(world.now + 40_000, () => carry(one, two)),
    said(one, two),
  );
});

test('another VLAN number is another session, as the plan says; the far end need not change', () => {
  const world = new World(1);
  const { one, two } = add(world, {}, {});
  assert.ok(world.run(5000, () => carry(one, two)));
  const session = rowOf(one)?.localSession;
  const changed = vlanEnd('peer1', { vlan: 30 });
  const plan = one.router.impact(changed);
  assert.equal(plan.dropped, 1);
  assert.match(JSON.stringify(plan.items), /its VLAN is 30/);
  world.input(one, { on: 'configure', configuration: changed });
  assert.ok(
    world.run(world.now + 40_000, () => carry(one, two) && rowOf(one)?.localSession !== session),
    said(one, two),
  );
  assert.equal(rowOf(one)?.v3?.vlan?.id, 30);
  assert.deepEqual(deviceOf(one, SUB)?.within, { port: LAN, vlan: 30 });
});

test('a port whose cable is pulled, or that is shut, is a circuit that is down at the far end', () => {
  const world = new World(2);
  const { one, two } = add(world, {}, {});
  assert.ok(world.run(5000, () => carry(one, two)));
  const session = rowOf(one)?.localSession;
  cable(world, one, 'down');
  assert.ok(world.run(world.now + 1000, () => rowOf(two)?.networkUp === false));
  assert.equal(two.router.view(0).sessions[0]?.pseudowire?.remoteCircuitUp, false);
  cable(world, one, 'up');
  assert.ok(world.run(world.now + 1000, () => carry(one, two)));
  const shut = vlanEnd('peer1');
  shut.interfaces.get(LAN)!.shutdown = true;
  world.input(one, { on: 'configure', configuration: shut });
  assert.ok(world.run(world.now + 1000, () => rowOf(two)?.networkUp === false));
  world.input(one, { on: 'configure', configuration: vlanEnd('peer1') });
  assert.ok(world.run(world.now + 1000, () => carry(one, two)));
  assert.equal(rowOf(one)?.localSession, session, 'it was the same session all the time');
});

test('a port whose device is gone ends the session; its return begins another', () => {
  const world = new World(2);
  const { one, two } = add(world, {}, {});
  assert.ok(world.run(5000, () => carry(one, two)));
  cable(world, one, 'gone');
  assert.ok(world.run(world.now + 1000, () => rowOf(one) === undefined && rowOf(two) === undefined));
  cable(world, one, 'up', 9);
  assert.ok(
    world.run(world.now + 40_000, () => carry(one, two)),
    said(one, two),
  );
});

test('two VLANs of one port are two sessions of one connection', () => {
  const world = new World(3);
  const both = (name: 'peer1' | 'peer2'): Configuration => {
    const configuration = vlanEnd(name);
    const other = { ...emptyInterface(`${LAN}.11`, 'physical'), dot1q: { vlan: 11, native: false } };
    const { xconnect } = configuration.interfaces.get(SUB)!;
    other.xconnect = { ...xconnect!, vcid: 11 };
    configuration.interfaces.set(other.name, other);
    return configuration;
  };
  const one = world.add('peer1', CLIENT, both('peer1'));
  const two = world.add('peer2', SERVER, both('peer2'));
  const stand = (node: Node) => {
    const { sessions, tunnels } = node.router.view(0);
    const up = sessions.filter(({ pseudowire }) => pseudowire?.circuitUp === true);
    return up.length === 2 && tunnels.filter(({ state }) => state === 'established').length === 1;
  };
  assert.ok(
    world.run(5000, () => stand(one) && stand(two)),
    said(one, two),
  );
});

test('with DF a frame must fit with its tag: 4 octets less than what the way takes', () => {
  const world = new World(1);
  const { one, two } = add(world, { dontFragment: true }, {});
  assert.ok(world.run(5000, () => carry(one, two)));
  // Outer 1500: IP 20, Session ID 4, Ethernet header 14, tag 4; the cookie as this end was given it.
  const cookie = rowOf(one)?.v3?.peerCookie.length ?? 0;
  assert.equal(rowOf(one)?.mtu, 1500 - 20 - 4 - cookie - 14 - 4);
  assert.match(one.logs.join('\n'), /frames of more than \d+ octets do not fit into one packet and are dropped/);
});

test('without signaling: typed ids carry a VLAN, whatever its number is at the other end', () => {
  const world = new World(1);
  const ids = (local: number, remote: number) => ({ manual: { ids: { local, remote } } });
  const { one, two } = add(world, { ...ids(1, 2), vlan: 10 }, { ...ids(2, 1), vlan: 20 });
  assert.ok(
    world.run(1000, () => carry(one, two)),
    said(one, two),
  );
  const [session] = one.router.view(0).sessions;
  assert.deepEqual([session?.pseudowire?.manual, session?.pseudowire?.circuitType], [true, 'Ethernet Vlan']);
});
