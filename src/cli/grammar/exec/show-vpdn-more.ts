// What IOS can show of L2TP classes, counters, cross connects, VPDN groups and MPPE (C146, C148, C149, C163, C165).

import type { CounterKind } from '../../show/l2tp-counters.ts';
import type { VpdnExtra } from '../../show/vpdn-extras.ts';
import type { GroupPart } from '../../show/vpdn-group.ts';
import { address, choice, flag, interfaceName, name, oneOf, optional, sequence, word } from '../../syntax.ts';
import { ALL_INTERFACES, type ExecDefinition, shown, USER } from './definition.ts';

export type ShowVpdnMoreCommand =
  | { readonly exec: 'show-l2tp-class' }
  | { readonly exec: 'show-l2tp-counters'; readonly kind?: CounterKind }
  | { readonly exec: 'show-l2tp-memory' }
  | {
      readonly exec: 'show-xconnect';
      readonly detail: boolean;
      readonly interfaceName?: string;
      readonly peer?: string;
    }
  /** Canonical. */
  | { readonly exec: 'show-ppp-mppe'; readonly name: string }
  | { readonly exec: 'show-vpdn-group'; readonly name?: string; readonly part?: GroupPart }
  | { readonly exec: 'show-vpdn-domain' }
  | {
      readonly exec: 'show-vpdn-group-select';
      readonly what: 'default' | 'keys' | 'summary';
      readonly hostname?: string;
      readonly sourceAddress?: string;
    }
  | { readonly exec: 'show-vpdn-extra'; readonly extra: VpdnExtra; readonly group?: string };

const L2TP_AND_XCONNECT: readonly ExecDefinition<ShowVpdnMoreCommand>[] = [
  shown('l2tp class', 'L2TP classes', [], () => ({ exec: 'show-l2tp-class' }), USER, 'C146'),
  shown(
    'l2tp counters',
    'L2TP counters',
    [optional(oneOf('kind', { session: 'Messages of sessions', tunnel: 'Messages of tunnels' }))],
    ({ kind }) => ({ exec: 'show-l2tp-counters', ...(kind !== undefined && { kind }) }),
    USER,
    'C146',
  ),
  shown('l2tp memory', 'L2TP memory', [], () => ({ exec: 'show-l2tp-memory' }), USER, 'C146'),
  shown(
    'xconnect',
    'Xconnect information',
    [
      choice(
        word('all', 'All of them'),
        sequence(word('interface', 'Of one interface'), interfaceName('of', ALL_INTERFACES)),
        sequence(word('peer', 'To one peer'), address('peer', 'IP address')),
      ),
      optional(flag('detail', 'Detailed information')),
    ],
    ({ of, peer, detail }) => ({
      exec: 'show-xconnect',
      detail: detail === true,
      ...(of !== undefined && { interfaceName: of }),
      ...(peer !== undefined && { peer }),
    }),
    USER,
    'C148',
  ),
  shown(
    'ppp mppe',
    'MPPE information of one interface',
    [
      choice(
        interfaceName('of', ['Virtual-Access', 'Dialer', 'Virtual-PPP']),
        sequence(word('serial', 'Serial interface'), name('serial', 'Serial interface number')),
      ),
    ],
    ({ of, serial }) => ({ exec: 'show-ppp-mppe', name: of ?? `Serial${serial}` }),
    USER,
    'C149',
  ),
];

const GROUPS: readonly ExecDefinition<ShowVpdnMoreCommand>[] = [
  shown(
    'vpdn group',
    'VPDN groups',
    [
      optional(
        sequence(
          name('group', 'VPDN group name'),
          optional(oneOf('part', { domain: 'Its domains', endpoint: 'Its endpoints' })),
        ),
      ),
    ],
    ({ group, part }) => ({
      exec: 'show-vpdn-group',
      ...(group !== undefined && { name: group }),
      ...(part !== undefined && { part }),
    }),
    USER,
    'C163',
  ),
  shown('vpdn domain', 'VPDN domains', [], () => ({ exec: 'show-vpdn-domain' }), USER, 'C163'),
  shown(
    'vpdn group-select',
    'Which VPDN group is chosen',
    [
      choice(
        oneOf('what', { default: 'The groups of those who have no other', summary: 'The keys of all groups' }),
        sequence(
          flag('keys', 'The group that is chosen for given keys'),
          optional(sequence(word('hostname', 'By host name'), name('hostname', 'Host name of the peer'))),
          optional(sequence(word('source-ip', 'By our address'), address('source', 'IP address'))),
        ),
      ),
    ],
    ({ what, hostname, source }) => ({
      exec: 'show-vpdn-group-select',
      what: what ?? 'keys',
      ...(hostname !== undefined && { hostname }),
      ...(source !== undefined && { sourceAddress: source }),
    }),
    USER,
    'C163',
  ),
];

const EXTRAS: readonly ExecDefinition<ShowVpdnMoreCommand>[] = [
  shown('vpdn multilink', 'Multilink bundles', [], () => extra('multilink'), USER, 'C165'),
  shown(
    'vpdn dead-cache',
    'Tunnel servers that are passed over',
    [
      choice(
        word('all', 'All of them'),
        sequence(word('group', 'Of one VPDN group'), name('group', 'VPDN group name')),
      ),
    ],
    ({ group }) => extra('dead-cache', group),
    USER,
    'C165',
  ),
  shown('vpdn redirect', 'Redirects', [], () => extra('redirect'), USER, 'C165'),
  shown('vpdn redundancy', 'Redundancy', [], () => extra('redundancy'), USER, 'C165'),
];

function extra(what: VpdnExtra, group?: string): ShowVpdnMoreCommand {
  return { exec: 'show-vpdn-extra', extra: what, ...(group !== undefined && { group }) };
}

export const SHOW_VPDN_MORE: readonly ExecDefinition<ShowVpdnMoreCommand>[] = [
  ...L2TP_AND_XCONNECT,
  ...GROUPS,
  ...EXTRAS,
];
