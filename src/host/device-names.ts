// Which Linux device stands behind an IOS interface. Physical ones are looked up by `links.ts`, since only Linux knows them.

import { SHARED_DEVICE } from '../vpdn/events.ts';
import { parseInterfaceName } from '../vpdn/interface-name.ts';

/** One TUN for all Virtual-Access interfaces, one for each Virtual-PPP and Dialer; loopbacks share `lo`. Undefined: a physical one. */
export function virtualDeviceName(interfaceName: string): string | undefined {
  if (interfaceName === SHARED_DEVICE) return 'vpdn0';
  const parsed = parseInterfaceName(interfaceName);
  if (parsed?.kind === 'Virtual-PPP') return `vppp${parsed.number}`;
  if (parsed?.kind === 'Dialer') return `dialer${parsed.number}`;
  if (parsed?.kind === 'Loopback') return 'lo';
  return undefined;
}

/** The TAP of an Ethernet interface that is ours alone: `vpet0-1` of Ethernet0/1. Undefined: that is no name of an interface. */
export function tapDeviceName(interfaceName: string): string | undefined {
  const parsed = parseInterfaceName(interfaceName);
  if (parsed === undefined) return undefined;
  const number = parsed.number.replaceAll('/', '-').replaceAll(':', '_');
  return `vp${parsed.type.slice(0, 2).toLowerCase()}${number}`.slice(0, LONGEST);
}

/** Of a device's name in Linux. */
const LONGEST = 15;
