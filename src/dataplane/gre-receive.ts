// Where the number of an arriving packet of a PPTP call stands to those before it: RFC 2637 §4.2, §4.3. All of it is in the
// call's row. Nothing is asked for again; what is behind is dropped, what is a little ahead may wait for those between.

import { Row } from './layout.ts';

export const Arrival = {
  /** The one expected, or the first there is, or one of a count that began anew. */
  Next: 0,
  /** Some before it are missing. */
  Early: 1,
  Late: 2,
  Duplicate: 3,
  /** Too far ahead to be believed: a forged number must not make all real ones late. */
  Jump: 4,
} as const;
export type Arrival = (typeof Arrival)[keyof typeof Arrival];

/** `word`: the row. Remembers of what it refuses only what shows that the peer began anew. */
export function judge(words: Int32Array, word: number, sequence: number): Arrival {
  if ((words[word + Row.Heard]! & HEARD_PACKET) === 0) return Arrival.Next;
  const ahead = (sequence - words[word + Row.Nr]!) | 0;
  if (ahead === 0) return Arrival.Next;
  if (ahead > 0) {
    if (ahead < FORWARD_WINDOW) return Arrival.Early;
    // Two that follow each other are no chance hit.
    if (words[word + Row.JumpNext] === sequence) return Arrival.Next;
    words[word + Row.JumpNext] = (sequence + 1) | 0;
    return Arrival.Jump;
  }
  const behind = -ahead - 1;
  if (behind >= 0 && behind < 32 && ((words[word + Row.Seen]! >>> behind) & 1) !== 0) return Arrival.Duplicate;
  return isRestart(words, word, sequence) ? Arrival.Next : Arrival.Late;
}

/** `sequence` is the last one received from now on. How many before it never came. */
export function accept(words: Int32Array, word: number, sequence: number): number {
  const started = (words[word + Row.Heard]! & HEARD_PACKET) !== 0;
  const gap = started ? (sequence - words[word + Row.Nr]!) | 0 : 0;
  words[word + Row.Seen] = gap >= 0 && gap < 31 ? (words[word + Row.Seen]! << (gap + 1)) | 1 : 1;
  words[word + Row.LateRun] = 0;
  words[word + Row.Heard]! |= HEARD_PACKET;
  // Last: whoever acknowledges reads this one.
  Atomics.store(words, word + Row.Nr, (sequence + 1) | 0);
  return gap > 0 && gap < FORWARD_WINDOW ? gap : 0;
}

/** A long unbroken run of late packets is a peer that began anew. */
function isRestart(words: Int32Array, word: number, sequence: number): boolean {
  const run = words[word + Row.LateNext] === sequence ? words[word + Row.LateRun]! + 1 : 1;
  words[word + Row.LateNext] = (sequence + 1) | 0;
  words[word + Row.LateRun] = run;
  return run >= RESTART_RUN;
}

/** Bits of `Row.Heard`. */
export const HEARD_PACKET = 1;
export const HEARD_ACKNOWLEDGMENT = 2;

const FORWARD_WINDOW = 1024;
const RESTART_RUN = 16;
