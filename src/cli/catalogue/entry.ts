// An entry of the catalogue: a command, and forms of it in the modes in which they are typed.

import type { Entry } from '../tree.ts';

export interface CatalogueEntry {
  readonly entry: Entry;
  readonly title: string;
  readonly mode: CatalogueMode;
  /** Lines of that mode, or, behind `MODE: `, of another. */
  readonly forms: readonly string[];
  /** Forms that are refused, as they should be. */
  readonly refused?: readonly string[];
  /** Of an entry without a command of its own. */
  readonly note?: string;
}

/** The lines that lead to where a form is typed; undefined: the EXEC prompt. */
export const MODES = {
  exec: undefined,
  global: [],
  'l2tp-class': ['l2tp-class one'],
  'pseudowire-class': ['pseudowire-class one'],
  'l2tpv3-class': ['pseudowire-class one', 'encapsulation l2tpv3'],
  'l2tpv2-class': ['pseudowire-class one', 'encapsulation l2tpv2'],
  'vpdn-group': ['vpdn-group one'],
  'vpdn-template': ['vpdn-template one'],
  'accept-dialin': ['vpdn-group one', 'accept-dialin'],
  'pptp-group': ['vpdn-group one', 'accept-dialin', 'protocol pptp', 'exit'],
  'l2tp-group': ['vpdn-group one', 'accept-dialin', 'protocol l2tp', 'exit'],
  'lac-group': ['vpdn-group one', 'request-dialin', 'protocol l2tp', 'exit'],
  'request-dialin': ['vpdn-group one', 'request-dialin'],
  'pptp-client': ['vpdn-group one', 'request-dialin', 'protocol pptp', 'exit'],
  'pptp-dialin': ['vpdn-group one', 'request-dialin', 'protocol pptp'],
  'request-dialout': ['vpdn-group one', 'request-dialout'],
  'accept-dialout': ['vpdn-group one', 'accept-dialout'],
  loopback: ['interface Loopback1'],
  physical: ['interface FastEthernet0/0'],
  'virtual-template': ['interface Virtual-Template1'],
  'virtual-ppp': ['interface Virtual-PPP1'],
  dialer: ['interface Dialer1'],
  xconnect: ['interface FastEthernet0/0', 'xconnect 192.0.2.1 123 encapsulation l2tpv3 manual pw-class one'],
  controller: ['controller ISA 5/0'],
  line: ['line vty 0 4'],
  'server-group': ['aaa group server radius ONE'],
  'radius-server': ['radius server ONE'],
} as const satisfies Record<string, readonly string[] | undefined>;

export type CatalogueMode = keyof typeof MODES;
