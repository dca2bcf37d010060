// The peer's end of EAP, RFC 3748: says who we are, refuses every method but MSCHAPv2, and believes in a Success only after
// the authenticator has proven to know our password too. Answers, and repeats nothing by itself (§4.3).

import type { EncryptionKeys } from '../crypto/mppe-keys.ts';
import { concatOctets, equalOctets } from '../wire/bytes.ts';
import type { Entropy, Millis } from '../wire/machine.ts';
import { printable, utf8 } from '../wire/values.ts';
import { decodeChapValue, encodeChapValue, notConfirmed } from './chap.ts';
import type { ChapProof } from './chap-algorithm.ts';
import { decodeMsChap, EapCode, EapType, encodeEap, type MsChapPacket, OpCode } from './eap.ts';
import { Protocol } from './frame.ts';
import { MS_CHAP_V2 } from './ms-chap.ts';
import type { Packet } from './packet.ts';
import type { ProofEffect, ProofTimes } from './proof.ts';

export class EapPeer {
  deadline: Millis = NEVER;
  readonly #name: string;
  readonly #times: ProofTimes;
  readonly #entropy: Entropy;
  /** The last Request and our answer to it, for when it comes again. */
  #request: Uint8Array = NONE;
  #response: Uint8Array | undefined;
  #challenge: { readonly value: Uint8Array; readonly identifier: number; readonly eap: number } | undefined;
  #challengeRequest: Uint8Array = NONE;
  #challenger = '';
  #proof: Pick<ChapProof, 'confirmed' | 'keys'> | undefined;
  /** The authenticator is who it should be, and said yes; its last word is still to come. */
  #confirmed = false;
  #succeeded = false;
  #refused: string | undefined;

  constructor(name: string, times: ProofTimes, entropy: Entropy) {
    this.#name = name;
    this.#times = times;
    this.#entropy = entropy;
  }

  /** §4.2: a Success that is lost never comes again; what was proven before it is enough. */
  handleTimeout(now: Millis): ProofEffect[] {
    return now < this.deadline ? [] : this.#succeed();
  }

  /** `own` is what we challenge the peer with, which we answer nobody. */
  handlePacket(packet: Packet, own: Uint8Array | undefined, now: Millis): ProofEffect[] {
    if (packet.code === EapCode.Success) return this.#confirmed ? this.#succeed() : drop('eap-success-unproven');
    // Who was let in is not sent away by a packet that anybody could write, unless it is being asked again.
    if (packet.code === EapCode.Failure) return this.#succeeded ? drop('eap-failure-late') : this.#fail();
    // §4.1: "duplicate Requests … the peer MUST resend" the same answer, and process nothing twice.
    if (equalOctets(packet.octets, this.#request)) {
      return this.#response === undefined ? drop('eap-repeated') : [send(this.#response)];
    }
    const [type] = packet.data;
    if (type === undefined) return drop('eap-truncated');
    const data = packet.data.subarray(1);
    // A late copy of the challenge must not undo what came after it.
    if (equalOctets(packet.octets, this.#challengeRequest)) return drop('eap-repeated');
    // Read before anything changes, because it may throw.
    const method = type === EapType.MsChapV2 ? decodeMsChap(data) : undefined;
    const challenge = method?.opCode === OpCode.Challenge ? decodeChapValue(method.data) : undefined;
    this.#request = packet.octets.slice();
    this.#response = undefined;
    if (method === undefined) return this.#answerGeneral(packet.identifier, type);
    if (challenge === undefined) return this.#conclude(packet.identifier, method, now);
    if (own !== undefined && equalOctets(own, challenge.value)) return drop('chap-reflected');
    if (challenge.value.length !== CHALLENGE_LENGTH) return drop('eap-challenge-length');
    this.#challenge = { value: challenge.value.slice(), identifier: method.identifier, eap: packet.identifier };
    this.#challengeRequest = this.#request;
    this.#challenger = challenge.name;
    this.#confirmed = false;
    this.#succeeded = false;
    this.deadline = NEVER;
    return [{ do: 'find-secret', name: challenge.name }];
  }

  handleSecret(secret: Uint8Array | undefined): ProofEffect[] {
    if (this.#challenge === undefined) return [];
    if (secret === undefined) {
      const message = `the peer "${printable(this.#challenger)}" demands EAP and we share no secret with it`;
      return [{ do: 'fail', cause: 'no-secret', side: 'local', message }];
    }
    const { value: challenge, identifier, eap } = this.#challenge;
    const exchange = { identifier, challenge, name: this.#name };
    const { value, ...proof } = MS_CHAP_V2.respond(exchange, secret, this.#entropy);
    this.#proof = proof;
    const body = encodeChapValue({ value, name: this.#name });
    const length = HEADER_LENGTH + body.length;
    const header = Uint8Array.of(OpCode.Response, identifier, length >>> 8, length);
    return this.#answer(eap, EapType.MsChapV2, concatOctets(header, body));
  }

  #answerGeneral(identifier: number, type: number): ProofEffect[] {
    switch (type) {
      case EapType.Identity:
        return this.#answer(identifier, EapType.Identity, utf8.encode(this.#name));
      case EapType.Notification:
        return this.#answer(identifier, EapType.Notification, NONE);
      case EapType.Nak:
        return drop('eap-type'); // §5.3.1: valid only in a Response
      default:
        return this.#answer(identifier, EapType.Nak, Uint8Array.of(EapType.MsChapV2));
    }
  }

  #conclude(identifier: number, { opCode, data }: MsChapPacket, now: Millis): ProofEffect[] {
    const text = utf8.decode(data);
    if (opCode === OpCode.Success) {
      if (this.#proof === undefined) return drop('eap-opcode');
      if (this.#proof.confirmed?.(text) !== true) return [notConfirmed('EAP-MSCHAPv2')];
      this.#confirmed = true;
      this.deadline = now + this.#times.restartTimer;
      return this.#answer(identifier, EapType.MsChapV2, Uint8Array.of(OpCode.Success));
    }
    if (opCode !== OpCode.Failure) return drop('eap-opcode');
    this.#refused = MS_CHAP_V2.explain(text);
    // We have one password: another attempt would be the same, so this ends it (R=1 or not).
    return [...this.#answer(identifier, EapType.MsChapV2, Uint8Array.of(OpCode.Failure)), ...this.#fail()];
  }

  #succeed(): ProofEffect[] {
    this.#confirmed = false;
    this.#succeeded = true;
    this.deadline = NEVER;
    const keys: EncryptionKeys | undefined = this.#proof?.keys;
    this.#proof = undefined;
    return [{ do: 'local-authenticated', keys }];
  }

  #fail(): ProofEffect[] {
    const why = this.#refused === undefined || this.#refused === '' ? '' : `: ${this.#refused}`;
    const message = `the peer refuses our EAP name or secret${why}`;
    return [{ do: 'fail', cause: 'local-authentication-failed', side: 'peer', message }];
  }

  #answer(identifier: number, type: number, data: Uint8Array): ProofEffect[] {
    this.#response = encodeEap(EapCode.Response, identifier, type, data);
    return [send(this.#response)];
  }
}

function send(packet: Uint8Array): ProofEffect {
  return { do: 'send', protocol: Protocol.EAP, packet };
}

function drop(reason: string): ProofEffect[] {
  return [{ do: 'drop', reason }];
}

const CHALLENGE_LENGTH = 16;
const HEADER_LENGTH = 4;
const NEVER = Number.POSITIVE_INFINITY;
const NONE = new Uint8Array(0);
