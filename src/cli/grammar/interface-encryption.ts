// MPPE and compression of a PPP interface, RFC 3078 and RFC 2118 (C122, C124). Neither is negotiated yet; but whoever says that
// encryption is `required` must not get sessions in clear, so then none comes up.

import type { Interface } from '../../vpdn/configuration-interface.ts';
import { flag, oneOf, optional, word, words } from '../syntax.ts';
import { type Command, definer, notSupported, refused, warned } from '../tree.ts';
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
    return warned(
      demand === 'required'
        ? '% MPPE is not built yet: no session of this interface will come up'
        : '% MPPE is not built yet: sessions of this interface are NOT encrypted',
    );
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
  standing: ({ demand }) => {
    return demand === 'required'
      ? notSupported('MPPE is not built yet: no session of this interface comes up, because none could be encrypted')
      : notSupported('MPPE is not built yet: nothing is encrypted');
  },
  entries: ['C124'],
  about: 'Default off. `required` keeps sessions from coming up in clear.',
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
  standing: notSupported('CCP is not built yet: packets are sent as they are'),
  entries: ['C122'],
  about: 'Default off.',
});
