// Standard access lists: which addresses a list lets through. The first line that matches decides.

import { readIpv4 } from '../wire/ip.ts';
import type { AccessList } from './configuration-system.ts';

/** A list that is not there lets everybody through, as in IOS; one that is there ends in `deny any`. */
export function permits(list: AccessList | undefined, address: string): boolean {
  if (list === undefined || list.lines.length === 0) return true;
  const asked = readIpv4(address);
  if (asked === undefined) return false;
  for (const line of list.lines) {
    if ('remark' in line) continue;
    const mask = ~(readIpv4(line.wildcard) ?? 0);
    if ((asked & mask) === ((readIpv4(line.address) ?? 0) & mask)) return line.action === 'permit';
  }
  return false;
}
