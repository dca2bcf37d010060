// What lines of an interface come to between two whole routers: addresses from pools, limits, and encryption that is required.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Configuration } from '../../src/vpdn/configuration.ts';
import { emptyInterface, type Interface } from '../../src/vpdn/configuration-interface.ts';
import { CLIENT, guideClient, guideServer, negotiatingClient, poolServer, SERVER } from './guide.ts';
import { type Node, World } from './world.ts';

function pair(client: Configuration, server: Configuration) {
  const world = new World(1);
  return { world, lns: world.add('server', SERVER, server), lac: world.add('client', CLIENT, client) };
}

const templateOf = (server: Configuration): Interface => server.interfaces.get('Virtual-Template1')!;

function upInterfaces(node: Node): string[] {
  const { interfaces } = node.router.view(0);
  return interfaces
    .filter(({ name, lineProtocol }) => /^Virtual-(Access|PPP)/.test(name) && lineProtocol === 'up')
    .map(({ name }) => name);
}

const addressOf = (node: Node, name = 'Virtual-PPP1') => {
  return node.router.view(0).interfaces.find((each) => each.name === name)?.address;
};

test('C103: pool without a name is the pool default', () => {
  const server = poolServer('10.50.0.1', '10.50.0.9');
  server.pools.set('default', [{ low: '10.60.0.1', high: '10.60.0.9' }]);
  templateOf(server).peerDefaultAddress = { kind: 'pool', pools: [] };
  const { world, lac } = pair(negotiatingClient('c'), server);
  world.run(2000);
  assert.equal(addressOf(lac), '10.60.0.1');
});

test('C018: ip address-pool local is for interfaces that say nothing, and no peer default ip address is not nothing', () => {
  const server = poolServer('10.50.0.1', '10.50.0.9');
  server.pools.set('default', [{ low: '10.60.0.1', high: '10.60.0.9' }]);
  server.addressPool = 'local';
  templateOf(server).peerDefaultAddress = undefined;
  const first = pair(negotiatingClient('c'), server);
  first.world.run(2000);
  assert.equal(addressOf(first.lac), '10.60.0.1');
  const refusing = structuredClone(server);
  templateOf(refusing).peerDefaultAddress = { kind: 'none' };
  const second = pair(negotiatingClient('c'), refusing);
  second.world.run(2000);
  assert.deepEqual(upInterfaces(second.lac), []);
});

test('C103: where DHCP is to give the address there is none, and no session that makes one up', () => {
  const server = guideServer();
  templateOf(server).peerDefaultAddress = { kind: 'dhcp' };
  const { world, lns, lac } = pair(guideClient(), server);
  world.run(2000);
  assert.deepEqual([upInterfaces(lns), upInterfaces(lac)], [[], []]);
});

test('C017: recycle delay keeps an address that was given back from the next caller', () => {
  const server = poolServer('10.50.0.1', '10.50.0.2');
  server.poolOptions.set('callers', { recycleDelay: 3600, cacheSize: 0 });
  const { world, lns, lac } = pair(negotiatingClient('c'), server);
  world.run(2000);
  assert.equal(addressOf(lac), '10.50.0.1');
  world.input(lns, { on: 'clear', what: { kind: 'all-tunnels' } });
  world.run(60_000);
  assert.equal(addressOf(lac), '10.50.0.2');
});

test('C118: ppp timeout absolute ends a session when its time is over, and the client dials again', () => {
  const server = guideServer();
  templateOf(server).ppp.timeoutAbsolute = 100;
  const { world, lns, lac } = pair(guideClient(), server);
  world.run(99_000);
  assert.equal(upInterfaces(lns).length, 1);
  world.run(100_500);
  assert.ok(
    lns.logs.some((line) => line.includes('lasted as long as it may')),
    lns.logs.join('\n'),
  );
  world.run(110_000);
  assert.deepEqual(upInterfaces(lac), ['Virtual-PPP1']);
});

test('C124: where a template requires MPPE no session comes up in clear', () => {
  const server = guideServer();
  templateOf(server).ppp.mppe = { strength: 'auto', demand: 'required', stateful: false };
  const { world, lns, lac } = pair(guideClient(), server);
  world.run(10_000);
  assert.deepEqual([upInterfaces(lns), upInterfaces(lac)], [[], []]);
  assert.ok(lns.router.view(0).failures.some(({ code }) => code === 'PPP-408'));
});

