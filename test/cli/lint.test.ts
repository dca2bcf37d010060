// What `vpdn check` finds, by code, and that the guide's example completed is clean.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FINDINGS, type FindingCode } from '../../src/cli/lint/finding.ts';
import { lint } from '../../src/cli/lint.ts';
import { loaded } from './helpers.ts';

const codes = (text: string) => lint(loaded(text)).map(({ code }) => code);

const SSH = 'line vty 0 4\n login local\n transport input ssh\n';
const CLIENT = `hostname peer1
username peer2 password 0 s3cret
platform interfaces Ethernet0/0 eth0
l2tp-class l2tpclass1
 hostname peer1
 authentication
 password 0 a-long-tunnel-secret
pseudowire-class pwclass1
 encapsulation l2tpv2
 protocol l2tpv2 l2tpclass1
 ip local interface Ethernet0/0
interface Loopback1
 ip address 10.20.20.1 255.255.255.255
interface Ethernet0/0
 ip address 172.16.32.24 255.255.255.0
interface Virtual-PPP1
 ip unnumbered Loopback1
 ppp authentication chap
 ppp chap hostname peer1
 pseudowire 172.24.13.196 10 pw-class pwclass1
ip route 10.10.10.0 255.255.255.0 Virtual-PPP1
`;

const SERVER = `hostname peer2
username peer1 password 0 s3cret
vpdn enable
vpdn-group l2tpgroup1
 accept-dialin
  protocol l2tp
  virtual-template 1
 terminate-from hostname peer1
 l2tp tunnel password 0 a-long-tunnel-secret
interface Loopback1
 ip address 10.10.10.1 255.255.255.255
interface Virtual-Template1
 ip unnumbered Loopback1
 ppp authentication chap
 ppp chap hostname peer2
`;

/** The client of PPTP. */
const DIALER = `vpdn enable
vpdn-group office
 request-dialin
  protocol pptp
  rotary-group 0
 initiate-to ip 172.24.13.196
interface Dialer0
 ip address negotiated
 encapsulation ppp
 dialer in-band
 ppp encrypt mppe 128 required
 ppp chap hostname alice
 ppp chap password 0 a-long-secret
 ppp ms-chap refuse
ip route 10.10.10.0 255.255.255.0 Dialer0
`;

const TUNNEL_PASSWORD = ' l2tp tunnel password 0 a-long-tunnel-secret\n';
const SECOND_CLASS = `l2tp-class other
pseudowire-class pwclass2
 encapsulation l2tpv2
 protocol l2tpv2 other
 ip local interface Ethernet0/0
interface Virtual-PPP2
 ip unnumbered Loopback1
 pseudowire 172.24.13.196 11 pw-class pwclass2
`;

function group(name: string, ...lines: string[]): string {
  return `vpdn-group ${name}\naccept-dialin\n${lines.join('\n')}\nvirtual-template 1\n`;
}

/** The server with addresses from a pool. */
function pooled(low: string, high: string): string {
  const template = SERVER.replace(
    ' ppp chap hostname peer2',
    ' ppp chap hostname peer2\n peer default ip address pool p',
  );
  return `${template}ip local pool p ${low} ${high}\n`;
}

test('IOS: the examples of the guide made complete have nothing to find', () => {
  assert.deepEqual(codes(CLIENT), []);
  assert.deepEqual(codes(SERVER), []);
  assert.deepEqual(codes(DIALER), ['CFG-176']); // made complete, it is still PPTP
});

