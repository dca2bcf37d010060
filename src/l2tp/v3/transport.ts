// The control messages of one connection on their way between its machines and the wire: encoding and hiding, digests
// (RFC 3931 §5.4.1), the header, the channel, acknowledgements (§4.2), traces, and what an unproven peer may be sent.

import type { Path } from '../../wire/ip.ts';
import type { Millis } from '../../wire/machine.ts';
import { Channel, type Departure } from '../channel.ts';
import type { RetransmitSettings } from '../events.ts';
import type { Outlet } from '../outlet.ts';
import { digestType, hasDigest, hidingKey, isAuthentic, NO_NONCES, type Nonces, sealMessage } from './digest.ts';
import type { ConnectionSettings, V3EndpointEffect } from './events.ts';
import { CONTROL_HEADER_LENGTH, type ControlHeader, framed, writeControlHeader } from './header.ts';
import { type AttributesOf, decodeMessage, encodeMessage, type MessageName, nameOfMessage } from './message.ts';
import type { TransportStatus } from './status.ts';

export class Transport {
  readonly outlet: Outlet<V3EndpointEffect>;
  readonly channel: Channel;
  /** Our Control Connection ID, and the peer's: 0 until it said one. */
  readonly id: number;
  peerId = 0;
  path: Path;
  peerName = '';
  /** Unknown of a peer that called, until it was decided who it is. */
  settings: ConnectionSettings | undefined;
  /** §5.4.1: fresh for each connection, so that no digest of an old one fits. */
  readonly localNonce: Uint8Array;
  peerNonce: Uint8Array | undefined;
  /** The peer uses the vendor attributes of early Cisco routers, and is answered in kind. */
  cisco = false;
  /** The peer is where it says it is: we called it, or it answered what only it can have received. */
  proven: boolean;
  /** The last time the peer was heard, control and data alike. */
  heardAt: Millis;
  /** A decision is due at once that will answer: its message acknowledges. */
  answerDue = false;
  digestFailures = 0;
  messagesSent = 0;
  messagesReceived = 0;
  octetsSent = 0;
  octetsReceived = 0;
  #acknowledgeAt = Number.POSITIVE_INFINITY;

  constructor(
    outlet: Outlet<V3EndpointEffect>,
    id: number,
    path: Path,
    start: { readonly window: number; readonly retransmit: RetransmitSettings; readonly initiator: boolean },
  ) {
    this.outlet = outlet;
    this.id = id;
    this.path = path;
    this.channel = new Channel(start.window, start.retransmit, start.initiator);
    this.localNonce = outlet.entropy(NONCE_LENGTH);
    this.proven = start.initiator;
    this.heardAt = outlet.now;
  }

