// Where each interface that dials leads to, from its lines: the peer, the protocol and where the tunnel starts; or what is missing.

import { isIpv6, noLocalAddress, wrongFamily } from './address-family.ts';
import type { Interface } from './configuration-interface.ts';
import type { PseudowireClass } from './configuration-vpdn.ts';
import type { Context } from './context.ts';
import { attachmentOf, isCircuit, isPseudowired, missingVlan, wireOf } from './cross-connects.ts';
import type { Target } from './dial-target.ts';
import { DialledServers } from './dialled-servers.ts';
import type { Interfaces, Prospect } from './interfaces.ts';
import { signallingOf } from './pseudowires.ts';
import { classNameOf } from './tunnels.ts';
import { dialledBy, servedAddress } from './vpdn-group.ts';

/** The interface is a client: what it needs to dial is to be found out. */
export function dials(subject: Interface | undefined): subject is Interface {
  return subject?.kind === 'Dialer' || isPseudowired(subject);
}

export class Wires {
  readonly servers = new DialledServers();
  readonly #context: Context;
  readonly #interfaces: Interfaces;
  /** What the call that stands on an interface was dialled with. */
  readonly #inUse: (interfaceName: string) => Target | undefined;
  /** Local addresses that Linux would use, by peer; undefined while the question is open. */
  readonly #sources = new Map<string, string | undefined>();

  constructor(context: Context, interfaces: Interfaces, inUse: (interfaceName: string) => Target | undefined) {
    this.#context = context;
    this.#interfaces = interfaces;
    this.#inUse = inUse;
  }

  /** What Linux says of the way to a peer; undefined: there is none. */
  answer(peer: string, address: string | undefined): void {
    if (address === undefined) this.#sources.delete(peer);
    else this.#sources.set(peer, address);
  }

  /** Addresses that Linux has no more are no answer to where a tunnel may start. */
  forgetSources(addresses: ReadonlyMap<string, unknown>): void {
    for (const [peer, address] of this.#sources) {
      if (address !== undefined && addresses.has(address)) this.#sources.delete(peer);
    }
  }

  /** What to dial with, or what is missing, in words. */
  target(subject: Interface, at: Prospect): Target | string {
    if (subject.kind === 'Dialer') return this.#ofDialer(subject, at);
    const circuit = isCircuit(subject);
    const pseudowire = wireOf(subject);
    // A circuit that is shut is told as such: its session stays (RFC 3931 §5.4.5).
    if (subject.shutdown && !circuit) return 'administratively down';
    if (pseudowire === undefined) return 'no pseudowire is configured';
    const failed = this.#interfaces.failureOf(subject.name);
    if (failed !== undefined) return `its device cannot be used: ${failed}`;
    const pwClass = at.configuration.pseudowireClasses.get(pseudowire.pseudowireClass ?? '');
    if (pwClass === undefined && pseudowire.pseudowireClass !== undefined) {
      return `pseudowire-class ${pseudowire.pseudowireClass} is not configured`;
    }
    const signalling = signallingOf(pseudowire, pwClass);
    if (typeof signalling === 'string') return signalling;
    const unfit = circuit ? missingVlan(subject) : undefined;
    if (unfit !== undefined) return unfit;
    const attachment = circuit ? attachmentOf(subject, at) : undefined;
    if (circuit && attachment === undefined) return 'its Linux device is not there';
    const speaksFrom = circuit ? '' : this.#interfaces.localAddressOf(subject, at);
    if (speaksFrom === undefined) return NO_OWN_ADDRESS;
    const wrong = wrongFamily(pseudowire.peer, signalling.version);
    if (wrong !== undefined) return wrong;
    const localAddress = this.#localAddress(subject.name, pwClass, pseudowire.peer, at);
    if (localAddress === undefined) return noLocalAddress(pseudowire.peer, pwClass?.localInterface);
    return {
      peer: pseudowire.peer,
      vcid: pseudowire.vcid,
      localAddress,
      speaksFrom,
      l2tpClass: classNameOf(pwClass?.l2tpClass),
      sequencing: pseudowire.sequencing ?? pwClass?.sequencing,
      v3: signalling.version === 3 ? signalling : undefined,
      ...(attachment && { attachedTo: `${attachment.kind} ${attachment.identity}` }),
      ...(subject.dot1q && { vlan: subject.dot1q.vlan }),
    };
  }

  /** PPTP: the vpdn-group that the dialer is in says whither (C068, C071). */
  #ofDialer(subject: Interface, at: Prospect): Target | string {
    if (subject.shutdown) return 'administratively down';
    const { configuration } = at;
    if (!configuration.vpdn.enabled) return 'vpdn enable is not configured';
    const group = dialledBy(configuration, subject);
    if (group === undefined) return 'no vpdn-group with request-dialin and protocol pptp names it';
    const peer = this.servers.of(subject.name, group);
    if (peer === undefined) return `vpdn-group ${group.name} has no initiate-to`;
    const failed = this.#interfaces.failureOf(subject.name);
    if (failed !== undefined) return `its device cannot be used: ${failed}`;
    const speaksFrom = this.#interfaces.localAddressOf(subject, at);
    if (speaksFrom === undefined) return NO_OWN_ADDRESS;
    return {
      peer,
      vcid: 0,
      // What Linux chooses is known when TCP is there.
      localAddress: servedAddress(configuration, group) ?? '0.0.0.0',
      speaksFrom,
      l2tpClass: '',
      sequencing: undefined,
      v3: undefined,
      pptpGroup: group.name,
    };
  }

  /** `ip local interface`, else what Linux would choose (C043). */
  #localAddress(name: string, pwClass: PseudowireClass | undefined, peer: string, at: Prospect): string | undefined {
    if (pwClass?.localInterface !== undefined) {
      if (isIpv6(peer)) return this.#interfaces.ipv6AddressOf(pwClass.localInterface, at);
      return this.#interfaces.addressOf(pwClass.localInterface, at)?.address;
    }
    // A call that stands has its answer: it is not to wait for Linux to give it again.
    const before = this.#inUse(name);
    if (before?.peer === peer) return before.localAddress;
    if (!this.#sources.has(peer) && at.configuration === this.#context.configuration) {
      this.#sources.set(peer, undefined);
      this.#context.emit({ do: 'find-source', peer });
    }
    return this.#sources.get(peer);
  }
}

const NO_OWN_ADDRESS = 'it has no IP address to speak from';
