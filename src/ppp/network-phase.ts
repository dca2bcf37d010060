// The Network-Layer Protocol phase, RFC 1661 §3.6: IPCP, and beside it CCP, which must come first wherever nothing may pass in clear
// (RFC 3078). Lives from the end of authentication until LCP leaves Opened.

import type { EncryptionKeys } from '../crypto/mppe-keys.ts';
import type { Millis } from '../wire/machine.ts';
import type { AgreedAuthentication } from './authentication.ts';
import type { State } from './automaton.ts';
import { Ccp, type CcpEffect } from './ccp.ts';
import type { ControlEffect } from './control-protocol.ts';
import type {
  AddressAssignment,
  CompressionState,
  LinkCompression,
  LinkEnd,
  LinkOptions,
  LinkSettings,
} from './events.ts';
import { Protocol } from './frame.ts';
import { Ipcp, type NetworkAddresses } from './ipcp.ts';
import { linkEnd, NO_NETWORK_LEFT, phaseExpired } from './link-end.ts';
import type { Outbox } from './outbox.ts';
import type { Packet } from './packet.ts';

export interface NetworkHost {
  /** What LCP agreed on. */
  readonly options: LinkOptions | undefined;
  close(why: LinkEnd, now: Millis): void;
  /** LCP begins anew, and with it authentication. */
  renegotiate(now: Millis): void;
}

export class NetworkPhase {
  readonly #settings: LinkSettings;
  readonly #out: Outbox;
  readonly #host: NetworkHost;
  #ipcp: Ipcp;
  #ccp: Ccp | undefined;
  #active = false;
  #addressAwaited = false;
  /** IPCP waits for CCP; then what came for it meanwhile waits here. */
  #waits = false;
  #started = false;
  #assignment: AddressAssignment | undefined;
  /** The keys of this authentication are in use: no CCP begins with them a second time. */
  #encrypted = false;
  /** What the packet path was told last. */
  #inForce = false;
  #ccpHeard = false;
  /** How often LCP may still begin anew for other keys. */
  #renewalsLeft = MOST_RENEWALS;
  #renewalsSince: Millis = Number.NEGATIVE_INFINITY;
  #waitDeadline: Millis = NEVER;
  /** How long the network protocols may take to open. RFC 1661 has no such limit, and half-open links would stay for ever. */
  #openDeadline: Millis = NEVER;
  /** When a link whose last network protocol has ended is given up. */
  #graceDeadline: Millis = NEVER;

  constructor(settings: LinkSettings, out: Outbox, host: NetworkHost) {
    this.#settings = settings;
    this.#out = out;
    this.#host = host;
    this.#ipcp = new Ipcp(settings);
    this.#renewCcp();
  }

  get ipcpState(): State {
    return this.#ipcp.state;
  }

  /** Undefined where CCP is not spoken. */
  get ccpState(): State | undefined {
    return this.#ccp?.state;
  }

  /** What IPCP agreed on, while it is open. */
  get addresses(): NetworkAddresses | undefined {
    return this.#ipcp.addresses;
  }

  /** What CCP agreed on, while it is open. */
  get compression(): {
    readonly transmit: CompressionState | undefined;
    readonly receive: CompressionState | undefined;
  } {
    return this.#ccp?.agreed ?? NOTHING;
  }

  /** the session was stateful, and was negotiated anew to be so no more. */
  get isStatelessOnly(): boolean {
    return this.#ccp?.isStatelessOnly ?? false;
  }

