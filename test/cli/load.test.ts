// Whole texts: the configurations of the guide, lines that fall through to outer modes, and texts that are no configuration.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatReport, loadConfiguration } from '../../src/cli/load.ts';
import { everyInert } from '../../src/vpdn/configuration-inert.ts';
import { errorsOf, loaded, messagesOf, warningsOf } from './helpers.ts';

const L2TP_CLIENT = `l2tp-class l2tpclass1
!
pseudowire-class pwclass1
 encapsulation l2tpv2
 protocol l2tpv2 l2tpclass1
 ip local interface ethernet0/0
!
interface virtual-ppp 1
 ip unnumbered loopback1
 ppp authentication chap
 ppp chap hostname peer1
 pseudowire 172.24.13.196 10 pw-class pwclass1
!
ip route 10.10.10.0 255.255.255.0 virtual-PPP 1
`;

const L2TP_SERVER = `vpdn-group l2tpgroup1
 accept-dialin
  protocol l2tp
  virtual-template 1
 terminate-from hostname peer1
!
interface virtual-template 1
 ip unnumbered loopback 1
 ppp authentication chap
 ppp chap hostname peer2
`;

const L2TPV3_SERVER = `l2tp-class l2tpclass2
!
pseudowire-class pwclass2
 encapsulation l2tpv3
 protocol l2tpv3 l2tpclass2
 ip local interface ethernet0/1
!
interface virtual-ppp 2
 ip unnumbered loopback 1
 ppp authentication chap
 ppp chap hostname peer2
 pseudowire 172.16.32.24 15 pw-class pwclass2
!
ip route 10.20.20.0 255.255.255.0 virtual-PPP 1
`;

const PPTP_SERVER = `vpdn-group pptp1
 accept-dialin
  protocol pptp
  virtual-template 1
 local name cisco_pns
!
interface virtual-template 1
 ip unnumbered FastEthernet 0/0
 peer default ip address pool mypool
 encapsulation ppp
 ppp authentication ms-chap
 ppp encrypt mppe auto
!
controller ISA 5/0
 encryption mppe
`;

test('the guide: the L2TP client of the guide loads as printed', () => {
  const { interfaces, pseudowireClasses, l2tpClasses, routes } = loaded(L2TP_CLIENT);
  assert.ok(l2tpClasses.has('l2tpclass1'));
  assert.deepEqual(pseudowireClasses.get('pwclass1'), {
    name: 'pwclass1',
    dontFragment: false,
    tosReflect: false,
    encapsulation: 'l2tpv2',
    protocol: 'l2tpv2',
    l2tpClass: 'l2tpclass1',
    localInterface: 'Ethernet0/0',
  });
  const { address, ppp, pseudowire } = interfaces.get('Virtual-PPP1')!;
  assert.deepEqual(address, { kind: 'unnumbered', from: 'Loopback1' });
  assert.deepEqual(ppp.authentication?.methods, ['chap']);
  assert.equal(ppp.chapHostname, 'peer1');
  assert.deepEqual(pseudowire, { peer: '172.24.13.196', vcid: 10, pseudowireClass: 'pwclass1' });
  assert.deepEqual(routes, [{ prefix: '10.10.10.0', prefixLength: 24, interface: 'Virtual-PPP1', permanent: false }]);
});

test('the guide: the L2TP server of the guide loads as printed, without its exits', () => {
  const { interfaces, vpdnGroups } = loaded(L2TP_SERVER);
  const group = vpdnGroups.get('l2tpgroup1')!;
  assert.deepEqual(group.acceptDialin, { protocol: 'l2tp', virtualTemplate: 1 });
  assert.equal(group.terminateFrom, 'peer1');
  assert.equal(interfaces.get('Virtual-Template1')!.ppp.chapHostname, 'peer2');
});

test('the guide: the L2TPv3 client of the guide has no syntax error', () => {
  assert.deepEqual(errorsOf(L2TP_CLIENT.replaceAll('l2tpv2', 'l2tpv3').replace(' 10 pw', ' 15 pw')), []);
});

test('the guide: the L2TPv3 server of the guide routes into an interface that is not there: a warning', () => {
  assert.deepEqual(errorsOf(L2TPV3_SERVER), []);
  assert.deepEqual(warningsOf(L2TPV3_SERVER), [
    '% Interface Virtual-PPP1 is not configured: the route stays inactive until it is',
  ]);
});

