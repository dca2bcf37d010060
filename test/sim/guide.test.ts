// The guide's example between two whole routers: what comes up, what Linux is told, and what happens when something is wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Configuration } from '../../src/vpdn/configuration.ts';
import { CLIENT, clear, guideClient, guideServer, negotiatingClient, poolServer, SERVER } from './guide.ts';
import { type Node, World } from './world.ts';

/** Message types, RFC 2661 §3.2. */
const [ICRP, ICCN] = [11, 12];

function up(node: Node): boolean {
  const { sessions, interfaces } = node.router.view(0);
  return (
    sessions.length > 0 &&
    sessions.every(({ interfaceName, state }) => {
      return (
        state === 'established' &&
        interfaces.some(({ name, lineProtocol }) => name === interfaceName && lineProtocol === 'up')
      );
    })
  );
}

function pair(client: Configuration, server: Configuration, seed = 1) {
  const world = new World(seed);
  const lns = world.add('server', SERVER, server);
  const lac = world.add('client', CLIENT, client);
  return { world, lns, lac };
}

test('the call comes up within a second and both ends agree on it', () => {
  const { world, lns, lac } = pair(guideClient(), guideServer());
  assert.ok(
    world.run(1000, () => up(lac) && up(lns)),
    [...lac.logs, ...lns.logs].join('\n'),
  );
  const [client] = lac.router.view(0).sessions;
  const [server] = lns.router.view(0).sessions;
  assert.equal(client?.remoteId, server?.localId);
  assert.equal(client?.localId, server?.remoteId);
  assert.equal(client?.tunnelId, server?.remoteTunnelId);
  assert.equal(server?.username, 'peer1');
  assert.equal(server?.interfaceName, 'Virtual-Access1');
  assert.equal(client?.interfaceName, 'Virtual-PPP1');
});

test('Linux is told of the neighbor, the static route behind it, and the session that carries both', () => {
  const { world, lns, lac } = pair(guideClient(), guideServer());
  world.run(1000, () => up(lac) && up(lns));
  const routes = (node: Node) =>
    node.effects.flatMap((effect) =>
      effect.do === 'add-route' ? `${effect.prefix}/${effect.prefixLength} ${effect.device}` : [],
    );
  assert.deepEqual(routes(lac), ['10.10.10.1/32 Virtual-PPP1', '10.10.10.0/24 Virtual-PPP1']);
  assert.deepEqual(routes(lns), ['10.20.20.1/32 Virtual-Access', '10.20.20.0/24 Virtual-Access']);
  const prefixes = lns.effects.flatMap((effect) => (effect.do === 'add-prefix' ? effect.prefix : []));
  assert.deepEqual(prefixes, ['10.20.20.1', '10.20.20.0']);
  const session = lns.effects.findLast((effect) => effect.do === 'update-session');
  assert.ok(session?.do === 'update-session');
  assert.equal(session.session.networkUp, true);
  assert.equal(session.session.strictSource, true);
  assert.equal(session.session.mtu, 1460);
  assert.equal(session.session.mssClamp, 1420);
});

test('each end opens its packet path before the message that lets the other send', () => {
  const { world, lns, lac } = pair(guideClient(), guideServer());
  const opened = new Map<Node, boolean>();
  let checked = 0;
  world.onWire = (from, octets) => {
    const type = octets.length > 20 && (octets[0]! & 0x80) !== 0 ? octets[19] : undefined;
    if (type !== ICRP && type !== ICCN) return;
    opened.set(
      from,
      from.effects.some((effect) => effect.do === 'open-session'),
    );
    checked++;
  };
  world.run(1000, () => up(lac) && up(lns));
  assert.equal(checked, 2);
  assert.deepEqual([opened.get(lns), opened.get(lac)], [true, true]);
});

test('the log speaks as IOS does', () => {
  const { world, lns, lac } = pair(guideClient(), guideServer());
  world.run(1000, () => up(lac) && up(lns));
  assert.deepEqual(lns.logs, [
    '%LINK-3-UPDOWN: Interface Virtual-Access1, changed state to up',
    '%LINEPROTO-5-UPDOWN: Line protocol on Interface Virtual-Access1, changed state to up',
  ]);
});

