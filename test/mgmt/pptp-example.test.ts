// The guide's PPTP example completed, and the client beside it: as files an operator runs.

import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { hosted } from '../support/requirement.ts';
import { waitFor } from '../support/wait.ts';
import { PAIR, Pair } from './pair.ts';

const EXAMPLE = new URL('../../examples/guide-pptp/', import.meta.url);

hosted(
  'R-224: the examples of PPTP bring an encrypted call up, and say at start that it is weak',
  [PAIR],
  60_000,
  async () => {
    const pair = new Pair();
    try {
      for (const side of ['server', 'client'] as const) {
        copyFileSync(new URL(`${side}.conf`, EXAMPLE), pair.configPath(side));
      }
      const server = await pair.start('server');
      await pair.start('client');
      await waitFor('the call to come up', 30_000, async () => {
        const { text } = await pair.exec('client', 'show ip interface brief | include Dialer');
        return /10\.30\.30\.1\s.*up\s+up/.test(text);
      });
      const { text: encrypted } = await pair.exec('client', 'show ppp mppe dialer 0');
      assert.match(encrypted, /128 bit encryption, Stateless mode/);
      // the card of the example, which is a thread here.
      const { text: card } = await pair.exec('server', 'show ppp mppe virtual-access 1');
      assert.match(card, /Hardware \(ISA5\/0, flow_id=\d+\) encryption/);
      const { text: controllers } = await pair.exec('server', 'show controllers isa');
      assert.match(controllers, /Encryption: MPPE, in threads of its own/);
      const { text: sessions } = await pair.exec('server', 'show vpdn session all');
      assert.match(sessions, /Session username is alice, state is estabd/);
      const { text: routes } = await pair.exec('client', 'show ip route');
      assert.match(routes, /10\.10\.10\.0 is directly connected, Dialer0/);
      assert.match(
        server.output,
        /%VPDN-4-CONFIG_WARN: CFG-176 vpdn-group pptp1 speaks PPTP: .*; use L2TP inside IPsec or WireGuard/,
      );
    } finally {
      await pair.close();
    }
  },
);
