// `show interfaces [X] counters`: octets and packets of each interface in one row, both ways.

import { shortInterfaceName } from '../../vpdn/interface-name.ts';
import type { RouterView } from '../../vpdn/view.ts';
import { printable } from '../../wire/values.ts';
import { interfaceRow, interfaceRows } from './rows.ts';
import { tableRow } from './table.ts';

export function* showInterfaceCounters(view: RouterView, name?: string): Generator<string> {
  if (name !== undefined && interfaceRow(view, name) === undefined) {
    return yield `% Interface ${printable(name)} does not exist`;
  }
  yield tableRow(WIDTHS, ['Port', 'InOctets', 'InPackets', 'InErrors']);
  for (const { name: each, counters, inputErrors } of interfaceRows(view, { name })) {
    const cells = [counters.octetsReceived, counters.packetsReceived, inputErrors].map(String);
    yield tableRow(WIDTHS, [shortInterfaceName(each), ...cells]);
  }
  yield '';
  yield tableRow(WIDTHS, ['Port', 'OutOctets', 'OutPackets', 'OutDrops']);
  for (const { name: each, counters, outputDrops } of interfaceRows(view, { name })) {
    const cells = [counters.octetsSent, counters.packetsSent, outputDrops].map(String);
    yield tableRow(WIDTHS, [shortInterfaceName(each), ...cells]);
  }
}

const WIDTHS = [16, 20, 20];
