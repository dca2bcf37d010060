// What `show` counts, from what the packet path and the router know.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EncryptionCounters, FlowCounters } from '../../src/dataplane/link-counters.ts';
import type { SessionCounters } from '../../src/dataplane/session-table.ts';
import { Observation } from '../../src/host/observe.ts';
import { PPTP_CALLS } from '../../src/vpdn/events.ts';
import type { RouterView, TrafficCounters } from '../../src/vpdn/view.ts';
import type { PptpSessionView } from '../../src/vpdn/view-pptp.ts';
import { interfaceView, NOW, routerView, sessionView, tunnelView } from '../cli/show/fixture.ts';

const TUNNEL = { of: 'l2tp', id: 7658 } as const;
const CONTROL: TrafficCounters = { packetsSent: 4, packetsReceived: 3, octetsSent: 40, octetsReceived: 30 };

/** What the workers have counted of session 3542 in tunnel 7658. */
class Path {
  counted: SessionCounters | undefined = counted(0);
  readonly encrypted: Record<number, EncryptionCounters> = {};

  counters(tunnel: number, session: number): SessionCounters | undefined {
    return (tunnel === 7658 || tunnel === PPTP_CALLS) && session === 3542 ? this.counted : undefined;
  }

  rates() {
    return undefined;
  }

  flow(tunnel: number, call: number): FlowCounters | undefined {
    return tunnel === PPTP_CALLS && call === 3542 ? FLOW : undefined;
  }

  encryption(tunnel: number, session: number): EncryptionCounters | undefined {
    return session === 3542 ? this.encrypted[tunnel] : undefined;
  }

  drops() {
    return { 'no-route': 7 };
  }
}

const FLOW: FlowCounters = {
  ...{ nextSent: 77, lastReceived: 55, acknowledgedByUs: 54, acknowledgedByPeer: 76, sendWindow: 9 },
  ...{ lost: 4, reordered: 3, acknowledgeTimeouts: 2, roundTrip: 12.5, acknowledgeTimeout: 600.4, alarm: true },
};

const ENCRYPTION: EncryptionCounters = {
  ...{ send: { bits: 40, stateful: true, mppc: false }, receive: undefined, sealed: 40, opened: 41, flushes: 2 },
  ...{ losses: 1, nextSentCoherency: 42, nextReceivedCoherency: 43, sentKeyChanges: 44, receivedKeyChanges: 45 },
  ...{ dropped: 46, outOfOrder: 47, missed: 48 },
};

function counted(packets: number): SessionCounters {
  return {
    packetsIn: packets,
    octetsIn: 10 * packets,
    packetsOut: 2 * packets,
    octetsOut: 20 * packets,
    lastInput: 0,
    lastOutput: 0,
    outOfOrder: 0,
    inputDrops: packets,
    outputDrops: 0,
    drops: {},
    ns: 0,
    nr: 0,
  };
}

/** A router with that session, its rows made anew. */
function view(observation: Observation): RouterView {
  const row = sessionView();
  observation.session(row);
  const traffic = observation.tunnel(TUNNEL, CONTROL, [3542]);
  const subject = interfaceView();
  observation.interface(subject);
  const tunnel = tunnelView({ ...traffic });
  const [tunnels, sessions] = [[tunnel], [row]];
  const rows = {
    totalTunnels: 1,
    totalSessions: 1,
    tunnels: () => tunnels,
    sessions: () => sessions,
    interfaces: () => [subject],
    openInterfaces: () => [subject],
    callers: () => [],
    mppe: () => undefined,
  };
  return routerView({ tunnels, sessions, rows, interfaces: [subject] });
}

test('the counters of a session and an interface are what the packet path says', () => {
  const path = new Path();
  path.counted = counted(5);
  const { sessions, interfaces } = view(new Observation(path, new Map()));
  assert.deepEqual(sessions[0]!.counters, { packetsSent: 10, packetsReceived: 5, octetsSent: 100, octetsReceived: 50 });
  assert.equal(sessions[0]!.clearedAt, undefined);
  assert.equal(interfaces[0]!.counters.packetsReceived, 5);
  assert.equal(interfaces[0]!.inputErrors, 5);
});

