// One call: a session of L2TP, the PPP link inside it, and the interface it gives life to. The same on both ends;
// where a LAC and an LNS differ, `role` says so. RFC 2661 §5.2, RFC 1661 §3.2.

import { CdnResult } from '../l2tp/end.ts';
import type { LinkEffect, LinkEnd, LinkInput, LinkOptions } from '../ppp/events.ts';
import { Link } from '../ppp/link.ts';
import type { Millis } from '../wire/machine.ts';
import { printable } from '../wire/values.ts';
import { addressAssignment } from './address-assignment.ts';
import { CallAuthentication, type CallRefusal } from './call-authentication.ts';
import type { CallHost } from './call-host.ts';
import type { CallPlace, SessionEnds } from './call-place.ts';
import { CallRecord } from './call-record.ts';
import type { Context } from './context.ts';
import { DataRow } from './data-row.ts';
import { linkSettings } from './defaults.ts';
import { type DataSession, type RouterInput, SHARED_DEVICE } from './events.ts';
import { type CallEnd, type FailureCause, failureOf, wireMessage } from './failure.ts';
import { compressionOverhead, ETHERNET_MTU, mtuOf, pppHeaderLength, receiveUnitOf, segmentSize } from './mtu.ts';
import type { Neighbor } from './routing.ts';
import type { Octets } from './units.ts';

export class Call {
  readonly place: CallPlace;
  readonly device: string;
  link: Link | undefined;
  username = '';
  neighbor: Neighbor | undefined;
  /** Our own address on the link as it was when PPP began; `0.0.0.0` where the peer gives it. */
  speaksFrom: string | undefined;
  /** When the interface came up, and when IPCP last opened or closed. */
  upSince: Millis | undefined;
  changedAt: Millis;
  transitions = 0;
  /** What the link dropped, by reason, once it is gone. */
  drops: ReadonlyMap<string, number> = new Map();
  /** Overrides the cause that PPP gives an end of our own making. */
  #refusal: CallRefusal | undefined;
  readonly #row: DataRow;
  readonly #record: CallRecord;
  readonly #authentication: CallAuthentication;
  readonly #context: Context;
  readonly #host: CallHost;
  #options: LinkOptions | undefined;
  #timedOut = false;

