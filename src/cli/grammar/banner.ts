// `banner …`: texts for those who log in (C011). The lines of one go on until its delimiter comes again.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { BannerKind } from '../../vpdn/configuration-system.ts';
import { HONOURED, type Standing } from '../../vpdn/standing.ts';
import { line, oneOf, word } from '../syntax.ts';
import { definer, withoutEffect } from '../tree.ts';

export const BANNER = definer<Configuration>()({
  path: [
    word('banner', 'Define a login banner'),
    oneOf('kind', {
      exec: 'Set EXEC process creation banner',
      incoming: 'Set incoming terminal line banner',
      login: 'Set login banner',
      motd: 'Set Message of the Day banner',
      'prompt-timeout': 'Set Message for login authentication timeout',
      'slip-ppp': 'Set Message for SLIP/PPP',
    }),
    line('text', "c banner-text c, where 'c' is a delimiting character"),
  ],
  keep: 2,
  set: (_, { kind, text }) => {
    const delimiter = text.startsWith(PRINTED) ? PRINTED : text.slice(0, 1);
    return {
      outcome: 'text',
      delimiter,
      begun: text.slice(delimiter.length),
      // What running-config delimits with cannot stand inside.
      store: ({ configuration }, body) => configuration.banners.set(kind, body.replaceAll(PRINTED, '')),
    };
  },
  unset: ({ configuration }, { kind }) => {
    configuration.banners.delete(kind!);
  },
  lines: ({ subject: { banners } }) => {
    return KINDS.flatMap((kind) => {
      const text = banners.get(kind);
      return text === undefined ? [] : `banner ${kind} ${PRINTED}${text}${PRINTED}`.split('\n');
    });
  },
  standing: ({ kind }) => UNSAID[kind as BannerKind] ?? HONOURED,
  entries: ['C011'],
  about:
    'Any character delimits; running-config shows ^C. $(hostname), $(domain) and $(line) are filled in when it is shown.',
});

/** Ctrl-C as text. */
const PRINTED = '^C';
const KINDS = ['exec', 'incoming', 'login', 'motd', 'prompt-timeout', 'slip-ppp'] as const;

/** Those that are kept and shown to nobody. */
const UNSAID: Partial<Record<BannerKind, Standing>> = {
  incoming: withoutEffect('nobody comes in over a reverse connection'),
  'prompt-timeout': withoutEffect('who is too slow at a login is told so in the words of the router'),
  'slip-ppp': withoutEffect('no line of this router changes over to SLIP or PPP'),
};
