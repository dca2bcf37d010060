// `interface` and what stands below it: kinds, names, modes, addresses, pseudowires, and the lines of metal routers.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applyLine, GLOBAL_MODES } from '../../src/cli/configure.ts';
import { loadConfiguration } from '../../src/cli/load.ts';
import { formatInterface } from '../../src/cli/running-config.ts';
import { emptyConfiguration } from '../../src/vpdn/configuration.ts';
import { everyInert } from '../../src/vpdn/configuration-inert.ts';
import { parseInterfaceName, shortInterfaceName } from '../../src/vpdn/interface-name.ts';
import { ConfigError } from '../../src/wire/errors.ts';
import { errorsOf, loaded, messagesOf, printed, standingOf, warningsOf } from './helpers.ts';

function promptAfter(...lines: readonly string[]): string {
  const configuration = emptyConfiguration();
  let modes = GLOBAL_MODES;
  for (const line of lines) {
    const applied = applyLine(configuration, modes, line);
    assert.ok(!(applied instanceof ConfigError), line);
    modes = applied.modes;
  }
  return modes.at(-1)!.mode.prompt;
}

describe('C020: names in any form become one, and tables have it short', () => {
  for (const [typed, name, short] of [
    ['lo1', 'Loopback1', 'Lo1'],
    ['e0/0', 'Ethernet0/0', 'Et0/0'],
    ['f 0/0', 'FastEthernet0/0', 'Fa0/0'],
    ['g0/1', 'GigabitEthernet0/1', 'Gi0/1'],
    ['te1/0/1', 'TenGigabitEthernet1/0/1', 'Te1/0/1'],
    ['FA0/0.10', 'FastEthernet0/0.10', 'Fa0/0.10'],
    ['vt 1', 'Virtual-Template1', 'Vt1'],
    ['virtual-ppp 1', 'Virtual-PPP1', 'Vp1'],
    ['vi3', 'Virtual-Access3', 'Vi3'],
    ['di1', 'Dialer1', 'Di1'],
    ['s0/0/0:15', 'Serial0/0/0:15', 'Se0/0/0:15'],
    ['tu0', 'Tunnel0', 'Tu0'],
    ['vl1', 'Vlan1', 'Vl1'],
    ['bvi1', 'BVI1', 'BV1'],
    ['po1', 'Port-channel1', 'Po1'],
    ['group-async 1', 'Group-Async1', 'Gr1'],
    ['atm0.1', 'ATM0.1', 'AT0.1'],
    ['nu0', 'Null0', 'Nu0'],
    ['async14', 'Async14', 'As14'],
  ] as const) {
    test(`${typed} is ${name}`, () => {
      assert.deepEqual([parseInterfaceName(typed)?.name, shortInterfaceName(name)], [name, short]);
    });
  }
});

test('C020: what has no such form is no interface', () => {
  for (const typed of ['lo1.5', 'fa', 'vlan1/2', 'fa0/0/0/0/0', 'fa0/', 'serial0/0.1.2', 'x1', 'v1']) {
    assert.equal(parseInterfaceName(typed), undefined, typed);
  }
  assert.deepEqual(errorsOf('interface Vlan4095'), ['1:14 invalid']);
  assert.deepEqual(errorsOf('interface Null1').length, 1);
  assert.deepEqual(errorsOf('interface Virtual-Template 0').length, 1);
});

test('C020: a subinterface has a prompt of its own, real or not', () => {
  assert.equal(promptAfter('interface fa0/0'), 'config-if');
  assert.equal(promptAfter('interface fa0/0.10'), 'config-subif');
  assert.equal(promptAfter('interface s0/0.1 point-to-point'), 'config-subif');
  assert.equal(promptAfter('interface Dialer1'), 'config-if');
});

test('C020: no interface takes a logical one away, with all its lines', () => {
  const text = 'interface lo1\n ip address 10.1.1.1 255.255.255.0\n no cdp enable\nno interface lo1\n';
  assert.deepEqual(printed(loaded(text)), []);
  assert.deepEqual(printed(loaded('interface Dialer1\n dialer pool 1\nno interface Dialer1')), []);
  assert.deepEqual(printed(loaded('interface fa0/0.10\n encapsulation dot1Q 10\nno interface fa0/0.10')), []);
  assert.deepEqual(errorsOf('no interface Loopback9'), []);
});

