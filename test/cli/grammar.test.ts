// Every configuration command: what it prints as, what `no` and `default` leave, and the ends of its ranges.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptedTunnelSettings } from '../../src/vpdn/defaults.ts';
import { errorsOf, loaded, messagesOf, printed } from './helpers.ts';

/** The mode, the line as typed, and how running-config says it; `-` for nothing at all. */
const ROWS: readonly (readonly [mode: string, typed: string, printed?: string])[] = [
  ['', 'hostname peer1'],
  ['', 'service timestamps log uptime'],
  ['', 'service timestamps debug datetime msec localtime show-timezone year'],
  ['', 'service timestamps log datetime year msec', 'service timestamps log datetime msec year'],
  ['', 'no service timestamps log'],
  ['', 'enable secret 5 $1$abcd$QvfTFvWQJjzMUXyQlZfnU0'],
  ['', 'enable password 0 two words'],
  ['', 'username peer2 password cisco', 'username peer2 password 0 cisco'],
  ['', 'username bob privilege 15 secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0'],
  ['', 'username Bob', 'username Bob'],
  ['', 'logging buffered 16384 informational'],
  ['', 'logging buffered', '-'],
  ['', 'no logging console'],
  ['', 'logging monitor 4', 'logging monitor warnings'],
  ['', 'no logging on'],
  ['', 'vpdn enable'],
  ['', 'vpdn softshut'],
  ['', 'vpdn session-limit 32767'],
  ['', 'vpdn source-ip 10.1.1.1'],
  ['', 'no vpdn history failure'],
  ['', 'vpdn history failure table-size 50'],
  ['', 'ip local pool mypool 10.1.1.1 10.1.1.10'],
  ['', 'ip local pool one 10.1.1.1 10.1.1.1', 'ip local pool one 10.1.1.1'],
  ['', 'ip local pool empty'],
  ['', 'ip route 10.10.10.0 255.255.255.0 virtual-PPP 1', 'ip route 10.10.10.0 255.255.255.0 Virtual-PPP1'],
  [
    '',
    'ip route 0.0.0.0 0.0.0.0 10.1.1.1 name lns permanent tag 7 200',
    'ip route 0.0.0.0 0.0.0.0 10.1.1.1 200 tag 7 name lns permanent',
  ],
  ['', 'ip route 10.0.0.0 255.0.0.0 vp1 10.9.9.9', 'ip route 10.0.0.0 255.0.0.0 Virtual-PPP1 10.9.9.9'],
  ['', 'platform interfaces ethernet 0/0 eth0', 'platform interfaces Ethernet0/0 eth0'],
  ['', 'ip cef'],
  ['', 'no ip cef'],
  ['', 'aaa new-model'],
  ['', 'interface lo0', 'interface Loopback0| no ip address'],
  ['l2tp-class c', 'authentication'],
  ['l2tp-class c', 'password 0 my secret'],
  ['l2tp-class c', 'password 7 0822455D0A16'],
  ['l2tp-class c', 'hostname abc.example.com'],
  ['l2tp-class c', 'hidden'],
  ['l2tp-class c', 'hello 0'],
  ['l2tp-class c', 'hello 1000'],
  ['l2tp-class c', 'no hello', 'hello 0'],
  ['l2tp-class c', 'receive-window 30'],
  ['l2tp-class c', 'retransmit initial retries 1000'],
  ['l2tp-class c', 'retransmit initial timeout min 3'],
  ['l2tp-class c', 'retransmit retries 10'],
  ['l2tp-class c', 'retransmit timeout max 7'],
  ['l2tp-class c', 'timeout setup 400'],
  ['l2tp-class c', 'digest secret 7 02050D4808095E731F hash SHA'],
  ['l2tp-class c', 'cookie size 4'],
  ['pseudowire-class p', 'encapsulation l2tpv2'],
  ['pseudowire-class p', 'protocol l2tpv2 l2tpclass1'],
  ['pseudowire-class p', 'protocol none'],
  ['pseudowire-class p', 'ip local interface ethernet0/0', 'ip local interface Ethernet0/0'],
  ['pseudowire-class p', 'ip pmtu'],
  ['pseudowire-class p', 'ip tos value 255'],
  ['pseudowire-class p', 'ip tos reflect'],
  ['pseudowire-class p', 'ip dfbit set'],
  ['pseudowire-class p', 'ip ttl 100'],
  ['pseudowire-class p', 'ip protocol uti'],
  ['pseudowire-class p', 'ip protocol 17', 'ip protocol udp'],
  ['pseudowire-class p', 'sequencing both'],
  ['vpdn-group g', 'description the first   one'],
  ['vpdn-group g', 'accept-dialin'],
  ['vpdn-group g', 'terminate-from hostname peer1'],
  ['vpdn-group g', 'local name cisco_pns'],
  ['vpdn-group g', 'source-ip 10.1.1.1'],
  ['vpdn-group g', 'session-limit 0'],
  ['vpdn-group g', 'l2tp tunnel password 0 cisco'],
  ['vpdn-group g', 'no l2tp tunnel authentication'],
  ['vpdn-group g', 'l2tp tunnel hello 1000'],
  ['vpdn-group g', 'l2tp tunnel receive-window 100'],
  ['vpdn-group g', 'l2tp tunnel retransmit retries 5'],
  ['vpdn-group g', 'l2tp tunnel retransmit timeout min 3'],
  ['vpdn-group g', 'l2tp tunnel timeout setup 60'],
  ['vpdn-group g', 'l2tp tunnel timeout no-session never'],
  ['vpdn-group g', 'l2tp tunnel timeout no-session 86400'],
  ['vpdn-group g', 'l2tp hidden'],
  ['vpdn-group g', 'l2tp sequencing'],
  ['vpdn-group g', 'lcp renegotiation always'],
  ['vpdn-group g', 'pptp tunnel echo 30'],
  ['interface Loopback1', 'ip address 10.0.0.1 255.255.255.255'],
  ['interface Virtual-PPP1', 'ip address negotiated'],
  ['interface Virtual-PPP1', 'ip unnumbered loopback 1', 'ip unnumbered Loopback1'],
  ['interface Virtual-PPP1', 'ip mtu 1460'],
  ['interface Virtual-PPP1', 'ip tcp adjust-mss 500'],
  ['interface Virtual-PPP1', 'no ip tcp adjust-mss'],
  ['interface Virtual-PPP1', 'no peer neighbor-route'],
  ['interface Virtual-PPP1', 'ppp ipcp route default'],
  ['interface Virtual-PPP1', 'ppp ipcp dns request'],
  ['interface Virtual-PPP1', 'pseudowire 10.1.1.1 4294967295 pw-class pw'],
  ['interface Virtual-PPP1', 'pseudowire 10.1.1.1 1 encapsulation l2tpv2 pw-class pw sequencing both'],
  ['interface Virtual-Template1', 'description to the right'],
  ['interface Virtual-Template1', 'bandwidth 100000'],
  ['interface Virtual-Template1', 'mtu 1400'],
  ['interface Virtual-Template1', 'peer default ip address 10.1.1.2'],
  ['interface Virtual-Template1', 'peer default ip address pool a b'],
  ['interface Virtual-Template1', 'peer default ip address pool'],
  ['interface Virtual-Template1', 'shutdown'],
  ['interface Virtual-Template1', 'no keepalive'],
  ['interface Virtual-Template1', 'keepalive 30 3'],
  ['interface Virtual-Template1', 'ppp authentication ms-chap-v2 chap pap VPN-AUTH'],
  [
    'interface Virtual-Template1',
    'ppp authentication pap chap optional callin default if-needed',
    'ppp authentication pap chap if-needed default callin optional',
  ],
  ['interface Virtual-Template1', 'ppp chap hostname peer2'],
  ['interface Virtual-Template1', 'ppp chap password 0 corbina'],
  ['interface Virtual-Template1', 'ppp chap refuse callin'],
  ['interface Virtual-Template1', 'ppp chap rechallenge 300'],
  ['interface Virtual-Template1', 'ppp pap sent-username cisco password 0 sisco'],
  ['interface Virtual-Template1', 'ppp pap refuse'],
  ['interface Virtual-Template1', 'ppp max-bad-auth 3'],
  ['interface Virtual-Template1', 'ppp max-configure 255'],
  ['interface Virtual-Template1', 'ppp timeout retry 3'],
  ['interface Virtual-Template1', 'ppp timeout ncp 65535'],
  ['interface Virtual-Template1', 'ppp timeout idle 42000'],
  ['interface Virtual-Template1', 'ppp ipcp dns 10.1.1.1 10.1.1.2'],
  ['interface Virtual-Template1', 'ppp ipcp wins 10.1.1.1'],
  ['interface Virtual-Template1', 'ppp acfc local request'],
  ['interface Virtual-Template1', 'ppp encrypt mppe 128 required stateful'],
  ['interface Virtual-Template1', 'encapsulation ppp', '-'],
  ['interface Ethernet0/0', 'duplex auto'],
  ['interface Ethernet0/0', 'no cdp enable'],
  ['line vty 0 4', 'session-timeout 5'],
  ['controller ISA 5/0', 'encryption mppe'],
];

