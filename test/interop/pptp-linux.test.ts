// pptp-linux and pppd call our PPTP server, with each MPPE that pppd can ask for.

import { hosted } from '../support/requirement.ts';
import { MEGABYTE } from '../support/transfer.ts';
import { CREDENTIALS, MILLIS, namespaceWithGuest, OUTER, PPTP_PEER, TAP } from './place.ts';
import { PPTP_MODULES } from './pptp.ts';
import { PptpLinux } from './pptp-linux.ts';
import { KINDS, nameOf, playPptp, requiring } from './pptp-scenario.ts';
import { Router } from './router.ts';

hosted('interop: pptp-linux as client of our server', PPTP_PEER, MILLIS, async (context) => {
  const { namespace, guest } = await namespaceWithGuest(context, 'client', PPTP_MODULES);
  const { client: user, userPassword: password } = CREDENTIALS;
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
      });
    });
  }
});
