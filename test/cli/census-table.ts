// The fifty commands that the guide names, one row or more each: what they mean, how short they can be, where their ranges end,
// what `no` and `default` leave, what `?` lists, and how running-config says them. Written from the command reference.

import type { Configuration } from '../../src/vpdn/configuration.ts';
import { CLASS_ROWS } from './census-classes.ts';
import { GROUP_ROWS } from './census-groups.ts';
import { INTERFACE_ROWS } from './census-interfaces.ts';

/** The lines that open a mode. */
export const MODES = {
  global: [],
  'l2tp-class': ['l2tp-class one'],
  'pseudowire-class': ['pseudowire-class one'],
  'vpdn-group': ['vpdn-group one'],
  'accept-dialin': ['vpdn-group one', 'accept-dialin'],
  'virtual-ppp': ['interface Virtual-PPP1'],
  'virtual-template': ['interface Virtual-Template1'],
  controller: ['controller isa 5/0'],
} as const satisfies Record<string, readonly string[]>;

/** A line that is not taken: the column its caret stands at, or how it fails otherwise. */
export type Beyond = readonly [line: string, caret: number | 'ambiguous' | 'incomplete' | 'refused'];

interface Row {
  /** As the guide names it. */
  readonly command: string;
  readonly full: string;
  readonly short: string;
  /** At both ends of every range. */
  readonly ends?: readonly string[];
  readonly beyond: readonly Beyond[];
  /** What `?` lists behind a text: all of it, first words only. */
  readonly help: Readonly<Record<string, string>>;
}

export interface ConfigurationRow extends Row {
  readonly mode: keyof typeof MODES;
  /** Typed in the mode before. */
  readonly setup?: readonly string[];
  /** The part of the model it is about. */
  readonly of: (configuration: Configuration) => unknown;
  readonly means: unknown;
  readonly no: readonly [line: string, leaves: unknown];
  readonly reset: readonly [line: string, leaves: unknown];
  /** Without the blanks before it; empty for a line that is never printed. */
  readonly prints: string;
}

export interface ExecRow extends Row {
  readonly mode: 'exec';
  /** The command it builds; what is not said here may be anything. */
  readonly builds: Readonly<Record<string, unknown>>;
}

