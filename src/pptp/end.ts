// How connections and calls end: the result codes of RFC 2637 §2 by what they say, and the `End` made of them.

import type { End, EndCause, Refusal } from './events.ts';

/** §2.2, Start-Control-Connection-Reply. */
export const StartResult = {
  Successful: 1,
  GeneralError: 2,
  AlreadyExists: 3,
  NotAuthorized: 4,
  VersionNotSupported: 5,
} as const;

/** §2.3, Stop-Control-Connection-Request. */
export const StopReason = { None: 1, Protocol: 2, LocalShutdown: 3 } as const;

/** §2.4 and §2.6, Stop-Control-Connection-Reply and Echo-Reply. */
export const ReplyResult = { Ok: 1, GeneralError: 2 } as const;

/** §2.8, Outgoing-Call-Reply. */
export const OutgoingCallResult = {
  Connected: 1,
  GeneralError: 2,
  NoCarrier: 3,
  Busy: 4,
  NoDialTone: 5,
  TimeOut: 6,
  DoNotAccept: 7,
} as const;

/** §2.10, Incoming-Call-Reply. */
export const IncomingCallResult = { Connect: 1, GeneralError: 2, DoNotAccept: 3 } as const;

/** §2.13, Call-Disconnect-Notify. */
export const DisconnectResult = { LostCarrier: 1, GeneralError: 2, AdminShutdown: 3, Request: 4 } as const;

/** §2.16. */
export const GeneralError = {
  None: 0,
  NotConnected: 1,
  BadFormat: 2,
  BadValue: 3,
  NoResource: 4,
  BadCallId: 5,
  PacError: 6,
} as const;

/** Messages that carry a result, and what its codes say. */
const WORDS = {
  SCCRP: ['', 'successful', 'general error', 'connection exists', 'not authorized', 'version not supported'],
  StopCCRQ: ['', 'no reason given', 'protocol error', 'shutting down'],
  OCRP: ['', 'connected', 'general error', 'no carrier', 'busy', 'no dial tone', 'timed out', 'not accepted'],
  ICRP: ['', 'connect', 'general error', 'not accepted'],
  CDN: ['', 'lost carrier', 'general error', 'shut down by the administrator', 'requested'],
} as const;

const ERROR_WORDS = ['', 'not connected', 'bad format', 'bad value', 'no resource', 'bad Call ID', 'PAC error'];

export function localEnd(cause: EndCause, message = '', resultCode = 0, errorCode = 0): End {
  return { cause, side: 'local', resultCode, errorCode, message };
}

export function endOfRefusal(cause: EndCause, { resultCode, errorCode = 0, message = '' }: Refusal): End {
  return localEnd(cause, message, resultCode, errorCode);
}

/** What a message of the peer said. */
export function peerEnd(cause: EndCause, name: keyof typeof WORDS, resultCode: number, errorCode = 0): End {
  const words: readonly string[] = WORDS[name];
  const result = words[resultCode] ?? `result ${resultCode}`;
  const error = errorCode === 0 ? '' : (ERROR_WORDS[errorCode] ?? `error ${errorCode}`);
  return { cause, side: 'peer', resultCode, errorCode, message: error === '' ? result : `${result}: ${error}` };
}
