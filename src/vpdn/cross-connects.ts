// What `xconnect` attaches to a pseudowire (C051, RFC 4719): which interfaces, with which type of pseudowire, by which kind of
// device and VLAN, and whether the attachment circuit is up (RFC 3931 §5.4.5).

import type { Configuration } from './configuration.ts';
import type { Interface, Pseudowire } from './configuration-interface.ts';
import type { Xconnect } from './configuration-vpdn.ts';
import type { LinkFacts, PortVlan } from './events.ts';
import { portOf } from './interface-name.ts';
import { ETHERNET_MTU } from './mtu.ts';
import { ETHERNET_PSEUDOWIRE, type Frames, PPP_PSEUDOWIRE, VLAN_PSEUDOWIRE } from './pseudowires.ts';
import type { Octets } from './units.ts';

/** What an xconnect is attached to: `attached` is a device of Linux's own, `tap` one that is ours alone. */
export interface Attachment {
  readonly kind: 'tap' | 'attached';
  /** Linux's name and number of it; a new one is another circuit. Empty of a TAP. */
  readonly identity: string;
  readonly mtu: Octets;
  /** It is one VLAN of the device of this port, whose frames have their tag. */
  readonly within?: PortVlan;
}

export interface World {
  readonly configuration: Configuration;
  readonly links: ReadonlyMap<string, LinkFacts>;
}

/** The interface takes part in pseudowires: it dials, and sessions of the peer are for it. */
export function isPseudowired(subject: Interface | undefined): subject is Interface {
  return subject?.kind === 'Virtual-PPP' || isCircuit(subject);
}

/** Its frames go to the peer as they are: there is no PPP, and no IP of ours. */
export function isCircuit(subject: Interface | undefined): subject is Interface & { readonly xconnect: Xconnect } {
  return subject?.kind === 'physical' && subject.xconnect !== undefined;
}

/** Whom the interface is joined with, by whichever command. */
export function wireOf(subject: Interface | undefined): Pseudowire | Xconnect | undefined {
  return subject?.kind === 'physical' ? subject.xconnect : subject?.pseudowire;
}

export function pseudowireTypeOf(subject: Interface): number {
  if (!isCircuit(subject)) return PPP_PSEUDOWIRE;
  return portOf(subject.name) === undefined ? ETHERNET_PSEUDOWIRE : VLAN_PSEUDOWIRE;
}

/** What is missing of the VLAN of a subinterface, in words; of all else nothing is. */
export function missingVlan({ name, dot1q }: Interface): string | undefined {
  if (portOf(name) === undefined) return undefined;
  if (dot1q === undefined) return 'no `encapsulation dot1Q` is configured';
  return dot1q.native || dot1q.inner !== undefined
    ? 'only a VLAN with one tag, and not the native one, can be joined'
    : undefined;
}

/** How the packet path is to take the frames of a pseudowire. */
export function framesOf(subject: Interface | undefined, at: World): Frames {
  if (!isCircuit(subject)) return { payload: 'ppp' };
  if (portOf(subject.name) === undefined || subject.dot1q === undefined) return { payload: 'ethernet' };
  const onDevice = attachmentOf(subject, at)?.within !== undefined;
  return { payload: 'ethernet', vlan: { id: subject.dot1q.vlan, onDevice } };
}

/**
 * The device whose frames it takes. A subinterface may have one of its own, as Linux makes of a VLAN, without tags; else it is
 * those frames of its port that have its tag. An interface with no device of Linux's behind it is a TAP of ours, which may be
 * bridged; undefined: one is named and is not there.
 */
export function attachmentOf({ name, mtu, dot1q }: Interface, at: World): Attachment | undefined {
  const { configuration, links } = at;
  const facts = links.get(name);
  if (facts !== undefined) return { kind: 'attached', identity: identityOf(facts), mtu: mtu ?? facts.mtu };
  if (configuration.devices.has(name)) return undefined;
  const port = portOf(name);
  if (port === undefined || !hasDevice(port, at)) return { kind: 'tap', identity: '', mtu: mtu ?? ETHERNET_MTU };
  const ofPort = links.get(port);
  if (ofPort === undefined || dot1q === undefined) return undefined;
  const within = { port, vlan: dot1q.vlan };
  return { kind: 'attached', identity: `${identityOf(ofPort)} ${dot1q.vlan}`, mtu: mtu ?? ofPort.mtu, within };
}

/** What its Circuit Status says; a TAP is up for as long as nobody shuts it down. A port that is shut takes its VLANs along. */
export function isCircuitUp(name: string, at: World): boolean {
  const subject = at.configuration.interfaces.get(name);
  if (subject === undefined || subject.shutdown) return false;
  const own = at.links.get(name)?.up;
  if (own !== undefined || at.configuration.devices.has(name)) return own ?? false;
  const port = portOf(name);
  if (port === undefined) return true;
  if (at.configuration.interfaces.get(port)?.shutdown === true) return false;
  return at.links.get(port)?.up ?? !at.configuration.devices.has(port);
}

function hasDevice(name: string, { configuration, links }: World): boolean {
  return links.has(name) || configuration.devices.has(name);
}

function identityOf({ device, index }: LinkFacts): string {
  return `${device} ${index ?? ''}`;
}