test('C020: no interface of a physical one or a Virtual-Access is refused, default takes back what was said', () => {
  const refusal = '% Removal of physical interfaces is not permitted';
  assert.deepEqual(messagesOf('interface fa0/0\nno interface fa0/0'), [refusal]);
  assert.deepEqual(messagesOf('no interface Virtual-Access3'), [
    '% Removal of Virtual-Access interfaces is not permitted',
  ]);
  assert.deepEqual(messagesOf('interface vi3'), ['% Virtual-Access interfaces are made by calls']);
  const mapped = 'platform interfaces fa0/0 eth0\ninterface fa0/0\n shutdown\n duplex auto\ndefault interface fa0/0';
  assert.deepEqual(printed(loaded(mapped)).slice(1), ['interface FastEthernet0/0', ' no ip address']);
  assert.deepEqual(printed(loaded('interface fa9/9\n shutdown\ndefault interface fa9/9')), []);
});

test('C020: interface range is refused with its reason', () => {
  assert.deepEqual(messagesOf('interface range fa0/1 - 4'), [
    '% Interface ranges are not supported: say `interface` for each',
  ]);
});

test('C097: a template that is no serial one is taken, printed again, and told of', () => {
  const { configuration, lines } = loadConfiguration('interface Virtual-Template2 type tunnel\n ip unnumbered lo1');
  assert.deepEqual(printed(configuration), ['interface Virtual-Template2 type tunnel', ' ip unnumbered Loopback1']);
  assert.equal(lines[0]!.standing.class, 'not-supported');
  assert.equal(loaded('interface vt1 type serial').interfaces.get('Virtual-Template1')!.templateType, undefined);
});

describe('interfaces that are not made: each line of a real block is taken and says so', () => {
  const blocks: Readonly<Record<string, readonly string[]>> = {
    'interface Tunnel0': [
      'ip address 10.9.9.1 255.255.255.252',
      'keepalive 10 3',
      'tunnel source Loopback0',
      'tunnel destination 192.0.2.1',
      'tunnel protection ipsec profile P',
    ],
    'interface Vlan10': ['ip address 10.1.1.1 255.255.255.0', 'ip helper-address 10.2.2.2', 'standby 1 ip 10.1.1.3'],
    'interface Serial0/0.1 point-to-point': ['frame-relay interface-dlci 100', 'no ip address'],
    'interface BVI1': ['ip address dhcp', 'ip access-group 101 in'],
    'interface Port-channel1': ['switchport mode trunk', 'no ip address'],
    'interface Group-Async1': ['async mode interactive', 'group-range 1 8', 'peer default ip address pool p'],
  };
  for (const [head, body] of Object.entries(blocks)) {
    test(head, () => {
      const { configuration, errors, lines } = loadConfiguration([head, ...body.map((each) => ` ${each}`)].join('\n'));
      assert.deepEqual(errors, []);
      assert.equal(lines[0]!.standing.class, 'not-supported');
      assert.deepEqual(new Set(printed(configuration).slice(1)), new Set(body.map((each) => ` ${each}`)));
      assert.equal(configuration.interfaces.size, 0);
      const name = head.split(' ')[1]!;
      assert.deepEqual(formatInterface(configuration, name)!.slice(1, 2), [head]);
    });
  }

  test('a circuit of an ATM interface has a block of its own', () => {
    const text =
      'interface ATM0\n no ip address\n pvc 8/35\n  encapsulation aal5mux ppp dialer\n  dialer pool-member 1\n';
    const shown = formatInterface(loaded(text), 'ATM0')!;
    assert.deepEqual(shown, [
      '!',
      'interface ATM0',
      ' no ip address',
      ' pvc 8/35',
      '  encapsulation aal5mux ppp dialer',
      '  dialer pool-member 1',
      ' !',
      'end',
    ]);
  });

  test('Null0 is there for routes, and its lines are no loss', () => {
    assert.equal(standingOf('Null0', 'no ip unreachables').class, 'without-effect');
    assert.deepEqual(warningsOf('ip route 10.0.0.0 255.0.0.0 Null0'), []);
  });

  test('a global line behind such a block is the global line', () => {
    const { interfaces, routes, inert } = loaded(
      'interface Tunnel1\n tunnel key 1\n!\nip route 0.0.0.0 0.0.0.0 Tunnel1\n',
    );
    assert.deepEqual([interfaces.size, routes.length, [...everyInert(inert)].length], [0, 1, 2]);
  });
});

