// Which routes stand, as next hops come and go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyConfiguration, type StaticRoute } from '../../src/vpdn/configuration.ts';
import { emptyInterface } from '../../src/vpdn/configuration-interface.ts';
import type { Context } from '../../src/vpdn/context.ts';
import type { RouterEffect } from '../../src/vpdn/events.ts';
import { covers, type Neighbor, Routing, wantedRoutes } from '../../src/vpdn/routing.ts';

function routing() {
  const effects: RouterEffect[] = [];
  const context: Context = {
    configuration: emptyConfiguration(),
    now: 0,
    entropy: (octets) => new Uint8Array(octets),
    emit: (effect) => effects.push(effect),
    l2tpv3: () => assert.fail(),
    pptp: () => assert.fail(),
    l2tp: () => assert.fail('routing has no business with L2TP'),
    log: () => {},
    fail: () => {},
  };
  const take = () => effects.splice(0).map(describe);
  return { routing: new Routing(context), take };
}

function describe(effect: RouterEffect): string {
  if (effect.do === 'add-route' || effect.do === 'remove-route') {
    return `${effect.do} ${effect.prefix}/${effect.prefixLength} ${effect.blackhole === true ? 'blackhole' : (effect.device ?? effect.nextHop)}`;
  }
  if (effect.do === 'add-prefix' || effect.do === 'remove-prefix') {
    return `${effect.do} ${effect.prefix}/${effect.prefixLength} ${effect.localTunnel}/${effect.localSession}`;
  }
  return effect.do;
}

const access = (address: string, localSession = 7): Neighbor => {
  const ids = { localTunnel: 3, localSession, interfaceName: `Virtual-Access${localSession}` };
  return { ...ids, address, device: 'Virtual-Access', source: '10.0.0.1', mtu: 1460, hidden: false };
};

const route = (prefix: string, prefixLength: number, via: Partial<StaticRoute>): StaticRoute => {
  return { prefix, prefixLength, permanent: false, ...via };
};

test('a neighbor brings its host route and its prefix, and takes both along', () => {
  const { routing: table, take } = routing();
  const neighbor = access('10.1.0.5');
  table.neighborUp(neighbor);
  assert.deepEqual(take(), ['add-route 10.1.0.5/32 Virtual-Access', 'add-prefix 10.1.0.5/32 3/7']);
  table.neighborDown(neighbor);
  assert.deepEqual(take(), ['remove-prefix 10.1.0.5/32 3/7', 'remove-route 10.1.0.5/32 Virtual-Access']);
});

test('a static route stands exactly while its next hop is there', () => {
  const { routing: table, take } = routing();
  table.configure([route('10.20.0.0', 16, { nextHop: '10.1.0.5' })]);
  assert.deepEqual(take(), []);
  const neighbor = access('10.1.0.5');
  table.neighborUp(neighbor);
  assert.deepEqual(take().slice(2), ['add-route 10.20.0.0/16 Virtual-Access', 'add-prefix 10.20.0.0/16 3/7']);
  table.neighborDown(neighbor);
  assert.deepEqual(take().slice(0, 2), ['remove-prefix 10.20.0.0/16 3/7', 'remove-route 10.20.0.0/16 Virtual-Access']);
});

test('a static route to a Virtual-PPP interface follows that interface', () => {
  const { routing: table, take } = routing();
  table.configure([route('10.10.10.0', 24, { interface: 'Virtual-PPP1' })]);
  const neighbor = { ...access('10.10.10.1'), device: 'Virtual-PPP1', interfaceName: 'Virtual-PPP1' };
  table.neighborUp(neighbor);
  assert.deepEqual(take(), ['add-route 10.10.10.1/32 Virtual-PPP1', 'add-route 10.10.10.0/24 Virtual-PPP1']);
  table.configure([]);
  assert.deepEqual(take(), ['remove-route 10.10.10.0/24 Virtual-PPP1']);
});

test('a hidden neighbor has no host route but is a next hop', () => {
  const { routing: table, take } = routing();
  table.configure([route('10.20.0.0', 16, { nextHop: '192.0.2.9' })]);
  table.neighborUp({ ...access('192.0.2.9'), hidden: true });
  assert.deepEqual(take(), [
    'add-prefix 192.0.2.9/32 3/7',
    'add-route 10.20.0.0/16 Virtual-Access',
    'add-prefix 10.20.0.0/16 3/7',
  ]);
});

