// A bare L2TPv3 endpoint against a whole router: what two routers of ours never say to each other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { V3Endpoint } from '../../src/l2tp/v3/endpoint.ts';
import type {
  ConnectionSettings,
  SessionSettings,
  V3EndpointEffect,
  V3EndpointInput,
} from '../../src/l2tp/v3/events.ts';
import { formatLogMessage } from '../../src/vpdn/log.ts';
import { Router } from '../../src/vpdn/router.ts';
import type { Path } from '../../src/wire/ip.ts';
import { CLIENT, SERVER } from './guide.ts';
import { wireEnd } from './pseudowires.ts';
import { seeded, seededEntropy } from './world.ts';

const PATH: Path = { transport: 'ip', localAddress: CLIENT, localPort: 0, peerAddress: SERVER, peerPort: 0 };
const BACK: Path = { transport: 'ip', localAddress: SERVER, localPort: 0, peerAddress: CLIENT, peerPort: 0 };

/** Over IP, behind the Session ID 0, the control header and the head of the first AVP, RFC 3931 §5.4.1. */
const MESSAGE_TYPE = 4 + 12 + 6 + 1;
const ICRP = 11;

const CONNECTION: ConnectionSettings = {
  localName: 'hand',
  vendorName: '',
  routerId: 1,
  digests: [],
  hidden: false,
  dialect: 'both',
  receiveWindowSize: 8,
  helloInterval: 0,
  retransmit: {
    initialRetries: 2,
    initialTimeoutMin: 1000,
    initialTimeoutMax: 8000,
    retries: 5,
    timeoutMin: 1000,
    timeoutMax: 8000,
  },
  setupTimeout: 60_000,
  noSessionTimeout: 60_000,
  pseudowireTypes: [7],
};

function session(changes: Partial<SessionSettings>): SessionSettings {
  return {
    remoteEndId: new TextEncoder().encode('10'),
    pseudowireType: 7,
    cookieSize: 0,
    sublayer: false,
    sequencing: 'none',
    circuitActive: true,
    callSerialNumber: 1,
    connectSpeed: 0,
    ...changes,
  };
}

/** The router is peer2, and waits: nobody answers what it dials itself. */
function against() {
  const entropy = seededEntropy(seeded(1));
  const router = new Router({ entropy, epoch: 0 });
  const hand = new V3Endpoint({ entropy });
  const [said, heard]: [string[], V3EndpointEffect[]] = [[], []];
  let dialled = true;
  const toRouter = (input: Parameters<Router['handle']>[0]) => {
    for (const effect of router.handle(input, 0)) {
      if (effect.do === 'log') said.push(formatLogMessage(effect.message));
      if (effect.do === 'find-source') toRouter({ on: 'source', peer: effect.peer, address: SERVER });
      if (effect.do === 'send' && !dialled) toHand({ on: 'datagram', path: PATH, octets: effect.octets });
    }
  };
  const toHand = (input: V3EndpointInput) => {
    for (const effect of hand.handle(input, 0)) {
      heard.push(effect);
      if (effect.do === 'send') toRouter({ on: 'datagram', path: BACK, octets: effect.octets });
    }
  };
  const configuration = wireEnd('peer2', { secret: false });
  toRouter({ on: 'configure', configuration });
  const link = { device: 'eth0', up: true, mtu: 1500, address: SERVER, prefixLength: 24 };
  toRouter({ on: 'link', name: 'Ethernet0/0', link });
  // Its own SCCRQ is lost; ours has no rival but that one, and may lose to it: then it is tried again with another tie breaker.
  dialled = false;
  const connect = () => {
    for (let attempt = 0; attempt < 50 && !heard.some((effect) => effect.do === 'connection-up'); attempt++) {
      toHand({ on: 'open-connection', reference: `${attempt}`, path: PATH, settings: CONNECTION });
    }
    const up = heard.find((effect) => effect.do === 'connection-up');
    assert.ok(up?.do === 'connection-up', said.join('\n'));
    return up.connection;
  };
  const status = () => router.view(0).interfaces.find(({ name }) => name === 'Virtual-PPP1')?.status;
  return { router, said, heard, toHand, connect, status };
}

test('a peer whose circuit goes down takes the interface down, and brings it back when it is up again', () => {
  const { toHand, heard, connect, status, said } = against();
  const connection = connect();
  toHand({ on: 'open-session', connection, reference: 'one', session: session({}) });
  const up = heard.find((effect) => effect.do === 'session-up');
  assert.ok(up?.do === 'session-up', said.join('\n'));
  assert.equal(status(), 'up');
  toHand({ on: 'circuit', session: up.session, active: false });
  assert.equal(status(), 'down');
  toHand({ on: 'circuit', session: up.session, active: true });
  assert.equal(status(), 'up');
  assert.equal(said.filter((line) => line.includes('%LINK-3-UPDOWN')).length, 3);
});

test('a session whose circuit is down from the start waits for it', () => {
  const { toHand, heard, connect, status } = against();
  toHand({ on: 'open-session', connection: connect(), reference: 'one', session: session({ circuitActive: false }) });
  const up = heard.find((effect) => effect.do === 'session-up');
  assert.ok(up?.do === 'session-up');
  assert.equal(status(), 'down');
  toHand({ on: 'circuit', session: up.session, active: true });
  assert.equal(status(), 'up');
});

for (const [what, changes, resultCode, code] of [
  ['a pseudowire type that the interface is not of', { pseudowireType: 5 }, 14, 'L2T-322'],
  ['a VCID that nobody has', { remoteEndId: new TextEncoder().encode('11') }, 24, 'L2T-321'],
  ['a Remote End ID that is no number', { remoteEndId: Uint8Array.of(0, 0, 0, 10) }, 24, 'L2T-321'],
] as const) {
  test(`${what} is refused with result ${resultCode}`, () => {
    const { router, toHand, heard, connect } = against();
    toHand({ on: 'open-session', connection: connect(), reference: 'one', session: session(changes) });
    const down = heard.find((effect) => effect.do === 'session-down');
    assert.ok(down?.do === 'session-down');
    assert.equal(down.end.resultCode, resultCode);
    assert.ok(router.view(0).failures.some((record) => record.code === code));
  });
}

test('a second session for an interface that has one is refused', () => {
  const { toHand, heard, connect } = against();
  const connection = connect();
  toHand({ on: 'open-session', connection, reference: 'one', session: session({}) });
  toHand({ on: 'open-session', connection, reference: 'two', session: session({}) });
  assert.equal(heard.filter((effect) => effect.do === 'session-up').length, 1);
  const down = heard.find((effect) => effect.do === 'session-down');
  assert.ok(down?.do === 'session-down');
  assert.equal(down.end.resultCode, 4);
});

test('the packet path of a session we answer is open before the peer hears that it may send', () => {
  const { router, toHand, heard, connect } = against();
  const connection = connect();
  const order: string[] = [];
  const handle = router.handle.bind(router);
  router.handle = (input, now) => {
    const effects = handle(input, now);
    for (const effect of effects) {
      if (effect.do === 'open-session') order.push(effect.do);
      if (effect.do === 'send' && effect.octets[MESSAGE_TYPE] === ICRP) order.push('ICRP');
    }
    return effects;
  };
  toHand({ on: 'open-session', connection, reference: 'one', session: session({}) });
  assert.ok(heard.some((effect) => effect.do === 'session-up'));
  assert.deepEqual(order, ['open-session', 'ICRP']);
});
