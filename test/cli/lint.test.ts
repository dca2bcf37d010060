// What `vpdn check` finds, by code, and that the guide's example completed is clean.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lint } from '../../src/cli/lint.ts';
import { loaded } from './helpers.ts';

const codes = (text: string) =>
  lint(loaded(text))
    .filter(({ severity }) => severity !== 'note')
    .map(({ code }) => code);

const CLIENT = `hostname peer1
username peer2 password 0 s3cret
platform interfaces Ethernet0/0 eth0
l2tp-class l2tpclass1
 hostname peer1
 authentication
 password 0 tunn3l
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
 l2tp tunnel password 0 tunn3l
interface Loopback1
 ip address 10.10.10.1 255.255.255.255
interface Virtual-Template1
 ip unnumbered Loopback1
 ppp authentication chap
 ppp chap hostname peer2
`;

test('IOS: the examples of the guide made complete have nothing to find', () => {
  assert.deepEqual(codes(CLIENT), []);
  assert.deepEqual(codes(SERVER), []);
});

describe('a finding', () => {
  const rows: [code: string, text: string][] = [
    ['CFG-101', SERVER.replace('vpdn enable\n', '')],
    [
      'CFG-102',
      `${SERVER}vpdn-group a\naccept-dialin\nprotocol l2tp\nvirtual-template 1\nvpdn-group b\naccept-dialin\nprotocol any\nvirtual-template 1`,
    ],
    ['CFG-103', SERVER.replace('  protocol l2tp\n', '')],
    ['CFG-104', SERVER.replace('protocol l2tp', 'protocol pptp')],
    ['CFG-105', SERVER.replace('  virtual-template 1', '  virtual-template 2')],
    [
      'CFG-106',
      SERVER.replace(' l2tp tunnel password 0 tunn3l\n', '').replace(
        'username peer1 password 0 s3cret',
        'username x secret 5 y',
      ),
    ],
    ['CFG-121', CLIENT.replace(' encapsulation l2tpv2\n', '')],
    ['CFG-122', CLIENT.replaceAll('l2tpv2', 'l2tpv3')],
    ['CFG-123', CLIENT.replace('protocol l2tpv2 l2tpclass1', 'protocol l2tpv2 nothere')],
    ['CFG-124', CLIENT.replace(' ip local interface Ethernet0/0\n', '')],
    ['CFG-125', CLIENT.replace('ip local interface Ethernet0/0', 'ip local interface Loopback7')],
    ['CFG-131', CLIENT.replace('platform interfaces Ethernet0/0 eth0\n', '')],
    ['CFG-132', SERVER.replace(' ip address 10.10.10.1 255.255.255.255\n', '')],
    ['CFG-133', SERVER.replace(' ppp chap hostname peer2', ' peer default ip address pool p')],
    ['CFG-141', SERVER.replace('ppp authentication chap', 'ppp authentication ms-chap')],
    ['CFG-142', CLIENT.replace('username peer2 password 0 s3cret\n', '')],
    ['CFG-143', `${SERVER}username y secret 5 z`],
    ['CFG-151', CLIENT.replace(' ip unnumbered Loopback1\n', '')],
    ['CFG-152', CLIENT.replace(/ pseudowire 172.*\n/, '')],
    ['CFG-153', CLIENT.replace('pw-class pwclass1', 'pw-class other')],
    ['CFG-161', CLIENT.replace('255.255.255.0 Virtual-PPP1', '255.255.255.0 Virtual-PPP7')],
  ];
  for (const [code, text] of rows) test(code, () => assert.ok(codes(text).includes(code), String(codes(text))));
});

test('every finding says what to do', () => {
  for (const { remedy, sentence } of lint(loaded(CLIENT.replaceAll('l2tpv2', 'l2tpv3')))) {
    assert.ok(remedy.length > 5 && sentence.length > 10);
  }
});
