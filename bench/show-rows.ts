// How long `show` keeps everybody else waiting on a router with 50,000 sessions: the longest and the usual stretch between two
// turns of the event loop while a command prints, from the router and a session table down to the text. `node bench/show-rows.ts [sessions] [tunnels]`

import { setImmediate } from 'node:timers/promises';
import { LineFilter } from '../src/cli/output-filter.ts';
import { showCallerSummary } from '../src/cli/show/caller.ts';
import { showInterfaces } from '../src/cli/show/interfaces.ts';
import { showIpInterfaceBrief } from '../src/cli/show/ip-interface-brief.ts';
import { formatJson, toJson } from '../src/cli/show/json.ts';
import { showSubscriberSession } from '../src/cli/show/subscriber.ts';
import { showUsers } from '../src/cli/show/users.ts';
import { showVpdn, showVpdnTunnel } from '../src/cli/show/vpdn.ts';
import { showVpdnSession } from '../src/cli/show/vpdn-session.ts';
import { SessionTable } from '../src/dataplane/session-table.ts';
import { Observation } from '../src/host/observe.ts';
import { paced } from '../src/mgmt/pace.ts';
import type { RouterView } from '../src/vpdn/view.ts';
import { routerWithCalls } from '../test/sim/lac-by-hand.ts';

const SESSIONS = Number(process.argv[2] ?? 50_000);
const TUNNELS = Number(process.argv[3] ?? 20);

const router = routerWithCalls(SESSIONS, TUNNELS);
const table = SessionTable.create(65_536);
for (const { tunnelId, localId } of router.view(0).sessions) {
  table.open({
    localTunnel: tunnelId,
    localSession: localId,
    peerTunnel: 1,
    peerSession: 1,
    localAddress: 0,
    localPort: 1701,
    peerAddress: 0,
    peerPort: 1701,
    device: 0,
    networkUp: true,
    strictSource: true,
    sendAcfc: false,
    sendPfc: false,
    sequencing: false,
    mtu: 1460,
    mssClamp: 0,
  });
}
const observation = new Observation(
  {
    counters: (tunnel, session) => table.counters(table.lookup(tunnel, session)),
    flow: () => undefined,
    encryption: () => undefined,
    rates: () => undefined,
    drops: () => ({}),
  },
  new Map(),
);

const someId = router.view(0).sessions.at(-1)!.localId;
const include = new LineFilter({ kind: 'include', pattern: 'nobody' });
const COMMANDS: readonly (readonly [
  text: string,
  lines: (view: RouterView) => Iterable<string>,
  filter?: LineFilter,
])[] = [
  ['show vpdn', showVpdn],
  ['show vpdn session', (view) => showVpdnSession(view)],
  ['show vpdn session | include nobody', (view) => showVpdnSession(view), include],
  ['show vpdn session all', (view) => showVpdnSession(view, { form: 'all' })],
  ['show vpdn session username nobody', (view) => showVpdnSession(view, { filter: { username: 'nobody' } })],
  [`show vpdn session id ${someId}`, (view) => showVpdnSession(view, { filter: { id: someId } })],
  ['show vpdn session | json', (view) => formatJson(toJson(view, 'show-vpdn-session'))],
  ['show vpdn tunnel all', (view) => showVpdnTunnel(view, { form: 'all' })],
  ['show users', showUsers],
  ['show interfaces', showInterfaces],
  ['show ip interface brief', showIpInterfaceBrief],
  ['show caller summary', showCallerSummary],
  ['show subscriber session', showSubscriberSession],
  ['show interfaces | json', (view) => formatJson(toJson(view, 'show-interfaces'))],
];

const heading = ['lines', 'total ms', 'longest ms', '99 %'].map((each) => each.padStart(12)).join('');
console.log(`${router.view(0).rows!.totalSessions} sessions in ${TUNNELS} tunnels, Node ${process.version}`);
console.log('command'.padEnd(40) + heading);
for (const round of ['warm-up', 'measured']) {
  for (const [text, lines, filter] of COMMANDS) {
    const { count, total, longest, usual } = await measure(lines, filter);
    if (round === 'warm-up') continue;
    const cells = [String(count), total.toFixed(0), longest.toFixed(1), usual.toFixed(1)];
    console.log(text.padEnd(40) + cells.map((cell) => cell.padStart(12)).join(''));
  }
}

/** `usual`: 99 of 100 stretches are shorter. */
async function measure(lines: (view: RouterView) => Iterable<string>, filter = new LineFilter(undefined)) {
  const begun = performance.now();
  const stretches: number[] = [];
  let since = begun;
  const stretch = () => stretches.push(performance.now() - since);
  const breathe = async () => {
    stretch();
    await setImmediate();
    since = performance.now();
  };
  let count = 0;
  for await (const taken of paced(lines(router.view(0, observation)), new AbortController().signal, breathe)) {
    // As the control socket does with them.
    const text = JSON.stringify({ out: filter.push(taken).join('\n') });
    count += taken.length + (text === '' ? 1 : 0);
  }
  stretch();
  stretches.sort((a, b) => a - b);
  const usual = stretches[Math.floor(stretches.length * 0.99)]!;
  return { count, total: performance.now() - begun, longest: stretches.at(-1)!, usual };
}