describe('lines of metal routers are taken on real interfaces, each with what it comes to', () => {
  const WITHOUT = ['duplex auto', 'speed 100', 'no cdp enable', 'no ip proxy-arp', 'load-interval 30', 'no keepalive'];
  for (const line of WITHOUT) {
    test(line, () => assert.equal(standingOf('FastEthernet0/0', line).class, 'without-effect'));
  }
  const LOSSES: readonly (readonly [line: string, why: RegExp])[] = [
    ['ip access-group 101 in', /packets pass unfiltered: .* nftables/],
    ['ip verify unicast reverse-path', /unfiltered/],
    ['ip inspect FW in', /unfiltered/],
    ['zone-member security OUTSIDE', /unfiltered/],
    ['ip nat outside', /not translated/],
    ['crypto map VPN', /packets leave in clear/],
    ['service-policy output SHAPE', /use tc /],
    ['ip ospf cost 10', /FRR/],
    ['standby 1 ip 10.1.1.3', /keepalived/],
    ['bridge-group 1', /bridge/],
    ['switchport access vlan 5', /bridge/],
    ['ip vrf forwarding RED', /one routing table/],
    ['ip helper-address 10.1.1.9', /DHCP/],
    ['ip flow ingress', /flow records/],
    ['mpls ip', /label switching/],
    ['ipv6 address 2001:DB8::1/64 eui-64', /IPv6/],
    ['ip address dhcp', /DHCP/],
  ];
  for (const [line, why] of LOSSES) {
    test(line, () => {
      const standing = standingOf('FastEthernet0/0', line);
      assert.equal(standing.class, 'not-supported');
      assert.match(standing.why!, why);
    });
  }

  test('encapsulation dot1Q of a subinterface counts with an xconnect, of one VLAN with one tag', () => {
    const joined = 'xconnect 192.0.2.2 10 encapsulation l2tpv3 pw-class p';
    assert.equal(standingOf('FastEthernet0/0.10', 'encapsulation dot1Q 10', joined).class, 'honoured');
    assert.equal(standingOf('FastEthernet0/0.10', 'encapsulation dot1Q 10').class, 'not-supported');
    for (const line of ['encapsulation dot1Q 10 native', 'encapsulation dot1Q 10 second-dot1q 20']) {
      assert.match(standingOf('FastEthernet0/0.10', line, joined).why!, /one tag, and not the native one/);
    }
  });

  test('one VLAN of a port is one subinterface', () => {
    const text = 'interface fa0/0.10\n encapsulation dot1Q 10\ninterface fa0/0.11\n encapsulation dot1Q 10\n';
    assert.match(messagesOf(text).join(), /VID is already configured on FastEthernet0\/0\.10/);
    assert.deepEqual(errorsOf(text.replace('0/0.11', '0/1.11')), []);
    assert.deepEqual(errorsOf(`${text.slice(0, -3)}11\n encapsulation dot1Q 12\n`), []);
  });

  test('encapsulation dot1Q is for subinterfaces, and makes no VLAN device', () => {
    assert.match(standingOf('FastEthernet0/0.10', 'encapsulation dot1Q 10 native').why!, /ip-link/);
    assert.equal(errorsOf('interface fa0/0\n encapsulation dot1Q 10').length, 1);
    assert.equal(errorsOf('interface fa0/0.1\n encapsulation dot1Q 4095').length, 1);
  });

  test('what begins like an interface line but goes on like a global one is the global one', () => {
    const text = 'interface fa0/0\n ip nat inside\nip local pool p 10.1.1.1\nip route 10.0.0.0 255.0.0.0 10.1.1.9\n';
    const configuration = loaded(text);
    assert.deepEqual([configuration.pools.size, configuration.routes.length], [1, 1]);
  });
});

