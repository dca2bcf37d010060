// Who may come in: the local user database of `username` lines. RFC 1334 §2.2, RFC 1994 §4.1.
// An unknown user and a wrong password give the peer the same answer in the same time.

import { md5 } from '../crypto/md5.ts';
import { chapResponse } from '../ppp/chap.ts';
import type { AuthenticationRequest } from '../ppp/events.ts';
import { equalSecrets } from '../wire/bytes.ts';
import type { Configuration } from './configuration.ts';
import { secretOctets } from './secret.ts';

export type LocalVerdict =
  | { readonly accepted: true }
  /** The reason is for the operator; the peer is never told which it was. */
  | { readonly accepted: false; readonly reason: 'unknown-user' | 'wrong-password' | 'one-way-secret' };

export function authenticateLocally(configuration: Configuration, request: AuthenticationRequest): LocalVerdict {
  const user = configuration.users.get(request.username);
  const known = secretOctets(user?.password);
  const matches = proves(request, known ?? NO_SECRET);
  if (user === undefined) return { accepted: false, reason: 'unknown-user' };
  if (known === undefined) return { accepted: false, reason: 'one-way-secret' };
  return matches ? { accepted: true } : { accepted: false, reason: 'wrong-password' };
}

function proves(request: AuthenticationRequest, secret: Uint8Array): boolean {
  if (request.protocol === 'chap') {
    return equalSecrets(chapResponse(request.identifier, secret, request.challenge), request.response);
  }
  // Digests are compared, so that not even the length of the password shows in the time taken.
  return equalSecrets(md5(request.password), md5(secret));
}

const NO_SECRET = new Uint8Array(16);
