// How tunnels and calls end: the result codes of RFC 2661 §4.4.2 by what they say, and the `End` made of them.

import type { ResultCode } from './avp-values.ts';
import type { End, EndCause, Refusal } from './events.ts';

export const StopCcnResult = {
  General: 1,
  SeeErrorCode: 2,
  AlreadyExists: 3,
  NotAuthorized: 4,
  VersionNotSupported: 5,
  ShuttingDown: 6,
  StateMachineError: 7,
} as const;

export const CdnResult = {
  LossOfCarrier: 1,
  SeeErrorCode: 2,
  Administrative: 3,
  NoFacilitiesNow: 4,
  NoFacilitiesEver: 5,
  InvalidDestination: 6,
  NotInTime: 10,
  /** RFC 3931 §5.4.2. */
  TieLost: 13,
} as const;

export function localEnd(cause: EndCause, resultCode = 0, errorCode = 0, message = ''): End {
  return { cause, side: 'local', resultCode, errorCode, message };
}

export function endOfRefusal(cause: EndCause, refusal: Refusal): End {
  return localEnd(cause, refusal.resultCode, refusal.errorCode, refusal.message);
}

/** What a StopCCN or CDN said; one too broken to carry a Result Code ends things all the same. */
export function peerEnd(result: ResultCode | undefined): End {
  return {
    cause: 'peer-closed',
    side: 'peer',
    resultCode: result?.resultCode ?? 0,
    errorCode: result?.errorCode ?? 0,
    message: result?.message ?? '',
  };
}

/** As it goes into the Result Code AVP: without an error code when there is nothing to say beyond the result. */
export function resultOf(end: End): ResultCode {
  const bare = end.errorCode === 0 && end.message === '';
  return { resultCode: end.resultCode, errorCode: bare ? undefined : end.errorCode, message: end.message };
}
