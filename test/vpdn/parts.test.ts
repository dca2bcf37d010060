// The small parts of the router: users, defaults, names, numbers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { md5 } from '../../src/crypto/md5.ts';
import { authenticateLocally } from '../../src/vpdn/aaa.ts';
import { emptyConfiguration } from '../../src/vpdn/configuration.ts';
import { emptyVpdnGroup } from '../../src/vpdn/configuration-vpdn.ts';
import { Dialer } from '../../src/vpdn/dialer.ts';
import { FAILURES } from '../../src/vpdn/failure.ts';
import { FailureHistory } from '../../src/vpdn/failure-history.ts';
import { parseInterfaceName, shortInterfaceName } from '../../src/vpdn/interface-name.ts';
import { InterfaceNumbers } from '../../src/vpdn/interface-numbers.ts';
import { receiveUnit, segmentSize, sessionMtu } from '../../src/vpdn/mtu.ts';
import { chooseGroup } from '../../src/vpdn/vpdn-group.ts';

const text = (value: string) => new TextEncoder().encode(value);

test('RFC 1994 §4.1: CHAP is checked against the local database, and the verdict tells the operator why', () => {
  const configuration = emptyConfiguration();
  configuration.users.set('peer1', { name: 'peer1', password: { type: 0, text: 's3cret' } });
  configuration.users.set('hashed', { name: 'hashed', secret: { type: 5, text: '$1$x$y' } });
  const challenge = Uint8Array.of(1, 2, 3, 4);
  const response = md5(Uint8Array.of(7), text('s3cret'), challenge);
  const chap = (username: string, value: Uint8Array) =>
    authenticateLocally(configuration, { protocol: 'chap', username, identifier: 7, challenge, response: value });
  assert.deepEqual(chap('peer1', response), { kind: 'accepted' });
  assert.deepEqual(
    chap(
      'peer1',
      response.map((octet) => octet ^ 1),
    ),
    { kind: 'refused', reason: 'wrong-password' },
  );
  assert.deepEqual(chap('nobody', response), { kind: 'refused', reason: 'unknown-user' });
  assert.deepEqual(chap('hashed', response), { kind: 'refused', reason: 'one-way-secret' });
});

test('an unknown user is not let in by the secret that stands in for a missing one', () => {
  const request = { protocol: 'pap' as const, username: 'nobody', password: new Uint8Array(16) };
  assert.equal(authenticateLocally(emptyConfiguration(), request).kind, 'refused');
});

test('RFC 1334 §2.2: PAP is checked against the local database, type 7 passwords included', () => {
  const configuration = emptyConfiguration();
  configuration.users.set('a', { name: 'a', password: { type: 7, text: '0822455D0A16' } });
  const pap = (password: string) =>
    authenticateLocally(configuration, { protocol: 'pap', username: 'a', password: text(password) }).kind;
  assert.equal(pap('cisco'), 'accepted');
  assert.equal(pap('cisc'), 'refused');
  assert.equal(pap(''), 'refused');
});

test('H03: as soon as one user has a hash, every PAP password is checked where hashes are, unknown users included', () => {
  const configuration = emptyConfiguration();
  configuration.users.set('clear', { name: 'clear', password: { type: 0, text: 'cisco' } });
  configuration.users.set('hashed', { name: 'hashed', secret: { type: 9, text: '$9$…' } });
  const pap = (username: string, password: Uint8Array) =>
    authenticateLocally(configuration, { protocol: 'pap', username, password });
  const typed = 'cisco';
  const secrets = [configuration.users.get('clear')?.password, configuration.users.get('hashed')?.secret, undefined];
  for (const [index, username] of ['clear', 'hashed', 'nobody'].entries()) {
    const otherwise = username === 'nobody' ? 'unknown-user' : 'wrong-password';
    const verdict = pap(username, text(typed));
    assert.deepEqual(verdict, { kind: 'to-check', secret: secrets[index], typed, otherwise });
  }
});

