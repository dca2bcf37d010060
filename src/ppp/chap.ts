// The Challenge Handshake Authentication Protocol, RFC 1994, both ends, with whichever algorithm LCP agreed on:
// ChapAuthenticator challenges the peer, ChapPeer answers the peer's challenges. The two run side by side and know nothing
// of each other.
//
//   Challenge, Response:  | Value-Size | Value ... | Name ...        Success, Failure:  | Message ...

import { concatOctets, equalOctets } from '../wire/bytes.ts';
import { DecodeError } from '../wire/errors.ts';
import { type Entropy, type Millis, randomU16 } from '../wire/machine.ts';
import { printable, utf8 } from '../wire/values.ts';
import type { ChapAlgorithm, ChapProof } from './chap-algorithm.ts';
import type { Verdict } from './events.ts';
import { Protocol } from './frame.ts';
import { encodePacket, type Packet } from './packet.ts';
import type { ProofEffect, ProofTimes } from './proof.ts';

export const ChapCode = { Challenge: 1, Response: 2, Success: 3, Failure: 4 } as const;

export interface ChapValue {
  readonly value: Uint8Array;
  readonly name: string;
}

export function decodeChapValue(data: Uint8Array): ChapValue {
  const size = data[0] ?? 0;
  // §4.1: "The Value field is one or more octets."
  if (size === 0 || size >= data.length) {
    throw new DecodeError('chap-value-size', 0, `Value-Size 1 to ${data.length - 1}, not ${size}`);
  }
  return { value: data.subarray(1, 1 + size), name: utf8.decode(data.subarray(1 + size)) };
}

export function encodeChapValue({ value, name }: ChapValue): Uint8Array {
  return concatOctets(Uint8Array.of(value.length), value, utf8.encode(name));
}

/** Checks the peer, and checks it again at intervals while the link is open. */
export class ChapAuthenticator {
  deadline: Millis = Number.POSITIVE_INFINITY;
  readonly #algorithm: ChapAlgorithm;
  readonly #name: string;
  readonly #times: ProofTimes;
  readonly #entropy: Entropy;
  #state: 'challenging' | 'checking' | 'idle' | 'failed' = 'idle';
  #identifier: number;
  #challenge: Uint8Array = NONE;
  #attemptsLeft = 0;
  #bad = 0;
  /** The last verdict: a repeated Response of its Identifier gets it again and is not checked again. */
  #answer: { readonly identifier: number; readonly packet: Uint8Array } | undefined;
  /** Whom the Response being checked names, and who was once accepted. */
  #candidate = '';
  #username: string | undefined;

  constructor(algorithm: ChapAlgorithm, name: string, times: ProofTimes, entropy: Entropy) {
    this.#algorithm = algorithm;
    this.#name = name;
    this.#times = times;
    this.#entropy = entropy;
    this.#identifier = randomU16(entropy) & 0xff;
  }

  /** The value we challenged with last: no peer may have us answer it for it. */
  get challenge(): Uint8Array {
    return this.#challenge;
  }

  /** §2.3: "Each challenge value SHOULD be unique", and §4.1: its Identifier "MUST be changed". */
  start(now: Millis): ProofEffect[] {
    this.#challenge = this.#nextChallenge();
    this.#expect();
    this.#attemptsLeft = this.#times.maxConfigure;
    this.#answer = undefined;
    return this.#send(now);
  }

