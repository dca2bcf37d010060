// A new configuration under live sessions: what the impact plan names is lost, and nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Configuration } from '../../src/vpdn/configuration.ts';
import { emptyInterface } from '../../src/vpdn/configuration-interface.ts';
import { emptyL2tpClass, emptyVpdnGroup } from '../../src/vpdn/configuration-vpdn.ts';
import { CLIENT, clear, guideServer, negotiatingClient, SERVER } from './guide.ts';
import { type Node, World } from './world.ts';

const SECOND = '172.16.32.25';

/** A server with a group for each of two callers, each with a template, a loopback and a pool of its own. */
function server(): Configuration {
  const configuration = guideServer();
  const one = configuration.interfaces.get('Virtual-Template1')!;
  one.peerDefaultAddress = { kind: 'pool', pools: ['one'] };
  configuration.interfaces.set('Loopback2', {
    ...emptyInterface('Loopback2', 'Loopback'),
    address: { kind: 'static', address: '10.10.10.2', prefixLength: 32 },
  });
  const two = structuredClone(one);
  two.name = 'Virtual-Template2';
  two.address = { kind: 'unnumbered', from: 'Loopback2' };
  two.peerDefaultAddress = { kind: 'pool', pools: ['two'] };
  configuration.interfaces.set(two.name, two);
  configuration.vpdnGroups.set('second', {
    ...structuredClone(configuration.vpdnGroups.get('l2tpgroup1')!),
    name: 'second',
    acceptDialin: { protocol: 'l2tp', virtualTemplate: 2 },
    terminateFrom: 'second',
  });
  configuration.pools.set('one', [{ low: '10.64.1.1', high: '10.64.1.20' }]);
  configuration.pools.set('two', [{ low: '10.64.2.1', high: '10.64.2.20' }]);
  return configuration;
}

function client(name: string): Configuration {
  const configuration = negotiatingClient(name, 3);
  const fixed = configuration.interfaces.get('Virtual-PPP3')!;
  fixed.address = { kind: 'unnumbered', from: 'Loopback1' };
  return configuration;
}

type Change = (configuration: Configuration) => void;

/** Each is what one or two typed lines would do. */
const SERVER_CHANGES: Readonly<Record<string, Change>> = {
  'no vpdn-group': ({ vpdnGroups }) => vpdnGroups.delete('second'),
  'another group': ({ vpdnGroups }) => vpdnGroups.set('third', emptyVpdnGroup('third')),
  'protocol pptp': ({ vpdnGroups }) =>
    edit(vpdnGroups.get('second'), (group) => (group.acceptDialin = { protocol: 'pptp' })),
  'protocol any': ({ vpdnGroups }) =>
    edit(vpdnGroups.get('second'), (group) => (group.acceptDialin = { protocol: 'any', virtualTemplate: 2 })),
  'no accept-dialin': ({ vpdnGroups }) => edit(vpdnGroups.get('second'), (group) => (group.acceptDialin = undefined)),
  'no vpdn enable': ({ vpdn }) => {
    vpdn.enabled = false;
  },
  'vpdn softshut': ({ vpdn }) => {
    vpdn.softshut = true;
  },
  'vpdn session-limit': ({ vpdn }) => {
    vpdn.sessionLimit = 1;
  },
  'group session-limit': ({ vpdnGroups }) => edit(vpdnGroups.get('l2tpgroup1'), (group) => (group.sessionLimit = 1)),
  'terminate-from': ({ vpdnGroups }) => edit(vpdnGroups.get('second'), (group) => (group.terminateFrom = 'other')),
  'source-ip': ({ vpdnGroups }) => edit(vpdnGroups.get('second'), (group) => (group.sourceAddress = '192.0.2.77')),
  'tunnel password': ({ vpdnGroups }) =>
    edit(vpdnGroups.get('second'), ({ l2tp }) => (l2tp.password = clear('changed'))),
  'tunnel hello': ({ vpdnGroups }) => edit(vpdnGroups.get('second'), ({ l2tp }) => (l2tp.hello = 20)),
  'virtual-template': ({ vpdnGroups }) =>
    edit(vpdnGroups.get('second'), (group) => (group.acceptDialin = { protocol: 'l2tp', virtualTemplate: 1 })),
  'no interface virtual-template': ({ interfaces }) => interfaces.delete('Virtual-Template2'),
  'template lender': ({ interfaces }) =>
    edit(
      interfaces.get('Virtual-Template2'),
      (subject) => (subject.address = { kind: 'unnumbered', from: 'Loopback1' }),
    ),
  'template without address': ({ interfaces }) =>
    edit(interfaces.get('Virtual-Template2'), (subject) => (subject.address = undefined)),
  'template mtu': ({ interfaces }) => edit(interfaces.get('Virtual-Template1'), (subject) => (subject.mtu = 1400)),
  'template without authentication': ({ interfaces }) =>
    edit(interfaces.get('Virtual-Template1'), ({ ppp }) => (ppp.authentication = undefined)),
  'loopback address': ({ interfaces }) =>
    edit(interfaces.get('Loopback2'), (subject) => {
      subject.address = { kind: 'static', address: '10.10.10.99', prefixLength: 32 };
    }),
  'loopback mask': ({ interfaces }) =>
    edit(interfaces.get('Loopback2'), (subject) => {
      subject.address = { kind: 'static', address: '10.10.10.2', prefixLength: 24 };
    }),
  'loopback shutdown': ({ interfaces }) => edit(interfaces.get('Loopback1'), (subject) => (subject.shutdown = true)),
  'no interface loopback': ({ interfaces }) => interfaces.delete('Loopback2'),
  'no ip local pool': ({ pools }) => pools.delete('two'),
  'smaller pool': ({ pools }) => pools.set('one', [{ low: '10.64.1.20', high: '10.64.1.20' }]),
  'no username': ({ users }) => users.delete('peer1'),
  'other password': ({ users }) => users.set('peer1', { name: 'peer1', password: clear('changed') }),
  hostname: (configuration) => {
    configuration.hostname = 'renamed';
  },
  'no ip route': ({ routes }) => {
    routes.length = 0;
  },
  'ip route': ({ routes }) =>
    void routes.push({ prefix: '10.99.0.0', prefixLength: 16, nextHop: '10.64.1.1', permanent: false }),
};

