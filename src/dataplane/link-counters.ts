// What the workers have noted of a PPTP call's flow and of a session's encryption, read out of its row.

import { acknowledgeTimeout } from './gre-transmit.ts';
import { Cipher, CipherBit, Count, Flag, Row } from './layout.ts';
import type { SessionTable } from './session-table.ts';

/** RFC 2637 §4. Numbers of 32 bits. */
export interface FlowCounters {
  /** The next to send; the last received, the last that either end acknowledged: -1 before the first. */
  readonly nextSent: number;
  readonly lastReceived: number;
  readonly acknowledgedByUs: number;
  readonly acknowledgedByPeer: number;
  /** What RFC 2637 §4.3 would let the peer have unacknowledged by now. */
  readonly sendWindow: number;
  readonly lost: number;
  readonly reordered: number;
  readonly acknowledgeTimeouts: number;
  /** Milliseconds. */
  readonly roundTrip: number;
  readonly acknowledgeTimeout: number;
  readonly alarm: boolean;
}

/** RFC 3078, since the keys in force; `bits` 0: MPPC alone. */
export interface EncryptionCounters {
  readonly send: CipherForm | undefined;
  readonly receive: CipherForm | undefined;
  readonly sealed: number;
  readonly opened: number;
  /** How often we began anew for the peer, and told the control thread that the peer must. */
  readonly flushes: number;
  readonly losses: number;
  readonly nextSentCoherency: number;
  readonly nextReceivedCoherency: number;
  readonly sentKeyChanges: number;
  readonly receivedKeyChanges: number;
  readonly dropped: number;
  readonly outOfOrder: number;
  readonly missed: number;
}

export interface CipherForm {
  readonly bits: number;
  readonly stateful: boolean;
  readonly mppc: boolean;
}

/** Undefined: no call of PPTP. */
export function flowCounters(table: SessionTable, row: number): FlowCounters | undefined {
  const { words, floats } = table;
  const word = table.rowWord(row);
  const float = table.rowFloat(row);
  if ((words[word + Row.Flags]! & Flag.Gre) === 0) return undefined;
  const lastReceived = words[word + Row.Heard] === 0 ? -1 : (words[word + Row.Nr]! - 1) >>> 0;
  return {
    nextSent: words[word + Row.Ns]! >>> 0,
    lastReceived,
    acknowledgedByUs: numberOf(words[word + Row.AcknowledgedByUs]!),
    acknowledgedByPeer: numberOf(words[word + Row.AcknowledgedByPeer]!),
    sendWindow: words[word + Row.SendWindow]!,
    lost: floats[float + Count.Lost]!,
    reordered: floats[float + Count.Reordered]!,
    acknowledgeTimeouts: floats[float + Count.AcknowledgeTimeouts]!,
    roundTrip: floats[float + Count.RoundTrip]!,
    acknowledgeTimeout: acknowledgeTimeout(words, word, floats, float),
    alarm: words[word + Row.Alarm] !== 0,
  };
}

/** Undefined: no direction is compressed or encrypted. */
export function encryptionCounters(table: SessionTable, row: number): EncryptionCounters | undefined {
  const { words, floats } = table;
  const word = table.rowWord(row);
  const float = table.rowFloat(row);
  const send = formOf(words, word + Row.SendCipher);
  const receive = formOf(words, word + Row.ReceiveCipher);
  if (send === undefined && receive === undefined) return undefined;
  return {
    send,
    receive,
    sealed: floats[float + Count.Sealed]!,
    opened: floats[float + Count.Opened]!,
    flushes: floats[float + Count.FlushesSent]!,
    losses: floats[float + Count.LossesTold]!,
    nextSentCoherency: words[word + Row.SentCoherency]!,
    nextReceivedCoherency: words[word + Row.ReceivedCoherency]!,
    sentKeyChanges: floats[float + Count.SentKeyChanges]!,
    receivedKeyChanges: floats[float + Count.ReceivedKeyChanges]!,
    dropped: floats[float + Count.Unopened]!,
    outOfOrder: floats[float + Count.OpenedLate]!,
    missed: floats[float + Count.OpenedMissed]!,
  };
}

function formOf(words: Int32Array, at: number): CipherForm | undefined {
  if (words[at + Cipher.Serial] === 0) return undefined;
  const options = words[at + Cipher.Options]!;
  return {
    bits: options & 0xff,
    stateful: (options & CipherBit.Stateful) !== 0,
    mppc: (options & CipherBit.Mppc) !== 0,
  };
}

function numberOf(word: number): number {
  return word === -1 ? -1 : word >>> 0;
}
