// A PPP link, RFC 1661 §3: LCP, then authentication of either end, then the network protocols, and down again.
// What `vpdn/` talks to. Everything above LCP lives exactly as long as LCP is open.

import { DecodeError } from '../wire/errors.ts';
import { type Entropy, type Machine, type Millis, randomU16 } from '../wire/machine.ts';
import { type AgreedAuthentication, Authentication, type AuthenticationEffect, isAgreed } from './authentication.ts';
import type { State } from './automaton.ts';
import { EarlyProof } from './early-proof.ts';
import type { LinkEffect, LinkEnd, LinkInput, LinkOptions, LinkSettings, Phase } from './events.ts';
import { decodeFrame, formatProtocol, Protocol } from './frame.ts';
import type { NetworkAddresses } from './ipcp.ts';
import { type KeepaliveState, Lcp, type LcpEffect } from './lcp.ts';
import { LOWER_LAYER_DOWN, linkEnd, peerTerminated, phaseExpired } from './link-end.ts';
import { NetworkPhase } from './network-phase.ts';
import { Outbox } from './outbox.ts';
import { Code, decodePacket, type Packet } from './packet.ts';

export class Link implements Machine<LinkInput, LinkEffect> {
  readonly #settings: LinkSettings;
  readonly #entropy: Entropy;
  #phase: Phase = 'DOWN';
  #lcp: Lcp;
  readonly #network: NetworkPhase;
  readonly #authentication: Authentication;
  #end: LinkEnd | undefined;
  /** In which phase the peer asked to terminate: half of the reason why, if no other is known. */
  #terminatedIn: Phase = 'DOWN';
  #options: LinkOptions | undefined;
  /** Until when the peer may speak first. */
  #passiveDeadline: Millis = NEVER;
  /** How long the present phase may take. RFC 1661 has no such limits, and half-open links would stay for ever. */
  #phaseDeadline: Millis = NEVER;
  #refusedCcp = false;
  readonly #early = new EarlyProof();
  readonly #out = new Outbox();

