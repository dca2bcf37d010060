// What is said of a call: counted for `show ppp statistics` (C152), traced for `debug` (C173, C176), logged and kept when it ends.

import type { AgreedAuthentication } from '../ppp/authentication.ts';
import type { AuthenticationRequest } from '../ppp/events.ts';
import type { Path } from '../wire/ip.ts';
import { printable } from '../wire/values.ts';
import type { AddressVerdict } from './address-assignment.ts';
import type { CallPlace } from './call-place.ts';
import type { Context } from './context.ts';
import { type DomainTopic, PPTP_CALLS } from './events.ts';
import type { CallEnd, FailureCause } from './failure.ts';
import { shortInterfaceName } from './interface-name.ts';
import { disconnectOf, type PppStage, type PppStatistics } from './ppp-statistics.ts';

export interface RecordHost {
  /** Somebody looks: else no trace is put into words. */
  readonly traced: boolean;
  readonly statistics: PppStatistics;
}

/** What was known of the caller when it ended. */
export interface CallFacts {
  readonly user: string;
  readonly path: Path | undefined;
  readonly reason: string;
}

export class CallRecord {
  /** An operator ends it. */
  cleared = false;
  readonly #place: CallPlace;
  readonly #context: Context;
  readonly #host: RecordHost;
  #stage: PppStage | undefined;

  constructor(place: CallPlace, context: Context, host: RecordHost) {
    this.#place = place;
    this.#context = context;
    this.#host = host;
  }

  linkBegun(): void {
    const { role, subject, remoteName } = this.#place;
    this.#enter('lcp');
    if (role === 'lns') this.#trace('vtemplate', `VTEMPLATE: Clone from ${subject.name}`);
    this.#trace('vpdn', `Virtual interface created for ${remoteName}`);
  }

  lcpUp(agreed: AgreedAuthentication | undefined): void {
    this.#host.statistics.count('lcp-up');
    if (agreed?.peer === undefined && agreed?.local === undefined) return;
    this.#host.statistics.count('authenticating');
    this.#enter('unauthenticated');
  }

  /** The peer has tried to prove itself; `judged` tells what came of it. */
  attempted(of: AuthenticationRequest): void {
    this.#host.statistics.count(`${familyOf(of)}-attempt`);
  }

  judged(of: AuthenticationRequest, refusal: string | undefined): void {
    this.#host.statistics.count(`${familyOf(of)}-${refusal === undefined ? 'success' : 'failure'}`);
    const outcome = refusal === undefined ? 'PASS' : `FAIL (${refusal})`;
    this.#trace('aaa authentication', `AAA/AUTHEN/PPP: method LOCAL user '${of.username}': ${outcome}`);
  }

  /** Both ends are through. */
  authenticated(): void {
    this.#enter('local');
  }

  addressed(verdict: AddressVerdict): void {
    this.#trace('ip peer', `Peer default address: ${verdict.kind === 'fixed' ? verdict.address : verdict.kind}`);
  }

  networkUp(): void {
    this.#host.statistics.count('ipcp-up');
  }

  ended(end: CallEnd, cause: FailureCause | undefined, facts: CallFacts): void {
    this.#countEnd(cause, end);
    // Of two sessions asked for at once one stands: nothing has ended for anybody.
    if (end.cause !== 'tie-lost') this.#logEnd(end, facts.user);
    if (cause !== undefined) this.#keepFailure(cause, facts);
  }

  /** A call that never had a link is none of PPP's. */
  #countEnd(cause: FailureCause | undefined, { side }: CallEnd): void {
    if (this.#stage === undefined) return;
    this.#enter(undefined);
    this.#host.statistics.count(disconnectOf(cause, this.cleared ? 'operator' : side));
  }

  #logEnd({ side, resultCode, errorCode, message }: CallEnd, username: string): void {
    const { role, tunnel, localName, interfaceName } = this.#place;
    const who = tunnel === PPTP_CALLS ? `PPTP ${localName}` : `L2TP ${role.toUpperCase()} ${localName}`;
    const did = side === 'peer' ? 'was told to close' : 'closed';
    const user = username === '' ? 'unknown' : printable(username);
    const text = message === '' ? '' : `, ${printable(message)}`;
    this.#context.log(
      `VPDN-${side === 'peer' ? 'CLOSED' : 'CLOSE'}`,
      `${who} ${did} ${shortInterfaceName(interfaceName)} user ${user}; Result ${resultCode}, Error ${errorCode}${text}`,
    );
  }

  #keepFailure(cause: FailureCause, { user, path, reason }: CallFacts): void {
    const { remoteName, localName, session, answered } = this.#place;
    this.#context.fail({
      cause,
      user,
      remoteName,
      remoteAddress: path?.peerAddress ?? '',
      localName,
      localAddress: path?.localAddress ?? '',
      callId: session,
      locallyInitiated: !answered,
      reason,
    });
  }

  #enter(stage: PppStage | undefined): void {
    this.#host.statistics.moved(this.#stage, stage);
    this.#stage = stage;
  }

  #trace(topic: DomainTopic, text: string): void {
    if (!this.#host.traced) return;
    const { interfaceName } = this.#place;
    this.#context.emit({ do: 'trace', trace: { layer: 'vpdn', topic, interfaceName, text } });
  }
}

/** IOS counts all that is challenged as CHAP. */
function familyOf({ protocol }: AuthenticationRequest): 'pap' | 'chap' {
  return protocol === 'pap' ? 'pap' : 'chap';
}
