// `clear vpdn …` and `clear interface …`: ends what they name; a client dials again by itself (C169-C172).

import { StopCcnResult } from '../l2tp/end.ts';
import type { ClearTarget } from './events.ts';
import type { RouterParts } from './router-view.ts';
import type { Tunnel } from './tunnels.ts';

export function clear(what: ClearTarget, { tunnels, calls, failures }: RouterParts): void {
  if (what.kind === 'failure-history') return failures.clear();
  if (what.kind === 'session' || what.kind === 'sessions-of' || what.kind === 'interface') {
    for (const call of [...calls.all()]) {
      const { tunnel, session, interfaceName } = call.place;
      const named =
        what.kind === 'session'
          ? tunnel === what.tunnel && session === what.id
          : what.kind === 'interface'
            ? interfaceName === what.name
            : call.username === what.username;
      if (named) calls.hangUp(call, 'cleared by an operator');
    }
    return;
  }
  for (const tunnel of [...tunnels.all()]) {
    if (isNamed(tunnel, what)) tunnels.close(tunnel, StopCcnResult.General, 'cleared by an operator');
  }
}

function isNamed(tunnel: Tunnel, what: Extract<ClearTarget, { kind: `${string}tunnel${string}` }>): boolean {
  switch (what.kind) {
    case 'all-tunnels':
      return true;
    case 'tunnel':
      return tunnel.id === what.id;
    case 'tunnels-named':
      return tunnel.remoteName === what.remoteName && tunnel.localName === (what.localName ?? tunnel.localName);
    case 'tunnels-at':
      return what.address === (what.side === 'local' ? tunnel.path.localAddress : tunnel.path.peerAddress);
    default:
      what satisfies never;
      return false;
  }
}
