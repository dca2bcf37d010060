// 50,000 sessions are shown without anybody having to wait: counted in rows made between two turns of the event loop, since a
// clock would measure the machine.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineFilter } from '../../src/cli/output-filter.ts';
import { showCaller, showCallerFull, showCallerIp, showCallerSummary } from '../../src/cli/show/caller.ts';
import { showInterfaces } from '../../src/cli/show/interfaces.ts';
import { showIpInterfaceBrief } from '../../src/cli/show/ip-interface-brief.ts';
import { formatJson, toJson } from '../../src/cli/show/json.ts';
import { showL2tunSession } from '../../src/cli/show/l2tun.ts';
import { showPppAll } from '../../src/cli/show/ppp.ts';
import { showAaaUser, showSubscriberSession } from '../../src/cli/show/subscriber.ts';
import { TURN } from '../../src/cli/show/turn.ts';
import { showUsers } from '../../src/cli/show/users.ts';
import { showVpdn, showVpdnTunnel } from '../../src/cli/show/vpdn.ts';
import { showVpdnSession } from '../../src/cli/show/vpdn-session.ts';
import { LINES_A_TURN, paced } from '../../src/mgmt/pace.ts';
import type { RouterView } from '../../src/vpdn/view.ts';
import { interfaceView, LINK, routerView, sessionView, tunnelView } from '../cli/show/fixture.ts';

const SESSIONS = 50_000;
const TUNNELS = 20;

/** A router whose rows are counted as they are made. Reading one of its lists is a failure. */
function busyRouter(isOpen = true) {
  const made = { sessions: 0, tunnels: 0, looked: 0 };
  const view = routerView({
    rows: {
      totalTunnels: TUNNELS,
      totalSessions: SESSIONS,
      *tunnels() {
        for (let id = 1; id <= TUNNELS; id++) {
          made.tunnels++;
          yield tunnelView({
            localId: id,
            *count() {
              for (let session = 0; session < SESSIONS / TUNNELS; session++) yield made.looked++;
            },
          });
        }
      },
      *sessions({ tunnelId }) {
        if (tunnelId === 0) return;
        for (let id = 1; id <= SESSIONS / (tunnelId === undefined ? 1 : TUNNELS); id++) {
          made.sessions++;
          yield sessionView({ localId: id, tunnelId: tunnelId ?? 1 });
        }
      },
      *interfaces({ name }) {
        if (name !== undefined) return;
        for (let number = 1; number <= SESSIONS; number++) {
          made.sessions++;
          yield interfaceView({ name: `Virtual-Access${number}`, link: LINK });
        }
      },
      *openInterfaces() {
        for (let number = 1; number <= SESSIONS; number++) {
          made.sessions++;
          yield isOpen ? interfaceView({ name: `Virtual-Access${number}`, link: LINK }) : undefined;
        }
      },
      *callers() {
        for (let uniqueId = 0; uniqueId < SESSIONS; uniqueId++) {
          made.looked++;
          yield { ...CALLER, uniqueId };
        }
      },
      mppe: () => undefined,
    },
  });
  for (const list of ['tunnels', 'sessions', 'interfaces'] as const) {
    Object.defineProperty(view, list, { get: () => assert.fail(`all ${list} at once`) });
  }
  return { view, made };
}

const CALLER = { username: 'bob', clonedFrom: 'Virtual-Template1', open: true, up: true };

/** The most rows between two turns, made or only looked at, and how many lines came. */
async function run(
  lines: Iterable<string>,
  made: { sessions: number; looked: number },
  filter: Pick<LineFilter, 'push'> = new LineFilter(undefined),
) {
  let [most, before, printed] = [0, 0, 0];
  const breathe = () => {
    most = Math.max(most, made.sessions + made.looked - before);
    before = made.sessions + made.looked;
    return Promise.resolve();
  };
  for await (const taken of paced(lines, new AbortController().signal, breathe)) printed += filter.push(taken).length;
  await breathe();
  return { most, printed };
}