const CLIENT_CHANGES: Readonly<Record<string, Change>> = {
  shutdown: ({ interfaces }) => edit(interfaces.get('Virtual-PPP2'), (subject) => (subject.shutdown = true)),
  'no interface virtual-ppp': ({ interfaces }) => interfaces.delete('Virtual-PPP1'),
  'no pseudowire': ({ interfaces }) =>
    edit(interfaces.get('Virtual-PPP3'), (subject) => (subject.pseudowire = undefined)),
  'another peer': ({ interfaces }) =>
    edit(interfaces.get('Virtual-PPP1'), ({ pseudowire }) => edit(pseudowire, (each) => (each.peer = '192.0.2.1'))),
  'another vcid': ({ interfaces }) =>
    edit(interfaces.get('Virtual-PPP2'), ({ pseudowire }) => edit(pseudowire, (each) => (each.vcid = 77))),
  'unknown pw-class': ({ interfaces }) =>
    edit(interfaces.get('Virtual-PPP3'), ({ pseudowire }) =>
      edit(pseudowire, (each) => (each.pseudowireClass = 'none')),
    ),
  'no pseudowire-class': ({ pseudowireClasses }) => pseudowireClasses.delete('pwclass1'),
  'encapsulation l2tpv3': ({ pseudowireClasses }) =>
    edit(pseudowireClasses.get('pwclass1'), (each) => (each.encapsulation = 'l2tpv3')),
  'no ip local interface': ({ pseudowireClasses }) =>
    edit(pseudowireClasses.get('pwclass1'), (each) => (each.localInterface = undefined)),
  'local interface without address': ({ pseudowireClasses }) =>
    edit(pseudowireClasses.get('pwclass1'), (each) => (each.localInterface = 'Loopback9')),
  'protocol with another class': ({ pseudowireClasses, l2tpClasses }) => {
    l2tpClasses.set('other', emptyL2tpClass('other'));
    edit(pseudowireClasses.get('pwclass1'), (each) => (each.l2tpClass = 'other'));
  },
  sequencing: ({ pseudowireClasses }) => edit(pseudowireClasses.get('pwclass1'), (each) => (each.sequencing = 'both')),
  'no l2tp-class': ({ l2tpClasses }) => l2tpClasses.delete('l2tpclass1'),
  'class hello': ({ l2tpClasses }) => edit(l2tpClasses.get('l2tpclass1'), (each) => (each.hello = 20)),
  'class password': ({ l2tpClasses }) =>
    edit(l2tpClasses.get('l2tpclass1'), (each) => (each.password = clear('changed'))),
  'static address': ({ interfaces }) =>
    edit(interfaces.get('Virtual-PPP1'), (subject) => {
      subject.address = { kind: 'static', address: '10.64.1.9', prefixLength: 32 };
    }),
  'no ip address': ({ interfaces }) => edit(interfaces.get('Virtual-PPP2'), (subject) => (subject.address = undefined)),
  'lender address': ({ interfaces }) =>
    edit(interfaces.get('Loopback1'), (subject) => {
      subject.address = { kind: 'static', address: '10.20.20.9', prefixLength: 32 };
    }),
  'no lender': ({ interfaces }) => interfaces.delete('Loopback1'),
  'interface mtu': ({ interfaces }) => edit(interfaces.get('Virtual-PPP1'), (subject) => (subject.mtu = 1400)),
  description: ({ interfaces }) =>
    edit(interfaces.get('Virtual-PPP1'), (subject) => (subject.description = 'to the office')),
  'no username': ({ users }) => users.delete('peer2'),
  hostname: (configuration) => {
    configuration.hostname = 'renamed';
  },
  'no ip route': ({ routes }) => {
    routes.length = 0;
  },
};

