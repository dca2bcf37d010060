// The router as `show` sees it. What the packet path counts the `TrafficObserver` adds, which `host/` is.

import { addedCounts } from '../l2tp/message-counters.ts';
import type { Millis } from '../wire/machine.ts';
import type { Configuration } from './configuration.ts';
import type { RouterParts } from './router-parts.ts';
import { RouterRows } from './router-rows.ts';
import { pptpSessionViews, pptpTunnelViews } from './router-rows-pptp.ts';
import type { TrafficObserver } from './traffic-observer.ts';
import type { DropView, InterfaceView, PoolView, RouterView, RouteView, SessionView, TunnelView } from './view.ts';
import type { PptpSessionView, PptpTunnelView } from './view-pptp.ts';

export function routerView(
  parts: RouterParts,
  configuration: Configuration,
  { now, epoch }: { readonly now: Millis; readonly epoch: Millis },
  observer?: TrafficObserver,
): RouterView {
  const rows = new RouterRows(parts, { configuration, now }, observer);
  // Lists of thousands are made only for those that ask for the whole of one.
  let tunnels: TunnelView[] | undefined;
  let sessions: SessionView[] | undefined;
  let pptpTunnels: PptpTunnelView[] | undefined;
  let pptpSessions: PptpSessionView[] | undefined;
  let interfaces: InterfaceView[] | undefined;
  let routes: RouteView[] | undefined;
  let pools: PoolView[] | undefined;
  let drops: DropView[] | undefined;
  return {
    now,
    wallClock: epoch + now,
    bootedAt: 0,
    configuration,
    timestamps: configuration.services.timestampsLog,
    rows,
    get tunnels() {
      tunnels ??= [...rows.tunnels({})];
      return tunnels;
    },
    get sessions() {
      sessions ??= [...rows.sessions({})];
      return sessions;
    },
    get interfaces() {
      interfaces ??= [...rows.interfaces({})];
      return interfaces;
    },
    get routes() {
      routes ??= parts.routing.views();
      return routes;
    },
    get pptpTunnels() {
      pptpTunnels ??= pptpTunnelViews(parts, observer);
      return pptpTunnels;
    },
    get pptpSessions() {
      pptpSessions ??= pptpSessionViews(parts, observer);
      return pptpSessions;
    },
    users: [],
    failures: parts.failures.entries(),
    failureTableSize: parts.failures.size,
    get pools() {
      pools ??= parts.addresses.views();
      return pools;
    },
    get drops() {
      drops ??= [...dropViews(parts), ...(observer?.drops() ?? [])];
      return drops;
    },
    controlMessages: addedCounts(parts.endpoint.messages, parts.v3.messages),
    pppStatistics: parts.calls.statistics.view(),
    cloned: { ...parts.calls.cloned },
  };
}

function dropViews({ endpoint, v3, manual, pptp, calls }: RouterParts): DropView[] {
  const totals = new Map<string, DropView>();
  const add = (where: DropView['where'], reason: string, count: number) => {
    const key = `${where} ${reason}`;
    const known = totals.get(key);
    if (known === undefined) totals.set(key, { where, reason, count });
    else known.count += count;
  };
  for (const [reason, count] of endpoint.drops) add('l2tp', reason, count);
  for (const [reason, count] of v3.drops) add('l2tp', reason, count);
  for (const [reason, count] of manual.drops) add('l2tp', reason, count);
  for (const [reason, count] of pptp.endpoint.drops) add('pptp', reason, count);
  for (const [reason, count] of pptp.drops) add('pptp', reason, count);
  for (const [reason, count] of calls.endedDrops) add('ppp', reason, count);
  for (const { link } of calls.all()) for (const [reason, count] of link?.drops ?? []) add('ppp', reason, count);
  return [...totals.values()];
}
