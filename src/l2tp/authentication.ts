// Tunnel authentication, RFC 2661 §5.1.1 and §4.4.3: each end may challenge the other, with one secret for both ways.

import { md5 } from '../crypto/md5.ts';
import { equalOctets, equalSecrets } from '../wire/bytes.ts';

/** "the value of the Message Type AVP for this message is used": which is also what makes plain reflection useless. */
export type ResponseCarrier = 2 | 3; // SCCRP, SCCCN

export const CHALLENGE_LENGTH = 16;

export function challengeResponse(carrier: ResponseCarrier, secret: Uint8Array, challenge: Uint8Array): Uint8Array {
  return md5(Uint8Array.of(carrier), secret, challenge);
}

export function isRightResponse(
  carrier: ResponseCarrier,
  secret: Uint8Array,
  challenge: Uint8Array,
  response: Uint8Array | undefined,
): boolean {
  return response !== undefined && equalSecrets(challengeResponse(carrier, secret, challenge), response);
}

/** A peer that challenges us with our own challenge is looking for somebody to answer it. */
export function isReflected(own: Uint8Array | undefined, received: Uint8Array | undefined): boolean {
  return own !== undefined && received !== undefined && equalOctets(own, received);
}
