// Values in force where the configuration says nothing, and the settings of tunnels and links made from both.

import type { RetransmitSettings, TunnelSettings } from '../l2tp/events.ts';
import type { AuthenticationProtocol, CcpSettings, LinkSettings, MppeSettings } from '../ppp/events.ts';
import type { Millis } from '../wire/machine.ts';
import type { Configuration } from './configuration.ts';
import type { Interface, Mppe } from './configuration-interface.ts';
import type { L2tpClass, Retransmit, VpdnGroup } from './configuration-vpdn.ts';
import { receiveUnit } from './mtu.ts';
import { revealSecret, secretOctets } from './secret.ts';
import type { Octets, Seconds } from './units.ts';
import { groupInForce } from './vpdn-template.ts';

export const DEFAULT_L2TP_CLASS = 'l2tp_default_class';

/** A tunnel that a vpdn-group accepts. */
export function acceptedTunnelSettings(
  configuration: Configuration,
  group: VpdnGroup,
  peerName: string,
): TunnelSettings {
  const { l2tp, localName = configuration.hostname } = groupInForce(configuration, group);
  return {
    localName,
    vendorName: VENDOR_NAME,
    secret: tunnelSecret(configuration, l2tp.password, [peerName, localName]),
    authentication: l2tp.authentication ?? true,
    hidden: l2tp.hidden ?? false,
    receiveWindowSize: l2tp.receiveWindow ?? RECEIVE_WINDOW,
    helloInterval: millis(l2tp.hello ?? HELLO),
    retransmit: retransmitSettings(l2tp.retransmit, GROUP_RETRIES),
    setupTimeout: millis(l2tp.setupTimeout ?? SETUP_TIMEOUT),
    noSessionTimeout: noSessionTimeout(l2tp.noSessionTimeout),
  };
}

/** A tunnel that a pseudowire opens. `peerAddress` stands in for the name that is not known yet. */
export function openedTunnelSettings(
  configuration: Configuration,
  l2tpClass: L2tpClass | undefined,
  peerAddress: string,
): TunnelSettings {
  return {
    localName: l2tpClass?.hostname ?? configuration.hostname,
    vendorName: VENDOR_NAME,
    secret: tunnelSecret(configuration, l2tpClass?.password, [peerAddress]),
    authentication: l2tpClass?.authentication ?? false,
    hidden: l2tpClass?.hidden ?? false,
    receiveWindowSize: l2tpClass?.receiveWindow ?? RECEIVE_WINDOW,
    helloInterval: millis(l2tpClass?.hello ?? HELLO),
    retransmit: retransmitSettings(l2tpClass?.retransmit ?? {}, CLASS_RETRIES),
    setupTimeout: millis(l2tpClass?.setupTimeout ?? SETUP_TIMEOUT),
    noSessionTimeout: millis(LAC_NO_SESSION),
  };
}

/** What a link needs to know of the place it runs in. */
export interface LinkPlace {
  readonly outerMtu: Octets;
  readonly sequencing: boolean;
  /** Where it is known better: what we can receive in one packet of the tunnel. */
  readonly receiveUnit?: Octets;
  /** The peer called us (Virtual-Access), or we called it (Virtual-PPP): the meaning of `callin`. */
  readonly direction: 'callin' | 'callout';
  /** Our own IP address, `0.0.0.0` to be given one. */
  readonly localAddress: string;
}

export function linkSettings(configuration: Configuration, subject: Interface, place: LinkPlace): LinkSettings {
  const { ppp } = subject;
  const direction = ppp.direction ?? place.direction;
  return {
    calling: place.direction === 'callout',
    mru: Math.min(
      subject.mtu ?? Number.POSITIVE_INFINITY,
      place.receiveUnit ?? receiveUnit(place.outerMtu, place.sequencing),
    ),
    authenticate: demanded(subject, direction),
    authenticationOptional: ppp.authentication?.optional ?? false,
    localName: ppp.chapSplitnames ? configuration.hostname : (ppp.chapHostname ?? configuration.hostname),
    responseName: ppp.chapHostname,
    ignoreOwnName: ppp.chapIgnoreus,
    waitForPeer: [...(ppp.chapWait ? ['chap' as const] : []), ...(ppp.papWait ? ['pap' as const] : [])],
    pap: papCredentials(subject),
    refuse: refused(subject, direction),
    keepalive: keepalive(subject),
    restartTimer: ppp.timeoutRetry ?? PPP_RETRY,
    maxConfigure: ppp.maxConfigure ?? 10,
    maxFailure: ppp.maxFailure ?? 5,
    maxTerminate: ppp.maxTerminate ?? 2,
    maxBadAuthentications: ppp.maxBadAuth ?? 0,
    authenticationTimeout:
      ppp.timeoutAuthentication === 0 ? NEVER : millis(ppp.timeoutAuthentication ?? PPP_AUTHENTICATION),
    ncpTimeout: millis(ppp.timeoutNcp ?? PPP_NCP),
    ncpGrace: millis(ppp.timeoutNcpTermination ?? PPP_NCP_TERMINATION),
    rechallengeInterval: ppp.chapRechallenge === undefined ? NEVER : millis(ppp.chapRechallenge),
    challengeLength: ppp.chapChallengeLength ?? CHALLENGE_LENGTH,
    requestAcfc: ppp.acfcLocal === 'request',
    requestPfc: ppp.pfcLocal === 'request',
    peerAcfc: ppp.acfcRemote ?? 'apply',
    peerPfc: ppp.pfcRemote ?? 'apply',
    ...ccpSettings(subject),
    ipcp: { localAddress: place.localAddress, requestDns: ppp.dns?.kind === 'request' },
    passiveDelay: ppp.lcpDelay?.delay ?? 0,
    passiveDelayRandom: ppp.lcpDelay?.random ?? 0,
  };
}

