// VPDN template mode: values for the vpdn-groups that do not say them themselves (C066).

import type { VpdnTemplate } from '../../vpdn/configuration-vpdn.ts';
import type { Mode } from '../tree.ts';
import { exitCommand, numberSetting } from './setting.ts';
import { descriptionCommand, sessionLimit, tunnelCommands } from './vpdn-tunnel.ts';

export const VPDN_TEMPLATE_MODE: Mode<VpdnTemplate> = {
  name: 'vpdn-template',
  prompt: 'config-vpdn-temp',
  heading: 'VPDN template configuration commands:',
  find: (configuration, key) => configuration.vpdnTemplates.get(key),
  commands: [
    exitCommand('VPDN template configuration'),
    descriptionCommand<VpdnTemplate>('C066'),
    numberSetting<VpdnTemplate>({
      text: 'group session-limit',
      help: 'Limit the sessions of all groups of this template together',
      low: 1,
      high: 32767,
      valueHelp: 'Number of sessions',
      get: ({ groupSessionLimit }) => groupSessionLimit,
      put: (subject, value) => {
        subject.groupSessionLimit = value;
      },
      entries: ['C066'],
      about: 'Default: no limit.',
    }),
    sessionLimit<VpdnTemplate>(),
    ...tunnelCommands<VpdnTemplate>('C066'),
  ],
};
