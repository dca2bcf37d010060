// Accept-dialin mode: which tunnels a vpdn-group takes, and the template its sessions are cloned from.

import type { AcceptDialin } from '../../vpdn/configuration-vpdn.ts';
import { oneOf, word } from '../syntax.ts';
import { definer, type Mode, refused, warned } from '../tree.ts';
import { exitCommand, numberSetting } from './setting.ts';

const protocol = definer<AcceptDialin>()({
  path: [
    word('protocol', 'Tunneling protocol to accept'),
    oneOf('kind', {
      any: 'Use any protocol',
      l2f: 'Use L2F',
      l2tp: 'Use L2TP',
      pppoe: 'Use PPPoE',
      pptp: 'Use PPTP',
    }),
  ],
  set: ({ subject }, { kind }) => {
    if (kind === 'l2f') return refused('% L2F is not supported for client-initiated tunnels');
    if (kind === 'pppoe') return refused('% PPPoE is not supported in a VPDN group');
    subject.protocol = kind;
    return kind === 'pptp' ? warned('% PPTP is not built yet: this group takes no calls') : undefined;
  },
  unset: ({ subject }) => {
    subject.protocol = undefined;
  },
  lines: ({ subject }) => (subject.protocol === undefined ? undefined : `protocol ${subject.protocol}`),
  about: 'No default: a group without it takes no calls. L2F is refused.',
});

export const ACCEPT_DIALIN_MODE: Mode<AcceptDialin> = {
  name: 'accept-dialin',
  prompt: 'config-vpdn-acc-in',
  heading: 'VPDN accept-dialin group configuration commands:',
  find: (configuration, key) => configuration.vpdnGroups.get(key)?.acceptDialin,
  commands: [
    exitCommand('VPDN accept-dialin group configuration'),
    protocol,
    numberSetting<AcceptDialin>({
      text: 'virtual-template',
      help: 'Virtual-Template used to clone virtual-access interfaces',
      low: 1,
      high: 4095,
      valueHelp: 'Virtual-Template number',
      get: ({ virtualTemplate }) => virtualTemplate,
      put: (subject, value) => {
        subject.virtualTemplate = value;
      },
      about: 'No default. The template may be configured later; a call that finds none is refused.',
    }),
  ],
};
