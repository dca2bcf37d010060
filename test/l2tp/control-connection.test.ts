// RFC 2661 §7.2.1, walked: every printed row of the table is brought about on an endpoint, and what it sends and
// where it goes is compared with the print.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { challengeResponse } from '../../src/l2tp/authentication.ts';
import { Peer } from './peer.ts';
import { CONTROL_CONNECTION, readTable } from './printed-tables.ts';
import { CALL, SECRET, SETTINGS } from './wire.ts';

type Setup = () => Peer;

/** How an endpoint is brought into each state. In `idle` there is no tunnel yet, but for an SCCRQ to decide upon. */
const STATES: Readonly<Record<string, Setup>> = {
  idle: () => new Peer(),
  'wait-ctl-reply': () => {
    const peer = new Peer();
    peer.beDialled({ ...SETTINGS, tieBreaker: true });
    return peer;
  },
  'wait-ctl-conn': () => {
    const peer = new Peer();
    peer.request();
    peer.input({
      on: 'authorize-tunnel',
      tunnel: peer.tunnel,
      settings: { ...SETTINGS, secret: SECRET, authentication: true },
    });
    peer.secret = SECRET;
    return peer;
  },
  established: () => {
    const peer = new Peer();
    peer.call();
    return peer;
  },
};

const EVENTS: Readonly<Record<string, (peer: Peer, state: string) => void>> = {
  open: (peer, state) => {
    if (state === 'idle') peer.beDialled();
    else peer.input({ on: 'open-call', tunnel: peer.tunnel, reference: 'c', call: { ...CALL } });
  },
  close: (peer) => peer.input({ on: 'close-tunnel', tunnel: peer.tunnel, resultCode: 1 }),
  'tie-lost': (peer) => peer.send('SCCRQ', { TieBreaker: 0n }, { tunnelId: 0, ns: 0, nr: 0 }),
  'SCCRQ+': (peer, state) => {
    if (state !== 'idle') return void peer.send('SCCRQ');
    peer.request();
    peer.input({ on: 'authorize-tunnel', tunnel: peer.tunnel, settings: SETTINGS });
  },
  'SCCRQ-': (peer, state) => {
    if (state === 'idle') peer.request({ ProtocolVersion: { version: 9, revision: 0 } });
    else peer.send('SCCRQ', { ProtocolVersion: { version: 9, revision: 0 } });
  },
  'SCCRP+': (peer) => peer.send('SCCRP'),
  'SCCRP-': (peer) => peer.send('SCCRP', { ProtocolVersion: { version: 9, revision: 0 } }),
  'SCCCN+': (peer, state) => {
    // Acceptable where it answers the Challenge of our SCCRP, as the one in wait-ctl-conn does.
    const challenge = state === 'wait-ctl-conn' ? challengeOf(peer) : undefined;
    peer.send('SCCCN', { ChallengeResponse: challenge && challengeResponse(3, SECRET, challenge) });
  },
  'SCCCN-': (peer) => peer.send('SCCCN', { ChallengeResponse: new Uint8Array(16) }),
  StopCCN: (peer) => peer.send('StopCCN'),
};

describe('RFC 2661 §7.2.1 on an endpoint', () => {
  for (const row of readTable(CONTROL_CONNECTION)) {
    for (const state of row.states) {
      for (const event of row.events) {
        test(`${state}, ${event}: ${row.actions.join(', ')} -> ${row.next}`, () => {
          const peer = STATES[state]!();
          EVENTS[event]!(peer, state);
          if (state === 'idle' && NO_TUNNEL.has(event)) {
            // Without a tunnel nobody is answered, not even with the StopCCN the row has for an SCCRP: whoever can
            // forge a source address would have us send it to somebody else.
            assert.deepEqual(peer.names, []);
            return;
          }
          const wanted = row.actions.filter((action) => action.startsWith('send-')).map((action) => action.slice(5));
          assert.deepEqual(signals(peer), wanted);
          assert.equal(stateOf(peer, event), row.next);
          assert.equal(peer.of('tunnel-up').length, row.actions.includes('tunnel-open') && event !== 'open' ? 1 : 0);
          const down = row.next === 'idle' ? 1 : 0;
          assert.equal(peer.of('tunnel-down').length, down);
        });
      }
    }
  }
});

describe('RFC 2661 §7.2.1 beside the table', () => {
  test('a call is waiting and gets its tunnel-open: the ICRQ follows the SCCCN', () => {
    const peer = new Peer();
    peer.beDialled();
    peer.input({ on: 'open-call', tunnel: peer.tunnel, reference: 'c', call: CALL });
    assert.deepEqual(peer.names, []);
    peer.send('SCCRP');
    assert.deepEqual(peer.names, ['SCCCN', 'ICRQ']);
  });

  test('a tunnel that is coming up is closed with a StopCCN too', () => {
    for (const state of ['wait-ctl-reply', 'wait-ctl-conn']) {
      const peer = STATES[state]!();
      peer.zlb();
      peer.input({ on: 'close-tunnel', tunnel: peer.tunnel, resultCode: 6 });
      assert.deepEqual(peer.names, ['StopCCN'], state);
      assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'closed');
    }
  });

  test('§7.1: a message of a session before the tunnel is up clears it as a state machine error', () => {
    for (const state of ['wait-ctl-reply', 'wait-ctl-conn']) {
      const peer = STATES[state]!();
      peer.send('ICRQ');
      assert.equal(peer.sent.at(-1)?.attributes.ResultCode?.resultCode, 7, state);
    }
  });

  test('every state change is traced once, from and to', () => {
    const peer = new Peer();
    peer.request();
    const changes = () =>
      peer.of('trace').flatMap(({ event }) => (event.kind === 'tunnel-state' ? [`${event.from}>${event.to}`] : []));
    peer.input({ on: 'authorize-tunnel', tunnel: peer.tunnel, settings: SETTINGS });
    assert.deepEqual(changes(), ['idle>wait-ctl-conn']);
    peer.send('SCCCN');
    assert.deepEqual(changes(), ['wait-ctl-conn>established']);
    peer.send('StopCCN');
    assert.deepEqual(changes(), ['established>shutting-down']);
    peer.pass(31_000);
    assert.deepEqual(changes(), ['shutting-down>idle']);
  });
});

/** In order and without acknowledgements; retransmissions of the setup do not happen here. */
function signals(peer: Peer): string[] {
  return peer.names.filter((name) => name !== 'ZLB' && name !== 'ICRQ');
}

function stateOf(peer: Peer, event: string): string {
  const state = peer.endpoint.tunnel(peer.tunnel)?.state ?? 'idle';
  if (event === 'tie-lost') assert.equal(state, 'idle');
  return state === 'shutting-down' ? 'idle' : state;
}

function challengeOf(peer: Peer): Uint8Array {
  return peer.sent.find(({ name }) => name === 'SCCRP')!.attributes.Challenge!;
}

const NO_TUNNEL: ReadonlySet<string> = new Set(['SCCRP+', 'SCCRP-', 'SCCCN+', 'SCCCN-', 'StopCCN']);
