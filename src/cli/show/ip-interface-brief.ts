// `show ip interface brief [X]` (C157).

import type { RouterView } from '../../vpdn/view.ts';
import { addressFinder } from './interface-address.ts';
import { interfaceRows } from './rows.ts';
import { tableRow } from './table.ts';

export function* showIpInterfaceBrief(view: RouterView, name?: string): Generator<string> {
  yield tableRow(WIDTHS, ['Interface', 'IP-Address', 'OK?', 'Method', 'Status', 'Protocol']);
  const addressOf = addressFinder(view);
  for (const subject of interfaceRows(view, { name })) {
    yield tableRow(WIDTHS, [
      subject.name,
      addressOf(subject) ?? 'unassigned',
      'YES',
      subject.addressMethod,
      subject.status,
      subject.lineProtocol,
    ]);
  }
}

const WIDTHS = [27, 16, 4, 7, 22];