test('a tunnel counts its control messages and the data of its sessions, those that have ended included', () => {
  const path = new Path();
  const observation = new Observation(path, new Map());
  path.counted = counted(5);
  assert.equal(observation.tunnel(TUNNEL, CONTROL, [3542]).counters.packetsReceived, 8);
  observation.sessionClosing(7658, 3542, undefined, TUNNEL);
  path.counted = undefined;
  assert.equal(observation.tunnel(TUNNEL, CONTROL, []).counters.packetsReceived, 8);
  observation.forgetTunnels(() => false);
  assert.equal(observation.tunnel(TUNNEL, CONTROL, []).counters.packetsReceived, 3);
});

test('drops of the packet path and faults of the router stand beside those of the protocols', () => {
  assert.deepEqual(new Observation(new Path(), new Map([['datagram', 1]])).drops(), [
    { where: 'vpdn', reason: 'datagram', count: 1 },
    { where: 'dataplane', reason: 'no-route', count: 7 },
  ]);
});

test('clear vpdn counters leaves both: since the clear, and ignoring it', () => {
  const path = new Path();
  const observation = new Observation(path, new Map());
  path.counted = counted(5);
  observation.clearVpdn(view(observation), {}, new Map());
  path.counted = counted(7);
  const { tunnels, sessions, interfaces } = view(observation);
  assert.equal(sessions[0]!.counters.packetsReceived, 2);
  assert.equal(sessions[0]!.lifetime?.packetsReceived, 7);
  assert.equal(sessions[0]!.clearedAt, NOW);
  assert.equal(tunnels[0]!.counters.packetsReceived, 2);
  assert.equal(tunnels[0]!.lifetime?.packetsReceived, 10);
  assert.equal(interfaces[0]!.counters.packetsReceived, 7);
});

test('clear vpdn counters of one interface leaves the tunnel alone', () => {
  const path = new Path();
  const observation = new Observation(path, new Map());
  path.counted = counted(5);
  observation.clearVpdn(view(observation), { name: 'Virtual-Access3' }, new Map());
  const { tunnels, sessions } = view(observation);
  assert.equal(sessions[0]!.counters.packetsReceived, 0);
  assert.equal(tunnels[0]!.clearedAt, undefined);
});

test('clear vpdn counters of all begins the count of control messages anew, of one tunnel does not', () => {
  const observation = new Observation(new Path(), new Map());
  const messages = new Map([['HELLO', { sent: 5, resent: 1, received: 2, dropped: 0 }]]);
  observation.clearVpdn(view(observation), { tunnel: 7658 }, messages);
  assert.equal(observation.messagesClearedAt, undefined);
  observation.clearVpdn(view(observation), {}, messages);
  messages.set('HELLO', { sent: 7, resent: 1, received: 2, dropped: 0 });
  messages.set('CDN', { sent: 1, resent: 0, received: 0, dropped: 0 });
  assert.deepEqual(observation.messages(messages).get('HELLO'), { sent: 2, resent: 0, received: 0, dropped: 0 });
  assert.deepEqual(observation.messages(messages).get('CDN')?.sent, 1);
  assert.equal(observation.messagesClearedAt, NOW);
});

test('clear counters clears the interface, its errors too, and nothing else', () => {
  const path = new Path();
  const observation = new Observation(path, new Map());
  path.counted = counted(5);
  observation.clearInterfaces(view(observation), 'Virtual-Access3');
  observation.clearInterfaces(view(observation), 'Loopback1');
  path.counted = counted(6);
  const { interfaces, sessions } = view(observation);
  assert.equal(interfaces[0]!.counters.packetsReceived, 1);
  assert.equal(interfaces[0]!.inputErrors, 1);
  assert.equal(interfaces[0]!.clearedAt, NOW);
  assert.equal(sessions[0]!.counters.packetsReceived, 6);
});

