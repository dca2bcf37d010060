// Why a call failed, in words: one row a cause, with a code that never changes meaning, what it means and what to do.
// The records are kept in `failure-history.ts`.

import type { End, EndCause } from '../l2tp/events.ts';
import type { LinkEndCause } from '../ppp/events.ts';

export type FailureCause =
  | Exclude<EndCause, 'closed' | 'idle' | 'tunnel-down' | 'tie-lost'>
  | Exclude<LinkEndCause, 'closed' | 'lower-layer-down'>
  | 'no-group'
  | 'vpdn-disabled'
  | 'no-template'
  | 'session-limit'
  | 'softshut'
  | 'pool-empty'
  | 'address-in-use'
  | 'user-unknown'
  | 'wrong-password'
  | 'one-way-secret'
  | 'no-local-address'
  | 'encryption-required'
  | 'no-tunnel-secret'
  | 'class-conflict'
  | 'no-pseudowire'
  | 'unknown-vcid'
  | 'pseudowire-type'
  | 'pseudowire-mtu'
  | 'pseudowire-busy'
  | 'device'
  | 'pptp-unreachable'
  | 'pptp-refused'
  | 'connection-lost'
  | 'echo-timeout'
  | 'flood';

/** How a session or tunnel of any protocol ended. */
export type CallEnd = Omit<End, 'cause'> & { readonly cause: EndCause | FailureCause };

interface FailureRow {
  readonly code: string;
  readonly type: string;
  readonly remedy: string;
}

