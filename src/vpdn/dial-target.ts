// What one attempt of an interface that dials goes by, and which changes of it make another call.

import { isIpv6 } from './address-family.ts';
import type { L2tpClass, Sequencing } from './configuration-vpdn.ts';
import type { ConnectionWish } from './connections.ts';
import type { V3Signalling } from './pseudowires.ts';

/** What one attempt dials with. The call goes on with the old where only class or sequencing change: the next has the new. */
export interface Target {
  readonly peer: string;
  readonly vcid: number;
  /** Of the tunnel. */
  readonly localAddress: string;
  /** Inside it; `0.0.0.0` where the peer gives one. */
  readonly speaksFrom: string;
  readonly l2tpClass: string;
  readonly sequencing: Sequencing | undefined;
  /** Absent: L2TPv2. */
  readonly v3: V3Signalling | undefined;
  /** PPTP, as this vpdn-group says. */
  readonly pptpGroup?: string;
  /** Which device an xconnect is attached to; absent of PPP. */
  readonly attachedTo?: string;
  /** Of a subinterface. */
  readonly vlan?: number;
}

/** What makes another call of it; undefined: the one that stands may go on. */
export function difference(before: Target, after: Target): string | undefined {
  if (before.v3?.transport !== after.v3?.transport) {
    return `it goes over ${after.v3 === undefined ? 'L2TPv2' : `L2TPv3 over ${after.v3.transport.toUpperCase()}`}`;
  }
  if (before.pptpGroup !== after.pptpGroup) return `its vpdn-group is ${after.pptpGroup}`;
  if (before.peer !== after.peer) return `its peer is ${after.peer}`;
  if (manualText(before) !== manualText(after)) return 'the typed values of its session change';
  if (before.vcid !== after.vcid) return `its VCID is ${after.vcid}`;
  if (before.vlan !== after.vlan) return `its VLAN is ${after.vlan}`;
  if (before.attachedTo !== after.attachedTo) return 'its device is another';
  if (before.localAddress !== after.localAddress) return `its tunnel starts at ${after.localAddress}`;
  return before.speaksFrom === after.speaksFrom ? undefined : 'its own IP address changes';
}

export function connectionWish({ peer, localAddress, l2tpClass, v3 }: Target): ConnectionWish | undefined {
  if (v3 === undefined) return undefined;
  const { transport, dialect, manual } = v3;
  const watches = manual !== undefined;
  return { transport, dialect, localAddress, peer, l2tpClass: manual?.hello ?? l2tpClass, watches };
}

/** A session without signaling wants no connection, unless one is to watch its peer. */
export function wishOf(target: Target): ConnectionWish | undefined {
  const manual = target.v3?.manual;
  return manual === undefined || manual.hello !== undefined ? connectionWish(target) : undefined;
}

/**
 * Whether an SCCRQ that nobody answers may be followed by one of L2TPv2 (RFC 3931 §4.7.3): the same port, PPP, and a peer of IPv4.
 * Where digests prove who the peer is, whoever swallows our packets would be rid of the proof: there it may not.
 */
export function mayFallBack({ v3, peer, attachedTo }: Target, l2tpClass: L2tpClass | undefined): boolean {
  if (v3 === undefined || v3.manual !== undefined || v3.transport !== 'udp' || attachedTo !== undefined) return false;
  return !isIpv6(peer) && l2tpClass?.digests.some(({ secret }) => secret !== undefined) !== true;
}

function manualText({ v3 }: Target): string {
  if (v3?.manual === undefined) return '';
  const { localSession, peerSession, localCookie, peerCookie, hello } = v3.manual;
  return `${localSession} ${peerSession} ${localCookie} ${peerCookie} ${hello ?? ''}`;
}
