// The harness judged: the same scenarios over peers alone. While these pass and another fails, the fault is on our side.

import { TSHARK } from '../capture/tshark.ts';
import { Namespace } from '../support/namespace.ts';
import { hosted, NAMESPACES } from '../support/requirement.ts';
import { FREERADIUS } from './freeradius.ts';
import { Guest, USER_MODE_LINUX } from './guest.ts';
import { L2TPNS, L2tpns } from './l2tpns.ts';
import { play } from './scenario.ts';
import { XL2TPD, Xl2tpdClient, Xl2tpdServer } from './xl2tpd.ts';

const MILLIS = 150_000;
const CLIENT = '192.0.2.1';
const SERVER = '192.0.2.2';
const CREDENTIALS = { tunnelPassword: 'tunn3l', client: 'peer1', server: 'peer2', userPassword: 's3cret' };
const GUEST = [NAMESPACES, USER_MODE_LINUX, XL2TPD, TSHARK, { programs: ['tcpdump'] }];

hosted('peers alone: xl2tpd calls xl2tpd', GUEST, MILLIS, async (context) => {
  const namespace = Namespace.create();
  context.after(() => namespace.destroy());
  namespace.addTap('tap1');
  namespace.addTap('tap2');
  namespace.addBridge('wire', ['tap1', 'tap2']);
  const [near, far] = await Promise.all([
    Guest.boot({ namespace, tap: 'tap1', address: `${CLIENT}/24` }),
    Guest.boot({ namespace, tap: 'tap2', address: `${SERVER}/24` }),
  ]);
  context.after(() => Promise.all([near.kill(), far.kill()]));
  const pool = { local: '198.51.100.1', low: '198.51.100.10', high: '198.51.100.20' };
  await play(context, {
    client: await Xl2tpdClient.start(near, SERVER, CREDENTIALS),
    server: await Xl2tpdServer.start(far, pool, CREDENTIALS),
    hangsUp: 'client',
    wire: { namespace, device: 'wire' },
    hides: { client: false, server: false },
    outer: { client: CLIENT, server: SERVER },
  });
});

hosted('peers alone: xl2tpd calls l2tpns', [...GUEST, L2TPNS, FREERADIUS], MILLIS, async (context) => {
  const namespace = Namespace.create();
  context.after(() => namespace.destroy());
  namespace.addTap('tap1', `${SERVER}/24`);
  const guest = await Guest.boot({ namespace, tap: 'tap1', address: `${CLIENT}/24` });
  context.after(() => guest.kill());
  const server = await L2tpns.start({
    namespace,
    address: SERVER,
    pppAddress: '198.51.100.1',
    userAddress: '198.51.100.77',
    pool: '198.51.100.0/24',
    inside: '203.0.113.1',
    credentials: CREDENTIALS,
  });
  const client = await Xl2tpdClient.start(guest, SERVER, CREDENTIALS, '203.0.113.0/24');
  await play(context, {
    client,
    server,
    hangsUp: 'server',
    wire: { namespace, device: 'tap1' },
    hides: { client: false, server: false },
    outer: { client: CLIENT, server: SERVER },
  });
});
