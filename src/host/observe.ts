// Joins what the router knows with what the packet path has counted: the view that every `show` prints.

import type { SessionCounters } from '../dataplane/session-table.ts';
import type { InterfaceView, RouterView, SessionView, TrafficCounters, TrafficRates, UserView } from '../vpdn/view.ts';

/** What is asked of the packet path. */
export interface TrafficSource {
  counters(localTunnel: number, localSession: number): SessionCounters | undefined;
  rates(localTunnel: number, localSession: number): TrafficRates | undefined;
  drops(): Readonly<Record<string, number>>;
}

/** Fills in the counters of a view just made. */
export function addTraffic(view: RouterView, traffic: TrafficSource, users: readonly UserView[]): RouterView {
  // An interface of a call is found by the call: its name may be another's a second later.
  const bySession = new Map<string, SessionCounters>();
  const tunnels = new Map(view.tunnels.map((tunnel) => [tunnel.localId, tunnel]));
  for (const session of view.sessions) {
    const counted = traffic.counters(session.tunnelId, session.localId);
    if (counted === undefined) continue;
    bySession.set(`${session.tunnelId} ${session.localId}`, counted);
    fillSession(session, counted);
    const tunnel = tunnels.get(session.tunnelId);
    if (tunnel !== undefined) tunnel.counters = sum(tunnel.counters, session.counters);
  }
  for (const subject of view.interfaces) {
    const { tunnelId, sessionId } = subject;
    const counted = bySession.get(`${tunnelId} ${sessionId}`);
    if (counted === undefined || tunnelId === undefined || sessionId === undefined) continue;
    fillInterface(subject, counted);
    subject.rates = traffic.rates(tunnelId, sessionId);
  }
  for (const [reason, count] of Object.entries(traffic.drops())) {
    view.drops.push({ where: 'dataplane', reason, count });
  }
  view.users = [...users];
  return view;
}

function fillSession(session: SessionView, counted: SessionCounters): void {
  session.counters = trafficOf(counted);
  session.outOfOrderDropped = counted.outOfOrder;
  session.ns = counted.ns;
  session.nr = counted.nr;
}

/** Drops on the way in are input errors, and on the way out output drops: the two places IOS has for them. */
function fillInterface(subject: InterfaceView, counted: SessionCounters): void {
  subject.counters = trafficOf(counted);
  subject.inputErrors = counted.inputDrops;
  subject.outputDrops = counted.outputDrops;
  if (counted.lastInput > 0) subject.lastInput = counted.lastInput;
  if (counted.lastOutput > 0) subject.lastOutput = counted.lastOutput;
}

function trafficOf(counted: SessionCounters): TrafficCounters {
  return {
    packetsSent: counted.packetsOut,
    packetsReceived: counted.packetsIn,
    octetsSent: counted.octetsOut,
    octetsReceived: counted.octetsIn,
  };
}

function sum(a: TrafficCounters, b: TrafficCounters): TrafficCounters {
  return {
    packetsSent: a.packetsSent + b.packetsSent,
    packetsReceived: a.packetsReceived + b.packetsReceived,
    octetsSent: a.octetsSent + b.octetsSent,
    octetsReceived: a.octetsReceived + b.octetsReceived,
  };
}
