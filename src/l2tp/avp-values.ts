// Codecs of the AVP values that have fields of their own, RFC 2661 §4.4, and of RFC 3145's.

import { ByteReader, ByteWriter } from '../wire/bytes.ts';
import { DecodeError } from '../wire/errors.ts';
import { printable, u16, utf8, type ValueCodec } from '../wire/values.ts';

/**
 * §4.4.2. Error code and message are there or not, by the AVP's length: 8, 10, or 10 and the message.
 *
 *   |          Result Code          |        Error Code (opt)       |
 *   | Error Message (opt) ...
 */
export interface ResultCode {
  readonly resultCode: number;
  readonly errorCode: number | undefined;
  readonly message: string;
}

/**
 * §4.4.3: "this is not the same version number that is included in the header of each message".
 *
 *   |      Ver      |     Rev       |
 */
export interface ProtocolVersion {
  readonly version: number;
  readonly revision: number;
}

/**
 * §4.4.4: what the telephone network said when it ended a call.
 *
 *   |           Cause Code          |   Cause Msg   | Advisory Msg...
 */
export interface Q931Cause {
  readonly causeCode: number;
  readonly causeMessage: number;
  readonly advisory: string;
}

/** §4.4.6: six counters of 32 bits behind 16 that are reserved, all since the call was made. */
export interface CallErrors {
  readonly crcErrors: number;
  readonly framingErrors: number;
  readonly hardwareOverruns: number;
  readonly bufferOverruns: number;
  readonly timeoutErrors: number;
  readonly alignmentErrors: number;
}

/** §4.4.6: two maps of 32 bits behind 16 that are reserved. */
export interface Accm {
  readonly send: number;
  readonly receive: number;
}

/**
 * RFC 3145 §2. Direction 0 is global, 1 at the peer of the sender, 2 at the sender itself.
 *
 *   |       Disconnect Code         |    Control Protocol Number    |
 *   |   Direction   | Message...
 */
export interface DisconnectCause {
  readonly code: number;
  readonly protocol: number;
  readonly direction: number;
  readonly message: string;
}

/** Ids and window sizes: "2 octet non-zero unsigned integer". */
export const nonZero: ValueCodec<number> = {
  ...u16,
  decode: (octets) => {
    const value = u16.decode(octets);
    if (value === 0) throw new DecodeError('out-of-range', 0, 'not 0');
    return value;
  },
};

/** §4.4.5: the Proxy Authen ID is one octet in a field of two. */
export const lowOctet: ValueCodec<number> = { ...u16, decode: (octets) => u16.decode(octets) & 0xff };

/** §4.4.4: Sequencing Required says all by being there. */
export const present: ValueCodec<true> = {
  decode: (octets) => {
    if (octets.length > 0) throw new DecodeError('value-length', 0, 'no value');
    return true;
  },
  encode: () => new Uint8Array(0),
  format: () => 'present',
};

export const resultCode: ValueCodec<ResultCode> = {
  decode: (octets) => {
    const r = new ByteReader(octets);
    const result = unswapped(r.u16(), HIGHEST_RESULT);
    const error = r.remaining > 0 ? r.u16() : undefined;
    return {
      resultCode: result,
      // §4.4.2: of result 5 it is a version, 0100 for ours, and no code.
      errorCode: error === undefined || result === VERSION_NOT_SUPPORTED ? error : unswapped(error, HIGHEST_ERROR),
      message: utf8.decode(r.rest()),
    };
  },
  encode: (value) =>
    write((w) => {
      w.u16(value.resultCode);
      if (value.errorCode !== undefined || value.message !== '') w.u16(value.errorCode ?? 0);
      w.bytes(text(value.message));
    }),
  format: (value) => `${value.resultCode}/${value.errorCode ?? '-'} ${printable(value.message)}`.trimEnd(),
};

export const protocolVersion: ValueCodec<ProtocolVersion> = {
  decode: (octets) => {
    const value = u16.decode(octets);
    return { version: value >>> 8, revision: value & 0xff };
  },
  encode: (value) => Uint8Array.of(value.version, value.revision),
  format: (value) => `${value.version}.${value.revision}`,
};

export const q931Cause: ValueCodec<Q931Cause> = {
  decode: (octets) => {
    const r = new ByteReader(octets);
    return { causeCode: r.u16(), causeMessage: r.u8(), advisory: utf8.decode(r.rest()) };
  },
  encode: (value) =>
    write((w) => {
      w.u16(value.causeCode);
      w.u8(value.causeMessage);
      w.bytes(text(value.advisory));
    }),
  format: (value) => `${value.causeCode}/${value.causeMessage} ${printable(value.advisory)}`.trimEnd(),
};

export const callErrors: ValueCodec<CallErrors> = {
  decode: (octets) => {
    const r = exactly(octets, 26);
    r.skip(2);
    return {
      crcErrors: r.u32(),
      framingErrors: r.u32(),
      hardwareOverruns: r.u32(),
      bufferOverruns: r.u32(),
      timeoutErrors: r.u32(),
      alignmentErrors: r.u32(),
    };
  },
  encode: (value) =>
    write((w) => {
      w.u16(0);
      w.u32(value.crcErrors);
      w.u32(value.framingErrors);
      w.u32(value.hardwareOverruns);
      w.u32(value.bufferOverruns);
      w.u32(value.timeoutErrors);
      w.u32(value.alignmentErrors);
    }),
  format: (value) =>
    Object.entries(value)
      .map(([name, count]) => `${name} ${count}`)
      .join(' '),
};

export const accm: ValueCodec<Accm> = {
  decode: (octets) => {
    const r = exactly(octets, 10);
    r.skip(2);
    return { send: r.u32(), receive: r.u32() };
  },
  encode: (value) =>
    write((w) => {
      w.u16(0);
      w.u32(value.send);
      w.u32(value.receive);
    }),
  format: (value) => `send ${value.send.toString(16)} receive ${value.receive.toString(16)}`,
};

export const disconnectCause: ValueCodec<DisconnectCause> = {
  decode: (octets) => {
    const r = new ByteReader(octets);
    return { code: r.u16(), protocol: r.u16(), direction: r.u8(), message: utf8.decode(r.rest()) };
  },
  encode: (value) =>
    write((w) => {
      w.u16(value.code);
      w.u16(value.protocol);
      w.u8(value.direction);
      w.bytes(text(value.message));
    }),
  format: (value) =>
    `${value.code} protocol ${value.protocol.toString(16)} direction ${value.direction} ${printable(value.message)}`,
};

/** Some peers send these two numbers in little-endian order: a number that makes sense only that way round is turned. */
function unswapped(value: number, highest: number): number {
  const swapped = value >>> 8;
  return (value & 0xff) === 0 && swapped <= highest ? swapped : value;
}

function exactly(octets: Uint8Array, length: number): ByteReader {
  if (octets.length !== length) throw new DecodeError('value-length', 0, `${length} octets, not ${octets.length}`);
  return new ByteReader(octets);
}

function write(fill: (w: ByteWriter) => void): Uint8Array {
  const w = new ByteWriter(32);
  fill(w);
  return w.finish();
}

function text(value: string): Uint8Array {
  return utf8.encode(value).subarray(0, LONGEST_TEXT);
}

const VERSION_NOT_SUPPORTED = 5;
const HIGHEST_RESULT = 12;
const HIGHEST_ERROR = 9;
const LONGEST_TEXT = 256; // an AVP holds 1017 octets; nobody reads more than this
