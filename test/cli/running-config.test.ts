// Running-config: the layout of IOS, and the law that reading it back gives the same model.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatInterface, formatRunningConfig, withHeader } from '../../src/cli/running-config.ts';
import type { Configuration } from '../../src/vpdn/configuration.ts';
import { everyInert, type InertLine } from '../../src/vpdn/configuration-inert.ts';
import { configurationText } from './configuration-text.ts';
import { loaded } from './helpers.ts';

test('IOS: sections come in the order of IOS, closed by one ! each', () => {
  const text = `ip route 0.0.0.0 0.0.0.0 10.9.9.9
interface vp1
 pseudowire 10.1.1.2 1 pw-class p
interface vt1
interface e0/0
 ip address 10.1.1.1 255.255.255.0
interface lo1
 ip address 10.20.20.1 255.255.255.255
ip local pool a 10.2.0.1 10.2.0.9
pseudowire-class p
 encapsulation l2tpv2
exit
username peer2 password 0 s3cret
l2tp-class c
 authentication
vpdn-group g
 terminate-from hostname x
 accept-dialin
  virtual-template 1
  protocol l2tp
vpdn enable
hostname peer1
platform interfaces e0/0 eth0
ip cef
`;
  assert.deepEqual(formatRunningConfig(loaded(text)), [
    '!',
    'version 12.4',
    'service timestamps debug datetime msec',
    'service timestamps log datetime msec',
    'no service password-encryption',
    '!',
    'hostname peer1',
    '!',
    'ip cef',
    'platform interfaces Ethernet0/0 eth0',
    '!',
    'vpdn enable',
    'vpdn-group g',
    ' accept-dialin',
    '  protocol l2tp',
    '  virtual-template 1',
    ' terminate-from hostname x',
    '!',
    'l2tp-class c',
    ' authentication',
    '!',
    'username peer2 password 0 s3cret',
    '!',
    'pseudowire-class p',
    ' encapsulation l2tpv2',
    '!',
    'interface Loopback1',
    ' ip address 10.20.20.1 255.255.255.255',
    '!',
    'interface Ethernet0/0',
    ' ip address 10.1.1.1 255.255.255.0',
    '!',
    'interface Virtual-Template1',
    ' no ip address',
    '!',
    'interface Virtual-PPP1',
    ' no ip address',
    ' pseudowire 10.1.1.2 1 pw-class p',
    '!',
    'ip local pool a 10.2.0.1 10.2.0.9',
    'ip route 0.0.0.0 0.0.0.0 10.9.9.9',
    '!',
    'end',
  ]);
});

test('IOS: the group that serves whoever no other names says so', () => {
  const lines = formatRunningConfig(loaded('vpdn-group g\naccept-dialin\nprotocol l2tp'));
  assert.ok(lines.includes(' ! Default L2TP VPDN group'));
});

test('IOS: the header counts the octets of the text, its line ends included', () => {
  const lines = formatRunningConfig(loaded(''));
  const octets = `${lines.join('\n')}\n`.length;
  assert.deepEqual(withHeader(lines).slice(0, 4), [
    'Building configuration...',
    '',
    `Current configuration : ${octets} bytes`,
    '!',
  ]);
});

test('show running-config interface prints one block', () => {
  const configuration = loaded('interface vp1\n ip unnumbered lo1\n mtu 1400');
  assert.deepEqual(formatInterface(configuration, 'Virtual-PPP1'), [
    '!',
    'interface Virtual-PPP1',
    ' mtu 1400',
    ' ip unnumbered Loopback1',
    'end',
  ]);
  assert.equal(formatInterface(configuration, 'Virtual-PPP2'), undefined);
});

test('IOS: service password-encryption turns every clear password into type 7, at once and for later ones', () => {
  const text = `username a password 0 cisco
l2tp-class c
 password 0 cisco
vpdn-group g
 l2tp tunnel password 0 cisco
interface vp1
 ppp chap password 0 cisco
 ppp pap sent-username u password 0 cisco
enable password 0 cisco
service password-encryption
username b password 0 cisco
`;
  const lines = formatRunningConfig(loaded(text));
  assert.deepEqual(
    lines.filter((line) => line.includes('cisco')),
    [],
  );
  assert.equal(lines.filter((line) => line.includes('password 7 ')).length, 7);
});

test('IOS: a type 7 password is kept as it was typed, and no encryption does not turn it back', () => {
  const { users } = loaded(
    'service password-encryption\nusername a password 7 0822455D0A16\nno service password-encryption',
  );
  assert.deepEqual(users.get('a')!.password, { type: 7, text: '0822455D0A16' });
});

test('what is printed reads back as the same model, and prints the same again', () => {
  fc.assert(
    fc.property(configurationText(), (text) => {
      const first = loaded(text);
      const lines = formatRunningConfig(first);
      const second = loaded(lines.join('\n'));
      assert.deepEqual(formatRunningConfig(second), lines);
      assert.deepEqual(comparable(second), comparable(first));
    }),
    { numRuns: 200 },
  );
});

/** Inert lines move to where running-config has them; what is undefined is not there. */
function comparable(configuration: Configuration): unknown {
  const key = (each: InertLine) => JSON.stringify([each.under, each.text]);
  const inert = [...everyInert(configuration.inert)].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const plain = (_: string, value: unknown) => (value instanceof Map ? [...value].sort() : value);
  return JSON.parse(JSON.stringify({ ...configuration, inert }, plain));
}