describe('a command is printed as IOS prints it', () => {
  for (const [mode, typed, shown = typed] of ROWS) {
    test(`${mode}: ${typed}`, () => {
      assert.equal(linesOf(mode, [typed]).join('|'), shown === '-' ? '' : shown);
    });
  }
});

describe('no takes a command back, default as well', () => {
  for (const [mode, typed] of ROWS) {
    if (typed.startsWith('no ')) continue;
    // They say something even when they are off.
    const stays =
      typed.startsWith('service timestamps') ||
      typed.startsWith('logging') ||
      /^(hello|hostname [a-p]eer|ip tcp adjust-mss|keepalive|peer default)/.test(typed);
    if (!stays) {
      test(`${mode}: no ${typed}`, () => {
        const left = linesOf(mode, [typed, `no ${typed}`]);
        assert.deepEqual(
          left.filter((line) => line !== `no ${typed}`),
          [],
        );
      });
    }
    if (typed.startsWith('interface ')) continue; // it stays, as it was made
    test(`${mode}: default ${typed}`, () => assert.deepEqual(linesOf(mode, [typed, `default ${typed}`]), []));
  }
});

test('IOS: no hello sends none, default hello sends them every minute again', () => {
  assert.equal(loaded('l2tp-class c\nno hello').l2tpClasses.get('c')!.hello, 0);
  assert.equal(loaded('l2tp-class c\nno hello\ndefault hello').l2tpClasses.get('c')!.hello, undefined);
});

