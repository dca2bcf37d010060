// The Authentication phase, RFC 1661 §3.5: what the peer owes us and what we owe the peer, side by side and independent.
// Knows which protocol was agreed on for each direction and gives every packet to the one machine it is for.

import type { EncryptionKeys } from '../crypto/mppe-keys.ts';
import { type Entropy, type Millis, randomU16 } from '../wire/machine.ts';
import { ChapAuthenticator, ChapCode, ChapPeer } from './chap.ts';
import { CHAP_MD5, type ChapAlgorithm } from './chap-algorithm.ts';
import { EapAuthenticator, EapCode } from './eap.ts';
import { EapPeer } from './eap-peer.ts';
import type { AuthenticationProtocol, AuthenticationRequest, LinkSettings, Verdict } from './events.ts';
import { Protocol } from './frame.ts';
import { MS_CHAP, MS_CHAP_V2 } from './ms-chap.ts';
import type { Packet } from './packet.ts';
import { PapAuthenticator, PapCode, PapPeer } from './pap.ts';
import type { ProofEffect } from './proof.ts';

export type AuthenticationEffect =
  | Extract<ProofEffect, { do: 'send' | 'fail' | 'drop' }>
  | { readonly do: 'authenticate'; readonly request: number; readonly of: AuthenticationRequest }
  | { readonly do: 'find-secret'; readonly request: number; readonly name: string }
  /** Both directions are through. Said once: later rechallenges change nothing unless they fail. */
  | { readonly do: 'authenticated'; readonly username: string };

/** What LCP agreed on: how the peer proves itself to us, and we to the peer. */
export interface AgreedAuthentication {
  readonly peer: AuthenticationProtocol | undefined;
  readonly local: AuthenticationProtocol | undefined;
}

export class Authentication {
  readonly #settings: LinkSettings;
  readonly #entropy: Entropy;
  #authenticator: ChapAuthenticator | PapAuthenticator | EapAuthenticator | undefined;
  #peer: ChapPeer | PapPeer | EapPeer | undefined;
  /** Proofs still due, one for each direction; the network phase waits for both. */
  #peerOwes = false;
  #weOwe = false;
  #agreedLocal: AuthenticationProtocol | undefined;
  #username = '';
  /** For MPPE, of the proofs given first: what comes later, while the link is open, changes no keys. */
  #peerKeys: EncryptionKeys | undefined;
  #localKeys: EncryptionKeys | undefined;
  /** Our own proof waits for the peer's: the Challenge to answer, or the PAP request to send. */
  #held: ((now: Millis) => ProofEffect[]) | undefined;
  /** Numbers of the questions asked; an answer to any but the one awaited is stale. */
  #questions = 0;
  #verdictAwaited = 0;
  #secretAwaited = 0;

  constructor(settings: LinkSettings, entropy: Entropy) {
    this.#settings = settings;
    this.#entropy = entropy;
  }

  /** Whom the peer proved to be; empty before that, or if it owed no proof. */
  get username(): string {
    return this.#username;
  }

  /** Where both directions made keys, those of the end that called are used, by either end. */
  get keys(): EncryptionKeys | undefined {
    return this.#settings.calling ? (this.#localKeys ?? this.#peerKeys) : (this.#peerKeys ?? this.#localKeys);
  }

