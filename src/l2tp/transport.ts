// The control messages of one tunnel on their way between its machines and the wire: encoding and hiding, the header,
// the channel, acknowledgements (RFC 2661 §5.8), traces, and what an unproven peer may be sent.

import type { Path } from '../wire/ip.ts';
import type { Millis } from '../wire/machine.ts';
import { Channel, type Departure } from './channel.ts';
import type { EndpointEffect, RetransmitSettings } from './events.ts';
import { CONTROL_HEADER_LENGTH, type ControlHeader, writeControlHeader } from './header.ts';
import { type AttributesOf, encodeMessage, type MessageName, nameOfMessage } from './message.ts';
import type { Outlet } from './outlet.ts';
import type { TransportStatus } from './status.ts';

export class Transport {
  readonly outlet: Outlet;
  readonly channel: Channel;
  /** Our Tunnel ID, and the peer's: 0 until it said one. */
  readonly id: number;
  peerId = 0;
  path: Path;
  peerName = '';
  /** What an ICCN says of framing: a kind the peer said it takes (§4.4.3). */
  framingType = 1;
  /** For hiding, and to read what is hidden. */
  secret: Uint8Array | undefined;
  hides = false;
  /** The peer is where it says it is: we called it, or it answered what only it can have received. */
  proven: boolean;
  /** The last time the peer was heard, control and data alike. */
  heardAt: Millis;
  /** A decision is due at once that will answer: its message acknowledges, no ZLB is wanted before it. */
  answerDue = false;
  messagesSent = 0;
  messagesReceived = 0;
  octetsSent = 0;
  octetsReceived = 0;
  #acknowledgeAt = Number.POSITIVE_INFINITY;

  constructor(
    outlet: Outlet,
    id: number,
    path: Path,
    start: { readonly window: number; readonly retransmit: RetransmitSettings; readonly initiator: boolean },
  ) {
    this.outlet = outlet;
    this.id = id;
    this.path = path;
    this.channel = new Channel(start.window, start.retransmit, start.initiator);
    this.proven = start.initiator;
    this.heardAt = outlet.now;
  }