test('octets that are no text match no hash', () => {
  const configuration = emptyConfiguration();
  configuration.users.set('hashed', { name: 'hashed', secret: { type: 9, text: '$9$…' } });
  const password = Uint8Array.of(0xff, 0xfe);
  const verdict = authenticateLocally(configuration, { protocol: 'pap', username: 'hashed', password });
  assert.equal(verdict.kind === 'to-check' && verdict.secret === undefined, true);
});

test('a tunnel goes to the group named after its peer, else to the default group, else nowhere', () => {
  const configuration = emptyConfiguration();
  configuration.vpdn.enabled = true;
  const named = { ...emptyVpdnGroup('named'), acceptDialin: { protocol: 'l2tp' as const }, terminateFrom: 'peer1' };
  configuration.vpdnGroups.set('named', named);
  const chosen = (host: string) => {
    const choice = chooseGroup(configuration, host, '192.0.2.1');
    return choice.found ? choice.group.name : choice.reason;
  };
  assert.equal(chosen('peer1'), 'named');
  assert.equal(chosen('PEER1'), 'no-group');
  configuration.vpdnGroups.set('other', { ...emptyVpdnGroup('other'), acceptDialin: { protocol: 'pptp' } });
  assert.equal(chosen('peer2'), 'no-group');
  configuration.vpdnGroups.set('any', { ...emptyVpdnGroup('any'), acceptDialin: { protocol: 'l2tp' } });
  assert.equal(chosen('peer2'), 'any');
  assert.equal(chosen('peer1'), 'named');
  configuration.vpdn.enabled = false;
  assert.equal(chosen('peer1'), 'vpdn-disabled');
});

test('a group with a source-ip serves that address only', () => {
  const configuration = emptyConfiguration();
  configuration.vpdn.enabled = true;
  const group = { ...emptyVpdnGroup('g'), acceptDialin: { protocol: 'l2tp' as const }, sourceAddress: '192.0.2.9' };
  configuration.vpdnGroups.set('g', group);
  assert.equal(chooseGroup(configuration, 'x', '192.0.2.1').found, false);
  assert.equal(chooseGroup(configuration, 'x', '192.0.2.9').found, true);
});

test('failure history: one entry for a user, peer and cause, counted; the oldest leaves a full table', () => {
  const history = new FailureHistory();
  history.size = 2;
  const failure = (user: string) => ({
    cause: 'wrong-password' as const,
    user,
    remoteName: 'lac',
    remoteAddress: '192.0.2.1',
    localName: 'lns',
    localAddress: '192.0.2.2',
    callId: 1,
    locallyInitiated: false,
    reason: 'x',
  });
  history.record(failure('a'), 1, 1);
  history.record(failure('b'), 2, 2);
  assert.equal(history.record(failure('a'), 3, 3).repeats, 2);
  history.record(failure('c'), 4, 4);
  assert.deepEqual(
    history.entries().map(({ user }) => user),
    ['c', 'a'],
  );
  history.clear();
  assert.deepEqual(history.entries(), []);
});

test('every failure has a code of its own and says what to do', () => {
  const codes = Object.values(FAILURES).map(({ code }) => code);
  assert.equal(new Set(codes).size, codes.length);
  for (const { code, type, remedy } of Object.values(FAILURES)) {
    assert.match(code, /^(?:L2T|PTP|PPP|AUT|NCP|SYS)-\d{3}$/);
    assert.ok(type.length > 0 && remedy.length > 0);
  }
});

