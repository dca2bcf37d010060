// Users whose secret is a hash: PAP waits for the thread that computes it, CHAP cannot work, and the operator is told why.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword } from '../../src/crypto/password-hash.ts';
import type { Configuration } from '../../src/vpdn/configuration.ts';
import { CLIENT, clear, guideClient, guideServer, SERVER } from './guide.ts';
import { type Node, World } from './world.ts';

const HASH = hashPassword('s3cret', new Uint8Array(14));

/** The client says PAP, the server keeps a hash. */
function pair(password: string, method: 'pap' | 'chap' = 'pap', username = 'peer1') {
  const client = guideClient();
  const virtualPpp = client.interfaces.get('Virtual-PPP1')!;
  virtualPpp.ppp.authentication = undefined;
  virtualPpp.ppp.papSentUsername = { username, password: clear(password) };
  const server = guideServer();
  server.users.set('peer1', { name: 'peer1', secret: { type: 9, text: HASH } });
  server.interfaces.get('Virtual-Template1')!.ppp.authentication!.methods = [method];
  return start(client, server);
}

function start(client: Configuration, server: Configuration) {
  const world = new World(1);
  const lns = world.add('server', SERVER, server);
  const lac = world.add('client', CLIENT, client);
  return { world, lns, lac };
}

const codes = (node: Node) => node.router.view(0).failures.map(({ code }) => code);
const established = (node: Node) => {
  const { interfaces } = node.router.view(0);
  return interfaces.some(({ name, lineProtocol }) => name === 'Virtual-Access1' && lineProtocol === 'up');
};

test('RFC 1334 §2.2: PAP against a hash comes up once the hash is computed', () => {
  const { world, lns } = pair('s3cret');
  assert.ok(
    world.run(2000, () => established(lns)),
    lns.logs.join('\n'),
  );
  assert.equal(lns.router.view(0).sessions[0]?.username, 'peer1');
  assert.equal(lns.effects.filter((effect) => effect.do === 'check-secret').length, 1);
});

test('a wrong password is refused, and the history says which of the two it was', () => {
  const { world, lns } = pair('wrong');
  world.run(1000, () => codes(lns).length > 0);
  assert.equal(codes(lns)[0], 'AUT-503');
});

test('an unknown user takes the same way', () => {
  const { world, lns } = pair('s3cret', 'pap', 'nobody');
  world.run(1000, () => codes(lns).length > 0);
  assert.equal(codes(lns)[0], 'AUT-502');
  assert.equal(lns.effects.filter((effect) => effect.do === 'check-secret').length, 1);
});

test('CHAP against a hash fails with its reason', () => {
  const { world, lns } = pair('s3cret', 'chap');
  world.run(2000, () => codes(lns).length > 0);
  assert.equal(codes(lns)[0], 'AUT-504');
});

test('an answer for a call that is over, or for another question, changes nothing', () => {
  const { world, lns } = pair('s3cret');
  world.run(2000, () => lns.effects.some((effect) => effect.do === 'check-secret'));
  const asked = lns.effects.find((effect) => effect.do === 'check-secret')!;
  assert.ok(asked.do === 'check-secret');
  const { tunnel, session, call, request } = asked;
  const answer = { on: 'secret-checked', tunnel, session, matches: true } as const;
  world.input(lns, { ...answer, call: call + 1, request });
  world.input(lns, { ...answer, call, request: request + 1 });
  world.input(lns, { ...answer, session: session + 1, call, request });
  assert.equal(established(lns), false);
});
