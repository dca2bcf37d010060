// `show interfaces`, `show ip …`, `show vtemplate` (C155-C160, C166).

import { lengthOfMask, parseIpv4 } from '../../../wire/ip.ts';
import { address, choice, interfaceName, name, oneOf, optional, sequence } from '../../syntax.ts';
import { ALL_INTERFACES, type ExecDefinition, shown, USER } from './definition.ts';

export type ShowInterfacesCommand =
  | { readonly exec: 'show-interfaces'; readonly name?: string; readonly form?: 'counters' | 'description' | 'summary' }
  | { readonly exec: 'show-ip-interface'; readonly name?: string }
  | { readonly exec: 'show-ip-interface-brief'; readonly name?: string }
  | { readonly exec: 'show-ipv6-interface-brief'; readonly name?: string }
  | {
      readonly exec: 'show-ip-route';
      readonly only?: 'static' | 'connected' | 'summary';
      readonly address?: string;
      readonly prefixLength?: number;
      /** A mask with holes: what it was. */
      readonly badMask?: string;
    }
  | { readonly exec: 'show-ip-local-pool'; readonly name?: string }
  | { readonly exec: 'show-ip-cef' }
  | { readonly exec: 'show-vtemplate' };

const ONE_INTERFACE = optional(interfaceName('of', ALL_INTERFACES));

function named<E extends string>(exec: E, of: string | undefined): { readonly exec: E; readonly name?: string } {
  return of === undefined ? { exec } : { exec, name: of };
}

export const SHOW_INTERFACES: readonly ExecDefinition<ShowInterfacesCommand>[] = [
  shown(
    'interfaces',
    'Interface status and configuration',
    [
      ONE_INTERFACE,
      optional(
        oneOf('form', {
          counters: 'Show interface counters',
          description: 'Show interface description',
          summary: 'Show interface summary',
        }),
      ),
    ],
    ({ of, form }) => ({ ...named('show-interfaces', of), ...(form && { form }) }),
    USER,
    'C155',
  ),
  shown(
    'ip interface brief',
    'Brief summary of IP status and configuration',
    [ONE_INTERFACE],
    ({ of }) => named('show-ip-interface-brief', of),
    USER,
    'C157',
  ),
  shown(
    'ipv6 interface brief',
    'Brief summary of IPv6 status and configuration',
    [ONE_INTERFACE],
    ({ of }) => named('show-ipv6-interface-brief', of),
    USER,
    'C157',
  ),
  shown(
    'ip interface',
    'IP interface status and configuration',
    [ONE_INTERFACE],
    ({ of }) => named('show-ip-interface', of),
    USER,
    'C158',
  ),
  shown(
    'ip route',
    'IP routing table',
    [
      optional(
        choice(
          oneOf('only', {
            connected: 'Connected',
            static: 'Static routes',
            summary: 'Summary of all routes',
          }),
          sequence(
            address('host', 'Network to display information about or hostname'),
            optional(address('mask', 'Network mask')),
          ),
        ),
      ),
    ],
    ({ only, host, mask }) => {
      if (only !== undefined) return { exec: 'show-ip-route', only };
      if (host === undefined) return { exec: 'show-ip-route' };
      if (mask === undefined) return { exec: 'show-ip-route', address: host };
      const prefixLength = lengthOfMask(parseIpv4(mask));
      if (prefixLength === undefined) return { exec: 'show-ip-route', address: host, badMask: mask };
      return { exec: 'show-ip-route', address: host, prefixLength };
    },
    USER,
    'C159',
  ),
  shown(
    'ip local pool',
    'IP local pools',
    [optional(name('pool', 'Pool name'))],
    ({ pool }) => named('show-ip-local-pool', pool),
    USER,
    'C160',
  ),
  shown('ip cef', 'Cisco Express Forwarding', [], () => ({ exec: 'show-ip-cef' }), USER, 'C162'),
  shown('vtemplate', 'Virtual Template interface information', [], () => ({ exec: 'show-vtemplate' }), USER, 'C166'),
];
