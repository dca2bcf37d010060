// A peer played by hand: crafts each control message, right or wrong, and reads what an endpoint answers.

import type { Attributes } from '../../src/l2tp/avp.ts';
import { encodeAvp } from '../../src/l2tp/avp.ts';
import { Endpoint, type EndpointOptions } from '../../src/l2tp/endpoint.ts';
import type { EndpointEffect, EndpointInput, TunnelSettings } from '../../src/l2tp/events.ts';
import { CONTROL_HEADER_LENGTH, decodeControlHeader, isControl, writeControlHeader } from '../../src/l2tp/header.ts';
import { decodeMessage, encodeMessage, type Hiding, type MessageName, nameOfMessage } from '../../src/l2tp/message.ts';
import { ByteWriter, concatOctets } from '../../src/wire/bytes.ts';
import type { Path } from '../../src/wire/ip.ts';
import { CALL, entropyOf, SETTINGS } from './wire.ts';

export const PATH: Path = {
  localAddress: '192.0.2.1',
  localPort: 1701,
  peerAddress: '192.0.2.9',
  peerPort: 1701,
};

export interface Sent {
  readonly name: string;
  readonly ns: number;
  readonly nr: number;
  readonly tunnelId: number;
  readonly sessionId: number;
  readonly attributes: Attributes;
  readonly octets: Uint8Array;
  readonly path: Path;
}

export interface Extra {
  /** Session ID of the header. */
  readonly session?: number;
  /** Whole AVPs put behind the others. */
  readonly avps?: readonly Uint8Array[];
  readonly ns?: number;
  readonly nr?: number;
  readonly tunnelId?: number;
  readonly path?: Path;
  readonly hiding?: Hiding;
  /** Attributes of the message not to send. */
  readonly without?: readonly (keyof Attributes)[];
}

type Of<Do extends EndpointEffect['do']> = Extract<EndpointEffect, { do: Do }>;

export class Peer {
  readonly endpoint: Endpoint;
  path: Path = PATH;
  now = 0;
  /** The tunnel's id here, and the endpoint's. */
  id = 77;
  tunnel = 0;
  ns = 0;
  nr = 0;
  /** Of the last input. */
  effects: EndpointEffect[] = [];
  secret: Uint8Array | undefined;

  constructor(options: Partial<EndpointOptions> = {}) {
    this.endpoint = new Endpoint({ entropy: entropyOf(7), ...options });
  }

  input(input: EndpointInput): EndpointEffect[] {
    return this.#take(this.endpoint.handle(input, this.now));
  }

