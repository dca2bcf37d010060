// What else a virtual-access interface could be made from, and made ahead of its call (C022).

import type { Configuration } from '../../vpdn/configuration.ts';
import { number, word } from '../syntax.ts';
import { type Command, notSupported, withoutEffect } from '../tree.ts';
import { inertCommand } from './inert.ts';

export const VIRTUAL_PROFILE: Command<Configuration>[] = [
  inertCommand<Configuration>({
    text: 'virtual-profile virtual-template',
    help: 'Virtual Profile configuration by a template',
    standing: notSupported('an interface is made of the template of its group alone: no profile is added'),
    tail: [number('template', 1, 4095, 'Virtual template number')],
    say: ({ template }) => template?.toString(),
    entries: ['C022'],
  }),
  inertCommand<Configuration>({
    text: 'virtual-template',
    help: 'Virtual Template configuration',
    standing: withoutEffect('an interface costs nothing until its call comes: none is made ahead'),
    several: true,
    tail: [
      number('template', 1, 4095, 'Virtual template number'),
      word('pre-clone', 'Make interfaces ahead of their calls'),
      number('ahead', 1, 2147483647, 'Number of interfaces'),
    ],
    say: ({ template, ahead }) => (template === undefined ? undefined : `${template} pre-clone ${ahead}`),
    entries: ['C022'],
  }),
];
