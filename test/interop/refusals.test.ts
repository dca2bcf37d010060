// What a real peer is told when a call cannot be: the right result code, and on our side a cause that names the remedy.

import assert from 'node:assert/strict';
import { hosted } from '../support/requirement.ts';
import type { Credentials } from './endpoint.ts';
import { CREDENTIALS, GUEST_PEER, MILLIS, namespaceWithGuest, OUTER } from './place.ts';
import { Router } from './router.ts';
import { type ClientOptions, Xl2tpdClient } from './xl2tpd.ts';

hosted('interop: xl2tpd is refused by our server, and told why', GUEST_PEER, MILLIS, async (context) => {
  const { namespace, guest } = await namespaceWithGuest(context, 'client');
  const server = await Router.start(namespace, 'server-of-xl2tpd.conf');

  const call = (
    name: string,
    change: Partial<Credentials>,
    options: ClientOptions,
    body: (c: Xl2tpdClient) => Promise<void>,
  ) =>
    context.test(name, async () => {
      const client = await Xl2tpdClient.start(guest, OUTER.server, { ...CREDENTIALS, ...change }, options);
      try {
        await client.dial();
        await body(client);
      } finally {
        await client.shutDown();
      }
    });

  const wrongTunnelPassword = { tunnelPassword: 'another' };
  // Without a Challenge of its own, or xl2tpd would end the tunnel itself, over our answer.
  const unchallenging = { challenge: false };
  await call(
    'RFC 2661 §4.4.2: wrong tunnel password, result code 4',
    wrongTunnelPassword,
    unchallenging,
    async (client) => {
      await client.said(/peer closing for reason 4 /);
      await assertExplained(server, 'L2T-302');
    },
  );
  await call('RFC 2661 §4.4.2: unknown host name, result code 4', { client: 'stranger' }, {}, async (client) => {
    await client.said(/peer closing for reason 4 /);
    await assertExplained(server, 'L2T-301');
  });
  await call(
    'RFC 1994 §4.2: wrong user password, a Failure and a CDN',
    { userPassword: 'another' },
    {},
    async (client) => {
      await client.said(/CHAP authentication failed/);
      await client.said(/Connection closed to .*, serial/);
      await assertExplained(server, 'AUT-503');
    },
  );
  await call('the right passwords still get in', {}, {}, async (client) => {
    await client.established();
  });
});

/** The newest failure in the history has this code, and with it its remedy. */
async function assertExplained(server: Router, code: string): Promise<void> {
  const { stdout, status } = await server.exec('show vpdn history failure');
  assert.equal(status, 0, stdout);
  assert.equal(/vpdn code\s*: (\S+)/.exec(stdout)?.[1], code, stdout);
}
