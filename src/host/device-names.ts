// Which Linux device stands behind an IOS interface. Physical ones are looked up by `links.ts`, since only Linux knows them.

import { SHARED_DEVICE } from '../vpdn/events.ts';
import { parseInterfaceName } from '../vpdn/interface-name.ts';

/** One TUN for all Virtual-Access interfaces, one for each Virtual-PPP; loopbacks share `lo`. Undefined: a physical one. */
export function virtualDeviceName(interfaceName: string): string | undefined {
  if (interfaceName === SHARED_DEVICE) return 'vpdn0';
  const parsed = parseInterfaceName(interfaceName);
  if (parsed?.kind === 'Virtual-PPP') return `vppp${parsed.number}`;
  if (parsed?.kind === 'Loopback') return 'lo';
  return undefined;
}
