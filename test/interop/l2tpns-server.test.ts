// Our client calls Debian's l2tpns; both are processes of this host, in a namespace each, with a cable between them.

import { TSHARK } from '../capture/tshark.ts';
import { connect, Namespace } from '../support/namespace.ts';
import { hosted, NAMESPACES } from '../support/requirement.ts';
import { FREERADIUS } from './freeradius.ts';
import { L2TPNS, L2tpns } from './l2tpns.ts';
import { CAPTURE, CREDENTIALS, LARGEST, MILLIS, OUTER, OUTER_LENGTH } from './place.ts';
import { Router } from './router.ts';
import { play } from './scenario.ts';

const NEEDS = [NAMESPACES, L2TPNS, FREERADIUS, TSHARK, CAPTURE];

hosted('interop: l2tpns as server of our client', NEEDS, MILLIS, async (context) => {
  const near = Namespace.create();
  context.after(() => near.destroy());
  const far = Namespace.create();
  context.after(() => far.destroy());
  connect(
    { namespace: near, device: 'veth1' },
    { namespace: far, device: 'veth2', cidr: `${OUTER.server}/${OUTER_LENGTH}` },
  );
  await play(context, {
    client: () => Router.start(near, 'client-of-l2tpns.conf'),
    server: () => L2tpns.start(far, CREDENTIALS),
    hangsUp: 'server',
    wire: { namespace: near, device: 'veth1' },
    // It understands hidden AVPs and sends none; it answers our tunnel's Challenge and never challenges.
    hides: { client: true, server: false },
    outer: OUTER,
    unfragmented: LARGEST,
  });
});
