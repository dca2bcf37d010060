// One connection between two nodes, whoever opened it, RFC 3931 §5.4.3: what becomes of two that are opened at once, and of one
// that stands when another comes up.

import type { Path } from '../../wire/ip.ts';
import type { Millis } from '../../wire/machine.ts';
import { localEnd, StopCcnResult } from '../end.ts';
import type { Outlet } from '../outlet.ts';
import type { ControlConnection } from './control-connection.ts';
import type { V3EndpointEffect } from './events.ts';
import type { Message } from './message.ts';

export class Ties {
  readonly #outlet: Outlet<V3EndpointEffect>;
  /** To be called for each connection that we changed. */
  readonly #changed: (connection: ControlConnection) => void;
  /** Ours with an SCCRQ out: what a tie is looked for among. */
  readonly #dialling = new Map<string, Set<ControlConnection>>();
  /** SCCRQs that lost a tie, and until when their repetitions are known again. */
  readonly #losers = new Map<string, Millis>();
  /** By node: for a moment there may be two. */
  readonly #established = new Map<string, Set<ControlConnection>>();

  constructor(outlet: Outlet<V3EndpointEffect>, changed: (connection: ControlConnection) => void) {
    this.#outlet = outlet;
    this.#changed = changed;
  }

  /** One of ours is about to be opened. */
  dial(connection: ControlConnection): void {
    add(this.#dialling, connection);
  }

  /**
   * The lower tie breaker wins, equal ones both lose, and ours wins against none at all. An SCCRQ that lost is repeated until its
   * sender hears of it, perhaps when our own connection stands already: it stays lost.
   */
  loses(path: Path, { attributes }: Message, peerId: number): boolean {
    const { now } = this.#outlet;
    const key = `${path.peerAddress} ${path.peerPort} ${peerId}`;
    for (const [each, until] of this.#losers)
      if (until <= now || this.#losers.size > MOST_LOSERS) this.#losers.delete(each);
    const theirs = attributes.TieBreaker;
    const known = this.#losers.has(key);
    let loses = known;
    for (const connection of [...(this.#dialling.get(nodeOf(path)) ?? [])]) {
      const ours = connection.tieBreaker;
      if (ours === undefined) continue;
      if (theirs === undefined || ours <= theirs) loses = true;
      if (theirs !== undefined && theirs <= ours) this.#abandon(connection);
      // Ours stands, and the peer may have begun to listen only after it went.
      else if (!known) this.#hurry(connection);
    }
    if (loses) this.#losers.set(key, now + REPEATED_WITHIN);
    return loses;
  }

  /**
   * It is established. Whatever of ours is still on its way to the peer has come too late. Of two that were opened at once, unknown
   * to each other, the lower tie breaker stands, for both ends alike; an older one is of a peer that began anew.
   */
  stand(connection: ControlConnection): void {
    const { path } = connection.transport;
    for (const other of [...(this.#dialling.get(nodeOf(path)) ?? [])]) {
      if (other !== connection) this.#abandon(other);
    }
    for (const other of [...(this.#established.get(nodeOf(path)) ?? [])]) {
      const atOnce = this.#outlet.now - other.since < AT_ONCE;
      const stands = atOnce && (other.tieBreaker ?? 0n) < (connection.tieBreaker ?? 0n);
      const loser = stands ? connection : other;
      loser.stop(localEnd('tie-lost', StopCcnResult.AlreadyExists, 0, 'there is another connection'));
      this.#changed(loser);
      if (stands) return;
    }
    add(this.#established, connection);
  }

  /** After every input that touched a connection. */
  settle(connection: ControlConnection): void {
    if (connection.state !== 'wait-ctl-reply') remove(this.#dialling, connection);
    if (connection.state === 'shutting-down') remove(this.#established, connection);
  }

  #hurry(connection: ControlConnection): void {
    connection.repeatRequest();
    this.#changed(connection);
  }

  #abandon(connection: ControlConnection): void {
    connection.loseTie();
    this.#changed(connection);
  }
}

type ByNode = Map<string, Set<ControlConnection>>;

function add(all: ByNode, connection: ControlConnection): void {
  const node = nodeOf(connection.transport.path);
  const known = all.get(node);
  if (known === undefined) all.set(node, new Set([connection]));
  else known.add(connection);
}

function remove(all: ByNode, connection: ControlConnection): void {
  const node = nodeOf(connection.transport.path);
  const known = all.get(node);
  if (known?.delete(connection) === true && known.size === 0) all.delete(node);
}

/** one set of parameters, and so one connection, between two addresses. */
function nodeOf({ transport, localAddress, peerAddress }: Path): string {
  return `${transport} ${localAddress} ${peerAddress}`;
}

/** §4.2: longer than a full retransmission cycle. */
const REPEATED_WITHIN: Millis = 60_000;
/** Within this two connections can have been opened without one end knowing of the other's. */
const AT_ONCE: Millis = 10_000;
const MOST_LOSERS = 1000;
