// MPPE between whole routers, over PPTP and over L2TP: what either end may insist on, and what becomes of a session in clear (C124,
// The packets themselves are the packet path's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkCompression } from '../../src/ppp/events.ts';
import type { Configuration } from '../../src/vpdn/configuration.ts';
import type { Mppe } from '../../src/vpdn/configuration-interface.ts';
import type { TrafficObserver } from '../../src/vpdn/traffic-observer.ts';
import { clear } from './guide.ts';
import { pptpPair } from './pptp.ts';
import type { Node, World } from './world.ts';

const isUp = (node: Node) =>
  node.router.view(0).interfaces.some(({ lineProtocol, lcp }) => lineProtocol === 'up' && lcp === 'Opened');

interface Ends {
  readonly client?: Mppe;
  readonly server?: Mppe;
  readonly methods?: readonly ('chap' | 'ms-chap' | 'ms-chap-v2' | 'eap')[];
}

function mppePair({ client, server, methods = ['ms-chap-v2'] }: Ends) {
  return pptpPair((ours: Configuration, theirs: Configuration) => {
    theirs.interfaces.get('Virtual-Template1')!.ppp.mppe = server;
    theirs.interfaces.get('Virtual-Template1')!.ppp.authentication!.methods = [...methods];
    ours.interfaces.get('Dialer0')!.ppp.mppe = client;
    ours.interfaces.get('Dialer0')!.ppp.chapPassword = clear('s3cret');
  });
}

const mppe = (strength: Mppe['strength'], more: Partial<Mppe> = {}): Mppe => ({ strength, stateful: false, ...more });

/** What the packet path was told last. */
function told(node: Node): LinkCompression | undefined {
  const sessions = node.effects.flatMap((effect) =>
    effect.do === 'open-session' || effect.do === 'update-session' ? [effect.session] : [],
  );
  return sessions.at(-1)?.compression;
}

function runUntilUp({ world, client, server }: { world: World; client: Node; server: Node }): void {
  assert.ok(
    world.run(10_000, () => isUp(client) && isUp(server)),
    [...client.logs, ...server.logs].join('\n'),
  );
}

function assertJoined({ client, server }: { client: Node; server: Node }, bits: number, stateful: boolean): void {
  const [near, far] = [told(client)!, told(server)!];
  assert.deepEqual(near.transmit, far.receive);
  assert.deepEqual(near.receive, far.transmit);
  for (const each of [near.transmit, near.receive]) {
    assert.equal(each?.mppe?.bits, bits);
    assert.equal(each.mppe.stateful, stateful);
  }
  // RFC 3079 §3.3: each direction has a key of its own.
  assert.notDeepEqual(near.transmit?.mppe?.startKey, near.receive?.mppe?.startKey);
}

for (const [name, client, server, bits, stateful] of [
  ['both ends 128', mppe('128'), mppe('128'), 128, false],
  ['both ends 40', mppe('40'), mppe('40'), 40, false],
  ['auto with auto', mppe('auto'), mppe('auto'), 128, false],
  ['auto with 40', mppe('auto'), mppe('40', { demand: 'required' }), 40, false],
  ['40 with auto', mppe('40', { demand: 'required' }), mppe('auto'), 40, false],
  ['a passive server', mppe('128'), mppe('auto', { demand: 'passive' }), 128, false],
  ['both ends stateful', mppe('128', { stateful: true }), mppe('128', { stateful: true }), 128, true],
  ['a server that insists on stateful', mppe('128'), mppe('128', { stateful: true, demand: 'required' }), 128, true],
  ['both require', mppe('128', { demand: 'required' }), mppe('128', { demand: 'required' }), 128, false],
] as const) {
  test(`C124: ${name}: ${bits} bits, ${stateful ? 'stateful' : 'stateless'}`, () => {
    const ends = mppePair({ client, server });
    runUntilUp(ends);
    ends.world.run(ends.world.now + 3000);
    assertJoined(ends, bits, stateful);
  });
}

test('EAP leaves keys as MS-CHAP-V2 does', () => {
  const ends = mppePair({ client: mppe('128', { demand: 'required' }), server: mppe('128'), methods: ['eap'] });
  runUntilUp(ends);
  assertJoined(ends, 128, false);
});

