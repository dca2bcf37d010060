// A peer that says whatever a test wants said, to one endpoint whose side is played by the simplest of routers.

import type { Limits } from '../../../src/l2tp/outlet.ts';
import { V3Endpoint } from '../../../src/l2tp/v3/endpoint.ts';
import type { SessionSettings, V3EndpointEffect, V3EndpointInput } from '../../../src/l2tp/v3/events.ts';
import { decodeControlHeader, framed, kindOf, writeControlHeader } from '../../../src/l2tp/v3/header.ts';
import { type AttributesOf, encodeMessage, type MessageName } from '../../../src/l2tp/v3/message.ts';
import type { Path } from '../../../src/wire/ip.ts';
import type { Millis } from '../../../src/wire/machine.ts';
import { seeded, seededEntropy } from '../../sim/world.ts';
import { CONNECTION, SESSION } from './pair.ts';

export const PATH: Path = {
  localAddress: '192.0.2.2',
  localPort: 1701,
  peerAddress: '192.0.2.1',
  peerPort: 1701,
};

const text = (octets: string) => new TextEncoder().encode(octets);

/** Complete messages, whose ids are made to fit where they are sent. */
export const WELL_FORMED: { readonly [Name in MessageName]: AttributesOf<Name> } = {
  SCCRQ: { HostName: 'a', RouterId: 1, AssignedControlConnectionId: 77, PseudowireCapabilitiesList: [7] },
  SCCRP: { HostName: 'a', RouterId: 1, AssignedControlConnectionId: 77, PseudowireCapabilitiesList: [7] },
  SCCCN: {},
  StopCCN: { ResultCode: { resultCode: 1, errorCode: undefined, message: '' }, AssignedControlConnectionId: 77 },
  HELLO: {},
  OCRQ: request(5),
  OCRP: { LocalSessionId: 5, RemoteSessionId: 0, CircuitStatus: { active: true, isNew: true } },
  OCCN: { LocalSessionId: 5, RemoteSessionId: 0 },
  ICRQ: request(5),
  ICRP: { LocalSessionId: 5, RemoteSessionId: 0, CircuitStatus: { active: true, isNew: true } },
  ICCN: { LocalSessionId: 5, RemoteSessionId: 0 },
  CDN: { ResultCode: { resultCode: 3, errorCode: undefined, message: '' }, LocalSessionId: 5, RemoteSessionId: 0 },
  WEN: {
    LocalSessionId: 5,
    RemoteSessionId: 0,
    CircuitErrors: {
      crcErrors: 0,
      framingErrors: 0,
      hardwareOverruns: 0,
      bufferOverruns: 0,
      timeoutErrors: 0,
      alignmentErrors: 0,
    },
  },
  SLI: { LocalSessionId: 5, RemoteSessionId: 0, CircuitStatus: { active: false, isNew: false } },
  ACK: {},
};

export function request(LocalSessionId: number, end = '15'): AttributesOf<'ICRQ'> {
  return {
    LocalSessionId,
    RemoteSessionId: 0,
    SerialNumber: 1,
    PseudowireType: 7,
    RemoteEndId: text(end),
    CircuitStatus: { active: true, isNew: true },
  };
}

export class Forger {
  readonly endpoint: V3Endpoint;
  now: Millis = 0;
  ns = 0;
  nr = 0;
  /** What arrived and what was sent since it was last set to 0: IP and UDP headers not counted. */
  octetsIn = 0;
  octetsOut = 0;
  readonly effects: V3EndpointEffect[] = [];
  /** Of the endpoint, once it has one. */
  connection = 0;
  session = 0;
  /** Whether its router says yes to connections and sessions. */
  obliging = true;
  sessionSettings: SessionSettings = SESSION;

  constructor(seed = 1, limits?: Partial<Limits>) {
    const entropy = seededEntropy(seeded(seed));
    this.endpoint = new V3Endpoint(limits === undefined ? { entropy } : { entropy, limits });
    this.endpoint.traced = false;
  }

  /** Opens a connection and one session, as a good peer would. */
  establish(): this {
    this.send('SCCRQ', {}, { connectionId: 0 });
    this.send('SCCCN', {});
    this.send('ICRQ', {});
    this.send('ICCN', {}, { session: this.session });
    return this;
  }

  craft<Name extends MessageName>(
    name: Name,
    attributes: Partial<AttributesOf<Name>>,
    to: { connectionId?: number; session?: number; ns?: number; nr?: number } = {},
  ): Uint8Array {
    const session = to.session === undefined ? {} : { RemoteSessionId: to.session };
    const message = encodeMessage(name, { ...WELL_FORMED[name], ...session, ...attributes } as AttributesOf<Name>);
    writeControlHeader(message, to.connectionId ?? this.connection, to.ns ?? this.ns, to.nr ?? this.nr);
    return framed(PATH, message);
  }

  /** In sequence, unless a number is given. */
  send<Name extends MessageName>(
    name: Name,
    attributes: Partial<AttributesOf<Name>>,
    to: { connectionId?: number; session?: number; ns?: number; nr?: number } = {},
  ): V3EndpointEffect[] {
    const octets = this.craft(name, attributes, to);
    if (to.ns === undefined) this.ns = (this.ns + 1) & 0xffff;
    return this.datagram(octets);
  }

  datagram(octets: Uint8Array, path: Path = PATH): V3EndpointEffect[] {
    this.octetsIn += octets.length;
    return this.input({ on: 'datagram', path, octets });
  }

  input(input: V3EndpointInput): V3EndpointEffect[] {
    return this.#seen(this.endpoint.handle(input, this.now));
  }

  /** Lets time go by, with all that falls due. */
  pass(millis: Millis): void {
    const until = this.now + millis;
    while (this.endpoint.deadline <= until) {
      this.now = Math.max(this.now, this.endpoint.deadline);
      this.#seen(this.endpoint.handleTimeout(this.now));
    }
    this.now = until;
  }

  #seen(effects: V3EndpointEffect[]): V3EndpointEffect[] {
    for (const effect of effects) {
      this.effects.push(effect);
      if (effect.do === 'send') this.#received(effect);
      if (effect.do === 'probe-activity') this.input({ on: 'activity', connection: effect.connection, heard: false });
      if (!this.obliging) continue;
      if (effect.do === 'authorize-connection') {
        this.connection = effect.connection;
        this.input({ on: 'authorize-connection', connection: effect.connection, settings: CONNECTION });
      }
      if (effect.do === 'session-requested') {
        this.session = effect.session;
        this.input({ on: 'accept-session', session: effect.session, settings: this.sessionSettings });
      }
    }
    return effects;
  }

  #received({ path, octets }: Extract<V3EndpointEffect, { do: 'send' }>): void {
    this.octetsOut += octets.length;
    if (path !== PATH || kindOf(path, octets) !== 'control') return;
    const { start, end, ns } = decodeControlHeader(path, octets);
    if (end - start > 12 && ns === this.nr) this.nr = (ns + 1) & 0xffff;
  }
}
