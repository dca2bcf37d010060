// `controller isa`: the card that a metal router does MPPE with (C125). The guide's PPTP example ends in these two lines.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { Controller } from '../../vpdn/configuration-vpdn.ts';
import { oneOf, type Part, word } from '../syntax.ts';
import { definer, entered, type Mode, withoutEffect } from '../tree.ts';
import { inertCommands } from './inert.ts';
import { modeLines } from './mode-lines.ts';
import { exitCommand, switchSetting } from './setting.ts';
import { dropInert } from './vpdn.ts';

const NO_CARD_LABEL = withoutEffect('it is a note on the card');

export const CONTROLLER_MODE: Mode<Controller> = {
  name: 'controller',
  prompt: 'config-controller',
  heading: 'Controller configuration commands:',
  find: (configuration, key) => configuration.controllers.get(key),
  commands: [
    exitCommand('controller configuration'),
    ...inertCommands<Controller>(NO_CARD_LABEL, [
      { text: 'description', help: 'Description of the controller', takes: 'line', entries: ['C125'] },
    ]),
    switchSetting<Controller>({
      text: 'encryption mppe',
      help: 'Encrypt MPPE on this card',
      get: ({ mppe }) => mppe,
      put: (subject, on) => {
        subject.mppe = on;
      },
      normally: false,
      entries: ['C125'],
      about: 'Default off. MPPE is then the work of a thread of its own, from the next start of the router (R-191).',
    }),
  ],
};

/** `5/0`: a 7100 or 7200 has six slots, and the card one port. */
const SLOT: Part<{ place: string }> = {
  kind: 'argument',
  name: 'place',
  placeholder: '<0-6>/<0-1>',
  help: 'Slot and port',
  read: (text) => {
    if (/^[0-6]\/[01]$/.test(text)) return { value: text };
    return { goodFor: /^[0-6]\//.test(text) ? 2 : /^[0-6]/.test(text) ? 1 : 0 };
  },
  wholeLine: false,
  ownName: false,
  many: false,
};

export const CONTROLLER = definer<Configuration>()({
  path: [
    word('controller', 'Configure a specific controller'),
    oneOf('card', { isa: 'Integrated Services Adapter' }),
    SLOT,
  ],
  keep: 3,
  set: ({ configuration: { controllers } }, { place }) => {
    const [slot, port] = place.split('/').map(Number) as [number, number];
    if (!controllers.has(place)) controllers.set(place, { slot, port, mppe: false });
    return entered(CONTROLLER_MODE, place, `controller ISA ${place}`);
  },
  unset: ({ configuration }, { place }) => {
    configuration.controllers.delete(place!);
    dropInert(configuration, `controller ISA ${place}`);
  },
  lines: (scope) => {
    return [...scope.subject.controllers].flatMap(([place, each]) => {
      const head = `controller ISA ${place}`;
      return [head, ...modeLines(CONTROLLER_MODE, each, scope, head), '!'];
    });
  },
  entries: ['C125'],
  about: 'Stands for a card that a metal router does MPPE with: here a thread of its own.',
});
