// Control messages, RFC 2661 §3.2 and §6: which attributes each must and may carry, as a table; body octets <-> Message.
// What a bad AVP means for the message is decided here (§4.1, §4.2, §7.1), what it means for the tunnel is not.

import { ByteReader, ByteWriter } from '../wire/bytes.ts';
import { DecodeError } from '../wire/errors.ts';
import type { ValueCodec } from '../wire/values.ts';
import {
  ATTRIBUTES,
  type AttributeName,
  type Attributes,
  type AttributeValue,
  type Avp,
  attributeOf,
  decodeAvp,
  encodeAvp,
  nameOfAvp,
} from './avp.ts';
import { CONTROL_HEADER_LENGTH, wordAt } from './header.ts';
import { hideValue, revealValue } from './hidden-avp.ts';

interface MessageRow {
  readonly type: number;
  /** What falls when the message is bad (§4.2). */
  readonly of: 'tunnel' | 'session';
  /** Nothing is hidden where the peer may not have found the secret yet, or may have found the wrong one. */
  readonly hides: boolean;
  /** In the order they are sent: the Host Name early, for peers that look the secret up as they read. */
  readonly required: readonly AttributeName[];
  readonly optional: readonly AttributeName[];
  /** Required, but some peers leave it out and mean nothing by it. */
  readonly forgiven?: readonly AttributeName[];
}

// biome-ignore format: one message a paragraph, as §6.1 to §6.14 list them
export const MESSAGES = {
  SCCRQ: { type: 1, of: 'tunnel', hides: false,
    required: ['ProtocolVersion', 'HostName', 'FramingCapabilities', 'AssignedTunnelId'],
    optional: ['BearerCapabilities', 'ReceiveWindowSize', 'Challenge', 'TieBreaker', 'FirmwareRevision', 'VendorName'] },
  SCCRP: { type: 2, of: 'tunnel', hides: false,
    required: ['ProtocolVersion', 'HostName', 'FramingCapabilities', 'AssignedTunnelId'],
    optional: ['BearerCapabilities', 'FirmwareRevision', 'VendorName', 'ReceiveWindowSize', 'Challenge', 'ChallengeResponse'] },
  SCCCN: { type: 3, of: 'tunnel', hides: true,
    required: [],
    optional: ['ChallengeResponse'] },
  StopCCN: { type: 4, of: 'tunnel', hides: false,
    required: ['AssignedTunnelId', 'ResultCode'],
    optional: [] },
  HELLO: { type: 6, of: 'tunnel', hides: true,
    required: [],
    optional: [] },
  OCRQ: { type: 7, of: 'session', hides: true,
    required: ['AssignedSessionId', 'CallSerialNumber', 'MinimumBps', 'MaximumBps', 'BearerType', 'FramingType', 'CalledNumber'],
    optional: ['SubAddress'] },
  OCRP: { type: 8, of: 'session', hides: true,
    required: ['AssignedSessionId'],
    optional: ['PhysicalChannelId'] },
  OCCN: { type: 9, of: 'session', hides: true,
    required: ['TxConnectSpeed', 'FramingType'],
    optional: ['RxConnectSpeed', 'SequencingRequired'],
    forgiven: ['TxConnectSpeed'] },
  ICRQ: { type: 10, of: 'session', hides: true,
    required: ['AssignedSessionId', 'CallSerialNumber'],
    optional: ['BearerType', 'PhysicalChannelId', 'CallingNumber', 'CalledNumber', 'SubAddress'] },
  ICRP: { type: 11, of: 'session', hides: true,
    required: ['AssignedSessionId'],
    optional: [] },
  ICCN: { type: 12, of: 'session', hides: true,
    required: ['TxConnectSpeed', 'FramingType'],
    optional: ['InitialReceivedLcpConfreq', 'LastSentLcpConfreq', 'LastReceivedLcpConfreq', 'ProxyAuthenType',
      'ProxyAuthenName', 'ProxyAuthenChallenge', 'ProxyAuthenId', 'ProxyAuthenResponse', 'PrivateGroupId',
      'RxConnectSpeed', 'SequencingRequired'],
    forgiven: ['TxConnectSpeed'] },
  CDN: { type: 14, of: 'session', hides: true,
    required: ['ResultCode', 'AssignedSessionId'],
    optional: ['Q931CauseCode', 'PppDisconnectCause'] },
  WEN: { type: 15, of: 'session', hides: true,
    required: ['CallErrors'],
    optional: [] },
  SLI: { type: 16, of: 'session', hides: true,
    required: ['Accm'],
    optional: [] },
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
  /** Undefined: a type that RFC 2661 does not define. */
  readonly name: MessageName | undefined;
  /** §4.4.1: of a type we do not know, whether the tunnel must be cleared for it. */
  readonly mandatory: boolean;
  readonly attributes: Attributes;
  /** What makes the message unusable, and with which codes its tunnel or session is to end. */
  readonly fault: Fault | undefined;
  /** Flaws that change nothing, in words. */
  readonly flaws: readonly string[];
}

