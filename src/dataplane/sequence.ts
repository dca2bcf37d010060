// Late or not: RFC 2661 §5.4 with 16 bits, RFC 3931 §4.6.1 and Appendix C with 24. What is behind is dropped, a gap is loss.

import { Row } from './layout.ts';

/** `word`: the session's row. `mask`: the bits of a number. */
export function isLate(words: Int32Array, word: number, sequence: number, mask: number): boolean {
  const ahead = (sequence - words[word + Row.Nr]!) & mask;
  if (ahead <= mask >>> 1) {
    words[word + Row.Nr] = (sequence + 1) & mask;
    return false;
  }
  // A long unbroken run of "late" packets is a peer that began anew.
  const run = words[word + Row.LateNext] === sequence ? words[word + Row.LateRun]! + 1 : 1;
  words[word + Row.LateNext] = (sequence + 1) & mask;
  words[word + Row.LateRun] = run;
  if (run < RESTART_RUN) return true;
  words[word + Row.LateRun] = 0;
  words[word + Row.Nr] = (sequence + 1) & mask;
  return false;
}

export const V2_SEQUENCE = 0xffff;
export const V3_SEQUENCE = 0xffffff;
const RESTART_RUN = 16;
