// The states of a control connection, RFC 2637 §3.1, arrow for arrow, to be read beside the RFC's two drawings.
// `control-connection.ts` runs them. Leaving for `idle` is the end of a connection.

import { TransitionTable } from '../wire/transitions.ts';

export type ControlConnectionState = 'idle' | 'wait-ctl-reply' | 'established' | 'wait-stop-reply';

export type ControlConnectionEvent =
  | 'tcp-open' // "TCP Open Indication"
  | 'collision' // §3.1.3, and ours is the one to go
  | 'close' // "Local Terminate"
  | `${'SCCRQ' | 'SCCRP'}${'+' | '-'}` // the version is OK, or not
  | 'StopCCRQ'
  | 'StopCCRP';

export type ControlConnectionAction = `send-${'SCCRQ' | 'SCCRP' | 'StopCCRQ' | 'StopCCRP'}` | 'close-TCP';

type Table = TransitionTable<ControlConnectionState, ControlConnectionEvent, ControlConnectionAction>;

// biome-ignore format: §3.1.1, the originator
export const ORIGINATOR: Table = new TransitionTable([
  // State            Event        Action                    New State
  ['idle',            'tcp-open',  'send-SCCRQ',             'wait-ctl-reply'],
  ['wait-ctl-reply',  'collision', 'close-TCP',              'idle'],
  ['wait-ctl-reply',  'SCCRP+',    '',                       'established'],
  ['wait-ctl-reply',  'SCCRP-',    'send-StopCCRQ',          'wait-stop-reply'],
  ['established',     'StopCCRQ',  'send-StopCCRP close-TCP', 'idle'],
  ['established',     'close',     'send-StopCCRQ',          'wait-stop-reply'],
  ['wait-stop-reply', 'StopCCRP',  'close-TCP',              'idle'],
]);

// biome-ignore format: §3.1.2, the receiver
export const RECEIVER: Table = new TransitionTable([
  // State            Event        Action                    New State
  ['idle',            'SCCRQ-',    'send-SCCRP close-TCP',   'idle'],
  ['idle',            'SCCRQ+',    'send-SCCRP',             'established'],
  ['established',     'StopCCRQ',  'send-StopCCRP close-TCP', 'idle'],
  ['established',     'close',     'send-StopCCRQ',          'wait-stop-reply'],
  ['wait-stop-reply', 'StopCCRP',  'close-TCP',              'idle'],
]);
