// Control messages of L2TPv3, RFC 3931 §3.1 and §6: which attributes each must and may carry, as a table; octets <-> Message.
// A message begins at the word with the version: what IP has in front of it is the header's business.

import { ByteReader, ByteWriter } from '../../wire/bytes.ts';
import { DecodeError } from '../../wire/errors.ts';
import type { Path } from '../../wire/ip.ts';
import type { ValueCodec } from '../../wire/values.ts';
import { type Avp, decodeAvp, encodeAvp } from '../avp.ts';
import { hideValue, revealValue } from '../hidden-avp.ts';
import { ErrorCode, type Fault } from '../message.ts';
import {
  ATTRIBUTES,
  type AttributeName,
  type Attributes,
  type AttributeValue,
  attributeOf,
  CISCO,
  CISCO_ATTRIBUTES,
  DIGEST_LENGTHS,
  isOfVersion2,
  nameOfAvp,
} from './avp.ts';
import type { ConnectionSettings } from './events.ts';
import { CONTROL_HEADER_LENGTH } from './header.ts';

interface MessageRow {
  readonly type: number;
  /** What falls when the message is bad (§4.2). */
  readonly of: 'connection' | 'session';
  readonly required: readonly AttributeName[];
  readonly optional: readonly AttributeName[];
}

const SESSION_IDS = ['LocalSessionId', 'RemoteSessionId'] as const;
const SPEEDS = ['TxConnectSpeed', 'RxConnectSpeed'] as const;
const DATA = ['L2SpecificSublayer', 'DataSequencing'] as const;

// biome-ignore format: one message a paragraph, as §6.1 to §6.15 list them
export const MESSAGES = {
  SCCRQ: { type: 1, of: 'connection',
    required: ['HostName', 'RouterId', 'AssignedControlConnectionId', 'PseudowireCapabilitiesList'],
    optional: ['Nonce', 'TieBreaker', 'VendorName', 'ReceiveWindowSize', 'PreferredLanguage'] },
  SCCRP: { type: 2, of: 'connection',
    required: ['HostName', 'RouterId', 'AssignedControlConnectionId', 'PseudowireCapabilitiesList'],
    optional: ['Nonce', 'VendorName', 'ReceiveWindowSize', 'PreferredLanguage'] },
  SCCCN: { type: 3, of: 'connection', required: [], optional: [] },
  StopCCN: { type: 4, of: 'connection',
    required: ['ResultCode'],
    optional: ['AssignedControlConnectionId'] },
  HELLO: { type: 6, of: 'connection', required: [], optional: [] },
  OCRQ: { type: 7, of: 'session',
    required: [...SESSION_IDS, 'SerialNumber', 'PseudowireType', 'RemoteEndId', 'CircuitStatus'],
    optional: ['AssignedCookie', 'TieBreaker', ...DATA, ...SPEEDS, 'PhysicalChannelId', 'ApplicationId', 'InterfaceMtu'] },
  OCRP: { type: 8, of: 'session',
    required: [...SESSION_IDS, 'CircuitStatus'],
    optional: ['AssignedCookie', ...DATA, ...SPEEDS, 'PhysicalChannelId'] },
  OCCN: { type: 9, of: 'session',
    required: [...SESSION_IDS],
    optional: [...DATA, ...SPEEDS, 'CircuitStatus'] },
  ICRQ: { type: 10, of: 'session',
    required: [...SESSION_IDS, 'SerialNumber', 'PseudowireType', 'RemoteEndId', 'CircuitStatus'],
    optional: ['AssignedCookie', 'TieBreaker', ...DATA, ...SPEEDS, 'PhysicalChannelId', 'ApplicationId', 'InterfaceMtu'] },
  ICRP: { type: 11, of: 'session',
    required: [...SESSION_IDS, 'CircuitStatus'],
    optional: ['AssignedCookie', ...DATA, ...SPEEDS, 'PhysicalChannelId', 'InterfaceMtu'] },
  ICCN: { type: 12, of: 'session',
    required: [...SESSION_IDS],
    optional: [...DATA, ...SPEEDS, 'CircuitStatus'] },
  CDN: { type: 14, of: 'session',
    required: ['ResultCode', ...SESSION_IDS],
    optional: [] },
  WEN: { type: 15, of: 'session',
    required: [...SESSION_IDS, 'CircuitErrors'],
    optional: [] },
  SLI: { type: 16, of: 'session',
    required: [...SESSION_IDS],
    optional: ['CircuitStatus'] },
  ACK: { type: 20, of: 'connection', required: [], optional: [] },
} as const satisfies Record<string, MessageRow>;