test('a Virtual-Access with the number of one that was cleared begins with nothing; a Virtual-PPP stays cleared', () => {
  const path = new Path();
  const observation = new Observation(path, new Map());
  const client = () => {
    const row = interfaceView({ name: 'Virtual-PPP1' });
    observation.interface(row);
    return row;
  };
  path.counted = counted(5);
  observation.clearInterfaces(routerView({ interfaces: [interfaceView({ counters: CONTROL }), client()] }), undefined);
  observation.sessionClosing(7658, 3542, 'Virtual-Access3');
  observation.sessionClosing(7658, 3542, 'Virtual-PPP1');
  path.counted = counted(9);
  assert.equal(view(observation).interfaces[0]!.clearedAt, undefined);
  assert.equal(client().clearedAt, NOW);
  assert.equal(client().counters.packetsReceived, 9);
});

test('whatever is cleared when: what came since is what came since', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1000), fc.boolean()), { minLength: 1 }), (steps) => {
      const path = new Path();
      const observation = new Observation(path, new Map());
      let [all, since] = [0, 0];
      for (const [more, clear] of steps) {
        all += more;
        since += more;
        path.counted = counted(all);
        if (clear) {
          observation.clearVpdn(view(observation), {}, new Map());
          observation.clearInterfaces(freshly(observation), undefined);
          since = 0;
        }
        const { sessions, tunnels, interfaces } = view(observation);
        assert.equal(sessions[0]!.counters.packetsReceived, since);
        assert.equal((sessions[0]!.lifetime ?? sessions[0]!.counters).packetsReceived, all);
        assert.equal((tunnels[0]!.lifetime ?? tunnels[0]!.counters).packetsReceived, all + 3);
        assert.equal(interfaces[0]!.counters.packetsReceived, since);
      }
    }),
  );
});

/** As `Router.view` gives it: the interfaces are not made before somebody reads them. */
function freshly(observation: Observation): RouterView {
  return {
    ...routerView(),
    get interfaces() {
      return view(observation).interfaces;
    },
  };
}

test('RFC 2637 §4: what show says of a call comes from the packet path; numbers that there are none of yet are 0', () => {
  const path = new Path();
  path.counted = { ...counted(1), outOfOrder: 5 };
  const observation = new Observation(path, new Map());
  const known = pptpSession(3542);
  observation.pptpSession(known);
  assert.deepEqual(known.flow, {
    ...{ nextSent: 77, lastReceived: 55, remoteAcknowledged: 76, remoteWindow: 16 },
    ...{ outOfOrder: 8, alarm: true, acknowledgeTimeout: 600 },
  });
  assert.equal(known.counters.packetsReceived, 1);
  const unknown = pptpSession(1);
  observation.pptpSession(unknown);
  assert.deepEqual(unknown, pptpSession(1));
});

test('C149: encryption of an interface is that of its session, and MPPC alone is none', () => {
  const path = new Path();
  const observation = new Observation(path, new Map());
  const row = interfaceView({ tunnelId: 3, sessionId: 3542, sessionOf: 'pptp' });
  assert.equal(observation.mppe(row), undefined);
  path.encrypted[PPTP_CALLS] = ENCRYPTION;
  assert.deepEqual(observation.mppe(row), {
    ...{ interfaceName: row.name, bits: 40, stateful: true, packetsEncrypted: 40, packetsDecrypted: 41 },
    ...{ resetsSent: 1, resetsReceived: 2, nextSentCoherency: 42, nextReceivedCoherency: 43 },
    ...{ sentKeyChanges: 44, receivedKeyChanges: 45 },
    ...{ receivedDropped: 46, receivedOutOfOrder: 47, receivedMissed: 48 },
  });
  path.encrypted[PPTP_CALLS] = { ...ENCRYPTION, send: { bits: 0, stateful: false, mppc: true } };
  assert.equal(observation.mppe(row), undefined);
  assert.equal(observation.mppe(interfaceView({ tunnelId: undefined, sessionId: undefined })), undefined);
});

function pptpSession(localId: number): PptpSessionView {
  const flow = { nextSent: 0, lastReceived: 0, remoteAcknowledged: 0, remoteWindow: 16, outOfOrder: 0, alarm: false };
  return {
    ...{ localId, remoteId: 9, tunnelId: 3, remoteName: 'bob', remoteAddress: '192.0.2.2', state: 'established' },
    ...{ since: NOW, counters: { packetsSent: 0, packetsReceived: 0, octetsSent: 0, octetsReceived: 0 }, flow },
  };
}