test('IOS: a vpdn-group authenticates tunnels unless told not to, an l2tp-class only if told to', () => {
  const configuration = loaded('vpdn-group g');
  const group = configuration.vpdnGroups.get('g')!;
  assert.equal(acceptedTunnelSettings(configuration, group, 'peer1').authentication, true);
  assert.equal(loaded('l2tp-class c').l2tpClasses.get('c')!.authentication, false);
});

test('no without its arguments takes back the whole setting', () => {
  const text =
    'interface Virtual-PPP1\n ip address negotiated\n no ip address\n pseudowire 10.1.1.1 1 pw-class p\n no pseudowire';
  const { address, pseudowire } = loaded(text).interfaces.get('Virtual-PPP1')!;
  assert.equal(address, undefined);
  assert.equal(pseudowire, undefined);
});

/** One below and one above what a command takes. */
const RANGES: readonly (readonly [mode: string, text: string, low: number, high: number])[] = [
  ['l2tp-class c', 'hello %', 0, 1000],
  ['l2tp-class c', 'receive-window %', 1, 8192],
  ['l2tp-class c', 'retransmit initial retries %', 1, 1000],
  ['l2tp-class c', 'retransmit retries %', 1, 1000],
  ['l2tp-class c', 'retransmit timeout max %', 1, 8],
  ['l2tp-class c', 'retransmit initial timeout max %', 1, 8],
  ['l2tp-class c', 'timeout setup %', 60, 6000],
  ['vpdn-group g', 'l2tp tunnel hello %', 0, 1000],
  ['vpdn-group g', 'l2tp tunnel retransmit retries %', 5, 1000],
  ['vpdn-group g', 'l2tp tunnel timeout setup %', 60, 6000],
  ['vpdn-group g', 'l2tp tunnel timeout no-session %', 0, 86400],
  ['vpdn-group g', 'session-limit %', 0, 32767],
  ['', 'vpdn session-limit %', 1, 32767],
  ['', 'vpdn history failure table-size %', 20, 50],
  ['', 'interface loopback %', 0, 2147483647],
  ['', 'interface virtual-ppp %', 1, 4294967295],
  ['', 'ip route 10.0.0.0 255.0.0.0 10.1.1.1 %', 1, 255],
  ['', 'ip route 10.0.0.0 255.0.0.0 10.1.1.1 tag %', 1, 4294967295],
  ['interface Virtual-PPP1', 'pseudowire 10.1.1.1 % pw-class p', 1, 4294967295],
  ['interface Virtual-PPP1', 'ip tcp adjust-mss %', 500, 1460],
  ['interface Virtual-PPP1', 'ip mtu %', 68, 1000000],
  ['interface Virtual-PPP1', 'keepalive %', 0, 32767],
  ['interface Virtual-PPP1', 'ppp max-failure %', 1, 255],
  ['pseudowire-class p', 'ip ttl %', 1, 255],
];

