// The settings of PPTP's control connections: what a vpdn-group says, else the built-in values (C091, C093).

import type { ConnectionSettings } from '../pptp/events.ts';
import type { Configuration } from './configuration.ts';
import type { VpdnGroup } from './configuration-vpdn.ts';
import { LAC_NO_SESSION, LNS_NO_SESSION, millis, VENDOR_NAME } from './defaults.ts';
import type { Seconds } from './units.ts';
import { groupInForce } from './vpdn-template.ts';

export function acceptedPptpSettings(configuration: Configuration, group: VpdnGroup): ConnectionSettings {
  return settings(configuration, group, LNS_NO_SESSION);
}

export function openedPptpSettings(configuration: Configuration, group: VpdnGroup): ConnectionSettings {
  return settings(configuration, group, LAC_NO_SESSION);
}

function settings(configuration: Configuration, written: VpdnGroup, noSession: Seconds): ConnectionSettings {
  const { pptp, localName = configuration.hostname } = groupInForce(configuration, written);
  return {
    localName,
    vendorName: VENDOR_NAME,
    echoInterval: millis(pptp.echo ?? PPTP_ECHO),
    receiveWindowSize: pptp.receiveWindow ?? PPTP_RECEIVE_WINDOW,
    noSessionTimeout: millis(noSession),
  };
}

export const PPTP_ECHO: Seconds = 60;
export const PPTP_RECEIVE_WINDOW = 16;
