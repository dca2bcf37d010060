// The harness judged: the same scenarios over peers alone. While these pass and another fails, the fault is on our side.

import { Namespace } from '../support/namespace.ts';
import { hosted } from '../support/requirement.ts';
import { FREERADIUS } from './freeradius.ts';
import { Guest } from './guest.ts';
import { L2TPNS, L2tpns } from './l2tpns.ts';
import {
  BEHIND,
  CREDENTIALS,
  GUEST_PEER,
  MILLIS,
  namespaceWithGuest,
  OUTER,
  OUTER_LENGTH,
  POOL,
  TAP,
} from './place.ts';
import { play } from './scenario.ts';
import { Xl2tpdClient, Xl2tpdServer } from './xl2tpd.ts';

hosted('peers alone: xl2tpd calls xl2tpd', GUEST_PEER, MILLIS, async (context) => {
  const namespace = Namespace.create();
  context.after(() => namespace.destroy());
  namespace.addTap('tap1');
  namespace.addTap('tap2');
  namespace.addBridge('wire', ['tap1', 'tap2']);
  const [near, far] = await Promise.all([
    Guest.boot({ namespace, tap: 'tap1', address: `${OUTER.client}/${OUTER_LENGTH}` }),
    Guest.boot({ namespace, tap: 'tap2', address: `${OUTER.server}/${OUTER_LENGTH}` }),
  ]);
  context.after(() => Promise.all([near.kill(), far.kill()]));
  await play(context, {
    client: () => Xl2tpdClient.start(near, OUTER.server, CREDENTIALS),
    server: () => Xl2tpdServer.start(far, POOL, CREDENTIALS),
    hangsUp: 'client',
    wire: { namespace, device: 'wire' },
    hides: { client: false, server: false },
    outer: OUTER,
  });
});

hosted('peers alone: xl2tpd calls l2tpns', [...GUEST_PEER, L2TPNS, FREERADIUS], MILLIS, async (context) => {
  const { namespace, guest } = await namespaceWithGuest(context, 'client');
  namespace.ip(`addr add ${OUTER.server}/${OUTER_LENGTH} dev ${TAP}`);
  await play(context, {
    client: () => Xl2tpdClient.start(guest, OUTER.server, CREDENTIALS, { behind: BEHIND.network }),
    server: () => L2tpns.start(namespace, CREDENTIALS),
    hangsUp: 'server',
    wire: { namespace, device: TAP },
    hides: { client: false, server: false },
    outer: OUTER,
  });
});
