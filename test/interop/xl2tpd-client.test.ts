// xl2tpd, pppd and the kernel's L2TP call our server. Password and CHAP as configured; what we hide, xl2tpd must unhide.

import { hosted } from '../support/requirement.ts';
import { CCP, CREDENTIALS, GUEST_PEER, IPV6CP, LARGEST, MILLIS, namespaceWithGuest, OUTER, TAP } from './place.ts';
import { Router } from './router.ts';
import { play } from './scenario.ts';
import { Xl2tpdClient } from './xl2tpd.ts';

hosted('interop: xl2tpd as client of our server', GUEST_PEER, MILLIS, async (context) => {
  const { namespace, guest } = await namespaceWithGuest(context, 'client');
  await play(context, {
    client: () => Xl2tpdClient.start(guest, OUTER.server, CREDENTIALS),
    server: () => Router.start(namespace, 'server-of-xl2tpd.conf'),
    hangsUp: 'client',
    wire: { namespace, device: TAP },
    // Its "hidden bit" only sends Random Vectors.
    hides: { client: false, server: true },
    outer: OUTER,
    unfragmented: LARGEST,
    rejected: [IPV6CP, CCP],
  });
});
