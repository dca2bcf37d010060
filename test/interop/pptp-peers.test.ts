// The harness of PPTP judged: pptp-linux calls pptpd, no code of ours. While this passes and another fails, the fault is ours.

import { Namespace } from '../support/namespace.ts';
import { hosted } from '../support/requirement.ts';
import { MEGABYTE } from '../support/transfer.ts';
import { Guest } from './guest.ts';
import { CREDENTIALS, MILLIS, OUTER, OUTER_LENGTH, POOL, PPTP_PEER } from './place.ts';
import { PPTP_MODULES } from './pptp.ts';
import { PptpLinux } from './pptp-linux.ts';
import { type Mppe, nameOf, playPptp } from './pptp-scenario.ts';
import { Pptpd } from './pptpd.ts';

/** One kind: what differs between them is for the tests of our own ends. */
const TRIED: readonly Mppe[] = [{ bits: 40, mode: 'stateful' }];

hosted('peers alone: pptp-linux calls pptpd', PPTP_PEER, MILLIS, async (context) => {
  const namespace = Namespace.create();
  context.after(() => namespace.destroy());
  namespace.addTap('tap1');
  namespace.addTap('tap2');
  namespace.addBridge('wire', ['tap1', 'tap2']);
  const [near, far] = await Promise.all([
    Guest.boot({ namespace, tap: 'tap1', address: `${OUTER.client}/${OUTER_LENGTH}`, modules: PPTP_MODULES }),
    Guest.boot({ namespace, tap: 'tap2', address: `${OUTER.server}/${OUTER_LENGTH}`, modules: PPTP_MODULES }),
  ]);
  context.after(() => Promise.all([near.kill(), far.kill()]));
  const { client: user, server: name, userPassword: password } = CREDENTIALS;
  for (const mppe of TRIED) {
    await context.test(nameOf(mppe), async (each) => {
      await playPptp(each, {
        mppe,
        client: async () => {
          return new PptpLinux(near, OUTER.server, { user, password, mppe, insists: mppe.mode === 'stateful' });
        },
        server: () => Pptpd.start(far, { name, user, password, pool: POOL, mppe }),
        password,
        hangsUp: 'client',
        wire: { namespace, device: 'wire' },
        octets: MEGABYTE / 2,
      });
    });
  }
});
