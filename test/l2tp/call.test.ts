// RFC 2661 §7.4.1 and §7.4.2, walked: every printed row is brought about on an endpoint. §7.5 is walked as far as an
// endpoint without a telephone line goes: it refuses the OCRQ.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Attributes } from '../../src/l2tp/avp.ts';
import type { MessageName } from '../../src/l2tp/message.ts';
import { Peer, rawAvp } from './peer.ts';
import { LAC_INCOMING, LNS_INCOMING, readTable } from './printed-tables.ts';
import { CALL, SETTINGS } from './wire.ts';

interface Scene {
  readonly peer: Peer;
  readonly session: number;
}

const LAC_STATES: Readonly<Record<string, () => Scene>> = {
  idle: () => {
    const peer = new Peer();
    peer.beCalled();
    return { peer, session: 4711 }; // of no call
  },
  'wait-tunnel': () => {
    const peer = new Peer();
    peer.beDialled();
    peer.input({ on: 'open-call', tunnel: peer.tunnel, reference: 'c', call: CALL });
    return { peer, session: peer.of('call-opening')[0]!.session };
  },
  'wait-reply': () => {
    const peer = new Peer();
    peer.beCalled();
    peer.input({ on: 'open-call', tunnel: peer.tunnel, reference: 'c', call: CALL });
    return { peer, session: peer.of('call-opening')[0]!.session };
  },
  established: () => {
    const peer = new Peer();
    peer.beCalled();
    return { peer, session: peer.takeCall() };
  },
};

const LNS_STATES: Readonly<Record<string, () => Scene>> = {
  idle: () => {
    const peer = new Peer();
    peer.call();
    return { peer, session: 4711 };
  },
  'wait-connect': () => {
    const peer = new Peer();
    peer.call();
    peer.send('ICRQ');
    const { session, tunnel } = peer.of('call-requested')[0]!;
    peer.input({ on: 'accept-call', tunnel, session });
    return { peer, session };
  },
  established: () => {
    const peer = new Peer();
    peer.call();
    return { peer, session: peer.bringCall() };
  },
};

const UNKNOWN_MANDATORY = rawAvp(0x80, 0, 1000);

function message(name: MessageName, acceptable: boolean) {
  return ({ peer, session }: Scene) => {
    const attributes: Attributes = name === 'ICRP' ? { AssignedSessionId: 5 } : {};
    peer.send(name, attributes, { session, avps: acceptable ? [] : [UNKNOWN_MANDATORY] });
  };
}

const EVENTS: Readonly<Record<string, (scene: Scene, state: string) => void>> = {
  ring: ({ peer }) =>
    peer.input({ on: 'open-call', tunnel: peer.beDialled(), reference: 'c', call: { ...CALL, callSerialNumber: 9 } }),
  'tunnel-open': ({ peer }) => peer.send('SCCRP'),
  close: ({ peer, session }) => peer.input({ on: 'close-call', tunnel: peer.tunnel, session, resultCode: 3 }),
  CDN: message('CDN', true),
  'ICRP+': message('ICRP', true),
  'ICRP-': message('ICRP', false),
  'ICCN+': message('ICCN', true),
  'ICCN-': message('ICCN', false),
  'ICRQ+': (scene, state) => {
    if (state !== 'idle') return message('ICRQ', true)(scene);
    const { peer } = scene;
    peer.send('ICRQ');
    const { tunnel, session } = peer.of('call-requested')[0]!;
    peer.input({ on: 'accept-call', tunnel, session });
  },
  'ICRQ-': message('ICRQ', false),
};

const SIDES = [
  ['§7.4.1 LAC', LAC_INCOMING, LAC_STATES],
  ['§7.4.2 LNS', LNS_INCOMING, LNS_STATES],
] as const;

