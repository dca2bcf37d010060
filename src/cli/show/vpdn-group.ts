// `show vpdn group`, `show vpdn domain`, `show vpdn group-select` (C163): which group there is for whom.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { VpdnGroup } from '../../vpdn/configuration-vpdn.ts';
import type { RouterView } from '../../vpdn/view.ts';
import { chooseGroup } from '../../vpdn/vpdn-group.ts';
import { groupInForce } from '../../vpdn/vpdn-template.ts';
import { printable } from '../../wire/values.ts';
import { tunnelRows } from './rows.ts';
import { nameCell, tableRow } from './table.ts';

export interface GroupFacts {
  name: string;
  direction: string;
  protocol: string;
  remoteName: string;
  sourceAddress: string;
  virtualTemplate?: number | undefined;
  sessionLimit?: number | undefined;
  tunnels: number;
  sessions: number;
}

export type GroupPart = 'domain' | 'endpoint';

/** All groups in a table, or one of them with its parts. */
export function* showVpdnGroup(view: RouterView, name?: string, part?: GroupPart): Generator<string> {
  const groups = [...view.configuration.vpdnGroups.values()];
  if (name === undefined) {
    if (groups.length === 0) return yield '% No VPDN groups configured';
    yield tableRow(GROUP_WIDTHS, ['VPDN Group', 'Direction', 'Protocol', 'Tunnels', 'Sessions', 'Session Limit']);
    for (const facts of groupFacts(view)) {
      const limit = facts.sessionLimit === undefined ? '*' : String(facts.sessionLimit);
      const counts = [String(facts.tunnels), String(facts.sessions), limit];
      yield tableRow(GROUP_WIDTHS, [nameCell(facts.name, 23), facts.direction, facts.protocol, ...counts]);
    }
    return;
  }
  const group = view.configuration.vpdnGroups.get(name);
  if (group === undefined) return yield `% VPDN group ${printable(name)} not found`;
  const [facts] = groupFacts(view, name);
  yield `VPDN group ${printable(name)}`;
  if (part !== 'endpoint') yield* domains(group, facts!);
  if (part !== 'domain') yield* endpoints(group, facts!);
}

/** Which domains and called numbers have a group (`request-dialin`). */
export function* showVpdnDomain({ configuration }: RouterView): Generator<string> {
  yield tableRow(DOMAIN_WIDTHS, ['Tunnel', 'VPDN Group']);
  yield tableRow(DOMAIN_WIDTHS, ['------', '----------']);
  for (const { key, group, protocol } of domainRows(configuration)) {
    yield tableRow(DOMAIN_WIDTHS, [nameCell(key, 30), `${nameCell(group, 40)} (${protocol.toUpperCase()})`]);
  }
}

export function domainRows({ vpdnGroups }: Configuration): { key: string; group: string; protocol: string }[] {
  return [...vpdnGroups.values()].flatMap(({ name, requestDialin }) => {
    const protocol = requestDialin?.protocol ?? 'l2tp';
    const keys = [
      ...(requestDialin?.dnis ?? []).map((each) => `dnis:${each}`),
      ...(requestDialin?.domains ?? []).map((each) => `domain:${each}`),
      ...(requestDialin?.multihopHostnames ?? []).map((each) => `multihop-hostname:${each}`),
    ];
    return keys.map((key) => ({ key, group: name, protocol }));
  });
}

/** The groups that take a tunnel from anybody: those without `terminate-from`. */
export function* showVpdnGroupSelectDefault({ configuration }: RouterView): Generator<string> {
  yield 'Default VPDN Group      Protocol';
  for (const { group, protocol } of defaultGroups(configuration)) {
    yield tableRow([24], [group === undefined ? 'None' : nameCell(group, 23), protocol]);
  }
}

export function defaultGroups({ vpdnGroups }: Configuration): { group?: string | undefined; protocol: string }[] {
  return (['l2tp', 'pptp'] as const).map((protocol) => {
    const found = [...vpdnGroups.values()].find(({ acceptDialin, terminateFrom }) => {
      return terminateFrom === undefined && [protocol, 'any'].includes(acceptDialin?.protocol ?? '');
    });
    return { group: found?.name, protocol };
  });
}

export function* showVpdnGroupSelectSummary(view: RouterView): Generator<string> {
  const heads = ['VPDN Group', 'Vrf', 'Remote Name', 'Source-IP', 'Protocol', 'Direction'];
  yield tableRow(SUMMARY_WIDTHS, heads);
  for (const { name, remoteName, sourceAddress, protocol, direction } of groupFacts(view)) {
    const keys = [nameCell(name, 15), '*', remoteName === '*' ? '*' : nameCell(remoteName, 15), sourceAddress];
    yield tableRow(SUMMARY_WIDTHS, [...keys, protocol, direction]);
  }
}

