// Census rows of vpdn-group mode, accept-dialin mode and controller mode.

import type { VpdnGroup } from '../../src/vpdn/configuration-vpdn.ts';
import type { ConfigurationRow } from './census-table.ts';

type Part = Omit<ConfigurationRow, 'mode' | 'of'>;

const inGroup = (
  mode: 'vpdn-group' | 'accept-dialin',
  of: (group: VpdnGroup) => unknown,
  row: Part,
): ConfigurationRow => {
  return { ...row, mode, of: ({ vpdnGroups }) => of(vpdnGroups.get('one')!) };
};

/** One of the three lines that tune PPTP. */
function pptp(
  field: keyof VpdnGroup['pptp'],
  text: string,
  short: string,
  [value, low, high]: readonly [number, number, number],
): ConfigurationRow {
  const words = `pptp ${text}`;
  return inGroup('vpdn-group', (group) => group.pptp[field], {
    command: words,
    setup: ['accept-dialin', 'protocol pptp', 'exit'],
    full: `${words} ${value}`,
    short: `pp ${short} ${value}`,
    means: value,
    no: [`no ${words}`, undefined],
    reset: [`default ${words} ${value}`, undefined],
    ends: [`${words} ${low}`, `${words} ${high}`],
    beyond: [
      ...(low === 0 ? [] : [[`${words} ${low - 1}`, words.length + 1] as const]),
      [`${words} ${high + 1}`, words.length + 1],
      [words, 'incomplete'],
    ],
    help: { [`${words} `]: `<${low}-${high}>`, 'pptp ': 'flow-control tunnel' },
    prints: `${words} ${value}`,
  });
}

export const GROUP_ROWS: readonly ConfigurationRow[] = [
  inGroup('vpdn-group', ({ description }) => description, {
    command: 'description',
    full: 'description LNS of the   south',
    short: 'des LNS of the   south',
    means: 'LNS of the   south',
    no: ['no description', undefined],
    reset: ['default description', undefined],
    beyond: [['description', 'incomplete']],
    help: { 'description ': 'LINE' },
    prints: 'description LNS of the   south',
  }),
  inGroup('vpdn-group', ({ acceptDialin, terminateFrom }) => [acceptDialin, terminateFrom], {
    command: 'accept-dialin',
    full: 'accept-dialin',
    short: 'accept-diali',
    means: [{}, undefined],
    no: ['no accept-dialin', [undefined, undefined]],
    reset: ['default accept-dialin', [undefined, undefined]],
    beyond: [['accept-dialin x', 14]],
    help: { 'accept-dialin ': '<cr>', 'accept-?': 'accept-dialin accept-dialout' },
    prints: 'accept-dialin',
  }),
  inGroup('vpdn-group', ({ terminateFrom }) => terminateFrom, {
    command: 'terminate-from hostname',
    full: 'terminate-from hostname peer1',
    short: 'te h peer1',
    means: 'peer1',
    no: ['no terminate-from', undefined],
    reset: ['default terminate-from hostname peer1', undefined],
    beyond: [
      ['terminate-from hostname', 'incomplete'],
      ['terminate-from ip', 15],
    ],
    help: { 'terminate-from ': 'hostname', 'terminate-from hostname ': 'WORD' },
    prints: 'terminate-from hostname peer1',
  }),
  inGroup('vpdn-group', ({ localName }) => localName, {
    command: 'local name',
    full: 'local name cisco_pns',
    short: 'loc n cisco_pns',
    means: 'cisco_pns',
    no: ['no local name', undefined],
    reset: ['default local name', undefined],
    beyond: [
      ['local name', 'incomplete'],
      ['local name one two', 15],
    ],
    help: { 'local ': 'name', 'local name ': 'WORD' },
    prints: 'local name cisco_pns',
  }),
  pptp('receiveWindow', 'flow-control receive-window', 'f r', [20, 1, 64]),
  pptp('staticRtt', 'flow-control static-rtt', 'f s', [2000, 100, 5000]),
  pptp('echo', 'tunnel echo', 't e', [30, 0, 1000]),
  inGroup('accept-dialin', ({ acceptDialin }) => acceptDialin?.protocol, {
    command: 'protocol {l2tp|pptp}',
    full: 'protocol l2tp',
    short: 'pro l2t',
    means: 'l2tp',
    no: ['no protocol', undefined],
    reset: ['default protocol l2tp', undefined],
    ends: ['protocol pptp', 'protocol any'],
    beyond: [
      ['protocol', 'incomplete'],
      ['protocol l2tpv3', 13],
      ['protocol l2f', 'refused'],
      ['protocol pppoe', 'refused'],
    ],
    help: { 'protocol ': 'any l2f l2tp pppoe pptp' },
    prints: 'protocol l2tp',
  }),
  inGroup('accept-dialin', ({ acceptDialin }) => acceptDialin?.virtualTemplate, {
    command: 'virtual-template',
    full: 'virtual-template 1',
    short: 'virt 1',
    means: 1,
    no: ['no virtual-template', undefined],
    reset: ['default virtual-template 1', undefined],
    ends: ['virtual-template 1', 'virtual-template 4095'],
    beyond: [
      ['virtual-template 0', 17],
      ['virtual-template 4096', 17],
      ['virtual-template', 'incomplete'],
    ],
    help: { 'virtual-template ': '<1-4095>' },
    prints: 'virtual-template 1',
  }),
  {
    command: 'encryption mppe',
    mode: 'controller',
    of: ({ controllers }) => controllers.get('5/0')?.mppe,
    full: 'encryption mppe',
    short: 'enc m',
    means: true,
    no: ['no encryption mppe', false],
    reset: ['default encryption mppe', false],
    beyond: [
      ['encryption ipsec', 11],
      ['encryption', 'incomplete'],
    ],
    help: { 'encryption ': 'mppe', 'encryption mppe ': '<cr>' },
    prints: 'encryption mppe',
  },
];