for (const [section, print, states] of SIDES) {
  describe(`RFC 2661 ${section} incoming calls on an endpoint`, () => {
    for (const row of readTable(print)) {
      for (const state of row.states) {
        for (const event of row.events) {
          test(`${state}, ${event}: ${row.actions.join(', ')} -> ${row.next}`, () => {
            const scene = states[state]!();
            const { peer, session } = scene;
            EVENTS[event]!(scene, state);
            const wanted = row.actions.filter((action) => action.startsWith('send-')).map((action) => action.slice(5));
            // A message for a session there is not: nothing to clean up, and nobody to send a CDN to by its number.
            const nowhere = state === 'idle' && !['ring', 'ICRQ+', 'ICRQ-'].includes(event);
            assert.deepEqual(signals(peer), nowhere ? [] : wanted);
            if (nowhere) return assert.deepEqual(peer.drops, ['unknown-session']);
            assert.equal(callState(peer, session, event), row.next);
            assert.equal(peer.of('call-up').length, row.next === 'established' ? 1 : 0);
            const ends = row.next === 'idle' && state !== 'idle' ? 1 : 0;
            assert.equal(peer.of('call-down').length, ends);
            assert.equal(peer.endpoint.tunnel(peer.tunnel)!.state === 'shutting-down', false);
          });
        }
      }
    }
  });
}

