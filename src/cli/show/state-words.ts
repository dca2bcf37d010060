// The words IOS has for states, short ones for tables; the long ones are RFC 2661's own (§7.2.1, §7.4).

import type { CallState, LayerState, TunnelState } from '../../vpdn/view.ts';
import type { PptpCallState, PptpTunnelState } from '../../vpdn/view-pptp.ts';

export const TUNNEL_STATE_WORDS: Readonly<Record<TunnelState, string>> = {
  idle: 'idle',
  'wait-ctl-reply': 'wt-sccrp',
  'wait-ctl-conn': 'wt-scccn',
  established: 'est',
  'shutting-down': 'shutdown',
};

export const CALL_STATE_WORDS: Readonly<Record<CallState, string>> = {
  idle: 'idle',
  'wait-tunnel': 'wt-tun',
  'wait-reply': 'wt-rply',
  'wait-connect': 'wt-con',
  established: 'est',
  'shutting-down': 'discon',
};

/** The same words in tables and in blocks. */
export const PPTP_TUNNEL_STATE_WORDS: Readonly<Record<PptpTunnelState, string>> = {
  idle: 'idle',
  'wait-ctl-reply': 'wt-cnnct',
  established: 'estabd',
  'wait-stop-reply': 'wt-stop',
};

export const PPTP_CALL_STATE_WORDS: Readonly<Record<PptpCallState, string>> = {
  idle: 'idle',
  'wait-reply': 'wt-rply',
  'wait-connect': 'wt-cnnct',
  established: 'estabd',
  'wait-disconnect': 'wt-disc',
};

/** `LCP Open` and its like in `show interfaces`; RFC 1661 §4.2 has more states than IOS has words. */
export const LAYER_STATE_WORDS: Readonly<Record<LayerState, string>> = {
  Initial: 'Closed',
  Starting: 'Closed',
  Closed: 'Closed',
  Stopped: 'Listen',
  Closing: 'TERMsent',
  Stopping: 'TERMsent',
  'Req-Sent': 'REQsent',
  'Ack-Rcvd': 'ACKrcvd',
  'Ack-Sent': 'ACKsent',
  Opened: 'Open',
};