function edit<T>(subject: T | undefined, change: (subject: T) => unknown): void {
  if (subject !== undefined) change(subject);
}

interface Place {
  readonly world: World;
  readonly lns: Node;
  readonly lac: Node;
}

function upAndRunning(seed: number): Place {
  const world = new World(seed);
  const lns = world.add('server', SERVER, server());
  const lac = world.add('client', CLIENT, client('peer1'));
  const second = client('second');
  for (const subject of second.interfaces.values()) subject.ppp.chapHostname = 'peer1';
  world.add('second', SECOND, second);
  world.run(5000, () => open(lns).size === 6 && open(lac).size === 3);
  assert.equal(open(lns).size, 6, lns.logs.join('\n'));
  return { world, lns, lac };
}

/** Sessions that carry IP, by their ids: a call that is dialled again is another one. */
function open(node: Node): Map<string, string> {
  const { sessions, interfaces } = node.router.view(0);
  const up = new Set(interfaces.filter(({ lineProtocol }) => lineProtocol === 'up').map(({ name }) => name));
  return new Map(
    sessions.flatMap(({ tunnelId, localId, interfaceName }) =>
      interfaceName !== undefined && up.has(interfaceName) ? [[`${tunnelId}/${localId}`, interfaceName] as const] : [],
    ),
  );
}

/** Applies the changes and returns who was named and who was lost. */
function apply({ world }: Place, node: Node, changes: readonly Change[]) {
  const next = structuredClone(node.configuration);
  for (const change of changes) change(next);
  const before = open(node);
  const plan = node.router.impact(next);
  world.input(node, { on: 'configure', configuration: next });
  // Farewells that nobody can answer any more take their time (RFC 1661 §4.6).
  world.run(world.now + 20_000);
  const after = open(node);
  const named = plan.items.flatMap(({ sessions }) => sessions.map(({ tunnel, session }) => `${tunnel}/${session}`));
  const lost = [...before.keys()].filter((id) => !after.has(id));
  return { plan, named: named.filter((id) => before.has(id)).sort(), lost: lost.sort() };
}

function someOf(changes: Readonly<Record<string, Change>>) {
  return fc.uniqueArray(fc.constantFrom(...Object.keys(changes)), { minLength: 1, maxLength: 4 });
}

test('a server loses exactly the sessions that the impact plan names, whatever changes', () => {
  fc.assert(
    fc.property(someOf(SERVER_CHANGES), (names) => {
      const place = upAndRunning(1);
      const { named, lost } = apply(
        place,
        place.lns,
        names.map((name) => SERVER_CHANGES[name]!),
      );
      assert.deepEqual(lost, named);
    }),
    { numRuns: 150 },
  );
});

test('a client loses exactly the sessions that the impact plan names, whatever changes', () => {
  fc.assert(
    fc.property(someOf(CLIENT_CHANGES), (names) => {
      const place = upAndRunning(2);
      const { named, lost } = apply(
        place,
        place.lac,
        names.map((name) => CLIENT_CHANGES[name]!),
      );
      assert.deepEqual(lost, named);
    }),
    { numRuns: 150 },
  );
});

/** How many of the six sessions of the server, or of the three of the client, each change costs. */
const COSTS: readonly (readonly ['lns' | 'lac', string, number])[] = [
  ['lns', 'no vpdn-group', 3],
  ['lns', 'protocol pptp', 3],
  ['lns', 'protocol any', 0],
  ['lns', 'no vpdn enable', 6],
  ['lns', 'vpdn softshut', 0],
  ['lns', 'group session-limit', 0],
  ['lns', 'terminate-from', 0],
  ['lns', 'tunnel password', 0],
  ['lns', 'no interface virtual-template', 0],
  ['lns', 'template lender', 0],
  ['lns', 'loopback address', 3],
  ['lns', 'loopback mask', 0],
  ['lns', 'loopback shutdown', 3],
  ['lns', 'no ip local pool', 0],
  ['lns', 'smaller pool', 0],
  ['lns', 'no username', 0],
  ['lac', 'shutdown', 1],
  ['lac', 'another peer', 1],
  ['lac', 'no pseudowire-class', 3],
  ['lac', 'protocol with another class', 0],
  ['lac', 'sequencing', 0],
  ['lac', 'no ip local interface', 0],
  ['lac', 'no l2tp-class', 0],
  ['lac', 'static address', 1],
  ['lac', 'lender address', 1],
  ['lac', 'interface mtu', 0],
];

