// The LCP configuration options, RFC 1661 §6 and the registry `ppp-lcp`: what we ask for, what the peer may have.

import { equalOctets } from '../wire/bytes.ts';
import { type Entropy, randomU32 } from '../wire/machine.ts';
import { formatHex, ipv4, u8, u16, u32 } from '../wire/values.ts';
import type { AuthenticationProtocol, LinkEndCause, LinkSettings } from './events.ts';
import { formatProtocol } from './frame.ts';
import type { Failure, Judgement, Negotiator, OptionRow } from './options.ts';

/** What LCP negotiates over: our wishes as they stand, and what the peer was granted. */
export class LcpNegotiator implements Negotiator {
  failure: Failure | undefined;
  readonly disagreement: LinkEndCause = 'lcp-failed';
  readonly settings: LinkSettings;
  readonly #entropy: Entropy;

  /** Our own: 0 and undefined stand for "without the option". */
  magicNumber = 0;
  mru: number | undefined;
  authentication: AuthenticationProtocol | undefined;
  #offered: AuthenticationProtocol[] = [];

  peerMru = DEFAULT_MRU;
  peerMagicNumber = 0;
  peerPfc = false;
  peerAcfc = false;
  /** How we must authenticate ourselves to the peer. */
  peerAuthentication: AuthenticationProtocol | undefined;

  /** Our magic numbers that came back to us, each counted once (§6.4). */
  #loops = 0;
  #looped = 0;

  constructor(settings: LinkSettings, entropy: Entropy) {
    this.settings = settings;
    this.#entropy = entropy;
  }

  restart(): void {
    const { mru, authenticate } = this.settings;
    this.failure = undefined;
    this.magicNumber = this.randomMagic();
    this.mru = mru === DEFAULT_MRU ? undefined : mru;
    this.#offered = [];
    this.authentication = undefined;
    if (authenticate.length > 0) this.offerAuthentication(undefined);
  }

