// 1.6: a line of the global mode typed in any other is still that line: no mode takes it for one of its own, but for the few words
// that both have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE } from '../../src/cli/catalogue/catalogue.ts';
import { type Applied, applyLine, GLOBAL_MODES } from '../../src/cli/configure.ts';
import { emptyConfiguration } from '../../src/vpdn/configuration.ts';
import { ConfigError } from '../../src/wire/errors.ts';

const PLACES: readonly (readonly string[])[] = [
  ['l2tp-class one'],
  ['pseudowire-class one'],
  ['vpdn-group one'],
  ['vpdn-group one', 'accept-dialin'],
  ['vpdn-group one', 'request-dialin'],
  ['vpdn-template one'],
  ['interface Loopback1'],
  ['interface FastEthernet0/0'],
  ['interface Virtual-Template1'],
  ['interface Virtual-PPP1'],
  ['interface Dialer1'],
  ['interface Tunnel0'],
  ['interface Vlan1'],
  ['interface Serial0/0'],
  ['controller ISA 5/0'],
  ['line vty 0 4'],
  ['line con 0'],
  ['aaa group server radius ONE'],
  ['radius server ONE'],
  ['router bgp 65000'],
  ['ip access-list extended X'],
  ['class-map match-any X'],
  ['policy-map X'],
  ['crypto isakmp policy 1'],
  ['ip dhcp pool X'],
  ['ip vrf RED'],
  ['route-map X permit 10'],
  ['archive'],
];

/** Words that a mode has with a meaning of its own. */
const OWN =
  /^exit$|^(?:no |default )?hostname\b|^end$|^ip radius source-interface\b|^(?:no |default )?l2tp attribute\b/;

const FORMS = CATALOGUE.flatMap(({ mode, forms }) => {
  return forms.flatMap((form) => {
    const [, other, text] = /^([\w-]+): (.*)$/.exec(form) ?? ['', mode, form];
    return other === 'global' && !OWN.test(text!) ? [text!] : [];
  });
});

for (const place of PLACES) {
  test(`a global line below "${place.join(' / ')}" means what it means anywhere`, () => {
    const taken = FORMS.filter((form) => typed(form, place).fellThrough < place.length && !form.startsWith('do '));
    assert.deepEqual(taken, []);
  });

  test(`do works below "${place.join(' / ')}"`, () => {
    const { exec, modes } = typed('do show vpdn', place);
    assert.equal(exec, 'show vpdn');
    assert.equal(modes.length, place.length + 1);
  });
}

function typed(form: string, place: readonly string[]): Applied {
  const draft = emptyConfiguration();
  let modes = GLOBAL_MODES;
  for (const line of place) modes = taken(applyLine(draft, modes, line), line).modes;
  return taken(applyLine(draft, modes, form), form);
}

function taken(applied: Applied | ConfigError, line: string): Applied {
  assert.ok(!(applied instanceof ConfigError), `${line}: ${applied instanceof ConfigError ? applied.message : ''}`);
  return applied;
}