export type MessageName = keyof typeof MESSAGES;
type RequiredOf<Name extends MessageName> = (typeof MESSAGES)[Name]['required'][number];
type OptionalOf<Name extends MessageName> = (typeof MESSAGES)[Name]['optional'][number];
/** The attributes of a message that is complete. */
export type AttributesOf<Name extends MessageName> = { readonly [A in RequiredOf<Name>]: AttributeValue<A> } & {
  readonly [A in OptionalOf<Name>]?: AttributeValue<A> | undefined;
};

export interface Message {
  readonly type: number;
  /** Undefined: a type that RFC 3931 does not define. */
  readonly name: MessageName | undefined;
  /** §5.4.1: of a type we do not know, whether the connection must be cleared for it. */
  readonly mandatory: boolean;
  readonly attributes: Attributes;
  /** Some attribute came with the number that early Cisco routers gave it. */
  readonly cisco: boolean;
  /** What makes the message unusable, and with which codes its connection or session is to end. */
  readonly fault: Fault | undefined;
  /** Flaws that change nothing, in words. */
  readonly flaws: readonly string[];
}

export interface EncodeOptions {
  /** A place for the digest, of this type: `sealMessage` fills it in. */
  readonly digestType?: number | undefined;
  /** What may be hidden is: `key` is that of §5.3, not the secret. */
  readonly hiding?: { readonly key: Uint8Array; readonly randomVector: Uint8Array } | undefined;
  /** Say it in the numbers of early Cisco routers as well. */
  readonly cisco?: boolean;
}

/** The whole message with room for its header. Attributes given as undefined are left out. */
export function encodeMessage<Name extends MessageName>(
  name: Name,
  attributes: AttributesOf<Name>,
  { digestType, hiding, cisco = false }: EncodeOptions = {},
): Uint8Array {
  const { type, required, optional }: MessageRow = MESSAGES[name];
  const values = attributes as Attributes;
  const w = new ByteWriter(192);
  w.zeros(CONTROL_HEADER_LENGTH);
  encodeAttribute(w, 'MessageType', type);
  // §5.4.1: right behind the Message Type, so that the receiver finds it before it looks at anything else.
  if (digestType !== undefined) {
    encodeAttribute(w, 'MessageDigest', { type: digestType, digest: new Uint8Array(DIGEST_LENGTHS[digestType]!) });
  }
  const present = [...required, ...optional].filter((attribute) => values[attribute] !== undefined);
  const hides = hiding !== undefined && present.some((attribute) => ATTRIBUTES[attribute].mayBeHidden);
  if (hides) encodeAttribute(w, 'RandomVector', hiding.randomVector);
  for (const attribute of present) {
    const hidden = ATTRIBUTES[attribute].mayBeHidden ? hiding : undefined;
    encodeAttribute(w, attribute, values[attribute], hidden);
    if (cisco && attribute in CISCO_ATTRIBUTES) encodeForCisco(w, attribute as CiscoName, values[attribute]);
  }
  if (cisco && name in CISCO_OPENINGS) encodeAvp(w, DRAFT_VERSION);
  return w.finish();
}

/** §4.7.3: an SCCRQ that a peer of either version can answer; it says version 2, and names an Assigned Control Connection ID. */
export function isForBothVersions({ transport }: Path, octets: Uint8Array): boolean {
  if (transport === 'ip' || octets.length <= CONTROL_HEADER_LENGTH || ((octets[1] ?? 0) & 0x0f) !== 2) return false;
  if ((octets[0]! & 0x80) === 0 || nameOfMessage(octets) !== 'SCCRQ') return false;
  return decodeMessage(octets, undefined).attributes.AssignedControlConnectionId !== undefined;
}