  /** §6.4: "A Magic-Number of zero is illegal". */
  randomMagic(): number {
    return randomU32(this.#entropy) || 1;
  }

  /** Our own magic number in the peer's request: once may be chance, twice is a loop. */
  countLoop(): void {
    if (this.#looped === this.magicNumber) return;
    this.#looped = this.magicNumber;
    if (++this.#loops < 2) return;
    this.failure = { cause: 'loopback', message: 'our own LCP packets come back: the link is looped' };
  }

  /** The next protocol to demand: the peer's counter-proposal if it is in our list and new, else the next in the list. */
  offerAuthentication(proposal: AuthenticationProtocol | undefined): void {
    const left = this.settings.authenticate.filter((protocol) => !this.#offered.includes(protocol));
    const next = proposal !== undefined && left.includes(proposal) ? proposal : left[0];
    this.authentication = next;
    if (next !== undefined) this.#offered.push(next);
    else this.refuseAuthentication();
  }

  refuseAuthentication(): void {
    this.authentication = undefined;
    if (this.settings.authenticationOptional) return;
    const demanded = this.settings.authenticate.map((protocol) => protocol.toUpperCase()).join(', ');
    this.failure = {
      cause: 'authentication-protocol',
      message: `the peer refuses to authenticate itself with ${demanded}`,
    };
  }

  /** What we are able to answer. */
  answerable(protocol: AuthenticationProtocol): boolean {
    if (this.settings.refuse.includes(protocol)) return false;
    return protocol !== 'pap' || this.settings.pap !== undefined;
  }
}

export const DEFAULT_MRU = 1500;

export const LCP_OPTIONS: readonly OptionRow<LcpNegotiator>[] = [
  {
    type: 1,
    name: 'MRU',
    length: 2,
    format: formatU16,
    wanted: ({ mru }) => (mru === undefined ? undefined : u16.encode(mru)),
    // Whatever the peer can take is its own affair, as long as our control packets fit.
    judge: (_, data) => (u16.decode(data) >= LEAST_MRU ? 'ack' : u16.encode(LEAST_MRU)),
    granted: (lcp, data) => {
      lcp.peerMru = data === undefined ? DEFAULT_MRU : u16.decode(data);
    },
    // §6.1: any implementation can take 1500 octets, so a wish up to there costs nothing to grant.
    nakked: (lcp, data) => {
      const mru = u16.decode(data);
      if (mru >= LEAST_MRU && mru <= Math.max(DEFAULT_MRU, lcp.settings.mru)) lcp.mru = mru;
    },
    rejected: (lcp) => {
      lcp.mru = undefined;
    },
  },
  // There are no control characters to escape inside a tunnel: whatever the peer says of them is true.
  { type: 2, name: 'ACCM', length: 4, format: formatU32, judge: () => 'ack' },
  {
    type: 3,
    name: 'AuthProto',
    length: undefined,
    format: formatAuthentication,
    wanted: ({ authentication }) => authentication && AUTHENTICATION[authentication],
    judge: judgeAuthentication,
    granted: (lcp, data) => {
      lcp.peerAuthentication = data === undefined ? undefined : authenticationOf(data);
    },
    nakked: (lcp, data) => lcp.offerAuthentication(authenticationOf(data)),
    rejected: (lcp) => lcp.refuseAuthentication(),
  },
  { type: 4, name: 'QualityProto', length: undefined, format: formatHex },
  {
    type: 5,
    name: 'MagicNumber',
    length: 4,
    format: formatU32,
    wanted: ({ magicNumber }) => (magicNumber === 0 ? undefined : u32.encode(magicNumber)),
    judge: judgeMagicNumber,
    granted: (lcp, data) => {
      lcp.peerMagicNumber = data === undefined ? 0 : u32.decode(data);
    },
    // §6.4: a Nak may be our own come back, so the new number is drawn and not taken from it.
    nakked: (lcp) => {
      lcp.magicNumber = lcp.randomMagic();
    },
    // §6.4: the number is then zero in echoes, and loops are not seen.
    rejected: (lcp) => {
      lcp.magicNumber = 0;
    },
  },
  {
    type: 7,
    name: 'PFC', // says what its sender can take: the peer's option is our leave to compress (§6.5)
    length: 0,
    format: () => '',
    wanted: ({ settings }) => (settings.requestPfc ? PRESENT : undefined),
    judge: ({ settings }) => (settings.peerPfc === 'reject' ? 'reject' : 'ack'),
    granted: (lcp, data) => {
      lcp.peerPfc = data !== undefined && lcp.settings.peerPfc === 'apply';
    },
  },
  {
    type: 8,
    name: 'ACFC',
    length: 0,
    format: () => '',
    wanted: ({ settings }) => (settings.requestAcfc ? PRESENT : undefined),
    judge: ({ settings }) => (settings.peerAcfc === 'reject' ? 'reject' : 'ack'),
    granted: (lcp, data) => {
      lcp.peerAcfc = data !== undefined && lcp.settings.peerAcfc === 'apply';
    },
  },
  // Rows without `judge` are known by name and always rejected: callback and multilink are not spoken here.
  { type: 13, name: 'Callback', length: undefined, format: (data) => String(data[0] ?? '') },
  { type: 17, name: 'MRRU', length: 2, format: formatU16 },
  { type: 18, name: 'ShortSequence', length: 0, format: () => '' },
  { type: 19, name: 'EndpointDisc', length: undefined, format: formatEndpoint },
];

/**
 * The value of option 3 (§6.2) for each protocol: PAP (RFC 1334 §2.1), CHAP with MD5 (RFC 1994 §3), MS-CHAP (RFC 2433 §3),
 * MS-CHAP-V2 (RFC 2759 §3), EAP (RFC 3748 §2.1).
 */
const AUTHENTICATION = {
  pap: Uint8Array.of(0xc0, 0x23),
  chap: Uint8Array.of(0xc2, 0x23, 5),
  'ms-chap': Uint8Array.of(0xc2, 0x23, 0x80),
  'ms-chap-v2': Uint8Array.of(0xc2, 0x23, 0x81),
  eap: Uint8Array.of(0xc2, 0x27),
} as const satisfies Record<AuthenticationProtocol, Uint8Array>;

function authenticationOf(data: Uint8Array): AuthenticationProtocol | undefined {
  return PROTOCOLS.find((protocol) => equalOctets(AUTHENTICATION[protocol], data));
}

function judgeAuthentication(lcp: LcpNegotiator, data: Uint8Array): Judgement {
  // §6.2: a Nak names what we would rather do; a Reject says that we do none of it.
  const demanded = authenticationOf(data);
  if (demanded !== undefined && lcp.answerable(demanded)) return 'ack';
  const rather = PROTOCOLS.find((protocol) => lcp.answerable(protocol));
  return rather === undefined ? 'reject' : AUTHENTICATION[rather];
}

function judgeMagicNumber(lcp: LcpNegotiator, data: Uint8Array): Judgement {
  const magicNumber = u32.decode(data);
  if (magicNumber === 0) return u32.encode(lcp.randomMagic());
  // §6.4: "If the two Magic-Numbers are different, then the link is not looped-back".
  if (magicNumber !== lcp.magicNumber) return 'ack';
  lcp.countLoop();
  return u32.encode(lcp.randomMagic());
}

function formatU16(data: Uint8Array): string {
  return data.length === 2 ? u16.format(u16.decode(data)) : '';
}

function formatU32(data: Uint8Array): string {
  return `0x${formatHex(data).toUpperCase()}`;
}

/** `CHAP`, `MS-CHAP-V2`, `PAP`. */
function formatAuthentication(data: Uint8Array): string {
  if (data.length < 2) return '';
  const protocol = u16.decode(data.subarray(0, 2));
  const known = authenticationOf(data);
  return known === undefined ? formatProtocol(protocol) : known.toUpperCase();
}

/** RFC 1990 §5.1.3: a class octet, then an address of that class. */
function formatEndpoint(data: Uint8Array): string {
  const address = data.subarray(1);
  const text = data[0] === 2 && address.length === 4 ? ipv4.decode(address) : formatHex(address);
  return `${data.length === 0 ? '' : u8.format(data[0]!)} ${text}`.trim();
}

const PRESENT = new Uint8Array(0);
/** Below this not even the control protocols' own packets fit. */
const LEAST_MRU = 128;
/** In the order in which we would rather answer: CHAP first, as most peers have it; PAP last, because it shows the secret. */
const PROTOCOLS: readonly AuthenticationProtocol[] = ['chap', 'ms-chap-v2', 'eap', 'ms-chap', 'pap'];
