// `show vpdn` and `show vpdn tunnel` (C136-C138). L2F is named because IOS names it, though nobody speaks it any more;
// PPTP tables come when PPTP does.

import type { RouterView, SessionView } from '../../vpdn/view.ts';
import { sessionTable } from './session.ts';
import {
  filterTunnels,
  informationHeading,
  type TunnelFilter,
  type TunnelForm,
  tunnelLines,
  tunnelTable,
} from './tunnel.ts';

export type VpdnProtocol = 'l2tp' | 'l2f' | 'pptp';

/** One block a protocol, a blank line before each. */
export function* showVpdn(view: RouterView): Generator<string> {
  if (isIdleAndOff(view)) return yield VPDN_OFF;
  yield '';
  if (view.tunnels.length === 0 && view.sessions.length === 0) {
    yield noActiveTunnels('l2tp');
  } else {
    yield informationHeading('L2TP Tunnel and Session', view);
    yield* tunnelsWithSessions(view);
  }
  yield* otherProtocols();
}

export interface VpdnTunnelRequest {
  form?: TunnelForm | undefined;
  protocol?: VpdnProtocol | undefined;
  filter?: TunnelFilter | undefined;
}

export function* showVpdnTunnel(view: RouterView, request: VpdnTunnelRequest = {}): Generator<string> {
  const { form = 'brief', protocol, filter = {} } = request;
  if (isIdleAndOff(view)) return yield VPDN_OFF;
  yield '';
  if (protocol === 'l2f' || protocol === 'pptp') return yield noActiveTunnels(protocol);
  const tunnels = filterTunnels(view, filter);
  if (tunnels.length === 0) {
    yield noActiveTunnels('l2tp');
  } else {
    yield informationHeading('L2TP Tunnel', view);
    yield* tunnelLines(tunnels, form, view);
  }
  if (protocol === undefined) yield* otherProtocols();
}

/** For one pass over the sessions they are grouped first. Each tunnel and then its sessions; calls that have no tunnel yet come last. */
export function* tunnelsWithSessions(view: RouterView): Generator<string> {
  const byTunnel = Map.groupBy(view.sessions, ({ tunnelId }) => tunnelId);
  for (const tunnel of view.tunnels) {
    yield* tunnelTable(tunnel, view);
    const sessions = byTunnel.get(tunnel.localId);
    if (sessions !== undefined) yield* sessionTable(sessions, 'brief', view);
    byTunnel.delete(tunnel.localId);
  }
  const waiting: SessionView[] = [...byTunnel.values()].flat();
  if (waiting.length > 0) yield* sessionTable(waiting, 'brief', view);
}

export function noActiveTunnels(protocol: VpdnProtocol): string {
  return `% No active ${protocol.toUpperCase()} tunnels`;
}

/** A client needs no `vpdn enable`, so what is there is shown even when it is off. */
export function isIdleAndOff(view: RouterView): boolean {
  return !view.configuration.vpdn.enabled && view.tunnels.length === 0 && view.sessions.length === 0;
}

export function otherProtocols(): string[] {
  return ['', noActiveTunnels('l2f'), '', noActiveTunnels('pptp')];
}

export const VPDN_OFF = '% VPDN not enabled';