  constructor(settings: LinkSettings, { entropy }: { readonly entropy: Entropy }) {
    this.#settings = settings;
    this.#entropy = entropy;
    this.#lcp = new Lcp(settings, entropy);
    const options = () => this.#options;
    this.#network = new NetworkPhase(settings, this.#out, {
      get options() {
        return options();
      },
      close: (why, now) => this.#close(why, now),
      renegotiate: (now) => this.#applyLcp(this.#lcp.renegotiate(now), now),
    });
    this.#authentication = new Authentication(settings, entropy);
  }

  /** Whether `trace` effects are wanted. */
  get traced(): boolean {
    return this.#out.traced;
  }

  set traced(wanted: boolean) {
    this.#out.traced = wanted;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get lcpState(): State {
    return this.#phase === 'DOWN' ? 'Initial' : this.#lcp.state;
  }

  get ipcpState(): State {
    return this.#network.ipcpState;
  }

  /** Undefined where CCP is not spoken. */
  get ccpState(): State | undefined {
    return this.#network.ccpState;
  }

  /** What CCP agreed on, while it is open. */
  get compression(): NetworkPhase['compression'] {
    return this.#network.compression;
  }

  /** stateful encryption was given up. */
  get isStatelessOnly(): boolean {
    return this.#network.isStatelessOnly;
  }

  /** How the peer proves itself to us, and we to the peer, as LCP agreed on it. */
  get agreedAuthentication(): AgreedAuthentication {
    return this.#lcp.authentication;
  }

  /** What LCP agreed on, while it is open. */
  get options(): LinkOptions | undefined {
    return this.#options;
  }

  /** What IPCP agreed on, while it is open. */
  get network(): NetworkAddresses | undefined {
    return this.#network.addresses;
  }

  /** What the peer proved to be; empty before that, or without authentication. */
  get username(): string {
    return this.#authentication.username;
  }

  /** How the peer ended the link, where it gave a reason; the tunnel may go before the link has drawn the conclusion. */
  get farewell(): LinkEnd | undefined {
    return this.#lcp.farewell === '' ? undefined : this.#peerEnd();
  }

  get keepalive(): KeepaliveState | undefined {
    return this.#lcp.keepalive;
  }

  /** Frames and answers dropped, by reason. */
  get drops(): ReadonlyMap<string, number> {
    return this.#out.drops;
  }

  get deadline(): Millis {
    const control = Math.min(this.#lcp.deadline, this.#network.deadline);
    const phase = Math.min(this.#passiveDeadline, this.#phaseDeadline);
    return Math.min(control, phase, this.#authentication.deadline);
  }

  handle(input: LinkInput, now: Millis): LinkEffect[] {
    this.#handleInput(input, now);
    return this.#out.take();
  }

  handleTimeout(now: Millis): LinkEffect[] {
    if (now >= this.#passiveDeadline) {
      this.#passiveDeadline = NEVER;
      this.#applyLcp(this.#lcp.speak(now), now);
    }
    if (now >= this.#lcp.deadline) this.#applyLcp(this.#lcp.handleTimeout(now), now);
    if (now >= this.#network.deadline) this.#network.handleTimeout(now);
    if (now >= this.#authentication.deadline) {
      this.#applyAuthentication(this.#authentication.handleTimeout(now), now);
    }
    if (now >= this.#phaseDeadline) this.#expirePhase(now);
    return this.#out.take();
  }

  #handleInput(input: LinkInput, now: Millis): void {
    switch (input.on) {
      case 'up':
        return this.#up(now);
      case 'frame':
        return this.#receive(input.frame, now);
      case 'down':
        if (this.#phase === 'DOWN') return;
        this.#end ??= this.#peerEnd() ?? LOWER_LAYER_DOWN;
        this.#applyLcp(this.#lcp.down(now), now);
        return this.#finish(this.#end);
      case 'close':
        return this.#close(linkEnd(input.cause, 'local', input.message), now);
      case 'authenticated':
        return this.#applyAuthentication(this.#authentication.handleVerdict(input.request, input.verdict, now), now);
      case 'secret':
        return this.#applyAuthentication(this.#authentication.handleSecret(input.request, input.secret, now), now);
      case 'address':
        return this.#network.assign(input.assignment, this.#lcp.options.peerMru, now);
      case 'compression-lost':
        return this.#network.compressionLost(now);
      case 'compression-stateless':
        return this.#network.goStateless(now);
      default:
        input satisfies never;
    }
  }

  /** Every life of a link begins from nothing, and with an Identifier and a magic number of its own. */
  #up(now: Millis): void {
    if (this.#phase !== 'DOWN') return;
    this.#end = undefined;
    this.#refusedCcp = false;
    this.#early.take(); // of the life before
    this.#lcp = new Lcp(this.#settings, this.#entropy);
    this.#network.renew();
    const passiveDelay = this.#passiveDelay();
    const passive = passiveDelay > 0;
    this.#passiveDeadline = passive ? now + passiveDelay : NEVER;
    this.#enter('ESTABLISHING', passive ? 'Passive Open' : 'Active Open', now + passiveDelay + this.#establishTime());
    this.#applyLcp(this.#lcp.up(passive, now), now);
  }

  /** Any octets: what cannot be read is dropped under its reason, never thrown. */
  #receive(octets: Uint8Array, now: Millis): void {
    if (this.#phase === 'DOWN') return this.#out.drop('link-down');
    try {
      const { protocol, information } = decodeFrame(octets);
      if (protocol === Protocol.LCP) return this.#receiveLcp(decodePacket(information), now);
      // §3.4, §3.5: before authentication is over there is nothing but LCP and authentication.
      if (this.#early.keep(protocol, this.#lcp.state, octets)) return;
      if (this.#lcp.state !== 'Opened') return this.#out.drop('lcp-not-open');
      switch (protocol) {
        case Protocol.PAP:
        case Protocol.CHAP:
        case Protocol.EAP:
          return this.#receiveAuthentication(protocol, decodePacket(information), now);
        case Protocol.IPCP:
        case Protocol.CCP:
          if (this.#receiveNetwork(protocol, decodePacket(information), now)) return;
          return this.#unknown(protocol, information, now);
        case Protocol.COMPRESSED:
          return this.#out.drop('compressed-slow-path'); // the packet path takes it as soon as CCP is open
        case Protocol.IP:
          return this.#out.drop('ip-slow-path'); // the packet path takes IP as soon as IPCP is open
        default:
          this.#unknown(protocol, information, now);
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#out.drop(error.code);
    }
  }

  #receiveLcp(packet: Packet, now: Millis): void {
    this.#out.controlIn(Protocol.LCP, this.#lcp.state, packet);
    if (packet.code === Code.TerminateRequest) this.#terminatedIn = this.#phase;
    this.#applyLcp(this.#lcp.handlePacket(packet, now), now);
  }

  #receiveAuthentication(protocol: number, packet: Packet, now: Millis): void {
    this.#out.proofIn(protocol, packet, this.#lcp.authentication);
    this.#applyAuthentication(this.#authentication.handlePacket(protocol, packet, now), now);
  }

  /** False: the protocol is not spoken here. */
  #receiveNetwork(protocol: number, packet: Packet, now: Millis): boolean {
    return this.#network.receive(protocol, packet, this.#phase === 'AUTHENTICATING', this.#lcp.options.peerMru, now);
  }

  /** §5.7. */
  #unknown(protocol: number, information: Uint8Array, now: Millis): void {
    if (this.#phase !== 'UP') return this.#out.drop('protocol-early');
    this.#refusedCcp ||= protocol === Protocol.CCP;
    this.#out.note(`I UNKNOWN ${formatProtocol(protocol)} len ${information.length}`);
    this.#applyLcp(this.#lcp.rejectProtocol(protocol, information, now), now);
  }

  /** What LCP says becomes what is sent, and the comings and goings of all above it. */
  #applyLcp(effects: readonly LcpEffect[], now: Millis): void {
    for (const effect of effects) {
      switch (effect.do) {
        case 'layer-up':
          this.#passiveDeadline = NEVER;
          this.#options = this.#lcp.options;
          this.#out.add({ do: 'lcp-up', options: this.#options });
          this.#authenticate(now);
          break;
        case 'layer-down':
          this.#leaveOpened(now);
          break;
        case 'layer-finished':
          // Nobody closed the link and the peer did not either: then our requests ran out (§4.1, TO-).
          this.#finish(this.#end ?? this.#peerEnd() ?? linkEnd('lcp-timeout', 'local', this.#lcp.unfinished));
          break;
        case 'fail':
          this.#close({ ...effect.failure, side: 'local' }, now);
          break;
        case 'protocol-rejected':
          this.#protocolRejected(effect.protocol, now);
          break;
        default:
          this.#out.control(Protocol.LCP, effect, this.#options);
      }
    }
  }

  #applyAuthentication(effects: readonly AuthenticationEffect[], now: Millis): void {
    for (const effect of effects) {
      switch (effect.do) {
        case 'send':
          this.#out.proof(effect.protocol, effect.packet, this.#options, this.#lcp.authentication);
          break;
        case 'authenticate':
          // What the peer waits for now is us.
          if (this.#phase === 'AUTHENTICATING') this.#phaseDeadline = now + this.#settings.authenticationTimeout;
          this.#out.add(effect);
          break;
        case 'find-secret':
          this.#out.add(effect);
          break;
        case 'authenticated':
          this.#enterNetwork(now);
          break;
        case 'fail':
          this.#close(linkEnd(effect.cause, effect.side, effect.message), now);
          break;
        case 'drop':
          this.#out.drop(effect.reason);
          break;
        default:
          effect satisfies never;
      }
    }
  }

  #authenticate(now: Millis): void {
    const agreed = this.#lcp.authentication;
    const { peer, local } = agreed;
    if (peer === undefined && local === undefined) return this.#enterNetwork(now);
    // In the words of IOS, "by the peer" is the peer checking us.
    const by = peer === undefined ? 'by the peer' : local === undefined ? 'by this end' : 'by both';
    this.#enter('AUTHENTICATING', by, now + this.#settings.authenticationTimeout);
    this.#applyAuthentication(this.#authentication.begin(agreed, now), now);
    for (const frame of this.#early.take()) this.#receive(frame, now);
  }

  #enterNetwork(now: Millis): void {
    const { username, keys } = this.#authentication;
    this.#out.add({ do: 'link-authenticated', username });
    this.#enter('UP', '', NEVER);
    this.#network.begin(username, keys, this.#lcp.authentication, now);
  }

  /** §3.4: LCP leaving Opened takes everything above it down. */
  #leaveOpened(now: Millis): void {
    this.#network.end(now);
    this.#authentication.stop();
    this.#options = undefined;
    this.#out.add({ do: 'lcp-down' });
    if (this.#phase === 'TERMINATING') return;
    if (this.#end !== undefined || this.#lcp.terminated) this.#enter('TERMINATING', '', NEVER);
    else this.#enter('ESTABLISHING', 'Active Open', now + this.#establishTime());
  }

  /** §5.7: the loss of any protocol but these changes nothing for the link. */
  #protocolRejected(protocol: number, now: Millis): void {
    this.#network.rejected(protocol, now);
    if (this.#phase === 'AUTHENTICATING' && isAgreed(protocol, this.#lcp.authentication)) {
      const message = `the peer rejects ${formatProtocol(protocol)}, which it agreed on`;
      this.#close(linkEnd('protocol-rejected', 'peer', message), now);
    }
  }

  #expirePhase(now: Millis): void {
    this.#phaseDeadline = NEVER;
    const why = phaseExpired(this.#phase);
    if (why !== undefined) this.#close(why, now);
  }

  /** The first reason to end is the one that is told. */
  #close(why: LinkEnd, now: Millis): void {
    if (this.#phase === 'DOWN') return;
    if (this.#end === undefined) this.#out.note(why.message);
    this.#end ??= this.#peerEnd() ?? why;
    if (this.#phase !== 'TERMINATING') this.#enter('TERMINATING', '', NEVER);
    // Only what the peer's operator would have to change is said.
    const farewell = this.#end.cause === 'encryption-required' ? this.#end.message : '';
    this.#applyLcp(this.#lcp.close(now, farewell), now);
    // Where nothing was ever said there is nothing to finish, and This-Layer-Finished does not come.
    if (this.#lcp.state === 'Closed' || this.#lcp.state === 'Initial') return this.#finish(this.#end);
    // A peer that answers no echo will not answer a Terminate-Request either: one is sent, none is waited for.
    if (this.#end.cause === 'keepalive') {
      this.#applyLcp(this.#lcp.down(now), now);
      this.#finish(this.#end);
    }
  }

  #finish(why: LinkEnd): void {
    // A layer may report its end after the link has drawn the conclusion.
    if (this.#phase === 'DOWN') return;
    this.#passiveDeadline = NEVER;
    this.#out.state('LCP', 'Initial');
    this.#enter('DOWN', '', NEVER);
    this.#out.add({ do: 'link-down', end: why });
  }

  #peerEnd(): LinkEnd | undefined {
    return this.#lcp.terminated ? peerTerminated(this.#terminatedIn, this.#lcp.farewell, this.#refusedCcp) : undefined;
  }

  #enter(phase: Phase, detail: string, deadline: Millis): void {
    this.#phase = phase;
    this.#phaseDeadline = deadline;
    this.#out.phase(phase, detail);
  }

  #passiveDelay(): Millis {
    const { passiveDelay, passiveDelayRandom } = this.#settings;
    if (passiveDelayRandom === 0) return passiveDelay;
    return passiveDelay + Math.floor((randomU16(this.#entropy) / 0x10000) * passiveDelayRandom);
  }

  #establishTime(): Millis {
    return this.#settings.maxConfigure * this.#settings.restartTimer * ESTABLISH_PATIENCE;
  }
}

const NEVER = Number.POSITIVE_INFINITY;
/** Negotiation that is neither refused nor ever ends is given up after this many times Max-Configure's own span. */
const ESTABLISH_PATIENCE = 3;
