// Configurations made at random, of lines that are each right: what the law of running-config is tried with.

import fc from 'fast-check';
import { INTERFACE_TEXT } from './interface-text.ts';

/** Texts of lines that are each right, in any number and order that IOS would take. */
export function configurationText(): fc.Arbitrary<string> {
  const word = fc.stringMatching(/^[A-Za-z0-9@.#$%&*()_+=-]{1,12}$/).filter((text) => !'0123456789'.includes(text));
  const phrase = fc.stringMatching(/^[A-Za-z0-9@.#$-]{2}[ A-Za-z0-9@.#$?-]{0,12}[A-Za-z]$/);
  const octet = fc.integer({ min: 1, max: 223 });
  const address = fc.tuple(fc.constant(10), octet, octet, octet).map((parts) => parts.join('.'));
  const secret = fc.oneof(
    phrase.map((text) => `0 ${text}`),
    fc.constant('7 0822455D0A16'),
  );
  const say = (text: TemplateStringsArray, ...parts: fc.Arbitrary<string | number>[]) => {
    return fc.tuple(...parts).map((values) => text.map((each, index) => each + (values[index] ?? '')).join(''));
  };
  const upTo = (max: number, min = 1) => fc.integer({ min, max });
  const pick = (...texts: string[]) => fc.constantFrom(...texts);
  const block = (head: fc.Arbitrary<string>, ...lines: fc.Arbitrary<string>[]) => {
    return fc
      .tuple(head, fc.array(fc.oneof(...lines), { maxLength: 6 }))
      .map(([first, rest]) => [first, ...rest, 'exit'].join('\n'));
  };
  const retransmit = pick(
    'retransmit retries 10',
    'retransmit timeout min 2',
    'retransmit initial retries 9',
    'retransmit initial timeout max 8',
  );
  const outer = [
    pick('ip local interface lo1', 'ip pmtu', 'ip pmtu max 1400', 'ip tos reflect', 'ip dfbit set', 'no ip pmtu'),
    say`ip ttl ${upTo(255)}`,
    say`ip tos value ${upTo(255, 0)}`,
  ];
  // What a vpdn-group and a vpdn-template say alike; a switch of theirs is on, off, or not said.
  const tunnel = [
    pick('l2tp tunnel authentication', 'no l2tp tunnel authentication', 'default l2tp tunnel authentication'),
    pick('l2tp hidden', 'no l2tp hidden', 'l2tp sequencing', 'ip tos reflect', 'no ip tos reflect', 'ip pmtu'),
    pick('force-local-chap', 'lcp renegotiation on-mismatch', 'l2tp ip udp checksum', 'ip mtu adjust'),
    say`l2tp tunnel password ${secret}`,
    say`l2tp tunnel hello ${upTo(1000, 0)}`,
    say`l2tp tunnel receive-window ${upTo(5000)}`,
    say`l2tp tunnel retransmit retries ${upTo(1000, 5)}`,
    say`l2tp tunnel busy timeout ${upTo(65535, 60)}`,
    say`pptp flow-control receive-window ${upTo(64)}`,
    say`pptp flow-control static-rtt ${upTo(5000, 100)}`,
    say`pptp tunnel echo ${upTo(1000, 0)}`,
    say`local name ${word}`,
    say`source-ip ${address}`,
    say`session-limit ${upTo(32767, 0)}`,
    say`ip precedence ${upTo(7, 0)}`,
    say`description ${phrase}`,
  ];
  const manual = fc
    .array(
      fc.oneof(
        say`l2tp id ${upTo(4294967295)} ${upTo(4294967295)}`,
        say`l2tp cookie local 8 ${upTo(4294967295, 0)} ${upTo(4294967295, 0)}`,
        say`l2tp cookie remote 4 ${upTo(4294967295, 0)}`,
        say`l2tp cookie remote 8 ${upTo(4294967295, 0)}`,
        say`l2tp hello ${word}`,
      ),
      { maxLength: 4 },
    )
    .map((lines) => ['xconnect 10.3.1.1 7 encapsulation l2tpv3 manual', ...lines, 'exit'].join('\n'));
  const ppp = [
    pick(
      'ppp authentication chap',
      'ppp authentication pap chap callin',
      'ppp authentication ms-chap-v2 chap optional LIST',
      'no keepalive',
      'keepalive 30 2',
    ),
    say`ppp chap hostname ${word}`,
    say`ppp chap password ${secret}`,
    say`ppp pap sent-username ${word} password ${secret}`,
    pick(
      'ppp chap refuse callin',
      'ppp pap refuse',
      'ppp encrypt mppe auto',
      'ppp multilink',
      'shutdown',
      'no peer neighbor-route',
    ),
    say`ppp timeout idle ${upTo(1000)}`,
    say`ppp max-configure ${upTo(255)}`,
    say`ip tcp adjust-mss ${upTo(1460, 500)}`,
    say`mtu ${upTo(1500, 1000)}`,
    say`description ${phrase}`,
    pick(
      'no ip tcp adjust-mss',
      'no cdp enable',
      'ip unnumbered Loopback1',
      'no ip redirects',
      'ip mtu 900',
      'ppp ipcp dns 10.1.1.1',
    ),
  ];
  const lines = [
    say`hostname ${pick('peer1', 'lns-7', 'R')}`,
    say`username ${word} password ${secret}`,
    say`username ${word} privilege ${upTo(15, 0)} secret 5 ${pick('$1$mERr$hx5rVt7rPNoS4wqbXKX7m0', '$1$abcd$efghijklmnopqrstuvwxy.')}`,
    say`vpdn session-limit ${upTo(32767)}`,
    say`vpdn source-ip ${address}`,
    say`vpdn history failure table-size ${upTo(50, 20)}`,
    say`vpdn tunnel authorization network ${word}`,
    say`vpdn tunnel authorization password ${secret}`,
    say`vpdn tunnel authorization virtual-template ${upTo(4095)}`,
    say`vpdn tunnel accounting network ${word}`,
    say`vpdn session accounting network ${word}`,
    pick(
      'vpdn search-order domain',
      'vpdn search-order dnis domain',
      'vpdn search-order multihop-hostname dnis domain',
      'vpdn aaa attribute nas-ip-address vpdn-nas',
      'vpdn aaa attribute nas-port vpdn-nas',
      'vpdn aaa override-server',
      'vpdn aaa override-server 10.1.1.1',
      'vpdn aaa untagged',
      'vpdn logging',
      'vpdn logging user',
      'vpdn domain-delimiter @ suffix',
      'vpdn history failure cause normal',
      'l2tp congestion-control',
    ),
    pick(
      'vpdn enable',
      'vpdn softshut',
      'no vpdn history failure',
      'service password-encryption',
      'no service timestamps log',
      'ip cef',
      'no ip cef',
    ),
    pick(
      'no logging console',
      'alias exec sib show ip interface brief',
      'no alias exec sib',
      'logging buffered 9000 errors',
      'aaa new-model',
      'ip domain lookup',
      'ip host a 10.1.1.1',
      'ip host b 10.1.1.2',
      'logging host 10.1.1.9',
      'logging host 10.1.1.9 transport tcp port 6514',
      'logging host ipv6 2001:db8::9',
      'logging origin-id string the rack',
    ),
    say`ip local pool ${word}`,
    pick(
      'ip local pool p 10.250.0.1 10.250.0.9',
      'ip local pool q 10.251.0.1',
      'ip local pool p 10.252.0.1 10.252.0.2',
    ),
    say`ip route ${pick('10.1.0.0', '10.2.0.0', '10.0.0.0')} 255.255.0.0 ${address} ${upTo(255)} name ${word} tag ${upTo(4294967295)}`,
    say`ip route 10.5.0.0 255.255.255.0 Virtual-PPP${upTo(3)} permanent`,
    pick('platform interfaces Ethernet0/0 eth0', 'platform interfaces FastEthernet0/1 eth1 Ethernet0/2 eth2'),
    block(
      say`l2tp-class ${word}`,
      say`password ${secret}`,
      say`hostname ${word}`,
      say`hello ${upTo(1000, 0)}`,
      retransmit,
      pick('authentication', 'hidden', 'cookie size 8', 'digest', 'digest hash sha', 'hello 60', 'no digest'),
      pick('digest secret 0 x', 'digest secret 7 0822455D0A16 hash sha', 'no digest secret x', 'cookie size 4'),
      say`receive-window ${upTo(8192)}`,
      say`timeout setup ${upTo(6000, 60)}`,
    ),
    block(
      say`pseudowire-class 2-${word}`,
      pick('encapsulation l2tpv2', 'protocol l2tpv2', 'sequencing both', 'no protocol'),
      say`protocol l2tpv2 ${word}`,
      ...outer,
    ),
    block(
      say`pseudowire-class 3-${word}`,
      pick('encapsulation l2tpv3', 'protocol l2tpv3', 'sequencing receive', 'ip protocol uti', 'ip protocol udp'),
      say`protocol ${pick('l2tpv3', 'l2tpv3ietf')} ${word}`,
      say`ip protocol ${upTo(255)}`,
      ...outer,
    ),
    block(
      pick('pseudowire-class 0', 'pseudowire-class none'),
      pick('encapsulation l2tpv3', 'protocol none', 'ip local interface lo1'),
    ),
    block(
      pick('vpdn-template', 'vpdn-template t', 'vpdn-template 7'),
      ...tunnel,
      say`group session-limit ${upTo(32767)}`,
    ),
    block(
      say`vpdn-group lac-${word}`,
      pick(
        'request-dialin\nprotocol l2tp\ndomain a.example\ndomain b.example\nexit',
        'request-dialin\nprotocol pptp\nrotary-group 1\nexit',
        'request-dialin\ndnis 5551234\nmultihop-hostname x\npool-member 2\nno domain a.example\nexit',
        'accept-dialout\nprotocol l2tp\ndialer 3\nexit',
        'request dialin l2tp ip 10.1.1.1 domain c.example',
        'loadsharing ip 10.1.1.3 limit 5',
        'backup ip 10.1.1.4 priority 2',
      ),
      say`initiate-to ip ${address} limit ${upTo(32767)} priority ${upTo(32767)}`,
      say`initiate-to ip ${address}`,
      ...tunnel,
    ),
    block(
      say`vpdn-group ${word}`,
      ...tunnel,
      pick(
        'request-dialout\nprotocol l2tp\npool-member 1\nrotary-group 2\nexit',
        'accept dialin l2tp virtual-template 4 remote peer7',
        'accept dialin pptp virtual-template 5',
        'source vpdn-template t',
        'source vpdn-template',
        'no source vpdn-template',
        'vpn vrf red',
        'accept-dialin\nprotocol pptp\nexit',
      ),
      pick(
        'accept-dialin\nprotocol l2tp\nvirtual-template 7\nexit',
        'accept-dialin\nprotocol any\nexit',
        'no l2tp tunnel authentication',
        'l2tp hidden',
        'lcp renegotiation always',
      ),
      say`terminate-from hostname ${word}`,
      say`l2tp tunnel password ${secret}`,
      say`l2tp tunnel timeout no-session ${upTo(86400, 0)}`,
      say`description ${phrase}`,
      say`session-limit ${upTo(32767, 0)}`,
    ),
    block(
      say`interface Virtual-PPP${upTo(3)}`,
      ...ppp,
      pick('ip address negotiated', 'ppp ipcp route default', 'ppp ipcp dns request'),
    ),
    block(
      say`interface Virtual-Template${upTo(3)}`,
      ...ppp,
      pick('peer default ip address pool p q', 'peer default ip address 10.1.1.1', 'peer default ip address pool'),
    ),
    block(
      pick('interface Loopback1', 'interface Ethernet0/0', 'interface FastEthernet1/0.5'),
      say`description ${phrase}`,
      pick('shutdown', 'mtu 1400', 'arp timeout 60', 'duplex auto'),
    ),
    ...INTERFACE_TEXT,
    block(
      pick('interface Ethernet0/0', 'interface e 0/0'),
      say`xconnect 10.1.1.1 ${upTo(2)} pw-class 3-${word}`,
      say`xconnect 10.2.1.1 ${upTo(2)} encapsulation l2tpv3 pw-class 3-${word} sequencing both`,
      manual,
    ),
    pick(
      'line con 0\nexec-timeout 0 0\nexit',
      'line con 0\nabsolute-timeout 90\nlogout-warning\nexit',
      'line vty 0 4\nlogin\nno exec-timeout\nexit',
      'control-plane\nexit',
      'banner motd #hello\nworld#',
      'banner slip-ppp ^Chello^C',
      'aaa authentication fail-message #no\nno interface#',
      'kron policy-list P\ncli write\nexit',
      'parser view V\nsecret 5 $1$abcd$7Kz0lPcT7s1a6G4cL1rS50\nexit',
      'controller ISA 5/0\nencryption mppe\nexit',
      'controller ISA 0/1\ndescription a card\nno encryption mppe\nexit',
    ),
  ];
  return fc.array(fc.oneof(...lines), { maxLength: 25 }).map((each) => dropConflicts(each).join('\n'));
}

/** Leaves out what would be refused because of an earlier line: the pools that are there, the users with the other kind of secret. */
function dropConflicts(lines: readonly string[]): string[] {
  const seen = new Set<string>();
  return lines.filter((line) => {
    const key = /^(username \S+|ip local pool . .*)/.exec(line)?.[0];
    if (key === undefined) return true;
    const known = seen.has(key);
    seen.add(key);
    return !known;
  });
}