/** A configuration for each code that has it, and, beside it, what is changed about one that has not. */
const ROWS: readonly (readonly [code: FindingCode, text: string])[] = [
  ['CFG-101', SERVER.replace('vpdn enable\n', '')],
  ['CFG-102', `${SERVER}${group('a', 'protocol l2tp')}${group('b', 'protocol any')}`],
  ['CFG-103', SERVER.replace('  protocol l2tp\n', '')],
  ['CFG-105', SERVER.replace('  virtual-template 1', '  virtual-template 2')],
  ['CFG-106', SERVER.replace(TUNNEL_PASSWORD, '').replace('username peer1 password 0 s3cret\n', '')],
  ['CFG-107', `${SERVER.replace(TUNNEL_PASSWORD, ' l2tp hidden\n').replace('username peer1 password 0 s3cret\n', '')}`],
  ['CFG-108', `${SERVER}${group('a', 'protocol l2tp')} terminate-from hostname peer1\n`],
  ['CFG-109', SERVER.replace('hostname peer2', 'hostname peer1')],
  ['CFG-110', SERVER.replace(TUNNEL_PASSWORD, `${TUNNEL_PASSWORD} source vpdn-template absent\n`)],
  ['CFG-111', `${SERVER}vpdn-template spare\n`],
  ['CFG-112', SERVER.replace(TUNNEL_PASSWORD, `${TUNNEL_PASSWORD} session-limit 0\n`)],
  ['CFG-113', SERVER.replace(TUNNEL_PASSWORD, `${TUNNEL_PASSWORD} source-ip 192.0.2.99\n`)],
  ['CFG-114', `${SERVER}vpdn-group idle\n`],
  ['CFG-115', DIALER.replace(' initiate-to ip 172.24.13.196\n', '')],
  ['CFG-116', DIALER.replace('rotary-group 0', 'rotary-group 7')],
  [
    'CFG-117',
    `${DIALER}vpdn-group again\nrequest-dialin\nprotocol pptp\nrotary-group 0\nexit\ninitiate-to ip 192.0.2.1\n`,
  ],
  ['CFG-119', DIALER.replace('vpdn enable\n', '')],
  ['CFG-121', CLIENT.replace(' encapsulation l2tpv2\n', '').replace(' protocol l2tpv2 l2tpclass1\n', '')],
  ['CFG-123', CLIENT.replace('protocol l2tpv2 l2tpclass1', 'protocol l2tpv2 nothere')],
  ['CFG-124', CLIENT.replace(' ip local interface Ethernet0/0\n', '')],
  ['CFG-125', CLIENT.replace('ip local interface Ethernet0/0', 'ip local interface Loopback7')],
  [
    'CFG-126',
    CLIENT.replace(' password 0 a-long-tunnel-secret\n', '').replace('username peer2 password 0 s3cret\n', ''),
  ],
  ['CFG-127', `${CLIENT}l2tp-class spare\n`],
  ['CFG-128', CLIENT.replace(' encapsulation l2tpv2\n', ' encapsulation l2tpv2\n ip ttl 9\n')],
  ['CFG-131', `${SERVER}interface Ethernet0/0\n description nobody's\n`],
  ['CFG-132', SERVER.replace(' ip address 10.10.10.1 255.255.255.255\n', '')],
  ['CFG-133', SERVER.replace(' ppp chap hostname peer2', ' peer default ip address pool p')],
  ['CFG-134', `${SERVER}interface Virtual-Template9\n ip unnumbered Loopback1\n`],
  ['CFG-135', `${pooled('10.10.10.1', '10.10.10.9')}`],
  ['CFG-136', CLIENT.replace('platform interfaces Ethernet0/0 eth0\n', '')],
  ['CFG-137', pooled('10.1.1.1', '10.1.1.9').replace(TUNNEL_PASSWORD, `${TUNNEL_PASSWORD} session-limit 10\n`)],
  ['CFG-138', `${SERVER}ip local pool spare 10.1.1.1 10.1.1.9\n`],
  ['CFG-139', SERVER.replace(' ip unnumbered Loopback1', ' ip address 10.9.9.1 255.255.255.0')],
  ['CFG-142', CLIENT.replace('username peer2 password 0 s3cret\n', '')],
  ['CFG-143', `${SERVER}username y secret 5 $1$abcd$QvfTFvWQJjzMUXyQlZfnU0\n`],
  ['CFG-145', SERVER.replace(' ppp authentication chap', ' ppp encrypt mppe 128 required\n ppp authentication chap')],
  ['CFG-146', SERVER.replace(' ppp authentication chap\n', '')],
  ['CFG-148', SERVER.replace(' ppp authentication chap', ' ppp encrypt mppe 128\n ppp authentication chap pap')],
  ['CFG-151', CLIENT.replace(' ip unnumbered Loopback1\n', '')],
  ['CFG-152', CLIENT.replace(/ pseudowire 172.*\n/, '')],
  ['CFG-153', CLIENT.replace('pw-class pwclass1\n', 'pw-class other\n')],
  ['CFG-155', `${CLIENT}${SECOND_CLASS}`],
  ['CFG-156', DIALER.replace('protocol pptp', 'protocol l2tp')],
  ['CFG-157', DIALER.replace(/ ppp chap password .*\n/, '')],
  ['CFG-158', DIALER.replace(' ip address negotiated\n', '')],
  ['CFG-161', CLIENT.replace('255.255.255.0 Virtual-PPP1', '255.255.255.0 Virtual-PPP7')],
  ['CFG-162', CLIENT.replace('ip route 10.10.10.0 255.255.255.0', 'ip route 172.24.0.0 255.255.0.0')],
  ['CFG-170', DIALER.replace('mppe 128 required', 'mppe 128')],
  ['CFG-171', SERVER.replace('a-long-tunnel-secret', 'short')],
  ['CFG-172', SERVER.replace(TUNNEL_PASSWORD, ' no l2tp tunnel authentication\n')],
  ['CFG-173', SERVER.replace('ppp authentication chap', 'ppp authentication chap pap')],
  ['CFG-174', SERVER.replace('ppp authentication chap', 'ppp authentication ms-chap')],
  ['CFG-175', SERVER.replace(' ppp authentication chap', ' ppp encrypt mppe 40\n ppp authentication ms-chap-v2')],
  ['CFG-176', SERVER.replace('protocol l2tp', 'protocol pptp')],
  ['CFG-177', SERVER.replace('password 0 s3cret', 'password 7 0822455D0A16')],
  ['CFG-178', `enable password clear\n${SERVER}`],
  ['CFG-179', CLIENT.replace(' authentication\n', ' authentication\n digest secret 0 another-long-secret hash md5\n')],
  ['CFG-180', DIALER.replace('mppe 128', 'mppe auto')],
  ['CFG-184', DIALER.replace(' ppp encrypt mppe 128 required\n', '')],
  ['CFG-181', `${SERVER}line vty 0 4\n login\n transport input ssh\n`],
  ['CFG-182', `${SSH}`],
  ['CFG-183', `username arm secret 0 s3cret\n${SSH} access-class 10 in\n`],
  ['CFG-195', SERVER.replace(' ppp chap hostname peer2', ' ip access-group 101 in\n ppp chap hostname peer2')],
];