test('C124: a Virtual-PPP that requires MPPE has no session with a peer that has none, and both say why', () => {
  const client = guideClient();
  client.interfaces.get('Virtual-PPP1')!.ppp.mppe = { strength: '128', demand: 'required', stateful: false };
  const { world, lns, lac } = pair(client, guideServer());
  world.run(10_000);
  assert.deepEqual([upInterfaces(lns), upInterfaces(lac)], [[], []]);
  for (const node of [lns, lac]) {
    assert.ok(
      node.logs.some((line) => line.includes('MPPE is required')),
      node.logs.join('\n'),
    );
  }
});

test('C120: with address unique a second call of a user does not take the place of the first', () => {
  const twice = (unique: boolean) => {
    const server = guideServer();
    server.vpdnGroups.get('l2tpgroup1')!.terminateFrom = undefined;
    templateOf(server).ppp.addressUnique = unique;
    const { world, lns } = pair(guideClient(), server);
    world.add('other', '172.16.32.99', guideClient());
    world.run(1000);
    return [upInterfaces(lns).length, lns.logs.some((line) => line.includes('replaced by a new call'))];
  };
  assert.deepEqual(twice(true), [1, false]);
  assert.equal(twice(false)[1], true);
});

test('C100: secondary addresses of a loopback are put up with the primary and taken down with it', () => {
  const server = guideServer();
  const loopback = server.interfaces.get('Loopback1')!;
  loopback.secondaryAddresses = [{ address: '10.77.0.1', prefixLength: 24 }];
  const world = new World(1);
  const node = world.add('server', SERVER, server);
  const told = (verb: string) =>
    node.effects.flatMap((effect) =>
      effect.do === verb && 'address' in effect ? `${effect.address}/${effect.prefixLength}` : [],
    );
  world.run(10);
  assert.deepEqual(told('add-address'), ['10.10.10.1/32', '10.77.0.1/24']);
  const without = structuredClone(server);
  without.interfaces.get('Loopback1')!.secondaryAddresses = [];
  world.input(node, { on: 'configure', configuration: without });
  assert.deepEqual(told('remove-address'), ['10.77.0.1/24']);
});

test('C119: the servers of async-bootp are told where the interface names none', () => {
  const server = poolServer('10.50.0.1', '10.50.0.9');
  server.bootpServers.dns = ['192.0.2.53'];
  const client = negotiatingClient('c');
  client.interfaces.get('Virtual-PPP1')!.ppp.dns = { kind: 'request', accept: false };
  const { world, lac } = pair(client, server);
  lac.router.traced = true;
  world.run(2000);
  const acked = lac.traces.some((trace) => {
    if (trace.layer !== 'ppp' || trace.event.kind !== 'packet' || trace.event.protocol !== 'IPCP') return false;
    const { direction, packet } = trace.event;
    return direction === 'I' && packet[0] === 2 && Buffer.from(packet).toString('hex').includes('8106c0000235');
  });
  assert.ok(acked, 'no Configure-Ack with the server of async-bootp');
});

test('C100: another mask of an address is another address to Linux, and no session ends for it', () => {
  const client = guideClient();
  client.interfaces.set('Ethernet0/0', {
    ...emptyInterface('Ethernet0/0', 'physical'),
    address: { kind: 'static', address: CLIENT, prefixLength: 24 },
  });
  const world = new World(1);
  world.add('server', SERVER, guideServer());
  const lac = world.add('client', CLIENT, client);
  const link = { device: 'eth0', up: true, mtu: 1500 };
  // Linux has no address there: ours is added, and Linux then tells of it.
  world.input(lac, { on: 'link', name: 'Ethernet0/0', link: { ...link, address: undefined, prefixLength: undefined } });
  world.input(lac, { on: 'link', name: 'Ethernet0/0', link: { ...link, address: CLIENT, prefixLength: 24 } });
  world.run(2000);
  assert.deepEqual(upInterfaces(lac), ['Virtual-PPP1']);
  const before = lac.effects.length;
  const wider = structuredClone(client);
  wider.interfaces.get('Ethernet0/0')!.address = { kind: 'static', address: CLIENT, prefixLength: 16 };
  world.input(lac, { on: 'configure', configuration: wider });
  const told = lac.effects.slice(before).flatMap((effect) => {
    return effect.do === 'add-address' || effect.do === 'remove-address'
      ? `${effect.do} ${effect.address}/${effect.prefixLength}`
      : [];
  });
  // Never without: Linux would drop the routes that name it. The last one is said again to whatever Linux took with the first.
  assert.deepEqual(told, [`add-address ${CLIENT}/16`, `remove-address ${CLIENT}/24`, `add-address ${CLIENT}/16`]);
  world.run(world.now + 5000);
  assert.deepEqual(upInterfaces(lac), ['Virtual-PPP1']);
});
