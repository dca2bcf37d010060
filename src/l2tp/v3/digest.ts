// Control message authentication, RFC 3931 §5.4.1: a digest over the whole message, header included, in every message.
//
//   key    = HMAC-MD5(secret, 2)
//   digest = HMAC(key, nonce of the sender | nonce of the receiver | message with every digest zeroed)

import { hmac } from '../../crypto/hmac.ts';
import { ByteReader, equalSecrets } from '../../wire/bytes.ts';
import { DecodeError } from '../../wire/errors.ts';
import { decodeAvp } from '../avp.ts';
import { attributeOf, DIGEST_LENGTHS, DIGEST_MD5, DIGEST_SHA1 } from './avp.ts';
import type { DigestSettings } from './events.ts';
import { CONTROL_HEADER_LENGTH } from './header.ts';

/** Those of both ends; empty where none was told: in an SCCRQ, and without a secret (§5.4.1). */
export interface Nonces {
  readonly sender: Uint8Array;
  readonly receiver: Uint8Array;
}

export const NO_NONCES: Nonces = { sender: new Uint8Array(0), receiver: new Uint8Array(0) };

/** Fills in the digest of a message that has a place for one. To be called for each transmission: Ns and Nr are covered. */
export function sealMessage(message: Uint8Array, settings: DigestSettings, nonces: Nonces): void {
  const [place] = digestPlaces(message);
  if (place === undefined) return;
  const sum = digestOf(message, settings, nonces);
  message.set(sum, place.at);
}

/** Whether one of the digests in `message` fits one of `accepted`: two of each may be in use while a secret is changed. */
export function isAuthentic(message: Uint8Array, accepted: readonly DigestSettings[], nonces: Nonces): boolean {
  const places = digestPlaces(message);
  // §5.4.1 has two at most; each costs a sum over the message, and nobody is proven yet.
  if (places.length > MOST_DIGESTS) return false;
  const cleared = zeroed(message, places);
  let authentic = false;
  for (const place of places) {
    for (const settings of accepted) {
      if (digestType(settings) !== place.type) continue;
      const sum = sumOf(cleared, settings, nonces);
      // No early end: which of them fitted is nobody's business.
      authentic = equalSecrets(sum, message.subarray(place.at, place.at + sum.length)) || authentic;
    }
  }
  return authentic;
}

/** Does it carry any digest? */
export function hasDigest(message: Uint8Array): boolean {
  return digestPlaces(message).length > 0;
}

export function digestType({ hash }: DigestSettings): number {
  return hash === 'md5' ? DIGEST_MD5 : DIGEST_SHA1;
}

/** §5.3: what AVPs are hidden with is not the secret itself. */
export function hidingKey(secret: Uint8Array): Uint8Array {
  return hmac('md5', secret, Uint8Array.of(1));
}

function digestOf(message: Uint8Array, settings: DigestSettings, nonces: Nonces): Uint8Array {
  return sumOf(zeroed(message, digestPlaces(message)), settings, nonces);
}

function sumOf(cleared: Uint8Array, { hash, secret = NO_SECRET }: DigestSettings, nonces: Nonces): Uint8Array {
  const key = hmac('md5', secret, Uint8Array.of(2));
  return hmac(hash, key, nonces.sender, nonces.receiver, cleared);
}

interface Place {
  readonly at: number;
  readonly type: number;
}

/** The values of the Message Digest AVPs, behind the octet that says the type, which stays. */
function digestPlaces(message: Uint8Array): Place[] {
  const places: Place[] = [];
  const reader = new ByteReader(message, CONTROL_HEADER_LENGTH);
  try {
    while (reader.remaining > 0) {
      const avp = decodeAvp(reader);
      const type = avp.value[0];
      const length = DIGEST_LENGTHS[type ?? -1];
      if (attributeOf(avp) !== 'MessageDigest' || avp.hidden || avp.value.length !== 1 + (length ?? 0)) continue;
      places.push({ at: reader.offset - avp.value.length + 1, type: type! });
    }
  } catch (error) {
    // What is malformed behind a digest is for the decoder of the message to find.
    if (!(error instanceof DecodeError)) throw error;
  }
  return places;
}

function zeroed(message: Uint8Array, places: readonly Place[]): Uint8Array {
  const copy = message.slice();
  for (const { at, type } of places) copy.fill(0, at, at + DIGEST_LENGTHS[type]!);
  return copy;
}

const MOST_DIGESTS = 2;
const NO_SECRET = new Uint8Array(0);