export interface Fault {
  readonly cause: 'protocol' | 'hidden-unreadable';
  readonly errorCode: number;
  readonly text: string;
}

export interface Hiding {
  readonly secret: Uint8Array;
  readonly randomVector: Uint8Array;
  /** Random octets to pad hidden values with: as many as a block takes. */
  readonly padding: Uint8Array;
}

/** The whole message with room for its header. Attributes given as undefined are left out. */
export function encodeMessage<Name extends MessageName>(
  name: Name,
  attributes: AttributesOf<Name>,
  hiding?: Hiding,
): Uint8Array {
  const row: MessageRow = MESSAGES[name];
  const hide = row.hides ? hiding : undefined;
  const values = attributes as Attributes;
  const w = new ByteWriter(128);
  w.zeros(CONTROL_HEADER_LENGTH);
  encodeAttribute(w, 'MessageType', row.type);
  let vectorSent = false;
  for (const list of [row.required, row.optional]) {
    for (const attribute of list) {
      const value = values[attribute];
      if (value === undefined) continue;
      const hidden = hide !== undefined && ATTRIBUTES[attribute].mayBeHidden;
      // §4.3: the Random Vector MUST precede the first hidden AVP. One serves the whole message, no type being in it twice.
      if (hidden && !vectorSent) encodeAttribute(w, 'RandomVector', hide.randomVector);
      vectorSent ||= hidden;
      encodeAttribute(w, attribute, value, hidden ? hide : undefined);
    }
  }
  return w.finish();
}

export function isSessionMessage(name: MessageName): boolean {
  return MESSAGES[name].of === 'session';
}

/** The name of a message on the wire, `ZLB` included, without decoding it: for a debug line. */
export function nameOfMessage(octets: Uint8Array): string {
  if (octets.length < CONTROL_HEADER_LENGTH + 8) return 'ZLB';
  const type = wordAt(octets, CONTROL_HEADER_LENGTH + 6);
  return NAMES[type] ?? `message ${type}`;
}

/**
 * `octets` from the header to the end of the message, which is no ZLB. Never throws: what is wrong becomes the `fault`.
 * With `secretLater`, hidden AVPs are passed over for now: the secret is known only after the Host Name was read.
 */
export function decodeMessage(octets: Uint8Array, secret: Uint8Array | undefined, secretLater = false): Message {
  const reader = new ByteReader(octets, CONTROL_HEADER_LENGTH);
  const message = new Draft(secret, secretLater);
  while (reader.remaining > 0) {
    const at = reader.offset;
    try {
      message.add(decodeAvp(reader));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      // §7.1: the M bit of a malformed AVP decides; what follows it cannot be found either way.
      const mandatory = (octets[at]! & 0x80) !== 0;
      message.flaw(mandatory, 'protocol', ErrorCode.WrongLength, error.message);
      break;
    }
  }
  return message.finish();
}

/** §4.4.2's General Error Codes, by what they say. */
export const ErrorCode = {
  None: 0,
  NoControlConnection: 1,
  WrongLength: 2,
  OutOfRange: 3,
  NoResources: 4,
  InvalidSessionId: 5,
  VendorSpecific: 6,
  TryAnother: 7,
  UnknownMandatory: 8,
} as const;

class Draft {
  readonly #secret: Uint8Array | undefined;
  readonly #secretLater: boolean;
  readonly #attributes: Record<string, unknown> = {};
  readonly #flaws: string[] = [];
  #type = -1;
  #mandatory = true;
  #randomVector: Uint8Array | undefined;
  #unread = false;
  #fault: Fault | undefined;

  constructor(secret: Uint8Array | undefined, secretLater: boolean) {
    this.#secret = secret;
    this.#secretLater = secretLater;
  }

