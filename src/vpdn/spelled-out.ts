// A configuration with its defaults said aloud: `show running-config all` (C161). The values are asked of what the router would
// use, so that they are the ones in force.

import type { RetransmitSettings } from '../l2tp/events.ts';
import type { Configuration } from './configuration.ts';
import type { Interface } from './configuration-interface.ts';
import type { L2tpClass, Retransmit, VpdnGroup } from './configuration-vpdn.ts';
import { acceptedTunnelSettings, linkSettings, openedTunnelSettings } from './defaults.ts';
import { ETHERNET_MTU } from './mtu.ts';
import { acceptsL2tp } from './vpdn-group.ts';

export function spelledOut(configuration: Configuration): Configuration {
  const whole = structuredClone(configuration);
  for (const group of whole.vpdnGroups.values()) if (acceptsL2tp(group)) spellGroup(whole, group);
  for (const each of whole.l2tpClasses.values()) spellClass(whole, each);
  for (const subject of whole.interfaces.values()) {
    if (PPP_KINDS.has(subject.kind)) spellInterface(whole, subject);
  }
  return whole;
}

function spellGroup(configuration: Configuration, group: VpdnGroup): void {
  const settings = acceptedTunnelSettings(configuration, group, '');
  const { l2tp } = group;
  l2tp.authentication = settings.authentication;
  l2tp.receiveWindow = settings.receiveWindowSize;
  l2tp.hello = settings.helloInterval / SECOND;
  l2tp.setupTimeout = settings.setupTimeout / SECOND;
  l2tp.noSessionTimeout =
    settings.noSessionTimeout === Number.POSITIVE_INFINITY ? 'never' : settings.noSessionTimeout / SECOND;
  l2tp.retransmit = spelledRetransmit(settings.retransmit);
}

function spellClass(configuration: Configuration, each: L2tpClass): void {
  const settings = openedTunnelSettings(configuration, each, '');
  each.hostname = settings.localName;
  each.receiveWindow = settings.receiveWindowSize;
  each.hello = settings.helloInterval / SECOND;
  each.setupTimeout = settings.setupTimeout / SECOND;
  each.retransmit = spelledRetransmit(settings.retransmit);
}

function spelledRetransmit(settings: RetransmitSettings): Retransmit {
  return {
    initialRetries: settings.initialRetries,
    initialTimeoutMin: settings.initialTimeoutMin / SECOND,
    initialTimeoutMax: settings.initialTimeoutMax / SECOND,
    retries: settings.retries,
    timeoutMin: settings.timeoutMin / SECOND,
    timeoutMax: settings.timeoutMax / SECOND,
  };
}

function spellInterface(configuration: Configuration, subject: Interface): void {
  const direction = subject.kind === 'Virtual-Template' ? 'callin' : 'callout';
  const place = { outerMtu: ETHERNET_MTU, sequencing: false, direction, localAddress: '0.0.0.0' } as const;
  const settings = linkSettings(configuration, subject, place);
  const { keepalive, authenticationTimeout } = settings;
  const { ppp } = subject;
  if (keepalive !== undefined) subject.keepalive = { period: keepalive.period / SECOND, retries: keepalive.retries };
  ppp.timeoutRetry = settings.restartTimer;
  ppp.timeoutAuthentication = authenticationTimeout === Number.POSITIVE_INFINITY ? 0 : authenticationTimeout / SECOND;
  ppp.timeoutNcp = settings.ncpTimeout / SECOND;
  ppp.maxConfigure = settings.maxConfigure;
  ppp.maxFailure = settings.maxFailure;
  ppp.maxTerminate = settings.maxTerminate;
}

const PPP_KINDS: ReadonlySet<string> = new Set(['Virtual-Template', 'Virtual-PPP', 'Dialer']);
const SECOND = 1000;
