// Our client is told to use L2TPv3, which xl2tpd does not know: it drops what is not of version 2. RFC 3931 §4.7.3: fall back.

import assert from 'node:assert/strict';
import { hosted } from '../support/requirement.ts';
import { CREDENTIALS, GUEST_PEER, MILLIS, namespaceWithGuest, POOL } from './place.ts';
import { Router } from './router.ts';
import { Xl2tpdServer } from './xl2tpd.ts';

function asL2tpv3(text: string): string {
  const changed = text
    .replace('encapsulation l2tpv2', 'encapsulation l2tpv3')
    .replace(/^ protocol l2tpv2 (.*)$/m, ' protocol l2tpv3 $1\n ip protocol udp');
  assert.match(changed, /ip protocol udp/);
  return changed;
}

hosted('interop: a client of L2TPv3 finds xl2tpd by L2TPv2', GUEST_PEER, MILLIS, async (context) => {
  const { namespace, guest } = await namespaceWithGuest(context, 'server');
  const server = await Xl2tpdServer.start(guest, POOL, CREDENTIALS);
  const client = await Router.start(namespace, 'client-of-xl2tpd.conf', { change: asL2tpv3 });
  const { remote } = await client.established();
  const { stdout } = await namespace.run(['ping', '-n', '-c', '3', '-i', '0.2', '-W', '2', remote]);
  assert.match(stdout, / 3 received/);
  const { stdout: log } = await client.exec('show logging');
  assert.match(log, /%VPDN-5-FALLBACK: Virtual-PPP1: no answer to L2TPv3 from 192\.0\.2\.\d+, falling back to L2TPv2/);
  const { stdout: tunnels } = await client.exec('show vpdn tunnel');
  assert.match(tunnels, /est/, tunnels);
  await client.shutDown();
  await server.shutDown();
});
