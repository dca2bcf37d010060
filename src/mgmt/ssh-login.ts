// The login of one SSH connection: by password or public key of a `username`, so many tries, and the same words and the same time
// whether the user exists or not. A password may come by itself or as the answer to a prompt (RFC 4256).

import { checkSecret } from '../host/secret-check.ts';
import type { Configuration } from '../vpdn/configuration.ts';
import { isPublicKey } from '../vpdn/ssh-key.ts';
import type { Millis } from '../wire/machine.ts';

/** What the client offers. `proven`: it has signed with the key; before that it only asks whether the key would do. */
export type Offer =
  | { readonly method: 'password'; readonly user: string; readonly password: string }
  | { readonly method: 'publickey'; readonly user: string; readonly key: Uint8Array; readonly proven: boolean }
  | { readonly method: 'other'; readonly user: string };

export type Verdict = 'accepted' | 'refused' | 'too-many';

export class SshLogin {
  readonly #configuration: () => Configuration;
  readonly #penalty: () => Millis;
  #offers = 0;
  #failures = 0;

  /** `penalty`: how long a wrong password has to wait for its answer. */
  constructor(configuration: () => Configuration, penalty: () => Millis) {
    this.#configuration = configuration;
    this.#penalty = penalty;
  }

  /** One more begins, whatever becomes of it; false: it is one too many. */
  begin(): boolean {
    return ++this.#offers <= MOST_OFFERS;
  }

  async judge(offer: Offer): Promise<Verdict> {
    const most = this.#configuration().ssh.authenticationRetries ?? DEFAULT_RETRIES;
    if (this.#failures > 0 && this.#failures >= most) return 'too-many';
    if (offer.method === 'other') return 'refused';
    if (await this.#matches(offer)) return 'accepted';
    // A client goes through its keys before it asks for a password: only a password is a guess.
    if (offer.method === 'publickey') return 'refused';
    this.#failures++;
    await pause(this.#penalty());
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

function pause(milliseconds: Millis): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

/** C012: `ip ssh authentication-retries`. */
const DEFAULT_RETRIES = 3;
/** Keys and passwords of one connection: an agent may hold many keys. */
const MOST_OFFERS = 30;