  get deadline(): Millis {
    return Math.min(this.channel.deadline, this.#acknowledgeAt);
  }

  /** What hidden attributes open with. */
  get hidingKey(): Uint8Array | undefined {
    const secret = this.settings?.digests[0]?.secret;
    return secret === undefined ? undefined : hidingKey(secret);
  }

  /** `session` is ours: whose message it is. */
  send<Name extends MessageName>(name: Name, attributes: AttributesOf<Name>, session = 0): void {
    this.channel.enqueue(this.#encode(name, attributes), session);
    this.flush();
  }

  /** Whether a message is the peer's own, as far as digests are in use. To be asked before anything of it is used. */
  accepts(message: Uint8Array): boolean {
    const digests = this.settings?.digests ?? [];
    // Without a secret of our own there is nothing to check; that the peer wants digests is for the handshake to see.
    if (digests.length === 0 || isAuthentic(message, digests, this.#noncesOfPeer(message))) return true;
    this.digestFailures++;
    this.outlet.drop(hasDigest(message) ? 'digest-wrong' : 'digest-missing', this.path);
    return false;
  }

  /** The messages that are next in order by this one: none, itself, or with those that had come early several. */
  receive(header: ControlHeader, message: Uint8Array): Uint8Array[] {
    const { outlet, channel } = this;
    this.messagesReceived++;
    this.octetsReceived += message.length;
    const name = nameOfMessage(message);
    outlet.messages.count(name, 'received');
    // §4.2: the ACK message takes no number, as the ZLB does, whose place it has where every message has a digest.
    const bare = name === 'ZLB' || name === 'ACK';
    const verdict = channel.receive(header.ns, header.nr, bare, message, outlet.now);
    if (outlet.traced) this.#trace('I', message, header.ns, header.nr, verdict === 'duplicate', 0);
    if (verdict === 'nr-invalid' || verdict === 'outside-window') {
      outlet.messages.count(name, 'dropped');
      outlet.drop(verdict, this.path);
      return [];
    }
    this.heardAt = outlet.now;
    if (verdict === 'duplicate') {
      outlet.messages.count(name, 'dropped');
      outlet.drop('duplicate', this.path);
    }
    if (verdict !== 'next') return [];
    const messages = [message];
    for (let early = channel.takeEarly(); early !== undefined; early = channel.takeEarly()) messages.push(early);
    return messages;
  }

  /** Sends what the windows let out. */
  flush(): void {
    const { outlet, channel } = this;
    for (let next = channel.depart(outlet.now); next !== undefined; next = channel.depart(outlet.now)) {
      this.#depart(next);
    }
  }

  /** To be called when an input has been dealt with: what was received by then is acknowledged. */
  settle(): void {
    this.flush();
    if (!this.channel.acknowledgementDue) this.#acknowledgeAt = Number.POSITIVE_INFINITY;
    else if (this.answerDue) this.#acknowledgeAt = Math.min(this.#acknowledgeAt, this.outlet.now + ANSWER_DELAY);
    else this.#acknowledge();
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

  status(): TransportStatus {
    const { id, peerId, peerName, path, channel, messagesSent, messagesReceived, octetsSent, octetsReceived } = this;
    return {
      connection: id,
      peerConnection: peerId,
      peerName,
      path,
      channel: channel.status(),
      digests: this.settings?.digests.length ?? 0,
      digestFailures: this.digestFailures,
      messagesSent,
      messagesReceived,
      octetsSent,
      octetsReceived,
    };
  }

  #encode<Name extends MessageName>(name: Name, attributes: AttributesOf<Name>): Uint8Array {
    const digest = this.settings?.digests[0];
    const key = this.settings?.hidden === true ? this.hidingKey : undefined;
    // Nothing is hidden from a peer that may not have found the secret yet.
    const hides = key !== undefined && !OPENING.includes(name);
    // A vector of its own for each message: two values of one type never share a pad.
    const hiding = hides ? { key, randomVector: this.outlet.entropy(RANDOM_VECTOR_LENGTH) } : undefined;
    const type = digest === undefined ? undefined : digestType(digest);
    const message = encodeMessage(name, attributes, { digestType: type, hiding, cisco: this.cisco });
    writeControlHeader(message, this.peerId, 0, 0);
    return message;
  }

  #acknowledge(): void {
    const { channel, settings } = this;
    channel.countZlb();
    this.#acknowledgeAt = Number.POSITIVE_INFINITY;
    const digests = (settings?.digests.length ?? 0) > 0;
    const octets = digests ? this.#encode('ACK', {}) : new Uint8Array(CONTROL_HEADER_LENGTH);
    writeControlHeader(octets, this.peerId, channel.ns, channel.nr);
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
    this.#seal(octets);
    outlet.emit({ do: 'send', path, octets: framed(path, octets) });
    if (outlet.traced) this.#trace('O', octets, ns, this.channel.nr, sends > 1, session);
  }

  /** Each time it goes: Ns and Nr are part of what the digest is over. */
  #seal(message: Uint8Array): void {
    const digest = this.settings?.digests[0];
    if (digest === undefined) return;
    const keyless = digest.secret === undefined || nameOfMessage(message) === 'SCCRQ';
    const nonces = keyless ? NO_NONCES : { sender: this.localNonce, receiver: this.peerNonce ?? NO_NONCES.receiver };
    sealMessage(message, digest, nonces);
  }

  /** §5.4.1: an SCCRQ knows no nonce yet, and an SCCRP is sealed with the one it brings itself. */
  #noncesOfPeer(message: Uint8Array): Nonces {
    const keyless = this.settings?.digests.every(({ secret }) => secret === undefined);
    const name = nameOfMessage(message);
    if (keyless === true || name === 'SCCRQ') return NO_NONCES;
    const brought = name === 'SCCRP' ? decodeMessage(message, undefined).attributes.Nonce : undefined;
    return { sender: brought ?? this.peerNonce ?? NO_NONCES.sender, receiver: this.localNonce };
  }

  #trace(
    direction: 'I' | 'O',
    octets: Uint8Array,
    ns: number,
    nr: number,
    retransmission: boolean,
    session: number,
  ): void {
    this.outlet.emit({
      do: 'trace',
      event: {
        kind: 'message',
        direction,
        tunnel: this.id,
        session,
        name: nameOfMessage(octets),
        ns,
        nr,
        retransmission,
        peerName: this.peerName,
        peerTunnel: this.peerId,
        peerSession: 0,
        octets,
        path: this.path,
      },
    });
  }
}

const OPENING: readonly MessageName[] = ['SCCRQ', 'SCCRP', 'StopCCN'];
const NONCE_LENGTH = 16;
const RANDOM_VECTOR_LENGTH = 16;
/** How long an acknowledgement waits for the answer that will carry it. */
const ANSWER_DELAY: Millis = 20;
