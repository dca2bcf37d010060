// Sessions of L2TPv3 without signaling: ids and cookies are typed at both ends, there is no control connection, and a session
// stands as soon as its interface wants it (RFC 3931 §4.1, C050-C053, R-151).

import { localEnd } from '../l2tp/end.ts';
import type { End, Refusal } from '../l2tp/events.ts';
import { DataSequence } from '../l2tp/v3/data-sequence.ts';
import {
  encodeDataMessage,
  SESSION_ID_LENGTH,
  SUBLAYER_LENGTH,
  sequenceOf,
  sessionIdOf,
  sessionIdOffset,
  sublayerWord,
} from '../l2tp/v3/header.ts';
import { equalSecrets } from '../wire/bytes.ts';
import type { Path } from '../wire/ip.ts';
import type { Millis } from '../wire/machine.ts';
import type { Context } from './context.ts';
import type { V3Data } from './events.ts';

export interface ManualSession {
  readonly interfaceName: string;
  readonly localSession: number;
  readonly peerSession: number;
  readonly path: Path;
  readonly data: V3Data;
}

export interface ManualSessionStatus extends ManualSession {
  readonly since: Millis;
  readonly framesSent: number;
  readonly framesReceived: number;
  readonly octetsSent: number;
  readonly octetsReceived: number;
}

interface Standing extends ManualSession {
  readonly since: Millis;
  readonly sequence: DataSequence;
  readonly counters: { framesSent: number; framesReceived: number; octetsSent: number; octetsReceived: number };
}

export interface ManualSessionsHost {
  frame(session: number, frame: Uint8Array): void;
  down(session: number, end: End): void;
}

export class ManualSessions {
  readonly #context: Context;
  readonly #host: ManualSessionsHost;
  readonly #sessions = new Map<number, Standing>();
  readonly drops = new Map<string, number>();

  constructor(context: Context, host: ManualSessionsHost) {
    this.#context = context;
    this.#host = host;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Also for whoever gives out ids: these are taken. */
  has(id: number): boolean {
    return this.#sessions.has(id);
  }

  ids(): number[] {
    return [...this.#sessions.keys()];
  }

  status(id: number): ManualSessionStatus | undefined {
    const session = this.#sessions.get(id);
    return session && { ...session, ...session.counters };
  }

  open(session: ManualSession): void {
    const counters = { framesSent: 0, framesReceived: 0, octetsSent: 0, octetsReceived: 0 };
    const standing = { ...session, since: this.#context.now, sequence: new DataSequence(), counters };
    this.#sessions.set(session.localSession, standing);
  }

  /** Nobody is told: the other end has its own mind. */
  close(id: number, { resultCode, message }: Refusal): void {
    if (this.#sessions.delete(id)) this.#host.down(id, localEnd('closed', resultCode, 0, message));
  }

  send(id: number, frame: Uint8Array): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    const { path, peerSession, data, sequence, counters } = session;
    const sublayer = data.sendSublayer ? sublayerWord(data.sendSequencing ? sequence.next() : undefined) : undefined;
    counters.framesSent++;
    counters.octetsSent += frame.length;
    const octets = encodeDataMessage(path, peerSession, data.peerCookie, sublayer, frame);
    this.#context.emit({ do: 'send', path, octets });
  }

  /** A datagram; false: it is for no session of ours. As in a signalled one, first where it came from, then its cookie. */
  receive(path: Path, octets: Uint8Array): boolean {
    const at = sessionIdOffset(path);
    if (this.#sessions.size === 0 || octets.length < at + SESSION_ID_LENGTH) return false;
    const id = sessionIdOf(path, octets);
    const session = this.#sessions.get(id);
    if (session === undefined || isControl(path, octets)) return false;
    const frame = this.#payload(session, path, octets);
    if (typeof frame === 'string') {
      this.drops.set(frame, (this.drops.get(frame) ?? 0) + 1);
      return true;
    }
    session.counters.framesReceived++;
    session.counters.octetsReceived += frame.length;
    this.#host.frame(id, frame);
    return true;
  }

  /** The frame, or why there is none. */
  #payload({ path: known, data, sequence }: Standing, path: Path, octets: Uint8Array): Uint8Array | string {
    if (known.peerAddress !== path.peerAddress || known.transport !== path.transport) return 'wrong-source';
    const cookieAt = sessionIdOffset(path) + SESSION_ID_LENGTH;
    const at = cookieAt + data.localCookie.length;
    if (octets.length < at || !equalSecrets(octets.subarray(cookieAt, at), data.localCookie)) return 'cookie-mismatch';
    if (!data.receiveSublayer) return octets.subarray(at);
    if (octets.length < at + SUBLAYER_LENGTH) return 'sublayer-truncated';
    const word = new DataView(octets.buffer, octets.byteOffset + at, SUBLAYER_LENGTH).getUint32(0);
    const number = sequenceOf(word);
    const late = data.receiveSequencing && number !== undefined && !sequence.accepts(number);
    return late ? 'data-out-of-order' : octets.subarray(at + SUBLAYER_LENGTH);
  }
}

/** Over UDP the T bit tells; over IP it is the Session ID 0, which is no session's (§4.1). */
function isControl({ transport }: Path, octets: Uint8Array): boolean {
  return transport !== 'ip' && (octets[0]! & 0x80) !== 0;
}
