// The Link Control Protocol, RFC 1661 §5 and §6: the control protocol of the link itself, with echoes, Protocol-Reject and
// the detection of loops. Identification and Time-Remaining (RFC 1570 §2) are taken in any state.

import { type Entropy, type Millis, randomU32 } from '../wire/machine.ts';
import { printable, u32, utf8 } from '../wire/values.ts';
import type { State } from './automaton.ts';
import { type ControlEffect, ControlProtocol } from './control-protocol.ts';
import type { AuthenticationProtocol, LinkOptions, LinkSettings } from './events.ts';
import { Protocol } from './frame.ts';
import { DEFAULT_MRU, LCP_OPTIONS, LcpNegotiator } from './lcp-options.ts';
import { Code, encodePacket, HEADER_LENGTH, type Packet } from './packet.ts';

export type LcpEffect =
  | ControlEffect
  /** The peer has no use for this protocol (§5.7). */
  | { readonly do: 'protocol-rejected'; readonly protocol: number };

/** What the keepalive knows, for `show`. */
export interface KeepaliveState {
  readonly period: Millis;
  readonly retries: number;
  readonly unanswered: number;
}

export class Lcp {
  readonly #settings: LinkSettings;
  readonly #control: ControlProtocol<LcpNegotiator>;
  readonly #negotiator: LcpNegotiator;
  #echoDeadline: Millis = Number.POSITIVE_INFINITY;
  #echoesUnanswered = 0;
  #echoIdentifier = 0;
  /** The peer has sent a Terminate-Request and not begun anew since. */
  #terminated = false;
  #farewell = '';
  #heard = false;