describe('a number is taken to the ends of its range and not beyond', () => {
  for (const [mode, text, low, high] of RANGES) {
    test(`${mode}: ${text} <${low}-${high}>`, () => {
      const take = (value: number) => errorsOf(`${mode}\n${text.replace('%', String(value))}`).length;
      assert.deepEqual([take(low), take(high)], [0, 0]);
      assert.deepEqual([low === 0 ? 1 : take(low - 1), take(high + 1)], [1, 1]);
    });
  }
});

/** The mode, the line, and what IOS says of it. */
const REFUSED: readonly (readonly [before: string, line: string, message: string])[] = [
  ['interface Loopback1', 'ip address 10.0.0.1 255.0.255.0', 'Bad mask 0xFF00FF00 for address 10.0.0.1'],
  ['interface Loopback1', 'ip address 10.0.0.1 0.0.0.0', 'Bad mask /0 for address 10.0.0.1'],
  ['interface Loopback1', 'ip address 10.0.0.0 255.255.255.0', 'Bad mask /24 for address 10.0.0.0'],
  ['interface Loopback1', 'ip address 224.0.0.1 255.255.255.0', 'Not a valid host address - 224.0.0.1'],
  ['interface Loopback1', 'ip unnumbered Loopback2', 'Point-to-point (non-multi-access) interfaces only'],
  [
    'interface Loopback1\nip address 10.1.1.1 255.255.255.0\ninterface Ethernet0/0',
    'ip address 10.1.1.2 255.255.0.0',
    '% 10.1.0.0 overlaps with Loopback1',
  ],
  ['', 'ip route 10.0.0.1 255.255.255.0 10.1.1.1', '%Inconsistent address and mask'],
  ['', 'ip route 10.0.0.0 255.0.255.0 10.1.1.1', '%Inconsistent address and mask'],
  [
    'ip local pool a 10.1.1.1 10.1.1.9',
    'ip local pool b 10.1.1.9 10.1.1.20',
    '%IP address range overlaps with pool: a',
  ],
  ['', 'ip local pool a 10.1.1.9 10.1.1.1', '%Bad IP address range'],
  [
    'pseudowire-class p\nencapsulation l2tpv2',
    'encapsulation l2tpv3',
    'Encapsulation changes not allowed on an existing pw-class',
  ],
  [
    'pseudowire-class p\nencapsulation l2tpv2',
    'protocol l2tpv3',
    '% The signaling protocol does not go with the encapsulation',
  ],
  [
    'interface vp1\npseudowire 10.1.1.1 5 pw-class p\ninterface vp2',
    'pseudowire 10.1.1.1 5 pw-class p',
    '% Peer/VCID pair already in use',
  ],
  [
    'pseudowire-class p\nencapsulation l2tpv3\ninterface vp2',
    'pseudowire 10.1.1.1 5 encapsulation l2tpv2 pw-class p',
    '% Encapsulation mismatch with pw-class',
  ],
  [
    'interface vp1\npseudowire 10.1.1.1 5 pw-class p\nexit\npseudowire-class p\nexit',
    'no pseudowire-class p',
    '% Pseudowire class p is in use',
  ],
  ['vpdn-group g\naccept-dialin', 'protocol l2f', '% L2F is not supported for client-initiated tunnels'],
  ['l2tp-class c', 'password 7 123', '% Invalid encrypted password: <removed>'],
  ['l2tp-class c', 'password 7 99AA', '% Invalid encrypted password: <removed>'],
  [
    'l2tp-class c\nretransmit timeout max 2',
    'retransmit timeout min 3',
    '% The minimum retransmit timeout cannot be larger than the maximum',
  ],
  [
    'username u secret 5 $1$abcd$QvfTFvWQJjzMUXyQlZfnU0',
    'username u password 0 x',
    'ERROR: Can not have both a user password and a user secret.\nPlease choose one or the other.',
  ],
  ['platform interfaces e0/0 eth0', 'platform interfaces e0/1 eth0', '% eth0 already stands behind Ethernet0/0'],
  ['', 'platform interfaces e0/0 a/b', '% a/b cannot be the name of a Linux device'],
];

