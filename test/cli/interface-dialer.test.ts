// `interface Dialer`: the client of PPTP in the language of IOS (C071).

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadConfiguration } from '../../src/cli/load.ts';
import { errorsOf, loaded, printed, standingOf, warningsOf } from './helpers.ts';

describe('C071: interface Dialer, the client of PPTP', () => {
  const BLOCK = `interface Dialer1
 ip address negotiated
 ip mtu 1452
 ip nat outside
 encapsulation ppp
 dialer pool 1
 dialer in-band
 dialer idle-timeout 0
 dialer persistent
 dialer string 123
 dialer vpdn
 dialer remote-name office
 dialer-group 1
 no cdp enable
 ppp encrypt mppe 128 required
 ppp authentication chap callin
 ppp chap hostname a@b
 ppp ipcp dns request
 ppp ipcp route default
 shutdown`;

  test('it is made, takes the lines of PPP, and prints them again', () => {
    const { configuration, errors, lines } = loadConfiguration(BLOCK);
    assert.deepEqual(errors, []);
    assert.equal(configuration.interfaces.get('Dialer1')!.kind, 'Dialer');
    assert.equal(configuration.interfaces.get('Dialer1')!.dialerPool, 1);
    // PPP is built in, as on every interface that has it.
    const expected = BLOCK.split('\n').filter((line) => line !== ' encapsulation ppp');
    assert.deepEqual(new Set(printed(configuration)), new Set(expected));
    assert.deepEqual(
      printed(configuration).filter((line) => line.includes('dialer')),
      [
        ' dialer pool 1',
        ' dialer in-band',
        ' dialer idle-timeout 0',
        ' dialer remote-name office',
        ' dialer string 123',
        ' dialer vpdn',
        ' dialer persistent',
        ' dialer-group 1',
      ],
    );
    assert.equal(lines[0]!.standing.class, 'honoured');
    const idle = lines.flatMap(({ text, standing }) => (standing.class === 'without-effect' ? [text.trim()] : []));
    assert.deepEqual(idle, [
      ...['dialer in-band', 'dialer idle-timeout 0', 'dialer persistent', 'dialer string 123', 'dialer vpdn'],
      ...['dialer remote-name office', 'dialer-group 1', 'no cdp enable'],
    ]);
  });

  test('every line of demand-dial routing has its reason', () => {
    assert.match(standingOf('Dialer1', 'dialer in-band').why!, /no traffic dials/);
    assert.match(standingOf('Dialer1', 'dialer map ip 10.1.1.1 name a 5551234').why!, /initiate-to/);
    assert.match(standingOf('Dialer1', 'dialer load-threshold 1 either').why!, /no lines/);
    assert.equal(standingOf('Dialer1', 'dialer pool 255').class, 'honoured');
  });

  test('it is no pseudowire and no attachment circuit, and the lines of a dialer are of no other interface', () => {
    assert.equal(errorsOf('interface Dialer1\npseudowire 10.1.1.1 1 encapsulation l2tpv2').length, 1);
    assert.equal(errorsOf('interface Dialer1\nxconnect 10.1.1.1 1 encapsulation l2tpv3').length, 1);
    assert.equal(errorsOf('interface Dialer1\ndialer pool 256').length, 1);
    assert.equal(errorsOf('interface Dialer256').length, 1);
    assert.equal(errorsOf('interface vt1\nip address negotiated').length, 1);
    assert.equal(errorsOf('interface vt1\nppp ipcp route default').length, 1);
  });

  test('a route through it is a route, and an address may be lent by it', () => {
    const text =
      'interface Dialer0\nip address negotiated\ninterface vt1\nip unnumbered Dialer0\nip route 0.0.0.0 0.0.0.0 di0';
    assert.deepEqual(warningsOf(text), []);
    assert.equal(loaded(text).routes[0]!.interface, 'Dialer0');
  });
});
