// What `xconnect` attaches to a pseudowire (C051, RFC 4719): which interfaces, with which type of pseudowire, by which kind of
// device, and whether the attachment circuit is up (RFC 3931 §5.4.5).

import type { Configuration } from './configuration.ts';
import type { Interface, Pseudowire } from './configuration-interface.ts';
import type { Xconnect } from './configuration-vpdn.ts';
import type { LinkFacts } from './events.ts';
import { ETHERNET_MTU } from './mtu.ts';
import { ETHERNET_PSEUDOWIRE, PPP_PSEUDOWIRE } from './pseudowires.ts';
import type { Octets } from './units.ts';

/** What an xconnect is attached to: `attached` is a device of Linux's own, `tap` one that is ours alone. */
export interface Attachment {
  readonly kind: 'tap' | 'attached';
  /** Linux's name and number of it; a new one is another circuit. Empty of a TAP. */
  readonly identity: string;
  readonly mtu: Octets;
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
  return isCircuit(subject) ? ETHERNET_PSEUDOWIRE : PPP_PSEUDOWIRE;
}

/**
 * The device whose frames it takes. An interface with no device of Linux's behind it is a TAP of ours, which may be bridged;
 * undefined: one is named and is not there.
 */
export function attachmentOf({ name, mtu }: Interface, { configuration, links }: World): Attachment | undefined {
  const facts = links.get(name);
  if (facts !== undefined) {
    const identity = `${facts.device} ${facts.index ?? ''}`;
    return { kind: 'attached', identity, mtu: mtu ?? facts.mtu };
  }
  return configuration.devices.has(name) ? undefined : { kind: 'tap', identity: '', mtu: mtu ?? ETHERNET_MTU };
}

/** What its Circuit Status says; a TAP is up for as long as nobody shuts it down. */
export function isCircuitUp(name: string, { configuration, links }: World): boolean {
  const subject = configuration.interfaces.get(name);
  if (subject === undefined || subject.shutdown) return false;
  return links.get(name)?.up ?? !configuration.devices.has(name);
}
