// Interfaces made at random, of lines that are each right: their kinds, addresses, PPP, pseudowires, pools and routes.

import fc from 'fast-check';

const upTo = (max: number, min = 1) => fc.integer({ min, max });
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9@._-]{0,11}$/);

function say(text: TemplateStringsArray, ...parts: fc.Arbitrary<string | number>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((values) => text.map((each, index) => each + (values[index] ?? '')).join(''));
}

function block(head: fc.Arbitrary<string>, ...lines: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc
    .tuple(head, fc.array(fc.oneof(...lines), { maxLength: 8 }))
    .map(([first, rest]) => [first, ...rest, 'exit'].join('\n'));
}

const ppp = [
  say`ppp chap challenge-length ${upTo(40, 16)} ${upTo(63, 40)}`,
  say`ppp timeout retry ${upTo(255)} ${upTo(999, 0)}`,
  say`ppp timeout authentication ${upTo(255, 0)}`,
  say`ppp timeout ncp ${upTo(65535)} termination ${upTo(65535)}`,
  say`ppp timeout ncp ${upTo(65535)}`,
  say`ppp timeout idle ${upTo(4294967)} ${fc.constantFrom('inbound', 'either')}`,
  say`ppp timeout absolute ${upTo(4294967)}`,
  say`ppp lcp delay ${upTo(254, 0)}.${upTo(999, 0)} random ${upTo(255, 0)}`,
  say`ppp ${fc.constantFrom('acfc', 'pfc')} remote ${fc.constantFrom('apply', 'reject', 'ignore')}`,
  say`ppp ipcp ${fc.constantFrom('dns', 'wins')} ${fc.constantFrom('accept', 'reject', 'request', 'request accept')}`,
  say`ppp ipcp ${fc.constantFrom('dns', 'wins')} 10.1.1.${upTo(254)} 10.1.2.${upTo(254)}${fc.constantFrom('', ' aaa', ' accept', ' aaa accept')}`,
  say`ppp ipcp address ${fc.constantFrom('accept', 'required', 'unique')}`,
  say`ppp ipcp mask ${fc.constantFrom('255.255.255.0', '0.0.0.0', 'request', 'reject')}`,
  say`ppp encrypt mppe ${fc.constantFrom('auto', '40', '128')}${fc.constantFrom('', ' passive', ' required')}${fc.constantFrom('', ' stateful')}`,
  say`ppp direction ${fc.constantFrom('callin', 'callout', 'dedicated')}`,
  say`ppp ${fc.constantFrom('accounting', 'authorization')} ${word}`,
  say`ppp ${fc.constantFrom('ms-chap', 'ms-chap-v2', 'eap')} refuse${fc.constantFrom('', ' callin')}`,
  say`compress ${fc.constantFrom('mppc', 'mppc ignore-pfc', 'predictor', 'stac')}`,
  say`ppp multilink${fc.constantFrom('', ' bap', ' group 3', ' links minimum 2', ' fragment delay 10')}`,
  fc.constantFrom(
    'ppp chap wait',
    'no ppp chap wait',
    'ppp chap splitnames',
    'ppp chap ignoreus',
    'ppp pap wait',
    'ppp timeout aaa',
    'ppp lcp fast-start',
    'ppp lcp echo mru verify minimum 1400',
    'ppp mtu adaptive proxy',
    'ppp accm 0A',
    'no peer default ip address',
    'default peer default ip address',
    'peer default ip address dhcp',
    'peer default ip address dhcp-pool one',
  ),
];

const METAL = fc.constantFrom(
  'no ip proxy-arp',
  'no cdp enable',
  'ip access-group 101 in',
  'ip access-group 102 out',
  'no ip access-group 101 in',
  'ip nat inside',
  'ip nat outside',
  'crypto map VPN',
  'service-policy output SHAPE',
  'ip inspect FW in',
  'zone-member security Z',
  'ip ospf cost 10',
  'standby 1 ip 10.1.1.9',
  'bridge-group 1',
  'ip vrf forwarding RED',
  'load-interval 30',
  'ip flow ingress',
  'no ip route-cache',
);
const metal = fc.oneof(
  { arbitrary: METAL, weight: 20 },
  // An address is on one interface only: another that is given it is refused.
  say`ipv6 address 2001:DB8:${upTo(9999, 1000)}:${upTo(9999, 1000)}::1/64`,
);

