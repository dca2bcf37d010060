// Who the peer of a call is, and who we are to it: what the link asks, answered from the configuration, at once or when a hash has
// been computed (RFC 1994 §4.1, RFC 2759 §4; C108, C109).

import type { AuthenticationRequest, LinkEffect, LinkInput, Verdict } from '../ppp/events.ts';
import type { MsChapProof } from '../ppp/ms-chap.ts';
import { printable } from '../wire/values.ts';
import { authenticateLocally, type Refusal } from './aaa.ts';
import type { CallPlace } from './call-place.ts';
import type { CallRecord } from './call-record.ts';
import type { Context } from './context.ts';
import type { RouterInput } from './events.ts';
import type { FailureCause } from './failure.ts';
import { secretOctets } from './secret.ts';

/** Why a call will end, before PPP puts it into words of its own. */
export interface CallRefusal {
  readonly cause: FailureCause;
  readonly message: string;
}

export interface CallAuthenticationHost {
  answer(input: LinkInput): void;
  /** Undefined: nothing stands against the call any more. `username`: who it said it is. */
  refused(refusal: CallRefusal | undefined, username?: string): void;
}

export class CallAuthentication {
  readonly #place: CallPlace;
  readonly #context: Context;
  readonly #record: CallRecord;
  readonly #host: CallAuthenticationHost;
  /** A hash is being computed for this request. */
  #checking: { readonly request: number; readonly of: AuthenticationRequest; readonly otherwise: Refusal } | undefined;

  constructor(place: CallPlace, context: Context, record: CallRecord, host: CallAuthenticationHost) {
    this.#place = place;
    this.#context = context;
    this.#record = record;
    this.#host = host;
  }

  check({ request, of }: Extract<LinkEffect, { do: 'authenticate' }>): void {
    this.#record.attempted(of);
    const verdict = authenticateLocally(this.#context.configuration, of);
    if (verdict.kind === 'accepted') return this.#judged(request, of, undefined, verdict.proof);
    if (verdict.kind === 'refused') return this.#judged(request, of, verdict.reason);
    const { tunnel, session, uniqueId } = this.#place;
    this.#checking = { request, of, otherwise: verdict.otherwise };
    const { secret, typed } = verdict;
    this.#context.emit({ do: 'check-secret', tunnel, session, call: uniqueId, request, secret, typed });
  }

  /** An answer to an older question, or for a call that had this session before, concerns nobody. */
  secretChecked({ call, request, matches }: Extract<RouterInput, { on: 'secret-checked' }>): void {
    const asked = this.#checking;
    if (asked === undefined || call !== this.#place.uniqueId || request !== asked.request) return;
    this.#checking = undefined;
    this.#judged(request, asked.of, matches ? undefined : asked.otherwise);
  }

  /** `username` of the challenger first, then the interface's own password (C109). */
  findSecret({ request, name }: Extract<LinkEffect, { do: 'find-secret' }>): void {
    const user = this.#context.configuration.users.get(name);
    const secret = secretOctets(user?.password) ?? secretOctets(this.#place.subject.ppp.chapPassword);
    if (secret === undefined) {
      const cause = user?.secret === undefined ? 'no-secret' : 'one-way-secret';
      this.#host.refused({ cause, message: `the peer's CHAP name is "${printable(name)}"` });
    }
    this.#host.answer({ on: 'secret', request, secret });
  }

  #judged(request: number, of: AuthenticationRequest, refusal: Refusal | undefined, proof?: MsChapProof): void {
    const verdict: Verdict = refusal === undefined ? { accepted: true, ...proof } : { accepted: false };
    this.#record.judged(of, refusal);
    if (refusal === undefined) this.#host.refused(undefined);
    else {
      const cause = refusal === 'unknown-user' ? 'user-unknown' : refusal;
      const message = `${of.protocol.toUpperCase()} name "${printable(of.username)}"`;
      this.#host.refused({ cause, message }, of.username);
    }
    this.#host.answer({ on: 'authenticated', request, verdict });
  }
}
