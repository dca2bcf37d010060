// How a link ends, in words an operator understands: one sentence for each end that is not told by the layer that failed.

import type { LinkEnd, Phase } from './events.ts';

export function linkEnd(cause: LinkEnd['cause'], side: LinkEnd['side'], message: string): LinkEnd {
  return { cause, side, message };
}

/**
 * The peer's Terminate-Request came in this phase; `farewell` is what it says of the reason. A peer that insists on encryption
 * often says nothing, but it has asked for CCP before: `refusedCcp`.
 */
export function peerTerminated(phase: Phase, farewell: string, refusedCcp: boolean): LinkEnd {
  const reason = farewell === '' ? '' : `: "${farewell}"`;
  const likely = refusedCcp ? '; it had asked for encryption or compression (CCP), and here is none' : '';
  return linkEnd('peer-terminated', 'peer', `the peer terminated the link ${WHEN[phase]}${reason}${likely}`);
}

/** The phase took longer than is borne; undefined for one that has its own timers. */
export function phaseExpired(phase: Phase): LinkEnd | undefined {
  switch (phase) {
    case 'ESTABLISHING':
      return linkEnd('lcp-timeout', 'local', 'LCP did not open in time');
    case 'AUTHENTICATING':
      return linkEnd('authentication-timeout', 'local', 'authentication was not over in time');
    case 'UP':
      return linkEnd('ncp-timeout', 'local', 'no network protocol opened in time');
    case 'DOWN':
    case 'TERMINATING':
      return undefined;
    default:
      return phase satisfies never;
  }
}

export const LOWER_LAYER_DOWN = linkEnd('lower-layer-down', 'peer', 'the tunnel session is gone');
export const NO_NETWORK_LEFT = linkEnd('ncp-failed', 'local', 'IPCP has ended and no other network protocol is left');

const WHEN: Readonly<Record<Phase, string>> = {
  DOWN: '',
  ESTABLISHING: 'while LCP was being negotiated',
  AUTHENTICATING: 'during authentication',
  UP: 'after authentication was over',
  TERMINATING: 'at the same time as we did',
};