  get deadline(): Millis {
    const authenticator = this.#authenticator?.deadline ?? Number.POSITIVE_INFINITY;
    return Math.min(authenticator, this.#peer?.deadline ?? Number.POSITIVE_INFINITY);
  }

  /** An authenticator with CHAP and a peer with PAP speak first; the other two wait for their opposite. */
  begin(agreed: AgreedAuthentication, now: Millis): AuthenticationEffect[] {
    const settings = this.#settings;
    this.stop();
    this.#peerOwes = agreed.peer !== undefined;
    this.#weOwe = agreed.local !== undefined;
    this.#agreedLocal = agreed.local;
    if (agreed.peer === 'pap') this.#authenticator = new PapAuthenticator(settings.maxBadAuthentications);
    const ownName = settings.responseName ?? settings.localName;
    const answered = algorithmOf(agreed.local);
    if (answered !== undefined) {
      const ignored = settings.ignoreOwnName ? settings.localName : undefined;
      this.#peer = new ChapPeer(answered, ownName, settings, this.#entropy, ignored);
    }
    if (agreed.local === 'eap') this.#peer = new EapPeer(ownName, settings, this.#entropy);
    const effects: ProofEffect[] = [];
    const demanded = algorithmOf(agreed.peer);
    if (demanded !== undefined) {
      this.#authenticator = new ChapAuthenticator(demanded, settings.localName, settings, this.#entropy);
      effects.push(...this.#authenticator.start(now));
    }
    if (agreed.peer === 'eap') {
      this.#authenticator = new EapAuthenticator(settings.localName, settings, this.#entropy);
      effects.push(...this.#authenticator.start(now));
    }
    if (agreed.local === 'pap' && settings.pap !== undefined) {
      const peer = new PapPeer(settings.pap, randomU16(this.#entropy) & 0xff, settings);
      this.#peer = peer;
      if (this.#waits('pap')) this.#held = (later) => peer.start(later);
      else effects.push(...peer.start(now));
    }
    return this.#conclude(effects, now);
  }

  /** LCP has left the Opened state: what was proven is proven no more. */
  stop(): void {
    this.#authenticator = undefined;
    this.#peer = undefined;
    this.#username = '';
    this.#peerKeys = undefined;
    this.#localKeys = undefined;
    this.#verdictAwaited = 0;
    this.#secretAwaited = 0;
    this.#held = undefined;
  }

  handleTimeout(now: Millis): AuthenticationEffect[] {
    const effects: ProofEffect[] = [];
    if (this.#authenticator !== undefined && !(this.#authenticator instanceof PapAuthenticator)) {
      effects.push(...this.#authenticator.handleTimeout(now));
    }
    if (this.#peer !== undefined) effects.push(...this.#peer.handleTimeout(now));
    return this.#conclude(effects, now);
  }

  /** Throws `DecodeError` on a packet whose inside is broken. */
  handlePacket(protocol: number, packet: Packet, now: Millis): AuthenticationEffect[] {
    return this.#conclude(this.#receive(protocol, packet, now) ?? NOT_AGREED, now);
  }

  handleVerdict(request: number, verdict: Verdict, now: Millis): AuthenticationEffect[] {
    if (request !== this.#verdictAwaited || this.#authenticator === undefined) return STALE;
    this.#verdictAwaited = 0;
    return this.#conclude(this.#authenticator.handleVerdict(verdict, now), now);
  }

  handleSecret(request: number, secret: Uint8Array | undefined, now: Millis): AuthenticationEffect[] {
    const peer = this.#peer;
    if (request !== this.#secretAwaited || peer === undefined || peer instanceof PapPeer) return STALE;
    this.#secretAwaited = 0;
    return this.#conclude(peer.handleSecret(secret, now), now);
  }

  #receive(protocol: number, packet: Packet, now: Millis): ProofEffect[] | undefined {
    if (protocol === Protocol.CHAP) return this.#receiveChap(packet, now);
    return protocol === Protocol.EAP ? this.#receiveEap(packet, now) : this.#receivePap(packet);
  }

  /** One protocol number serves both directions: the code tells for which of the two machines a packet is. */
  #receiveChap(packet: Packet, now: Millis): ProofEffect[] | undefined {
    const authenticator = this.#authenticator instanceof ChapAuthenticator ? this.#authenticator : undefined;
    const peer = this.#peer instanceof ChapPeer ? this.#peer : undefined;
    switch (packet.code) {
      case ChapCode.Challenge:
        return peer && this.#challenged(peer, packet, authenticator);
      case ChapCode.Response:
        return authenticator?.handleResponse(packet, now);
      case ChapCode.Success:
      case ChapCode.Failure:
        return peer?.handleAnswer(packet);
      default:
        return undefined;
    }
  }

  #receiveEap(packet: Packet, now: Millis): ProofEffect[] | undefined {
    const authenticator = this.#authenticator instanceof EapAuthenticator ? this.#authenticator : undefined;
    const peer = this.#peer instanceof EapPeer ? this.#peer : undefined;
    if (packet.code === EapCode.Response) return authenticator?.handleResponse(packet, now);
    if (packet.code < EapCode.Request || packet.code > EapCode.Failure || peer === undefined) return undefined;
    const own = authenticator?.challenge;
    if (packet.code !== EapCode.Request || !this.#waits('eap')) return peer.handlePacket(packet, own, now);
    const octets = packet.octets.slice();
    const kept = { ...packet, octets, data: octets.subarray(octets.length - packet.data.length) };
    this.#held = (later) => peer.handlePacket(kept, authenticator?.challenge, later);
    return [];
  }

  #receivePap(packet: Packet): ProofEffect[] | undefined {
    switch (packet.code) {
      case PapCode.AuthenticateRequest:
        return this.#authenticator instanceof PapAuthenticator ? this.#authenticator.handleRequest(packet) : undefined;
      case PapCode.AuthenticateAck:
      case PapCode.AuthenticateNak:
        return this.#peer instanceof PapPeer ? this.#peer.handleAnswer(packet) : undefined;
      default:
        return undefined;
    }
  }

  /** A peer that challenges again while it waits is answered for the last of its challenges. */
  #challenged(peer: ChapPeer, packet: Packet, authenticator: ChapAuthenticator | undefined): ProofEffect[] {
    if (!this.#waits(this.#agreedLocal)) return peer.handleChallenge(packet, authenticator?.challenge);
    // The octets belong to whoever received them.
    const kept = { ...packet, data: packet.data.slice() };
    this.#held = () => peer.handleChallenge(kept, authenticator?.challenge);
    return [];
  }

  #waits(protocol: AuthenticationProtocol | undefined): boolean {
    return this.#peerOwes && protocol !== undefined && this.#settings.waitForPeer.includes(protocol);
  }

  /** Numbers the questions, and says when the last proof that was due has been given. */
  #conclude(effects: readonly ProofEffect[], now: Millis): AuthenticationEffect[] {
    const concluded: AuthenticationEffect[] = [];
    for (const effect of effects) {
      switch (effect.do) {
        case 'authenticate':
          this.#verdictAwaited = ++this.#questions;
          concluded.push({ ...effect, request: this.#verdictAwaited });
          break;
        case 'find-secret':
          this.#secretAwaited = ++this.#questions;
          concluded.push({ ...effect, request: this.#secretAwaited });
          break;
        case 'peer-authenticated':
          this.#username = effect.username;
          this.#peerKeys = effect.keys;
          if (this.#peerOwes && !this.#weOwe) concluded.push({ do: 'authenticated', username: this.#username });
          this.#peerOwes = false;
          concluded.push(...this.#release(now));
          break;
        case 'local-authenticated':
          if (this.#weOwe) this.#localKeys = effect.keys;
          if (this.#weOwe && !this.#peerOwes) concluded.push({ do: 'authenticated', username: this.#username });
          this.#weOwe = false;
          break;
        default:
          concluded.push(effect);
      }
    }
    return concluded;
  }

  /** The peer has proven itself: now we prove ourselves, if we held that back. */
  #release(now: Millis): AuthenticationEffect[] {
    const held = this.#held;
    this.#held = undefined;
    return held === undefined ? [] : this.#conclude(held(now), now);
  }
}

/** Whether either direction is proven under this protocol number. */
export function isAgreed(protocol: number, { peer, local }: AgreedAuthentication): boolean {
  return [peer, local].some((name) => name !== undefined && PROTOCOLS[name] === protocol);
}

const PROTOCOLS = {
  pap: Protocol.PAP,
  chap: Protocol.CHAP,
  'ms-chap': Protocol.CHAP,
  'ms-chap-v2': Protocol.CHAP,
  eap: Protocol.EAP,
} as const satisfies Record<AuthenticationProtocol, number>;

/** What a packet of CHAP is called: MS-CHAP, if that is the algorithm of the direction it is about. */
export function titleOf(agreed: AgreedAuthentication, code: number, direction: 'I' | 'O'): string {
  const provesPeer = (direction === 'I') === (code === ChapCode.Response);
  return algorithmOf(provesPeer ? agreed.peer : agreed.local)?.title ?? CHAP_MD5.title;
}

/** Of those that go under the protocol number of CHAP. */
function algorithmOf(protocol: AuthenticationProtocol | undefined): ChapAlgorithm | undefined {
  return protocol === 'chap' || protocol === 'ms-chap' || protocol === 'ms-chap-v2' ? ALGORITHMS[protocol] : undefined;
}

const ALGORITHMS = { chap: CHAP_MD5, 'ms-chap': MS_CHAP, 'ms-chap-v2': MS_CHAP_V2 } as const;

/** Netgear's DM602 agrees on PAP and then sends CHAP as well: dropped, and no reason to give the link up. */
const NOT_AGREED: readonly ProofEffect[] = [{ do: 'drop', reason: 'authentication-not-agreed' }];
const STALE: AuthenticationEffect[] = [{ do: 'drop', reason: 'stale-answer' }];