export const FAILURES: Readonly<Record<FailureCause, FailureRow>> = {
  'no-group': {
    code: 'L2T-301',
    type: 'No vpdn-group for this peer',
    remedy:
      'add `terminate-from hostname NAME` with the name the peer gives, or a group without it; on the peer, `hostname` in its l2tp-class sets the name',
  },
  authentication: {
    code: 'L2T-302',
    type: 'Tunnel authentication failed',
    remedy: 'set the same `l2tp tunnel password` (vpdn-group) and `password` (l2tp-class) on both ends',
  },
  'no-tunnel-secret': {
    code: 'L2T-303',
    type: 'Tunnel authentication wanted, but no tunnel secret configured',
    remedy: 'configure `l2tp tunnel password` on both ends, or `no l2tp tunnel authentication` in the vpdn-group',
  },
  'setup-timeout': {
    code: 'L2T-304',
    type: 'Tunnel or call set-up timed out',
    remedy: 'the peer was heard but did not finish: check the return path, its source address and its log',
  },
  retransmission: {
    code: 'L2T-305',
    type: 'The peer stopped answering',
    remedy: 'check the path to the peer and whether it is alive; the tunnel is dialled again if it is ours',
  },
  unreachable: {
    code: 'L2T-306',
    type: 'The peer does not answer',
    remedy:
      'check the peer address, the route to it, a firewall for UDP port 1701 (or IP protocol 115), and that its VPDN is on',
  },
  'challenge-unanswerable': {
    code: 'L2T-307',
    type: 'The peer wants tunnel authentication and we have no secret',
    remedy: 'configure `password` in the l2tp-class (or `l2tp tunnel password` in the vpdn-group)',
  },
  'hidden-unreadable': {
    code: 'L2T-308',
    type: 'Hidden AVPs cannot be read',
    remedy: 'the peer hides AVPs with a secret we do not have: set the same tunnel password on both ends',
  },
  protocol: {
    code: 'L2T-309',
    type: 'The peer broke the protocol',
    remedy: 'see `debug vpdn errors`; the peer is at fault',
  },
  version: { code: 'L2T-310', type: 'Protocol version not supported', remedy: 'set the peer to L2TPv2' },
  'peer-closed': { code: 'L2T-311', type: 'The remote server closed this session', remedy: 'see the log of the peer' },
  refused: { code: 'L2T-312', type: 'Refused by this router', remedy: 'see the reason beside it' },
  'vpdn-disabled': { code: 'L2T-313', type: 'VPDN is not enabled', remedy: 'configure `vpdn enable`' },
  'no-template': {
    code: 'L2T-314',
    type: 'No virtual-template for the call',
    remedy: 'configure `virtual-template N` under accept-dialin and `interface Virtual-Template N` with an address',
  },
  'session-limit': { code: 'L2T-315', type: 'Session limit reached', remedy: 'raise `session-limit`' },
  softshut: { code: 'L2T-316', type: 'VPDN is in softshut', remedy: 'configure `no vpdn softshut`' },
  'no-resources': { code: 'L2T-317', type: 'Out of tunnels or sessions', remedy: 'see the drop counters' },
  'no-local-address': {
    code: 'L2T-318',
    type: 'No local address for the tunnel',
    remedy:
      'give the `ip local interface` of the pseudowire-class an address, or map it with `platform interfaces NAME DEVICE`',
  },
  'class-conflict': {
    code: 'L2T-319',
    type: 'Another l2tp-class is in force between these addresses',
    remedy: 'use one l2tp-class for all pseudowires between the same pair of addresses',
  },
  'no-pseudowire': {
    code: 'L2T-320',
    type: 'No L2TPv3 pseudowire to this peer',
    remedy:
      'configure a `pseudowire` of encapsulation l2tpv3 to the address the peer comes from, over the same IP protocol',
  },
  'unknown-vcid': {
    code: 'L2T-321',
    type: 'The VCID is not known at the other end',
    remedy: 'give the two ends of the pseudowire the same VCID, and each the address of the other',
  },
  'pseudowire-type': {
    code: 'L2T-322',
    type: 'The two ends differ in what the pseudowire carries',
    remedy: 'configure the same at both ends: `interface virtual-ppp`, a whole port, or one VLAN of a port',
  },
  'pseudowire-mtu': {
    code: 'L2T-324',
    type: 'The interfaces at the two ends have different MTUs',
    remedy: 'set the same `mtu` at both ends, or on the Linux devices behind them',
  },
  'pseudowire-busy': {
    code: 'L2T-323',
    type: 'The pseudowire has a session already',
    remedy: 'none, if it comes up: one end had not noticed yet that the session before was gone',
  },
  device: { code: 'SYS-901', type: 'The TUN device cannot be used', remedy: 'check /dev/net/tun and CAP_NET_ADMIN' },
  'pptp-unreachable': {
    code: 'PTP-701',
    type: 'The PPTP server does not answer',
    remedy: 'check its address, the route to it, a firewall for TCP port 1723, and that its PPTP is on',
  },
  'pptp-refused': {
    code: 'PTP-702',
    type: 'Refused by the PPTP peer',
    remedy: 'the peer wants no connection or no call now: see its log, its limits and its list of clients',
  },
  'connection-lost': {
    code: 'PTP-703',
    type: 'The TCP connection of the tunnel broke',
    remedy: 'check the path to the peer, and whether the peer restarted',
  },
  'echo-timeout': {
    code: 'PTP-704',
    type: 'The PPTP peer stopped answering',
    remedy: 'check the path to the peer; `pptp tunnel echo` sets how soon silence is noticed',
  },
  flood: {
    code: 'PTP-705',
    type: 'The PPTP peer sent more messages than anybody needs',
    remedy: 'see `debug vpdn errors`; the peer is at fault, or it is no PPTP client',
  },
  'lcp-timeout': {
    code: 'PPP-401',
    type: 'The PPP peer does not answer',
    remedy: 'the tunnel is up but LCP is not answered: check PPP on the peer',
  },
  loopback: { code: 'PPP-402', type: 'The PPP link is looped back', remedy: 'look for a loop between the two routers' },
  'authentication-protocol': {
    code: 'PPP-403',
    type: 'No common authentication protocol',
    remedy: 'make `ppp authentication` on one end name a protocol the other is willing to use',
  },
  'encryption-required': {
    code: 'PPP-408',
    type: 'Encryption is required, and cannot be had',
    remedy:
      'make `ppp encrypt mppe` name a strength that both ends have, and `ppp authentication` one of ms-chap-v2, ms-chap, eap; leave `required` out if sessions in clear will do',
  },
  'lcp-failed': { code: 'PPP-404', type: 'LCP options cannot be agreed on', remedy: 'see `debug ppp negotiation`' },
  'peer-terminated': { code: 'PPP-405', type: 'The PPP peer hung up', remedy: 'see the log of the peer' },
  keepalive: {
    code: 'PPP-406',
    type: 'Missed too many keepalives',
    remedy: 'the peer or the path died; `keepalive PERIOD RETRIES` sets how soon that is noticed',
  },
  'protocol-rejected': {
    code: 'PPP-407',
    type: 'The peer rejected a PPP protocol we need',
    remedy: 'see `debug ppp negotiation`',
  },
  'peer-authentication-failed': {
    code: 'AUT-501',
    type: 'Authentication failed',
    remedy: 'compare `username NAME password` here with the name and password the peer uses',
  },
  'user-unknown': {
    code: 'AUT-502',
    type: 'Authentication failed: unknown user',
    remedy: 'add `username NAME password …` for the name the peer gives',
  },
  'wrong-password': {
    code: 'AUT-503',
    type: 'Authentication failed: wrong password',
    remedy: 'make the password of `username` here and at the peer the same',
  },
  'one-way-secret': {
    code: 'AUT-504',
    type: 'Authentication failed: the user has a one-way secret',
    remedy: 'CHAP needs the clear password: `username NAME password …` instead of `secret`',
  },
  'local-authentication-failed': {
    code: 'AUT-505',
    type: 'The peer refused our authentication',
    remedy: 'compare `ppp chap hostname` and the password here with what the peer expects',
  },
  'no-secret': {
    code: 'AUT-506',
    type: 'The peer wants authentication and we have no secret for it',
    remedy: 'add `username PEERNAME password …`, or `ppp chap password` / `ppp pap sent-username` on the interface',
  },
  'authentication-timeout': {
    code: 'AUT-507',
    type: 'Authentication was not finished in time',
    remedy: 'the peer stayed silent: see its log; `ppp timeout authentication` sets the limit',
  },
  'pool-empty': {
    code: 'NCP-601',
    type: 'No address left in the pool',
    remedy: 'extend the `ip local pool`, or name another in `peer default ip address pool`',
  },
  'no-address': {
    code: 'NCP-602',
    type: 'No IP address',
    remedy:
      'configure `ip address`, `ip unnumbered` or `peer default ip address` on the interface of the end that lacks one',
  },
  'ncp-timeout': { code: 'NCP-603', type: 'IPCP was not finished in time', remedy: 'see `debug ppp negotiation`' },
  'ncp-failed': {
    code: 'NCP-604',
    type: 'No network protocol could be agreed on',
    remedy: 'see `debug ppp negotiation`',
  },
  'address-in-use': {
    code: 'NCP-605',
    type: 'The peer asked for an address in use',
    remedy: 'give each peer its own address, or use `peer default ip address pool`',
  },
};

/** The failure that an end is, if it is one; `ordinary`: the results with which a peer may close and mean nothing by it. */
export function failureOf({ cause, resultCode }: CallEnd, ordinary: readonly number[]): FailureCause | undefined {
  if (cause === 'closed' || cause === 'idle' || cause === 'tunnel-down' || cause === 'tie-lost') return undefined;
  if (cause !== 'peer-closed') return cause;
  return ordinary.includes(resultCode) ? undefined : (REFUSALS.get(resultCode) ?? cause);
}

/** What a CDN of L2TPv3 says by its code alone (RFC 3931 §5.4.2, RFC 4667 §3.5). */
const REFUSALS: ReadonlyMap<number, FailureCause> = new Map([
  [14, 'pseudowire-type'],
  [23, 'pseudowire-mtu'],
  [24, 'unknown-vcid'],
]);

/** What the peer may know: never which of name and password was wrong. */
export function wireMessage(cause: FailureCause): string {
  if (cause === 'user-unknown' || cause === 'wrong-password' || cause === 'one-way-secret')
    return 'authentication failed';
  return cause.replaceAll('-', ' ');
}