  constructor(place: CallPlace, context: Context, host: CallHost) {
    this.place = place;
    this.#context = context;
    this.#host = host;
    this.device = place.role === 'lns' ? SHARED_DEVICE : place.interfaceName;
    this.changedAt = context.now;
    this.#row = new DataRow(context);
    this.#record = new CallRecord(place, context, host);
    this.#authentication = new CallAuthentication(place, context, this.#record, {
      answer: (input) => {
        if (this.link !== undefined) this.#apply(this.link.handle(input, context.now));
      },
      refused: (refusal, username) => {
        this.#refusal = refusal;
        if (username !== undefined) this.username = username;
      },
    });
  }

  get data(): DataSession | undefined {
    return this.#row.session;
  }

  /** What the way to the peer takes, if the session discovers it. */
  get pathMtu(): Octets | undefined {
    const { discoverMtu } = this.place;
    if (discoverMtu === undefined || this.data === undefined) return undefined;
    return this.#host.pathMtuOf(this.data.path, discoverMtu);
  }

  get deadline(): Millis {
    return Math.min(this.link?.deadline ?? Number.POSITIVE_INFINITY, this.#absoluteDeadline);
  }

  /** `ppp timeout absolute`: the end of the session, however busy it is (C118). */
  get #absoluteDeadline(): Millis {
    const { timeoutAbsolute } = this.place.subject.ppp;
    if (timeoutAbsolute === undefined || this.upSince === undefined || this.link === undefined || this.#timedOut) {
      return Number.POSITIVE_INFINITY;
    }
    return this.upSince + timeoutAbsolute * 1000;
  }

  /** The packet path gets its row before the peer can send: its first PPP frame comes right behind its ICCN. */
  admitted(where: SessionEnds): void {
    this.#open(where);
  }

  /** The session is established, PPP starts. */
  connected(up: SessionEnds, circuitActive = true): void {
    if (this.data === undefined) this.#open(up);
    else this.#row.update({ path: up.path, sequencing: up.sequencing, ...(up.v3 && { v3: up.v3 }) });
    if (circuitActive) this.#begin();
  }

  /** The interface at the other end went up or down (RFC 3931 §5.4.5): a link ends there, or can begin anew. */
  circuit(active: boolean): void {
    if (active && this.link === undefined && this.data !== undefined) return this.#begin();
    if (active || this.link === undefined) return;
    this.#unlink();
    this.upSince = undefined;
    this.changedAt = this.#context.now;
    this.#context.log('LINK-UPDOWN', `Interface ${this.place.interfaceName}, changed state to down`);
  }

  #unlink(): void {
    const { link } = this;
    this.link = undefined;
    if (link !== undefined) {
      const { farewell } = link;
      if (farewell !== undefined) this.#refusal ??= { cause: 'peer-terminated', message: farewell.message };
      this.#apply(link.handle({ on: 'down' }, this.#context.now));
      this.drops = link.drops;
    }
    this.#takeDown();
  }

  #begin(): void {
    const { place } = this;
    const data = this.data!;
    const localAddress = this.#host.localAddressOf(place.subject);
    this.speaksFrom = localAddress;
    const outerMtu = this.#host.pathMtuOf(data.path, place.discoverMtu);
    this.upSince = this.#context.now;
    this.changedAt = this.#context.now;
    this.transitions++;
    this.#context.log('LINK-UPDOWN', `Interface ${place.interfaceName}, changed state to up`);
    if (localAddress === undefined) return this.refuse('no-address', `${place.subject.name} has no IP address`);
    const settings = linkSettings(this.#context.configuration, place.subject, {
      outerMtu,
      sequencing: data.sequencing,
      receiveUnit: receiveUnitOf(data, outerMtu),
      direction: place.answered ? 'callin' : 'callout',
      localAddress,
    });
    this.link = new Link(settings, { entropy: this.#context.entropy });
    this.link.traced = this.#host.traced;
    this.#record.linkBegun();
    this.#apply(this.link.handle({ on: 'up' }, this.#context.now));
  }

  #open({ peerTunnel, peerSession, path, sequencing, v3, gre }: SessionEnds): void {
    const { tunnel, session, interfaceName, role, discoverMtu } = this.place;
    const outerMtu = this.#host.pathMtuOf(path, discoverMtu);
    this.#row.open({
      localTunnel: tunnel,
      localSession: session,
      peerTunnel,
      peerSession,
      path,
      ...(v3 && { v3 }),
      ...(gre && { gre }),
      ...(discoverMtu && { discoverMtu: true }),
      device: this.device,
      interfaceName,
      networkUp: false,
      strictSource: role === 'lns',
      sendAcfc: false,
      sendPfc: false,
      sequencing,
      mtu: mtuOf({ path, sequencing, v3, gre }, outerMtu, pppHeaderLength(false, false)),
      mssClamp: 0,
    });
  }

  frame(frame: Uint8Array): void {
    this.hear({ on: 'frame', frame });
  }

  hear(input: LinkInput): void {
    if (this.link !== undefined) this.#apply(this.link.handle(input, this.#context.now));
  }

  /** the peer loses too much for an encryption that stands or falls with every packet. */
  flowAlarm(): void {
    const { interfaceName } = this.place;
    const user = this.username === '' ? '' : ` user ${printable(this.username)},`;
    const text = `${interfaceName},${user} PPTP flow-control alarm: packets are lost, stateful MPPE gives way to stateless`;
    this.#context.log('VPDN-FLOW_ALARM', text);
    this.hear({ on: 'compression-stateless' });
  }

  handleTimeout(): void {
    if (this.link === undefined) return;
    if (this.#context.now >= this.#absoluteDeadline) {
      this.#timedOut = true;
      return this.hangUp('the session has lasted as long as it may');
    }
    this.#apply(this.link.handleTimeout(this.#context.now));
  }

  sequencing(enabled: boolean): void {
    this.#row.update({ sequencing: enabled });
  }

  /** Either end has said goodbye. */
  get isLeaving(): boolean {
    return this.link !== undefined && (this.link.phase === 'TERMINATING' || this.link.phase === 'DOWN');
  }

  /** `clear interface` and its like. */
  clear(message: string): void {
    this.#record.cleared = true;
    this.hangUp(message);
  }

  /** Ends the call from our side, PPP first; `cause` undefined is an end that is nobody's failure. */
  hangUp(message: string, cause?: FailureCause): void {
    if (cause !== undefined) this.#refusal = { cause, message };
    if (this.link === undefined) return this.#clear({ resultCode: CdnResult.Administrative, message });
    this.#apply(this.link.handle({ on: 'close', cause: 'closed', message }, this.#context.now));
  }

  /** Ends the call at once: there is no PPP to say goodbye with. */
  refuse(cause: FailureCause, message: string): void {
    this.#refusal = { cause, message };
    this.#clear({ resultCode: CdnResult.NoFacilitiesNow, message });
  }

  /** The session is gone. */
  disconnected(end: CallEnd): void {
    const wasUp = this.upSince !== undefined;
    this.#unlink();
    this.#row.close(this.place);
    this.#host.releaseAddress(this);
    if (wasUp) this.#context.log('LINK-UPDOWN', `Interface ${this.place.interfaceName}, changed state to down`);
    this.#report(end);
  }

  secretChecked(answer: Extract<RouterInput, { on: 'secret-checked' }>): void {
    this.#authentication.secretChecked(answer);
  }

  #apply(effects: readonly LinkEffect[]): void {
    for (const effect of effects) this.#applyOne(effect);
  }

  #applyOne(effect: LinkEffect): void {
    switch (effect.do) {
      case 'send':
        return this.place.carrier.send(effect.frame, effect.priority ?? false);
      case 'authenticate':
        return this.#authentication.check(effect);
      case 'find-secret':
        return this.#authentication.findSecret(effect);
      case 'assign-address':
        return this.#assignAddress(effect.username);
      case 'lcp-up':
        this.#options = effect.options;
        this.#record.lcpUp(this.link?.agreedAuthentication);
        this.#row.update({ sendAcfc: effect.options.sendAcfc, sendPfc: effect.options.sendPfc });
        return;
      case 'lcp-down':
        this.#options = undefined;
        return;
      case 'link-authenticated':
        this.username = effect.username;
        return this.#record.authenticated();
      case 'compression':
        this.#row.compress(effect);
        return this.pathMtuChanged();
      case 'compression-flush':
        return this.#row.compress(effect);
      case 'network-up':
        return this.#networkUp(effect.localAddress, effect.peerAddress);
      case 'network-down':
        return this.#takeDown();
      case 'link-down':
        return this.#linkDown(effect.end);
      case 'trace':
        this.#context.emit({
          do: 'trace',
          trace: { layer: 'ppp', interfaceName: this.place.interfaceName, event: effect.event },
        });
        return;
      case 'drop':
        return; // counted in the link itself
      default:
        effect satisfies never;
    }
  }

  #assignAddress(username: string): void {
    this.username = username;
    const verdict = this.#host.assignAddress(this, username);
    this.#record.addressed(verdict);
    if (verdict.kind === 'none') this.#refusal = { cause: verdict.cause, message: verdict.message };
    const assignment = addressAssignment(verdict, this.place.subject, this.#context.configuration.bootpServers);
    if (this.link !== undefined) this.#apply(this.link.handle({ on: 'address', assignment }, this.#context.now));
  }

  #networkUp(localAddress: string, peerAddress: string): void {
    if (this.data === undefined) return;
    const required = this.place.role === 'lns' || this.place.subject.ppp.addressRequired;
    if (peerAddress === '0.0.0.0' && required) {
      return this.hangUp('the peer named no address of its own', 'no-address');
    }
    if (!this.#host.claimAddress(this, peerAddress)) {
      return this.hangUp(`address ${peerAddress} is in use`, 'address-in-use');
    }
    const { place } = this;
    const sizes = this.#sizes();
    this.#row.update({ networkUp: true, ...sizes });
    this.neighbor = {
      address: peerAddress,
      device: this.device,
      interfaceName: place.interfaceName,
      localTunnel: place.tunnel,
      localSession: place.session,
      source: localAddress,
      mtu: sizes.mtu,
      // A host route to the tunnel's own far end would lead the tunnel into itself (C102).
      hidden:
        !place.subject.peerNeighborRoute || peerAddress === this.data.path.peerAddress || peerAddress === '0.0.0.0',
    };
    this.changedAt = this.#context.now;
    this.#record.networkUp();
    this.#host.networkUp(this, this.neighbor);
    this.#context.log('LINEPROTO-UPDOWN', `Line protocol on Interface ${place.interfaceName}, changed state to up`);
  }

  /** The way to the peer takes more or less than it did (RFC 1191 §3). */
  pathMtuChanged(): void {
    if (this.data === undefined || this.neighbor === undefined) return;
    const sizes = this.#sizes();
    if (sizes.mtu === this.data.mtu) return;
    const before = this.neighbor;
    this.#row.update(sizes);
    this.neighbor = { ...before, mtu: sizes.mtu };
    this.#host.networkChanged(before, this.neighbor);
  }

  #sizes(): Pick<DataSession, 'mtu' | 'mssClamp'> {
    const { subject, discoverMtu } = this.place;
    const { path, sendAcfc, sendPfc, compression } = this.data!;
    const outer = this.#host.pathMtuOf(path, discoverMtu);
    const compressed = compressionOverhead(compression);
    const fits = mtuOf(this.data!, outer, pppHeaderLength(sendAcfc, sendPfc)) - compressed;
    const peerMru = (this.#options?.peerMru ?? Number.POSITIVE_INFINITY) - compressed;
    const mtu = Math.min(fits, peerMru, subject.mtu ?? fits, subject.ipMtu ?? fits);
    // What comes back must fit what we announced to take: hosts on both sides go by the MSS (RFC 1661 §6.1).
    const bothWays = Math.min(mtu, this.#options?.localMru ?? mtu);
    const automatic = bothWays < ETHERNET_MTU ? segmentSize(bothWays) : 0;
    return { mtu, mssClamp: subject.adjustMss === 'off' ? 0 : (subject.adjustMss ?? automatic) };
  }

  #takeDown(): void {
    const { neighbor } = this;
    if (neighbor === undefined) return;
    this.neighbor = undefined;
    this.changedAt = this.#context.now;
    this.#row.update({ networkUp: false });
    this.#host.networkDown(this, neighbor);
    const { interfaceName } = this.place;
    this.#context.log('LINEPROTO-UPDOWN', `Line protocol on Interface ${interfaceName}, changed state to down`);
  }

  #linkDown(end: LinkEnd): void {
    if (this.link === undefined) return; // the session went first
    if (end.cause !== 'closed' && end.cause !== 'lower-layer-down') {
      const refined = REFINED.has(end.cause) ? this.#refusal : undefined;
      this.#refusal = refined ?? { cause: end.cause, message: end.message };
    }
    const resultCode = end.cause === 'keepalive' ? CdnResult.LossOfCarrier : CdnResult.Administrative;
    this.#clear({ resultCode, message: this.#refusal === undefined ? end.message : wireMessage(this.#refusal.cause) });
  }

  #clear(refusal: { resultCode: number; message: string }): void {
    this.place.carrier.close(refusal);
  }

  #report(end: CallEnd): void {
    const cause = this.#refusal?.cause ?? failureOf(end, ORDINARY_ENDS);
    const { username: user, data } = this;
    this.#record.ended(end, cause, { user, path: data?.path, reason: this.#refusal?.message ?? end.message });
    this.#host.ended(this, cause);
  }
}

/** Ends that say no more than that something was refused: what we ourselves found out says it better. */
const REFINED: ReadonlySet<string> = new Set(['peer-authentication-failed', 'no-secret', 'no-address']);

/** §4.4.2: the CDN results that are no failures. */
const ORDINARY_ENDS: readonly number[] = [CdnResult.LossOfCarrier, CdnResult.Administrative, CdnResult.TieLost];
