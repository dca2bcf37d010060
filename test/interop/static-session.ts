// Static L2TPv3 Ethernet sessions between the kernel of a guest (`ip l2tp`) and somebody in a namespace: what the two are told,
// and what must pass between them. Nothing is negotiated; whoever disagrees on a value gets nothing through.

import assert from 'node:assert/strict';
import type { Namespace } from '../support/namespace.ts';
import { MEGABYTE, transfer } from '../support/transfer.ts';
import type { Guest } from './guest.ts';
import { OUTER } from './place.ts';

export interface StaticSession {
  readonly name: string;
  readonly transport: 'udp' | 'ip';
  /** What the guest sends and what it expects, as hexadecimal digits: 0, 4 or 8 octets. */
  readonly guestSends: string;
  readonly guestExpects: string;
  readonly sublayer: boolean;
}

/** Of the guest, the client, and of the other end. */
export const SESSION_IDS = { guest: 4101, host: 4202 } as const;
export const INSIDE = { guest: '198.51.100.1', host: '198.51.100.2' } as const;
export const INSIDE_LENGTH = 24;

/** 1,500 less IPv4, UDP, the header, a cookie of 8, the sublayer and Ethernet: whole for each of them. */
export const INSIDE_MTU = 1400;

const [FOUR, EIGHT] = ['deadbeef', '0123456789abcdef'];
const session = (
  transport: 'udp' | 'ip',
  sublayer: boolean,
  guestSends: string,
  guestExpects: string,
): StaticSession => {
  const octets = [guestSends, guestExpects].map(({ length }) => length / 2).join(' and ');
  const name = `${transport}, cookies of ${octets} octets, ${sublayer ? 'with' : 'without'} the default sublayer`;
  return { name, transport, guestSends, guestExpects, sublayer };
};

export const SESSIONS: readonly StaticSession[] = (['udp', 'ip'] as const).flatMap((transport) => [
  session(transport, true, '', ''),
  session(transport, true, FOUR, EIGHT),
  session(transport, false, EIGHT, FOUR),
]);

const [TUNNEL, DEVICE] = ['11', 'v3'];

/** Linux's words: `cookie` is what it sends, `peer_cookie` what it expects. Ends a session that was there before. */
export async function configureGuest(guest: Guest, session: StaticSession): Promise<void> {
  const { transport, guestSends, guestExpects, sublayer } = session;
  const ports = transport === 'udp' ? 'encap udp udp_sport 1701 udp_dport 1701' : 'encap ip';
  const cookies = `${guestSends && `cookie ${guestSends}`} ${guestExpects && `peer_cookie ${guestExpects}`}`;
  const lines = [
    `ip l2tp del tunnel tunnel_id ${TUNNEL} 2>/dev/null`,
    `set -e`,
    `ip l2tp add tunnel tunnel_id ${TUNNEL} peer_tunnel_id 12 ${ports} local ${OUTER.client} remote ${OUTER.server}`,
    `ip l2tp add session name ${DEVICE} tunnel_id ${TUNNEL} session_id ${SESSION_IDS.guest} ` +
      `peer_session_id ${SESSION_IDS.host} ${cookies} l2spec_type ${sublayer ? 'default' : 'none'}`,
    `ip addr add ${INSIDE.guest}/${INSIDE_LENGTH} dev ${DEVICE}`,
    `ip link set ${DEVICE} up mtu ${INSIDE_MTU}`,
  ];
  const { status, stderr } = await guest.shell(lines.join('\n'));
  assert.equal(status, 0, stderr);
}

/** Ping and TCP through it, both ways. */
export async function exercise(guest: Guest, namespace: Namespace): Promise<void> {
  for (const [machine, address] of [
    [guest, INSIDE.host],
    [namespace, INSIDE.guest],
  ] as const) {
    // The first packets may be spent on ARP.
    const { stdout } = await machine.run(['ping', '-n', '-c', '3', '-i', '0.2', '-W', '3', address]);
    assert.match(stdout, / 0% packet loss/, stdout);
  }
  await transfer({ from: guest, to: namespace, address: INSIDE.host, octets: MEGABYTE });
  await transfer({ from: namespace, to: guest, address: INSIDE.guest, octets: MEGABYTE });
}

/** How many of four pings of the guest were answered. */
export async function answered(guest: Guest): Promise<number> {
  const { stdout } = await guest.run(['ping', '-n', '-c', '4', '-i', '0.2', '-W', '1', INSIDE.host]);
  return Number(/(\d+) received/.exec(stdout)?.[1] ?? Number.NaN);
}
