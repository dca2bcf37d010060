// How the ends of PPTP's connections and calls are told to calls and failure records, which know those of L2TP as well.

import { CdnResult } from '../l2tp/end.ts';
import { DisconnectResult, IncomingCallResult, OutgoingCallResult } from '../pptp/end.ts';
import type { End, EndCause, Refusal } from '../pptp/events.ts';
import type { CallEnd, FailureCause } from './failure.ts';

export function endOf({ cause, side, resultCode, errorCode, message }: End): CallEnd {
  // RFC 2637 §2.13: every result but a general error is how calls end that did their work.
  const ordinary = cause === 'peer-closed' && resultCode !== DisconnectResult.GeneralError;
  return { cause: ordinary ? 'closed' : CAUSES[cause], side, resultCode, errorCode, message };
}

/** A CDN's result of L2TP in the codes of the message that ends the call here: one that waits for an answer is refused. */
export function refusalOf({ resultCode, message }: Refusal, waiting: 'outgoing' | 'incoming' | undefined): Refusal {
  const text = message === undefined ? {} : { message };
  if (waiting === 'outgoing') return { resultCode: OutgoingCallResult.DoNotAccept, ...text };
  if (waiting === 'incoming') return { resultCode: IncomingCallResult.DoNotAccept, ...text };
  const lost = resultCode === CdnResult.LossOfCarrier;
  return { resultCode: lost ? DisconnectResult.LostCarrier : DisconnectResult.AdminShutdown, ...text };
}

const CAUSES: Readonly<Record<EndCause, CallEnd['cause'] & (FailureCause | 'closed' | 'idle' | 'tunnel-down')>> = {
  closed: 'closed',
  'peer-closed': 'peer-closed',
  refused: 'pptp-refused',
  'setup-timeout': 'setup-timeout',
  unreachable: 'pptp-unreachable',
  'connection-lost': 'connection-lost',
  'echo-timeout': 'echo-timeout',
  protocol: 'protocol',
  version: 'version',
  collision: 'closed',
  'no-resources': 'no-resources',
  flood: 'flood',
  idle: 'idle',
  'tunnel-down': 'tunnel-down',
};
