// Option 18 of CCP, for MPPE and MPPC (RFC 3078 §2.1, RFC 2118 §2): who may have which strength, and who asks for it.
// A Configure-Request says what its sender is ready to receive, so that the two directions are agreed on by themselves.
//
//   |  12  |  06  |       H | ......... | M S L D . . . C |     H stateless, M 56 bits, S 128, L 40, D obsolete, C MPPC

import { u32 } from '../wire/values.ts';
import type { CcpSettings, LinkEndCause, MppeSettings } from './events.ts';
import type { MppeBits } from './mppe-key.ts';
import type { Failure, Judgement, Negotiator, OptionRow } from './options.ts';

export const SupportedBit = {
  Stateless: 0x0100_0000,
  Bits56: 0x80,
  Bits128: 0x40,
  Bits40: 0x20,
  Obsolete: 0x10,
  Mppc: 0x01,
} as const;

const { Stateless, Bits56, Bits128, Bits40, Mppc } = SupportedBit;
const ANY_STRENGTH = Bits56 | Bits128 | Bits40;

/** The strongest first. */
const STRENGTHS: readonly (readonly [bit: number, bits: MppeBits])[] = [
  [Bits128, 128],
  [Bits56, 56],
  [Bits40, 40],
];

export class CcpNegotiator implements Negotiator {
  failure: Failure | undefined;
  readonly disagreement: LinkEndCause = 'encryption-required';
  readonly settings: CcpSettings;
  readonly #patience: number;
  /** Authentication left keys: without them there is no MPPE. */
  keyed = false;
  /** Stateful encryption has been given up for this session. */
  statelessOnly = false;
  /** Supported Bits of our request: what we are ready to receive. */
  wanted = 0;
  /** Those of the peer's that we have acknowledged: what we may send. */
  granted = 0;
  /** The peer was told once that we would rather have it stateless. */
  #preferred = false;
  /** How often the peer has wished for no state where we wish for nothing else. */
  #insisted = 0;
  /** The peer has asked for encryption itself, which a passive end waits for. */
  #asked = false;
  /** One direction was refused, so there is no other: half a conversation in clear is one in clear. */
  refusal: string | undefined;

  /** `maxFailure`: after so many Naks of ours there are no more. */
  constructor(settings: CcpSettings, maxFailure: number) {
    this.settings = settings;
    this.#patience = Math.min(INSISTENCE, maxFailure);
  }

  restart(): void {
    this.failure = undefined;
    const { mppc } = this.settings;
    this.wanted = this.#offer() | (mppc ? Mppc : 0);
  }

  /** Other keys, or none: what was said before is not held against the peer. */
  begin(keyed: boolean): void {
    this.keyed = keyed;
    this.granted = 0;
    this.#preferred = false;
    this.#insisted = 0;
    this.#asked = false;
    this.refusal = undefined;
  }

  get mppe(): MppeSettings | undefined {
    return this.keyed && this.refusal === undefined ? this.settings.mppe : undefined;
  }

  /** An end that waits to be asked asks for nothing before. */
  get speaksFirst(): boolean {
    return (this.mppe !== undefined && this.mppe.demand !== 'passive') || this.settings.mppc;
  }

  get required(): boolean {
    return this.settings.mppe?.demand === 'required';
  }

  /** Strengths that we take of the peer. */
  get taken(): number {
    return bitsOf(this.mppe?.strengths ?? []);
  }

  /** What a Nak of the peer leaves of our wishes. */
  adapt(proposed: number): void {
    const strength = strongest(proposed & this.taken);
    const mppc = this.settings.mppc ? proposed & Mppc : 0;
    if (strength === 0) {
      if (this.mppe !== undefined)
        this.refuse(`the peer offers ${wordsOf(proposed)}, and here ${wordsOf(this.taken)} is allowed`);
      this.wanted = mppc;
      return;
    }
    this.wanted = strength | mppc | this.#yielding((proposed & Stateless) !== 0);
  }