/** Lines of global configuration mode, blocks among them. */
export const INTERFACE_TEXT: readonly fc.Arbitrary<string>[] = [
  block(say`interface Virtual-Template${upTo(4)}${fc.constantFrom('', ' type serial', ' type tunnel')}`, ...ppp, metal),
  block(
    fc.constant('interface Virtual-PPP7'),
    ...ppp,
    say`pseudowire 10.7.1.1 7 pw-class 2-${word} sequencing both`,
    say`pseudowire 10.7.1.1 8 encapsulation l2tpv2`,
    say`pseudowire 2001:DB8:0::${upTo(9)} 8 encapsulation l2tpv3`,
    say`pseudowire 10.7.1.1 9 encapsulation l2tpv3 manual pw-class 3-${word}\nl2tp id ${upTo(9)} 2\nexit`,
    fc.constant('no pseudowire'),
  ),
  block(
    fc.constantFrom('interface Dialer0', 'interface Dialer1'),
    ...ppp,
    metal,
    say`dialer pool ${upTo(255)}`,
    say`dialer string ${upTo(9999999)}`,
    fc.constantFrom('dialer in-band', 'dialer persistent', 'dialer vpdn', 'dialer-group 1', 'dialer idle-timeout 0'),
    fc.constantFrom(
      'no dialer pool',
      'no dialer in-band',
      'ip address negotiated',
      'ppp ipcp route default',
      'shutdown',
    ),
  ),
  block(
    fc.constantFrom('interface Loopback7', 'interface FastEthernet2/0', 'interface FastEthernet2/0.7'),
    metal,
    fc.constantFrom('no ip address', 'no keepalive', 'duplex auto'),
  ),
  block(
    fc.constant('interface Loopback8'),
    say`ip address 10.200.0.${upTo(254)} 255.255.255.0`,
    say`ip address 10.201.${upTo(9)}.1 255.255.255.0 secondary`,
    say`no ip address 10.201.${upTo(9)}.1 255.255.255.0 secondary`,
    say`ipv6 address 2001:db8::${upTo(9)}/${upTo(128, 0)}`,
    say`no ipv6 address 2001:db8::${upTo(9)}/64`,
    fc.constantFrom('no ipv6 address', 'ipv6 address 2001:db8:1::/64 eui-64', 'ipv6 address autoconfig'),
  ),
  block(
    fc.constant('interface GigabitEthernet3/0.10'),
    fc.constantFrom(
      'ip address dhcp',
      'ip address dhcp client-id Gi0/1 hostname r1',
      'ip address 10.210.0.1 255.255.255.0',
      'no ip address',
    ),
    say`ip address 10.211.${upTo(9)}.1 255.255.255.0 secondary`,
    say`encapsulation dot1Q ${upTo(4094)}${fc.constantFrom('', ' native')}`,
  ),
  block(
    fc.constantFrom(
      'interface Tunnel0',
      'interface Vlan10',
      'interface Serial0/0/0:15',
      'interface Serial0/1.1 point-to-point',
      'interface Null0',
      'interface BVI1',
    ),
    metal,
    fc.constantFrom('ip address 10.9.9.9 255.255.255.0', 'no ip address', 'ip address negotiated', 'no shutdown'),
    fc.constantFrom(
      'dialer pool 1',
      'encapsulation ppp',
      'ppp chap hostname a',
      'tunnel source Loopback0',
      'no ip mtu',
    ),
  ),
  block(
    fc.constant('interface ATM0'),
    fc.constantFrom('no atm ilmi-keepalive', 'pvc 8/35\nencapsulation aal5snap\nexit', 'pvc 0/33\nexit', 'no pvc 8/35'),
  ),
  fc.constantFrom(
    'no interface Dialer1',
    'no interface FastEthernet2/0.7',
    'default interface Loopback8',
    'ip address-pool local',
    'ip address-pool dhcp-pool',
    'no ip address-pool',
    'ip dhcp-server 10.1.1.1',
    'async-bootp dns-server 10.1.1.1 10.1.1.2',
    'async-bootp nbns-server 10.1.1.3',
    'virtual-profile aaa',
    'virtual-profile virtual-template 2',
    'virtual-template 1 pre-clone 20',
    'ip local pool pool-of-the-reds 10.253.0.1 10.253.0.9 group RED',
    'ip local pool pool-of-the-blues 10.253.0.5 group BLUE cache-size 9 recycle delay 60',
    'ip route 10.6.0.0 255.255.0.0 Null0 250',
    'ip route 0.0.0.0 0.0.0.0 dhcp',
    'ip route 10.7.0.0 255.255.0.0 10.1.1.1 track 5',
    'ip route 10.8.0.0 255.255.0.0 Dialer1 name out',
    'ip route vrf RED 10.9.0.0 255.255.0.0 10.1.1.1',
    'no ip route 10.6.0.0 255.255.0.0',
  ),
];