  get deadline(): Millis {
    return Math.min(this.channel.deadline, this.#acknowledgeAt);
  }

  /** `session` is ours, `peerSession` the peer's: 0 for a message of the tunnel, or while it is not known. */
  send<Name extends MessageName>(name: Name, attributes: AttributesOf<Name>, session = 0, peerSession = 0): void {
    const { entropy } = this.outlet;
    const hide = this.hides && this.secret !== undefined;
    // A vector of its own for each message: two values of one type never share a pad.
    const random = () => entropy(RANDOM_VECTOR_LENGTH);
    const hiding = hide ? { secret: this.secret!, randomVector: random(), padding: random() } : undefined;
    const message = encodeMessage(name, attributes, hiding);
    writeControlHeader(message, this.peerId, peerSession, 0, 0);
    this.channel.enqueue(message, session);
    this.flush();
  }

  /** The bodies that are next in order by this datagram: none, one, or with those that had come early several. */
  receive(header: ControlHeader, octets: Uint8Array): Uint8Array[] {
    const { outlet, channel } = this;
    this.messagesReceived++;
    this.octetsReceived += octets.length;
    const message = octets.subarray(0, header.length);
    const zlb = header.length === CONTROL_HEADER_LENGTH;
    const verdict = channel.receive(header.ns, header.nr, zlb, message, outlet.now);
    this.#countReceived(nameOfMessage(message), verdict);
    if (outlet.traced)
      this.#traceMessage('I', message, header.ns, header.nr, verdict === 'duplicate', header.sessionId, 0);
    if (verdict === 'nr-invalid' || verdict === 'outside-window') {
      outlet.drop(verdict, this.path);
      return [];
    }
    this.heardAt = outlet.now;
    if (verdict === 'duplicate') outlet.drop('duplicate', this.path);
    if (verdict !== 'next') return [];
    const bodies = [message];
    for (let early = channel.takeEarly(); early !== undefined; early = channel.takeEarly()) bodies.push(early);
    return bodies;
  }

  /** Sends what the windows let out. */
  flush(): void {
    const { outlet, channel } = this;
    for (let next = channel.depart(outlet.now); next !== undefined; next = channel.depart(outlet.now))
      this.#depart(next);
  }

  /** To be called when an input has been dealt with: what was received by then is acknowledged. */
  settle(): void {
    this.flush();
    if (!this.channel.acknowledgementDue) {
      this.#acknowledgeAt = Number.POSITIVE_INFINITY;
    } else if (this.answerDue) {
      this.#acknowledgeAt = Math.min(this.#acknowledgeAt, this.outlet.now + ANSWER_DELAY);
    } else {
      this.#acknowledge();
    }
  }

  status(): TransportStatus {
    const { id, peerId, peerName, path, channel, messagesSent, messagesReceived, octetsSent, octetsReceived } = this;
    const counts = { messagesSent, messagesReceived, octetsSent, octetsReceived };
    return { tunnel: id, peerTunnel: peerId, peerName, path, channel: channel.status(), ...counts };
  }

  /** Whether the peer still answers: false when a message was sent often enough. */
  handleTimeout(): boolean {
    const { outlet, channel } = this;
    const result = channel.handleTimeout(outlet.now);
    if (result === 'failed') return false;
    if (result !== undefined) this.#depart(result);
    if (outlet.now >= this.#acknowledgeAt) this.answerDue = false;
    return true;
  }

  #countReceived(name: string, verdict: ReturnType<Channel['receive']>): void {
    const { messages } = this.outlet;
    messages.count(name, 'received');
    if (verdict === 'duplicate' || verdict === 'nr-invalid' || verdict === 'outside-window') {
      messages.count(name, 'dropped');
    }
  }

  #acknowledge(): void {
    const { channel } = this;
    channel.countZlb();
    this.#acknowledgeAt = Number.POSITIVE_INFINITY;
    const octets = new Uint8Array(CONTROL_HEADER_LENGTH);
    writeControlHeader(octets, this.peerId, 0, channel.ns, channel.nr);
    this.#transmit({ octets, session: 0, ns: channel.ns, sends: 1 });
  }

  #depart(departure: Departure): void {
    this.#acknowledgeAt = Number.POSITIVE_INFINITY;
    this.#transmit(departure);
  }

  #transmit({ octets, session, ns, sends }: Departure): void {
    const { outlet, path } = this;
    // An SCCRQ with somebody else's address must not make of us a reflector that multiplies.
    if (!this.proven && this.octetsSent + octets.length > outlet.limits.amplification * this.octetsReceived) {
      outlet.drop('amplification', path);
      return;
    }
    this.messagesSent++;
    this.octetsSent += octets.length;
    outlet.messages.count(nameOfMessage(octets), 'sent');
    if (sends > 1) outlet.messages.count(nameOfMessage(octets), 'resent');
    const effect: EndpointEffect = { do: 'send', path, octets };
    outlet.emit(effect);
    if (outlet.traced) this.#traceMessage('O', octets, ns, this.channel.nr, sends > 1, 0, session);
  }

  #traceMessage(
    direction: 'I' | 'O',
    octets: Uint8Array,
    ns: number,
    nr: number,
    retransmission: boolean,
    received: number,
    sent: number,
  ): void {
    const inHeader = (octets[6]! << 8) | octets[7]!;
    this.outlet.emit({
      do: 'trace',
      event: {
        kind: 'message',
        direction,
        tunnel: this.id,
        session: direction === 'I' ? received : sent,
        name: nameOfMessage(octets),
        ns,
        nr,
        retransmission,
        peerName: this.peerName,
        peerTunnel: this.peerId,
        peerSession: direction === 'I' ? 0 : inHeader,
        octets,
        path: this.path,
      },
    });
  }
}

const RANDOM_VECTOR_LENGTH = 16;
/** How long an acknowledgement waits for the answer that will carry it. */
const ANSWER_DELAY: Millis = 20;
