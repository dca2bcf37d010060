// Secrets in lines: none is printed by a report, whatever the line is or should have been; IOS's type 7 where it has one.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkConfiguration, checkModel, formatCheck } from '../../src/cli/check-report.ts';
import { formatRunningConfig } from '../../src/cli/running-config.ts';
import { redactError, redactLine } from '../../src/cli/secret-line.ts';
import { decodeType7 } from '../../src/crypto/type7.ts';
import { loaded } from './helpers.ts';

const C = 'canary17';
const LINES = [
  `username bob password 0 ${C}`,
  `username bob privilege 15 secret ${C}`,
  `username bob secret 5 $1$${C}`,
  `enable password ${C} and more`,
  `radius-server key ${C}`,
  `radius-server key 7 ${C}`,
  `radius-server host 192.0.2.1 auth-port 1812 acct-port 1813 key ${C}`,
  `tacacs-server host 192.0.2.1 single-connection key ${C}`,
  ` server-private 192.0.2.1 timeout 3 key 7 ${C}`,
  ` client 192.0.2.1 server-key ${C}`,
  ` server-key 7 ${C}`,
  ` key ${C}`,
  ` key-string 7 ${C}`,
  ` ppp chap password 0 ${C}`,
  ` ppp pap sent-username u password 7 ${C}`,
  ` l2tp tunnel password ${C}`,
  ` digest secret 0 ${C} hash md5`,
  `crypto isakmp key ${C} address 192.0.2.1`,
  `crypto isakmp key 6 ${C} hostname a`,
  ` pre-shared-key address 192.0.2.1 key ${C}`,
  ` pre-shared-key local ${C}`,
  `snmp-server community ${C} RO 10`,
  `snmp-server host 192.0.2.1 version 2c ${C}`,
  `snmp-server host 192.0.2.1 vesrion 2c ${C}`,
  `snmp-server user n G v3 auth sha ${C} priv aes 128 ${C}`,
  ` neighbor 192.0.2.1 password 7 ${C}`,
  ` ip ospf message-digest-key 1 md5 7 ${C}`,
  ` ip ospf authentication-key ${C}`,
  ` area 0 virtual-link 1.1.1.1 authentication-key ${C}`,
  ` standby 1 authentication ${C}`,
  ` standby 1 authentication md5 key-string ${C}`,
  ` wpa-psk ascii 0 ${C}`,
  ` area-password ${C}`,
  ` ip nhrp authentication ${C}`,
  `ntp authentication-key 1 md5 ${C}`,
  `key config-key password-encrypt ${C}`,
  ` enrollment url http://me:${C}@192.0.2.1/`,
  `radius-server ke ${C}`,
  `username bob pass ${C}`,
  `enable sec 0 ${C}`,
];

describe('C009, H rows: a line is shown without its secret', () => {
  for (const line of LINES) {
    test(line, () => {
      assert.doesNotMatch(redactLine(line), /canary/);
      assert.match(redactLine(line), /<removed>/);
    });
  }
});

describe('what is no secret stays', () => {
  for (const line of [
    'key chain EIGRP',
    'service password-encryption',
    'crypto isakmp policy 10',
    ' set community 64500:1 additive',
    ' description the secret garden',
    'ip community-list standard X permit 1:1',
    ' ip authentication key-chain eigrp 100 EIGRP',
    ' neighbor 192.0.2.1 send-community both',
    ' ppp authentication pap chap',
    'aaa authentication password-prompt Word:',
  ]) {
    test(line, () => assert.equal(redactLine(line), line));
  }
  test(' key 1 of a key chain', () => assert.equal(redactLine(' key 1', ['key chain A']), ' key 1'));
});

describe('a line in error gives its secret away as little', () => {
  for (const [line, column] of [
    [`username bob pasword 0 ${C}`, 16],
    [`username bob ${C}`, 13],
    [`enable sercet ${C}`, 9],
    [`crypto isakmp keys ${C} address 192.0.2.1`, 17],
    [`snmp-serve comunity ${C} RO`, 15],
    [` passwrd ${C}`, 6],
  ] as const) {
    test(line, () => {
      const { text, column: caret } = redactError(line, column, '% Invalid', []);
      assert.doesNotMatch(text, /canary/);
      assert.ok(caret <= text.length);
    });
  }
});

test('the message does not repeat what the line hides', () => {
  assert.equal(
    redactError(`password 7 ${C}`, 0, `% Invalid encrypted password: ${C}`).message,
    '% Invalid encrypted password: <removed>',
  );
});

test('the caret stays under its word when a secret before it is gone', () => {
  assert.deepEqual(redactError('crypto isakmp key s address 999', 28, 'x'), {
    text: 'crypto isakmp key <removed> address 999',
    column: 36,
    message: 'x',
  });
});

test('reports of vpdn check, its JSON too, have no secret of any line, right or wrong', () => {
  const report = checkConfiguration('f', LINES.join('\n'));
  assert.doesNotMatch([...formatCheck(report, true), ...formatCheck(report, false)].join('\n'), /canary/);
  assert.doesNotMatch(JSON.stringify(checkModel(report)), /canary/);
});

test('C009: service password-encryption turns the keys of inert lines into type 7, before and after it', () => {
  const text = `radius-server key ${C}
key chain A
 key 1
  key-string ${C}
router bgp 1
 neighbor 192.0.2.1 password ${C}
service password-encryption
radius-server host 192.0.2.9 key ${C}
ntp authentication-key 1 md5 ${C}
snmp-server community public RO
`;
  const lines = formatRunningConfig(loaded(text));
  assert.equal(lines.filter((line) => line.includes(C)).length, 0);
  const keys = lines.flatMap(
    (line) => /(?:key|key-string|password) 7 (\S+)$|md5 (\S+) 7$/.exec(line)?.slice(1).find(Boolean) ?? [],
  );
  assert.deepEqual(keys.map(decodeType7), [C, C, C, C, C]);
  // IOS has no type 7 of a community.
  assert.ok(lines.includes('snmp-server community public RO'));
  assert.deepEqual(formatRunningConfig(loaded(lines.join('\n'))), lines);
});
