// The whole link: two of them, or one and a hand-made peer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pair } from './pair.ts';

test('RFC 1661 §3: two routers that challenge each other reach the network phase, one given its address', () => {
  const secrets = { peer1: 'secret', peer2: 'secret' };
  const pair = new Pair(
    { settings: { localName: 'peer1', authenticate: ['chap'] }, secrets },
    {
      settings: { localName: 'peer2', authenticate: ['chap'], ipcp: { localAddress: '10.1.1.1', requestDns: false } },
      secrets,
      assignment: { assign: '10.1.1.2', dns: [], nbns: [] },
    },
  );
  pair.up().run(1000);
  assert.deepEqual(
    [pair.a.link.phase, pair.b.link.phase, pair.a.link.username, pair.b.link.username],
    ['UP', 'UP', 'peer2', 'peer1'],
  );
  assert.deepEqual(pair.a.all('network-up'), [
    { do: 'network-up', protocol: 'IPCP', localAddress: '10.1.1.2', peerAddress: '10.1.1.1', dns: [] },
  ]);
  assert.deepEqual(pair.b.all('network-up'), [
    { do: 'network-up', protocol: 'IPCP', localAddress: '10.1.1.1', peerAddress: '10.1.1.2', dns: [] },
  ]);
});
