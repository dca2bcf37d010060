// Accept-dialin mode: which tunnels a vpdn-group takes, and the template its sessions are cloned from.

import { inertAt } from '../../vpdn/configuration-inert.ts';
import type { AcceptDialin, VpdnGroup } from '../../vpdn/configuration-vpdn.ts';
import { oneOf, word } from '../syntax.ts';
import { definer, type Mode, type Outcome, refused, type Scope } from '../tree.ts';
import { exitCommand, numberSetting } from './setting.ts';

export const PROTOCOLS = {
  any: 'Use any protocol',
  l2f: 'Use L2F',
  l2tp: 'Use L2TP',
  pppoe: 'Use PPPoE',
  pptp: 'Use PPTP',
} as const;

/** The protocol of a group that is called; changing it takes the lines of the other one along (C072). */
export function accept(
  { configuration, subject }: Pick<Scope<VpdnGroup>, 'configuration' | 'subject'>,
  body: AcceptDialin,
  kind: keyof typeof PROTOCOLS,
): Outcome {
  const wrong = notSpoken(kind);
  if (wrong !== undefined) return refused(wrong);
  const wanted = kind as NonNullable<AcceptDialin['protocol']>;
  if (body.protocol !== undefined && body.protocol !== wanted) {
    if (wanted === 'pptp') {
      subject.l2tp = { retransmit: {} };
      const rows = inertAt(configuration.inert, [`vpdn-group ${subject.name}`])?.rows;
      for (const row of rows?.keys() ?? []) if (row.startsWith('l2tp ')) rows!.delete(row);
    } else subject.pptp = {};
  }
  body.protocol = wanted;
  return undefined;
}

/** Why a group cannot have the protocol at all. */
export function notSpoken(kind: keyof typeof PROTOCOLS): string | undefined {
  if (kind === 'l2f') return '% L2F is not supported for client-initiated tunnels';
  if (kind === 'pppoe') return '% PPPoE is not supported in a VPDN group';
  return undefined;
}

const protocol = definer<VpdnGroup>()({
  path: [word('protocol', 'Tunneling protocol to accept'), oneOf('kind', PROTOCOLS)],
  keep: 1,
  set: (scope, { kind }) => accept(scope, scope.subject.acceptDialin!, kind),
  unset: ({ subject }) => {
    subject.acceptDialin!.protocol = undefined;
  },
  lines: ({ subject: { acceptDialin } }) => {
    return acceptDialin?.protocol === undefined ? undefined : `protocol ${acceptDialin.protocol}`;
  },
  entries: ['C072'],
  about:
    'No default: a group without it takes no calls. L2F is refused. A change drops the lines of the other protocol.',
});

export const ACCEPT_DIALIN_MODE: Mode<VpdnGroup> = {
  name: 'accept-dialin',
  prompt: 'config-vpdn-acc-in',
  heading: 'VPDN accept-dialin group configuration commands:',
  find: (configuration, key) => {
    const group = configuration.vpdnGroups.get(key);
    return group?.acceptDialin === undefined ? undefined : group;
  },
  commands: [
    exitCommand('VPDN accept-dialin group configuration'),
    protocol,
    numberSetting<VpdnGroup>({
      text: 'virtual-template',
      help: 'Virtual-Template used to clone virtual-access interfaces',
      low: 1,
      high: 4095,
      valueHelp: 'Virtual-Template number',
      get: ({ acceptDialin }) => acceptDialin?.virtualTemplate,
      put: ({ acceptDialin }, value) => {
        acceptDialin!.virtualTemplate = value;
      },
      entries: ['C073'],
      about: 'No default. The template may be configured later; a call that finds none is refused.',
    }),
  ],
};
