// What else a virtual-access interface could be made from, and made ahead of its call (C022).

import type { Configuration } from '../../vpdn/configuration.ts';
import { choice, number, oneOf, sequence, word } from '../syntax.ts';
import { type Command, notSupported, withoutEffect } from '../tree.ts';
import { inertCommand, inertCommands } from './inert.ts';

export const VIRTUAL_PROFILE: Command<Configuration>[] = [
  inertCommand<Configuration>({
    text: 'virtual-profile',
    help: 'Virtual Profile configuration',
    standing: notSupported('an interface is made of the template of its group alone: nothing of a profile is added'),
    several: true,
    tail: [
      choice(
        oneOf('what', { aaa: 'Enable AAA configuration', 'if-needed': 'Virtual Profile on an as needed basis' }),
        sequence(
          word('virtual-template', 'Virtual template interface'),
          number('template', 1, 4095, 'Virtual template number'),
        ),
      ),
    ],
    say: ({ what, template }) => {
      return template === undefined ? (what as string | undefined) : `virtual-template ${template}`;
    },
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
  ...inertCommands<Configuration>(
    withoutEffect('a call has an interface of its own, and it costs no more than a subinterface'),
    [
      {
        text: 'virtual-template subinterface',
        help: 'Virtual-access subinterfaces',
        printsNo: true,
        entries: ['C098'],
      },
    ],
  ),
  ...inertCommands<Configuration>(withoutEffect('there is no SNMP agent here to show interfaces to'), [
    { text: 'virtual-template snmp', help: 'Virtual-access interfaces in SNMP', printsNo: true, entries: ['C023'] },
  ]),
];