const FORMS: readonly (readonly [what: string, lines: (view: RouterView) => Iterable<string>])[] = [
  ['show vpdn', showVpdn],
  ['show vpdn session', (view) => showVpdnSession(view)],
  ['show vpdn session all', (view) => showVpdnSession(view, { form: 'all' })],
  ['show vpdn session packets', (view) => showVpdnSession(view, { form: 'packets' })],
  ['show l2tun session all', (view) => showL2tunSession(view, { form: 'all' })],
  ['show vpdn session | json', (view) => formatJson(toJson(view, 'show-vpdn-session'))],
  ['show users', showUsers],
  ['show interfaces', showInterfaces],
  ['show ip interface brief', showIpInterfaceBrief],
  ['show caller', showCaller],
  ['show subscriber session', showSubscriberSession],
  ['show ppp all', showPppAll],
  ['show interfaces | json', (view) => formatJson(toJson(view, 'show-interfaces'))],
  ['show vpdn | json', (view) => formatJson(toJson(view, 'show-vpdn'))],
];

for (const [what, lines] of FORMS) {
  test(`${what}: every row is shown, at most ${LINES_A_TURN} are made in a turn`, async () => {
    const { view, made } = busyRouter();
    const { most, printed } = await run(lines(view), made);
    assert.equal(made.sessions, SESSIONS);
    assert.ok(printed >= SESSIONS, `${printed} lines`);
    assert.ok(most <= LINES_A_TURN + 1, `${most} rows in a turn`);
  });
}

const SEARCHES: readonly (readonly [what: string, lines: (view: RouterView) => Iterable<string>])[] = [
  ['show users', showUsers],
  ['show caller', showCaller],
  ['show caller ip', showCallerIp],
  ['show caller summary', showCallerSummary],
  ['show caller user nobody', (view) => showCallerFull(view, { username: 'nobody' })],
  ['show vpdn tunnel all', (view) => showVpdnTunnel(view, { form: 'all' })],
  ['show vpdn tunnel packets', (view) => showVpdnTunnel(view, { form: 'packets' })],
  ['show vpdn tunnel | json', (view) => formatJson(toJson(view, 'show-vpdn-tunnel'))],
  ['show aaa user 70000', (view) => showAaaUser(view, 70_000)],
  ['show caller user nobody | json', (view) => formatJson(toJson(view, 'show-caller-full', { username: 'nobody' }))],
];

for (const [what, lines] of SEARCHES) {
  test(`${what}: whoever looks at all and prints little gives others their turn, and prints nothing for it`, async () => {
    const { view, made } = busyRouter(false);
    const printed: string[] = [];
    const push = (taken: readonly string[]) => {
      printed.push(...taken);
      return [];
    };
    const { most } = await run(lines(view), made, { push });
    assert.ok(made.sessions + made.looked >= SESSIONS, `${made.sessions} rows, ${made.looked} looked at`);
    assert.ok(most <= LINES_A_TURN + 1, `${most} rows in a turn`);
    assert.ok(printed.length > 0 && !printed.includes(TURN));
  });
}

test('a filter that keeps nothing does not take the turns away', async () => {
  const { view, made } = busyRouter();
  const filter = new LineFilter({ kind: 'include', pattern: 'nobody-is-called-so' });
  const { most, printed } = await run(showVpdnSession(view), made, filter);
  assert.equal(printed, 0);
  assert.ok(most <= LINES_A_TURN, `${most} rows in a turn`);
});

test('the first lines cost the first rows', () => {
  const { view, made } = busyRouter();
  const lines = showVpdnSession(view)[Symbol.iterator]();
  for (let line = 0; line < 10; line++) lines.next();
  assert.ok(made.sessions <= 6, `${made.sessions} rows`);
});

test('once nobody listens no more rows are made, and whoever makes them is told', async () => {
  const { view, made } = busyRouter();
  const gone = new AbortController();
  let finished = false;
  function* watched() {
    try {
      yield* showVpdnSession(view);
    } finally {
      finished = true;
    }
  }
  const breathe = async () => {
    if (made.sessions > 1000) gone.abort();
  };
  for await (const taken of paced(watched(), gone.signal, breathe)) assert.ok(taken.length > 0);
  assert.ok(made.sessions <= 1000 + LINES_A_TURN, `${made.sessions} rows`);
  assert.ok(finished);
});

test('without a stand-in the event loop itself goes round', async () => {
  let rounds = 0;
  let running = true;
  const count = () => {
    rounds++;
    if (running) setImmediate(count);
  };
  setImmediate(count);
  const { view } = busyRouter();
  let taken = 0;
  for await (const lines of paced(showVpdnSession(view), new AbortController().signal)) taken += lines.length;
  running = false;
  assert.ok(rounds >= Math.floor(taken / LINES_A_TURN), `${rounds} rounds for ${taken} lines`);
});
