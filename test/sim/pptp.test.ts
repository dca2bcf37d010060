// PPTP between whole routers under a virtual clock: calls come up, end, are refused, are dialled again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT, pptpPair, pptpServer } from './pptp.ts';
import type { Node } from './world.ts';

const isUp = (node: Node) =>
  node.router.view(0).interfaces.some(({ lineProtocol, lcp }) => lineProtocol === 'up' && lcp === 'Opened');
const both =
  (...nodes: Node[]) =>
  () =>
    nodes.every(isUp);

test('a Dialer calls a vpdn-group by PPTP, and has an address of its pool', () => {
  const { world, client, server } = pptpPair();
  assert.ok(world.run(10_000, both(client, server)), [...client.logs, ...server.logs].join('\n'));
  const dialer = client.router.view(world.now).interfaces.find(({ name }) => name === 'Dialer0')!;
  assert.equal(dialer.address, '10.3.0.2');
  assert.equal(dialer.peerAddress, '10.10.10.1');
  const view = server.router.view(world.now);
  assert.equal(view.pptpTunnels?.length, 1);
  assert.equal(view.pptpTunnels[0]!.remoteName, 'peer1');
  assert.equal(view.pptpTunnels[0]!.vpdnGroup, 'callers');
  assert.equal(view.pptpSessions?.[0]?.username, 'peer1');
  assert.equal(view.pptpSessions[0]!.interfaceName, 'Virtual-Access1');
});

test('frames go by enhanced GRE, between the addresses of the control connection', () => {
  const { world, client, server } = pptpPair();
  assert.ok(world.run(10_000, both(client, server)));
  const [session] = server.effects.flatMap((effect) => (effect.do === 'open-session' ? [effect.session] : []));
  assert.equal(session?.path.transport, 'gre');
  assert.equal(session.path.peerAddress, CLIENT);
  assert.equal(session.gre?.localWindow, 16);
  assert.ok(server.effects.some((effect) => effect.do === 'listen' && effect.path.transport === 'gre'));
});

test('a client can be reached by GRE before anybody has answered it: the server may speak at once', () => {
  const { world, client } = pptpPair((_, ours) => ours.vpdnGroups.clear());
  world.run(5000);
  assert.ok(client.effects.some((effect) => effect.do === 'listen' && effect.path.transport === 'gre'));
  assert.ok(!client.effects.some((effect) => effect.do === 'open-session'));
});

test('a server without a group for PPTP hears nobody, and the client says that it is not there', () => {
  const { world, client, server } = pptpPair((_, ours) => ours.vpdnGroups.clear());
  world.run(10_000);
  assert.equal(isUp(client), false);
  assert.ok(!server.effects.some(({ do: what }) => what === 'listen-streams'));
  assert.ok(
    client.logs.some((line) => line.includes('%VPDN-5-UNREACH')),
    client.logs.join('\n'),
  );
});

test('a wrong password ends the call, and both say so', () => {
  const { world, client, server } = pptpPair((ours) => {
    ours.interfaces.get('Dialer0')!.ppp.chapPassword = { type: 0, text: 'wrong' };
  });
  world.run(10_000);
  assert.equal(isUp(client), false);
  assert.ok(
    server.logs.some((line) => line.includes('VPDN-6-AUTHENFAIL') && line.includes('peer1')),
    server.logs.join('\n'),
  );
  assert.ok(
    client.logs.some((line) => line.includes('AUT-')),
    client.logs.join('\n'),
  );
});

test('a session-limit refuses the call with the code of RFC 2637, and the reason is in the log', () => {
  const { world, server, client } = pptpPair((_, ours) => {
    ours.vpdnGroups.get('callers')!.sessionLimit = 0;
  });
  world.run(10_000);
  assert.equal(isUp(client), false);
  assert.ok(
    server.logs.some((line) => line.includes('MAX_SESS_EXCD')),
    server.logs.join('\n'),
  );
  assert.ok(
    client.logs.some((line) => line.includes('PTP-702')),
    client.logs.join('\n'),
  );
});

test('the client dials again when the server has been killed and is back', () => {
  const { world, client, server } = pptpPair();
  assert.ok(world.run(10_000, both(client, server)));
  world.kill(server);
  assert.ok(world.run(world.now + 20_000, () => !isUp(client)));
  world.restart(server);
  assert.ok(world.run(world.now + 120_000, both(client, server)), client.logs.join('\n'));
});

test('a clear ends the session, and the client is back in its own time', () => {
  const { world, client, server } = pptpPair();
  assert.ok(world.run(10_000, both(client, server)));
  assert.equal(server.router.countCleared({ kind: 'all-tunnels' }), 1);
  world.input(server, { on: 'clear', what: { kind: 'all-tunnels' } });
  assert.ok(world.run(world.now + 10_000, () => !isUp(server) && !isUp(client)));
  assert.ok(world.run(world.now + 120_000, both(client, server)));
});

test('TCP that breaks is a failure once, and none when the call was ending anyway', () => {
  const codes = (node: Node) => node.router.view(0).failures.map(({ code, repeats }) => `${code} ${repeats}`);
  const broken = pptpPair();
  assert.ok(broken.world.run(10_000, both(broken.client, broken.server)));
  broken.world.kill(broken.client);
  broken.world.run(20_000);
  assert.deepEqual(codes(broken.server), ['PTP-703 1']);

  const cleared = pptpPair();
  assert.ok(cleared.world.run(10_000, both(cleared.client, cleared.server)));
  cleared.world.input(cleared.server, { on: 'clear', what: { kind: 'interface', name: 'Virtual-Access1' } });
  cleared.world.kill(cleared.client);
  cleared.world.run(20_000);
  assert.equal(isUp(cleared.server), false);
  assert.deepEqual(cleared.server.router.view(cleared.world.now).pptpTunnels, []);
  assert.deepEqual(codes(cleared.server), []);
});

test('a router that shuts down tells its peer, and says when all is said', () => {
  const { world, client, server } = pptpPair();
  assert.ok(world.run(10_000, both(client, server)));
  world.input(server, { on: 'shutdown' });
  assert.ok(world.run(world.now + 2000, () => server.effects.some(({ do: what }) => what === 'stopped')));
  assert.ok(world.run(world.now + 2000, () => !isUp(client)));
});

test('a group that is removed takes its sessions with it, and nothing is listened to any more', () => {
  const { world, client, server } = pptpPair();
  assert.ok(world.run(10_000, both(client, server)));
  const without = pptpServer();
  without.vpdnGroups.clear();
  const plan = server.router.impact(without);
  assert.equal(plan.dropped, 1);
  world.input(server, { on: 'configure', configuration: without });
  assert.ok(world.run(world.now + 5000, () => !isUp(server)));
  const last = server.effects.findLast((effect) => effect.do === 'listen-streams');
  assert.deepEqual(last?.addresses, []);
});

test('whatever the weather, the call comes up, and one call it is', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const weather = { loss: 0.1, duplication: 0.1, reordering: 0.2, delay: 40, jitter: 80 };
    const { world, client, server } = pptpPair(undefined, seed, weather);
    assert.ok(world.run(60_000, both(client, server)), `seed ${seed}: ${client.logs.join('\n')}`);
    const { pptpSessions, pptpTunnels } = server.router.view(world.now);
    assert.deepEqual([pptpTunnels?.length, pptpSessions?.length], [1, 1], `seed ${seed}`);
  }
});
