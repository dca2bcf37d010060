// What tells one kind of CHAP from another (RFC 1994 §3, Algorithm): how the value of a Response is made and checked, and
// what Success and Failure say. Who challenges whom and when is the same for all, and is in `chap.ts`.

import { md5 } from '../crypto/md5.ts';
import type { EncryptionKeys } from '../crypto/mppe-keys.ts';
import { type Entropy, randomU16 } from '../wire/machine.ts';
import { printable } from '../wire/values.ts';
import type { AuthenticationRequest, Verdict } from './events.ts';
import type { ProofTimes } from './proof.ts';

export interface ChapExchange {
  readonly identifier: number;
  readonly challenge: Uint8Array;
  /** The Name of the Response. */
  readonly name: string;
}

export interface ChapProof {
  readonly value: Uint8Array;
  /** Whether the text of a Success is the peer's proof of knowing the secret too; undefined: none is due. */
  readonly confirmed: ((text: string) => boolean) | undefined;
  readonly keys: EncryptionKeys | undefined;
}

export interface ChapAlgorithm {
  /** As messages to the operator name it. */
  readonly title: string;
  /** A Failure carries the challenge of the next attempt, and none is sent for it. */
  readonly retriesInFailure: boolean;
  challengeLength(times: ProofTimes, entropy: Entropy): number;
  /** What is to be checked; undefined: the value cannot be right. */
  request(exchange: ChapExchange, value: Uint8Array): AuthenticationRequest | undefined;
  /** The text of the Success; undefined: it cannot be given, so there is none. */
  success(verdict: Verdict): string | undefined;
  failure(verdict: Verdict, retry: boolean, nextChallenge: Uint8Array): string;
  respond(exchange: ChapExchange, secret: Uint8Array, entropy: Entropy): ChapProof;
  /** A Failure of the peer in words; empty: it gave no reason. */
  explain(text: string): string;
}

/** RFC 1994 §4.1: the hash of Identifier, secret and Challenge, one after the other. */
export function chapResponse(identifier: number, secret: Uint8Array, challenge: Uint8Array): Uint8Array {
  return md5(Uint8Array.of(identifier), secret, challenge);
}

export const CHAP_MD5: ChapAlgorithm = {
  title: 'CHAP',
  retriesInFailure: false,
  challengeLength: ({ challengeLength: { least, most } }, entropy) =>
    least === most ? least : least + (randomU16(entropy) % (most - least + 1)),
  request: ({ identifier, challenge, name }, value) => {
    if (value.length !== DIGEST_LENGTH) return undefined;
    return { protocol: 'chap', username: name, identifier, challenge, response: value.slice() };
  },
  success: ({ message }) => message ?? '',
  // The same words for an unknown name and a wrong secret: nobody learns which names exist.
  failure: ({ message }) => message ?? 'Authentication failed',
  respond: ({ identifier, challenge }, secret) => ({
    value: chapResponse(identifier, secret, challenge),
    confirmed: undefined,
    keys: undefined,
  }),
  explain: printable,
};

const DIGEST_LENGTH = 16;
