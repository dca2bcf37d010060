// `| json` of callers, PPP, templates and IP interfaces: allow-lists like those of `json-models.ts`.

import type { InterfaceView, PppLinkView, RouterView } from '../../vpdn/view.ts';
import { callerRows, interfaceRows, mapped } from './rows.ts';
import { TURN, Unprinted } from './turn.ts';
import { templatesOf } from './vtemplate.ts';

export interface OperateFilter {
  readonly name?: string | undefined;
  readonly username?: string | undefined;
}

const lines = (view: RouterView) =>
  view.users.map(({ line, lineName, user, idle, active, location }) => ({
    line,
    lineName,
    user,
    idle,
    active,
    location,
  }));

const callers = (view: RouterView, filter: OperateFilter) => ({
  callers: callerModels(view, filter),
});

export const OPERATE_SUBJECTS = {
  'show-ppp-all': callers,
  'show-ppp-interface': callers,
  'show-ppp-statistics': ({ pppStatistics }: RouterView) => ({ ...pppStatistics }),
  'show-caller': (view: RouterView, filter: OperateFilter) => ({ lines: lines(view), ...callers(view, filter) }),
  'show-caller-ip': callers,
  'show-caller-full': callers,
  'show-caller-summary': (view: RouterView) => ({ vpdnCalls: [...callerRows(view)].length }),
  'show-subscriber-session': callers,
  'show-sss-session': callers,
  'show-aaa-sessions': callers,
  'show-ip-interface': (view: RouterView, { name }: OperateFilter) => ({
    interfaces: mapped(interfaceRows(view, { name }), ipModel),
  }),
  'show-vtemplate': (view: RouterView) => ({
    templates: templatesOf(view).map(({ name, active }) => ({ name, active })),
    ...view.cloned,
  }),
  'show-clock': ({ wallClock }: RouterView) => ({ wallClock, synchronized: false }),
} as const satisfies Record<string, (view: RouterView, filter: OperateFilter) => object>;

type Linked = InterfaceView & { readonly link: PppLinkView };

function* callerModels(view: RouterView, { name, username }: OperateFilter) {
  const unprinted = new Unprinted();
  for (const row of interfaceRows(view, { name })) {
    const wanted = username === undefined || row.username === username;
    if (wanted && row.link !== undefined) yield callerModel(row as Linked, view);
    else if (unprinted.add()) yield TURN;
  }
}

function callerModel(row: Linked, view: RouterView) {
  const { name, peerAddress, tunnelId, sessionId, openNcps, counters, link } = row;
  const { phase, lcp, ipcp, ccp, peerAuthentication, localAuthentication, options, network, uniqueId, peerName } = link;
  return {
    name,
    username: peerName,
    uniqueId,
    tunnelId,
    sessionId,
    phase,
    lcp,
    ipcp,
    ccp,
    openNcps,
    peerAuthentication,
    localAuthentication,
    peerAddress,
    options: options && { ...options },
    network: network && { ...network },
    millisUp: link.upSince === undefined ? undefined : view.now - link.upSince,
    counters: { ...counters },
  };
}

function ipModel({
  name,
  status,
  lineProtocol,
  address,
  prefixLength,
  unnumberedFrom,
  peerAddress,
  mtu,
}: InterfaceView) {
  return { name, status, lineProtocol, address, prefixLength, unnumberedFrom, peerAddress, mtu };
}
