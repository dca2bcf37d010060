// An attachment circuit and its session of L2TPv3 (RFC 3931 §2, RFC 4719): frames go from one to the other as they are. It stands
// where a `Call` stands for PPP. The session stays while the circuit is down at either end: it is told, and nothing passes.

import { CdnResult } from '../l2tp/end.ts';
import type { Millis } from '../wire/machine.ts';
import type { CallPlace, SessionEnds } from './call-place.ts';
import { CallRecord, type RecordHost } from './call-record.ts';
import type { Context } from './context.ts';
import { wireOf } from './cross-connects.ts';
import { DataRow } from './data-row.ts';
import type { DataSession } from './events.ts';
import { type CallEnd, type FailureCause, failureOf } from './failure.ts';
import { frameMtuOf } from './mtu.ts';
import type { Octets } from './units.ts';

/** What a circuit asks of the router around it. */
export interface CircuitHost extends RecordHost {
  outerMtuOf(localAddress: string): Octets;
  /** Whether the interface is up, and the largest payload of its frames. */
  circuitOf(interfaceName: string): { readonly up: boolean; readonly mtu: Octets };
  circuitEstablished(circuit: Circuit): void;
  ended(circuit: Circuit, cause: FailureCause | undefined): void;
}

export class Circuit {
  readonly place: CallPlace;
  /** When both ends were up last, if they are. */
  upSince: Millis | undefined;
  changedAt: Millis;
  transitions = 0;
  readonly drops = new Map<string, number>();
  /** Of a call, which has PPP, a user and an address; asked of either. */
  readonly link = undefined;
  readonly neighbor = undefined;
  readonly speaksFrom = undefined;
  readonly username = '';
  readonly deadline: Millis = Number.POSITIVE_INFINITY;
  peerUp = false;
  readonly #row: DataRow;
  readonly #record: CallRecord;
  readonly #context: Context;
  readonly #host: CircuitHost;
  #established = false;
  /** What the peer knows of our end. */
  #told: boolean;
  #refusal: { readonly cause: FailureCause; readonly message: string } | undefined;

  constructor(place: CallPlace, context: Context, host: CircuitHost) {
    this.place = place;
    this.#context = context;
    this.#host = host;
    this.#row = new DataRow(context);
    this.#record = new CallRecord(place, context, host);
    this.#told = host.circuitOf(place.interfaceName).up;
    this.changedAt = context.now;
  }

  get data(): DataSession | undefined {
    return this.#row.session;
  }

  /** Our end of it, as the peer was told. */
  get localUp(): boolean {
    return this.#told;
  }

  /** The packet path gets its row before the peer can send. */
  admitted(where: SessionEnds): void {
    this.#open(where);
  }

  connected(up: SessionEnds, circuitActive = true): void {
    if (this.data === undefined) this.#open(up);
    else this.#row.update({ path: up.path, sequencing: up.sequencing, ...(up.v3 && { v3: up.v3 }) });
    this.#established = true;
    this.peerUp = circuitActive;
    this.#host.circuitEstablished(this);
    this.#warnOfSize();
    this.refresh();
    this.#follow();
  }

  /** The circuit at the other end went up or down. */
  circuit(active: boolean): void {
    this.peerUp = active;
    this.#follow();
  }

  /** Ours may have. */
  refresh(): void {
    if (!this.#established) return;
    const { interfaceName, session } = this.place;
    const { up } = this.#host.circuitOf(interfaceName);
    if (up !== this.#told) {
      this.#told = up;
      this.#context.l2tpv3({ on: 'circuit', session, active: up });
    }
    this.#follow();
  }

  /** The packet path takes its frames: what comes here came when it would not. */
  frame(): void {
    this.drops.set('circuit-down', (this.drops.get('circuit-down') ?? 0) + 1);
  }

  sequencing(enabled: boolean): void {
    this.#row.update({ sequencing: enabled });
  }

  clear(message: string): void {
    this.hangUp(message);
  }

  hangUp(message: string, cause?: FailureCause): void {
    if (cause !== undefined) this.#refusal = { cause, message };
    this.place.carrier.close({ resultCode: CdnResult.Administrative, message });
  }

  disconnected(end: CallEnd): void {
    this.#established = false;
    this.#row.close(this.place);
    if (this.upSince !== undefined) this.#say(false);
    const cause = this.#refusal?.cause ?? failureOf(end, ORDINARY_ENDS);
    const reason = this.#refusal?.message ?? end.message;
    this.#record.ended(end, cause, { user: '', path: this.data?.path, reason });
    this.#host.ended(this, cause);
  }

  #open({ peerTunnel, peerSession, path, sequencing, v3 }: SessionEnds): void {
    const { tunnel, session, interfaceName } = this.place;
    this.#row.open({
      ...{ localTunnel: tunnel, localSession: session, peerTunnel, peerSession, path, sequencing },
      ...(v3 && { v3 }),
      ...{ device: interfaceName, interfaceName, networkUp: false, strictSource: false },
      // There is no PPP to compress, and no TCP is looked into.
      ...{ sendAcfc: false, sendPfc: false, mssClamp: 0 },
      mtu: this.#mtu({ path, sequencing, v3 }),
    });
  }

  /** With DF a frame must fit into one outer packet; without, Linux cuts the outer packet in two (C046). */
  #mtu(ends: Parameters<typeof frameMtuOf>[0]): Octets {
    const { mtu } = this.#host.circuitOf(this.place.interfaceName);
    const fits = frameMtuOf(ends, this.#host.outerMtuOf(ends.path.localAddress));
    return ends.v3?.outer.dontFragment === true ? Math.min(mtu, fits) : mtu;
  }

  #warnOfSize(): void {
    const { interfaceName } = this.place;
    const data = this.data!;
    const { mtu } = this.#host.circuitOf(interfaceName);
    const fits = frameMtuOf(data, this.#host.outerMtuOf(data.path.localAddress));
    if (mtu <= fits) return;
    const fate = data.v3?.outer.dontFragment === true ? 'dropped, for DF is set' : 'sent in fragments';
    const text = `${interfaceName}: frames of more than ${fits} octets do not fit into one packet and are ${fate}`;
    this.#context.log('VPDN-CONFIG_WARN', text);
  }

  /** Frames pass while the circuit is up at both ends. */
  #follow(): void {
    const { data } = this;
    if (data === undefined || !this.#established) return;
    const up = this.#told && this.peerUp;
    const mtu = this.#mtu(data);
    if (up !== data.networkUp || mtu !== data.mtu) this.#row.update({ networkUp: up, mtu });
    if (up === (this.upSince !== undefined)) return;
    this.#say(up);
  }

  #say(up: boolean): void {
    const { now } = this.#context;
    this.upSince = up ? now : undefined;
    this.changedAt = now;
    if (up) this.transitions++;
    const { interfaceName, subject } = this.place;
    const ends = this.#established ? `circuit ${word(this.#told)} here and ${word(this.peerUp)} there` : 'no session';
    const wire = wireOf(subject);
    const peer = `${this.data?.path.peerAddress ?? wire?.peer ?? ''} vcid ${wire?.vcid ?? ''}`;
    this.#context.log('XCONNECT-PW_STATUS', `L2TP peer ${peer} on ${interfaceName}, VC ${word(up)}, ${ends}`);
  }
}

function word(up: boolean): 'UP' | 'DOWN' {
  return up ? 'UP' : 'DOWN';
}

/** §4.4.2 of RFC 2661: the CDN results that are no failures. */
const ORDINARY_ENDS: readonly number[] = [CdnResult.LossOfCarrier, CdnResult.Administrative, CdnResult.TieLost];
