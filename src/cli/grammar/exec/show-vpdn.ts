// `show vpdn …`, `show l2tun …`, and why a call failed (C136-C148, C163-C165).

import { choice, interfaceName, nameAfterWords, number, optional, sequence, word } from '../../syntax.ts';
import { ALL, BY_ID, BY_USER, define, type ExecDefinition, shown, USER } from './definition.ts';

export type ShowVpdnCommand =
  | { readonly exec: 'show-vpdn' }
  | { readonly exec: 'show-vpdn-tunnel'; readonly all: boolean; readonly id?: number }
  | { readonly exec: 'show-vpdn-session'; readonly all: boolean; readonly id?: number; readonly username?: string }
  | { readonly exec: 'show-l2tun' }
  | { readonly exec: 'show-l2tun-tunnel'; readonly all: boolean; readonly id?: number }
  | { readonly exec: 'show-l2tun-session'; readonly all: boolean; readonly vcid?: number; readonly username?: string }
  | { readonly exec: 'show-vpdn-history-failure' }
  /** `name` is canonical: `Virtual-PPP1`. */
  | { readonly exec: 'why'; readonly name?: string };

/** Several protocols could be asked for; there is one. */
const PROTOCOL = optional(word('l2tp', 'L2TP'));

// `all` and the selectors are captured apart, so that one row serves the brief table and the long blocks.
export const SHOW_VPDN: readonly ExecDefinition<ShowVpdnCommand>[] = [
  shown('vpdn', 'VPDN information', [], () => ({ exec: 'show-vpdn' })),
  shown('vpdn tunnel', 'VPDN tunnel information', [PROTOCOL, ALL, BY_ID], ({ all, id }) => {
    return { exec: 'show-vpdn-tunnel', all: all === true, ...(id === undefined ? {} : { id }) };
  }),
  shown('vpdn session', 'VPDN session information', [PROTOCOL, ALL, BY_ID, BY_USER], ({ all, id, username }) => {
    const which = { ...(id === undefined ? {} : { id }), ...(username === undefined ? {} : { username }) };
    return { exec: 'show-vpdn-session', all: all === true, ...which };
  }),
  shown('vpdn history failure', 'VPDN failures', [], () => ({ exec: 'show-vpdn-history-failure' })),
  shown('l2tun', 'Layer 2 tunnel information', [], () => ({ exec: 'show-l2tun' })),
  shown('l2tun tunnel', 'L2TUN tunnel information', [ALL, BY_ID], ({ all, id }) => {
    return { exec: 'show-l2tun-tunnel', all: all === true, ...(id === undefined ? {} : { id }) };
  }),
  shown(
    'l2tun session',
    'L2TUN session information',
    [ALL, optional(sequence(word('vcid', 'One of them'), number('vcid', 1, 4294967295, 'VC ID'))), BY_USER],
    ({ all, vcid, username }) => {
      const which = { ...(vcid === undefined ? {} : { vcid }), ...(username === undefined ? {} : { username }) };
      return { exec: 'show-l2tun-session', all: all === true, ...which };
    },
  ),
  define(
    [
      word('why', 'Why a call failed, and what to do (ext)'),
      optional(
        choice(interfaceName('of', ['Virtual-PPP', 'Virtual-Access']), nameAfterWords('who', 'User or peer name')),
      ),
    ],
    ({ of, who }) => {
      const subject = of ?? who;
      return { exec: 'why', ...(subject === undefined ? {} : { name: subject }) };
    },
    USER,
  ),
];