  /** Lets time pass, with all that falls due on the way. */
  pass(time: number): EndpointEffect[] {
    const until = this.now + time;
    const all: EndpointEffect[] = [];
    while (this.endpoint.deadline <= until) {
      this.now = Math.max(this.now, this.endpoint.deadline);
      all.push(...this.#take(this.endpoint.handleTimeout(this.now)));
    }
    this.now = until;
    this.effects = all;
    return all;
  }

  of<Do extends EndpointEffect['do']>(kind: Do): Of<Do>[] {
    return this.effects.filter((effect): effect is Of<Do> => effect.do === kind);
  }

  /** Control messages that the last input made the endpoint send. */
  get sent(): Sent[] {
    return this.of('send')
      .filter(({ octets }) => isControl(octets))
      .map(({ octets, path }) => ({ ...readMessage(octets, this.secret), path }));
  }

  get names(): string[] {
    return this.sent.map(({ name }) => name);
  }

  get drops(): string[] {
    return this.of('drop').map(({ reason }) => reason);
  }

  datagram(octets: Uint8Array, path = this.path): EndpointEffect[] {
    return this.input({ on: 'datagram', path, octets });
  }

  craft(name: MessageName, attributes: Attributes = {}, extra: Extra = {}): Uint8Array {
    const full: Record<string, unknown> = { ...DEFAULTS[name], ...attributes };
    if ('AssignedTunnelId' in full && attributes.AssignedTunnelId === undefined) full.AssignedTunnelId = this.id;
    for (const attribute of extra.without ?? []) delete full[attribute];
    const body = encodeMessage(name, full as never, extra.hiding);
    const octets = concatOctets(body, ...(extra.avps ?? []));
    const { tunnelId = this.tunnel, session = 0, ns = this.ns, nr = this.nr } = extra;
    writeControlHeader(octets, tunnelId, session, ns, nr);
    return octets;
  }

  send(name: MessageName, attributes: Attributes = {}, extra: Extra = {}): EndpointEffect[] {
    const octets = this.craft(name, attributes, extra);
    if (extra.ns === undefined) this.ns = (this.ns + 1) & 0xffff;
    return this.datagram(octets, extra.path);
  }

  zlb(extra: Extra = {}): EndpointEffect[] {
    const octets = new Uint8Array(CONTROL_HEADER_LENGTH);
    writeControlHeader(octets, extra.tunnelId ?? this.tunnel, 0, extra.ns ?? this.ns, extra.nr ?? this.nr);
    return this.datagram(octets, extra.path);
  }

  /** The endpoint is called: SCCRQ, SCCRP, SCCCN. Returns its Tunnel ID. */
  call(settings: TunnelSettings = SETTINGS, attributes: Attributes = {}): number {
    this.request(attributes);
    this.input({ on: 'authorize-tunnel', tunnel: this.tunnel, settings });
    this.send('SCCCN');
    return this.tunnel;
  }

  /** As far as the SCCRQ. */
  request(attributes: Attributes = {}, extra: Extra = {}): void {
    this.send('SCCRQ', attributes, { ...extra, tunnelId: 0 });
    this.tunnel = this.of('authorize-tunnel')[0]?.tunnel ?? this.tunnel;
  }

  /** The endpoint calls: as far as its SCCRQ. */
  beDialled(settings: TunnelSettings = SETTINGS): number {
    this.input({ on: 'open-tunnel', reference: 'r', path: this.path, settings });
    this.tunnel = this.of('tunnel-opening')[0]!.tunnel;
    return this.tunnel;
  }

  /** The endpoint calls, and is answered. */
  beCalled(settings: TunnelSettings = SETTINGS, attributes: Attributes = {}): number {
    this.beDialled(settings);
    this.send('SCCRP', attributes);
    this.zlb();
    return this.tunnel;
  }

  /** An incoming call of this peer's, up: the endpoint is the LNS. Returns the endpoint's Session ID. */
  bringCall(peerSession = 5, iccn: Attributes = {}, sequencing = false): number {
    this.send('ICRQ', { AssignedSessionId: peerSession });
    const { session, tunnel } = this.of('call-requested')[0]!;
    this.input({ on: 'accept-call', tunnel, session, sequencing });
    this.send('ICCN', iccn, { session });
    return session;
  }

  /** A call of the endpoint's, up: it is the LAC. */
  takeCall(peerSession = 5, sequencing = false): number {
    this.input({ on: 'open-call', tunnel: this.tunnel, reference: 'c', call: { ...CALL, sequencing } });
    const { session } = this.of('call-opening')[0]!;
    this.send('ICRP', { AssignedSessionId: peerSession }, { session });
    return session;
  }

  #take(effects: EndpointEffect[]): EndpointEffect[] {
    this.effects = effects;
    for (const effect of effects) {
      if (effect.do !== 'send' || !isControl(effect.octets) || effect.octets.length === CONTROL_HEADER_LENGTH) continue;
      const { ns } = decodeControlHeader(effect.octets);
      if (ns === this.nr) this.nr = (ns + 1) & 0xffff;
    }
    return effects;
  }
}

export function readMessage(octets: Uint8Array, secret?: Uint8Array): Omit<Sent, 'path'> {
  const { ns, nr, tunnelId, sessionId } = decodeControlHeader(octets);
  const zlb = octets.length === CONTROL_HEADER_LENGTH;
  const attributes = zlb ? {} : decodeMessage(octets, secret).attributes;
  return { name: nameOfMessage(octets), ns, nr, tunnelId, sessionId, attributes, octets };
}

/** One AVP by hand; `bits` are M, H and the reserved ones, as they stand in the first octet. */
export function rawAvp(
  bits: number,
  vendorId: number,
  type: number,
  value: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const w = new ByteWriter();
  encodeAvp(w, { mandatory: false, hidden: false, vendorId, type, value });
  const octets = w.finish();
  octets[0]! |= bits;
  return octets;
}

const DEFAULTS: Readonly<Record<MessageName, Attributes>> = {
  SCCRQ: {
    ProtocolVersion: { version: 1, revision: 0 },
    HostName: 'peer.example.com',
    FramingCapabilities: 3,
    AssignedTunnelId: undefined,
  },
  SCCRP: {
    ProtocolVersion: { version: 1, revision: 0 },
    HostName: 'peer.example.com',
    FramingCapabilities: 3,
    AssignedTunnelId: undefined,
  },
  SCCCN: {},
  StopCCN: { AssignedTunnelId: undefined, ResultCode: { resultCode: 1, errorCode: undefined, message: '' } },
  HELLO: {},
  OCRQ: {
    AssignedSessionId: 5,
    CallSerialNumber: 1,
    MinimumBps: 1,
    MaximumBps: 2,
    BearerType: 1,
    FramingType: 1,
    CalledNumber: '123',
  },
  OCRP: { AssignedSessionId: 5 },
  OCCN: { TxConnectSpeed: 1, FramingType: 1 },
  ICRQ: { AssignedSessionId: 5, CallSerialNumber: 1 },
  ICRP: { AssignedSessionId: 5 },
  ICCN: { TxConnectSpeed: 100000000, FramingType: 1 },
  CDN: { AssignedSessionId: 5, ResultCode: { resultCode: 3, errorCode: undefined, message: '' } },
  WEN: {
    CallErrors: {
      crcErrors: 1,
      framingErrors: 0,
      hardwareOverruns: 0,
      bufferOverruns: 0,
      timeoutErrors: 0,
      alignmentErrors: 0,
    },
  },
  SLI: { Accm: { send: 0, receive: 0 } },
};