export interface SelectionKeys {
  /** The Host Name the peer gives, and the address of ours that it asks. */
  hostname?: string | undefined;
  sourceAddress?: string | undefined;
}

/** By the same choice that an SCCRQ goes through. */
export function* showVpdnGroupSelectKeys({ configuration }: RouterView, keys: SelectionKeys = {}): Generator<string> {
  yield tableRow(KEY_WIDTHS, ['VPDN Group', 'Vrf', 'Hostname', 'Source Ip']);
  const { hostname = '', sourceAddress = '0.0.0.0' } = keys;
  const choice = chooseGroup(configuration, hostname, sourceAddress);
  const name = choice.found ? nameCell(choice.group.name, 23) : 'None';
  yield tableRow(KEY_WIDTHS, [name, '*', hostname === '' ? '*' : nameCell(hostname, 15), sourceAddress]);
}

export function groupFacts(view: RouterView, only?: string): GroupFacts[] {
  const counts = new Map<string, { tunnels: number; sessions: number }>();
  for (const { vpdnGroup, activeSessions } of tunnelRows(view, {})) {
    const count = counts.get(vpdnGroup ?? '') ?? { tunnels: 0, sessions: 0 };
    counts.set(vpdnGroup ?? '', { tunnels: count.tunnels + 1, sessions: count.sessions + activeSessions });
  }
  const { configuration } = view;
  const groups = [...configuration.vpdnGroups.values()].filter(({ name }) => only === undefined || name === only);
  return groups.map((group) => {
    const { sourceAddress, sessionLimit } = groupInForce(configuration, group);
    return {
      name: group.name,
      ...roleOf(group),
      remoteName: group.terminateFrom ?? '*',
      sourceAddress: sourceAddress ?? configuration.vpdn.sourceAddress ?? '0.0.0.0',
      virtualTemplate: group.acceptDialin?.virtualTemplate,
      sessionLimit,
      tunnels: 0,
      sessions: 0,
      ...counts.get(group.name),
    };
  });
}

function roleOf(group: VpdnGroup): { direction: string; protocol: string } {
  const { acceptDialin, requestDialin, acceptDialout, requestDialout } = group;
  const roles = [
    ['accept-dialin', acceptDialin],
    ['request-dialin', requestDialin],
    ['accept-dialout', acceptDialout],
    ['request-dialout', requestDialout],
  ] as const;
  const had = roles.filter(([, role]) => role !== undefined);
  if (had.length === 0) return { direction: '-', protocol: '-' };
  const direction = had.map(([name]) => name).join('/');
  return { direction, protocol: had.map(([, role]) => role?.protocol ?? '-').join('/') };
}

function* domains(group: VpdnGroup, { protocol, remoteName, virtualTemplate }: GroupFacts): Generator<string> {
  yield '';
  yield `Tunnel (${protocol.toUpperCase()})`;
  yield '------';
  const { requestDialin, acceptDialin } = group;
  for (const number of requestDialin?.dnis ?? []) yield `dnis:${printable(number)}`;
  for (const domain of requestDialin?.domains ?? []) yield printable(domain);
  for (const host of requestDialin?.multihopHostnames ?? []) yield `multihop-hostname:${printable(host)}`;
  if (acceptDialin !== undefined) {
    yield `terminate-from hostname ${remoteName === '*' ? 'any' : printable(remoteName)}`;
    if (virtualTemplate !== undefined) yield `virtual-template ${virtualTemplate}`;
  }
}

function* endpoints({ initiateTo }: VpdnGroup, { sessions, sessionLimit }: GroupFacts): Generator<string> {
  yield '';
  yield tableRow(ENDPOINT_WIDTHS, ['Endpoint', 'Session Limit', 'Priority', 'Active Sessions', 'Status']);
  yield tableRow(ENDPOINT_WIDTHS, ['--------', '-------------', '--------', '---------------', '------']);
  // No call is ever placed by a request-dialin here: its endpoints are those of the configuration, with nothing on them.
  for (const { address, limit, priority } of initiateTo) {
    yield tableRow(ENDPOINT_WIDTHS, [address, String(limit ?? '*'), String(priority ?? 1), '0', '-']);
  }
  yield tableRow(ENDPOINT_WIDTHS, ['--------', '-------------', '', '---------------']);
  yield tableRow(ENDPOINT_WIDTHS, ['Total', String(sessionLimit ?? '*'), '', String(sessions)]);
}

const GROUP_WIDTHS = [24, 16, 9, 8, 9];
const DOMAIN_WIDTHS = [32];
const SUMMARY_WIDTHS = [16, 5, 16, 16, 9];
const KEY_WIDTHS = [24, 13, 16];
const ENDPOINT_WIDTHS = [16, 14, 9, 16];