for (const side of ['client', 'server'] as const) {
  const other = side === 'client' ? 'server' : 'client';
  test(`C124: the ${side} requires it, the ${other} has none: no session, and both say why`, () => {
    const ends = mppePair({ [side]: mppe('128', { demand: 'required' }) });
    ends.world.run(10_000);
    assert.deepEqual([isUp(ends.client), isUp(ends.server)], [false, false]);
    for (const node of [ends.client, ends.server]) {
      assert.ok(
        node.logs.some((line) => line.includes('MPPE is required')),
        node.logs.join('\n'),
      );
    }
    assert.ok(ends[side].router.view(0).failures.some(({ code }) => code === 'PPP-408'));
    assert.ok(!ends[other].effects.some((effect) => effect.do === 'update-session' && effect.session.networkUp));
  });

  test(`C124: strengths that have nothing in common, required by the ${side}: no session`, () => {
    const ends = mppePair({ [side]: mppe('128', { demand: 'required' }), [other]: mppe('40') });
    ends.world.run(10_000);
    assert.deepEqual([isUp(ends.client), isUp(ends.server)], [false, false]);
  });
}

test('R-043: without MS-CHAP there are no keys, and the reason is said', () => {
  const ends = mppePair({ server: mppe('128', { demand: 'required' }), client: mppe('128'), methods: ['chap'] });
  ends.world.run(10_000);
  assert.equal(isUp(ends.client), false);
  assert.ok(
    ends.server.logs.some((line) => line.includes('there are no keys')),
    ends.server.logs.join('\n'),
  );
});

test('C124: what nobody requires goes on in clear with a peer that has none', () => {
  const ends = mppePair({ server: mppe('128') });
  runUntilUp(ends);
  assert.deepEqual(told(ends.server), { transmit: undefined, receive: undefined, required: false });
});

test('C124: nothing passes before MPPE has been agreed on, where it is required', () => {
  const ends = mppePair({ client: mppe('128'), server: mppe('128', { demand: 'required' }) });
  runUntilUp(ends);
  const rows = ends.server.effects.flatMap((effect) => (effect.do === 'update-session' ? [effect.session] : []));
  assert.equal(rows.find(({ compression }) => compression !== undefined)?.compression?.required, true);
  assert.ok(rows.every(({ networkUp, compression }) => !networkUp || compression?.transmit !== undefined));
});

test('R-182: the flow-control alarm makes a stateful session stateless, with keys begun anew', () => {
  const stateful = mppe('128', { stateful: true });
  const ends = mppePair({ client: mppe('128'), server: stateful });
  runUntilUp(ends);
  assertJoined(ends, 128, true);
  const before = told(ends.server)!.transmit!.generation;
  const [session] = ends.server.router.view(0).pptpSessions!;
  ends.world.input(ends.server, { on: 'flow-alarm', tunnel: 0x1_0000, session: session!.localId });
  ends.world.run(ends.world.now + 3000);
  const [near, far] = [told(ends.client)!, told(ends.server)!];
  assert.equal(far.transmit?.mppe?.stateful, false);
  assert.equal(near.transmit?.mppe?.stateful, false);
  assert.ok(far.transmit.generation > before);
  assert.ok(isUp(ends.client) && isUp(ends.server));
  assert.ok(ends.server.logs.some((line) => line.includes('FLOW_ALARM')));
  assert.equal(session!.flow.fellBack, undefined);
  assert.equal(ends.server.router.view(0).pptpSessions![0]!.flow.fellBack, true);
  // What the packet path has counted, which a simulation has none of.
  const observer = { mppe: () => ({ bits: 128, stateful: false }), interface: () => undefined };
  const shown = ends.server.router.view(0, observer as unknown as TrafficObserver);
  assert.equal(shown.rows?.mppe('Virtual-Access1')?.fellBack, true);
});

test('a packet that was lost is made up for by a Reset-Request, and the other end begins anew', () => {
  const ends = mppePair({ client: mppe('128', { stateful: true }), server: mppe('128', { stateful: true }) });
  runUntilUp(ends);
  const [session] = ends.server.router.view(0).pptpSessions!;
  ends.world.input(ends.server, { on: 'compression-lost', tunnel: 0x1_0000, session: session!.localId });
  ends.world.run(ends.world.now + 1000);
  const flushed = ends.client.effects.flatMap((effect) =>
    effect.do === 'update-session' ? [effect.session.compressionFlushes ?? 0] : [],
  );
  assert.equal(flushed.at(-1), 1);
});