  /** What the peer may have of what it asks for: the same, less, or what it should rather ask for; 0: nothing. */
  answer(asked: number): number {
    const mppc = this.settings.mppc ? asked & Mppc : 0;
    this.#asked ||= (asked & ANY_STRENGTH) !== 0;
    // RFC 2118 §2 has all other bits zero: MPPC alone keeps its history.
    if (this.#offer() === 0) return mppc;
    const common = strongest(asked & this.taken);
    if (common === 0) return this.proposal | mppc;
    return common | mppc | this.#answerState((asked & Stateless) !== 0);
  }

  /** What the peer should ask for, as far as we know; 0: nothing. */
  get proposal(): number {
    return this.#offer() === 0 ? 0 : strongest(this.taken) | this.#stateless(true);
  }

  /** There will be no encryption: the end of the link, if it is required. */
  refuse(message: string): void {
    this.refusal ??= message;
    if (this.required) this.failure ??= { cause: 'encryption-required', message };
  }

  #offer(): number {
    const { mppe } = this;
    if (mppe === undefined || (mppe.demand === 'passive' && !this.#asked)) return 0;
    return bitsOf(mppe.offered) | this.#stateless(!mppe.stateful);
  }

  #stateless(wish: boolean): number {
    if (this.statelessOnly) return Stateless;
    if (this.mppe?.stateful === true) return 0;
    return wish ? Stateless : 0;
  }

  /** A peer that insists on keeping state gets its way, where nothing is said (C124). */
  #answerState(wish: boolean): number {
    const ours = this.#stateless(true);
    if (ours === 0 || wish || this.statelessOnly || this.#preferred) return this.#yielding(wish);
    this.#preferred = true;
    return ours;
  }

  /** `stateful` yields as well, late: its peer may have left it for good, and encryption without state is encryption. */
  #yielding(wish: boolean): number {
    const ours = this.#stateless(wish);
    if (!wish || ours !== 0) return ours;
    return ++this.#insisted > this.#patience ? Stateless : 0;
  }
}

export const CCP_OPTIONS: readonly OptionRow<CcpNegotiator>[] = [
  // Rows without `judge` are known by name and always rejected (RFC 1962 §4, RFC 1974, 1977, 1978, 1979).
  { type: 1, name: 'Predictor1', length: undefined, format: () => '' },
  { type: 2, name: 'Predictor2', length: undefined, format: () => '' },
  { type: 17, name: 'LZSDCP', length: undefined, format: () => '' },
  {
    type: 18,
    name: 'MS-PPC',
    length: 4,
    format: (data) => (data.length === 4 ? `supported bits ${formatSupportedBits(u32.decode(data))}` : ''),
    wanted: ({ wanted }) => (wanted === 0 ? undefined : u32.encode(wanted)),
    judge: judgeSupportedBits,
    proposal: ({ proposal }) => (proposal === 0 ? undefined : u32.encode(proposal)),
    granted: (ccp, data) => {
      ccp.granted = data === undefined ? 0 : u32.decode(data);
    },
    nakked: (ccp, data) => ccp.adapt(u32.decode(data)),
    rejected: (ccp) => {
      ccp.refuse('the peer rejects MPPE (option 18 of CCP)');
      ccp.wanted = 0;
    },
  },
  { type: 21, name: 'BSD', length: undefined, format: () => '' },
  { type: 26, name: 'Deflate', length: undefined, format: () => '' },
];

function judgeSupportedBits(ccp: CcpNegotiator, data: Uint8Array): Judgement {
  const asked = u32.decode(data);
  const answer = ccp.answer(asked);
  if (answer === asked) return 'ack';
  return answer === 0 ? 'reject' : u32.encode(answer);
}

/** Naks until a wish of the peer is one that it will not give up. */
const INSISTENCE = 2;

/** Of an option that was agreed on; undefined: nothing is encrypted. More strengths than one are the strongest of them. */
export function strengthOf(supported: number): MppeBits | undefined {
  return STRENGTHS.find(([bit]) => (supported & bit) !== 0)?.[1];
}

function strongest(supported: number): number {
  return STRENGTHS.find(([bit]) => (supported & bit) !== 0)?.[0] ?? 0;
}

function bitsOf(strengths: readonly MppeBits[]): number {
  return STRENGTHS.reduce((bits, [bit, strength]) => (strengths.includes(strength) ? bits | bit : bits), 0);
}

/** `0x01000040, MPPE 128-bit stateless`. */
export function formatSupportedBits(supported: number): string {
  const hex = `0x${supported.toString(16).toUpperCase().padStart(8, '0')}`;
  const state = (supported & Stateless) === 0 ? ' stateful' : ' stateless';
  const mppe = (supported & ANY_STRENGTH) === 0 ? [] : [`${wordsOf(supported)}${state}`];
  const obsolete = (supported & SupportedBit.Obsolete) === 0 ? [] : ['obsolete'];
  const mppc = (supported & Mppc) === 0 ? [] : ['MPPC'];
  return [hex, ...mppe, ...obsolete, ...mppc].join(', ');
}

/** `MPPE 128/40-bit`. */
function wordsOf(supported: number): string {
  const strengths = STRENGTHS.filter(([bit]) => (supported & bit) !== 0).map(([, bits]) => bits);
  return strengths.length === 0 ? 'no MPPE' : `MPPE ${strengths.join('/')}-bit`;
}