export function isSessionMessage(name: MessageName): boolean {
  return MESSAGES[name].of === 'session';
}

/** The name of a message on the wire, `ZLB` included, without decoding it: for a debug line. */
export function nameOfMessage(message: Uint8Array): string {
  if (message.length < CONTROL_HEADER_LENGTH + 8) return 'ZLB';
  const at = CONTROL_HEADER_LENGTH + 6;
  const type = (message[at]! << 8) | message[at + 1]!;
  return NAMES[type] ?? `message ${type}`;
}

/**
 * `message` is no ZLB. Never throws: what is wrong becomes the `fault`. `hidingKey` opens hidden AVPs (§5.3). Of an `ietf` peer the
 * vendor's own attributes of early Cisco routers are unknown ones.
 */
export function decodeMessage(
  message: Uint8Array,
  hidingKey: Uint8Array | undefined,
  dialect: ConnectionSettings['dialect'] = 'both',
): Message {
  const reader = new ByteReader(message, CONTROL_HEADER_LENGTH);
  const draft = new Draft(hidingKey, dialect === 'both');
  while (reader.remaining > 0) {
    const at = reader.offset;
    try {
      draft.add(decodeAvp(reader));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      // §7.1: the M bit of a malformed AVP decides; what follows it cannot be found either way.
      draft.flaw((message[at]! & 0x80) !== 0, 'protocol', ErrorCode.WrongLength, error.message);
      break;
    }
  }
  return draft.finish();
}

type CiscoName = keyof typeof CISCO_ATTRIBUTES;

class Draft {
  readonly #hidingKey: Uint8Array | undefined;
  readonly #readsCisco: boolean;
  readonly #attributes: Record<string, unknown> = {};
  readonly #flaws: string[] = [];
  #type = -1;
  #mandatory = true;
  #cisco = false;
  #randomVector: Uint8Array | undefined;
  #fault: Fault | undefined;

  constructor(hidingKey: Uint8Array | undefined, readsCisco: boolean) {
    this.#hidingKey = hidingKey;
    this.#readsCisco = readsCisco;
  }