test('interface names: cut, joined, apart, in any case, to one canonical form', () => {
  const pairs: [string, string | undefined][] = [
    ['loopback1', 'Loopback1'],
    ['lo 1', 'Loopback1'],
    ['virtual-PPP 1', 'Virtual-PPP1'],
    ['Vi3', 'Virtual-Access3'],
    ['vt1', 'Virtual-Template1'],
    ['fa0/0', 'FastEthernet0/0'],
    ['ethernet0/0', 'Ethernet0/0'],
    ['gi0/0/1', 'GigabitEthernet0/0/1'],
    ['virtual 1', undefined],
    ['loopback0/0', undefined],
    ['loopback', undefined],
    ['nothing1', undefined],
  ];
  for (const [typed, name] of pairs) assert.equal(parseInterfaceName(typed)?.name, name, typed);
  assert.equal(shortInterfaceName('Virtual-Access3'), 'Vi3');
  assert.equal(shortInterfaceName('FastEthernet0/0'), 'Fa0/0');
  assert.equal(shortInterfaceName('tun0'), 'tun0');
});

test('Virtual-Access numbers: the lowest free one', () => {
  const numbers = new InterfaceNumbers();
  assert.deepEqual([numbers.take(), numbers.take(), numbers.take()], [1, 2, 3]);
  numbers.free(2);
  numbers.free(1);
  assert.deepEqual([numbers.take(), numbers.take(), numbers.take()], [1, 2, 4]);
});

test('MTU and MSS come from the real stack of headers', () => {
  assert.equal(sessionMtu(1500, false, 4), 1462);
  assert.equal(sessionMtu(1500, true, 4), 1458);
  assert.equal(sessionMtu(1500, false, 1), 1465);
  assert.equal(receiveUnit(1500, false), 1460);
  assert.equal(segmentSize(1460), 1420);
});

test('a dialer dials at once, backs off from 1 to 30 s, and starts over after a success', () => {
  const dialer = new Dialer('Virtual-PPP1', (octets) => new Uint8Array(octets));
  assert.deepEqual(dialer.handle({ on: 'ready' }, 0), [{ do: 'dial' }]);
  const waits: number[] = [];
  let now = 0;
  for (let attempt = 0; attempt < 8; attempt++) {
    dialer.handle({ on: 'ended' }, now);
    waits.push(dialer.deadline - now);
    now = dialer.deadline;
    assert.deepEqual(dialer.handleTimeout(now - 1), []);
    assert.deepEqual(dialer.handleTimeout(now), [{ do: 'dial' }]);
  }
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  dialer.handle({ on: 'connected' }, now);
  dialer.handle({ on: 'ended' }, now);
  assert.equal(dialer.deadline - now, 1000);
});

test('a dialer that is told it is not ready stops, whatever it was doing', () => {
  const dialer = new Dialer('Virtual-PPP1', (octets) => new Uint8Array(octets));
  dialer.handle({ on: 'ready' }, 0);
  dialer.handle({ on: 'ended' }, 0);
  dialer.handle({ on: 'not-ready', reason: 'administratively down' }, 0);
  assert.equal(dialer.deadline, Number.POSITIVE_INFINITY);
  assert.equal(dialer.missing, 'administratively down');
  assert.deepEqual(dialer.handle({ on: 'ended' }, 0), []);
});

test('R-035: a dialer that waits for half a minute goes on in a moment when a connection to its peer stands', () => {
  const dialer = new Dialer('Virtual-PPP1', (octets) => new Uint8Array(octets));
  dialer.handle({ on: 'ready' }, 0);
  for (let attempt = 0; attempt < 6; attempt++) {
    dialer.handle({ on: 'ended' }, 0);
    dialer.handleTimeout(dialer.deadline);
  }
  dialer.handle({ on: 'ended' }, 100_000);
  assert.ok(dialer.deadline >= 130_000);
  assert.deepEqual(dialer.handle({ on: 'peer-there' }, 100_000), []);
  assert.equal(dialer.deadline, 100_200);
  assert.deepEqual(dialer.handleTimeout(100_200), [{ do: 'dial' }]);
  // The peer asks within that time: then there is nothing left to dial.
  dialer.handle({ on: 'ended' }, 200_000);
  dialer.handle({ on: 'peer-there' }, 200_000);
  dialer.handle({ on: 'answered' }, 200_100);
  assert.deepEqual(dialer.handleTimeout(300_000), []);
});