test('R-224: the PPTP server of the guide loads as printed, with every line honoured', () => {
  assert.deepEqual(errorsOf(PPTP_SERVER), []);
  assert.deepEqual(warningsOf(PPTP_SERVER), []);
  const { lines } = loadConfiguration(PPTP_SERVER);
  assert.deepEqual(new Set(lines.map(({ standing }) => standing.class)), new Set(['honoured']));
  assert.equal(lines.length, PPTP_SERVER.split('\n').filter((line) => /[a-z]/.test(line)).length);
});

test('the guide: a line the submode does not know is taken by the modes around it, and leaves the submode', () => {
  const text = 'vpdn-group g\n accept-dialin\n  protocol l2tp\n local name x\n protocol l2tp';
  assert.deepEqual(errorsOf(text), ['5:4 invalid']);
  assert.equal(loaded(text.replace(/\n[^\n]*$/, '')).vpdnGroups.get('g')!.localName, 'x');
});

test('IOS: a word the submode knows, cut too short or left alone, is not looked for outside', () => {
  assert.deepEqual(errorsOf('l2tp-class c\n h lns'), ['2:2 ambiguous']);
  assert.deepEqual(errorsOf('interface vp1\n pseudowire'), ['2:11 incomplete']);
});

test('IOS: exit goes up one mode, end goes out of them all', () => {
  assert.deepEqual(errorsOf('vpdn-group g\naccept-dialin\nexit\nlocal name x\nexit\nlocal name y'), ['6:2 invalid']);
  assert.deepEqual(errorsOf('vpdn-group g\naccept-dialin\nend\nvirtual-template 1'), ['4:18 incomplete']);
});

test('the guide: comments, empty lines, indentation, tabs, blanks and cases do not matter', () => {
  const text =
    '\uFEFF! comment\r\n\r\n  ! another\r\n\tINTERFACE\tVirtual-ppp   1 \r\n\t\tPPP  Authentication CHAP\r\n';
  assert.deepEqual(loaded(text).interfaces.get('Virtual-PPP1')!.ppp.authentication!.methods, ['chap']);
});

test('the guide: all spellings of an interface are one interface', () => {
  const text = ['virtual-PPP 1', 'Virtual-PPP1', 'virtual-ppp 1', 'vp1', 'Virtual-P 1'].map(
    (name) => `interface ${name}`,
  );
  assert.deepEqual([...loaded(text.join('\n')).interfaces.keys()], ['Virtual-PPP1']);
});

test('IOS: a ! behind a command is no comment', () => {
  assert.deepEqual(errorsOf('vpdn enable ! on'), ['1:12 invalid']);
});

test('IOS: a password goes to the end of the line, its blanks with it', () => {
  assert.equal(loaded('username u password 0 a  b c').users.get('u')!.password!.text, 'a  b c');
});

test('every error of a text is told, each with its line and caret', () => {
  const text = 'vpdn enable\nvpdn bogus\ninterface\nip address 10.0.0.1 255.0.0.0\nhostname';
  assert.deepEqual(errorsOf(text), ['2:5 invalid', '3:9 incomplete', '4:11 invalid', '5:8 incomplete']);
});

test('a report shows the line, the caret under the place, and what is wrong', () => {
  const [error] = loadConfiguration('!\nvpdn bogus').errors;
  assert.deepEqual(formatReport(error!), [
    'line 2: vpdn bogus',
    '             ^',
    "% Invalid input detected at '^' marker.",
    '',
  ]);
});

test('an error in a line of an outer mode points into that line, not at its first word', () => {
  assert.deepEqual(errorsOf('interface vp1\nip route 10.0.0.0 255.0.0.0 quark'), ['2:28 invalid']);
});

test('a line at the margin that the block above takes for its own is warned of', () => {
  assert.deepEqual(warningsOf('l2tp-class c\n authentication\nhostname peer1'), [
    '% Taken as a line of "l2tp-class c": put "exit" before it if the global command is meant',
  ]);
});

test('a banner goes on until its delimiter comes again', () => {
  const { banners } = loaded('banner motd ^C\nhello\n  vpdn bogus\n^C\nvpdn enable');
  assert.equal(banners.get('motd'), '\nhello\n  vpdn bogus\n');
  assert.deepEqual(errorsOf('banner motd #\nvpdn enable'), ['1:0 incomplete']);
});

