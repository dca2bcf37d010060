// `show vpdn history failure` (C164), and beneath each record what IOS has not: a stable code, why, and what to do.

import type { FailureView, RouterView } from '../../vpdn/view.ts';
import { printable } from '../../wire/values.ts';
import { formatTimeOfDay } from './clock.ts';

export interface FailureFilter {
  /** `user-name REMOTE`. */
  username?: string | undefined;
}

export function* showVpdnHistoryFailure(view: RouterView, filter: FailureFilter = {}): Generator<string> {
  yield `Table size: ${view.failureTableSize}`;
  yield `Number of entries in table: ${view.failures.length}`;
  for (const failure of filterFailures(view, filter)) {
    yield '';
    yield* failureBlock(failure);
  }
}

export function filterFailures(view: RouterView, { username }: FailureFilter): FailureView[] {
  return username === undefined ? view.failures : view.failures.filter(({ user }) => user === username);
}

/** The latest failure, or the latest of a user or a peer, in sentences. (ext) */
export function* showWhy(view: RouterView, name?: string): Generator<string> {
  const about = view.failures.find(
    ({ user, remoteName, remoteAddress }) => name === undefined || [user, remoteName, remoteAddress].includes(name),
  );
  if (about === undefined) return yield `% No failure recorded${name === undefined ? '' : ` of ${printable(name)}`}`;
  yield* explanationLines(about);
}

/** The NAS is whoever dialled; its CLID and the gateway's are one number here, the call's local id. */
function* failureBlock(failure: FailureView): Generator<string> {
  const remote = `${printable(failure.remoteName)}, IP address = ${failure.remoteAddress}, CLID = ${failure.callId}`;
  const local = `${printable(failure.localName)}, IP address = ${failure.localAddress}, CLID = ${failure.callId}`;
  yield `User: ${printable(failure.user)}, MID = ${failure.callId}`;
  yield `NAS: ${failure.locallyInitiated ? local : remote}`;
  yield `Gateway: ${failure.locallyInitiated ? remote : local}`;
  yield `Log time: ${formatTimeOfDay(failure.loggedAtWall)}, Error repeat count: ${failure.repeats}`;
  yield `Failure type: ${printable(failure.failureType)}`;
  yield `!!!! NAS: Failure reason: ${printable(failure.reason)}`;
  yield `  vpdn code  : ${failure.code}`;
  yield `  vpdn remedy: ${printable(failure.remedy)}`;
}

function* explanationLines(failure: FailureView): Generator<string> {
  const times = failure.repeats > 1 ? `, ${failure.repeats} times` : '';
  const who = failure.user === '' ? printable(failure.remoteName) : printable(failure.user);
  yield `${failure.code}: ${printable(failure.failureType)}`;
  yield `  Who    : ${who} at ${failure.remoteAddress}, last at ${formatTimeOfDay(failure.loggedAtWall)}${times}`;
  yield `  Why    : ${printable(failure.reason)}`;
  yield `  Remedy : ${printable(failure.remedy)}`;
}