  constructor(settings: LinkSettings, entropy: Entropy) {
    this.#settings = settings;
    this.#negotiator = new LcpNegotiator(settings, entropy);
    // MikroTik ignores a Configure-Request with an Identifier it has seen: so the first is a different one each time.
    const identifier = randomU32(entropy) & 0xff;
    this.#control = new ControlProtocol(
      { ...settings, restartOption: true },
      LCP_OPTIONS,
      this.#negotiator,
      identifier,
    );
  }

  get state(): State {
    return this.#control.state;
  }

  get deadline(): Millis {
    return Math.min(this.#control.deadline, this.#echoDeadline);
  }

  get options(): LinkOptions {
    const { peerMru, peerAcfc, peerPfc, magicNumber, peerMagicNumber, mru } = this.#negotiator;
    return {
      peerMru,
      localMru: mru ?? DEFAULT_MRU,
      sendAcfc: peerAcfc,
      sendPfc: peerPfc,
      localMagic: magicNumber,
      peerMagic: peerMagicNumber,
    };
  }

  /** Whether the end of the layer, when it comes, is the peer's doing. */
  get terminated(): boolean {
    return this.#terminated;
  }

  /** What its Terminate-Request says of the reason, if anything. */
  get farewell(): string {
    return this.#farewell;
  }

  /** Why negotiation ended without an agreement, in words. */
  get unfinished(): string {
    return this.#heard ? 'LCP could not be agreed on: our requests ran out' : 'the peer does not answer LCP';
  }

  /** What was agreed on: how the peer proves itself to us, and we to the peer. */
  get authentication(): { peer: AuthenticationProtocol | undefined; local: AuthenticationProtocol | undefined } {
    return { peer: this.#negotiator.authentication, local: this.#negotiator.peerAuthentication };
  }

  get keepalive(): KeepaliveState | undefined {
    const { keepalive } = this.#settings;
    return keepalive && { ...keepalive, unanswered: this.#echoesUnanswered };
  }

  /** The lower layer is up: §4.3 Open and Up, speak first, or wait for the peer to. */
  up(passive: boolean, now: Millis): LcpEffect[] {
    this.#control.handleEvent('Open', now);
    return passive ? this.#control.listen() : this.#control.handleEvent('Up', now);
  }

  /** From the beginning, by our own wish (§4.1, the restart option). */
  renegotiate(now: Millis): LcpEffect[] {
    return this.#watch(this.#control.handleEvent('Open', now), now);
  }

  /** The wait for the peer's first word is over. */
  speak(now: Millis): LcpEffect[] {
    return this.state === 'Stopped' ? this.#control.handleEvent('Open', now) : [];
  }

  down(now: Millis): LcpEffect[] {
    return this.#watch(this.#control.handleEvent('Down', now), now);
  }

  /** `farewell`: for the peer's operator. */
  close(now: Millis, farewell = ''): LcpEffect[] {
    this.#control.farewell = utf8.encode(farewell);
    return this.#watch(this.#control.handleEvent('Close', now), now);
  }

  handleTimeout(now: Millis): LcpEffect[] {
    const effects: LcpEffect[] = this.#watch(this.#control.handleTimeout(now), now);
    if (now >= this.#echoDeadline) effects.push(...this.#echo(now));
    return effects;
  }

  handlePacket(packet: Packet, now: Millis): LcpEffect[] {
    const { data } = packet;
    this.#heard = true;
    switch (packet.code) {
      case Code.ProtocolReject:
        return this.#receiveProtocolReject(data, now);
      case Code.EchoRequest:
      case Code.EchoReply:
        return this.#receiveEcho(packet, now);
      case Code.DiscardRequest:
      case Code.Identification:
      case Code.TimeRemaining:
        return []; // nothing is to be done, and nothing answered, in any state
      case Code.CodeReject:
        return this.#receiveCodeReject(packet, now);
      case Code.TerminateRequest:
        this.#terminated = true;
        this.#farewell = printable(utf8.decode(data.subarray(0, LONGEST_FAREWELL)));
        break;
      case Code.ConfigureRequest:
        this.#terminated = false;
        break;
    }
    return this.#watch(this.#control.handlePacket(packet, this.#negotiator.peerMru, now), now);
  }

  /** §5.7: a packet of a protocol we do not speak, sent back as far as the peer's MRU allows. */
  rejectProtocol(protocol: number, information: Uint8Array, now: Millis): LcpEffect[] {
    // §5.7: "Protocol-Reject packets can only be sent in the LCP Opened state."
    const effects: LcpEffect[] = [{ do: 'drop', reason: 'protocol-unknown' }];
    if (this.state !== 'Opened' || !this.#control.mayReject(now)) return effects;
    const room = Math.max(0, this.#negotiator.peerMru - HEADER_LENGTH - 2);
    const data = new Uint8Array(2 + Math.min(room, information.length));
    data.set([protocol >>> 8, protocol]);
    data.set(information.subarray(0, room), 2);
    const packet = encodePacket(Code.ProtocolReject, this.#control.nextIdentifier(), data);
    effects.push({ do: 'send', packet, state: this.state });
    return effects;
  }

  /** Echoes run while, and only while, the layer is open. */
  #watch(effects: ControlEffect[], now: Millis): ControlEffect[] {
    for (const effect of effects) {
      if (effect.do === 'layer-up') {
        this.#echoesUnanswered = 0;
        this.#echoDeadline = now + (this.#settings.keepalive?.period ?? Number.POSITIVE_INFINITY);
      } else if (effect.do === 'layer-down') {
        this.#echoDeadline = Number.POSITIVE_INFINITY;
      }
    }
    return effects;
  }

  #echo(now: Millis): LcpEffect[] {
    const { keepalive } = this.#settings;
    if (keepalive === undefined) return [];
    if (this.#echoesUnanswered >= keepalive.retries) {
      this.#echoDeadline = Number.POSITIVE_INFINITY;
      const message = `${keepalive.retries} LCP Echo-Requests in a row went unanswered`;
      return [{ do: 'fail', failure: { cause: 'keepalive', message } }];
    }
    this.#echoesUnanswered++;
    // The last one is waited for no longer than an answer takes: by then the peer has been silent for long enough.
    const last = this.#echoesUnanswered === keepalive.retries;
    this.#echoDeadline = now + (last ? Math.min(keepalive.period, LAST_ECHO_PATIENCE) : keepalive.period);
    this.#echoIdentifier = (this.#echoIdentifier + 1) & 0xff;
    const packet = encodePacket(Code.EchoRequest, this.#echoIdentifier, u32.encode(this.#negotiator.magicNumber));
    return [{ do: 'send', packet, state: this.state, priority: true }];
  }

  #receiveEcho({ code, identifier, data }: Packet, now: Millis): LcpEffect[] {
    if (data.length < MAGIC_LENGTH) return [{ do: 'drop', reason: 'echo-truncated' }];
    // §5.8: echoes count in the Opened state only; SoftEther sends them before.
    if (this.state !== 'Opened') return [{ do: 'drop', reason: 'echo-early' }];
    const { magicNumber, peerMru } = this.#negotiator;
    const received = u32.decode(data.subarray(0, MAGIC_LENGTH));
    if (magicNumber !== 0 && received === magicNumber) {
      const message = 'an LCP echo carries our own magic number: the link is looped';
      return [{ do: 'fail', failure: { cause: 'loopback', message } }];
    }
    // The peer's own echo is as much a sign of life as its answer to ours.
    this.#echoesUnanswered = 0;
    if (code === Code.EchoReply) return [];
    // A reply as long as the request could be more than the peer's MRU.
    const reply = data.slice(0, Math.max(MAGIC_LENGTH, peerMru - HEADER_LENGTH));
    reply.set(u32.encode(magicNumber));
    return this.#control.handleEvent('RXR', now, encodePacket(Code.EchoReply, identifier, reply));
  }

  #receiveProtocolReject(data: Uint8Array, now: Millis): LcpEffect[] {
    if (this.state !== 'Opened') return [{ do: 'drop', reason: 'protocol-reject-early' }];
    if (data.length === 0) return [{ do: 'drop', reason: 'protocol-reject-empty' }];
    // Some peers send the field compressed, in one octet; an odd first octet says so.
    const protocol = (data[0]! & 1) === 1 ? data[0]! : (data[0]! << 8) | (data[1] ?? 0);
    // §4.3: without LCP there is no link (RXJ-); the loss of any other protocol is borne (RXJ+).
    if (protocol !== Protocol.LCP) {
      return [...this.#control.handleEvent('RXJ+', now), { do: 'protocol-rejected', protocol }];
    }
    const message = 'the peer rejects LCP itself';
    return [{ do: 'fail', failure: { cause: 'protocol-rejected', message } }];
  }

  #receiveCodeReject(packet: Packet, now: Millis): LcpEffect[] {
    const [code] = packet.data;
    // A peer without echoes is left in peace; its session is watched by the tunnel's own Hello.
    if (code === Code.EchoRequest) this.#echoDeadline = Number.POSITIVE_INFINITY;
    if (code === undefined || code < Code.ConfigureRequest || code > Code.CodeReject) {
      return this.#control.handlePacket(packet, this.#negotiator.peerMru, now);
    }
    const message = `the peer rejects LCP code ${code}, which nobody can do without`;
    return [{ do: 'fail', failure: { cause: 'protocol-rejected', message } }];
  }
}

const MAGIC_LENGTH = 4;
const LAST_ECHO_PATIENCE: Millis = 3000;
/** As much as a line of a log has room for. */
const LONGEST_FAREWELL = 120;