test('a way in that works, and one that is not asked for, are no finding', () => {
  const found = (text: string) => codes(text).filter((code) => code.startsWith('CFG-18'));
  const user = 'username arm secret 0 s3cret\n';
  assert.deepEqual(found(`${user}${SSH}`), []);
  assert.deepEqual(found(`${user}access-list 10 permit 192.0.2.0 0.0.0.255\n${SSH} access-class 10 in\n`), []);
  assert.deepEqual(found(`username arm\nip ssh pubkey-chain\nusername arm\nkey-string\nAAAA\nexit\n${SSH}`), []);
  assert.deepEqual(found('line vty 0 4\n login\n transport input telnet\n'), []);
});

describe('a finding', () => {
  for (const [code, text] of ROWS) test(code, () => assert.ok(codes(text).includes(code), String(codes(text))));
});

test('every code has a configuration that shows it, but for the pair that the grammar refuses already', () => {
  const shown = new Set(ROWS.map(([code]) => code));
  assert.deepEqual(
    Object.keys(FINDINGS).filter((code) => !shown.has(code as FindingCode)),
    ['CFG-154'],
  );
});

test('every finding says what to do', () => {
  for (const [, text] of ROWS) {
    for (const { remedy, sentence } of lint(loaded(text)))
      assert.ok(remedy.length > 5 && sentence.length > 10, sentence);
  }
});

