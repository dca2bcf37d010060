// PPTP and MPPE as `show` prints them (C136, C138, C140, C149), in the layouts of the guide.

import type { Millis } from '../wire/machine.ts';
import type { ClearableTraffic } from './view-traffic.ts';

/** RFC 2637 §3.1's states of a control connection. */
export type PptpTunnelState = 'idle' | 'wait-ctl-reply' | 'established' | 'wait-stop-reply';
/** RFC 2637 §3.2's states of a call, at the PAC and at the PNS. */
export type PptpCallState = 'idle' | 'wait-reply' | 'wait-connect' | 'established' | 'wait-disconnect';

export interface PptpTunnelView extends ClearableTraffic {
  /** PPTP has no tunnel ids on the wire: this one is ours, and stands for both. */
  localId: number;
  state: PptpTunnelState;
  since: Millis;
  localName: string;
  /** The host name of the peer's Start-Control-Connection-Request, or its address if that is empty. */
  remoteName: string;
  localAddress: string;
  localPort: number;
  remoteAddress: string;
  /** Of its TCP connection. */
  remotePort: number;
  vpdnGroup?: string | undefined;
  activeSessions: number;
}

export interface PptpSessionView extends ClearableTraffic {
  /** RFC 2637 §2.7: the Call ID of each end, in the key field of its GRE packets. */
  localId: number;
  remoteId: number;
  tunnelId: number;
  remoteName: string;
  remoteAddress: string;
  state: PptpCallState;
  since: Millis;
  username?: string | undefined;
  interfaceName?: string | undefined;
  uniqueId?: number | undefined;
  flow: PptpFlowView;
}

/** RFC 2637 §4: sequence numbers, acknowledgements and windows of the GRE packets. */
export interface PptpFlowView {
  /** The next sequence number to send. */
  nextSent: number;
  /** The last one received, which is what we acknowledge next. */
  lastReceived: number;
  /** The last acknowledgement of the peer. */
  remoteAcknowledged: number;
  /** What we offered, and what the peer did. */
  localWindow?: number | undefined;
  remoteWindow: number;
  outOfOrder: number;
  /** The peer lost so much that a stateful session is to become a stateless one. */
  alarm: boolean;
  /** It went off once: MPPE is stateless for the rest of the call. */
  fellBack?: boolean | undefined;
  /** The wait for an acknowledgement in force. */
  acknowledgeTimeout?: Millis | undefined;
}

/** RFC 3078 on one interface. */
export interface MppeView {
  interfaceName: string;
  /** The card that does the work, and its number of the flow; absent: software. */
  hardware?: { readonly card: string; readonly flowId: number } | undefined;
  bits: 40 | 56 | 128;
  stateful: boolean;
  /** It was stateful until the flow-control alarm went off. */
  fellBack?: boolean | undefined;
  packetsEncrypted: number;
  packetsDecrypted: number;
  resetsSent: number;
  resetsReceived: number;
  /** The 12-bit coherency counts that come next (§3.1). */
  nextSentCoherency: number;
  nextReceivedCoherency: number;
  sentKeyChanges: number;
  receivedKeyChanges: number;
  /** Packets that could not be decrypted, came too late, or never came. */
  receivedDropped: number;
  receivedOutOfOrder: number;
  receivedMissed: number;
}
