// The states of a call, RFC 2637 §3.2.3 and §3.2.4, arrow for arrow, to be read beside the RFC's four drawings. `call.ts` runs them.
// The PAC is the end that has the line, or would have: a VPN server is one to its clients, who are PNSs and "dial out" through it.
// Leaving for `idle` is the end of a call.

import { TransitionTable } from '../wire/transitions.ts';

export type CallRole = 'PAC-incoming' | 'PNS-incoming' | 'PAC-outgoing' | 'PNS-outgoing';

export type CallState = 'idle' | 'wait-reply' | 'wait-connect' | 'wait-cs-ans' | 'established' | 'wait-disconnect';

export type CallEvent =
  | 'open' // "Ring", or "Open indication"
  | 'close' // "Local terminate", and what the telephone does on its own; "Abort" of one that comes up
  | 'answer' // "Telco answer"
  | 'incomplete' // "Incomplete call"
  | `${'ICRQ' | 'ICRP' | 'OCRQ' | 'OCRP'}${'+' | '-'}` // accepting, or not
  | 'ICCN'
  | 'CCR'
  | 'CDN';

/** `off-hook`: "Off Hook; Dial": our side is asked, who answers. */
export type CallAction = `send-${'ICRQ' | 'ICRP' | 'ICCN' | 'OCRQ' | 'OCRP' | 'CCR' | 'CDN'}` | 'off-hook';

type Table = TransitionTable<CallState, CallEvent, CallAction>;

// biome-ignore format: §3.2.3.1
const PAC_INCOMING: Table = new TransitionTable([
  // State            Event         Action        New State
  ['idle',            'open',       'send-ICRQ',  'wait-reply'],
  ['wait-reply',      'ICRP-',      '',           'idle'],
  ['wait-reply',      'ICRP+',      'send-ICCN',  'established'],
  ['wait-reply',      'close',      'send-CDN',   'idle'],
  ['established',     'CCR close',  'send-CDN',   'idle'],
]);

// biome-ignore format: §3.2.3.2
const PNS_INCOMING: Table = new TransitionTable([
  // State            Event         Action        New State
  ['idle',            'ICRQ-',      'send-ICRP',  'idle'],
  ['idle',            'ICRQ+',      'send-ICRP',  'wait-connect'],
  ['wait-connect',    'CDN',        '',           'idle'],
  ['wait-connect',    'ICCN',       '',           'established'],
  ['established',     'CDN',        '',           'idle'],
  ['established',     'close',      'send-CCR',   'wait-disconnect'],
  ['wait-disconnect', 'CDN',        '',           'idle'],
]);

// biome-ignore format: §3.2.4.1
const PAC_OUTGOING: Table = new TransitionTable([
  // State            Event         Action        New State
  ['idle',            'OCRQ-',      'send-OCRP',  'idle'],
  ['idle',            'OCRQ+',      'off-hook',   'wait-cs-ans'],
  ['wait-cs-ans',     'incomplete', 'send-OCRP',  'idle'],
  ['wait-cs-ans',     'CCR',        'send-CDN',   'idle'],
  ['wait-cs-ans',     'answer',     'send-OCRP',  'established'],
  ['established',     'CCR close',  'send-CDN',   'idle'],
]);

// biome-ignore format: §3.2.4.2
const PNS_OUTGOING: Table = new TransitionTable([
  // State            Event         Action        New State
  ['idle',            'open',       'send-OCRQ',  'wait-reply'],
  ['wait-reply',      'OCRP-',      '',           'idle'],
  ['wait-reply',      'OCRP+',      '',           'established'],
  ['wait-reply',      'close',      'send-CCR',   'wait-disconnect'],
  ['established',     'CDN',        '',           'idle'],
  ['established',     'close',      'send-CCR',   'wait-disconnect'],
  ['wait-disconnect', 'CDN',        '',           'idle'],
]);

export const CALL_TABLES: Readonly<Record<CallRole, Table>> = {
  'PAC-incoming': PAC_INCOMING,
  'PNS-incoming': PNS_INCOMING,
  'PAC-outgoing': PAC_OUTGOING,
  'PNS-outgoing': PNS_OUTGOING,
};
