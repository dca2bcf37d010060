// The login of one SSH connection: by password or public key of a `username`, so many tries, and the same words and the same time
// whether the user exists or not.

import { checkSecret } from '../host/secret-check.ts';
import type { Configuration } from '../vpdn/configuration.ts';
import { isPublicKey } from '../vpdn/ssh-key.ts';

/** What the client offers. `proven`: it has signed with the key; before that it only asks whether the key would do. */
export type Offer =
  | { readonly method: 'password'; readonly user: string; readonly password: string }
  | { readonly method: 'publickey'; readonly user: string; readonly key: Uint8Array; readonly proven: boolean }
  | { readonly method: 'other'; readonly user: string };

export type Verdict = 'accepted' | 'refused' | 'too-many';

export class SshLogin {
  readonly #configuration: () => Configuration;
  #failures = 0;

  constructor(configuration: () => Configuration) {
    this.#configuration = configuration;
  }

  async judge(offer: Offer): Promise<Verdict> {
    if (offer.method === 'other') return 'refused';
    if (await this.#matches(offer)) return 'accepted';
    // A client goes through its keys before it asks for a password: only a password is a guess.
    if (offer.method === 'publickey') return 'refused';
    this.#failures++;
    await pause(FAILURE_DELAY * this.#failures);
    const most = this.#configuration().ssh.authenticationRetries ?? DEFAULT_RETRIES;
    return this.#failures >= most ? 'too-many' : 'refused';
  }

  async #matches(offer: Exclude<Offer, { method: 'other' }>): Promise<boolean> {
    const { users, ssh } = this.#configuration();
    const user = users.get(offer.user);
    if (offer.method === 'password') return checkSecret(user?.secret ?? user?.password, offer.password);
    const keys = user === undefined ? [] : (ssh.publicKeys.get(offer.user) ?? []);
    return keys.some((key) => isPublicKey(key, offer.key));
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

/** C012: `ip ssh authentication-retries`. */
const DEFAULT_RETRIES = 3;
/** Milliseconds, for the first one; each further one takes as much longer. */
const FAILURE_DELAY = 500;
