// What the lines of an L2TPv3 pseudowire come to: how it is signalled, over what, and with which settings (RFC 3931, C029-C050).

import type { ConnectionSettings, DigestSettings, SessionPath, SessionSettings } from '../l2tp/v3/events.ts';
import { type Path, parseIpv4, readIpv4 } from '../wire/ip.ts';
import type { Configuration } from './configuration.ts';
import type { Pseudowire } from './configuration-interface.ts';
import type { Cookie, L2tpClass, PseudowireClass, Sequencing, Xconnect } from './configuration-vpdn.ts';
import {
  HELLO,
  LAC_NO_SESSION,
  millis,
  openedTunnelSettings,
  RECEIVE_WINDOW,
  SETUP_TIMEOUT,
  tunnelSecret,
  VENDOR_NAME,
} from './defaults.ts';
import type { OuterHeader, V3Data } from './events.ts';
import { secretOctets } from './secret.ts';

/** What a pseudowire asks of its control connection. */
export interface V3Signalling {
  readonly transport: 'udp' | 'ip';
  readonly dialect: ConnectionSettings['dialect'];
  /** There is none: these are the values. */
  readonly manual?: ManualValues;
}

export interface ManualValues {
  readonly localSession: number;
  readonly peerSession: number;
  readonly localCookie: Uint8Array;
  readonly peerCookie: Uint8Array;
  /** The l2tp-class of the control connection that watches the peer (C054). */
  readonly hello: string | undefined;
}

/** RFC 3931 §5.4.3 and IANA's L2TPv3 Pseudowire Types: PPP, and of RFC 4719 the Ethernet port and the VLAN of one. */
export const PPP_PSEUDOWIRE = 7;
export const ETHERNET_PSEUDOWIRE = 5;
export const VLAN_PSEUDOWIRE = 4;

/** The protocol of a pseudowire, or in words why it cannot be. */
export function signallingOf(
  pseudowire: Pseudowire | Xconnect,
  pwClass: PseudowireClass | undefined,
): { readonly version: 2 } | ({ readonly version: 3 } & V3Signalling) | string {
  const encapsulation = pseudowire.encapsulation ?? pwClass?.encapsulation;
  if (encapsulation === undefined) return 'encapsulation none: neither l2tpv2 nor l2tpv3';
  const protocol = pwClass?.protocol ?? encapsulation;
  if (encapsulation === 'l2tpv2') {
    return protocol === 'l2tpv2' ? { version: 2 } : `protocol ${protocol} does not go with encapsulation l2tpv2`;
  }
  if (protocol === 'l2tpv2') return 'protocol l2tpv2 does not go with encapsulation l2tpv3';
  const transport = TRANSPORTS.get(pwClass?.ipProtocol ?? IP_PROTOCOL_L2TP);
  if (transport === undefined) return `ip protocol ${pwClass?.ipProtocol}: L2TPv3 goes over 115 or UDP`;
  const dialect = protocol === 'l2tpv3ietf' ? 'ietf' : 'both';
  if (protocol !== 'none' && pseudowire.manual === undefined) return { version: 3, transport, dialect };
  const { ids, localCookie, remoteCookie, hello } = pseudowire.manual ?? {};
  if (ids === undefined) return 'no `l2tp id` is configured for the session, which is not signalled';
  const cookies = { localCookie: octetsOf(localCookie), peerCookie: octetsOf(remoteCookie) };
  return {
    version: 3,
    transport,
    dialect,
    manual: { localSession: ids.local, peerSession: ids.remote, ...cookies, hello },
  };
}

/** C053: the high word first. */
function octetsOf(cookie: Cookie | undefined): Uint8Array {
  if (cookie === undefined) return new Uint8Array(0);
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, cookie.high);
  view.setUint32(4, cookie.low);
  return new Uint8Array(view.buffer).slice(8 - cookie.size);
}

/** How the packet path carries a session whose values are typed. The sublayer is there where one numbers (C052). */
export function manualDataOf(
  { localCookie, peerCookie }: ManualValues,
  pwClass: PseudowireClass | undefined,
  sequencing: Sequencing | undefined,
  frames: Frames,
): V3Data {
  const sublayer = sequencing !== undefined;
  return {
    localCookie,
    peerCookie,
    receiveSublayer: sublayer,
    sendSublayer: sublayer,
    sendSequencing: sequencing === 'transmit' || sequencing === 'both',
    receiveSequencing: sequencing === 'receive' || sequencing === 'both',
    ...frames,
    outer: outerHeaderOf(pwClass),
  };
}

/** `local peer` over one transport: what has one control connection, and the parameters of one l2tp-class. */
export function pairOf({ transport, localAddress, peerAddress }: Path): string {
  return `${transport ?? 'udp'} ${localAddress} ${peerAddress}`;
}

