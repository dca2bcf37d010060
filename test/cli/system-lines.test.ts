// The lines about the router itself: users, levels, terminal lines, SSH, access lists, banners, logging (C006-C013).

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { loadConfiguration } from '../../src/cli/load.ts';
import { permits } from '../../src/vpdn/access-list.ts';
import { isPublicKey } from '../../src/vpdn/ssh-key.ts';
import { loaded, messagesOf, printed, warningsOf } from './helpers.ts';

const HASH = '$1$mERr$hx5rVt7rPNoS4wqbXKX7m0';

/** Printed as they are typed. */
const AS_TYPED: readonly (readonly string[])[] = [
  ['username a privilege 7 access-class 10 user-maxlinks 2 one-time noescape nohangup password 0 x'],
  ['username a nopassword'],
  ['username a privilege 15', 'username a autocommand show users'],
  [`enable secret level 7 5 ${HASH}`, `enable secret 5 ${HASH}`],
  ['enable password level 1 0 x', 'enable password 0 y'],
  ['service sequence-numbers'],
  ['logging userinfo'],
  ['alias exec sib show ip interface brief', 'alias exec sv show vpdn'],
  [
    'logging trap warnings',
    'logging facility local3',
    'logging source-interface Loopback1',
    'logging origin-id hostname',
  ],
  ['logging host 192.0.2.1', 'logging host 192.0.2.2'],
  [
    'logging origin-id string rack 7',
    'logging host ipv6 2001:db8::1',
    'logging host 192.0.2.1 transport udp port 5514',
    'logging host 192.0.2.1 transport tcp',
    'logging host logs.example.net transport tcp port 6514',
  ],
  ['logging trap debugging'],
  ['no logging trap'],
  ['ip domain name example.net'],
  ['ip ssh time-out 60', 'ip ssh authentication-retries 2', 'ip ssh version 2', 'ip ssh port 2222'],
  ['line con 0', ' exec-timeout 0 0', ' privilege level 15', ' password 0 two words', ' logging synchronous', ' login'],
  ['line con 0', ' absolute-timeout 90', ' logout-warning 30'],
  ['line con 0', ' length 0', ' width 132', ' history size 50'],
  ['line vty 0 4', ' access-class 10 in', ' login local', ' transport input ssh'],
  ['line vty 0 1', ' login local', 'line vty 2 4'],
  ['line vty 0 4', ' login local', 'line vty 5 15', ' no login', ' transport input none'],
  ['line vty 0 4', ' session-timeout 5', ' login authentication LIST', ' transport input ssh telnet'],
  ['line con 0', ' stopbits 1', 'line aux 0', ' no exec', 'line 1 16', ' modem InOut'],
  ['access-list 10 permit 192.0.2.0 0.0.0.255', 'access-list 10 remark the office', 'access-list 10 deny any log'],
  ['ip access-list standard ADMINS', ' 10 permit 192.0.2.1', ' 20 remark the rest', ' 30 deny any'],
];

describe('lines are printed as IOS prints them, and read back', () => {
  for (const lines of AS_TYPED) {
    test(lines.join(' | '), () => assert.deepEqual(printed(loaded(lines.join('\n'))), lines));
  }
});

describe('C008: users', () => {
  test('a secret and a password for one name are refused in the words of IOS', () => {
    const [message] = messagesOf(`username a secret 5 ${HASH}\nusername a password 0 x`);
    assert.equal(
      message,
      'ERROR: Can not have both a user password and a user secret.\nPlease choose one or the other.',
    );
  });
  for (const type of [5, 8, 9]) {
    test(`what is no hash of type ${type} is refused`, () => {
      assert.match(messagesOf(`username a secret ${type} cisco`)[0]!, /not a valid encrypted secret/);
      assert.match(messagesOf(`enable secret ${type} cisco`)[0]!, /do not specify type \d encryption/);
    });
  }
  test('nopassword takes the place of a password, and a password that of nopassword', () => {
    assert.deepEqual(printed(loaded('username a password 0 x\nusername a nopassword')), ['username a nopassword']);
    assert.deepEqual(printed(loaded('username a nopassword\nusername a password 0 x')), ['username a password 0 x']);
  });
  test('an option that is not kept to is told of as not supported', () => {
    const { lines } = loadConfiguration('username a one-time password 0 x\nusername b password 0 x');
    assert.deepEqual(
      lines.map(({ standing }) => standing.class),
      ['not-supported', 'honoured'],
    );
  });
});