test('of two routes to one prefix the nearer stands, and the other takes over', () => {
  const { routing: table, take } = routing();
  table.configure([
    route('10.20.0.0', 16, { nextHop: '10.1.0.6', distance: 200 }),
    route('10.20.0.0', 16, { nextHop: '10.1.0.5' }),
  ]);
  table.neighborUp(access('10.1.0.6', 8));
  const near = access('10.1.0.5', 7);
  table.neighborUp(near);
  assert.deepEqual(take().slice(-4), [
    'remove-prefix 10.20.0.0/16 3/8',
    'remove-route 10.20.0.0/16 Virtual-Access',
    'add-route 10.20.0.0/16 Virtual-Access',
    'add-prefix 10.20.0.0/16 3/7',
  ]);
  table.neighborDown(near);
  assert.ok(take().includes('add-prefix 10.20.0.0/16 3/8'));
});

test('a next hop on a LAN is left to Linux, one behind another static route is found through it', () => {
  const { routing: table, take } = routing();
  const lan = { interfaceName: 'Ethernet0/0', address: '192.0.2.1', prefixLength: 24 };
  const routes = [
    route('10.30.0.0', 16, { nextHop: '192.0.2.254' }),
    route('10.40.0.0', 16, { nextHop: '10.20.0.1' }),
    route('10.20.0.0', 16, { nextHop: '10.1.0.5' }),
  ];
  table.configure(routes, [lan]);
  assert.deepEqual(take(), ['add-route 10.30.0.0/16 192.0.2.254']);
  table.neighborUp(access('10.1.0.5'));
  assert.deepEqual(
    take().filter((effect) => effect.startsWith('add-prefix')),
    ['add-prefix 10.1.0.5/32 3/7', 'add-prefix 10.40.0.0/16 3/7', 'add-prefix 10.20.0.0/16 3/7'],
  );
});

test('a permanent route outlives its next hop, but leads into no session any more', () => {
  const { routing: table, take } = routing();
  table.configure([route('10.20.0.0', 16, { nextHop: '10.1.0.5', permanent: true })]);
  const neighbor = access('10.1.0.5');
  table.neighborUp(neighbor);
  take();
  table.neighborDown(neighbor);
  assert.deepEqual(take(), [
    'remove-prefix 10.20.0.0/16 3/7',
    'remove-route 10.20.0.0/16 Virtual-Access',
    'add-route 10.20.0.0/16 Virtual-Access',
    'remove-prefix 10.1.0.5/32 3/7',
    'remove-route 10.1.0.5/32 Virtual-Access',
  ]);
});

test('a thousand neighbors settle no static route that does not name them', () => {
  const { routing: table, take } = routing();
  table.configure([route('10.20.0.0', 16, { nextHop: '10.1.0.5' })]);
  for (let host = 0; host < 1000; host++) table.neighborUp(access(`10.2.${host >> 8}.${host & 255}`, host + 1));
  assert.equal(take().length, 2000);
});

test('prefixes cover what they should', () => {
  assert.equal(covers('10.0.0.0', 8, '10.255.0.1'), true);
  assert.equal(covers('10.0.0.0', 8, '11.0.0.1'), false);
  assert.equal(covers('0.0.0.0', 0, '203.0.113.9'), true);
  assert.equal(covers('192.0.2.1', 32, '192.0.2.1'), true);
});

test('ppp ipcp route default is a default route through the interface while it is open', () => {
  const configuration = emptyConfiguration();
  const virtualPpp = emptyInterface('Virtual-PPP1', 'Virtual-PPP');
  virtualPpp.ppp.routeDefault = true;
  configuration.interfaces.set('Virtual-PPP1', virtualPpp);
  const { routing: table, take } = routing();
  table.configure(wantedRoutes(configuration));
  assert.deepEqual(take(), []);
  table.neighborUp({ ...access('10.10.10.1'), device: 'Virtual-PPP1', interfaceName: 'Virtual-PPP1' });
  assert.ok(take().includes('add-route 0.0.0.0/0 Virtual-PPP1'));
});

test('C015: a route into Null0 stands from the first and drops what takes it', () => {
  const { routing: table, take } = routing();
  table.configure([route('10.0.0.0', 8, { interface: 'Null0' })]);
  assert.deepEqual(take(), ['add-route 10.0.0.0/8 blackhole']);
  table.configure([]);
  assert.deepEqual(take(), ['remove-route 10.0.0.0/8 blackhole']);
});
