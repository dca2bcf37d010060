// PPP on an interface, in the order of running-config.

import type { Interface } from '../../vpdn/configuration-interface.ts';
import type { Command } from '../tree.ts';
import { COMPRESS, MPPE } from './interface-encryption.ts';
import { PPP_AUTHENTICATION } from './interface-ppp-authentication.ts';
import { PPP_INERT } from './interface-ppp-inert.ts';
import { PPP_IPCP } from './interface-ppp-ipcp.ts';
import { PPP_LCP } from './interface-ppp-lcp.ts';

export const INTERFACE_PPP: Command<Interface>[] = [
  COMPRESS,
  MPPE,
  ...PPP_AUTHENTICATION,
  ...PPP_LCP,
  ...PPP_IPCP,
  ...PPP_INERT,
];
