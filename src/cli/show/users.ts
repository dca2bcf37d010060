// `show users` (C153): who sits at a line, and who is connected through an interface.

import { shortInterfaceName } from '../../vpdn/interface-name.ts';
import type { InterfaceView, RouterView, UserView } from '../../vpdn/view.ts';
import { formatElapsed } from './elapsed.ts';
import { openInterfaceRows } from './rows.ts';
import { nameCell, tableRow } from './table.ts';
import { TURN, Unprinted } from './turn.ts';

export function* showUsers(view: RouterView): Generator<string> {
  yield '    Line       User       Host(s)              Idle       Location';
  for (const user of view.users) yield lineRow(user);
  yield '';
  yield tableRow(INTERFACE_WIDTHS, ['', 'Interface', 'User', 'Mode', 'Idle', 'Peer Address']);
  const unprinted = new Unprinted();
  for (const subject of openInterfaceRows(view)) {
    if (subject?.username !== undefined) yield interfaceLine(subject, view);
    else if (unprinted.add()) yield TURN;
  }
}

/** The line number is right-aligned, and a console has an empty user and location. */
function lineRow({ line, lineName, user, idle, location, own }: UserView): string {
  const place = `${own ? '*' : ' '}${String(line).padStart(3)} ${lineName}`;
  const name = user === '' ? '' : nameCell(user, 10);
  return tableRow(LINE_WIDTHS, [
    place,
    name,
    'idle',
    formatElapsed(idle),
    location === '' ? '' : nameCell(location, 45),
  ]);
}

/** The mode says what carries the PPP: a call that came through VPDN, or our own virtual-PPP. */
function interfaceLine(subject: InterfaceView, view: RouterView): string {
  const { name, kind, username, lastInput, peerAddress } = subject;
  return tableRow(INTERFACE_WIDTHS, [
    '',
    shortInterfaceName(name),
    nameCell(username ?? '', 18),
    kind === 'Virtual-Access' ? 'PPPoVPDN' : 'Sync PPP',
    lastInput === undefined ? '-' : formatElapsed(view.now - lastInput),
    peerAddress ?? '',
  ]);
}

const LINE_WIDTHS = [15, 11, 21, 11];
const INTERFACE_WIDTHS = [2, 13, 19, 13, 9];
