// Every configuration mode that has commands of its own, from the outermost in: what the reference has a page for.

import type { Mode } from '../tree.ts';
import { ACCEPT_DIALIN_MODE } from './accept-dialin.ts';
import { STANDARD_ACCESS_LIST_MODE } from './access-list.ts';
import { CONTROLLER_MODE } from './controller.ts';
import { GLOBAL_MODE } from './global.ts';
import { INTERFACE_MODE } from './interface.ts';
import { L2TP_CLASS_MODE } from './l2tp-class.ts';
import { LINE_MODE } from './line.ts';
import { PSEUDOWIRE_CLASS_MODE } from './pseudowire-class.ts';
import { ACCEPT_DIALOUT_MODE, REQUEST_DIALIN_MODE, REQUEST_DIALOUT_MODE } from './request-dialin.ts';
import { KEY_DATA_MODE, PUBKEY_CHAIN_MODE, USER_KEYS_MODE } from './ssh.ts';
import { VPDN_GROUP_MODE } from './vpdn-group.ts';
import { VPDN_TEMPLATE_MODE } from './vpdn-template.ts';
import { XCONNECT_MODE } from './xconnect.ts';

export const MODES = [
  GLOBAL_MODE,
  VPDN_TEMPLATE_MODE,
  VPDN_GROUP_MODE,
  ACCEPT_DIALIN_MODE,
  REQUEST_DIALIN_MODE,
  ACCEPT_DIALOUT_MODE,
  REQUEST_DIALOUT_MODE,
  L2TP_CLASS_MODE,
  CONTROLLER_MODE,
  PSEUDOWIRE_CLASS_MODE,
  INTERFACE_MODE,
  XCONNECT_MODE,
  STANDARD_ACCESS_LIST_MODE,
  LINE_MODE,
  PUBKEY_CHAIN_MODE,
  USER_KEYS_MODE,
  KEY_DATA_MODE,
] as readonly Mode<unknown>[];
