// One incoming call, as the LAC that indicates it or the LNS that is asked: runs the tables of RFC 2661 §7.4,
// and carries its data messages (§5.3, §5.4).

import type { Attributes } from './avp.ts';
import {
  type CallAction,
  type CallEvent,
  type CallRole,
  type CallState,
  LAC_INCOMING,
  LNS_INCOMING,
} from './call-tables.ts';
import { DataSequence } from './data.ts';
import { resultOf } from './end.ts';
import type { CallConnection, CallSettings, End, ProxyNegotiation } from './events.ts';
import { encodeDataMessage } from './header.ts';
import type { AttributesOf } from './message.ts';
import type { CallStatus } from './status.ts';
import type { Transport } from './transport.ts';

export class Call {
  readonly id: number;
  readonly role: CallRole;
  readonly reference: string | undefined;
  readonly callSerialNumber: number;
  /** 0 until the peer assigned one. */
  peerId = 0;
  /** Nothing of the call is left: its end has been told. */
  ended = false;
  readonly #transport: Transport;
  readonly #settings: CallSettings | undefined;
  #state: CallState = 'idle';
  #since: number;
  /** We put sequence numbers into data messages. */
  #sequencing: boolean;
  /** §4.4.4: "sequence numbers MUST be present at all times"; without it the LNS decides and the LAC follows. */
  #sequencingRequired: boolean;
  #sequence: DataSequence | undefined;
  #lateDropped = 0;
  /** Frames that came ahead of their ICCN. */
  #early: { readonly ns: number | undefined; readonly frame: Uint8Array }[] | undefined;
  #framesSent = 0;
  #framesReceived = 0;
  #octetsSent = 0;
  #octetsReceived = 0;

  /** With `settings` a call of our own, as the LAC; without, one the peer asks for. */
  constructor(
    transport: Transport,
    id: number,
    origin: { readonly serial: number; readonly settings?: CallSettings; readonly reference?: string },
  ) {
    this.#transport = transport;
    this.id = id;
    this.role = origin.settings === undefined ? 'LNS' : 'LAC';
    this.reference = origin.reference;
    this.callSerialNumber = origin.serial;
    this.#settings = origin.settings;
    this.#since = transport.outlet.now;
    this.#sequencingRequired = origin.settings?.sequencing ?? false;
    this.#sequencing = this.#sequencingRequired;
  }

  get state(): CallState {
    return this.#state;
  }

  /** The LNS has not decided yet. */
  get undecided(): boolean {
    return this.role === 'LNS' && this.#state === 'idle' && !this.ended;
  }