test('the worst stands first', () => {
  const severities = lint(loaded(SERVER.replace('vpdn enable\n', '').replace('a-long-tunnel-secret', 'short')));
  assert.deepEqual(
    severities.map(({ severity }) => severity),
    ['error', 'weak'],
  );
});

test('no finding prints a secret', () => {
  for (const [, text] of ROWS) {
    for (const { remedy, sentence } of lint(loaded(text)))
      assert.doesNotMatch(`${sentence}${remedy}`, /s3cret|a-long-/);
  }
});

test('a pseudowire to a peer of IPv6, from an interface that has none but such addresses, is as good as any', () => {
  const text = CLIENT.replace('172.24.13.196', '2001:db8::9')
    .replace(' ip address 172.16.32.24 255.255.255.0', ' ipv6 address 2001:db8::1/64')
    .replace('platform interfaces Ethernet0/0 eth0\n', '')
    .replace(' encapsulation l2tpv2\n protocol l2tpv2', ' encapsulation l2tpv3\n protocol l2tpv3');
  const found = codes(`${text}ip route 0.0.0.0 0.0.0.0 Virtual-PPP1\n`);
  assert.ok(!found.includes('CFG-125') && !found.includes('CFG-162'), found.join(' '));
});

test('a Dialer is found by its pool as well, and one of PPPoE is told that nothing serves it', () => {
  const pooled = DIALER.replace('rotary-group 0', 'pool-member 3').replace('dialer in-band', 'dialer pool 3');
  assert.deepEqual(codes(pooled), ['CFG-176']);
  const other = lint(loaded(pooled.replace('dialer pool 3', 'dialer pool 4')));
  assert.deepEqual(
    other.map(({ code }) => code),
    ['CFG-116', 'CFG-156', 'CFG-176'],
  );
  assert.match(other[1]!.sentence, /no vpdn-group dials for it, and PPPoE is not built/);
});

test('R-043: a client has keys for MPPE unless it refuses all that yields them', () => {
  const refusing = (...more: string[]) => codes(DIALER.replace(' ppp ms-chap refuse\n', `${more.join('\n')}\n`));
  assert.deepEqual(refusing('ppp ms-chap refuse', 'ppp ms-chap-v2 refuse'), ['CFG-176']);
  assert.deepEqual(refusing('ppp ms-chap refuse', 'ppp ms-chap-v2 refuse', 'ppp eap refuse'), ['CFG-145', 'CFG-176']);
});

test('a client that would answer MS-CHAP version 1 is told, and so is the route into its own tunnel', () => {
  assert.deepEqual(codes(DIALER.replace(' ppp ms-chap refuse\n', '')), ['CFG-176', 'CFG-174']);
  assert.deepEqual(codes(DIALER.replace('10.10.10.0 255.255.255.0', '0.0.0.0 0.0.0.0')), ['CFG-162', 'CFG-176']);
});

test('a server of PPTP without MPPE is told that its calls are in the clear, once', () => {
  const pptp = SERVER.replace('protocol l2tp', 'protocol pptp');
  assert.equal(codes(pptp).filter((code) => code === 'CFG-184').length, 1);
  const encrypted = pptp.replace('authentication chap', 'authentication ms-chap-v2\n ppp encrypt mppe 128 required');
  assert.ok(!codes(encrypted).includes('CFG-184'));
  assert.ok(!codes(SERVER).includes('CFG-184'));
});

test('what says that PPTP is weak says what to use instead, of a server and of a client', () => {
  for (const text of [DIALER, SERVER.replace('protocol l2tp', 'protocol pptp')]) {
    const weak = lint(loaded(text)).find(({ code }) => code === 'CFG-176')!;
    assert.match(weak.remedy, /L2TP inside IPsec or WireGuard/);
  }
});