for (const [side, name, cost] of COSTS) {
  test(`${side === 'lns' ? 'server' : 'client'}, ${name}: ${cost} sessions end`, () => {
    const place = upAndRunning(3);
    const change = (side === 'lns' ? SERVER_CHANGES : CLIENT_CHANGES)[name]!;
    const { lost, plan } = apply(place, place[side], [change]);
    assert.equal(lost.length, cost);
    assert.equal(plan.dropped, cost);
  });
}

test('a session inside a session that ends is named with it', () => {
  const { world, lac } = upAndRunning(4);
  const inner = structuredClone(lac.configuration);
  // The address of the inner tunnel is the one that the peer of the outer session gave.
  inner.pseudowireClasses.set('inside', {
    ...inner.pseudowireClasses.get('pwclass1')!,
    name: 'inside',
    localInterface: 'Virtual-PPP1',
  });
  edit(inner.interfaces.get('Virtual-PPP2'), ({ pseudowire }) =>
    edit(pseudowire, (each) => (each.pseudowireClass = 'inside')),
  );
  world.nodes.set(lac.router.view(0).interfaces.find(({ name }) => name === 'Virtual-PPP1')!.address!, lac);
  world.input(lac, { on: 'configure', configuration: inner });
  lac.configuration = inner;
  assert.ok(
    world.run(world.now + 30_000, () => open(lac).size === 3),
    lac.logs.join('\n'),
  );
  const next = structuredClone(inner);
  next.interfaces.delete('Virtual-PPP1');
  const named = lac.router
    .impact(next)
    .items.flatMap(({ sessions }) => sessions.map(({ interfaceName }) => interfaceName));
  assert.deepEqual(named.sort(), ['Virtual-PPP1', 'Virtual-PPP2']);
});

test('callers who are challenged again are named when their password goes, and end at the next challenge', () => {
  const { world, lns } = upAndRunning(6);
  const challenging = structuredClone(lns.configuration);
  for (const subject of challenging.interfaces.values()) subject.ppp.chapRechallenge = 10;
  world.input(lns, { on: 'configure', configuration: challenging });
  for (const address of [CLIENT, SECOND]) {
    world.input(world.nodes.get(address)!, { on: 'clear', what: { kind: 'all-tunnels' } });
  }
  world.run(world.now + 60_000);
  assert.equal(open(lns).size, 6);
  const next = structuredClone(challenging);
  next.users.delete('peer1');
  assert.equal(lns.router.impact(next).dropped, 6);
  const before = open(lns);
  world.input(lns, { on: 'configure', configuration: next });
  world.run(world.now + 30_000);
  const after = open(lns);
  assert.deepEqual(
    [...before.keys()].filter((id) => after.has(id)),
    [],
  );
});

test('an interface that only gets another mask never goes without its address', () => {
  const { world, lac } = upAndRunning(7);
  const next = structuredClone(lac.configuration);
  const mask = (prefixLength: number) => {
    const subject = next.interfaces.get('Virtual-PPP1')!;
    subject.address = { kind: 'static', address: '10.64.1.9', prefixLength };
    world.input(lac, { on: 'configure', configuration: structuredClone(next) });
    world.run(world.now + 20_000);
  };
  mask(32);
  lac.effects.length = 0;
  const before = open(lac);
  mask(24);
  const said = lac.effects.flatMap((effect) =>
    effect.do === 'add-address' || effect.do === 'remove-address' ? `${effect.do} /${effect.prefixLength}` : [],
  );
  assert.deepEqual(said.slice(0, 2), ['add-address /24', 'remove-address /32']);
  assert.deepEqual(open(lac), before);
});

test('a change that costs nothing says what it is about', () => {
  const { lns } = upAndRunning(5);
  const next = structuredClone(lns.configuration);
  next.vpdnGroups.get('second')!.l2tp.hello = 20;
  next.vpdnGroups.get('second')!.description = 'the second';
  const { items, sessions, dropped } = lns.router.impact(next);
  assert.deepEqual(
    items.map((item) => `${item.class} ${item.subject} ${item.what}`),
    ['new-sessions vpdn-group second l2tp hello', 'hot vpdn-group second description'],
  );
  assert.deepEqual([sessions, dropped], [6, 0]);
});
