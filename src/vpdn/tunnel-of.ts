// The tunnels of all protocols together: which one a call is in, and how any of them is closed.

import { StopCcnResult } from '../l2tp/end.ts';
import { StopReason } from '../pptp/end.ts';
import type { CallPlace } from './call-place.ts';
import type { Connections } from './connections.ts';
import { PPTP_CALLS, type TunnelReference } from './events.ts';
import type { PptpConnections } from './pptp-connections.ts';
import type { Tunnel, Tunnels } from './tunnels.ts';

export interface AllTunnels {
  readonly tunnels: Tunnels;
  readonly connections: Connections;
  readonly pptpConnections: PptpConnections;
}

/** The tunnel or control connection that a call is in; undefined of a session without signaling. */
export function tunnelOf({ tunnel, connection }: CallPlace, all: AllTunnels): Tunnel | undefined {
  if (connection === undefined) return all.tunnels.get(tunnel);
  return tunnel === PPTP_CALLS ? all.pptpConnections.get(connection) : all.connections.get(connection);
}

/** The same by number, which is all that counters need; undefined of a session without signaling. */
export function referenceOf({
  tunnel,
  connection,
}: Pick<CallPlace, 'tunnel' | 'connection'>): TunnelReference | undefined {
  if (tunnel === PPTP_CALLS) return connection === undefined ? undefined : { of: 'pptp', id: connection };
  if (connection !== undefined) return { of: 'l2tpv3', id: connection };
  return tunnel === 0 ? undefined : { of: 'l2tp', id: tunnel };
}

/** As they are now: closing them changes nothing in the list. `of`: those of one protocol. */
export function allTunnels({ tunnels, connections, pptpConnections }: AllTunnels, of?: 'l2tp' | 'pptp'): Tunnel[] {
  const l2tp = of === 'pptp' ? [] : [...tunnels.all(), ...connections.all()];
  return of === 'l2tp' ? l2tp : [...l2tp, ...pptpConnections.all()];
}

/** `why`: what StopCCN says, or Stop-Control-Connection-Request where the tunnel is one of PPTP. */
export function closeTunnel(
  tunnel: Tunnel,
  { tunnels, connections, pptpConnections }: AllTunnels,
  why: 'general' | 'shutdown',
  message: string,
): void {
  if (pptpConnections.get(tunnel.id) === tunnel) {
    return pptpConnections.close(tunnel, message, why === 'shutdown' ? StopReason.LocalShutdown : StopReason.None);
  }
  const result = why === 'shutdown' ? StopCcnResult.ShuttingDown : StopCcnResult.General;
  (connections.get(tunnel.id) === tunnel ? connections : tunnels).close(tunnel, result, message);
}
