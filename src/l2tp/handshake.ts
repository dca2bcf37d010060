// What the two ends of a tunnel tell each other in SCCRQ, SCCRP and SCCCN (RFC 2661 §6.1 to §6.3): who they are,
// what they can do, and that they know the secret (§5.1.1).

import type { Entropy } from '../wire/machine.ts';
import {
  CHALLENGE_LENGTH,
  challengeResponse,
  isReflected,
  isRightResponse,
  type ResponseCarrier,
} from './authentication.ts';
import type { Attributes } from './avp.ts';
import { localEnd, StopCcnResult } from './end.ts';
import type { End, PeerIdentity, TunnelSettings } from './events.ts';
import { type AttributesOf, MESSAGES } from './message.ts';
import type { HandshakeStatus } from './status.ts';

export class Handshake {
  settings: TunnelSettings | undefined;
  peer: PeerIdentity | undefined;
  /** The peer answered our Challenge rightly. */
  authenticated = false;
  authenticationFailures = 0;
  /** Ours, of our SCCRQ: the least wins when both ends open at once (§4.4.3). */
  tieBreaker: bigint | undefined;
  #challenge: Uint8Array | undefined;
  #peerChallenge: Uint8Array | undefined;
  readonly #entropy: Entropy;

  constructor(entropy: Entropy) {
    this.#entropy = entropy;
  }

  sccrq(assignedTunnelId: number): AttributesOf<'SCCRQ'> {
    if (this.settings!.tieBreaker === true) {
      const octets = this.#entropy(8);
      this.tieBreaker = new DataView(octets.buffer, octets.byteOffset, 8).getBigUint64(0);
    }
    return { ...this.#ownIdentity(assignedTunnelId), TieBreaker: this.tieBreaker };
  }

  /** §6.2: the answer to the peer's Challenge, and a Challenge of ours if we want one answered. */
  sccrp(assignedTunnelId: number): AttributesOf<'SCCRP'> {
    return { ...this.#ownIdentity(assignedTunnelId), ChallengeResponse: this.#response(MESSAGES.SCCRP.type) };
  }

  /** §6.3: nothing but the answer to a Challenge, if one came in the SCCRP. */
  scccn(): AttributesOf<'SCCCN'> {
    return { ChallengeResponse: this.#response(MESSAGES.SCCCN.type) };
  }

  /** What an SCCRQ or SCCRP says of its sender. */
  learn(attributes: Attributes): void {
    this.#peerChallenge = attributes.Challenge;
    this.peer = {
      hostName: attributes.HostName ?? '',
      vendorName: attributes.VendorName ?? '',
      firmwareRevision: attributes.FirmwareRevision ?? 0,
      framingCapabilities: attributes.FramingCapabilities ?? 0,
      bearerCapabilities: attributes.BearerCapabilities ?? 0,
      receiveWindowSize: attributes.ReceiveWindowSize ?? DEFAULT_WINDOW,
      challenged: attributes.Challenge !== undefined,
    };
  }

  /** Why an SCCRQ that was learnt cannot be accepted. */
  judgeSccrq(): End | undefined {
    return this.#unanswerable();
  }

  /** Why an SCCRP cannot be accepted: ours is the only side that can tell its sender from anybody else. */
  judgeSccrp(attributes: Attributes): End | undefined {
    if (isReflected(this.#challenge, attributes.Challenge)) return this.#failed('our own Challenge came back');
    return versionEnd(attributes) ?? this.#judgeResponse(MESSAGES.SCCRP.type, attributes) ?? this.#unanswerable();
  }

  judgeScccn(attributes: Attributes): End | undefined {
    return this.#judgeResponse(MESSAGES.SCCCN.type, attributes);
  }

  /** Whether an SCCRP can only be the peer's own; always, where we did not challenge. */
  isFromPeer({ ChallengeResponse }: Attributes): boolean {
    const challenge = this.#challenge;
    if (challenge === undefined) return true;
    return isRightResponse(MESSAGES.SCCRP.type, this.settings!.secret!, challenge, ChallengeResponse);
  }

  status(): HandshakeStatus {
    const { settings, peer, authenticated, authenticationFailures } = this;
    return { localName: settings?.localName ?? '', peer, authenticated, authenticationFailures };
  }

  #ownIdentity(assignedTunnelId: number): AttributesOf<'SCCRQ'> & AttributesOf<'SCCRP'> {
    const { localName, vendorName, receiveWindowSize, authentication, secret } = this.settings!;
    if (authentication && secret !== undefined) this.#challenge = this.#entropy(CHALLENGE_LENGTH);
    return {
      ProtocolVersion: PROTOCOL,
      HostName: localName,
      FramingCapabilities: BOTH_FRAMINGS,
      AssignedTunnelId: assignedTunnelId,
      BearerCapabilities: 0, // §4.4.3: who has no line to dial on sets neither bit
      ReceiveWindowSize: receiveWindowSize,
      FirmwareRevision: FIRMWARE_REVISION,
      VendorName: vendorName,
      Challenge: this.#challenge,
    };
  }

  /** §5.1.1: a Challenge received MUST be answered. That we ask for none ourselves does not matter. */
  #response(carrier: ResponseCarrier): Uint8Array | undefined {
    const secret = this.settings?.secret;
    if (this.#peerChallenge === undefined || secret === undefined) return undefined;
    return challengeResponse(carrier, secret, this.#peerChallenge);
  }

  /** §5.1.1: "a single shared secret MUST exist", for either of us to ask the other. */
  #unanswerable(): End | undefined {
    const { secret, authentication } = this.settings!;
    if (secret !== undefined) return undefined;
    const not = StopCcnResult.NotAuthorized;
    if (authentication) return localEnd('authentication', not, 0, 'authentication wanted, but no secret');
    if (this.#peerChallenge === undefined) return undefined;
    return localEnd('challenge-unanswerable', not, 0, 'a Challenge came, but there is no secret to answer it');
  }

  /** §4.4.3: the response "MUST be present" where we sent a Challenge. */
  #judgeResponse(carrier: ResponseCarrier, { ChallengeResponse }: Attributes): End | undefined {
    const challenge = this.#challenge;
    if (challenge === undefined) return undefined;
    if (!isRightResponse(carrier, this.settings!.secret!, challenge, ChallengeResponse)) {
      return this.#failed(ChallengeResponse === undefined ? 'no Challenge Response' : 'wrong Challenge Response');
    }
    this.authenticated = true;
    return undefined;
  }

  #failed(why: string): End {
    this.authenticationFailures++;
    return localEnd('authentication', StopCcnResult.NotAuthorized, 0, why);
  }
}

/** §4.4.2: the Error Code of result 5 says the highest version we have. */
export function versionEnd({ ProtocolVersion: version }: Attributes): End | undefined {
  if (version === undefined || version.version === PROTOCOL.version) return undefined;
  const highest = (PROTOCOL.version << 8) | PROTOCOL.revision;
  return localEnd('version', StopCcnResult.VersionNotSupported, highest, `protocol version ${version.version}`);
}

/** §4.4.3: this protocol version is 1, revision 0; the 2 of the header is another number. */
const PROTOCOL = { version: 1, revision: 0 } as const;
const BOTH_FRAMINGS = 3;
const FIRMWARE_REVISION = 0x0100;
const DEFAULT_WINDOW = 4;