describe('what makes no sense is refused in the words of IOS', () => {
  for (const [before, line, message] of REFUSED) {
    test(line, () => assert.deepEqual(messagesOf(`${before}\n${line}`), [message]));
  }
});

test('IOS: a pseudowire typed again replaces the first one', () => {
  const text = 'interface vp1\n pseudowire 10.1.1.1 1 pw-class p\n pseudowire 10.2.2.2 1 pw-class p';
  assert.equal(loaded(text).interfaces.get('Virtual-PPP1')!.pseudowire!.peer, '10.2.2.2');
});

test('IOS: several lines for one user add up', () => {
  const user = loaded('username bob privilege 3\nusername bob password 0 x').users.get('bob')!;
  assert.deepEqual(user, { name: 'bob', privilege: 3, password: { type: 0, text: 'x' } });
});

test('IOS: no ip route takes back all ways to a prefix, or the one that is named', () => {
  const two = 'ip route 10.0.0.0 255.0.0.0 10.1.1.1\nip route 10.0.0.0 255.0.0.0 10.1.1.2\n';
  assert.equal(loaded(`${two}no ip route 10.0.0.0 255.0.0.0`).routes.length, 0);
  assert.equal(loaded(`${two}no ip route 10.0.0.0 255.0.0.0 10.1.1.2`).routes[0]!.nextHop, '10.1.1.1');
});

test('IOS: no ip local pool takes back a range, or the pool', () => {
  const two = 'ip local pool p 10.1.1.1 10.1.1.9\nip local pool p 10.2.1.1\n';
  assert.deepEqual(loaded(`${two}no ip local pool p 10.2.1.1`).pools.get('p'), [{ low: '10.1.1.1', high: '10.1.1.9' }]);
  assert.equal(loaded(`${two}no ip local pool p`).pools.has('p'), false);
});

test('IOS: no accept-dialin takes the terminate-from with it', () => {
  const group = loaded('vpdn-group g\naccept-dialin\nterminate-from hostname x\nno accept-dialin').vpdnGroups.get('g')!;
  assert.equal(group.acceptDialin, undefined);
  assert.equal(group.terminateFrom, undefined);
});

test('platform interfaces: several pairs on a line, lines add up, no takes one away', () => {
  const text =
    'platform interfaces e0/0 eth0 FastEthernet 0/1 wan\nplatform interfaces gi1 g1\nno platform interfaces e0/0';
  assert.deepEqual(
    [...loaded(text).devices],
    [
      ['FastEthernet0/1', 'wan'],
      ['GigabitEthernet1', 'g1'],
    ],
  );
});

test('per kind of interface: what it cannot do, it does not know', () => {
  assert.deepEqual(errorsOf('interface Loopback1\n ppp authentication chap').length, 1);
  assert.deepEqual(errorsOf('interface Virtual-Template1\n pseudowire 10.1.1.1 1 pw-class p').length, 1);
  assert.deepEqual(errorsOf('interface Ethernet0/0\n peer default ip address pool').length, 1);
});

function linesOf(mode: string, typed: readonly string[]): string[] {
  const around = new Set([
    mode,
    ' no ip address',
    'no ip address',
    'interface Virtual-PPP1',
    'interface Virtual-Template1',
  ]);
  const lines = printed(loaded([mode, ...typed].join('\n')));
  if (mode === '') return lines.length > 1 ? [lines.join('|')] : lines;
  return lines.filter((line) => !around.has(line) && !/^ ! Default/.test(line)).map((line) => line.trimStart());
}
