// `clear vpdn …` and `clear interface …`: ends what they name; a client dials again by itself (C169-C172).

import type { Call } from './call.ts';
import type { Circuit } from './circuit.ts';
import type { ClearTarget } from './events.ts';
import type { RouterParts } from './router-parts.ts';
import { allTunnels, closeTunnel, tunnelOf } from './tunnel-of.ts';
import type { Tunnel } from './tunnels.ts';

export function clear(what: ClearTarget, parts: RouterParts): void {
  const { calls, failures } = parts;
  if (what.kind === 'failure-history') return failures.clear();
  if (what.kind === 'ppp-statistics') return calls.statistics.clear();
  if (what.kind === 'session' || what.kind === 'sessions-of' || what.kind === 'interface') {
    for (const call of [...calls.all()]) {
      if (isNamedCall(call, tunnelOf(call.place, parts), what)) calls.clear(call, 'cleared by an operator');
    }
    return;
  }
  for (const tunnel of tunnelsFor(what, parts)) {
    if (isNamed(tunnel, what)) closeTunnel(tunnel, parts, 'general', 'cleared by an operator');
  }
}

/** How many sessions it ends: what an operator is told before it is done. */
export function countCleared(what: ClearTarget, parts: RouterParts): number {
  const { calls } = parts;
  if (what.kind === 'failure-history' || what.kind === 'ppp-statistics') return 0;
  let count = 0;
  if (what.kind === 'session' || what.kind === 'sessions-of' || what.kind === 'interface') {
    for (const call of calls.all()) if (isNamedCall(call, tunnelOf(call.place, parts), what)) count++;
  } else {
    for (const tunnel of tunnelsFor(what, parts)) if (isNamed(tunnel, what)) count += tunnel.sessions.size;
  }
  return count;
}

type Tunnelled = Extract<ClearTarget, { kind: `${string}tunnel${string}` }>;

function tunnelsFor(what: Tunnelled, parts: RouterParts): Tunnel[] {
  return allTunnels(parts, what.of);
}

function isNamedCall(
  call: Call | Circuit,
  tunnel: Tunnel | undefined,
  what: Extract<ClearTarget, { kind: 'session' | 'sessions-of' | 'interface' }>,
): boolean {
  const { session, interfaceName } = call.place;
  if (what.kind === 'session') return tunnel?.id === what.tunnel && session === what.id;
  return what.kind === 'interface' ? interfaceName === what.name : call.username === what.username;
}

function isNamed(tunnel: Tunnel, what: Tunnelled): boolean {
  switch (what.kind) {
    case 'all-tunnels':
      return true;
    case 'tunnel':
      return tunnel.id === what.id;
    case 'tunnels-named':
      return tunnel.remoteName === what.remoteName && tunnel.localName === (what.localName ?? tunnel.localName);
    case 'tunnels-of-class':
      return tunnel.l2tpClass === what.l2tpClass;
    case 'tunnels-at':
      return what.address === (what.side === 'local' ? tunnel.path.localAddress : tunnel.path.peerAddress);
    default:
      what satisfies never;
      return false;
  }
}
