// `show subscriber session`, `show sss session` and `show aaa …` (C167, C168): one subscriber for each PPP link.

import { shortInterfaceName } from '../../vpdn/interface-name.ts';
import type { CallerView, RouterView } from '../../vpdn/view.ts';
import { formatElapsed } from './elapsed.ts';
import type { WithLink } from './ppp.ts';
import { callerRows, interfaceRows } from './rows.ts';
import { nameCell, tableRow } from './table.ts';
import { TURN, Unprinted } from './turn.ts';

export function* showSubscriberSession(view: RouterView): Generator<string> {
  const count = yield* total(view);
  if (count === 0) return yield '%No active Subscriber Sessions';
  yield 'Codes: Lterm - Local Term, Fwd - forwarded, unauth - unathenticated, authen -';
  yield 'authenticated, TC Ct. - Number of Traffic Classes on the main session';
  yield '';
  yield `Current Subscriber Information: Total sessions ${count}`;
  yield 'Uniq ID Interface    State    Service     Up-time  TC Ct. Identifier';
  for (const subscriber of subscribers(view)) {
    const { link, name } = subscriber;
    const service = link.phase === 'UP' ? 'Lterm' : '-';
    const cells = [
      String(link.uniqueId),
      shortInterfaceName(name),
      stateOf(subscriber),
      service,
      upTime(subscriber, view),
    ];
    yield tableRow([8, 13, 9, 12, 9, 7], [...cells, '0', nameCell(link.peerName, 60)]);
  }
}

export function* showSssSession(view: RouterView): Generator<string> {
  const count = yield* total(view);
  yield `Current SSS Information: Total sessions ${count}`;
  yield '';
  if (count === 0) return;
  yield 'Uniq ID Type       State     Service       Identifier                Last Chg';
  for (const subscriber of subscribers(view)) {
    const { link, since } = subscriber;
    const service = link.phase === 'UP' ? 'Local Term' : '-';
    const cells = [String(link.uniqueId), 'PPP', stateOf(subscriber), service, nameCell(link.peerName, 25)];
    yield tableRow([8, 11, 10, 14, 26], [...cells, formatElapsed(view.now - since)]);
  }
}

export function* showAaaSessions(view: RouterView): Generator<string> {
  const now = view.pppStatistics?.counters.find(isIpcpUp)?.total ?? (yield* total(view, ({ up }) => up));
  yield `Total sessions since last reload: ${now}`;
  const unprinted = new Unprinted();
  for (const subscriber of subscribers(view)) {
    if (subscriber.link.phase === 'UP') yield* aaaSession(subscriber, view);
    else if (unprinted.add()) yield TURN;
  }
}

function* aaaSession({ link, sessionId = 0, peerAddress, lastInput }: WithLink, view: RouterView): Generator<string> {
  yield `Session Id: ${sessionId}`;
  yield `   Unique Id: ${link.uniqueId}`;
  yield `   User Name: ${nameCell(link.peerName, 60)}`;
  yield `   IP Address: ${peerAddress ?? '0.0.0.0'}`;
  yield `   Idle Time: ${lastInput === undefined ? 0 : Math.floor((view.now - lastInput) / 1000)}`;
  yield '   CT Call Handle: 0';
}

/** Of all, or of the one with this unique id. */
export function* showAaaUser(view: RouterView, id?: number): Generator<string> {
  if ((yield* total(view, ({ uniqueId }) => id === undefined || uniqueId === id)) === 0) {
    return yield id === undefined ? '% No AAA users' : `% No AAA user with unique id ${id}`;
  }
  const unprinted = new Unprinted();
  for (const subscriber of subscribers(view)) {
    if (id === undefined || subscriber.link.uniqueId === id) yield* aaaUser(subscriber, view);
    else if (unprinted.add()) yield TURN;
  }
}

function* aaaUser(subscriber: WithLink, view: RouterView): Generator<string> {
  const { link, name, sessionId = 0, peerAddress } = subscriber;
  yield '--------------------------------------------------';
  yield `Unique id ${link.uniqueId} is currently in use.`;
  yield 'Accounting:';
  yield '  log=0x0';
  yield '  Events recorded : none, accounting is not built yet';
  yield `Authen: service=PPP type=${link.peerAuthentication?.toUpperCase() ?? 'NONE'} method=LOCAL`;
  yield 'Component = VPDN';
  yield `  Interface ${shortInterfaceName(name)}, session id ${sessionId}, user ${nameCell(link.peerName, 60)}`;
  yield `  Address ${peerAddress ?? 'none'}, up ${upTime(subscriber, view)}`;
}

/** RADIUS and TACACS+ are not spoken yet: whatever is configured, no server was ever asked. */
export const NO_AAA_SERVERS = ['% No AAA server is in use: RADIUS is not built yet, users are authenticated locally'];
export const NO_LOCKOUT = ['% No locked out users: failed logins lock nobody out'];

/** Lists as they are in force: there is the local user database, and nothing else yet. */
export function* showMethodLists(view: RouterView): Generator<string> {
  yield 'authen queue=AAA_ML_AUTHEN_LOGIN';
  yield 'authen queue=AAA_ML_AUTHEN_PPP';
  yield `  name=default valid=TRUE id=0 :state=ALIVE : LOCAL (${view.configuration.users.size} users)`;
}

function* subscribers(view: RouterView): Generator<WithLink> {
  for (const row of interfaceRows(view)) if (row.link !== undefined) yield row as WithLink;
}

function* total(view: RouterView, only: (caller: CallerView) => boolean = () => true): Generator<typeof TURN, number> {
  const unprinted = new Unprinted();
  let count = 0;
  for (const caller of callerRows(view)) {
    if (only(caller)) count++;
    if (unprinted.add()) yield TURN;
  }
  return count;
}

function stateOf({ link }: WithLink): string {
  return link.phase === 'UP' && link.peerAuthentication !== undefined ? 'authen' : 'unauth';
}

function upTime({ link }: WithLink, view: RouterView): string {
  return link.upSince === undefined ? '-' : formatElapsed(view.now - link.upSince);
}

function isIpcpUp({ number }: { readonly number: number }): boolean {
  return number === 28;
}