const GLOBAL_ROWS: readonly ConfigurationRow[] = [
  {
    command: 'l2tp-class',
    mode: 'global',
    full: 'l2tp-class l2tpclass1',
    short: 'l2tp-c l2tpclass1',
    of: ({ l2tpClasses }) => [...l2tpClasses.keys()],
    means: ['l2tpclass1'],
    no: ['no l2tp-class l2tpclass1', []],
    reset: ['default l2tp-class l2tpclass1', []],
    ends: ['l2tp-class'],
    beyond: [['l2tp-class one two', 15]],
    help: { 'l2tp-class ': 'WORD <cr>' },
    prints: 'l2tp-class l2tpclass1',
  },
  {
    command: 'pseudowire-class',
    mode: 'global',
    full: 'pseudowire-class pwclass1',
    short: 'pse pwclass1',
    of: ({ pseudowireClasses }) => [...pseudowireClasses.keys()],
    means: ['pwclass1'],
    no: ['no pseudowire-class pwclass1', []],
    reset: ['default pseudowire-class pwclass1', []],
    beyond: [['pseudowire-class one two', 21]],
    help: { 'pseudowire-class ': 'WORD <cr>' },
    prints: 'pseudowire-class pwclass1',
  },
  {
    command: 'vpdn-group',
    mode: 'global',
    full: 'vpdn-group l2tpgroup1',
    short: 'vpdn-g l2tpgroup1',
    of: ({ vpdnGroups }) => [...vpdnGroups.keys()],
    means: ['l2tpgroup1'],
    no: ['no vpdn-group l2tpgroup1', []],
    reset: ['default vpdn-group l2tpgroup1', []],
    beyond: [
      ['vpdn-group', 'incomplete'],
      ['vpdn-group one two', 15],
    ],
    help: { 'vpdn-group ': 'WORD' },
    prints: 'vpdn-group l2tpgroup1',
  },
  {
    command: 'interface virtual-ppp',
    mode: 'global',
    full: 'interface virtual-PPP 1',
    short: 'int vp1',
    of: ({ interfaces }) => interfaces.get('Virtual-PPP1')?.kind,
    means: 'Virtual-PPP',
    no: ['no interface virtual-ppp1', undefined],
    reset: ['default interface virtual-ppp1', 'Virtual-PPP'],
    ends: ['interface virtual-ppp 4294967295'],
    beyond: [
      ['interface virtual-ppp 0', 22],
      ['interface virtual-ppp 4294967296', 22],
      ['interface virtual-ppp', 'incomplete'],
    ],
    help: { 'interface virtual-ppp ': '<1-4294967295>' },
    prints: 'interface Virtual-PPP1',
  },
  {
    command: 'interface virtual-template',
    mode: 'global',
    full: 'interface virtual-template 1',
    short: 'int virtual-t1',
    of: ({ interfaces }) => interfaces.get('Virtual-Template1')?.kind,
    means: 'Virtual-Template',
    no: ['no interface Virtual-Template 1', undefined],
    reset: ['default interface Virtual-Template 1', 'Virtual-Template'],
    ends: ['interface virtual-template 200', 'interface virtual-template 4095'],
    beyond: [
      ['interface virtual-template 0', 27],
      ['interface virtual-template 4096', 27],
    ],
    help: { 'interface virtual-template ': '<1-4095>' },
    prints: 'interface Virtual-Template1',
  },
  {
    command: 'ip route',
    mode: 'global',
    full: 'ip route 10.10.10.0 255.255.255.0 virtual-PPP 1 200 tag 7 name lns permanent',
    short: 'ip route 10.10.10.0 255.255.255.0 vp1 200 ta 7 n lns p',
    of: ({ routes }) => routes,
    means: [
      {
        prefix: '10.10.10.0',
        prefixLength: 24,
        interface: 'Virtual-PPP1',
        distance: 200,
        tag: 7,
        name: 'lns',
        permanent: true,
      },
    ],
    no: ['no ip route 10.10.10.0 255.255.255.0', []],
    reset: ['default ip route 10.10.10.0 255.255.255.0', []],
    ends: [
      'ip route 0.0.0.0 0.0.0.0 10.1.1.1 1',
      'ip route 0.0.0.0 0.0.0.0 10.1.1.1 255',
      'ip route 0.0.0.0 0.0.0.0 10.1.1.1 tag 1',
      'ip route 0.0.0.0 0.0.0.0 10.1.1.1 tag 4294967295',
    ],
    beyond: [
      ['ip route 0.0.0.0 0.0.0.0 10.1.1.1 0', 34],
      ['ip route 0.0.0.0 0.0.0.0 10.1.1.1 256', 34],
      ['ip route 0.0.0.0 0.0.0.0 10.1.1.1 tag 0', 38],
      ['ip route 0.0.0.0 0.0.0.0 10.1.1.1 tag 4294967296', 38],
      // X11: a name needs its word.
      ['ip route 0.0.0.0 0.0.0.0 10.1.1.1 lns', 34],
      ['ip route 10.1.1.1 255.255.255.0 10.1.1.1', 'refused'],
      ['ip route 10.1.1.0 255.255.255.0', 'incomplete'],
    ],
    help: { 'ip route 10.1.1.0 255.255.255.0 10.1.1.1 tag ': '<1-4294967295>' },
    prints: 'ip route 10.10.10.0 255.255.255.0 Virtual-PPP1 200 tag 7 name lns permanent',
  },
  {
    command: 'controller isa',
    mode: 'global',
    full: 'controller isa 5/0',
    short: 'controll i 5/0',
    of: ({ controllers }) => [...controllers.values()],
    means: [{ slot: 5, port: 0, mppe: false }],
    no: ['no controller isa 5/0', []],
    reset: ['default controller isa 5/0', []],
    ends: ['controller isa 0/0', 'controller isa 6/1'],
    beyond: [
      ['controller isa 7/0', 15],
      ['controller isa 5/2', 17],
      ['controller isa', 'incomplete'],
    ],
    help: { 'controller i?': 'isa', 'controller isa ': '<0-6>/<0-1>' },
    prints: 'controller ISA 5/0',
  },
];

