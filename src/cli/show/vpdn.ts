// `show vpdn` and `show vpdn tunnel` (C136-C138): one block a protocol. L2F is named because IOS names it, though nobody speaks
// it any more (X27).

import type { RouterView, SessionView, TunnelFilter } from '../../vpdn/view.ts';
import { pptpTunnels, pptpTunnelsAndSessions } from './pptp.ts';
import { isIdle, sessionRows, tunnelRows, unlessNone } from './rows.ts';
import { sessionTable } from './session.ts';
import { informationHeading, type TunnelForm, tunnelLines, tunnelTable } from './tunnel.ts';

export type VpdnProtocol = 'l2tp' | 'l2f' | 'pptp';

/** In the order of their blocks. */
export const PROTOCOLS: readonly VpdnProtocol[] = ['l2tp', 'l2f', 'pptp'];

/** A blank line before each block. */
export function* showVpdn(view: RouterView): Generator<string> {
  if (isIdleAndOff(view)) return yield VPDN_OFF;
  yield '';
  if (isIdle(view)) {
    yield noActiveTunnels('l2tp');
  } else {
    yield informationHeading('L2TP Tunnel and Session', view);
    yield* tunnelsWithSessions(view);
  }
  yield '';
  yield noActiveTunnels('l2f');
  yield '';
  yield* pptpTunnelsAndSessions(view) ?? [noActiveTunnels('pptp')];
}

export interface VpdnTunnelRequest {
  form?: TunnelForm | undefined;
  protocol?: VpdnProtocol | undefined;
  filter?: TunnelFilter | undefined;
}

export function* showVpdnTunnel(view: RouterView, request: VpdnTunnelRequest = {}): Generator<string> {
  const { form = 'brief', protocol, filter = {} } = request;
  if (isIdleAndOff(view)) return yield VPDN_OFF;
  for (const each of protocol === undefined ? PROTOCOLS : [protocol]) {
    yield '';
    yield* TUNNELS[each](view, form, filter);
  }
}

const TUNNELS: Readonly<
  Record<VpdnProtocol, (view: RouterView, form: TunnelForm, filter: TunnelFilter) => Iterable<string>>
> = {
  l2tp: l2tpTunnels,
  l2f: () => [noActiveTunnels('l2f')],
  pptp: (view, form, filter) => pptpTunnels(view, form, filter) ?? [noActiveTunnels('pptp')],
};

function* l2tpTunnels(view: RouterView, form: TunnelForm, filter: TunnelFilter): Generator<string> {
  const tunnels = unlessNone(tunnelRows(view, filter));
  if (tunnels === undefined) return yield noActiveTunnels('l2tp');
  yield informationHeading('L2TP Tunnel', view);
  yield* tunnelLines(tunnels, form, view);
}

/** Each tunnel and then its sessions; sessions without a tunnel, which a manual pseudowire has, come last. */
export function* tunnelsWithSessions(view: RouterView): Generator<string> {
  if (view.rows === undefined) return yield* listsTunnelByTunnel(view);
  for (const tunnel of view.rows.tunnels({})) {
    yield* tunnelTable(tunnel, view);
    const sessions = unlessNone(sessionRows(view, { tunnelId: tunnel.localId }));
    if (sessions !== undefined) yield* sessionTable(sessions, 'brief', view);
  }
  const alone = unlessNone(sessionRows(view, { tunnelId: 0 }));
  if (alone !== undefined) yield* sessionTable(alone, 'brief', view);
}

/** For one pass over the sessions they are grouped first. */
function* listsTunnelByTunnel(view: RouterView): Generator<string> {
  const byTunnel = Map.groupBy(view.sessions, ({ tunnelId }) => tunnelId);
  for (const tunnel of view.tunnels) {
    yield* tunnelTable(tunnel, view);
    const sessions = byTunnel.get(tunnel.localId);
    if (sessions !== undefined) yield* sessionTable(sessions, 'brief', view);
    byTunnel.delete(tunnel.localId);
  }
  const alone: SessionView[] = [...byTunnel.values()].flat();
  if (alone.length > 0) yield* sessionTable(alone, 'brief', view);
}

export function noActiveTunnels(protocol: VpdnProtocol): string {
  return `% No active ${protocol.toUpperCase()} tunnels`;
}

/** A client needs no `vpdn enable`, so what is there is shown even when it is off. */
export function isIdleAndOff(view: RouterView): boolean {
  return !view.configuration.vpdn.enabled && isIdle(view) && (view.pptpTunnels ?? []).length === 0;
}

export const VPDN_OFF = '% VPDN not enabled';
