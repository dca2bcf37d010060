// The sessions of one control connection, and which of them a message is for. Their ids are the whole node's (RFC 3931 §4.1):
// `all` is shared by the connections of an endpoint.

import type { Millis } from '../../wire/machine.ts';
import { localEnd } from '../end.ts';
import type { End } from '../events.ts';
import type { Outlet } from '../outlet.ts';
import type { PeerIdentity, SessionSettings, V3EndpointEffect } from './events.ts';
import { freshIdentifier } from './identifiers.ts';
import type { Message } from './message.ts';
import { CdnResultV3, Session } from './session.ts';
import type { Transport } from './transport.ts';

export class Sessions {
  /** When the last one ended. */
  idleSince: Millis;
  /** There was one once. */
  used = false;
  readonly #transport: Transport;
  readonly #all: Map<number, Session>;
  readonly #reserved: { has(id: number): boolean };
  readonly #own = new Map<number, Session>();
  /** Neither up nor down, the oldest first, which is due first: none has more time than another. */
  readonly #pending = new Set<Session>();
  /** Those of them that we asked for, by what for. */
  readonly #asked = new Map<string, Set<Session>>();
  readonly #ended = new Set<Session>();
  #up = false;

  constructor(transport: Transport, all: Map<number, Session>, reserved: { has(id: number): boolean }) {
    this.#transport = transport;
    this.#all = all;
    this.#reserved = reserved;
    this.idleSince = transport.outlet.now;
  }

  get size(): number {
    return this.#own.size;
  }

  values(): IterableIterator<Session> {
    return this.#own.values();
  }

  get deadline(): Millis {
    for (const { setupAt } of this.#pending) return setupAt;
    return Number.POSITIVE_INFINITY;
  }

  /** A session of our own; asked for at once, or when the connection is up. */
  open(reference: string, settings: SessionSettings): void {
    const session = this.#create({ settings, reference });
    const connection = this.#transport.id;
    this.#outlet.emit({ do: 'session-opening', reference, connection, session: session.id });
    if (this.#up) session.ask();
  }

  connectionUp(): void {
    this.#up = true;
    this.idleSince = this.#outlet.now;
    for (const session of [...this.#pending]) if (session.state === 'wait-connection') session.ask();
  }

  /** A StopCCN ends all sessions without a message of their own. */
  connectionDown(end: End): void {
    this.#up = false;
    const why = localEnd('tunnel-down', 0, 0, end.message);
    for (const session of [...this.#own.values()]) session.finish(why);
    this.settle();
  }

  receive(message: Message, peer: PeerIdentity): void {
    if (message.name === 'ICRQ') return this.#receiveRequest(message, peer);
    const session = this.#find(message);
    if (session !== undefined) return session.receive(message);
    // §7.3: of an outgoing call there is no line to dial on; of a session that is gone, its peer is told by a CDN it expects.
    if (message.name === 'OCRQ') return this.#decline(message, CdnResultV3.NoFacilitiesNow, 'no outgoing calls');
    this.#outlet.drop('message-without-session', this.#transport.path);
  }

  handleTimeout(): void {
    const { now } = this.#outlet;
    for (const session of this.#pending) {
      if (session.setupAt > now) return;
      session.end(localEnd('setup-timeout', CdnResultV3.StateMachineError, 0, 'not established in time'));
    }
  }

  /** Forgets those that ended. */
  settle(): void {
    if (this.#ended.size === 0) return;
    for (const { id } of this.#ended) {
      this.#own.delete(id);
      this.#all.delete(id);
    }
    this.#ended.clear();
    this.idleSince = this.#outlet.now;
  }

  get #outlet(): Outlet<V3EndpointEffect> {
    return this.#transport.outlet;
  }

  #create(own?: { settings: SessionSettings; reference: string }): Session {
    const taken = { has: (each: number) => this.#all.has(each) || this.#reserved.has(each) };
    const id = freshIdentifier(this.#outlet.entropy, taken);
    const session = new Session(this.#transport, id, this.#changed, own);
    this.#own.set(id, session);
    this.#all.set(id, session);
    this.#pending.add(session);
    if (own !== undefined) this.#askedFor(session.remoteEndId).add(session);
    this.used = true;
    return session;
  }

  readonly #changed = (session: Session): void => {
    if (session.ended) this.#ended.add(session);
    if (!session.ended && session.state !== 'established') return;
    this.#pending.delete(session);
    if (!session.initiator) return;
    const alike = this.#askedFor(session.remoteEndId);
    alike.delete(session);
    if (alike.size === 0) this.#asked.delete(keyOf(session.remoteEndId));
  };

  #askedFor(remoteEndId: Uint8Array): Set<Session> {
    const key = keyOf(remoteEndId);
    const known = this.#asked.get(key) ?? new Set();
    this.#asked.set(key, known);
    return known;
  }

  #receiveRequest(message: Message, peer: PeerIdentity): void {
    const { fault } = message;
    if (fault !== undefined) return this.#decline(message, CdnResultV3.SeeErrorCode, fault.text, fault.errorCode);
    if (
      this.#own.size >= this.#outlet.limits.sessionsPerTunnel ||
      this.#pending.size >= this.#outlet.limits.halfOpenSessions
    ) {
      return this.#decline(message, CdnResultV3.NoFacilitiesNow, 'too many sessions');
    }
    if (!this.#winsNoTie(message)) return this.#decline(message, CdnResultV3.TieLost, 'both asked at once');
    this.#create().requested(message, peer);
  }

  /**
   * §5.4.4 and §7.3: whether an ICRQ may go on against one of ours for the same end. The lower tie breaker wins; without one of
   * theirs ours does; equal ones both lose. Ours, when it loses, ends without a word: theirs stands in its place.
   */
  #winsNoTie({ attributes }: Message): boolean {
    const theirs = attributes.TieBreaker;
    for (const session of [...(this.#asked.get(keyOf(attributes.RemoteEndId!)) ?? [])]) {
      if (session.state === 'wait-reply' && (theirs === undefined || session.tieBreaker! < theirs)) return false;
      session.finish(localEnd('tie-lost', 0, 0, 'both asked for the session at once, and theirs stands'));
      if (session.tieBreaker === theirs) return false;
    }
    return true;
  }

  /** By our id, which every message but the first names; by the peer's, where it never learnt ours. */
  #find({ attributes }: Message): Session | undefined {
    const { LocalSessionId: theirs, RemoteSessionId: ours = 0 } = attributes;
    if (ours !== 0) return this.#own.get(ours);
    for (const session of this.#pending) if (session.peerId !== 0 && session.peerId === theirs) return session;
    return undefined;
  }

  #decline({ attributes }: Message, resultCode: number, text: string, errorCode?: number): void {
    this.#transport.send('CDN', {
      ResultCode: { resultCode, errorCode, message: text },
      LocalSessionId: 0,
      RemoteSessionId: attributes.LocalSessionId ?? 0,
    });
  }
}

/** Octets as text, one character each. */
function keyOf(remoteEndId: Uint8Array): string {
  return String.fromCharCode(...remoteEndId);
}
