// Configuration options, RFC 1661 §5.1 to §5.4, and the one engine that negotiates them for LCP and every NCP.
// A protocol brings a table, one row an option; the row is its documentation, its policy and its debug line.
//
//    0                   1
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
//   |     Type      |    Length     |  Data ...

import { equalOctets } from '../wire/bytes.ts';
import { DecodeError } from '../wire/errors.ts';
import type { LinkEndCause } from './events.ts';
import { Code } from './packet.ts';

export interface Option {
  readonly type: number;
  readonly data: Uint8Array;
}

/** Take it, refuse it altogether, or Nak it with this value. */
export type Judgement = 'ack' | 'reject' | Uint8Array;

/** Why negotiation is over for good. */
export interface Failure {
  readonly cause: LinkEndCause;
  readonly message: string;
}

/** What the rows work on: the state of one protocol's negotiation. */
export interface Negotiator {
  /** A row sets it when there is no way to agree. */
  failure: Failure | undefined;
  /** The cause to give when the two ends go on refusing each other. */
  readonly disagreement: LinkEndCause;
  /** Back to what we ask for at first. What the peer was granted is not touched. */
  restart(): void;
}

export interface OptionRow<Context> {
  readonly type: number;
  /** As debug lines print it. */
  readonly name: string;
  /** Octets of data; undefined: any number. */
  readonly length: number | undefined;
  /** Naks of this option to bear before giving up, where the usual number is too small. */
  readonly patience?: number;
  format(data: Uint8Array): string;
  /** May the peer have this? Absent: never. */
  readonly judge?: (context: Context, data: Uint8Array) => Judgement;
  /** The value to Nak with when the peer left the option out, or gave it a wrong length. */
  readonly proposal?: (context: Context) => Uint8Array | undefined;
  /** The peer's request was Acked with this value; undefined: without the option, so its default holds. */
  readonly granted?: (context: Context, data: Uint8Array | undefined) => void;
  /** The value our own request carries; undefined: leave the option out. */
  readonly wanted?: (context: Context) => Uint8Array | undefined;
  /** The peer would have another value of what we asked. */
  readonly nakked?: (context: Context, data: Uint8Array) => void;
  readonly rejected?: (context: Context) => void;
}

export function decodeOptions(octets: Uint8Array): Option[] {
  const options: Option[] = [];
  let at = 0;
  while (at < octets.length) {
    const length = octets[at + 1] ?? 0;
    // A Length below 2 would never end, one past the packet would read what is not there.
    if (length < 2 || at + length > octets.length) {
      throw new DecodeError('option-length', at + 1, `option Length 2 to ${octets.length - at}, not ${length}`);
    }
    options.push({ type: octets[at]!, data: octets.subarray(at + 2, at + length) });
    at += length;
  }
  return options;
}

export function encodeOptions(options: readonly Option[]): Uint8Array {
  const octets = new Uint8Array(options.reduce((length, option) => length + 2 + option.data.length, 0));
  let at = 0;
  for (const { type, data } of options) {
    octets[at] = type;
    octets[at + 1] = 2 + data.length;
    octets.set(data, at + 2);
    at += 2 + data.length;
  }
  return octets;
}

export interface Reply {
  readonly code: typeof Code.ConfigureAck | typeof Code.ConfigureNak | typeof Code.ConfigureReject;
  readonly data: Uint8Array;
}

export class Negotiation<Context extends Negotiator> {
  readonly #table: readonly OptionRow<Context>[];
  readonly #context: Context;
  readonly #maxFailure: number;
  #sent: readonly Option[] = [];
  /** Types the peer has rejected: never asked for again in this negotiation. */
  #rejected: number[] = [];
  #naksSent = 0;
  #refusalsSent = 0;
  #naksReceived = 0;

  constructor(table: readonly OptionRow<Context>[], context: Context, maxFailure: number) {
    this.#table = table;
    this.#context = context;
    this.#maxFailure = maxFailure;
  }

  /** Forgets what was agreed on and refused: negotiation begins from the defaults. */
  restart(): void {
    this.#context.restart();
    this.#rejected = [];
    this.#naksSent = 0;
    this.#refusalsSent = 0;
    this.#naksReceived = 0;
  }

