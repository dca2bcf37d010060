// `show vpdn multilink`, `dead-cache`, `redirect` and `redundancy` (C165): features of IOS that this router does not have. The answer
// is what IOS prints where they are off, so that a script reads nothing there instead of an error.

import type { RouterView } from '../../vpdn/view.ts';
import { printable } from '../../wire/values.ts';
import { totalTunnels } from './rows.ts';

export type VpdnExtra = 'multilink' | 'dead-cache' | 'redirect' | 'redundancy';

export function* showVpdnExtra(view: RouterView, extra: VpdnExtra, group?: string): Generator<string> {
  if (group !== undefined && !view.configuration.vpdnGroups.has(group)) {
    return yield `% VPDN group ${printable(group)} not found`;
  }
  yield* LINES[extra](view);
}

const LINES: Readonly<Record<VpdnExtra, (view: RouterView) => readonly string[]>> = {
  multilink: () => ['Multilink Bundle Name        VPDN Group        Active links Reserved links Bundle/Link Limit'],
  'dead-cache': () => ['vpdn-group           ip address      down time'],
  redirect: () => [
    'vpdn redirection disabled',
    'Number of redirects as a NAS: 0',
    'Number of redirects as a tunnel server: 0',
  ],
  // Tunnels are the process's own: no other takes them over.
  redundancy: (view) => [
    'L2TP HA support: None',
    'L2TP HA Status:',
    '  Checkpoint Messaging on:    FALSE',
    '  Standby RP is up:           FALSE',
    `  L2TP Tunnels:     ${totalTunnels(view)}/0 (total/HA-enabled)`,
  ],
};