  get deadline(): Millis {
    const control = Math.min(this.#ipcp.deadline, this.#ccp?.deadline ?? NEVER);
    return Math.min(control, this.#waitDeadline, this.#openDeadline, this.#graceDeadline);
  }

  /** A link begins its life anew, and knows nothing of the one before. */
  renew(): void {
    this.#ipcp = new Ipcp(this.#settings);
    this.#renewCcp();
    this.#renewalsLeft = MOST_RENEWALS;
  }

  /** Our own requests go out at once; the peer's for an address waits in `Ipcp` for the answer to `assign-address`. */
  begin(username: string, keys: EncryptionKeys | undefined, agreed: AgreedAuthentication, now: Millis): void {
    this.#active = true;
    this.#ccpHeard = false;
    this.#openDeadline = now + this.#settings.ncpTimeout;
    const ccp = this.#ccp;
    const demand = this.#settings.ccp?.mppe?.demand;
    if (demand === 'required' && keys === undefined) return this.#host.close(noKeys(agreed), now);
    // RFC 3078 §10: no user data before the negotiation is over. A peer that may say nothing is not waited for.
    this.#waits = demand === 'required' || (demand === 'active' && keys !== undefined);
    this.#waitDeadline = this.#waits && demand !== 'required' ? now + this.#patience : NEVER;
    if (ccp !== undefined) {
      this.#tellCompression();
      this.#applyCcp(ccp.up(keys, this.#host.options?.peerMru ?? 0, now), now);
      // The first word of the peer, kept until now, may have ended it.
      if (!this.#active) return;
    }
    if (!this.#waits) this.#startIpcp(now);
    this.#addressAwaited = true;
    this.#out.add({ do: 'assign-address', username });
  }

  /** §3.4: LCP leaving Opened takes everything above it down. */
  end(now: Millis): void {
    this.#active = false;
    this.#applyIpcp(this.#ipcp.down(now), now);
    if (this.#ccp !== undefined) this.#applyCcp(this.#ccp.down(now), now);
    if (this.#inForce) this.#tellCompression();
    this.#addressAwaited = false;
    this.#waits = false;
    this.#started = false;
    this.#encrypted = false;
    this.#assignment = undefined;
    this.#waitDeadline = NEVER;
    this.#openDeadline = NEVER;
    this.#graceDeadline = NEVER;
  }

  /** `early`: authentication is not over, and the peer's first word is kept for then. False: CCP is not spoken. */
  receive(protocol: number, packet: Packet, early: boolean, peerMru: number, now: Millis): boolean {
    if (protocol === Protocol.CCP) return this.#receiveCcp(packet, early, peerMru, now);
    this.#receiveIpcp(packet, early, peerMru, now);
    return true;
  }

  #receiveIpcp(packet: Packet, early: boolean, peerMru: number, now: Millis): void {
    this.#out.controlIn(Protocol.IPCP, this.#ipcp.state, packet);
    if (this.#active && !this.#waits) return this.#applyIpcp(this.#ipcp.handlePacket(packet, peerMru, now), now);
    if (!(early || this.#waits) || !this.#ipcp.hold(packet)) this.#out.drop('ipcp-early');
  }

  #receiveCcp(packet: Packet, early: boolean, peerMru: number, now: Millis): boolean {
    if (this.#ccp === undefined) return false;
    this.#out.controlIn(Protocol.CCP, this.#ccp.state, packet);
    this.#ccpHeard = true;
    if (this.#active) this.#applyCcp(this.#ccp.handlePacket(packet, peerMru, now), now);
    else if (!early || !this.#ccp.hold(packet)) this.#out.drop('ccp-early');
    return true;
  }

  /** The answer to `assign-address`. */
  assign(assignment: AddressAssignment, peerMru: number, now: Millis): void {
    if (!this.#addressAwaited) return this.#out.drop('stale-answer');
    this.#addressAwaited = false;
    if (this.#waits) this.#assignment = assignment;
    else this.#applyIpcp(this.#ipcp.assign(assignment, peerMru, now), now);
  }

  /** RFC 1661 §5.7: the peer does not know the protocol. */
  rejected(protocol: number, now: Millis): void {
    if (!this.#active) return;
    if (protocol === Protocol.IPCP) this.#applyIpcp(this.#ipcp.rejected(now), now);
    // Who cannot read what is encrypted says so of that; it comes to the same.
    const isCcp = protocol === Protocol.CCP || (protocol === Protocol.COMPRESSED && this.#encrypted);
    if (isCcp && this.#ccp !== undefined) this.#applyCcp(this.#ccp.rejected(now), now);
  }

  /** What the packet path cannot read, it asks the peer to begin anew. */
  compressionLost(now: Millis): void {
    if (this.#ccp === undefined) this.#out.drop('compression-not-agreed');
    else this.#applyCcp(this.#ccp.lost(now), now);
  }

  goStateless(now: Millis): void {
    if (this.#ccp?.isStateful !== true) return this.#out.drop('compression-not-stateful');
    if (!this.#mayRenew(now)) return this.#out.drop('renegotiation-rate');
    this.#out.note('MPPE: too much is lost for keeping state, stateless is negotiated');
    this.#ccp.goStateless();
    this.#host.renegotiate(now);
  }

  handleTimeout(now: Millis): void {
    if (this.#ccp !== undefined && now >= this.#ccp.deadline) this.#applyCcp(this.#ccp.handleTimeout(now), now);
    if (now >= this.#ipcp.deadline) this.#applyIpcp(this.#ipcp.handleTimeout(now), now);
    if (now >= this.#waitDeadline) this.#startIpcp(now);
    if (now >= this.#openDeadline) {
      this.#openDeadline = NEVER;
      const why = this.#waits ? NOT_ENCRYPTED_IN_TIME : phaseExpired('UP');
      if (why !== undefined) this.#host.close(why, now);
    }
    if (now >= this.#graceDeadline) {
      this.#graceDeadline = NEVER;
      // The peer may have begun IPCP anew, which then has its own limits.
      if (this.#ipcp.state === 'Stopped' || this.#ipcp.state === 'Closed') this.#host.close(NO_NETWORK_LEFT, now);
    }
  }

  #applyIpcp(effects: readonly ControlEffect[], now: Millis): void {
    for (const effect of effects) {
      switch (effect.do) {
        case 'layer-up':
          this.#openDeadline = NEVER;
          if (this.addresses !== undefined) this.#out.add({ do: 'network-up', protocol: 'IPCP', ...this.addresses });
          break;
        case 'layer-down':
          this.#out.add({ do: 'network-down', protocol: 'IPCP' });
          if (this.#active) this.#openDeadline = now + this.#settings.ncpTimeout;
          break;
        case 'layer-finished':
          this.#out.state('IPCP', this.#ipcp.state);
          // IPCP may come again at the peer's wish: the link waits a moment for that before it gives up.
          if (this.#active) this.#graceDeadline = now + this.#settings.ncpGrace;
          break;
        case 'fail':
          // Without an address the call is of no use; otherwise the link is left to network protocols that may yet come.
          if (effect.failure.cause === 'no-address') this.#host.close({ ...effect.failure, side: 'local' }, now);
          else this.#applyIpcp(this.#ipcp.close(now), now);
          break;
        default:
          this.#out.control(Protocol.IPCP, effect, this.#host.options);
      }
    }
  }

  #applyCcp(effects: readonly CcpEffect[], now: Millis): void {
    for (const effect of effects) {
      switch (effect.do) {
        case 'layer-up':
          this.#agreed(now);
          break;
        case 'layer-down':
          // What follows was meant for a CCP with these keys.
          if (this.#active && this.#encrypted) return this.#renew(now);
          this.#tellCompression();
          break;
        case 'layer-finished':
          this.#out.state('CCP', this.#ccp!.state);
          this.#ended(this.#why, now);
          break;
        case 'fail':
          this.#ended(effect.failure.message, now);
          if (this.#active) this.#applyCcp(this.#ccp!.close(now), now);
          break;
        case 'flush':
          this.#out.add({ do: 'compression-flush' });
          break;
        default:
          this.#out.control(Protocol.CCP, effect, this.#host.options);
      }
    }
  }

  #agreed(now: Millis): void {
    const ccp = this.#ccp!;
    const { transmit, receive } = this.compression;
    const sends = transmit?.mppe !== undefined;
    const receives = receive?.mppe !== undefined;
    // Half a conversation in clear is one in clear, whatever may be said of the other half.
    if ((ccp.required && !(sends && receives)) || sends !== receives) {
      const why = ccp.refusal ?? `the peer does not agree on it ${sends ? 'for what it sends' : 'for what it gets'}`;
      if (!ccp.required) this.#applyCcp(ccp.close(now), now);
      return this.#ended(why, now);
    }
    this.#encrypted = sends;
    this.#out.note(`CCP: ${wordsOf(transmit)} out, ${wordsOf(receive)} in`);
    this.#tellCompression();
    this.#startIpcp(now);
  }

  /**
   * CCP was left, by whoever's doing: anybody on the way can write a Configure- or Terminate-Request. From the same start keys
   * the same key streams would come again, and what one packet is known to say would show the other (pppd ends the link here).
   * New keys come of a new authentication alone, and so LCP begins anew; nothing passes until then.
   */
  #renew(now: Millis): void {
    if (this.#mayRenew(now)) {
      this.#out.note('CCP is negotiated anew: LCP begins anew as well, for other keys');
      return this.#host.renegotiate(now);
    }
    const cause = this.#ccp!.required ? 'encryption-required' : 'ncp-failed';
    this.#host.close(linkEnd(cause, 'peer', 'the peer negotiates CCP anew again and again'), now);
  }

  #mayRenew(now: Millis): boolean {
    const earned = Math.floor((now - this.#renewalsSince) / RENEWAL_INTERVAL);
    if (earned > 0) {
      this.#renewalsLeft = Math.min(MOST_RENEWALS, this.#renewalsLeft + earned);
      this.#renewalsSince = now;
    }
    if (this.#renewalsLeft === 0) return false;
    this.#renewalsLeft--;
    return true;
  }

  get #why(): string {
    const { refusal } = this.#ccp!;
    return refusal ?? (this.#ccpHeard ? 'the peer has ended CCP, or does not agree' : 'the peer does not answer CCP');
  }

  /** Without CCP the link goes on in clear, if it may. */
  #ended(why: string, now: Millis): void {
    if (!this.#active) return;
    if (this.#ccp!.required) {
      return this.#host.close(linkEnd('encryption-required', 'local', `MPPE is required: ${why}`), now);
    }
    if (this.#settings.ccp?.mppe !== undefined) this.#out.note(`the link is not encrypted: ${why}`);
    this.#tellCompression();
    this.#startIpcp(now);
  }

  #startIpcp(now: Millis): void {
    this.#waitDeadline = NEVER;
    if (this.#started || !this.#active) return;
    this.#started = true;
    this.#waits = false;
    this.#applyIpcp(this.#ipcp.up(now), now);
    const assignment = this.#assignment;
    this.#assignment = undefined;
    const { options } = this.#host;
    if (assignment !== undefined && options !== undefined) {
      this.#applyIpcp(this.#ipcp.assign(assignment, options.peerMru, now), now);
    }
  }

  #tellCompression(): void {
    const required = this.#ccp?.required === true || this.#encrypted;
    const told: LinkCompression = { ...this.compression, required };
    this.#inForce = told.transmit !== undefined || told.receive !== undefined;
    this.#out.add({ do: 'compression', ...told });
  }

  #renewCcp(): void {
    const { ccp } = this.#settings;
    this.#ccp = ccp === undefined ? undefined : new Ccp({ ...this.#settings, ccp });
  }

  get #patience(): Millis {
    return this.#settings.restartTimer * RESTARTS_WAITED;
  }
}

/** Of what authentication there was, so that who configured it sees what to change. */
function noKeys({ peer, local }: AgreedAuthentication): LinkEnd {
  const names = [...new Set([peer, local])].filter((name) => name !== undefined).map((name) => name.toUpperCase());
  const why = names.length === 0 ? 'without authentication there are none' : `${names.join(' and ')} leaves none`;
  const message = `MPPE is required, and there are no keys for it: ${why}; they come of MS-CHAP, MS-CHAP-V2 and EAP`;
  return linkEnd('encryption-required', 'local', message);
}

/** `MPPE 128-bit stateless`. */
function wordsOf(state: CompressionState | undefined): string {
  if (state === undefined) return 'nothing';
  const { mppe, mppc } = state;
  const mppeWords = mppe === undefined ? [] : [`MPPE ${mppe.bits}-bit ${mppe.stateful ? 'stateful' : 'stateless'}`];
  return [...mppeWords, ...(mppc ? ['MPPC'] : [])].join(', ');
}

const NEVER = Number.POSITIVE_INFINITY;
const NOTHING = { transmit: undefined, receive: undefined };
/** How long IPCP waits for a CCP that need not come to anything. */
const RESTARTS_WAITED = 2;
const MOST_RENEWALS = 3;
const RENEWAL_INTERVAL: Millis = 60_000;
const NOT_ENCRYPTED_IN_TIME = linkEnd('encryption-required', 'local', 'MPPE is required: CCP did not open in time');