/** The settings of a control connection; undefined: it is to be authenticated, and there is no secret to do it with. */
export function connectionSettings(
  configuration: Configuration,
  l2tpClass: L2tpClass | undefined,
  path: Path,
  { dialect, watches }: { readonly dialect: ConnectionSettings['dialect']; readonly watches: boolean },
): ConnectionSettings | undefined {
  const digests = digestsOf(configuration, l2tpClass, path.peerAddress);
  if (digests === undefined) return undefined;
  return {
    localName: l2tpClass?.hostname ?? configuration.hostname,
    vendorName: VENDOR_NAME,
    routerId: readIpv4(path.localAddress) === undefined ? 0 : parseIpv4(path.localAddress),
    digests,
    // What hides is a digest secret (§5.3): without one everything stays open.
    hidden: (l2tpClass?.hidden ?? false) && digests.some(({ secret }) => secret !== undefined),
    dialect,
    receiveWindowSize: l2tpClass?.receiveWindow ?? RECEIVE_WINDOW,
    helloInterval: millis(l2tpClass?.hello ?? HELLO),
    retransmit: openedTunnelSettings(configuration, l2tpClass, path.peerAddress).retransmit,
    setupTimeout: millis(l2tpClass?.setupTimeout ?? SETUP_TIMEOUT),
    noSessionTimeout: watches ? Number.POSITIVE_INFINITY : millis(LAC_NO_SESSION),
    pseudowireTypes: [PPP_PSEUDOWIRE, ETHERNET_PSEUDOWIRE, VLAN_PSEUDOWIRE],
  };
}

/** `digest …`; else `authentication` with its `password` is the digest of MD5 that has this for its secret. */
function digestsOf(
  configuration: Configuration,
  l2tpClass: L2tpClass | undefined,
  peerAddress: string,
): DigestSettings[] | undefined {
  if (l2tpClass === undefined) return [];
  if (l2tpClass.digests.length > 0) {
    return l2tpClass.digests.map(({ hash, secret }) => {
      return { hash: hash === 'sha' ? 'sha1' : 'md5', secret: secretOctets(secret) };
    });
  }
  if (!l2tpClass.authentication) return [];
  const secret = tunnelSecret(configuration, l2tpClass.password, [peerAddress]);
  return secret === undefined ? undefined : [{ hash: 'md5', secret }];
}

/** The VCID travels as its decimal digits, which is what Cisco sends. */
export function remoteEndIdOf(vcid: number): Uint8Array {
  return Uint8Array.from(String(vcid), (digit) => digit.charCodeAt(0));
}

export function isVcid(remoteEndId: Uint8Array, vcid: number): boolean {
  const wanted = remoteEndIdOf(vcid);
  return wanted.length === remoteEndId.length && wanted.every((octet, at) => octet === remoteEndId[at]);
}

export function sessionSettings(
  l2tpClass: L2tpClass | undefined,
  { vcid, sequencing }: { readonly vcid: number; readonly sequencing: Sequencing | undefined },
  attributes: Omit<SessionSettings, 'remoteEndId' | 'cookieSize' | 'sublayer' | 'sequencing'>,
): SessionSettings {
  // §5.4.4: what an end asks for is how data is to come to it.
  const numbered = sequencing === 'receive' || sequencing === 'both';
  return {
    remoteEndId: remoteEndIdOf(vcid),
    cookieSize: l2tpClass?.cookieSize ?? 0,
    sublayer: numbered,
    sequencing: numbered ? 'all' : 'none',
    ...attributes,
  };
}

/** How the packet path carries the session. */
export function v3DataOf(
  carries: SessionPath,
  pwClass: PseudowireClass | undefined,
  sequencing: Sequencing | undefined,
  frames: Frames,
): V3Data {
  const { localCookie, peerCookie, receiveSublayer, sendSublayer, sendSequencing } = carries;
  const transmits = sequencing === 'transmit' || sequencing === 'both';
  return {
    localCookie,
    peerCookie,
    receiveSublayer,
    sendSublayer,
    // Without the sublayer there is no place for a number, however much it is wished for.
    sendSequencing: sendSublayer && (transmits || sendSequencing !== 'none'),
    receiveSequencing: receiveSublayer,
    ...frames,
    outer: outerHeaderOf(pwClass),
  };
}

/** What a session carries. */
export type Frames = Pick<V3Data, 'payload' | 'vlan'>;

function outerHeaderOf(pwClass: PseudowireClass | undefined): OuterHeader {
  return {
    tos: pwClass?.tosValue ?? 0,
    tosReflect: pwClass?.tosReflect ?? false,
    dontFragment: pwClass?.dontFragment ?? false,
    ttl: pwClass?.ttl ?? DEFAULT_TTL,
  };
}

const IP_PROTOCOL_L2TP = 115;
/** `ip protocol`; 17 is our extension: RFC 3931 §4.1.2 beside §4.1.1. */
const TRANSPORTS: ReadonlyMap<number, 'udp' | 'ip'> = new Map([
  [IP_PROTOCOL_L2TP, 'ip'],
  [17, 'udp'],
]);
/** C047. */
const DEFAULT_TTL = 255;