test('shutdown tells the peer, takes every route and session back, and is quick', () => {
  const { world, lns, lac } = pair(guideClient(), guideServer());
  world.run(1000, () => up(lac) && up(lns));
  const asked = world.now;
  world.input(lac, { on: 'shutdown' });
  assert.ok(world.run(asked + 50, () => lac.effects.some((effect) => effect.do === 'stopped')));
  world.run(asked + 2000);
  assert.equal(lns.router.view(0).sessions.length, 0);
  for (const node of [lac, lns]) {
    const count = (verb: string) => node.effects.filter((effect) => effect.do === verb).length;
    assert.equal(count('add-route'), count('remove-route'));
    assert.equal(count('add-prefix'), count('remove-prefix'));
    assert.equal(count('open-session'), count('close-session'));
  }
});

test('shutdown does not wait for a peer that is gone', () => {
  const { world, lns, lac } = pair(guideClient(), guideServer());
  world.run(1000, () => up(lac) && up(lns));
  world.kill(lns);
  const asked = world.now;
  world.input(lac, { on: 'shutdown' });
  assert.ok(world.run(asked + 1001, () => lac.effects.some((effect) => effect.do === 'stopped')));
});

const failures: {
  name: string;
  code: string;
  at: 'client' | 'server';
  break: (client: Configuration, server: Configuration) => void;
}[] = [
  {
    name: 'wrong tunnel password',
    code: 'L2T-302',
    at: 'client',
    break: (client) => {
      client.l2tpClasses.get('l2tpclass1')!.password = clear('wrong');
      client.l2tpClasses.get('l2tpclass1')!.hidden = false;
    },
  },
  {
    name: 'unknown host name',
    code: 'L2T-301',
    at: 'server',
    break: (client) => {
      client.hostname = 'stranger';
    },
  },
  {
    name: 'no tunnel secret on the server',
    code: 'L2T-303',
    at: 'server',
    break: (_, server) => {
      server.vpdnGroups.get('l2tpgroup1')!.l2tp.password = undefined;
      server.users.clear();
    },
  },
  {
    name: 'server challenges a client without a secret',
    code: 'L2T-307',
    at: 'client',
    break: (client) => {
      const l2tpClass = client.l2tpClasses.get('l2tpclass1')!;
      l2tpClass.password = undefined;
      l2tpClass.authentication = false;
      l2tpClass.hidden = false;
    },
  },
  {
    name: 'vpdn not enabled',
    code: 'L2T-313',
    at: 'server',
    break: (_, server) => {
      server.vpdn.enabled = false;
    },
  },
  {
    name: 'missing template',
    code: 'L2T-314',
    at: 'server',
    break: (_, server) => {
      server.interfaces.delete('Virtual-Template1');
    },
  },
  {
    name: 'session limit',
    code: 'L2T-315',
    at: 'server',
    break: (_, server) => {
      server.vpdn.sessionLimit = 0;
    },
  },
  {
    name: 'softshut',
    code: 'L2T-316',
    at: 'server',
    break: (_, server) => {
      server.vpdn.softshut = true;
    },
  },
  {
    name: 'unknown user',
    code: 'AUT-502',
    at: 'server',
    break: (client, server) => {
      server.users.clear();
      client.interfaces.get('Virtual-PPP1')!.ppp.authentication!.callin = true;
    },
  },
  {
    name: 'wrong password',
    code: 'AUT-503',
    at: 'server',
    break: (client) => {
      client.users.set('peer2', { name: 'peer2', password: clear('x') });
    },
  },
  {
    name: 'one-way secret',
    code: 'AUT-504',
    at: 'server',
    break: (_, server) => {
      server.users.set('peer1', { name: 'peer1', secret: { type: 5, text: '$1$a$b' } });
    },
  },
  {
    name: 'no secret for the challenger',
    code: 'AUT-506',
    at: 'client',
    break: (client) => {
      client.users.clear();
    },
  },
  {
    name: 'pool empty',
    code: 'NCP-601',
    at: 'server',
    break: (_, server) => {
      server.pools.set('p', []);
      server.interfaces.get('Virtual-Template1')!.peerDefaultAddress = { kind: 'pool', pools: ['p'] };
    },
  },
  {
    name: 'server interface without an address',
    code: 'NCP-602',
    at: 'server',
    break: (_, server) => {
      server.interfaces.delete('Loopback1');
    },
  },
];