  handleTimeout(now: Millis): ProofEffect[] {
    if (now < this.deadline) return [];
    if (this.#state === 'idle') return this.start(now);
    if (this.#attemptsLeft > 0) return this.#send(now);
    this.deadline = Number.POSITIVE_INFINITY;
    const message = `the peer does not answer our ${this.#algorithm.title} Challenge`;
    return [{ do: 'fail', cause: 'authentication-timeout', side: 'local', message }];
  }

  handleResponse({ identifier, data }: Packet, now: Millis): ProofEffect[] {
    // §4.2: if a Success or Failure is lost, the same verdict answers the repeated Response.
    if (identifier === this.#answer?.identifier) {
      return [{ do: 'send', protocol: Protocol.CHAP, packet: this.#answer.packet }];
    }
    if (identifier !== this.#identifier) return [{ do: 'drop', reason: 'chap-identifier' }];
    if (this.#state !== 'challenging') return [{ do: 'drop', reason: 'chap-repeated' }];
    // Read before anything changes, because it may throw.
    const { value, name } = decodeChapValue(data);
    this.#state = 'checking';
    this.#candidate = name;
    this.deadline = Number.POSITIVE_INFINITY;
    // Who was let in under one name does not go on under another.
    const known = this.#username === undefined || this.#username === name;
    const of = this.#algorithm.request({ identifier, challenge: this.#challenge, name }, value);
    if (!known || of === undefined) return this.handleVerdict({ accepted: false }, now);
    return [{ do: 'authenticate', of }];
  }

  handleVerdict(verdict: Verdict, now: Millis): ProofEffect[] {
    const success = verdict.accepted ? this.#algorithm.success(verdict) : undefined;
    if (verdict.accepted && success !== undefined) {
      const effects = [this.#conclude(ChapCode.Success, success)];
      this.#state = 'idle';
      this.deadline = now + this.#rechallengeDelay();
      if (this.#username === undefined) {
        effects.push({ do: 'peer-authenticated', username: this.#candidate, keys: verdict.keys });
      }
      this.#username = this.#candidate;
      return effects;
    }
    return this.#refuse(verdict.accepted ? { accepted: false } : verdict, now);
  }

  #refuse(verdict: Extract<Verdict, { accepted: false }>, now: Millis): ProofEffect[] {
    const forgiven = ++this.#bad <= this.#times.maxBadAuthentications && this.#username === undefined;
    // Only a wrong password may be right at the next attempt.
    const retry = forgiven && (verdict.error ?? WRONG_PASSWORD) === WRONG_PASSWORD;
    const { retriesInFailure, title } = this.#algorithm;
    const next = retriesInFailure ? this.#nextChallenge() : NONE;
    const effects = [this.#conclude(ChapCode.Failure, this.#algorithm.failure(verdict, retry, next))];
    if (!retry) {
      this.#state = 'failed';
      const message = `${title}: wrong name or secret from "${printable(this.#candidate)}"`;
      effects.push({ do: 'fail', cause: 'peer-authentication-failed', side: 'local', message });
    } else if (retriesInFailure) {
      // RFC 2759 §6: the next Response has the next Identifier, and answers the challenge of the Failure.
      this.#challenge = next;
      this.#expect();
    } else {
      effects.push(...this.start(now));
    }
    return effects;
  }

  #conclude(code: number, text: string): ProofEffect {
    const packet = encodePacket(code, this.#identifier, utf8.encode(text));
    this.#answer = { identifier: this.#identifier, packet };
    return { do: 'send', protocol: Protocol.CHAP, packet };
  }

  #nextChallenge(): Uint8Array {
    return this.#entropy(this.#algorithm.challengeLength(this.#times, this.#entropy)).slice();
  }

  #expect(): void {
    this.#identifier = (this.#identifier + 1) & 0xff;
    this.#state = 'challenging';
  }

  /** §2: rechallenges come "at random intervals", here within a quarter of the one asked for. */
  #rechallengeDelay(): Millis {
    const { rechallengeInterval } = this.#times;
    if (rechallengeInterval === Number.POSITIVE_INFINITY) return rechallengeInterval;
    return rechallengeInterval * (0.75 + randomU16(this.#entropy) / 0x20000);
  }

  #send(now: Millis): ProofEffect[] {
    this.#attemptsLeft--;
    this.deadline = now + this.#times.restartTimer;
    const data = encodeChapValue({ value: this.#challenge, name: this.#name });
    const packet = encodePacket(ChapCode.Challenge, this.#identifier, data);
    return [{ do: 'send', protocol: Protocol.CHAP, packet }];
  }
}

/** Answers challenges: the secret is asked for by the challenger's name, each time anew. */
export class ChapPeer {
  deadline: Millis = Number.POSITIVE_INFINITY;
  readonly #algorithm: ChapAlgorithm;
  readonly #name: string;
  readonly #times: ProofTimes;
  readonly #entropy: Entropy;
  /** Whose challenges are not answered: our own name, come back. */
  readonly #ignored: string | undefined;
  #attemptsLeft = 0;
  #identifier: number | undefined;
  #challenge: Uint8Array = NONE;
  #challenger = '';
  #response: Uint8Array | undefined;
  #proof: Pick<ChapProof, 'confirmed' | 'keys'> | undefined;
  #answered = false;

  constructor(algorithm: ChapAlgorithm, name: string, times: ProofTimes, entropy: Entropy, ignored?: string) {
    this.#algorithm = algorithm;
    this.#name = name;
    this.#times = times;
    this.#entropy = entropy;
    this.#ignored = ignored;
  }

  /** §4.2: a Success may be lost, and only the Response come again brings it a second time. */
  handleTimeout(now: Millis): ProofEffect[] {
    if (now < this.deadline || this.#response === undefined) return [];
    return this.#send(this.#response, now);
  }

  /** `own` is what we challenge the peer with: answering that would hand the peer the proof it owes us. */
  handleChallenge({ identifier, data }: Packet, own: Uint8Array | undefined): ProofEffect[] {
    const { value, name } = decodeChapValue(data);
    if (this.#ignored !== undefined && name === this.#ignored) return [{ do: 'drop', reason: 'chap-own-name' }];
    if (own !== undefined && equalOctets(own, value)) return [{ do: 'drop', reason: 'chap-reflected' }];
    if (identifier === this.#identifier && equalOctets(value, this.#challenge)) {
      if (this.#response === undefined) return [{ do: 'drop', reason: 'chap-repeated' }];
      return [{ do: 'send', protocol: Protocol.CHAP, packet: this.#response }];
    }
    this.#identifier = identifier;
    this.#challenge = value.slice();
    this.#challenger = name;
    this.#response = undefined;
    this.#answered = false;
    this.deadline = Number.POSITIVE_INFINITY;
    return [{ do: 'find-secret', name }];
  }

  handleSecret(secret: Uint8Array | undefined, now: Millis): ProofEffect[] {
    if (this.#identifier === undefined) return [];
    if (secret === undefined) {
      const message = `the peer "${printable(this.#challenger)}" demands ${this.#algorithm.title} and we share no secret with it`;
      return [{ do: 'fail', cause: 'no-secret', side: 'local', message }];
    }
    const exchange = { identifier: this.#identifier, challenge: this.#challenge, name: this.#name };
    const { value, ...proof } = this.#algorithm.respond(exchange, secret, this.#entropy);
    this.#proof = proof;
    this.#response = encodePacket(ChapCode.Response, this.#identifier, encodeChapValue({ value, name: this.#name }));
    this.#attemptsLeft = this.#times.maxConfigure;
    return this.#send(this.#response, now);
  }

  handleAnswer({ code, identifier, data }: Packet): ProofEffect[] {
    if (identifier !== this.#identifier || this.#response === undefined) {
      return [{ do: 'drop', reason: 'chap-identifier' }];
    }
    if (this.#answered) return [{ do: 'drop', reason: 'chap-repeated' }];
    this.#answered = true;
    this.deadline = Number.POSITIVE_INFINITY;
    const { title } = this.#algorithm;
    const text = utf8.decode(data);
    if (code === ChapCode.Success) {
      if (this.#proof?.confirmed?.(text) === false) return [notConfirmed(title)];
      return [{ do: 'local-authenticated', keys: this.#proof?.keys }];
    }
    const why = this.#algorithm.explain(text);
    const message = `the peer refuses our ${title} name or secret${why === '' ? '' : `: ${why}`}`;
    return [{ do: 'fail', cause: 'local-authentication-failed', side: 'peer', message }];
  }

  #send(response: Uint8Array, now: Millis): ProofEffect[] {
    this.#attemptsLeft--;
    // Whose patience ends first is the phase's affair: here the repeating stops.
    this.deadline = this.#attemptsLeft > 0 ? now + this.#times.restartTimer : Number.POSITIVE_INFINITY;
    return [{ do: 'send', protocol: Protocol.CHAP, packet: response }];
  }
}

/** RFC 2759 §5: a peer that cannot prove to know our password is not the one we wanted. */
export function notConfirmed(title: string): ProofEffect {
  const message = `${title}: the peer accepts us without proving that it knows our password: its S= is missing or wrong`;
  return { do: 'fail', cause: 'peer-authentication-failed', side: 'local', message };
}

const WRONG_PASSWORD = 691;
const NONE = new Uint8Array(0);