  add(avp: Avp): void {
    const isCisco = avp.vendorId === CISCO;
    const name = isCisco && !this.#readsCisco ? undefined : attributeOf(avp);
    if (this.#type < 0) return this.#begin(avp, name);
    if (isCisco && name !== undefined) this.#cisco = true;
    if (name === undefined) {
      // Early Cisco routers have more of them than were ever published, and no message hangs on those.
      const isFault = avp.mandatory && !(isCisco && this.#readsCisco);
      if (!isOfVersion2(avp)) this.flaw(isFault, 'protocol', ErrorCode.UnknownMandatory, `unknown ${nameOfAvp(avp)}`);
    } else if (name in this.#attributes && name !== 'RandomVector') {
      // A digest may come twice while a secret is changed, and Cisco's number beside the RFC's: the first stands.
      if (name !== 'MessageDigest' && avp.vendorId === 0) this.#flaws.push(`${name} again`);
    } else if (avp.hidden) {
      this.#addHidden(avp, name);
    } else {
      this.#decode(avp, name, avp.value);
    }
  }

  flaw(mandatory: boolean, cause: Fault['cause'], errorCode: number, text: string): void {
    if (mandatory && this.#fault === undefined) this.#fault = { cause, errorCode, text };
    else this.#flaws.push(text);
  }

  finish(): Message {
    const name = NAMES[this.#type];
    if (this.#type < 0) this.flaw(true, 'protocol', ErrorCode.OutOfRange, 'no Message Type');
    else if (name !== undefined) this.#requireAll(name);
    return {
      type: this.#type,
      name,
      mandatory: this.#mandatory,
      attributes: this.#attributes as Attributes,
      cisco: this.#cisco,
      fault: this.#fault,
      flaws: this.#flaws,
    };
  }

  /** §5.4.1: "The Message Type AVP MUST be the first AVP in a message" and may not be hidden. */
  #begin(avp: Avp, name: AttributeName | undefined): void {
    if (name !== 'MessageType' || avp.hidden || avp.value.length !== 2) {
      this.flaw(true, 'protocol', ErrorCode.OutOfRange, 'no Message Type in front');
      this.#type = NO_TYPE;
      return;
    }
    this.#type = (avp.value[0]! << 8) | avp.value[1]!;
    this.#attributes.MessageType = this.#type;
    this.#mandatory = avp.mandatory;
    if (NAMES[this.#type] === undefined) {
      this.flaw(avp.mandatory, 'protocol', ErrorCode.UnknownMandatory, `unknown message type ${this.#type}`);
    }
  }

  #addHidden(avp: Avp, name: AttributeName): void {
    if (!ATTRIBUTES[name].mayBeHidden) {
      return this.flaw(avp.mandatory, 'protocol', ErrorCode.OutOfRange, `${name} must not be hidden`);
    }
    const key = this.#hidingKey;
    const vector = this.#randomVector;
    const value = key && vector && revealValue(avp.type, avp.value, key, vector);
    if (value === undefined) this.#cannotRead(avp, name);
    else this.#decode(avp, name, value);
  }

  #decode(avp: Avp, name: AttributeName, value: Uint8Array): void {
    try {
      const codec: ValueCodec<unknown> = ATTRIBUTES[name].value;
      this.#attributes[name] = codec.decode(value);
      if (name === 'RandomVector') this.#randomVector = value;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      if (avp.hidden) return this.#cannotRead(avp, name); // a wrong key yields noise
      const code = error.code === 'out-of-range' ? ErrorCode.OutOfRange : ErrorCode.WrongLength;
      this.flaw(avp.mandatory, 'protocol', code, `${name}: ${error.message}`);
    }
  }

  #cannotRead(avp: Avp, name: AttributeName): void {
    this.flaw(avp.mandatory, 'hidden-unreadable', ErrorCode.UnknownMandatory, `hidden ${name} cannot be read`);
  }

  #requireAll(name: MessageName): void {
    const row: MessageRow = MESSAGES[name];
    for (const attribute of row.required) {
      if (attribute in this.#attributes) continue;
      this.flaw(true, 'protocol', ErrorCode.VendorSpecific, `${attribute} is missing`);
    }
  }
}

function encodeAttribute(w: ByteWriter, name: AttributeName, value: unknown, hiding?: EncodeOptions['hiding']): void {
  const { type, mandatory, value: codec } = ATTRIBUTES[name];
  const plain = (codec as ValueCodec<unknown>).encode(value);
  const hidden = hiding !== undefined;
  const octets = hidden ? hideValue(type, plain, hiding.key, hiding.randomVector) : plain;
  encodeAvp(w, { mandatory, hidden, vendorId: 0, type, value: octets });
}

/** Never mandatory: whoever sent vendor AVPs may still be another router than we think. */
function encodeForCisco(w: ByteWriter, name: CiscoName, value: unknown): void {
  const codec: ValueCodec<unknown> = ATTRIBUTES[name].value;
  const plain = codec.encode(value);
  encodeAvp(w, { mandatory: false, hidden: false, vendorId: CISCO, type: CISCO_ATTRIBUTES[name], value: plain });
}

/** Which of the drafts before the RFC is spoken: early Cisco routers say so when they open a connection. */
const DRAFT_VERSION: Avp = {
  mandatory: false,
  hidden: false,
  reserved: false,
  vendorId: CISCO,
  type: 10,
  value: Uint8Array.of(0, 1),
};
const CISCO_OPENINGS: Partial<Record<MessageName, true>> = { SCCRQ: true, SCCRP: true };
const NO_TYPE = 0; // reserved in §3.1
const NAMES: readonly (MessageName | undefined)[] = (() => {
  const names: (MessageName | undefined)[] = [];
  for (const name of Object.keys(MESSAGES) as MessageName[]) names[MESSAGES[name].type] = name;
  return names;
})();