  add(avp: Avp): void {
    const name = attributeOf(avp);
    if (this.#type < 0) {
      this.#begin(avp, name);
    } else if (name === undefined) {
      this.flaw(avp.mandatory, 'protocol', ErrorCode.UnknownMandatory, `unknown ${nameOfAvp(avp)}`);
    } else if (name in this.#attributes && name !== 'RandomVector') {
      this.#flaws.push(`${name} again`); // §4 is silent: the first stands
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
      fault: this.#fault,
      flaws: this.#flaws,
    };
  }

  /** §4.4.1: "The Message Type AVP MUST be the first AVP in a message" and may not be hidden. */
  #begin(avp: Avp, name: AttributeName | undefined): void {
    if (name !== 'MessageType' || avp.hidden || avp.value.length !== 2) {
      this.flaw(true, 'protocol', ErrorCode.OutOfRange, 'no Message Type in front');
      this.#type = NO_TYPE;
      return;
    }
    this.#type = wordAt(avp.value, 0);
    this.#attributes.MessageType = this.#type;
    this.#mandatory = avp.mandatory;
    if (NAMES[this.#type] === undefined) {
      this.flaw(avp.mandatory, 'protocol', ErrorCode.UnknownMandatory, `unknown message type ${this.#type}`);
    }
  }

  #addHidden(avp: Avp, name: AttributeName): void {
    if (!ATTRIBUTES[name].mayBeHidden) {
      this.flaw(avp.mandatory, 'protocol', ErrorCode.OutOfRange, `${name} must not be hidden`);
    } else if (this.#randomVector === undefined) {
      this.flaw(avp.mandatory, 'protocol', ErrorCode.OutOfRange, `${name} hidden without a Random Vector`);
    } else if (this.#secretLater) {
      this.#unread = true;
    } else {
      const value = this.#secret && revealValue(avp.type, avp.value, this.#secret, this.#randomVector);
      if (value === undefined) this.#cannotRead(avp, name);
      else this.#decode(avp, name, value);
    }
  }

  #decode(avp: Avp, name: AttributeName, value: Uint8Array): void {
    try {
      const codec: ValueCodec<unknown> = ATTRIBUTES[name].value;
      this.#attributes[name] = codec.decode(value);
      if (name === 'RandomVector') this.#randomVector = value;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      if (avp.hidden) {
        this.#cannotRead(avp, name); // a wrong secret yields noise, and noise seldom has the right length
      } else {
        const code = error.code === 'out-of-range' ? ErrorCode.OutOfRange : ErrorCode.WrongLength;
        this.flaw(avp.mandatory, 'protocol', code, `${name}: ${error.message}`);
      }
    }
  }

  #cannotRead(avp: Avp, name: AttributeName): void {
    this.#unread = true;
    const why = this.#secret === undefined ? 'no secret' : 'not with our secret';
    this.flaw(avp.mandatory, 'hidden-unreadable', ErrorCode.UnknownMandatory, `hidden ${name} cannot be read: ${why}`);
  }

  #requireAll(name: MessageName): void {
    const row: MessageRow = MESSAGES[name];
    for (const attribute of row.required) {
      if (attribute in this.#attributes) continue;
      if (this.#unread && this.#secretLater) continue;
      const forgiven = row.forgiven?.includes(attribute) ?? false;
      const cause = this.#unread ? 'hidden-unreadable' : 'protocol';
      this.flaw(!forgiven, cause, ErrorCode.VendorSpecific, `${attribute} is missing`);
    }
  }
}

function encodeAttribute(w: ByteWriter, name: AttributeName, value: unknown, hiding?: Hiding): void {
  const { type, mandatory, value: codec } = ATTRIBUTES[name];
  const plain = (codec as ValueCodec<unknown>).encode(value);
  const hidden = hiding !== undefined;
  const octets = hidden ? hideValue(type, plain, hiding.secret, hiding.randomVector, paddingOf(plain, hiding)) : plain;
  encodeAvp(w, { mandatory, hidden, vendorId: 0, type, value: octets });
}

/**
 * §4.3: padding hides the length. One whole block, never more: l2tpns refuses less than 8 octets, and chains its sums of
 * further blocks in a way of its own.
 */
function paddingOf(plain: Uint8Array, { padding }: Hiding): Uint8Array {
  return padding.subarray(0, Math.max(0, HIDDEN_BLOCK - 2 - plain.length));
}

const HIDDEN_BLOCK = 16;
const NO_TYPE = 0; // reserved in §3.2
const NAMES: readonly (MessageName | undefined)[] = (() => {
  const names: (MessageName | undefined)[] = [];
  for (const name of Object.keys(MESSAGES) as MessageName[]) names[MESSAGES[name].type] = name;
  return names;
})();