test('C007: a password that is the same as the secret is warned of', () => {
  assert.match(warningsOf('enable secret cisco\nenable password cisco').join(), /same as your enable secret/);
});

describe('C012: lines', () => {
  test('what is set for a range is set for each of it', () => {
    const { vty } = loaded('line vty 0 4\n login local\nline vty 3 6\n length 0').lines;
    assert.deepEqual(
      vty.map(({ login, length }) => `${login?.kind} ${length}`),
      [...Array(3).fill('local undefined'), ...Array(2).fill('local 0'), ...Array(2).fill('undefined 0')],
    );
  });
  test('no line vty takes away what was added, the first five stay', () => {
    assert.equal(loaded('line vty 0 15\nno line vty 8 15').lines.vty.length, 8);
    assert.equal(loaded('no line vty 0 4').lines.vty.length, 5);
  });
  test('ten minutes are the default, and not printed', () => {
    assert.deepEqual(printed(loaded('line con 0\nexec-timeout 10\nline vty 0 4\nexec-timeout 10 0')), []);
    assert.deepEqual(printed(loaded('line con 0\nabsolute-timeout 0\nlogout-warning 0')), []);
  });
  test('service password-encryption turns the password of a line into type 7, and that of a level', () => {
    const lines = printed(
      loaded('line con 0\npassword cisco\nenable password level 3 cisco\nservice password-encryption'),
    );
    assert.equal(lines.filter((line) => / 7 [0-9A-F]+$/.test(line)).length, 2);
  });
  test('telnet is said not to be served', () => {
    const { lines } = loadConfiguration('line vty 0 4\n transport input telnet');
    assert.equal(lines[1]?.standing.class, 'not-supported');
  });
});

describe('public keys of users', () => {
  const BLOB = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIE9hdF9hX2tleV9mb3JfdGVzdHNfb25seV8wMDAwMDA=', 'base64');
  const text = BLOB.toString('base64');
  const chain = `ip ssh pubkey-chain\nusername bob\nkey-string\nssh-ed25519 ${text.slice(0, 40)}\n${text.slice(40)}\nexit\nusername eve\nkey-hash ssh-rsa ${'0a'.repeat(16)} eve@host\n`;
  test('a key comes in lines, as IOS wants it, or as a line of OpenSSH', () => {
    const { publicKeys } = loaded(chain).ssh;
    assert.deepEqual(publicKeys.get('bob'), [{ kind: 'key-string', text }]);
    assert.ok(isPublicKey(publicKeys.get('bob')![0]!, BLOB));
    assert.ok(!isPublicKey(publicKeys.get('bob')![0]!, BLOB.subarray(1)));
  });
  test('the hash of a key does as well', () => {
    const hash = createHash('md5').update(BLOB).digest('hex').toUpperCase();
    assert.ok(isPublicKey({ kind: 'key-hash', algorithm: 'ssh-rsa', hash }, BLOB));
    assert.ok(!isPublicKey({ kind: 'key-hash', algorithm: 'ssh-rsa', hash: '0'.repeat(32) }, BLOB));
  });
  test('they read back', () => {
    const lines = printed(loaded(chain));
    assert.deepEqual(printed(loaded(lines.join('\n'))), lines);
    assert.deepEqual(lines.slice(0, 3), ['ip ssh pubkey-chain', ' username bob', '  key-string']);
  });
  test('an empty key lets nobody in', () => {
    assert.ok(!isPublicKey({ kind: 'key-string', text: '' }, new Uint8Array(0)));
  });
  test('what is no base64 is refused', () => {
    assert.deepEqual(messagesOf('ip ssh pubkey-chain\nusername bob\nkey-string\na*b'), [
      '%SSH: Failed to decode the Key Value',
    ]);
  });
});

