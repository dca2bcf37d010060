// The four state tables of a call, RFC 2661 §7.4 and §7.5, row for row, to be read beside the RFC.
// `call.ts` runs the two of §7.4. Of §7.5 only the refusal of an OCRQ is ever walked (`calls.ts`): there is no bearer here.

import { TransitionTable } from '../wire/transitions.ts';

export type CallRole = 'LAC' | 'LNS';

export type CallState = 'idle' | 'wait-tunnel' | 'wait-reply' | 'wait-connect' | 'wait-cs-answer' | 'established';

/** Messages by name, with + or - where the table asks whether they are acceptable; and what comes from our own side. */
export type CallEvent =
  | 'ring' // bearer ring, or ready to indicate an incoming connection; §7.5.2: local open request
  | 'tunnel-open'
  | 'close' // local close request, or bearer line drop
  | 'bearer-answer'
  | 'bearer-failure'
  | 'CDN'
  | `${'ICRQ' | 'ICRP' | 'ICCN' | 'OCRQ' | 'OCRP' | 'OCCN'}${'+' | '-'}`;

export type CallAction =
  | 'open-tunnel'
  | 'open-bearer'
  | 'prepare-for-data'
  | 'clean-up'
  | `send-${'ICRQ' | 'ICRP' | 'ICCN' | 'OCRQ' | 'OCRP' | 'OCCN' | 'CDN'}`;

export type CallTable = TransitionTable<CallState, CallEvent, CallAction>;

// biome-ignore format: §7.4.1 row for row
/** §7.4.1 LAC Incoming Call States */
export const LAC_INCOMING: CallTable = new TransitionTable([
  // State        Event                                   Action               New State
  ['idle',        'ring',                                 'open-tunnel',       'wait-tunnel'],
  ['idle',        'ICCN+ ICCN- ICRP+ ICRP- CDN',          'clean-up',          'idle'],
  ['wait-tunnel', 'close',                                'clean-up',          'idle'],
  ['wait-tunnel', 'tunnel-open',                          'send-ICRQ',         'wait-reply'],
  ['wait-reply',  'ICRP+',                                'send-ICCN',         'established'],
  ['wait-reply',  'ICRP-',                                'send-CDN clean-up', 'idle'],
  ['wait-reply',  'ICRQ+ ICRQ-',                          'send-CDN clean-up', 'idle'],
  ['wait-reply',  'CDN ICCN+ ICCN-',                      'clean-up',          'idle'],
  ['wait-reply',  'close',                                'send-CDN clean-up', 'idle'],
  ['established', 'CDN',                                  'clean-up',          'idle'],
  ['established', 'ICRQ+ ICRQ- ICRP+ ICRP- ICCN+ ICCN-',  'send-CDN clean-up', 'idle'],
  ['established', 'close',                                'send-CDN clean-up', 'idle'],
]);

// biome-ignore format: §7.4.2 row for row
/** §7.4.2 LNS Incoming Call States */
export const LNS_INCOMING: CallTable = new TransitionTable([
  ['idle',                          'ICRQ+',                                'send-ICRP',         'wait-connect'],
  ['idle',                          'ICRQ-',                                'send-CDN clean-up', 'idle'],
  ['idle',                          'ICRP+ ICRP-',                          'send-CDN clean-up', 'idle'],
  ['idle',                          'ICCN+ ICCN-',                          'clean-up',          'idle'],
  ['wait-connect',                  'ICCN+',                                'prepare-for-data',  'established'],
  ['wait-connect',                  'ICCN-',                                'send-CDN clean-up', 'idle'],
  ['wait-connect',                  'ICRQ+ ICRQ- ICRP+ ICRP-',              'send-CDN clean-up', 'idle'],
  ['idle wait-connect established', 'CDN',                                  'clean-up',          'idle'],
  ['wait-connect established',      'close',                                'send-CDN clean-up', 'idle'],
  ['established',                   'ICRQ+ ICRQ- ICRP+ ICRP- ICCN+ ICCN-',  'send-CDN clean-up', 'idle'],
]);

// biome-ignore format: §7.5.1 row for row
/** §7.5.1 LAC Outgoing Call States */
export const LAC_OUTGOING: CallTable = new TransitionTable([
  ['idle',                       'OCRQ+',                                'send-OCRP open-bearer', 'wait-cs-answer'],
  ['idle',                       'OCRQ-',                                'send-CDN clean-up',     'idle'],
  ['idle',                       'OCRP+ OCRP-',                          'send-CDN clean-up',     'idle'],
  ['idle',                       'OCCN+ OCCN- CDN',                      'clean-up',              'idle'],
  ['wait-cs-answer',             'bearer-answer',                        'send-OCCN',             'established'],
  ['wait-cs-answer',             'bearer-failure',                       'send-CDN clean-up',     'idle'],
  ['wait-cs-answer',             'OCRQ+ OCRQ- OCRP+ OCRP- OCCN+ OCCN-',  'send-CDN clean-up',     'idle'],
  ['established',                'OCRQ+ OCRQ- OCRP+ OCRP- OCCN+ OCCN-',  'send-CDN clean-up',     'idle'],
  ['wait-cs-answer established', 'CDN',                                  'clean-up',              'idle'],
  ['established',                'close',                                'send-CDN clean-up',     'idle'],
]);

// biome-ignore format: §7.5.2 row for row
/** §7.5.2 LNS Outgoing Call States */
export const LNS_OUTGOING: CallTable = new TransitionTable([
  ['idle',                                     'ring',                                 'open-tunnel',       'wait-tunnel'],
  ['idle',                                     'OCCN+ OCCN- OCRP+ OCRP- CDN',          'clean-up',          'idle'],
  ['wait-tunnel',                              'tunnel-open',                          'send-OCRQ',         'wait-reply'],
  ['wait-reply',                               'OCRP+',                                '',                  'wait-connect'],
  ['wait-reply',                               'OCRP-',                                'send-CDN clean-up', 'idle'],
  ['wait-reply',                               'OCCN+ OCCN- OCRQ+ OCRQ-',              'send-CDN clean-up', 'idle'],
  ['wait-connect',                             'OCCN+ OCCN-',                          '',                  'established'],
  ['wait-connect',                             'OCRQ+ OCRQ- OCRP+ OCRP-',              'send-CDN clean-up', 'idle'],
  ['idle wait-reply wait-connect established', 'CDN',                                  'clean-up',          'idle'],
  ['established',                              'OCRQ+ OCRQ- OCRP+ OCRP- OCCN+ OCCN-',  'send-CDN clean-up', 'idle'],
  ['wait-reply wait-connect established',      'close',                                'send-CDN clean-up', 'idle'],
  ['wait-tunnel',                              'close',                                'clean-up',          'idle'],
]);