for (const failure of failures) {
  test(`a call that fails says why: ${failure.name} is ${failure.code} at the ${failure.at}`, () => {
    const [client, server] = [guideClient(), guideServer()];
    failure.break(client, server);
    const { world, lns, lac } = pair(client, server);
    const node = failure.at === 'client' ? lac : lns;
    const recorded = () => node.router.view(0).failures.some(({ code }) => code === failure.code);
    const seen = world.run(30_000, recorded);
    const codes = (of: Node) => of.router.view(0).failures.map(({ code, reason }) => `${code} ${reason}`);
    assert.ok(
      seen,
      `client: ${codes(lac).join('; ')} server: ${codes(lns).join('; ')}\n${lac.logs.join('\n')}\n${lns.logs.join('\n')}`,
    );
    assert.ok(node.logs.some((line) => line.includes(failure.code)));
    assert.equal(up(lac), false);
  });
}

test('a silent server is unreachable, is dialled for ever, and answers when it is back', () => {
  const world = new World(3);
  const lac = world.add('client', CLIENT, guideClient());
  world.run(10 * 60_000);
  assert.ok(lac.router.view(0).failures.some(({ code }) => code === 'L2T-306'));
  const lns = world.add('server', SERVER, guideServer());
  assert.ok(world.run(world.now + 60_000, () => up(lac) && up(lns)));
});

test('killing either router and starting it again brings the call back within 60 s', () => {
  for (let seed = 1; seed <= 20; seed++) {
    for (const which of ['client', 'server'] as const) {
      const { world, lns, lac } = pair(guideClient(), guideServer(), seed);
      assert.ok(world.run(5000, () => up(lac) && up(lns)));
      world.run(world.now + seed * 1700);
      const victim = which === 'client' ? lac : lns;
      world.kill(victim);
      world.run(world.now + 1000);
      world.restart(victim);
      const back = () => up(lac) && up(lns) && lns.router.view(0).sessions.length === 1;
      assert.ok(world.run(world.now + 60_000, back), `seed ${seed}, ${which} killed\n${lac.logs.join('\n')}`);
    }
  }
});

test('a hundred callers share one tunnel and each has its own address', () => {
  const { world, lns, lac } = pair(negotiatingClient('peer1', 100), poolServer('10.50.0.1', '10.50.0.200'));
  const all = () => lac.router.view(0).sessions.length === 100 && up(lac) && up(lns);
  assert.ok(world.run(20_000, all), `${lac.router.view(0).sessions.length} sessions\n${lac.logs.slice(-5).join('\n')}`);
  assert.equal(lac.router.view(0).tunnels.length, 1);
  const addresses = lns.router
    .view(0)
    .interfaces.flatMap(({ kind, peerAddress }) => (kind === 'Virtual-Access' ? peerAddress : []));
  assert.equal(new Set(addresses).size, 100);
});

test('shutting a Virtual-PPP hangs up, no shutdown dials again', () => {
  const { world, lns, lac } = pair(guideClient(), guideServer());
  world.run(1000, () => up(lac) && up(lns));
  const shut = guideClient();
  shut.interfaces.get('Virtual-PPP1')!.shutdown = true;
  world.input(lac, { on: 'configure', configuration: shut });
  assert.ok(world.run(world.now + 10_000, () => lns.router.view(0).sessions.length === 0));
  assert.equal(
    lac.router.view(0).interfaces.find(({ name }) => name === 'Virtual-PPP1')?.status,
    'administratively down',
  );
  world.input(lac, { on: 'configure', configuration: guideClient() });
  assert.ok(world.run(world.now + 10_000, () => up(lac) && up(lns)));
});

test('clear vpdn tunnel closes it on both ends, and the client comes back by itself', () => {
  const { world, lns, lac } = pair(guideClient(), guideServer());
  world.run(1000, () => up(lac) && up(lns));
  const before = lns.router.view(0).tunnels[0]!.localId;
  world.input(lns, { on: 'clear', what: { kind: 'all-tunnels' } });
  const renewed = () => up(lac) && up(lns) && lns.router.view(0).sessions[0]!.tunnelId !== before;
  assert.ok(world.run(world.now + 30_000, renewed));
});

test('a configuration that changes nothing about the call does not touch it', () => {
  const { world, lns, lac } = pair(guideClient(), guideServer());
  world.run(1000, () => up(lac) && up(lns));
  const changed = guideServer();
  changed.users.set('new', { name: 'new', password: clear('x') });
  changed.pools.set('more', [{ low: '10.9.0.1', high: '10.9.0.9' }]);
  const ids = () =>
    JSON.stringify([lac, lns].map((node) => node.router.view(0).sessions.map(({ localId }) => localId)));
  const before = ids();
  world.input(lns, { on: 'configure', configuration: changed });
  world.run(world.now + 60_000);
  assert.equal(ids(), before);
});
