// The rows of a whole router: one by one they are the same as the lists, and what is not wanted is never made.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Observation } from '../../src/host/observe.ts';
import type { SessionFilter, SessionView } from '../../src/vpdn/view.ts';
import { routerWithCalls } from '../sim/lac-by-hand.ts';

const router = routerWithCalls(60, 3);

test('rows one by one are the lists, and the totals their lengths', () => {
  const { rows, tunnels, sessions } = router.view(0);
  assert.equal(rows!.totalTunnels, 3);
  assert.equal(rows!.totalSessions, 60);
  assert.deepEqual([...rows!.sessions({})], sessions);
  assert.equal(sessions.length, 60);
  assert.deepEqual(
    [...rows!.tunnels({})].map(({ localId }) => localId),
    tunnels.map(({ localId }) => localId),
  );
});

test('a filter gives what filtering the whole list gives', () => {
  const { rows, sessions } = router.view(0);
  const one = sessions[31]!;
  const cases: [SessionFilter, (row: SessionView) => boolean][] = [
    [{ id: one.localId }, (row) => row.localId === one.localId],
    [{ tunnelId: one.tunnelId }, (row) => row.tunnelId === one.tunnelId],
    [{ interfaceName: one.interfaceName! }, (row) => row === one],
    [{ remoteAddress: one.remoteAddress }, (row) => row.remoteAddress === one.remoteAddress],
    [{ username: 'nobody' }, () => false],
    [{ vcid: 7 }, () => false],
    [{ l2tpClass: 'none' }, () => false],
    [{ interfaceName: 'Virtual-Access999' }, () => false],
    [{ tunnelId: one.tunnelId, id: one.localId }, (row) => row === one],
  ];
  for (const [filter, wanted] of cases) {
    assert.deepEqual([...rows!.sessions(filter)], sessions.filter(wanted), JSON.stringify(filter));
  }
});

test('tunnels by id and by the names of both ends', () => {
  const { rows, tunnels } = router.view(0);
  const [one] = tunnels;
  const ids = (filter: object) => [...rows!.tunnels(filter)].map(({ localId }) => localId);
  assert.deepEqual(ids({ id: one!.localId }), [one!.localId]);
  assert.deepEqual(ids({ remoteName: 'lac1' }).length, 1);
  assert.deepEqual(ids({ remoteName: 'lac1', localName: 'nobody' }), []);
  assert.deepEqual(ids({ id: 0 }), []);
});

test('only rows that are printed are counted for: a listing that stops asks the packet path no more', () => {
  let asked = 0;
  const observation = new Observation(
    {
      counters: () => {
        asked++;
        return undefined;
      },
      flow: () => undefined,
      encryption: () => undefined,
      rates: () => undefined,
      drops: () => ({}),
    },
    new Map(),
  );
  const { rows } = router.view(0, observation);
  const listing = rows!.sessions({})[Symbol.iterator]();
  listing.next();
  listing.next();
  assert.equal(asked, 2);
  for (const { localId } of rows!.tunnels({})) assert.ok(localId > 0);
  assert.equal(asked, 2);
});

test('calls that end while the list is printed are left out of the rest of it', () => {
  const busy = routerWithCalls(10, 2);
  const { rows } = busy.view(0);
  const listing = rows!.sessions({})[Symbol.iterator]();
  const first = listing.next().value as SessionView;
  busy.handle({ on: 'clear', what: { kind: 'tunnel', id: first.tunnelId } }, 0);
  const rest = [...{ [Symbol.iterator]: () => listing }];
  assert.equal(rest.length, 5);
  assert.ok(rest.every(({ tunnelId }) => tunnelId !== first.tunnelId));
});
