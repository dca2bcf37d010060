// Lines that guard something on a router of metal and are kept here without doing so: whoever relies on them must know.

import type { Configuration } from '../../vpdn/configuration.ts';
import { everyInert } from '../../vpdn/configuration-inert.ts';
import type { Findings } from './finding.ts';

export function checkGuards({ inert }: Configuration, findings: Findings): void {
  for (const { text, under, standing } of everyInert(inert)) {
    const guard = GUARDS.find(({ begins }) => begins.test(text));
    if (guard === undefined || standing.class !== 'not-supported' || under.length === 0) continue;
    const sentence = `\`${text}\` under ${under.join(' / ')} does nothing here: ${guard.means}`;
    findings.add('CFG-195', sentence, guard.remedy);
  }
}

const GUARDS = [
  {
    begins: /^(ip access-group|ipv6 traffic-filter)\b/,
    means: 'packets are not filtered',
    remedy: 'filter with nftables on the Linux device',
  },
  { begins: /^(ip inspect|zone-member)\b/, means: 'there is no firewall', remedy: 'use nftables on the Linux device' },
  { begins: /^crypto map\b/, means: 'packets leave in the clear', remedy: 'let strongSwan protect the tunnel' },
  { begins: /^ip verify\b/, means: 'sources are not checked', remedy: 'set rp_filter of the Linux device' },
  { begins: /^ip nat\b/, means: 'addresses are not translated', remedy: 'use nftables (masquerade)' },
] as const;
