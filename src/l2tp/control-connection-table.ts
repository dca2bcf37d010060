// The state table of a control connection, RFC 2661 §7.2.1, row for row, to be read beside the RFC.
// `control-connection.ts` runs it.

import { TransitionTable } from '../wire/transitions.ts';

export type ControlConnectionState = 'idle' | 'wait-ctl-reply' | 'wait-ctl-conn' | 'established';

export type ControlConnectionEvent =
  | 'open' // local open request: of the tunnel, and of a call once it is established
  | 'close' // admin tunnel close
  | 'tie-lost' // SCCRQ received while ours is out, and theirs stands
  | 'StopCCN'
  | `${'SCCRQ' | 'SCCRP' | 'SCCCN'}${'+' | '-'}`; // acceptable or not

export type ControlConnectionAction =
  | 'send-SCCRQ'
  | 'send-SCCRP'
  | 'send-SCCCN'
  | 'send-StopCCN'
  | 'tunnel-open' // "Send tunnel-open event to waiting sessions"
  | 'clean-up'
  | 're-queue-SCCRQ';

// biome-ignore format: §7.2.1 row for row, to be read beside the RFC
export const CONTROL_CONNECTION: TransitionTable<ControlConnectionState, ControlConnectionEvent, ControlConnectionAction> =
  new TransitionTable([
  // State            Event                                    Action                    New State
  ['idle',            'open',                                  'send-SCCRQ',             'wait-ctl-reply'],
  ['idle',            'SCCRQ+',                                'send-SCCRP',             'wait-ctl-conn'],
  ['idle',            'SCCRQ-',                                'send-StopCCN clean-up',  'idle'],
  ['idle',            'SCCRP+ SCCRP-',                         'send-StopCCN clean-up',  'idle'],
  ['idle',            'SCCCN+ SCCCN-',                         'clean-up',               'idle'],
  ['wait-ctl-reply',  'SCCRP+',                                'send-SCCCN tunnel-open', 'established'],
  ['wait-ctl-reply',  'SCCRP-',                                'send-StopCCN clean-up',  'idle'],
  ['wait-ctl-reply',  'tie-lost',                              'clean-up re-queue-SCCRQ', 'idle'],
  ['wait-ctl-reply',  'SCCCN+ SCCCN-',                         'send-StopCCN clean-up',  'idle'],
  ['wait-ctl-conn',   'SCCCN+',                                'tunnel-open',            'established'],
  ['wait-ctl-conn',   'SCCCN-',                                'send-StopCCN clean-up',  'idle'],
  ['wait-ctl-conn',   'SCCRP+ SCCRP- SCCRQ+ SCCRQ-',           'send-StopCCN clean-up',  'idle'],
  ['established',     'open',                                  'tunnel-open',            'established'],
  ['established',     'close',                                 'send-StopCCN clean-up',  'idle'],
  ['established',     'SCCRQ+ SCCRQ- SCCRP+ SCCRP- SCCCN+ SCCCN-', 'send-StopCCN clean-up', 'idle'],
  ['idle wait-ctl-reply wait-ctl-conn established', 'StopCCN', 'clean-up',               'idle'],
]);