describe('characters that no line may hold are named, with their column', () => {
  const rows: [string, string][] = [
    ['NUL', 'hostname a\0b'],
    ['escape', 'hostname a\x1b[2J'],
    ['C1 control', 'hostname a\u009bJ'],
    ['zero-width space', 'hostname a\u200b'],
    ['right-to-left override', 'hostname a\u202e'],
    ['no-break space', 'hostname\u00a0a'],
    ['broken UTF-8', 'hostname a\ufffd'],
  ];
  for (const [name, text] of rows) {
    test(name, () => {
      assert.match(
        messagesOf(text)[0]!,
        /^% (Control character|Invisible character|Character that is not UTF-8) \(U\+/,
      );
      assert.equal(loadConfiguration(text).errors[0]!.column, text.search(/[^ -~]/));
    });
  }
});

test('octets that are not UTF-8 are an error with a line', () => {
  const { errors } = loadConfiguration(Uint8Array.from([0x21, 0x0a, 0x68, 0x6f, 0x73, 0xff, 0x0a]));
  assert.deepEqual([errors[0]!.line, errors[0]!.column, errors[0]!.code], [2, 3, 'not-utf8']);
});

test('an overlong line is an error, not a hang', () => {
  assert.deepEqual(errorsOf(`hostname ${'a'.repeat(5000)}`), ['1:4096 line-too-long']);
});

test('EXEC commands have no place in a file', () => {
  assert.deepEqual(errorsOf('do show vpdn'), ['1:0 exec']);
});

test('lines of a metal router load, each kept with the reason why it does nothing', () => {
  const text = `version 15.2
service tcp-keepalives-in
boot-start-marker
boot-end-marker
no aaa new-model
memory-size iomem 5
ip cef
no ip domain lookup
multilink bundle-name authenticated
interface FastEthernet0/0
 duplex auto
 speed auto
 no cdp enable
ip forward-protocol nd
no ip http server
control-plane
line con 0
 exec-timeout 0 0
 logging synchronous
line vty 0 4
 login
end`;
  const inert = [...everyInert(loaded(text).inert)];
  assert.deepEqual(
    inert.filter(({ standing }) => standing.why === ''),
    [],
  );
  assert.equal(inert.length, 15);
  assert.deepEqual(inert.find(({ text }) => text === 'duplex auto')!.under, ['interface FastEthernet0/0']);
});

test('a feature that would protect something is taken and named, never swallowed', () => {
  for (const line of [
    'access-list 101 deny ip any any',
    'crypto map x 1 ipsec-isakmp',
    'ip nat inside source list 1 interface e0/0 overload',
  ]) {
    const { lines, errors } = loadConfiguration(line);
    assert.deepEqual(errors, []);
    assert.equal(lines[0]!.standing.class, 'not-supported', line);
  }
});

test('no text makes the loader throw', () => {
  const words = fc.constantFrom(
    ...[
      'interface',
      'virtual-ppp',
      '1',
      'no',
      'default',
      'ip',
      'address',
      '10.0.0.1',
      '255.0.0.0',
      'vpdn-group',
      'g',
      'accept-dialin',
    ],
    ...[
      'exit',
      'end',
      '!',
      'password',
      '7',
      'ppp',
      'authentication',
      'chap',
      'pseudowire',
      'banner',
      'motd',
      '^',
      '?',
      '|',
      'do',
      'line',
    ],
    ...[
      'l2tp',
      'tunnel',
      'retransmit',
      'timeout',
      'min',
      '8',
      'username',
      'ip route',
      'platform interfaces',
      'eth0',
      'logging',
    ],
  );
  const line = fc.oneof(
    fc.array(words, { maxLength: 7 }).map((each) => each.join(' ')),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const { errors } = loadConfiguration(lines.join('\n'));
      for (const { line, column, text } of errors) assert.ok(line >= 1 && column >= 0 && column <= text.length + 4096);
    }),
    { numRuns: 300 },
  );
});

test('ten thousand lines load in a moment', () => {
  const lines = Array.from({ length: 10_000 }, (_, index) => `username user${index} password 0 secret${index}`);
  assert.equal(loaded(lines.join('\n')).users.size, 10_000);
});

test('an error names what could have stood at its caret, unless that would fill a page', () => {
  const expected = (text: string) => loadConfiguration(text).errors.map((error) => error.expected);
  assert.deepEqual(expected('vpdn enabel'), [['enable']]);
  assert.deepEqual(expected('interface virtual-ppp 1\n ip mtu 7'), [['<68-1000000>']]);
  assert.deepEqual(expected('vpdn-group a\n terminate-from host'), [['WORD']]);
  assert.deepEqual(expected('_zebra'), [[]]);
});

test('a report prints the line, the caret, what is wrong and what was expected', () => {
  const [error] = loadConfiguration('vpdn enabel').errors;
  assert.deepEqual(formatReport(error!), [
    'line 1: vpdn enabel',
    '                 ^',
    "% Invalid input detected at '^' marker.",
    'expected: enable',
    '',
  ]);
});
