// Every configuration mode that has commands of its own, from the outermost in: what the reference has a page for.

import type { Mode } from '../tree.ts';
import { ACCEPT_DIALIN_MODE } from './accept-dialin.ts';
import { GLOBAL_MODE } from './global.ts';
import { INTERFACE_MODE } from './interface.ts';
import { L2TP_CLASS_MODE } from './l2tp-class.ts';
import { PSEUDOWIRE_CLASS_MODE } from './pseudowire-class.ts';
import { VPDN_GROUP_MODE } from './vpdn-group.ts';

export const MODES = [
  GLOBAL_MODE,
  VPDN_GROUP_MODE,
  ACCEPT_DIALIN_MODE,
  L2TP_CLASS_MODE,
  PSEUDOWIRE_CLASS_MODE,
  INTERFACE_MODE,
] as readonly Mode<unknown>[];
