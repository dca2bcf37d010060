// The size of a terminal window on its way through the control socket, among the keys: an octet that no UTF-8 text has, then
// columns and rows. It is taken out of the stream before the keys are looked at.
//
//   |    0xff    |        columns        |          rows         |

export interface Reported {
  /** What was typed. */
  readonly octets: Uint8Array;
  /** The last of the sizes among it. */
  readonly size: { readonly columns: number; readonly rows: number } | undefined;
}

export function encodeSizeReport(columns: number, rows: number): Uint8Array {
  return Uint8Array.of(MARK, columns >>> 8, columns, rows >>> 8, rows);
}

/** What a terminal sends, without what would be taken for a report: octets that stand for no character. */
export function withoutMarks(keys: Uint8Array): Uint8Array {
  return keys.includes(MARK) ? keys.filter((octet) => octet !== MARK) : keys;
}

/** One for each connection: a report may come in two pieces. */
export class SizeReports {
  #held: number[] = [];

  push(chunk: Uint8Array): Reported {
    if (this.#held.length === 0 && !chunk.includes(MARK)) return { octets: chunk, size: undefined };
    const keys: number[] = [];
    let size: Reported['size'];
    for (const octet of chunk) {
      if (this.#held.length === 0 && octet !== MARK) {
        keys.push(octet);
        continue;
      }
      this.#held.push(octet);
      if (this.#held.length < LENGTH) continue;
      const [, high = 0, low = 0, rowsHigh = 0, rowsLow = 0] = this.#held;
      size = { columns: Math.min((high << 8) | low, MOST), rows: Math.min((rowsHigh << 8) | rowsLow, MOST) };
      this.#held = [];
    }
    return { octets: Uint8Array.from(keys), size };
  }
}

const MARK = 0xff;
const LENGTH = 5;
/** Columns and rows of a screen. */
const MOST = 1000;
