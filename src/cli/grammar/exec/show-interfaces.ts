// `show interfaces`, `show ip …`, `show ppp …`, `show users` (C149-C160, C166).

import { interfaceName, name, optional } from '../../syntax.ts';
import { ALL_INTERFACES, type ExecDefinition, shown } from './definition.ts';

export type ShowInterfacesCommand =
  | { readonly exec: 'show-interfaces'; readonly name?: string }
  | { readonly exec: 'show-ip-interface-brief'; readonly name?: string }
  | { readonly exec: 'show-ip-route' }
  | { readonly exec: 'show-ip-local-pool'; readonly name?: string }
  | { readonly exec: 'show-users' };

export const SHOW_INTERFACES: readonly ExecDefinition<ShowInterfacesCommand>[] = [
  shown(
    'interfaces',
    'Interface status and configuration',
    [optional(interfaceName('of', ALL_INTERFACES))],
    ({ of }) => {
      return { exec: 'show-interfaces', ...(of === undefined ? {} : { name: of }) };
    },
  ),
  shown(
    'ip interface brief',
    'Brief summary of IP status and configuration',
    [optional(interfaceName('of', ALL_INTERFACES))],
    ({ of }) => ({ exec: 'show-ip-interface-brief', ...(of === undefined ? {} : { name: of }) }),
  ),
  shown('ip route', 'IP routing table', [], () => ({ exec: 'show-ip-route' })),
  shown('ip local pool', 'IP local pools', [optional(name('pool', 'Pool name'))], ({ pool }) => {
    return { exec: 'show-ip-local-pool', ...(pool === undefined ? {} : { name: pool }) };
  }),
  shown('users', 'Display information about terminal lines', [], () => ({ exec: 'show-users' })),
];