  /** The options of our next Configure-Request. */
  request(): Uint8Array {
    const options: Option[] = [];
    for (const row of this.#table) {
      if (this.#rejected.includes(row.type)) continue;
      const data = row.wanted?.(this.#context);
      if (data !== undefined) options.push({ type: row.type, data });
    }
    this.#sent = options;
    return encodeOptions(options);
  }

  /** Our answer to the peer's Configure-Request. §5.4: what must be rejected goes before what may be Nakked. */
  judge(octets: Uint8Array): Reply {
    const options = decodeOptions(octets);
    const naks: Option[] = [];
    const rejects: Option[] = [];
    options.forEach((option, index) => {
      const repeated = options.findIndex((other) => other.type === option.type) < index;
      const judgement = repeated ? 'reject' : this.#judgeOption(option);
      if (judgement === 'reject') rejects.push(option);
      else if (judgement !== 'ack') naks.push({ type: option.type, data: judgement });
    });
    if (rejects.length > 0) return this.#refuse(Code.ConfigureReject, rejects);
    // §4.6 Max-Failure: from here on Naks become Rejects, and nothing is asked for that the peer left out.
    if (this.#naksSent >= this.#maxFailure) {
      const stubborn = options.filter((option) => naks.some((nak) => nak.type === option.type));
      if (stubborn.length > 0) return this.#refuse(Code.ConfigureReject, stubborn);
    } else {
      naks.push(...this.#missing(options));
      if (naks.length > 0) {
        this.#naksSent++;
        return this.#refuse(Code.ConfigureNak, naks);
      }
    }
    this.#naksSent = 0;
    this.#refusalsSent = 0;
    for (const row of this.#table) {
      row.granted?.(this.#context, options.find((option) => option.type === row.type)?.data);
    }
    return { code: Code.ConfigureAck, data: octets };
  }

  /** An answer to our last Configure-Request; false if it cannot be one. */
  handleReply(code: number, octets: Uint8Array): boolean {
    if (code === Code.ConfigureNak) return this.#handleNak(octets);
    if (code === Code.ConfigureReject) return this.#handleReject(octets);
    // §5.2: the options of an Ack "MUST exactly match those of the last transmitted Configure-Request".
    return equalOctets(octets, encodeOptions(this.#sent));
  }

  #handleNak(octets: Uint8Array): boolean {
    const options = decodeOptions(octets);
    if (options.length === 0) return false;
    let patience = NAKS_BORNE;
    for (const { type, data } of options) {
      const row = this.#row(type);
      // §5.3: options we did not ask for may be in a Nak. We want none of them: what is not wanted is the default.
      if (row?.nakked === undefined || !this.#asked(type)) continue;
      if (row.length !== undefined && row.length !== data.length) continue;
      if (row.patience !== undefined) patience = row.patience;
      row.nakked(this.#context, data);
    }
    // A received Nak refills Max-Configure, so nothing else ends a peer that Naks for ever.
    if (++this.#naksReceived > patience) {
      this.#fail(`the peer refused ${patience} of our requests in a row`);
    }
    return true;
  }

  #handleReject(octets: Uint8Array): boolean {
    const options = decodeOptions(octets);
    // §5.4: a Reject is of options of our last request only.
    if (options.length === 0 || !options.every((option) => this.#asked(option.type))) return false;
    for (const { type } of options) {
      this.#rejected.push(type);
      this.#row(type)?.rejected?.(this.#context);
    }
    return true;
  }

  #judgeOption({ type, data }: Option): Judgement {
    const row = this.#row(type);
    if (row?.judge === undefined) return 'reject';
    if (row.length === undefined || row.length === data.length) return row.judge(this.#context, data);
    return row.proposal?.(this.#context) ?? 'reject';
  }

  #missing(present: readonly Option[]): Option[] {
    const options: Option[] = [];
    for (const { type, proposal } of this.#table) {
      if (proposal === undefined || present.some((option) => option.type === type)) continue;
      const data = proposal(this.#context);
      if (data !== undefined) options.push({ type, data });
    }
    return options;
  }

  #refuse(code: Reply['code'], options: readonly Option[]): Reply {
    if (++this.#refusalsSent > this.#maxFailure + REFUSALS_BEYOND_MAX_FAILURE) {
      this.#fail('the peer keeps asking for what was refused');
    }
    return { code, data: encodeOptions(options) };
  }

  #fail(message: string): void {
    this.#context.failure ??= { cause: this.#context.disagreement, message };
  }

  #row(type: number): OptionRow<Context> | undefined {
    return this.#table.find((row) => row.type === type);
  }

  #asked(type: number): boolean {
    return this.#sent.some((option) => option.type === type);
  }
}

/** Twice the largest Max-Failure in common use: a peer that Rejects after that many Naks still gets its say. */
const NAKS_BORNE = 20;
/** One Reject for each option anybody sends, and some to be lost on the way. */
const REFUSALS_BEYOND_MAX_FAILURE = 15;