  /** Walks one cell of the table; `end` says how the call ends, if it does. False: the RFC's table has no such row. */
  step(event: CallEvent, end?: End, connection?: CallConnection): boolean {
    const table = this.role === 'LAC' ? LAC_INCOMING : LNS_INCOMING;
    const transition = table.lookup(this.#state, event);
    if (transition === undefined) return false;
    this.#enter(transition.next);
    for (const action of transition.actions) this.#perform(action, end, connection);
    return true;
  }

  /** As the LNS; `sequencing`: number data messages from the start. */
  accept(sequencing: boolean): void {
    this.#sequencing = sequencing;
    this.step('ICRQ+');
  }

  /** Ends the call for a reason the tables do not know: a time-out, or a message that cannot be understood. */
  abort(end: End): void {
    if (this.ended) return;
    const known = this.#state !== 'wait-tunnel';
    this.#enter('idle');
    if (known) this.#perform('send-CDN', end);
    this.#perform('clean-up', end);
  }

  /** §5.7: a StopCCN ends all calls without a message of their own. */
  tunnelDown(end: End): void {
    this.#enter('idle');
    this.#perform('clean-up', end);
  }

  /** §5.3: a PPP frame, in a data message with the peer's ids. */
  sendFrame(frame: Uint8Array, priority: boolean): void {
    const transport = this.#transport;
    const ns = this.#sequencing ? this.#numbers().next() : undefined;
    const header = { tunnelId: transport.peerId, sessionId: this.peerId, priority, ns };
    const octets = encodeDataMessage(header, frame);
    const { path } = transport;
    this.#framesSent++;
    this.#octetsSent += frame.length;
    const { outlet } = transport;
    if (ns === undefined) outlet.emit({ do: 'send', path, octets });
    else outlet.emit({ do: 'send', path, octets, sequenced: { tunnel: transport.id, session: this.id } });
  }

  /** A data message; its payload is a view of the datagram, good until the effect has been applied. */
  receiveFrame(ns: number | undefined, frame: Uint8Array): void {
    const { outlet, path, id: tunnel } = this.#transport;
    if (this.#state === 'wait-connect' && this.role === 'LNS' && this.#keepEarly(ns, frame)) return;
    if (this.#state !== 'established') {
      outlet.drop('session-not-up', path);
      return;
    }
    if (ns !== undefined && !this.#numbers().accepts(ns)) {
      this.#lateDropped++;
      outlet.drop('data-out-of-order', path);
      return;
    }
    this.#mirror(ns !== undefined);
    this.#framesReceived++;
    this.#octetsReceived += frame.length;
    outlet.emit({ do: 'frame', tunnel, session: this.id, frame });
  }

  status(): CallStatus {
    return {
      tunnel: this.#transport.id,
      session: this.id,
      peerTunnel: this.#transport.peerId,
      peerSession: this.peerId,
      reference: this.reference,
      role: this.role,
      state: this.#state as CallStatus['state'],
      since: this.#since,
      callSerialNumber: this.callSerialNumber,
      sequencing: this.#sequencing,
      ns: this.#sequence?.ns ?? 0,
      nr: this.#sequence?.nr ?? 0,
      outOfOrderDropped: this.#lateDropped,
      framesSent: this.#framesSent,
      framesReceived: this.#framesReceived,
      octetsSent: this.#octetsSent,
      octetsReceived: this.#octetsReceived,
    };
  }

  #perform(action: CallAction, end?: End, connection?: CallConnection): void {
    switch (action) {
      case 'open-tunnel':
        break; // a call is only ever opened on a tunnel that is up or coming up
      case 'send-ICRQ':
        this.#sendIcrq();
        break;
      case 'send-ICRP':
        this.#transport.send('ICRP', { AssignedSessionId: this.id }, this.id, this.peerId);
        break;
      case 'send-ICCN':
        // Told before it is sent: the answer to the ICCN may be data at once, and must find the packet path open.
        this.#up(undefined);
        this.#sendIccn();
        break;
      case 'prepare-for-data':
        this.#sequencingRequired = connection?.sequencingRequired ?? false;
        this.#sequencing ||= this.#sequencingRequired;
        this.#up(connection);
        this.#deliverEarly();
        break;
      case 'send-CDN':
        this.#transport.send('CDN', { ResultCode: resultOf(end!), AssignedSessionId: this.id }, this.id, this.peerId);
        break;
      case 'clean-up':
        this.ended = true;
        this.#early = undefined;
        this.#transport.outlet.emit({ do: 'call-down', tunnel: this.#transport.id, session: this.id, end: end! });
        break;
    }
  }

  /** No Bearer Type: no bit of it would be true here (§4.4.4 allows none). */
  #sendIcrq(): void {
    const { callSerialNumber, calledNumber, callingNumber } = this.#settings!;
    this.#transport.send(
      'ICRQ',
      {
        AssignedSessionId: this.id,
        CallSerialNumber: callSerialNumber,
        CalledNumber: calledNumber,
        CallingNumber: callingNumber,
      },
      this.id,
    );
  }

  /** No Assigned Session ID, and no Rx Connect Speed equal to the Tx one: both have made peers hang up. */
  #sendIccn(): void {
    const attributes: AttributesOf<'ICCN'> = {
      TxConnectSpeed: this.#settings!.connectSpeed,
      FramingType: this.#transport.framingType,
      SequencingRequired: this.#sequencingRequired ? true : undefined,
    };
    this.#transport.send('ICCN', attributes, this.id, this.peerId);
  }

  #up(connection: CallConnection | undefined): void {
    const { outlet, id, peerId, path } = this.#transport;
    outlet.emit({
      do: 'call-up',
      tunnel: id,
      session: this.id,
      peerTunnel: peerId,
      peerSession: this.peerId,
      path,
      sequencing: this.#sequencing,
      connection,
    });
  }

  /** A LAC may send as soon as its ICCN is on its way, and a window or a loss may hold that up: what came ahead of it waits. */
  #keepEarly(ns: number | undefined, frame: Uint8Array): boolean {
    this.#early ??= [];
    if (this.#early.length >= MAX_EARLY_FRAMES || frame.length > MAX_EARLY_OCTETS) return false;
    this.#early.push({ ns, frame: frame.slice() });
    return true;
  }

  #deliverEarly(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const { ns, frame } of early) this.receiveFrame(ns, frame);
  }

  /** §5.4: the LAC numbers its data messages when, and only when, the LNS numbers its own. */
  #mirror(numbered: boolean): void {
    if (this.role !== 'LAC' || this.#sequencingRequired || this.#sequencing === numbered) return;
    this.#sequencing = numbered;
    const { outlet, id: tunnel } = this.#transport;
    outlet.emit({ do: 'sequencing', tunnel, session: this.id, enabled: numbered });
  }

  /** Made when first needed: most calls are never numbered. "It picks up where it left off" (§5.4), so it is kept. */
  #numbers(): DataSequence {
    this.#sequence ??= new DataSequence();
    return this.#sequence;
  }

  /** The one place where the state changes. */
  #enter(state: CallState): void {
    const from = this.#state;
    if (from === state) return;
    this.#state = state;
    const { outlet, id: tunnel } = this.#transport;
    this.#since = outlet.now;
    if (outlet.traced) {
      outlet.emit({ do: 'trace', event: { kind: 'call-state', tunnel, session: this.id, from, to: state } });
    }
  }
}

/** What an ICCN says, as the LNS is told it. */
export function connectionOf(iccn: Attributes): CallConnection {
  const txConnectSpeed = iccn.TxConnectSpeed ?? 0;
  return {
    txConnectSpeed,
    rxConnectSpeed: iccn.RxConnectSpeed ?? txConnectSpeed, // §4.4.4: absent, it is the same
    framingType: iccn.FramingType ?? 0,
    sequencingRequired: iccn.SequencingRequired ?? false,
    proxy: proxyOf(iccn),
  };
}

/** §4.4.5: what the LAC settled with the client before we came in. Whether to believe it is not decided here. */
function proxyOf(iccn: Attributes): ProxyNegotiation | undefined {
  const proxy: ProxyNegotiation = {
    initialReceivedLcpConfreq: iccn.InitialReceivedLcpConfreq,
    lastSentLcpConfreq: iccn.LastSentLcpConfreq,
    lastReceivedLcpConfreq: iccn.LastReceivedLcpConfreq,
    authenType: iccn.ProxyAuthenType,
    authenName: iccn.ProxyAuthenName,
    authenChallenge: iccn.ProxyAuthenChallenge,
    authenId: iccn.ProxyAuthenId,
    authenResponse: iccn.ProxyAuthenResponse,
  };
  return Object.values(proxy).some((value) => value !== undefined) ? proxy : undefined;
}

/** A first LCP Configure-Request, a repetition or two of it, and nothing larger. */
const MAX_EARLY_FRAMES = 4;
const MAX_EARLY_OCTETS = 256;
