// One L2TPv3 session, RFC 3931 §7.3: what the two ends tell each other of it, and its data messages as far as the control thread
// handles them. Whoever sends the ICRQ is called the initiator here; either end may be.

import { equalSecrets } from '../../wire/bytes.ts';
import type { Millis } from '../../wire/machine.ts';
import { endOfRefusal, localEnd, peerEnd, resultOf } from '../end.ts';
import type { End, Refusal } from '../events.ts';
import type { Outlet } from '../outlet.ts';
import type { Attributes } from './avp.ts';
import { DataSequence } from './data-sequence.ts';
import type { DataSequencing, PeerIdentity, SessionPath, SessionSettings, V3EndpointEffect } from './events.ts';
import {
  encodeDataMessage,
  SESSION_ID_LENGTH,
  SUBLAYER_LENGTH,
  sequenceOf,
  sessionIdOffset,
  sublayerWord,
} from './header.ts';
import type { Message } from './message.ts';
import type { SessionState, SessionStatus } from './status.ts';
import type { Transport } from './transport.ts';

export class Session {
  readonly id: number;
  readonly transport: Transport;
  readonly reference: string | undefined;
  readonly initiator: boolean;
  /** Of our ICRQ: the least wins when both ends ask for one session (§5.4.4). */
  readonly tieBreaker: bigint | undefined;
  /** When it is to be up, else given up. */
  readonly setupAt: Millis;
  peerId = 0;
  ended = false;
  #state: SessionState;
  #since: Millis;
  #settings: SessionSettings | undefined;
  /** What the peer's ICRQ said. */
  #request: Attributes = {};
  #localCookie: Uint8Array = NO_COOKIE;
  #peerCookie: Uint8Array = NO_COOKIE;
  #peerSublayer = false;
  #peerSequencing: DataSequencing = 'none';
  #circuitActive = true;
  #peerCircuitActive = true;
  /** Frames that overtook the ICCN: whoever sends it may begin at once. */
  #early: Uint8Array[] = [];
  readonly #sequence = new DataSequence();
  readonly #counters = { framesSent: 0, framesReceived: 0, octetsSent: 0, octetsReceived: 0, outOfOrderDropped: 0 };

  readonly #changed: (session: Session) => void;

  /** With `own` one of ours; without, one the peer asks for. `changed` hears of every new state. */
  constructor(
    transport: Transport,
    id: number,
    changed: (session: Session) => void,
    own?: { readonly settings: SessionSettings; readonly reference: string },
  ) {
    this.transport = transport;
    this.#changed = changed;
    this.id = id;
    this.reference = own?.reference;
    this.initiator = own !== undefined;
    this.#settings = own?.settings;
    this.#circuitActive = own?.settings.circuitActive ?? true;
    this.#state = this.initiator ? 'wait-connection' : 'idle';
    this.#since = this.#outlet.now;
    this.setupAt = this.#outlet.now + this.#outlet.limits.callSetupTimeout;
    if (!this.initiator) return;
    const octets = this.#outlet.entropy(8);
    this.tieBreaker = new DataView(octets.buffer, octets.byteOffset, 8).getBigUint64(0);
  }

  get state(): SessionState {
    return this.#state;
  }

  get remoteEndId(): Uint8Array {
    return this.#settings?.remoteEndId ?? this.#request.RemoteEndId ?? NO_COOKIE;
  }

  get pseudowireType(): number {
    return this.#settings?.pseudowireType ?? this.#request.PseudowireType ?? 0;
  }

