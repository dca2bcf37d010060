// The Extensible Authentication Protocol, RFC 3748, with one method: MSCHAPv2 (type 26, draft-kamath-pppext-eap-mschapv2).
// The authenticator's end; the peer's is in `eap-peer.ts`. Only the authenticator repeats what is not answered (§4.3).
//
//   EAP:       | Code | Identifier | Length 2 | Type | Type-Data ...         Success, Failure: nothing behind Length
//   MSCHAPv2:  | OpCode | MS-CHAPv2-ID | MS-Length 2 | what CHAP would carry ...

import { concatOctets } from '../wire/bytes.ts';
import { DecodeError } from '../wire/errors.ts';
import { type Entropy, type Millis, randomU16 } from '../wire/machine.ts';
import { printable, utf8 } from '../wire/values.ts';
import { decodeChapValue, encodeChapValue } from './chap.ts';
import type { Verdict } from './events.ts';
import { Protocol } from './frame.ts';
import { MS_CHAP_V2 } from './ms-chap.ts';
import { encodePacket, type Packet } from './packet.ts';
import type { ProofEffect, ProofTimes } from './proof.ts';

export const EapCode = { Request: 1, Response: 2, Success: 3, Failure: 4 } as const;
export const EapType = { Identity: 1, Notification: 2, Nak: 3, MsChapV2: 26 } as const;
export const OpCode = { Challenge: 1, Response: 2, Success: 3, Failure: 4 } as const;

export interface MsChapPacket {
  readonly opCode: number;
  readonly identifier: number;
  readonly data: Uint8Array;
}

/** A Response of Success or Failure is its OpCode alone. */
export function decodeMsChap(data: Uint8Array): MsChapPacket {
  const opCode = data[0];
  if (opCode === undefined) throw new DecodeError('eap-mschap-empty', 0, 'an OpCode');
  if (data.length === 1) return { opCode, identifier: 0, data: NONE };
  const length = data.length < HEADER_LENGTH ? 0 : (data[2]! << 8) | data[3]!;
  if (length < HEADER_LENGTH || length > data.length) {
    throw new DecodeError('eap-mschap-length', 2, `MS-Length 4 to ${data.length}, not ${length}`);
  }
  return { opCode, identifier: data[1]!, data: data.subarray(HEADER_LENGTH, length) };
}

export function encodeEap(code: number, identifier: number, type: number, data: Uint8Array): Uint8Array {
  return encodePacket(code, identifier, concatOctets(Uint8Array.of(type), data));
}

export class EapAuthenticator {
  deadline: Millis = NEVER;
  readonly #name: string;
  readonly #times: ProofTimes;
  readonly #entropy: Entropy;
  #state: 'identity' | 'response' | 'checking' | 'success' | 'failure' | 'idle' = 'idle';
  #identifier: number;
  #request: Uint8Array = NONE;
  #attemptsLeft = 0;
  /** Of the method, which counts by itself. */
  #msIdentifier = 0;
  #challenge: Uint8Array = NONE;
  #bad = 0;
  #candidate = '';
  #username: string | undefined;
  #accepted: Extract<Verdict, { accepted: true }> | undefined;

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

  start(now: Millis): ProofEffect[] {
    this.#state = 'identity';
    return this.#ask(EapType.Identity, NONE, now);
  }