const EXEC_ROWS: readonly ExecRow[] = [
  {
    command: 'enable',
    mode: 'exec',
    full: 'enable 15',
    short: 'en',
    builds: { exec: 'enable', level: 15 },
    ends: ['enable 0', 'enable 15'],
    beyond: [['enable 16', 7]],
    help: { 'enable ': '<0-15> <cr>' },
  },
  {
    command: 'configure terminal',
    mode: 'exec',
    full: 'configure terminal',
    short: 'conf t',
    builds: { exec: 'configure-terminal' },
    beyond: [['configure terminals', 18]],
    help: { 'conf?': 'configure' },
  },
  {
    command: 'exit',
    mode: 'exec',
    full: 'exit',
    short: 'exi',
    builds: { exec: 'exit' },
    beyond: [['exit 1', 5]],
    help: { 'exit ': '<cr>' },
  },
  {
    command: 'ping',
    mode: 'exec',
    full: 'ping ip 10.1.1.2 repeat 10 size 1500 timeout 3 df-bit',
    short: 'pin ip 10.1.1.2 rep 10 siz 1500 tim 3 df',
    builds: { exec: 'ping', host: '10.1.1.2', repeat: 10, size: 1500, timeout: 3, df: true },
    ends: ['ping 10.1.1.2 size 36', 'ping 10.1.1.2 size 18024', 'ping 10.1.1.2 repeat 1'],
    beyond: [
      ['ping 10.1.1.2 size 35', 19],
      ['ping 10.1.1.2 size 18025', 19],
      ['ping 10.1.1.2 repeat 0', 21],
    ],
    help: { 'ping 10.1.1.2 size ': '<36-18024>' },
  },
  {
    command: 'show l2tun tunnel all',
    mode: 'exec',
    full: 'show l2tun tunnel all',
    short: 'sh l2tu tun al',
    builds: { exec: 'show-l2tun-tunnel', form: 'all' },
    beyond: [['show l2tun tunnel allx', 21]],
    help: { 'show l2tun tunnel al?': 'all' },
  },
  {
    command: 'show l2tun session all',
    mode: 'exec',
    full: 'show l2tun session all',
    short: 'sh l2tu ses al',
    builds: { exec: 'show-l2tun-session', form: 'all' },
    beyond: [['show l2tun session allx', 22]],
    help: { 'show l2tun session al?': 'all' },
  },
  {
    command: 'show vpdn',
    mode: 'exec',
    full: 'show vpdn',
    short: 'sh vpd',
    builds: { exec: 'show-vpdn' },
    beyond: [['show vpdx', 8]],
    help: { 'show vp?': 'vpdn' },
  },
  {
    command: 'show vpdn session all',
    mode: 'exec',
    full: 'show vpdn session all',
    short: 'sh vpdn sess al',
    builds: { exec: 'show-vpdn-session', form: 'all' },
    beyond: [['show vpdn session allx', 21]],
    help: { 'show vpdn session al?': 'all' },
  },
  {
    command: 'show ppp mppe virtual-access',
    mode: 'exec',
    full: 'show ppp mppe virtual-access 3',
    short: 'sh ppp mp vi3',
    builds: { exec: 'show-ppp-mppe', name: 'Virtual-Access3' },
    ends: ['show ppp mppe virtual-access 1', 'show ppp mppe virtual-access 2147483647'],
    beyond: [
      ['show ppp mppe virtual-access', 'incomplete'],
      ['show ppp mppe virtual-access 0', 29],
    ],
    help: { 'show ppp mp?': 'mppe' },
  },
];

export const CENSUS: readonly (ConfigurationRow | ExecRow)[] = [
  ...EXEC_ROWS,
  ...GLOBAL_ROWS,
  ...CLASS_ROWS,
  ...GROUP_ROWS,
  ...INTERFACE_ROWS,
];