/** `ppp encrypt mppe` (C124) and `compress mppc` (C122); without either CCP is not spoken. */
function ccpSettings({ ppp: { mppe }, compress }: Interface): { readonly ccp?: CcpSettings } {
  const mppc = compress?.method === 'mppc';
  if (mppe === undefined) return mppc ? { ccp: { mppe: undefined, mppc } } : {};
  const { stateful, demand = 'active' } = mppe;
  return { ccp: { mppe: { ...STRENGTHS[mppe.strength], stateful, demand }, mppc } };
}

/** 56 bits are taken of a peer that asks for nothing else, and offered to none. */
const STRENGTHS: Readonly<Record<Mppe['strength'], Pick<MppeSettings, 'offered' | 'strengths'>>> = {
  auto: { offered: [128, 40], strengths: [128, 56, 40] },
  '40': { offered: [40], strengths: [40] },
  '128': { offered: [128], strengths: [128] },
};

/** A dedicated line has no caller: neither `callin` nor `callout` takes anything back there (C112). */
type Direction = NonNullable<Interface['ppp']['direction']>;

function demanded(subject: Interface, direction: Direction): AuthenticationProtocol[] {
  const wanted = subject.ppp.authentication;
  if (wanted === undefined) return [];
  if (wanted.callin && direction === 'callout') return [];
  if (wanted.callout && direction === 'callin') return [];
  return wanted.methods;
}

function refused(subject: Interface, direction: Direction): AuthenticationProtocol[] {
  const applies = (when: 'always' | 'callin' | undefined) =>
    when === 'always' || (when === 'callin' && direction === 'callin');
  const list: AuthenticationProtocol[] = [];
  if (applies(subject.ppp.chapRefuse)) list.push('chap');
  if (applies(subject.ppp.papRefuse)) list.push('pap');
  if (applies(subject.ppp.msChapRefuse)) list.push('ms-chap');
  if (applies(subject.ppp.msChapV2Refuse)) list.push('ms-chap-v2');
  if (applies(subject.ppp.eapRefuse)) list.push('eap');
  return list;
}

function papCredentials(subject: Interface): LinkSettings['pap'] {
  const sent = subject.ppp.papSentUsername;
  const password = revealSecret(sent?.password);
  return sent === undefined || password === undefined ? undefined : { username: sent.username, password };
}

function keepalive(subject: Interface): LinkSettings['keepalive'] {
  const period = subject.keepalive?.period ?? KEEPALIVE_PERIOD;
  if (period === 0) return undefined;
  return { period: millis(period), retries: subject.keepalive?.retries ?? KEEPALIVE_RETRIES };
}

/** The secret of its own, else the password of the first `username` among `names` (C031, C082). */
export function tunnelSecret(
  configuration: Configuration,
  own: Parameters<typeof secretOctets>[0],
  names: readonly string[],
): Uint8Array | undefined {
  if (own !== undefined) return secretOctets(own);
  for (const name of names) {
    const octets = secretOctets(configuration.users.get(name)?.password);
    if (octets !== undefined) return octets;
  }
  return undefined;
}

function retransmitSettings(configured: Retransmit, retries: number): RetransmitSettings {
  return {
    initialRetries: configured.initialRetries ?? 2,
    initialTimeoutMin: millis(configured.initialTimeoutMin ?? configured.timeoutMin ?? 1),
    initialTimeoutMax: millis(configured.initialTimeoutMax ?? configured.timeoutMax ?? 8),
    retries: configured.retries ?? retries,
    timeoutMin: millis(configured.timeoutMin ?? 1),
    timeoutMax: millis(configured.timeoutMax ?? 8),
  };
}

function noSessionTimeout(configured: Seconds | 'never' | undefined): number {
  return configured === 'never' ? Number.POSITIVE_INFINITY : millis(configured ?? LNS_NO_SESSION);
}

export const millis = (value: Seconds) => value * 1000;

export const VENDOR_NAME = 'vpdn';
export const RECEIVE_WINDOW = 1024;
export const HELLO: Seconds = 60;
export const SETUP_TIMEOUT: Seconds = 300;
const CLASS_RETRIES = 15;
const GROUP_RETRIES = 10;
export const LNS_NO_SESSION: Seconds = 10;
export const LAC_NO_SESSION: Seconds = 15;
/** As long as the hash (RFC 1994 §4.1). */
const CHALLENGE_LENGTH = { least: 16, most: 16 };
const PPP_RETRY: Millis = 2000;
const PPP_AUTHENTICATION: Seconds = 10;
const PPP_NCP: Seconds = 60;
const PPP_NCP_TERMINATION: Seconds = 10;
const NEVER = Number.POSITIVE_INFINITY;
export const KEEPALIVE_PERIOD: Seconds = 10;
export const KEEPALIVE_RETRIES = 5;