describe('RFC 2661 §5.2, §5.6: calls', () => {
  test('§7.4.2: a call that is refused before it is accepted gets a CDN with the given codes', () => {
    const peer = new Peer();
    peer.call();
    peer.send('ICRQ', { AssignedSessionId: 99 });
    const { session, tunnel } = peer.of('call-requested')[0]!;
    peer.input({ on: 'close-call', tunnel, session, resultCode: 4, errorCode: 4, message: 'full' });
    const [cdn] = peer.sent;
    assert.equal(cdn?.name, 'CDN');
    assert.equal(cdn?.sessionId, 99);
    assert.equal(cdn?.attributes.AssignedSessionId, session);
    assert.deepEqual(cdn?.attributes.ResultCode, { resultCode: 4, errorCode: 4, message: 'full' });
    assert.equal(peer.of('call-down')[0]?.end.cause, 'refused');
  });

  test('§7.5.1: an OCRQ is answered with CDN 5, facilities never available, and ends nothing else', () => {
    const peer = new Peer();
    peer.call();
    peer.bringCall(5);
    peer.send('OCRQ', { AssignedSessionId: 6 });
    const [cdn] = peer.sent;
    assert.equal(cdn?.name, 'CDN');
    assert.equal(cdn?.sessionId, 6);
    assert.equal(cdn?.attributes.ResultCode?.resultCode, 5);
    assert.notEqual(cdn?.attributes.AssignedSessionId, 0);
    assert.equal(peer.endpoint.tunnel(peer.tunnel)?.calls, 1);
  });

  for (const name of ['OCRP', 'OCCN', 'OCRQ'] as const) {
    test(`§7.5: ${name} for an incoming call that is up ends that call with a CDN`, () => {
      const peer = new Peer();
      peer.call();
      const session = peer.bringCall();
      peer.send(name, {}, { session });
      assert.deepEqual(peer.names, ['CDN']);
      assert.equal(peer.of('call-down')[0]?.end.cause, 'protocol');
    });
  }

  test('§5.3: a CDN sent before the peer told its Session ID has 0 in the header and our id in AVP 14', () => {
    const peer = new Peer();
    peer.beCalled();
    peer.input({ on: 'open-call', tunnel: peer.tunnel, reference: 'c', call: CALL });
    const { session } = peer.of('call-opening')[0]!;
    peer.zlb(); // the windows are at the peer's pleasure: an ICRQ under way may hold a CDN back
    peer.input({ on: 'close-call', tunnel: peer.tunnel, session, resultCode: 3 });
    const [cdn] = peer.sent;
    assert.equal(cdn?.sessionId, 0);
    assert.equal(cdn?.attributes.AssignedSessionId, session);
  });

  test('what the ICRQ and the ICCN said reaches our side, proxied LCP included', () => {
    const peer = new Peer();
    peer.call();
    peer.send('ICRQ', {
      CallSerialNumber: 7,
      CalledNumber: 'apn',
      CallingNumber: '4917',
      BearerType: 1,
      SubAddress: 's',
    });
    const { session, tunnel, request } = peer.of('call-requested')[0]!;
    assert.deepEqual(request, {
      callSerialNumber: 7,
      calledNumber: 'apn',
      callingNumber: '4917',
      subAddress: 's',
      bearerType: 1,
    });
    peer.input({ on: 'accept-call', tunnel, session });
    const lcp = Uint8Array.of(1, 4, 5, 212);
    peer.send(
      'ICCN',
      { LastSentLcpConfreq: lcp, ProxyAuthenType: 2, ProxyAuthenId: 7, RxConnectSpeed: 9 },
      { session },
    );
    const { connection } = peer.of('call-up')[0]!;
    assert.deepEqual(connection?.proxy?.lastSentLcpConfreq, lcp);
    assert.equal(connection?.proxy?.authenId, 7);
    assert.equal(connection?.rxConnectSpeed, 9);
    assert.equal(connection?.txConnectSpeed, 100000000);
  });

  test('a call that comes with nothing proxied says so', () => {
    const peer = new Peer();
    peer.call();
    peer.bringCall();
    assert.equal(peer.of('call-up')[0]?.connection?.proxy, undefined);
  });

  for (const side of ['LAC', 'LNS'] as const) {
    test(`a call that stops half way is given up after the setup time, as the ${side}, with CDN 10`, () => {
      const { peer } = side === 'LAC' ? LAC_STATES['wait-reply']!() : LNS_STATES['wait-connect']!();
      peer.zlb();
      peer.pass(59_999);
      assert.equal(peer.of('call-down').length, 0);
      peer.pass(1);
      const [cdn] = peer.sent.filter(({ name }) => name === 'CDN');
      assert.equal(cdn?.attributes.ResultCode?.resultCode, 10);
      assert.equal(peer.of('call-down')[0]?.end.cause, 'setup-timeout');
    });
  }

  test('§6.4: a StopCCN ends all calls without a CDN', () => {
    const peer = new Peer();
    peer.call();
    peer.bringCall(5);
    peer.bringCall(6);
    peer.send('StopCCN');
    assert.deepEqual(peer.names, ['ZLB']);
    assert.deepEqual(
      peer.of('call-down').map(({ end }) => [end.cause, end.side]),
      [
        ['tunnel-down', 'peer'],
        ['tunnel-down', 'peer'],
      ],
    );
  });

  test('a call asked for on a tunnel that has gone is told to be down at once', () => {
    const peer = new Peer();
    peer.call();
    peer.send('StopCCN');
    peer.input({ on: 'open-call', tunnel: peer.tunnel, reference: 'late', call: CALL });
    assert.equal(peer.of('call-opening')[0]?.reference, 'late');
    assert.equal(peer.of('call-down')[0]?.end.cause, 'tunnel-down');
  });

  test('§4.4.4: an Assigned Session ID the peer has given to another call is refused for this one alone', () => {
    const peer = new Peer();
    peer.beCalled();
    peer.takeCall(5);
    peer.input({ on: 'open-call', tunnel: peer.tunnel, reference: 'd', call: CALL });
    const { session } = peer.of('call-opening')[0]!;
    peer.send('ICRP', { AssignedSessionId: 5 }, { session });
    assert.deepEqual(peer.names, ['CDN']);
    assert.equal(peer.endpoint.tunnel(peer.tunnel)?.calls, 1);
  });

  test('golden ICRQ and ICCN: no Assigned Session ID and no Rx Connect Speed in the ICCN, framing as the peer takes it', () => {
    const peer = new Peer();
    peer.beCalled(SETTINGS, { FramingCapabilities: 2 });
    peer.input({ on: 'open-call', tunnel: peer.tunnel, reference: 'c', call: { ...CALL, sequencing: true } });
    const { session } = peer.of('call-opening')[0]!;
    assert.deepEqual(peer.sent[0]?.attributes, { MessageType: 10, AssignedSessionId: session, CallSerialNumber: 1 });
    peer.send('ICRP', {}, { session });
    assert.deepEqual(peer.sent[0]?.attributes, {
      MessageType: 12,
      TxConnectSpeed: 100_000_000,
      FramingType: 2,
      SequencingRequired: true,
    });
  });
});

function signals(peer: Peer): string[] {
  return peer.names.filter((name) => !['ZLB', 'SCCRQ', 'SCCCN'].includes(name));
}

function callState(peer: Peer, session: number, event: string): string {
  const calls = [...peer.endpoint.calls(peer.tunnel)];
  const call = ['ring', 'ICRQ+'].includes(event) ? calls.at(-1) : calls.find((status) => status.session === session);
  return call?.state ?? 'idle';
}
