// The Challenge Handshake Authentication Protocol with MD5, RFC 1994, both ends: ChapAuthenticator challenges the peer,
// ChapPeer answers the peer's challenges. The two run side by side and know nothing of each other.
//
//   Challenge, Response:  | Value-Size | Value ... | Name ...        Success, Failure:  | Message ...

import { md5 } from '../crypto/md5.ts';
import { concatOctets, equalOctets } from '../wire/bytes.ts';
import { DecodeError } from '../wire/errors.ts';
import { type Entropy, type Millis, randomU16 } from '../wire/machine.ts';
import { printable, utf8 } from '../wire/values.ts';
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

/** §4.1: the hash of Identifier, secret and Challenge, one after the other. */
export function chapResponse(identifier: number, secret: Uint8Array, challenge: Uint8Array): Uint8Array {
  return md5(Uint8Array.of(identifier), secret, challenge);
}

/** Checks the peer, and checks it again at intervals while the link is open. */
export class ChapAuthenticator {
  deadline: Millis = Number.POSITIVE_INFINITY;
  readonly #name: string;
  readonly #times: ProofTimes;
  readonly #entropy: Entropy;
  #state: 'challenging' | 'checking' | 'idle' | 'failed' = 'idle';
  #identifier: number;
  #challenge: Uint8Array = NONE;
  #attemptsLeft = 0;
  #bad = 0;
  /** The verdict on the current Identifier: a repeated Response gets it again and is not checked again. */
  #answer: Uint8Array | undefined;
  /** Whom the Response being checked names, and who was once accepted. */
  #candidate = '';
  #username: string | undefined;

  constructor(name: string, times: ProofTimes, entropy: Entropy) {
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
    this.#identifier = (this.#identifier + 1) & 0xff;
    this.#challenge = this.#entropy(this.#challengeLength()).slice();
    this.#attemptsLeft = this.#times.maxConfigure;
    this.#answer = undefined;
    this.#state = 'challenging';
    return this.#send(now);
  }

  handleTimeout(now: Millis): ProofEffect[] {
    if (now < this.deadline) return [];
    if (this.#state === 'idle') return this.start(now);
    if (this.#attemptsLeft > 0) return this.#send(now);
    this.deadline = Number.POSITIVE_INFINITY;
    const message = 'the peer does not answer our CHAP Challenge';
    return [{ do: 'fail', cause: 'authentication-timeout', side: 'local', message }];
  }

  handleResponse({ identifier, data }: Packet, now: Millis): ProofEffect[] {
    if (identifier !== this.#identifier) return [{ do: 'drop', reason: 'chap-identifier' }];
    // §4.2: if a Success or Failure is lost, the same verdict answers the repeated Response.
    if (this.#answer !== undefined) return [{ do: 'send', protocol: Protocol.CHAP, packet: this.#answer }];
    if (this.#state !== 'challenging') return [{ do: 'drop', reason: 'chap-repeated' }];
    // Read before anything changes, because it may throw.
    const { value, name } = decodeChapValue(data);
    this.#state = 'checking';
    this.#candidate = name;
    this.deadline = Number.POSITIVE_INFINITY;
    // Who was let in under one name does not go on under another, and MD5 makes 16 octets.
    const known = this.#username === undefined || this.#username === name;
    if (!known || value.length !== DIGEST_LENGTH) return this.handleVerdict({ accepted: false }, now);
    const challenge = this.#challenge;
    const of = { protocol: 'chap', username: name, identifier, challenge, response: value.slice() } as const;
    return [{ do: 'authenticate', of }];
  }

  handleVerdict(verdict: Verdict, now: Millis): ProofEffect[] {
    const { accepted } = verdict;
    // The same words for an unknown name and a wrong secret: nobody learns which names exist.
    const text = utf8.encode(verdict.message ?? (accepted ? '' : 'Authentication failed'));
    this.#answer = encodePacket(accepted ? ChapCode.Success : ChapCode.Failure, this.#identifier, text);
    const effects: ProofEffect[] = [{ do: 'send', protocol: Protocol.CHAP, packet: this.#answer }];
    if (accepted) {
      this.#state = 'idle';
      this.deadline = now + this.#rechallengeDelay();
      if (this.#username === undefined) effects.push({ do: 'peer-authenticated', username: this.#candidate });
      this.#username = this.#candidate;
    } else if (++this.#bad > this.#times.maxBadAuthentications || this.#username !== undefined) {
      this.#state = 'failed';
      const message = `CHAP: wrong name or secret from "${printable(this.#candidate)}"`;
      effects.push({ do: 'fail', cause: 'peer-authentication-failed', side: 'local', message });
    } else {
      effects.push(...this.start(now));
    }
    return effects;
  }

  #challengeLength(): number {
    const { least, most } = this.#times.challengeLength;
    return least === most ? least : least + (randomU16(this.#entropy) % (most - least + 1));
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
  readonly #name: string;
  readonly #times: ProofTimes;
  /** Whose challenges are not answered: our own name, come back. */
  readonly #ignored: string | undefined;
  #attemptsLeft = 0;
  #identifier: number | undefined;
  #challenge: Uint8Array = NONE;
  #challenger = '';
  #response: Uint8Array | undefined;
  #answered = false;

  constructor(name: string, times: ProofTimes, ignored?: string) {
    this.#name = name;
    this.#times = times;
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
      const message = `the peer "${printable(this.#challenger)}" demands CHAP and we share no secret with it`;
      return [{ do: 'fail', cause: 'no-secret', side: 'local', message }];
    }
    const value = chapResponse(this.#identifier, secret, this.#challenge);
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
    if (code === ChapCode.Success) return [{ do: 'local-authenticated' }];
    const text = utf8.decode(data);
    const message = `the peer refuses our CHAP name or secret${text === '' ? '' : `: ${printable(text)}`}`;
    return [{ do: 'fail', cause: 'local-authentication-failed', side: 'peer', message }];
  }

  #send(response: Uint8Array, now: Millis): ProofEffect[] {
    this.#attemptsLeft--;
    // Whose patience ends first is the phase's affair: here the repeating stops.
    this.deadline = this.#attemptsLeft > 0 ? now + this.#times.restartTimer : Number.POSITIVE_INFINITY;
    return [{ do: 'send', protocol: Protocol.CHAP, packet: response }];
  }
}

const DIGEST_LENGTH = 16;
const NONE = new Uint8Array(0);
