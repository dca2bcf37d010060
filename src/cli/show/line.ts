// `show line` (C012): all lines, the console, the auxiliary line and the vty lines, and which of them are in use.

import type { Configuration } from '../../vpdn/configuration.ts';

export interface LineUse {
  /** As `show users` numbers them. */
  readonly number: number;
  readonly taken: boolean;
  /** Sessions so far. */
  readonly uses: number;
}

/** Of the lines of the configuration, and of further consoles that somebody sits at. */
export function* showLines({ lines }: Configuration, used: readonly LineUse[], only?: number): Generator<string> {
  const known = new Map(used.map((each) => [each.number, each]));
  const rows = [0, 1, ...lines.vty.keys().map((index) => index + FIRST_VTY)];
  rows.push(...used.filter(({ number, taken }) => taken && !rows.includes(number)).map(({ number }) => number));
  const wanted = rows.filter((number) => only === undefined || number === only);
  if (wanted.length === 0) return yield `% There is no line ${only}`;
  yield '   Tty Typ     Tx/Rx    A Modem  Roty AccO AccI   Uses   Noise  Overruns   Int';
  for (const number of wanted) {
    const isVty = number >= FIRST_VTY && number < FIRST_VTY + lines.vty.length;
    const { accessClassIn = '-', accessClassOut = '-' } = (isVty ? lines.vty[number - FIRST_VTY] : undefined) ?? {};
    const { taken = false, uses = 0 } = known.get(number) ?? {};
    const type = isVty ? 'VTY' : number === 1 ? 'AUX' : 'CTY';
    const place = `${taken ? '*' : ' '}${String(number).padStart(5)} ${type}`;
    const access = `${accessClassOut.padStart(5)}${accessClassIn.padStart(5)}`;
    yield `${place}              -    -      -${access}${String(uses).padStart(7)}       0     0/0       -`;
  }
}

const FIRST_VTY = 2;
