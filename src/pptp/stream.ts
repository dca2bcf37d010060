// From the octets of a TCP connection to whole messages, RFC 2637 §1.4. Segments mean nothing: a message may come octet by octet,
// or many in one piece. There is no way back into step after garbage, so it ends the connection (§3).

import { DecodeError } from '../wire/errors.ts';
import { HEADER_LENGTH, LONGEST, lengthOf, MAGIC_COOKIE, nameOf } from './message.ts';

export class MessageStream {
  /** The beginning of a message whose rest has not come: never more than one. */
  #held = new Uint8Array();

  get held(): number {
    return this.#held.length;
  }

  /** The messages that these octets complete. Each is good until the next is taken; throws DecodeError on what is none. */
  *take(octets: Uint8Array): Generator<Uint8Array> {
    let rest = octets;
    while (rest.length > 0) {
      if (this.#held.length === 0) {
        const length = lengthAt(rest);
        if (length !== undefined && length <= rest.length) {
          yield rest.subarray(0, length);
          rest = rest.subarray(length);
          continue;
        }
      }
      rest = rest.subarray(this.#hold(rest));
      const length = lengthAt(this.#held);
      if (length === undefined || length > this.#held.length) continue;
      const message = this.#held;
      this.#held = new Uint8Array();
      yield message;
    }
  }

  /** Takes what the header lacks, or then what the message lacks. Returns how much. */
  #hold(octets: Uint8Array): number {
    const wanted = (lengthAt(this.#held) ?? HEADER_LENGTH) - this.#held.length;
    const count = Math.min(wanted, octets.length);
    const longer = new Uint8Array(this.#held.length + count);
    longer.set(this.#held);
    longer.set(octets.subarray(0, count), this.#held.length);
    this.#held = longer;
    return count;
  }
}

/** How long the message is whose header this begins with; undefined: its header is not all there. */
function lengthAt(octets: Uint8Array): number | undefined {
  if (octets.length < HEADER_LENGTH) return undefined;
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const length = view.getUint16(0);
  if (view.getUint32(4) !== MAGIC_COOKIE) throw new DecodeError('magic', 4, 'the magic cookie');
  const name = nameOf(octets);
  const fits = name === undefined ? length >= HEADER_LENGTH && length <= LONGEST : length === lengthOf(name);
  if (!fits) throw new DecodeError('length', 0, `a length of ${length} for ${name ?? 'a message'}`);
  return length;
}
