// How long a PPTP peer takes to acknowledge, and how many packets it may have before it does: RFC 2637 §4.3, §4.4. It is
// measured, shown and watched, and holds nothing up: as other implementations have it, packets leave when they come. What
// is carried has a flow control of its own, and a device that all calls share cannot wait for one of them.
//
//   DIFF = SAMPLE - RTT; DEV += (|DIFF| - DEV) / 4; RTT += DIFF / 8; ATO = MAX(MinTimeOut, MIN(RTT + 4 * DEV, MaxTimeOut))
//
// One packet at a time is timed. The thread that sends owns all of this but `SampledAt` and `AcknowledgedByPeer`, which are
// the receiving thread's.

import { addTrouble } from './flow-alarm.ts';
import { HEARD_ACKNOWLEDGMENT } from './gre-receive.ts';
import { Count, Row } from './layout.ts';

/** The packet with `sequence` is about to leave. True: acknowledgments failed to come too often. */
export function noteSending(
  words: Int32Array,
  word: number,
  floats: Float64Array,
  float: number,
  sequence: number,
  now: number,
): boolean {
  const timedAt = floats[float + Count.TimedAt]!;
  let isTooMuch = false;
  if (timedAt > 0) {
    const sampledAt = floats[float + Count.SampledAt]!;
    if (sampledAt >= timedAt) takeSample(words, word, floats, float, sampledAt - timedAt);
    else if (now - timedAt > acknowledgeTimeout(words, word, floats, float)) {
      isTooMuch = takeTimeout(words, word, floats, float, now);
    } else return false;
  }
  words[word + Row.TimedSequence] = sequence;
  floats[float + Count.TimedAt] = now;
  return isTooMuch;
}

/** The peer has received all up to `acknowledged`. What was never sent cannot be: false. */
export function noteAcknowledgment(
  words: Int32Array,
  word: number,
  floats: Float64Array,
  float: number,
  acknowledged: number,
  now: number,
): boolean {
  const ahead = (acknowledged - words[word + Row.Ns]!) | 0;
  if (ahead >= 0 || ahead < -MOST_UNACKNOWLEDGED) return false;
  const first = (words[word + Row.Heard]! & HEARD_ACKNOWLEDGMENT) === 0;
  // §4.2: acknowledgments are cumulative; an old one says nothing new.
  if (!first && ((acknowledged - words[word + Row.AcknowledgedByPeer]!) | 0) <= 0) return true;
  words[word + Row.AcknowledgedByPeer] = acknowledged;
  words[word + Row.Heard]! |= HEARD_ACKNOWLEDGMENT;
  const timedAt = floats[float + Count.TimedAt]!;
  const isTimed = timedAt > 0 && floats[float + Count.SampledAt]! < timedAt;
  if (isTimed && ((acknowledged - words[word + Row.TimedSequence]!) | 0) >= 0) floats[float + Count.SampledAt] = now;
  return true;
}

/** ATO, milliseconds. */
export function acknowledgeTimeout(words: Int32Array, word: number, floats: Float64Array, float: number): number {
  const fixed = words[word + Row.StaticRoundTrip]!;
  if (fixed > 0) return fixed;
  const adaptive = floats[float + Count.RoundTrip]! + 4 * floats[float + Count.Deviation]!;
  return Math.max(MIN_TIMEOUT, Math.min(adaptive, MAX_TIMEOUT));
}

function takeSample(words: Int32Array, word: number, floats: Float64Array, float: number, sample: number): void {
  const difference = sample - floats[float + Count.RoundTrip]!;
  floats[float + Count.Deviation]! += (Math.abs(difference) - floats[float + Count.Deviation]!) / 4;
  floats[float + Count.RoundTrip]! += difference / 8;
  const acknowledged = words[word + Row.AcknowledgedByPeer]!;
  // "after a full window of packets has been acknowledged", one more.
  if (((acknowledged - words[word + Row.WindowSince]!) | 0) < words[word + Row.SendWindow]!) return;
  words[word + Row.WindowSince] = acknowledged;
  words[word + Row.SendWindow] = Math.min(words[word + Row.SendWindow]! + 1, words[word + Row.PeerWindow]!);
}

/** RTT doubles, the window halves, rounded up. */
function takeTimeout(words: Int32Array, word: number, floats: Float64Array, float: number, now: number): boolean {
  floats[float + Count.AcknowledgeTimeouts]! += 1;
  floats[float + Count.RoundTrip] = Math.min(2 * floats[float + Count.RoundTrip]!, MAX_TIMEOUT);
  words[word + Row.SendWindow] = Math.max(1, (words[word + Row.SendWindow]! + 1) >> 1);
  words[word + Row.WindowSince] = words[word + Row.AcknowledgedByPeer]!;
  // A peer that never acknowledges anything tells nothing by it.
  if ((words[word + Row.Heard]! & HEARD_ACKNOWLEDGMENT) === 0) return false;
  return addTrouble(floats, float + Count.TimeoutScore, now);
}

/** Above the half second for which peers hold acknowledgments back. */
const MIN_TIMEOUT = 600;
const MAX_TIMEOUT = 5000;
/** An acknowledgment of what was sent longer ago is none. */
const MOST_UNACKNOWLEDGED = 0x100_0000;
