// `show xconnect` (C148): what each attachment circuit is connected with, and whether both segments are up.

import { shortInterfaceName } from '../../vpdn/interface-name.ts';
import type { InterfaceView, RouterView, SessionView } from '../../vpdn/view.ts';
import { printable } from '../../wire/values.ts';
import { interfaceRow, sessionRows } from './rows.ts';
import { isCircuitUp } from './session.ts';
import { tableRow } from './table.ts';

export interface XconnectFilter {
  /** Canonical. */
  interfaceName?: string | undefined;
  peer?: string | undefined;
}

export interface XconnectView {
  interfaceName: string;
  /** `Ethernet`, `PPP`. */
  type: string;
  peer: string;
  vcid: number;
  pseudowireClass?: string | undefined;
  /** UP, DN, AD: of the circuit and of the pseudowire. */
  segment1: SegmentState;
  segment2: SegmentState;
  session?: SessionView | undefined;
}

export type SegmentState = 'UP' | 'DN' | 'AD';

export function* showXconnect(view: RouterView, filter: XconnectFilter = {}, detail = false): Generator<string> {
  yield 'Legend:    XC ST=Xconnect State  S1=Segment1 State  S2=Segment2 State';
  yield '  UP=Up       DN=Down            AD=Admin Down      IA=Inactive';
  yield '  SB=Standby  HS=Hot Standby     RV=Recovering      NH=No Hardware';
  yield '';
  yield 'XC ST  Segment 1                         S1 Segment 2                         S2';
  yield '------+---------------------------------+--+---------------------------------+--';
  for (const each of xconnects(view, filter)) {
    const circuit = `ac   ${shortInterfaceName(each.interfaceName)}(${each.type})`;
    const pseudowire = `l2tp ${each.peer}:${each.vcid}`;
    yield tableRow(WIDTHS, [state(each), 'pri', circuit, each.segment1, pseudowire, each.segment2]);
    if (detail) yield* details(each);
  }
}

/** Interfaces with `xconnect`, and the Virtual-PPP ones, whose pseudowire is one as well. */
export function* xconnects(view: RouterView, filter: XconnectFilter): Generator<XconnectView> {
  const { interfaces } = view.configuration;
  for (const { name, kind, xconnect, pseudowire, shutdown } of interfaces.values()) {
    const peer = xconnect?.peer ?? pseudowire?.peer;
    const vcid = xconnect?.vcid ?? pseudowire?.vcid;
    if (peer === undefined || vcid === undefined) continue;
    if (filter.interfaceName !== undefined && filter.interfaceName !== name) continue;
    if (filter.peer !== undefined && filter.peer !== peer) continue;
    const session = sessionOf(view, name, peer, vcid);
    const up =
      xconnect === undefined ? session !== undefined && isCircuitUp(session) : isLinkUp(interfaceRow(view, name));
    yield {
      interfaceName: name,
      type: kind === 'Virtual-PPP' ? 'PPP' : 'Ethernet',
      peer,
      vcid,
      pseudowireClass: xconnect?.pseudowireClass ?? pseudowire?.pseudowireClass,
      segment1: shutdown ? 'AD' : up ? 'UP' : 'DN',
      segment2: session?.state === 'established' ? 'UP' : 'DN',
      session,
    };
  }
}

function sessionOf(view: RouterView, interfaceName: string, peer: string, vcid: number): SessionView | undefined {
  // By the interface, which is an index; a pseudowire of L2TPv3 may name its circuit otherwise.
  for (const session of sessionRows(view, { interfaceName })) if (session.vcid === vcid) return session;
  for (const session of sessionRows(view, { remoteAddress: peer, vcid })) return session;
  return undefined;
}

function isLinkUp(row: InterfaceView | undefined): boolean {
  return row?.status === 'up';
}

/** Up where both segments are. */
function state({ segment1, segment2 }: XconnectView): SegmentState {
  return segment1 === 'UP' && segment2 === 'UP' ? 'UP' : segment1 === 'AD' ? 'AD' : 'DN';
}

function* details({ session, segment2, pseudowireClass }: XconnectView): Generator<string> {
  yield tableRow(DETAIL_WIDTHS, ['', 'Interworking: none', `Session ID: ${session?.localId ?? 0}`]);
  yield tableRow(DETAIL_WIDTHS, ['', '', `Tunnel ID: ${session?.tunnelId ?? 0}`]);
  yield tableRow(DETAIL_WIDTHS, ['', '', `Protocol State: ${segment2}`]);
  const up = session !== undefined && (session.pseudowire?.remoteCircuitUp ?? isCircuitUp(session));
  const circuit = up ? 'UP' : 'DN';
  yield tableRow(DETAIL_WIDTHS, ['', '', `Remote Circuit State: ${circuit}`]);
  if (pseudowireClass !== undefined) yield tableRow(DETAIL_WIDTHS, ['', '', `pw-class: ${printable(pseudowireClass)}`]);
}

const WIDTHS = [3, 4, 34, 3, 34];
const DETAIL_WIDTHS = [12, 37];
