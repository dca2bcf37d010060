// `show caller …` (C154): who is on, whether at a line or through PPP, and what each does.

import { shortInterfaceName } from '../../vpdn/interface-name.ts';
import type { InterfaceView, RouterView, UserView } from '../../vpdn/view.ts';
import { printable } from '../../wire/values.ts';
import { formatElapsed } from './elapsed.ts';
import { authenticationNames, type WithLink } from './ppp.ts';
import { ipcpLines, lcpLines } from './ppp-options.ts';
import { callerRows, interfaceRow, openInterfaceRows } from './rows.ts';
import { LAYER_STATE_WORDS } from './state-words.ts';
import { nameCell, tableRow } from './table.ts';
import { TURN, Unprinted } from './turn.ts';

export function* showCaller(view: RouterView): Generator<string> {
  yield '                                                  Active    Idle';
  yield '  Line         User               Service         Time      Time';
  for (const user of view.users) yield lineRow(user);
  for (const caller of callers(view)) {
    yield caller === undefined ? TURN : callerLine(caller, view);
  }
}

/** Telephone numbers do not come with L2TP tunnels that have no telephone behind them. */
export function* showCallerIp(view: RouterView): Generator<string> {
  yield tableRow(IP_WIDTHS, ['', 'Line', 'User', 'IP Address', 'Local Number', 'Remote Number', '<->']);
  for (const caller of callers(view)) {
    yield caller === undefined ? TURN : ipLine(caller);
  }
}

export function* showCallerSummary(view: RouterView): Generator<string> {
  const users = new Set(view.users.map(({ user }) => user));
  const unprinted = new Unprinted();
  let calls = 0;
  for (const { username, open } of callerRows(view)) {
    if (unprinted.add()) yield TURN;
    if (!open) continue;
    calls++;
    users.add(username);
  }
  users.delete('');
  yield count(0, 'Analog calls (0 VPDN Calls)');
  yield count(0, 'ISDN calls (0 VPDN Calls)');
  yield count(calls, 'VPDN calls');
  yield count(0, 'PPPoA calls');
  yield count(0, 'PPPoE calls');
  yield count(users.size, 'Total unique users logged in');
}

export interface CallerChoice {
  readonly username?: string | undefined;
  readonly interfaceName?: string | undefined;
  readonly detailed?: boolean | undefined;
}

/** A block for each: of one user, of one interface, or of all. */
export function* showCallerFull(view: RouterView, choice: CallerChoice): Generator<string> {
  const { username, interfaceName, detailed } = choice;
  let found = false;
  for (const caller of callers(view, choice)) {
    if (caller === undefined) {
      yield TURN;
      continue;
    }
    found = true;
    yield '';
    yield* block(caller, view, detailed === true);
  }
  if (!found && username !== undefined) yield `% User ${printable(username)} is not logged in`;
  if (!found && interfaceName !== undefined) yield `% No caller on ${printable(interfaceName)}`;
}

function* block(caller: WithLink, view: RouterView, detailed: boolean): Generator<string> {
  const { link, counters } = caller;
  const place = shortInterfaceName(caller.name);
  yield `  User: ${nameCell(caller.username ?? '', 60)}, line ${place}, service ${serviceOf(caller).replace(/ +/, ' ')}`;
  yield `        Active time ${activeTime(caller, view)}, Idle time ${idleTime(caller, view)}`;
  yield '  Timeouts:            Absolute  Idle';
  yield '      Limits:          -         -';
  yield '      Disconnect in:   -         -';
  const proofs = authenticationNames(link).map((name) => `${name} (${ways(link)})`);
  yield `  PPP: ${[`LCP ${LAYER_STATE_WORDS[link.lcp]}`, ...proofs, ...caller.openNcps].join(', ')}`;
  if (detailed) {
    for (const line of [...lcpLines(place, link), ...ipcpLines(place, link)]) yield `    ${line}`;
  }
  yield `  NCP: ${caller.openNcps.length === 0 ? 'none open' : `Open ${caller.openNcps.join(', ')}`}`;
  const local = link.network?.localAddress ?? caller.address ?? 'none';
  yield `  IP: Local ${local}, remote ${caller.peerAddress ?? 'none'}`;
  yield `  Counts: ${counters.packetsReceived} packets input, ${counters.octetsReceived} bytes, 0 no buffer`;
  yield `          ${caller.inputErrors} input errors, 0 CRC, 0 frame, 0 overrun`;
  yield `          ${counters.packetsSent} packets output, ${counters.octetsSent} bytes, 0 underruns`;
  yield `          0 output errors, 0 collisions, ${caller.carrierTransitions} interface resets`;
}

/** What carries the PPP. */
function serviceOf({ sessionOf }: InterfaceView): string {
  return sessionOf === 'pptp' ? 'PPP   PPTP' : 'PPP   L2TP';
}

/** Who proves itself to whom, with the source that knew the secret. */
function ways({ peerAuthentication, localAuthentication }: WithLink['link']): string {
  if (peerAuthentication !== undefined && localAuthentication !== undefined) return 'local <--> local';
  return peerAuthentication !== undefined ? '<- local' : 'local ->';
}

/** Those whose link is open. Undefined: nothing was found for so long that it is time for a turn. */
function* callers(view: RouterView, { username, interfaceName }: CallerChoice = {}): Generator<WithLink | undefined> {
  const unprinted = new Unprinted();
  for (const row of interfaceName === undefined ? openInterfaceRows(view) : [interfaceRow(view, interfaceName)]) {
    const wanted = row?.lcp === 'Opened' && (username === undefined || row.username === username);
    if (wanted && row.link !== undefined) yield row as WithLink;
    else if (unprinted.add()) yield undefined;
  }
}

function callerLine(caller: WithLink, view: RouterView): string {
  const cells = [shortInterfaceName(caller.name), nameCell(caller.username ?? '', 18), serviceOf(caller)];
  return tableRow(WIDTHS, ['', ...cells, activeTime(caller, view), idleTime(caller, view)]);
}

function ipLine({ name, kind, username = '', peerAddress = '' }: WithLink): string {
  const cells = [shortInterfaceName(name), nameCell(username, 18), peerAddress === '' ? '-' : peerAddress, '-', '-'];
  return tableRow(IP_WIDTHS, ['', ...cells, kind === 'Virtual-Access' ? 'in' : 'out']);
}

function lineRow({ lineName, user, idle, active }: UserView): string {
  const activeFor = active === undefined ? '-' : formatElapsed(active);
  return tableRow(WIDTHS, ['', lineName, nameCell(user, 18), 'TTY', activeFor, formatElapsed(idle)]);
}

function activeTime({ link }: WithLink, view: RouterView): string {
  return link.upSince === undefined ? '-' : formatElapsed(view.now - link.upSince);
}

/** Either way counts as life. */
function idleTime({ lastInput, lastOutput }: InterfaceView, view: RouterView): string {
  const last = Math.max(lastInput ?? Number.NEGATIVE_INFINITY, lastOutput ?? Number.NEGATIVE_INFINITY);
  return Number.isFinite(last) ? formatElapsed(view.now - last) : '-';
}

function count(amount: number, what: string): string {
  return `${String(amount).padStart(8)}   ${what}`;
}

const WIDTHS = [2, 13, 19, 16, 10];
const IP_WIDTHS = [2, 13, 19, 16, 16, 16];
