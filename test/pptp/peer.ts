// A peer played by hand: crafts each message of a control connection, right or wrong, and reads what an endpoint answers.

import { Endpoint, type EndpointOptions } from '../../src/pptp/endpoint.ts';
import type { CallSettings, ConnectionSettings, EndpointEffect, EndpointInput } from '../../src/pptp/events.ts';
import { decodeMessage, encodeMessage, type Fields, type MessageName } from '../../src/pptp/message.ts';
import type { Path } from '../../src/wire/ip.ts';
import type { Millis } from '../../src/wire/machine.ts';
import { seeded, seededEntropy } from './random.ts';

export const PATH: Path = { localAddress: '192.0.2.1', localPort: 1723, peerAddress: '192.0.2.9', peerPort: 40_000 };
export const DIAL: Path = { localAddress: '0.0.0.0', localPort: 0, peerAddress: '192.0.2.9', peerPort: 1723 };

export const SETTINGS: ConnectionSettings = {
  localName: 'server',
  vendorName: 'vpdn',
  echoInterval: 60_000,
  receiveWindowSize: 16,
  noSessionTimeout: Number.POSITIVE_INFINITY,
};

export const CALL: CallSettings = { kind: 'outgoing' };

/** Each message with what a well-behaved peer says. */
export const USUAL: { readonly [Name in MessageName]: Fields<Name> } = {
  SCCRQ: {
    protocolVersion: 0x0100,
    framingCapabilities: 3,
    bearerCapabilities: 3,
    maximumChannels: 0,
    firmwareRevision: 1,
    hostName: 'client',
    vendorName: 'peer',
  },
  SCCRP: {
    protocolVersion: 0x0100,
    resultCode: 1,
    errorCode: 0,
    framingCapabilities: 3,
    bearerCapabilities: 3,
    maximumChannels: 1,
    firmwareRevision: 1,
    hostName: 'pac',
    vendorName: 'peer',
  },
  StopCCRQ: { reason: 1 },
  StopCCRP: { resultCode: 1, errorCode: 0 },
  'Echo-Request': { identifier: 7 },
  'Echo-Reply': { identifier: 1, resultCode: 1, errorCode: 0 },
  OCRQ: {
    callId: 0x1111,
    callSerialNumber: 1,
    minimumBps: 300,
    maximumBps: 100_000_000,
    bearerType: 3,
    framingType: 3,
    receiveWindowSize: 64,
    processingDelay: 2,
    phoneNumber: '',
    subAddress: '',
  },
  OCRP: {
    callId: 0x2222,
    peerCallId: 0,
    resultCode: 1,
    errorCode: 0,
    causeCode: 0,
    connectSpeed: 10_000_000,
    receiveWindowSize: 32,
    processingDelay: 3,
    physicalChannelId: 0,
  },
  ICRQ: {
    callId: 0x1111,
    callSerialNumber: 1,
    bearerType: 1,
    physicalChannelId: 0,
    dialedNumber: '123',
    dialingNumber: '456',
    subAddress: '',
  },
  ICRP: { callId: 0x2222, peerCallId: 0, resultCode: 1, errorCode: 0, receiveWindowSize: 32, processingDelay: 0 },
  ICCN: { peerCallId: 0, connectSpeed: 64_000, receiveWindowSize: 8, processingDelay: 5, framingType: 1 },
  CCR: { callId: 0x1111 },
  CDN: { callId: 0x2222, resultCode: 1, errorCode: 0, causeCode: 16, callStatistics: 'some' },
  WEN: {
    peerCallId: 0,
    crcErrors: 1,
    framingErrors: 2,
    hardwareOverruns: 3,
    bufferOverruns: 4,
    timeoutErrors: 5,
    alignmentErrors: 6,
  },
  SLI: { peerCallId: 0, sendAccm: 0xffffffff, receiveAccm: 0 },
};