  handleTimeout(now: Millis): ProofEffect[] {
    if (now < this.deadline) return [];
    if (this.#state === 'idle') return this.#challengeAnew(now);
    if (this.#attemptsLeft > 0) return this.#send(now);
    this.deadline = NEVER;
    // The peer was told; that it does not say it heard changes nothing.
    if (this.#state === 'failure') return this.#failed();
    const message = 'the peer does not answer our EAP Request';
    return [{ do: 'fail', cause: 'authentication-timeout', side: 'local', message }];
  }

  handleResponse({ identifier, data }: Packet, now: Millis): ProofEffect[] {
    // §4.1: an answer to anything but the outstanding Request is discarded.
    if (identifier !== this.#identifier || this.deadline === NEVER || this.#state === 'idle') {
      return [{ do: 'drop', reason: 'eap-identifier' }];
    }
    const type = data[0];
    if (this.#state === 'identity') {
      if (type !== EapType.Identity) return [{ do: 'drop', reason: 'eap-type' }];
      return this.#challengeAnew(now);
    }
    if (type === EapType.Nak) {
      this.deadline = NEVER;
      const message = 'the peer refuses EAP-MSCHAPv2, the one method of EAP that is spoken here';
      return [{ do: 'fail', cause: 'authentication-protocol', side: 'peer', message }];
    }
    if (type !== EapType.MsChapV2) return [{ do: 'drop', reason: 'eap-type' }];
    return this.#receive(decodeMsChap(data.subarray(1)), now);
  }

  handleVerdict(verdict: Verdict, now: Millis): ProofEffect[] {
    const success = verdict.accepted ? MS_CHAP_V2.success(verdict) : undefined;
    if (verdict.accepted && success !== undefined) {
      this.#state = 'success';
      this.#accepted = verdict;
      return this.#askMethod(OpCode.Success, utf8.encode(success), now);
    }
    const refusal = verdict.accepted ? ({ accepted: false } as const) : verdict;
    const forgiven = ++this.#bad <= this.#times.maxBadAuthentications && this.#username === undefined;
    const retry = forgiven && (refusal.error ?? 691) === 691;
    const failed = this.#msIdentifier;
    this.#challenge = this.#entropy(CHALLENGE_LENGTH).slice();
    const text = utf8.encode(MS_CHAP_V2.failure(refusal, retry, this.#challenge));
    this.#state = retry ? 'response' : 'failure';
    const effects = this.#askMethod(OpCode.Failure, text, now);
    if (retry) this.#msIdentifier = (failed + 1) & 0xff;
    return effects;
  }

  #challengeAnew(now: Millis): ProofEffect[] {
    this.#state = 'response';
    this.#challenge = this.#entropy(CHALLENGE_LENGTH).slice();
    this.#msIdentifier = (this.#msIdentifier + 1) & 0xff;
    return this.#askMethod(OpCode.Challenge, encodeChapValue({ value: this.#challenge, name: this.#name }), now);
  }

  #receive({ opCode, identifier, data }: MsChapPacket, now: Millis): ProofEffect[] {
    if (this.#state === 'response' && opCode === OpCode.Response) {
      if (identifier !== this.#msIdentifier) return [{ do: 'drop', reason: 'eap-identifier' }];
      const { value, name } = decodeChapValue(data);
      this.#state = 'checking';
      this.#candidate = name;
      this.deadline = NEVER;
      const of = MS_CHAP_V2.request({ identifier, challenge: this.#challenge, name }, value);
      const known = this.#username === undefined || this.#username === name;
      if (!known || of === undefined) return this.handleVerdict({ accepted: false }, now);
      return [{ do: 'authenticate', of }];
    }
    if (this.#state === 'success' && opCode === OpCode.Success) return this.#succeeded(now);
    // A peer that was allowed another attempt may as well give up.
    const refused = this.#state === 'failure' || (this.#state === 'response' && this.#bad > 0);
    if (refused && opCode === OpCode.Failure) return this.#failed();
    return [{ do: 'drop', reason: 'eap-opcode' }];
  }

  #succeeded(now: Millis): ProofEffect[] {
    this.#state = 'idle';
    const { rechallengeInterval } = this.#times;
    this.deadline = now + rechallengeInterval;
    const effects: ProofEffect[] = [this.#final(EapCode.Success)];
    if (this.#username === undefined) {
      effects.push({ do: 'peer-authenticated', username: this.#candidate, keys: this.#accepted?.keys });
    }
    this.#username = this.#candidate;
    this.#accepted = undefined;
    return effects;
  }

  #failed(): ProofEffect[] {
    this.#state = 'failure';
    this.deadline = NEVER;
    const message = `EAP: wrong name or secret from "${printable(this.#candidate)}"`;
    return [this.#final(EapCode.Failure), { do: 'fail', cause: 'peer-authentication-failed', side: 'local', message }];
  }

  /** §4.2: with the Identifier of the Response that it answers. */
  #final(code: number): ProofEffect {
    return { do: 'send', protocol: Protocol.EAP, packet: encodePacket(code, this.#identifier) };
  }

  #askMethod(opCode: number, data: Uint8Array, now: Millis): ProofEffect[] {
    const length = HEADER_LENGTH + data.length;
    const header = Uint8Array.of(opCode, this.#msIdentifier, length >>> 8, length);
    return this.#ask(EapType.MsChapV2, concatOctets(header, data), now);
  }

  #ask(type: number, data: Uint8Array, now: Millis): ProofEffect[] {
    this.#identifier = (this.#identifier + 1) & 0xff;
    this.#request = encodeEap(EapCode.Request, this.#identifier, type, data);
    this.#attemptsLeft = this.#times.maxConfigure;
    return this.#send(now);
  }

  #send(now: Millis): ProofEffect[] {
    this.#attemptsLeft--;
    this.deadline = now + this.#times.restartTimer;
    return [{ do: 'send', protocol: Protocol.EAP, packet: this.#request }];
  }
}

const CHALLENGE_LENGTH = 16;
const HEADER_LENGTH = 4;
const NEVER = Number.POSITIVE_INFINITY;
const NONE = new Uint8Array(0);