  /** The connection is up: our own session is asked for. */
  ask(): void {
    const settings = this.#settings!;
    this.#assignCookie();
    this.#enter('wait-reply');
    this.transport.send(
      'ICRQ',
      {
        ...this.#ids(),
        ...this.#data(),
        SerialNumber: settings.callSerialNumber,
        PseudowireType: settings.pseudowireType,
        RemoteEndId: settings.remoteEndId,
        CircuitStatus: { active: this.#circuitActive, isNew: true },
        AssignedCookie: this.#localCookie,
        TieBreaker: this.tieBreaker,
        InterfaceMtu: settings.interfaceMtu,
      },
      this.id,
    );
  }

  /** The ICRQ that made this session. */
  requested({ attributes }: Message, peer: PeerIdentity): void {
    this.#request = attributes;
    this.#learn(attributes);
    this.#outlet.emit({
      do: 'session-requested',
      connection: this.transport.id,
      session: this.id,
      path: this.transport.path,
      peer,
      request: {
        remoteEndId: this.remoteEndId,
        pseudowireType: this.pseudowireType,
        callSerialNumber: attributes.SerialNumber ?? 0,
        circuitActive: this.#peerCircuitActive,
        sequencing: this.#peerSequencing,
        ...(attributes.InterfaceMtu !== undefined && { interfaceMtu: attributes.InterfaceMtu }),
      },
    });
  }

  accept(settings: SessionSettings): void {
    if (this.#state !== 'idle' || this.initiator) return this.#outlet.count('stale-input');
    this.#settings = settings;
    this.#circuitActive = settings.circuitActive;
    if (this.#peerSequencing !== 'none' && !this.#peerSublayer) {
      return this.end(localEnd('protocol', CdnResultV3.SequencingWithoutSublayer, 0, 'sequencing without a sublayer'));
    }
    this.#assignCookie();
    this.#enter('wait-connect');
    const carries = this.#carries();
    this.#outlet.emit({ do: 'session-accepted', connection: this.transport.id, session: this.id, carries });
    const answer = {
      ...{ ...this.#ids(), ...this.#data(), AssignedCookie: this.#localCookie, InterfaceMtu: settings.interfaceMtu },
      CircuitStatus: { active: this.#circuitActive, isNew: true },
    };
    this.transport.send('ICRP', answer, this.id);
  }

  close(refusal: Refusal): void {
    this.end(endOfRefusal(this.#state === 'idle' ? 'refused' : 'closed', refusal));
  }

  /** A message of this session, in order and authentic. */
  receive(message: Message): void {
    const { name, attributes } = message;
    const { fault } = message;
    if (name === 'CDN') return this.finish(peerEnd(attributes.ResultCode));
    if (fault !== undefined)
      return this.end(localEnd(fault.cause, CdnResultV3.SeeErrorCode, fault.errorCode, fault.text));
    if (name === 'ICRP' && this.#state === 'wait-reply') return this.#replied(attributes);
    if (name === 'ICCN' && this.#state === 'wait-connect') return this.#connected(attributes);
    if (name === 'SLI' && this.#state === 'established') return this.#setPeerCircuit(attributes);
    if (name === 'WEN' && this.#state === 'established') return;
    this.end(localEnd('protocol', CdnResultV3.StateMachineError, 0, `${name} in ${this.#state}`));
  }

  /** Our attachment circuit went up or down. */
  setCircuit(active: boolean): void {
    if (active === this.#circuitActive) return;
    this.#circuitActive = active;
    if (this.#state !== 'established') return;
    this.transport.send('SLI', { ...this.#ids(), CircuitStatus: { active, isNew: false } }, this.id);
  }

  /** Ends it with a CDN. */
  end(end: End): void {
    if (this.ended) return;
    if (this.#state !== 'wait-connection') {
      this.transport.send('CDN', { ResultCode: resultOf(end), ...this.#ids() }, this.id);
    }
    this.finish(end);
  }

  /** It is over, and the peer knows or need not be told. */
  finish(end: End): void {
    if (this.ended) return;
    this.ended = true;
    this.#enter('idle');
    this.#changed(this); // it may have been idle before
    this.#outlet.emit({ do: 'session-down', connection: this.transport.id, session: this.id, end });
  }

  sendFrame(frame: Uint8Array): void {
    if (this.#state !== 'established') return this.#outlet.count('stale-input');
    const numbered = this.#peerSequencing === 'all' || this.#peerSequencing === 'non-ip';
    const sublayer = this.#peerSublayer ? sublayerWord(numbered ? this.#sequence.next() : undefined) : undefined;
    const { path } = this.transport;
    this.#counters.framesSent++;
    this.#counters.octetsSent += frame.length;
    const octets = encodeDataMessage(path, this.peerId, this.#peerCookie, sublayer, frame);
    this.#outlet.emit({ do: 'send', path, octets });
  }

  /** A data message for this session. §4.1: the cookie first, in constant time, before anything else is looked at. */
  receiveData(octets: Uint8Array): void {
    const { path } = this.transport;
    const outlet = this.#outlet;
    const cookieAt = sessionIdOffset(path) + SESSION_ID_LENGTH;
    let at = cookieAt + this.#localCookie.length;
    if (octets.length < at || !equalSecrets(octets.subarray(cookieAt, at), this.#localCookie)) {
      return outlet.drop('cookie-mismatch', path);
    }
    const waits = this.#state === 'wait-connect' && this.#early.length < MOST_EARLY;
    if (this.#state !== 'established' && !waits) return outlet.drop('session-not-up', path);
    if (this.#settings!.sublayer) {
      if (octets.length < at + SUBLAYER_LENGTH) return outlet.drop('sublayer-truncated', path);
      const sequence = sequenceOf(new DataView(octets.buffer, octets.byteOffset + at, SUBLAYER_LENGTH).getUint32(0));
      at += SUBLAYER_LENGTH;
      if (sequence !== undefined && !this.#sequence.accepts(sequence)) {
        this.#counters.outOfOrderDropped++;
        return outlet.drop('data-out-of-order', path);
      }
    }
    this.#counters.framesReceived++;
    this.#counters.octetsReceived += octets.length - at;
    if (waits) return void this.#early.push(octets.slice(at));
    this.transport.heardAt = outlet.now;
    outlet.emit({ do: 'frame', session: this.id, frame: octets.subarray(at) });
  }

  status(): SessionStatus {
    return {
      connection: this.transport.id,
      session: this.id,
      peerSession: this.peerId,
      reference: this.reference,
      locallyInitiated: this.initiator,
      state: this.#state,
      since: this.#since,
      callSerialNumber: this.#settings?.callSerialNumber ?? this.#request.SerialNumber ?? 0,
      pseudowireType: this.pseudowireType,
      remoteEndId: this.remoteEndId,
      circuitActive: this.#circuitActive,
      peerCircuitActive: this.#peerCircuitActive,
      sequencing: this.#settings?.sequencing ?? 'none',
      carries: this.#state === 'established' ? this.#carries() : undefined,
      ...this.#counters,
    };
  }

  get #outlet(): Outlet<V3EndpointEffect> {
    return this.transport.outlet;
  }

  /** §7.3.1: our ICRQ was accepted. */
  #replied(attributes: Attributes): void {
    this.#learn(attributes);
    if (this.#peerSequencing !== 'none' && !this.#peerSublayer) {
      return this.end(localEnd('protocol', CdnResultV3.SequencingWithoutSublayer, 0, 'sequencing without a sublayer'));
    }
    const { interfaceMtu: ours } = this.#settings!;
    const theirs = attributes.InterfaceMtu;
    if (ours !== undefined && theirs !== undefined && theirs !== ours) {
      const why = `the MTU is ${ours} here and ${theirs} there`;
      return this.end(localEnd('protocol', CdnResultV3.MismatchingMtu, 0, why));
    }
    // Told before it is sent: the answer may be data at once, and must find the packet path open.
    this.#up();
    this.transport.send('ICCN', { ...this.#ids(), ...this.#data() }, this.id);
  }

  #connected(attributes: Attributes): void {
    this.#learn(attributes);
    this.#up();
  }

  #up(): void {
    this.#enter('established');
    const circuitActive = this.#peerCircuitActive;
    const carries = this.#carries();
    this.#outlet.emit({ do: 'session-up', connection: this.transport.id, session: this.id, carries, circuitActive });
    for (const frame of this.#early) this.#outlet.emit({ do: 'frame', session: this.id, frame });
    this.#early = [];
  }

  /** What each message may say anew; what it leaves out stays. */
  #learn(attributes: Attributes): void {
    this.peerId = attributes.LocalSessionId ?? this.peerId;
    this.#peerCookie = attributes.AssignedCookie ?? this.#peerCookie;
    if (attributes.L2SpecificSublayer !== undefined) this.#peerSublayer = attributes.L2SpecificSublayer !== 0;
    if (attributes.DataSequencing !== undefined) this.#peerSequencing = SEQUENCINGS[attributes.DataSequencing] ?? 'all';
    if (attributes.CircuitStatus !== undefined) this.#peerCircuitActive = attributes.CircuitStatus.active;
  }

  #setPeerCircuit({ CircuitStatus: status }: Attributes): void {
    if (status === undefined || status.active === this.#peerCircuitActive) return;
    this.#peerCircuitActive = status.active;
    this.#outlet.emit({ do: 'circuit', session: this.id, active: status.active });
  }

  #ids(): { readonly LocalSessionId: number; readonly RemoteSessionId: number } {
    return { LocalSessionId: this.id, RemoteSessionId: this.peerId };
  }

  /** §5.4.4: how data is to reach us. */
  #data(): { readonly L2SpecificSublayer: number | undefined; readonly DataSequencing: number | undefined } {
    const { sublayer, sequencing } = this.#settings!;
    return {
      L2SpecificSublayer: sublayer ? DEFAULT_SUBLAYER : undefined,
      DataSequencing: sequencing === 'none' ? undefined : SEQUENCINGS.indexOf(sequencing),
    };
  }

  #assignCookie(): void {
    this.#localCookie = this.#outlet.entropy(this.#settings!.cookieSize);
  }

  #carries(): SessionPath {
    return {
      path: this.transport.path,
      localSession: this.id,
      peerSession: this.peerId,
      localCookie: this.#localCookie,
      peerCookie: this.#peerCookie,
      receiveSublayer: this.#settings!.sublayer,
      sendSublayer: this.#peerSublayer,
      sendSequencing: this.#peerSequencing,
    };
  }

  #enter(state: SessionState): void {
    const from = this.#state;
    if (from === state) return;
    this.#state = state;
    this.#changed(this);
    const outlet = this.#outlet;
    this.#since = outlet.now;
    if (!outlet.traced) return;
    const { id: tunnel } = this.transport;
    outlet.emit({ do: 'trace', event: { kind: 'call-state', tunnel, session: this.id, from, to: state } });
  }
}

/** §5.4.2: the results of a CDN that RFC 2661 does not have, and those of it used here. */
export const CdnResultV3 = {
  SeeErrorCode: 2,
  Administrative: 3,
  NoFacilitiesNow: 4,
  TieLost: 13,
  UnsupportedPseudowire: 14,
  SequencingWithoutSublayer: 15,
  StateMachineError: 16,
  /** RFC 4667 §3.5: of the interfaces at the two ends. */
  MismatchingMtu: 23,
} as const;

/** By the values of the Data Sequencing AVP. */
const SEQUENCINGS: readonly DataSequencing[] = ['none', 'non-ip', 'all'];
const DEFAULT_SUBLAYER = 1;
/** Of PPP it is one; the cookie was right, but the peer may have gone mad. */
const MOST_EARLY = 4;
const NO_COOKIE = new Uint8Array(0);