describe('standard access lists', () => {
  const list = (text: string) => loaded(text).accessLists.get('10');
  test('the first line that matches decides, and nobody else comes in', () => {
    const office = list('access-list 10 deny host 192.0.2.9\naccess-list 10 permit 192.0.2.77 0.0.0.255');
    assert.deepEqual(
      ['192.0.2.1', '192.0.2.9', '192.0.3.1', '::1'].map((address) => permits(office, address)),
      [true, false, false, false],
    );
  });
  test('one that is not there lets everybody in', () => assert.ok(permits(undefined, '192.0.2.1')));
  test('a named line goes by its number', () => {
    const text = 'ip access-list standard A\n10 permit any\n20 deny any\nno 10\n5 permit 192.0.2.1';
    assert.deepEqual(printed(loaded(text)), ['ip access-list standard A', ' 5 permit 192.0.2.1', ' 20 deny any']);
  });
});

describe('C011: banners', () => {
  test('read back, with what they hold', () => {
    const first = loaded('banner motd #\nAuthorised\n  users only\n#\nbanner exec $hi$');
    assert.equal(first.banners.get('motd'), '\nAuthorised\n  users only\n');
    assert.deepEqual(loaded(printed(first).join('\n')).banners, first.banners);
  });
  test('none any more', () => assert.deepEqual(printed(loaded('banner motd #x#\nno banner motd')), []));
});

test('C013: logging A.B.C.D is logging host', () => {
  assert.deepEqual(printed(loaded('logging 192.0.2.1\nno logging 192.0.2.2')), ['logging host 192.0.2.1']);
  assert.equal(loadConfiguration('logging 192.0.2.1').lines[0]?.standing.class, 'honoured');
});

test('C013: logging host: what is the default is not printed, and no takes away the one meant, or all of that server', () => {
  const all = [
    'logging host 192.0.2.1',
    'logging host 192.0.2.1 transport udp port 514',
    'logging host 192.0.2.1 transport tcp port 601',
    'logging host 192.0.2.1 transport udp port 5514',
    'logging host 2001:db8::1',
  ];
  const kept = [
    'logging host 192.0.2.1',
    'logging host 192.0.2.1 transport tcp',
    'logging host 192.0.2.1 transport udp port 5514',
    'logging host ipv6 2001:db8::1',
  ];
  const after = (...lines: string[]) => printed(loaded([...all, ...lines].join('\n')));
  assert.deepEqual(after(), kept);
  assert.deepEqual(after('no logging host 192.0.2.1 transport tcp'), kept.toSpliced(1, 1));
  assert.deepEqual(after('no logging host 192.0.2.1 transport udp port 5514'), kept.toSpliced(2, 1));
  assert.deepEqual(after('no logging host 192.0.2.1'), kept.slice(3));
  assert.deepEqual(after('no logging host'), []);
  assert.deepEqual(after('no logging host ipv6 2001:db8::1', 'no logging 192.0.2.1'), []);
  assert.equal(messagesOf('logging host ipv6 192.0.2.1').length, 1);
  assert.equal(messagesOf('logging host 192.0.2.1 transport udp port 0').length, 1);
  assert.deepEqual(printed(loaded('logging trap 6\nlogging facility local7')), []);
});

test('C006: a name with illegal characters is complained of and taken', () => {
  for (const name of ['9router', 'my_router', 'router-']) {
    assert.deepEqual(warningsOf(`hostname ${name}`), ['% Hostname contains one or more illegal characters.']);
    assert.equal(loaded(`hostname ${name}`).hostname, name);
  }
  assert.equal(messagesOf(`hostname ${'a'.repeat(64)}`).length, 1);
});
