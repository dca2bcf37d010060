// Names and addresses that all interop scenarios share, and the two-ended wires they are played on.

import type { TestContext } from 'node:test';
import { TSHARK } from '../capture/tshark.ts';
import { Namespace } from '../support/namespace.ts';
import { NAMESPACES, type Needs } from '../support/requirement.ts';
import type { Credentials } from './endpoint.ts';
import { Guest, USER_MODE_LINUX } from './guest.ts';
import { PPTP_LINUX } from './pptp-linux.ts';
import { PPTPD } from './pptpd.ts';
import { QEMU } from './qemu.ts';
import { XL2TPD } from './xl2tpd.ts';

/** The tunnel's ends (RFC 5737's documentation networks throughout; nothing has a way out of its namespace). */
export const OUTER = { client: '192.0.2.1', server: '192.0.2.2' } as const;
export const OUTER_LENGTH = 24;

/** The same in the files of `configuration/`. */
export const CREDENTIALS: Credentials = {
  tunnelPassword: 'tunn3l',
  client: 'peer1',
  server: 'peer2',
  userPassword: 's3cret',
};

export const POOL = { local: '198.51.100.1', low: '198.51.100.10', high: '198.51.100.20' } as const;

/** Behind l2tpns: its own addresses cannot be reached through the tunnel. */
export const BEHIND = { network: '203.0.113.0/24', host: '203.0.113.1' } as const;

/** 1,500 less IPv4, UDP, L2TP with its Length field, and PPP: what our router announces as its MRU. */
export const LARGEST = 1460;

/** Numbers of PPP protocols that we do not speak, as tshark takes them. */
export const [IPV6CP, CCP] = ['0x8057', '0x80fd'] as const;

export const CAPTURE: Needs = { programs: ['tcpdump'] };
export const GUEST_PEER: readonly Needs[] = [NAMESPACES, USER_MODE_LINUX, XL2TPD, TSHARK, CAPTURE];

export const PPTP_PEER: readonly Needs[] = [NAMESPACES, USER_MODE_LINUX, PPTP_LINUX, PPTPD, TSHARK, CAPTURE];

/** A guest whose kernel has L2TPv3. */
export const KERNEL_PEER: readonly Needs[] = [NAMESPACES, QEMU, TSHARK, CAPTURE];

/** A plain call takes some fifteen seconds; a busy machine gets ten times that. */
export const MILLIS = 150_000;

export const TAP = 'tap1';

/** A namespace with one tap, a guest at the other end of it. Gone when the test is. */
export async function namespaceWithGuest(
  context: TestContext,
  guestIs: 'client' | 'server',
  modules?: readonly string[],
): Promise<{ namespace: Namespace; guest: Guest }> {
  const namespace = Namespace.create();
  context.after(() => namespace.destroy());
  namespace.addTap(TAP);
  const address = `${OUTER[guestIs]}/${OUTER_LENGTH}`;
  const guest = await Guest.boot({ namespace, tap: TAP, address, ...(modules && { modules }) });
  context.after(() => guest.kill());
  return { namespace, guest };
}