export function messageOf<Name extends MessageName>(name: Name, over: Partial<Fields<Name>> = {}): Uint8Array {
  return encodeMessage(name, { ...USUAL[name], ...over });
}

type Of<Do extends EndpointEffect['do']> = Extract<EndpointEffect, { readonly do: Do }>;

export class Peer {
  readonly endpoint: Endpoint;
  now: Millis = 0;
  connection = 1;
  /** Of the last input. */
  effects: EndpointEffect[] = [];

  constructor(options: Partial<EndpointOptions> = {}) {
    this.endpoint = new Endpoint({ entropy: seededEntropy(seeded(1)), ...options });
  }

  input(input: EndpointInput): void {
    this.effects = this.endpoint.handle(input, this.now);
  }

  /** Lets the clock run, with every timeout on the way. */
  pass(millis: Millis): void {
    const until = this.now + millis;
    this.effects = [];
    for (let steps = 0; this.endpoint.deadline <= until; steps++) {
      if (steps > 10_000) throw new Error('the clock does not get anywhere');
      this.now = Math.max(this.now, this.endpoint.deadline);
      this.effects.push(...this.endpoint.handleTimeout(this.now));
    }
    this.now = until;
  }

  octets(octets: Uint8Array): void {
    this.input({ on: 'octets', connection: this.connection, octets });
  }

  send<Name extends MessageName>(name: Name, over: Partial<Fields<Name>> = {}): void {
    this.octets(messageOf(name, over));
  }

  of<Do extends EndpointEffect['do']>(what: Do): Of<Do>[] {
    return this.effects.filter((effect): effect is Of<Do> => effect.do === what);
  }

  /** The messages that were sent, by name. */
  get names(): string[] {
    return this.of('send').map(({ octets }) => decodeMessage(octets)?.name ?? '?');
  }

  sent<Name extends MessageName>(name: Name): Fields<Name> {
    for (const { octets } of this.of('send')) {
      const message = decodeMessage(octets);
      if (message?.name === name) return message.fields as Fields<Name>;
    }
    throw new Error(`no ${name} was sent, but ${this.names.join(', ') || 'nothing'}`);
  }

  /** What our side was told, in order: without TCP, traces and drops. */
  get told(): string[] {
    const quiet = ['send', 'trace', 'drop', 'connect', 'disconnect'];
    return this.effects.map((effect) => effect.do).filter((what) => !quiet.includes(what));
  }

  accept(connection = 1, path: Path = PATH): void {
    this.connection = connection;
    this.input({ on: 'accepted', connection, path });
  }

  /** Up, by a request of the peer. */
  beCalled(settings: ConnectionSettings = SETTINGS): void {
    this.accept();
    this.send('SCCRQ');
    this.input({ on: 'accept-connection', connection: this.connection, settings });
  }

  /** Up, by a request of the endpoint. */
  call(settings: ConnectionSettings = SETTINGS): void {
    this.dial(settings);
    this.send('SCCRP');
  }

  /** Its request is out. */
  dial(settings: ConnectionSettings = SETTINGS, path: Path = DIAL): void {
    this.input({ on: 'open-connection', reference: 'r', path, settings });
    this.connection = this.of('connection-opening')[0]!.connection;
    this.input({
      on: 'opened',
      connection: this.connection,
      path: { ...path, localAddress: '192.0.2.1', localPort: 5 },
    });
  }

  /** A call that the peer asked for and has: our Call ID. */
  takeCall(callId = 0x1111): number {
    this.send('OCRQ', { callId });
    const { call } = this.of('call-requested')[0]!;
    this.input({ on: 'accept-call', call });
    return call;
  }

  /** A call that the endpoint asked for and has. */
  bringCall(callId = 0x2222, settings: CallSettings = CALL): number {
    this.input({ on: 'open-call', connection: this.connection, reference: 'c', call: settings });
    const { call } = this.of('call-opening')[0]!;
    this.send('OCRP', { callId, peerCallId: call });
    return call;
  }
}
