// MPPE and compression of a PPP interface, RFC 3078 and RFC 2118 (C122, C124): both are agreed on in one option of CCP.

import type { Interface } from '../../vpdn/configuration-interface.ts';
import { HONOURED } from '../../vpdn/standing.ts';
import { flag, oneOf, optional, word, words } from '../syntax.ts';
import { type Command, definer, notSupported, refused } from '../tree.ts';
import { onPpp } from './interface-kind.ts';

const define = definer<Interface>();

export const MPPE: Command<Interface> = define({
  path: [
    words('ppp encrypt mppe', 'Enable MPPE encryption'),
    oneOf('strength', { '40': '40 bit only', '128': '128 bit only', auto: 'The strongest both have' }),
    optional(oneOf('demand', { passive: 'Only if the peer asks', required: 'Or drop the session' })),
    optional(flag('stateful', 'Negotiate stateful mode only')),
  ],
  set: ({ subject: { ppp } }, { strength, demand, stateful }) => {
    ppp.mppe = { strength, ...(demand !== undefined && { demand }), stateful: stateful ?? false };
  },
  unset: ({ subject: { ppp } }) => {
    ppp.mppe = undefined;
  },
  lines: ({ subject: { ppp } }) => {
    if (ppp.mppe === undefined) return undefined;
    const { strength, demand, stateful } = ppp.mppe;
    const rest = [...(demand === undefined ? [] : [demand]), ...(stateful ? ['stateful'] : [])];
    return ['ppp encrypt mppe', strength, ...rest].join(' ');
  },
  when: onPpp,
  entries: ['C124'],
  about:
    'Default off. Needs MS-CHAP or MS-CHAP-V2, which leave the keys. Stateless is asked for; stateful is taken from a peer that insists, and with `stateful` nothing else is. Without `required` a peer that does not encrypt gets its session in clear; with `passive` it is not even asked.',
});

export const COMPRESS: Command<Interface> = define({
  path: [
    word('compress', 'Set serial interface for compression'),
    oneOf('method', {
      mppc: 'Microsoft Point-to-Point Compression',
      predictor: 'Predictor compression type',
      stac: 'Stac compression algorithm',
    }),
    optional(flag('ignorePfc', 'Ignore Protocol Field Compression with MPPC', 'ignore-pfc')),
  ],
  keep: 1,
  set: ({ subject }, { method, ignorePfc }) => {
    if (ignorePfc === true && method !== 'mppc') return refused('% `ignore-pfc` is about MPPC only');
    subject.compress = { method, ignorePfc: ignorePfc ?? false };
  },
  unset: ({ subject }) => {
    subject.compress = undefined;
  },
  lines: ({ subject: { compress } }) => {
    return compress && `compress ${compress.method}${compress.ignorePfc ? ' ignore-pfc' : ''}`;
  },
  when: onPpp,
  standing: ({ method }) => {
    return method === 'mppc' || method === undefined
      ? HONOURED
      : notSupported(`${method} is not built: packets are sent as they are, use \`mppc\``);
  },
  entries: ['C122'],
  about:
    'Default off. `mppc` is agreed on together with MPPE. Packets that do not get smaller are sent as they are. `ignore-pfc` is always so: inside, the protocol goes with two octets.',
});
