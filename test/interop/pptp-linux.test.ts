// pptp-linux and pppd call our PPTP server, with each MPPE that pppd can ask for.

import assert from 'node:assert/strict';
import { hosted } from '../support/requirement.ts';
import { MEGABYTE } from '../support/transfer.ts';
import { CREDENTIALS, MILLIS, namespaceWithGuest, OUTER, PPTP_PEER, TAP } from './place.ts';
import { PPTP_MODULES } from './pptp.ts';
import { PptpLinux } from './pptp-linux.ts';
import { KINDS, nameOf, playPptp, requiring } from './pptp-scenario.ts';
import { Router } from './router.ts';
import { agree } from './stage.ts';

hosted('interop: pptp-linux as client of our server', PPTP_PEER, 2 * MILLIS, async (context) => {
  const { namespace, guest } = await namespaceWithGuest(context, 'client', PPTP_MODULES);
  const { client: user, userPassword: password } = CREDENTIALS;
  await context.test('our server clears the call: pptp-linux resets TCP then, which is no failure', async () => {
    const server = await Router.start(namespace, 'server-of-pptp-linux.conf', requiring(undefined));
    const client = new PptpLinux(guest, OUTER.server, { user, password });
    try {
      for (const command of ['clear interface virtual-access 1', 'clear vpdn tunnel pptp all']) {
        await client.dial();
        await agree(client, server);
        const { status, stdout } = await server.exec(command);
        assert.equal(status, 0, stdout);
        await client.peerEnded();
        await server.peerEnded();
      }
      const failures = (await server.exec('show vpdn history failure')).stdout;
      assert.doesNotMatch(failures, /PTP-\d/, server.explain());
    } finally {
      await client.shutDown();
      await server.shutDown();
    }
  });
  for (const mppe of KINDS) {
    await context.test(nameOf(mppe), async (each) => {
      await playPptp(each, {
        mppe,
        client: async () => new PptpLinux(guest, OUTER.server, { user, password, mppe }),
        server: () => Router.start(namespace, 'server-of-pptp-linux.conf', requiring(mppe)),
        password,
        hangsUp: 'client',
        wire: { namespace, device: TAP },
        octets: MEGABYTE / 2,
        bulk: mppe && 20 * MEGABYTE,
      });
    });
  }
});
