// The Authentication phase, RFC 1661 §3.5: what the peer owes us and what we owe the peer, side by side.
// Knows which protocol was agreed on for each direction and gives every packet to the one machine it is for.

import { type Entropy, type Millis, randomU16 } from '../wire/machine.ts';
import { ChapAuthenticator, ChapCode, ChapPeer } from './chap.ts';
import type { AuthenticationProtocol, AuthenticationRequest, LinkEndCause, LinkSettings, Verdict } from './events.ts';
import { Protocol } from './frame.ts';
import type { Packet } from './packet.ts';
import { PapAuthenticator, PapCode, PapPeer } from './pap.ts';

export type AuthenticationTimes = Pick<
  LinkSettings,
  'restartTimer' | 'maxConfigure' | 'maxBadAuthentications' | 'rechallengeInterval' | 'challengeLength'
>;

export type AuthenticationEffect =
  | { readonly do: 'send'; readonly protocol: number; readonly packet: Uint8Array }
  | { readonly do: 'authenticate'; readonly of: AuthenticationRequest }
  | { readonly do: 'find-secret'; readonly name: string }
  | { readonly do: 'peer-authenticated'; readonly username: string }
  | { readonly do: 'local-authenticated' }
  | {
      readonly do: 'fail';
      readonly cause: LinkEndCause;
      readonly side: 'local' | 'peer';
      readonly message: string;
    }
  | { readonly do: 'drop'; readonly reason: string };

/** What LCP agreed on: how the peer proves itself to us, and we to the peer. */
export interface AgreedAuthentication {
  readonly peer: AuthenticationProtocol | undefined;
  readonly local: AuthenticationProtocol | undefined;
}

export class Authentication {
  readonly #authenticator: ChapAuthenticator | PapAuthenticator | undefined;
  readonly #peer: ChapPeer | PapPeer | undefined;

  constructor(agreed: AgreedAuthentication, settings: LinkSettings, entropy: Entropy) {
    if (agreed.peer === 'chap') this.#authenticator = new ChapAuthenticator(settings.localName, settings, entropy);
    if (agreed.peer === 'pap') this.#authenticator = new PapAuthenticator(settings.maxBadAuthentications);
    if (agreed.local === 'chap') this.#peer = new ChapPeer(settings.localName);
    if (agreed.local === 'pap' && settings.pap !== undefined) {
      this.#peer = new PapPeer(settings.pap, randomU16(entropy) & 0xff, settings);
    }
  }

  get deadline(): Millis {
    const authenticator = this.#authenticator?.deadline ?? Number.POSITIVE_INFINITY;
    return Math.min(authenticator, this.#peer?.deadline ?? Number.POSITIVE_INFINITY);
  }

  start(now: Millis): AuthenticationEffect[] {
    const effects: AuthenticationEffect[] = [];
    if (this.#authenticator instanceof ChapAuthenticator) effects.push(...this.#authenticator.start(now));
    if (this.#peer instanceof PapPeer) effects.push(...this.#peer.start(now));
    return effects;
  }

  handleTimeout(now: Millis): AuthenticationEffect[] {
    const effects: AuthenticationEffect[] = [];
    if (this.#authenticator instanceof ChapAuthenticator) effects.push(...this.#authenticator.handleTimeout(now));
    if (this.#peer instanceof PapPeer) effects.push(...this.#peer.handleTimeout(now));
    return effects;
  }

  /** Throws `DecodeError` on a packet whose inside is broken. */
  handlePacket(protocol: number, packet: Packet, now: Millis): AuthenticationEffect[] {
    const authenticator = this.#authenticator;
    const peer = this.#peer;
    if (protocol === Protocol.CHAP) {
      switch (packet.code) {
        case ChapCode.Challenge: {
          if (!(peer instanceof ChapPeer)) break;
          const own = authenticator instanceof ChapAuthenticator ? authenticator.challenge : undefined;
          return peer.handleChallenge(packet, own);
        }
        case ChapCode.Response:
          if (authenticator instanceof ChapAuthenticator) return authenticator.handleResponse(packet, now);
          break;
        case ChapCode.Success:
        case ChapCode.Failure:
          if (peer instanceof ChapPeer) return peer.handleAnswer(packet);
      }
    } else {
      switch (packet.code) {
        case PapCode.AuthenticateRequest:
          if (authenticator instanceof PapAuthenticator) return authenticator.handleRequest(packet);
          break;
        case PapCode.AuthenticateAck:
        case PapCode.AuthenticateNak:
          if (peer instanceof PapPeer) return peer.handleAnswer(packet);
      }
    }
    // Netgear's DM602 agrees on PAP and then sends CHAP as well: no reason to give the link up.
    return [{ do: 'drop', reason: 'authentication-not-agreed' }];
  }

  handleVerdict(verdict: Verdict, now: Millis): AuthenticationEffect[] {
    return this.#authenticator?.handleVerdict(verdict, now) ?? [];
  }

  handleSecret(secret: Uint8Array | undefined): AuthenticationEffect[] {
    return this.#peer instanceof ChapPeer ? this.#peer.handleSecret(secret) : [];
  }
}
