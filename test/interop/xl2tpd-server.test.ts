// Our client calls xl2tpd, pppd and the kernel's L2TP. Each end authenticates the other by CHAP.

import { hosted } from '../support/requirement.ts';
import {
  CCP,
  CREDENTIALS,
  GUEST_PEER,
  IPV6CP,
  LARGEST,
  MILLIS,
  namespaceWithGuest,
  OUTER,
  POOL,
  TAP,
} from './place.ts';
import { Router } from './router.ts';
import { play } from './scenario.ts';
import { Xl2tpdServer } from './xl2tpd.ts';

hosted('interop: xl2tpd as server of our client', GUEST_PEER, MILLIS, async (context) => {
  const { namespace, guest } = await namespaceWithGuest(context, 'server');
  await play(context, {
    client: () => Router.start(namespace, 'client-of-xl2tpd.conf'),
    server: () => Xl2tpdServer.start(guest, POOL, CREDENTIALS),
    hangsUp: 'server',
    wire: { namespace, device: TAP },
    hides: { client: true, server: false },
    outer: OUTER,
    unfragmented: LARGEST,
    rejected: [IPV6CP, CCP],
  });
});
