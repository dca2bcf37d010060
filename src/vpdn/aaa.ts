// Who may come in: the local user database of `username` lines. RFC 1334 §2.2, RFC 1994 §4.1, RFC 2433 §5, RFC 2759 §4.
// An unknown user and a wrong password give the peer the same answer in the same time.

import { md5 } from '../crypto/md5.ts';
import { withoutDomain } from '../crypto/mschap.ts';
import { chapResponse } from '../ppp/chap-algorithm.ts';
import type { AuthenticationRequest } from '../ppp/events.ts';
import { checkMsChap, type MsChapProof } from '../ppp/ms-chap.ts';
import { equalSecrets } from '../wire/bytes.ts';
import type { Configuration } from './configuration.ts';
import type { Secret, User } from './configuration-system.ts';
import { secretOctets } from './secret.ts';

/** The reason is for the operator; the peer is never told which it was. */
export type Refusal = 'unknown-user' | 'wrong-password' | 'one-way-secret';

export type LocalVerdict =
  /** `proof`: what only who knows the password has, of MS-CHAP. */
  | { readonly kind: 'accepted'; readonly proof?: MsChapProof }
  | { readonly kind: 'refused'; readonly reason: Refusal }
  /** A hash is to be computed, which takes too long here; `otherwise` is the reason if it does not match. */
  | {
      readonly kind: 'to-check';
      readonly secret: Secret | undefined;
      readonly typed: string;
      readonly otherwise: Refusal;
    };

export function authenticateLocally(configuration: Configuration, request: AuthenticationRequest): LocalVerdict {
  const user = userOf(configuration, request);
  // As soon as one user has a hash, everybody's password takes the way of hashes: the time must not tell whose are which.
  if (request.protocol === 'pap' && hasHashes(configuration)) return toCheck(user, request.password);
  const known = secretOctets(user?.password);
  const proof = proves(request, known ?? NO_SECRET);
  if (user === undefined) return { kind: 'refused', reason: 'unknown-user' };
  if (known === undefined) return { kind: 'refused', reason: 'one-way-secret' };
  if (proof === false) return { kind: 'refused', reason: 'wrong-password' };
  return proof === true ? { kind: 'accepted' } : { kind: 'accepted', proof };
}

/** Windows puts its domain before the name: a user may be written with it, and is meant without it otherwise (RFC 2759 §4). */
function userOf({ users }: Configuration, { protocol, username }: AuthenticationRequest): User | undefined {
  const written = users.get(username);
  const isMsChap = protocol === 'ms-chap' || protocol === 'ms-chap-v2';
  return written === undefined && isMsChap ? users.get(withoutDomain(username)) : written;
}

function toCheck(user: User | undefined, password: Uint8Array): LocalVerdict {
  const otherwise = user === undefined ? 'unknown-user' : 'wrong-password';
  const typed = new TextDecoder().decode(password);
  // What is no text was never typed as a secret; replacement characters must not match some that were.
  const secret = typed.includes('\ufffd') ? undefined : (user?.secret ?? user?.password);
  return { kind: 'to-check', secret, typed, otherwise };
}

/** Looked for once in each configuration: they are many lines, and replaced as a whole. */
function hasHashes({ users }: Configuration): boolean {
  let known = HASHES.get(users);
  if (known === undefined || known.size !== users.size) {
    const has = [...users.values()].some(({ secret }) => secret !== undefined);
    known = { size: users.size, has };
    HASHES.set(users, known);
  }
  return known.has;
}

const HASHES = new WeakMap<Configuration['users'], { readonly size: number; readonly has: boolean }>();

function proves(request: AuthenticationRequest, secret: Uint8Array): boolean | MsChapProof {
  if (request.protocol === 'ms-chap' || request.protocol === 'ms-chap-v2') return checkMsChap(request, secret) ?? false;
  if (request.protocol === 'chap') {
    return equalSecrets(chapResponse(request.identifier, secret, request.challenge), request.response);
  }
  // Digests are compared, so that not even the length of the password shows in the time taken.
  return equalSecrets(md5(request.password), md5(secret));
}

const NO_SECRET = new Uint8Array(16);
