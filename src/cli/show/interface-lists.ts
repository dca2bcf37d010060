// `show interfaces description` and `show interfaces summary`: a row for each, with what it is for, or how much goes through it.

import { shortInterfaceName } from '../../vpdn/interface-name.ts';
import type { InterfaceView, RouterView } from '../../vpdn/view.ts';
import { printable } from '../../wire/values.ts';
import { interfaceRow, interfaceRows } from './rows.ts';
import { tableRow } from './table.ts';

export function* showInterfacesDescription(view: RouterView, name?: string): Generator<string> {
  if (isMissing(view, name)) return yield missing(name);
  yield tableRow(DESCRIPTION_WIDTHS, ['Interface', 'Status', 'Protocol', 'Description']);
  for (const subject of interfaceRows(view, { name })) {
    const status = subject.status === 'administratively down' ? 'admin down' : subject.status;
    const cells = [shortInterfaceName(subject.name), status, subject.lineProtocol];
    yield tableRow(DESCRIPTION_WIDTHS, [...cells, printable(subject.description ?? '')]);
  }
}

/** No queue holds packets here: those columns say what was dropped instead of kept. */
export function* showInterfacesSummary(view: RouterView, name?: string): Generator<string> {
  if (isMissing(view, name)) return yield missing(name);
  yield* LEGEND;
  yield summaryRow(' ', 'Interface', ['IHQ', 'IQD', 'OHQ', 'OQD', 'RXBS', 'RXPS', 'TXBS', 'TXPS', 'TRTL']);
  yield '-'.repeat(summaryRow(' ', '', Array(9).fill('')).length);
  for (const subject of interfaceRows(view, { name })) yield summaryLine(subject);
}

function summaryLine({ name, status, lineProtocol, outputDrops, rates }: InterfaceView): string {
  const { inputBitsPerSecond = 0, inputPacketsPerSecond = 0 } = rates ?? {};
  const { outputBitsPerSecond = 0, outputPacketsPerSecond = 0 } = rates ?? {};
  const flow = [inputBitsPerSecond, inputPacketsPerSecond, outputBitsPerSecond, outputPacketsPerSecond];
  const up = status === 'up' && lineProtocol === 'up';
  return summaryRow(up ? '*' : ' ', name, [0, 0, 0, outputDrops, ...flow, 0].map(String));
}

function summaryRow(mark: string, name: string, cells: readonly string[]): string {
  return `${mark} ${name.padEnd(21)}${cells.map((cell) => cell.padStart(10)).join('')}`;
}

function isMissing(view: RouterView, name: string | undefined): boolean {
  return name !== undefined && interfaceRow(view, name) === undefined;
}

function missing(name = ''): string {
  return `% Interface ${printable(name)} does not exist`;
}

const DESCRIPTION_WIDTHS = [31, 15, 9];
const LEGEND = [
  '',
  ' *: interface is up',
  ' IHQ: pkts in input hold queue     IQD: pkts dropped from input queue',
  ' OHQ: pkts in output hold queue    OQD: pkts dropped from output queue',
  ' RXBS: rx rate (bits/sec)          RXPS: rx rate (pkts/sec)',
  ' TXBS: tx rate (bits/sec)          TXPS: tx rate (pkts/sec)',
  ' TRTL: throttle count',
  '',
];
