// PPTP between whole routers under a virtual clock: calls come up, end, are refused, are dialled again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Configuration } from '../../src/vpdn/configuration.ts';
import type { InitiateTo } from '../../src/vpdn/configuration-vpdn.ts';
import { CLIENT, pptpClient, pptpPair, pptpServer, SERVER } from './pptp.ts';
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
  const counts = (['l2tp', 'pptp'] as const).map((of) => server.router.countCleared({ kind: 'all-tunnels', of }));
  assert.deepEqual(counts, [0, 1]);
  world.input(server, { on: 'clear', what: { kind: 'all-tunnels', of: 'l2tp' } });
  world.run(world.now + 5000);
  assert.deepEqual([isUp(client), isUp(server)], [true, true]);
  world.input(server, { on: 'clear', what: { kind: 'all-tunnels', of: 'pptp' } });
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

const SECOND = '172.24.13.197';

/** The client of the pair with two servers; the second one is there as well. */
function withTwo(first: Partial<InitiateTo>, second: Partial<InitiateTo>, change?: Parameters<typeof pptpPair>[0]) {
  const pair = pptpPair((ours, theirs) => {
    ours.vpdnGroups.get('1')!.initiateTo = [
      { address: SERVER, ...first },
      { address: SECOND, ...second },
    ];
    change?.(ours, theirs);
  });
  const other = pair.world.add('other', SECOND, pptpServer());
  return { ...pair, other };
}

test('of several servers the one with the lowest priority is dialled', () => {
  const { world, client, server, other } = withTwo({ priority: 2 }, { priority: 1 });
  assert.ok(world.run(10_000, both(client, other)), client.logs.join('\n'));
  world.run(20_000);
  assert.equal(isUp(server), false);
  const unnumbered = withTwo({}, { priority: 9 });
  assert.ok(unnumbered.world.run(10_000, both(unnumbered.client, unnumbered.other)));
});

test('where a server is not there or refuses, the next one is dialled at once', () => {
  for (const harm of [
    (theirs: Configuration) => theirs.vpdnGroups.clear(),
    (theirs: Configuration) => {
      theirs.vpdnGroups.get('callers')!.sessionLimit = 0;
    },
    (theirs: Configuration) => theirs.users.clear(),
  ]) {
    const { world, client, server, other } = withTwo({ priority: 1 }, { priority: 2 }, (_, theirs) => harm(theirs));
    // Sooner than a dialer dials again.
    assert.ok(world.run(900, both(client, other)), client.logs.join('\n'));
    world.run(30_000);
    assert.deepEqual([isUp(client), isUp(server), isUp(other)], [true, false, true]);
    assert.equal(client.router.view(world.now).pptpTunnels?.length, 1);
  }
});

test('a client whose server dies goes to the next one; the call there stays though the first be back', () => {
  const { world, client, server, other } = withTwo({ priority: 1 }, { priority: 2 });
  assert.ok(world.run(10_000, both(client, server)));
  world.kill(server);
  assert.ok(world.run(world.now + 60_000, both(client, other)), client.logs.join('\n'));
  world.restart(server);
  world.run(world.now + 120_000);
  assert.deepEqual([isUp(client), isUp(server), isUp(other)], [true, false, true]);
  world.input(client, { on: 'clear', what: { kind: 'interface', name: 'Dialer0' } });
  assert.ok(world.run(world.now + 60_000, both(client, server)), client.logs.join('\n'));
});

test('when no server is there the client asks each in turn, ever more seldom, and finds the one that comes back', () => {
  const { world, client, server, other } = withTwo({ priority: 1 }, { priority: 2 });
  for (const node of [server, other]) world.kill(node);
  world.run(3_600_000);
  const asked = client.logs.filter((line) => line.includes('UNREACH'));
  const to = (address: string) => asked.filter((line) => line.includes(address)).length;
  assert.equal(to(SERVER), to(SECOND), asked.slice(0, 20).join('\n'));
  assert.ok(to(SERVER) >= 60 && to(SERVER) <= 200, `${to(SERVER)} times in an hour`);
  world.restart(other);
  assert.ok(world.run(world.now + 60_000, both(client, other)));
});

test('two Dialers of one group: no more of them than its limit go to a server', () => {
  const { world, client, server, other } = withTwo({ priority: 1, limit: 1 }, { priority: 2, limit: 1 }, (ours) => {
    const { requestDialin } = ours.vpdnGroups.get('1')!;
    delete requestDialin!.rotaryGroup;
    requestDialin!.poolMember = 3;
    const first = ours.interfaces.get('Dialer0')!;
    for (const number of [0, 1, 2]) {
      const name = `Dialer${number}`;
      ours.interfaces.set(name, { ...first, name, ppp: { ...first.ppp }, dialerPool: 3 });
    }
  });
  world.run(20_000);
  const calls = (node: Node) => node.router.view(world.now).pptpSessions?.length ?? 0;
  assert.deepEqual([calls(client), calls(server), calls(other)], [2, 1, 1], client.logs.join('\n'));
  const why = client.router.view(world.now).failures.map(({ reason }) => reason);
  assert.deepEqual(why, ['no server of vpdn-group 1 has room for Dialer2']);
});

test('a server added, or another priority, leaves the call that stands alone; one removed ends it', () => {
  const { world, client, server, other } = withTwo({ priority: 2 }, { priority: 3 });
  assert.ok(world.run(10_000, both(client, server)));
  const edit = (servers: InitiateTo[]) => {
    const edited = pptpClient();
    edited.vpdnGroups.get('1')!.initiateTo = servers;
    const plan = client.router.impact(edited);
    world.input(client, { on: 'configure', configuration: edited });
    return plan.dropped;
  };
  assert.equal(
    edit([{ address: SERVER, priority: 2 }, { address: '172.24.13.198' }, { address: SECOND, priority: 1 }]),
    0,
  );
  world.run(world.now + 5000);
  assert.deepEqual([isUp(client), isUp(server)], [true, true]);
  assert.equal(edit([{ address: SECOND }]), 1);
  assert.ok(world.run(world.now + 30_000, both(client, other)));
  assert.equal(isUp(server), false);
});
