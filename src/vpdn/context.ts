// What the parts of the router share: the configuration, the time of the input being handled, and the ways out.

import type { EndpointInput } from '../l2tp/events.ts';
import type { V3EndpointInput } from '../l2tp/v3/events.ts';
import type { EndpointInput as PptpInput } from '../pptp/events.ts';
import type { Entropy, Millis } from '../wire/machine.ts';
import type { Configuration } from './configuration.ts';
import type { RouterEffect } from './events.ts';
import type { FailureRecord } from './failure-history.ts';
import type { LogName } from './log.ts';

export interface Context {
  readonly configuration: Configuration;
  /** The time of the input in hand. */
  readonly now: Millis;
  readonly entropy: Entropy;
  emit(effect: RouterEffect): void;
  /** Hands an input to the L2TP endpoint, after those handed before it. */
  l2tp(input: EndpointInput): void;
  /** The same for the endpoint of L2TPv3; the order among the two is kept. */
  l2tpv3(input: V3EndpointInput): void;
  /** And for that of PPTP. */
  pptp(input: PptpInput): void;
  log(name: LogName, text: string): void;
  /** One record in the failure history and one log line. */
  fail(failure: FailureRecord): void;
}
