// Our PPTP client calls Debian's pptpd, with each MPPE that its pppd can ask for.

import { hosted } from '../support/requirement.ts';
import { MEGABYTE } from '../support/transfer.ts';
import { CREDENTIALS, MILLIS, namespaceWithGuest, POOL, PPTP_PEER, TAP } from './place.ts';
import { PPTP_MODULES } from './pptp.ts';
import { KINDS, nameOf, playPptp, requiring } from './pptp-scenario.ts';
import { Pptpd } from './pptpd.ts';
import { Router } from './router.ts';

hosted('interop: pptpd as server of our client', PPTP_PEER, 2 * MILLIS, async (context) => {
  const { namespace, guest } = await namespaceWithGuest(context, 'server', PPTP_MODULES);
  const { client: user, server: name, userPassword: password } = CREDENTIALS;
  for (const mppe of KINDS) {
    await context.test(nameOf(mppe), async (each) => {
      await playPptp(each, {
        mppe,
        client: () => Router.start(namespace, 'client-of-pptpd.conf', requiring(mppe)),
        server: () => Pptpd.start(guest, { name, user, password, pool: POOL, mppe }),
        password,
        hangsUp: 'server',
        wire: { namespace, device: TAP },
        octets: MEGABYTE / 2,
        bulk: mppe && 20 * MEGABYTE,
      });
    });
  }
});