describe('C100: addresses', () => {
  test('secondary ones stand beside the primary, and come and go by themselves', () => {
    const text = `interface lo1
 ip address 10.1.1.1 255.255.255.0
 ip address 10.2.2.1 255.255.255.0 secondary
 ip address 10.3.3.1 255.255.255.255 secondary
 no ip address 10.2.2.1 255.255.255.0 secondary
`;
    const { address, secondaryAddresses } = loaded(text).interfaces.get('Loopback1')!;
    assert.deepEqual(address, { kind: 'static', address: '10.1.1.1', prefixLength: 24 });
    assert.deepEqual(secondaryAddresses, [{ address: '10.3.3.1', prefixLength: 32 }]);
    assert.deepEqual(loaded(`${text} no ip address`).interfaces.get('Loopback1')!.secondaryAddresses, []);
  });

  const lo1 = 'interface lo1\n ip address 10.1.1.1 255.255.255.0\n ip address 10.2.2.1 255.255.255.0 secondary\n';
  const REFUSED: readonly (readonly [text: string, message: string])[] = [
    [`${lo1} no ip address 10.1.1.1 255.255.255.0`, 'Must delete secondary before deleting primary'],
    [`${lo1} ip address 10.1.1.1 255.255.255.0 secondary`, "Secondary can't be same as primary"],
    [`${lo1}interface lo2\n ip address 10.2.2.9 255.255.255.0`, '% 10.2.2.0 overlaps with Loopback1'],
    [`${lo1}interface lo2\n ip address 10.1.0.1 255.255.0.0 secondary`, '% 10.1.0.0 overlaps with Loopback1'],
    ['interface lo1\n ip address 10.0.0.1 255.0.255.0 secondary', 'Bad mask 0xFF00FF00 for address 10.0.0.1'],
    ['interface lo1\n ip address 10.0.0.1 0.0.0.0', 'Bad mask /0 for address 10.0.0.1'],
    ['interface fa0/0\n ip unnumbered lo1', 'Point-to-point (non-multi-access) interfaces only'],
    [
      'interface vp1\n ip address 10.0.0.1 255.255.255.0 secondary',
      '% Secondary addresses are for Loopback and Ethernet interfaces only',
    ],
  ];
  for (const [text, message] of REFUSED) test(message, () => assert.deepEqual(messagesOf(text), [message]));

  test('a secondary one typed as the primary is no secondary one any more', () => {
    const { address, secondaryAddresses } = loaded(`${lo1} ip address 10.2.2.1 255.255.255.0`).interfaces.get(
      'Loopback1',
    )!;
    assert.deepEqual([address, secondaryAddresses], [{ kind: 'static', address: '10.2.2.1', prefixLength: 24 }, []]);
  });

  test('without a primary one it is taken with a warning, and reads back', () => {
    const text = 'interface lo1\n ip address 10.2.2.1 255.255.255.0 secondary';
    assert.deepEqual(warningsOf(text), ['% Loopback1 has no primary address yet']);
    assert.deepEqual(printed(loaded(text)), [
      'interface Loopback1',
      ' no ip address',
      ' ip address 10.2.2.1 255.255.255.0 secondary',
    ]);
  });
});

