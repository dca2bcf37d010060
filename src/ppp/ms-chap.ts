// MS-CHAP version 1 (RFC 2433) and version 2 (RFC 2759) as kinds of CHAP. In version 2 the Success proves to the peer that
// we know its password too. Both leave keys for MPPE behind (RFC 3079).
//
//   Response value, version 1:  | LM response 24 | NT response 24 | Flags |
//   Response value, version 2:  | Peer-Challenge 16 | Reserved 8 | NT response 24 | Flags |

import { type EncryptionKeys, keysOfVersion1, keysOfVersion2 } from '../crypto/mppe-keys.ts';
import {
  authenticatorResponse,
  challengeHash,
  challengeResponse,
  lmPasswordHash,
  ntPasswordHash,
  withoutDomain,
} from '../crypto/mschap.ts';
import { concatOctets, equalOctets, equalSecrets } from '../wire/bytes.ts';
import { formatHex, printable, utf8 } from '../wire/values.ts';
import type { ChapAlgorithm } from './chap-algorithm.ts';
import type { AuthenticationRequest, MsChapError } from './events.ts';

type Request<Protocol> = Extract<AuthenticationRequest, { protocol: Protocol }>;

/** What a right password gives besides the yes. */
export interface MsChapProof {
  readonly authenticatorResponse?: string;
  readonly keys: EncryptionKeys;
}

/** Whether who sent this knows the password; the same work for a wrong one. */
export function checkMsChap(
  request: Request<'ms-chap'> | Request<'ms-chap-v2'>,
  password: Uint8Array,
): MsChapProof | undefined {
  const hash = ntPasswordHash(password);
  const { challenge, ntResponse } = request;
  if (request.protocol === 'ms-chap') {
    const keys = keysOfVersion1(hash, lmPasswordHash(password), challenge);
    return equalSecrets(challengeResponse(challenge, hash), ntResponse) ? { keys } : undefined;
  }
  const hashed = challengeHash(request.peerChallenge, challenge, withoutDomain(request.username));
  const proof = {
    authenticatorResponse: authenticatorResponse(hash, ntResponse, hashed),
    keys: keysOfVersion2(hash, ntResponse, 'server'),
  };
  return equalSecrets(challengeResponse(hashed, hash), ntResponse) ? proof : undefined;
}

export const MS_CHAP: ChapAlgorithm = {
  title: 'MS-CHAP',
  retriesInFailure: true,
  challengeLength: () => 8,
  request: ({ identifier, challenge, name }, value) => {
    // Flag 0 would be the LM response alone, whose halves are broken in minutes.
    if (value.length !== VALUE_LENGTH || (value[48]! & USE_NT) === 0) return undefined;
    const lmResponse = value.slice(0, 24);
    const ntResponse = value.slice(24, 48);
    return { protocol: 'ms-chap', username: name, identifier, challenge, lmResponse, ntResponse };
  },
  success: ({ message }) => message ?? '',
  failure: (verdict, retry, next) => failureText(errorOf(verdict), retry, next, 2, undefined),
  respond: ({ challenge }, password) => {
    const hash = ntPasswordHash(password);
    const value = new Uint8Array(VALUE_LENGTH);
    // The LM response stays zero: it would give the password away.
    value.set(challengeResponse(challenge, hash), 24);
    value[48] = USE_NT;
    return { value, confirmed: undefined, keys: keysOfVersion1(hash, lmPasswordHash(password), challenge) };
  },
  explain: explainFailure,
};

export const MS_CHAP_V2: ChapAlgorithm = {
  title: 'MS-CHAP-V2',
  retriesInFailure: true,
  challengeLength: () => CHALLENGE_LENGTH,
  request: ({ identifier, challenge, name }, value) => {
    if (value.length !== VALUE_LENGTH) return undefined;
    const peerChallenge = value.slice(0, CHALLENGE_LENGTH);
    // Our own challenge for the peer's is nobody's chance.
    if (equalOctets(peerChallenge, challenge)) return undefined;
    // RFC 2759 §4 has the octets before the response and after it zero; Windows 98 sets flags. Neither is looked at.
    const ntResponse = value.slice(24, 48);
    return { protocol: 'ms-chap-v2', username: name, identifier, challenge, peerChallenge, ntResponse };
  },
  success: (verdict) => {
    if (!verdict.accepted || !/^[0-9A-F]{40}$/.test(verdict.authenticatorResponse ?? '')) return undefined;
    return `S=${verdict.authenticatorResponse} M=${verdict.message ?? 'Welcome'}`;
  },
  failure: (verdict, retry, next) =>
    failureText(errorOf(verdict), retry, next, 3, verdict.message ?? 'Authentication failed'),
  respond: ({ challenge, name }, password, entropy) => {
    const hash = ntPasswordHash(password);
    const peerChallenge = entropy(CHALLENGE_LENGTH).slice();
    const hashed = challengeHash(peerChallenge, challenge, withoutDomain(name));
    const ntResponse = challengeResponse(hashed, hash);
    const expected = utf8.encode(`S=${authenticatorResponse(hash, ntResponse, hashed)}`);
    return {
      value: concatOctets(peerChallenge, new Uint8Array(8), ntResponse, Uint8Array.of(0)),
      // RFC 2759 §5: 40 upper-case digits, then nothing, or a blank and a message.
      confirmed: (text) => /^S=[0-9A-F]{40}( |$)/.test(text) && equalSecrets(utf8.encode(text.slice(0, 42)), expected),
      keys: keysOfVersion2(hash, ntResponse, 'client'),
    };
  },
  explain: explainFailure,
};

/** RFC 2759 §6, RFC 2433 §8: `E=691 R=1 C=… V=3 M=…`. */
function failureText(
  error: MsChapError,
  retry: boolean,
  next: Uint8Array,
  version: 2 | 3,
  message: string | undefined,
): string {
  const head = `E=${error} R=${retry ? 1 : 0} C=${formatHex(next).toUpperCase()} V=${version}`;
  return message === undefined ? head : `${head} M=${message}`;
}

function errorOf(verdict: { readonly accepted: boolean; readonly error?: MsChapError }): MsChapError {
  return verdict.error ?? 691;
}

function explainFailure(text: string): string {
  const code = Number(/^E=(\d{1,10})/.exec(text)?.[1]);
  const message = /(?:^| )M=(.*)$/.exec(text)?.[1] ?? '';
  const words = ERRORS[code as MsChapError];
  if (words === undefined) return printable(text);
  return `${words} (E=${code})${message === '' ? '' : `, "${printable(message)}"`}`;
}

/** RFC 2759 §6, as an operator of the end that was refused reads it. */
const ERRORS: Readonly<Record<MsChapError, string>> = {
  646: 'the account may not log on at this hour',
  647: 'the account is disabled',
  648: 'the password has expired, and is to be changed at the server: this end changes none',
  649: 'the account has no permission to dial in',
  691: 'wrong name or password',
  709: 'the password could not be changed',
};

const VALUE_LENGTH = 49;
const CHALLENGE_LENGTH = 16;
const USE_NT = 1;