describe('C050: pseudowire', () => {
  test('manual opens the mode of the session, and its values are printed below it', () => {
    const text = `pseudowire-class p3
 encapsulation l2tpv3
interface vp1
 pseudowire 10.1.1.1 5 encapsulation l2tpv3 manual pw-class p3
  l2tp id 111 222
  l2tp cookie local 4 9
`;
    assert.equal(promptAfter(...text.trimEnd().split('\n').slice(0, 4)), 'config-if-xconn');
    assert.deepEqual(formatInterface(loaded(text), 'Virtual-PPP1')!.slice(2, -1), [
      ' no ip address',
      ' pseudowire 10.1.1.1 5 encapsulation l2tpv3 manual pw-class p3',
      '  l2tp id 111 222',
      '  l2tp cookie local 4 9',
    ]);
  });

  test('R-047: a pair that an xconnect has is in use as well', () => {
    const text = `pseudowire-class p3
 encapsulation l2tpv3
interface fa0/0
 xconnect 10.1.1.1 5 pw-class p3
interface vp1
 pseudowire 10.1.1.1 5 pw-class p3
`;
    assert.deepEqual(messagesOf(text), ['% Peer/VCID pair already in use']);
  });

  test('what cannot be is refused', () => {
    const of = (rest: string) => messagesOf(`interface vp1\n pseudowire 10.1.1.1 5 ${rest}`);
    assert.deepEqual(of('encapsulation mpls'), ['% MPLS encapsulation is not supported']);
    assert.deepEqual(of('encapsulation l2tpv2 manual'), ['% Manual sessions belong to encapsulation l2tpv3']);
  });

  test('no pseudowire with another peer or VCID takes nothing away', () => {
    const kept = 'interface vp1\n pseudowire 10.1.1.1 5 pw-class p\n';
    const left = (line: string) => loaded(`${kept} ${line}`).interfaces.get('Virtual-PPP1')!.pseudowire?.vcid;
    assert.deepEqual(
      ['no pseudowire 10.9.9.9', 'no pseudowire 10.1.1.1 6', 'no pseudowire 10.1.1.1 5', 'no pseudowire'].map(left),
      [5, 5, undefined, undefined],
    );
  });
});

test('C043: addresses of IPv6 come and go by themselves; other forms are kept and do nothing', () => {
  const text = `interface lo1
 ipv6 address 2001:DB8:0:0::1/64
 ipv6 address 2001:db8::2/128
 ipv6 address 2001:db8:1::/64 eui-64
 ipv6 address FE80::1 link-local
`;
  const first = { address: '2001:db8::1', prefixLength: 64 };
  const second = { address: '2001:db8::2', prefixLength: 128 };
  const addresses = (more: string) => loaded(`${text}${more}`).interfaces.get('Loopback1')!.ipv6Addresses;
  assert.deepEqual(addresses(''), [first, second]);
  assert.deepEqual(addresses(' no ipv6 address 2001:db8::2/128\n'), [first]);
  assert.deepEqual(addresses(' no ipv6 address\n'), []);
  assert.deepEqual(addresses(' ipv6 address 2001:db8::1/80\n'), [second, { ...first, prefixLength: 80 }]);
  const twice = `${text}interface lo2\n ipv6 address 2001:db8::1/128`;
  assert.deepEqual(messagesOf(twice), ['% 2001:db8::1 is in use on Loopback1']);
  for (const [line, expected] of [
    ['ipv6 address 2001:db8::1/64', 'honoured'],
    ['ipv6 address 2001:db8::1/64 anycast', 'not-supported'],
    ['ipv6 address FE80::1/64', 'not-supported'],
    ['ipv6 address autoconfig', 'not-supported'],
  ] as const) {
    assert.equal(standingOf('FastEthernet0/0', line).class, expected, line);
  }
});

test('C050: a pseudowire leads to a peer of IPv6 as well, whatever way its address is written', () => {
  const text = 'interface vp1\n pseudowire 2001:DB8:0:0:0:0:0:1 10 encapsulation l2tpv3';
  assert.equal(loaded(text).interfaces.get('Virtual-PPP1')?.pseudowire?.peer, '2001:db8::1');
  for (const nobody of ['::', '::1', 'fe80::1', 'ff02::1', '::ffff:10.0.0.1', '2001:db8::1::2']) {
    const [message] = messagesOf(`interface vp1\n pseudowire ${nobody} 10 encapsulation l2tpv3`);
    assert.match(message ?? '', /Invalid input/, nobody);
  }
});

test('C104: PPP is the one encapsulation of PPP interfaces', () => {
  for (const other of ['hdlc', 'frame-relay', 'slip', 'x25']) {
    const message = `% Encapsulation ${other} is not supported on this interface`;
    assert.deepEqual(messagesOf(`interface vt1\n encapsulation ${other}`), [message]);
  }
});
