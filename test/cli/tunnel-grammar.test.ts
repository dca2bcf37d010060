// What tunnel lines do to each other: one takes another's place, refuses it, or takes it along. What a line alone prints as is in
// `grammar.test.ts`.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadConfiguration } from '../../src/cli/load.ts';
import { errorsOf, loaded, messagesOf, printed, warningsOf } from './helpers.ts';

describe('l2tp-class', () => {
  const digests = (...lines: string[]) => {
    return printed(loaded(['l2tp-class c', ...lines].join('\n'))).filter((line) => line.includes('digest'));
  };

  test('C034: a bare digest guards integrity only, and gives way to one with a secret', () => {
    assert.deepEqual(digests('digest'), [' digest']);
    assert.deepEqual(digests('digest hash sha'), [' digest hash SHA']);
    assert.deepEqual(digests('digest', 'digest secret 0 x'), [' digest secret 0 x']);
  });

  test('C034: two secrets stand beside each other, a third is refused', () => {
    const two = ['digest secret 0 old', 'digest secret 0 new hash sha'];
    assert.deepEqual(digests(...two), [' digest secret 0 old', ' digest secret 0 new hash SHA']);
    assert.deepEqual(messagesOf(['l2tp-class c', ...two, 'digest secret 0 third'].join('\n')), [
      '% No more than two digest secrets can be configured',
    ]);
  });

  test('C034: no digest secret takes one back, however it was typed; no digest all', () => {
    const two = ['digest secret 0 cisco', 'digest secret 0 new'];
    assert.deepEqual(digests(...two, 'no digest secret 7 0822455D0A16'), [' digest secret 0 new']);
    assert.deepEqual(digests(...two, 'no digest'), []);
  });

  test('C034: the same secret with another hash takes the place of the first', () => {
    assert.deepEqual(digests('digest secret 0 x', 'digest secret 0 x hash sha'), [' digest secret 0 x hash SHA']);
  });

  test('what is the default anyway is not printed', () => {
    const text = `l2tp-class c
 hello 60
 receive-window 1024
 retransmit initial retries 2
 retransmit retries 15
 retransmit timeout min 1
 retransmit timeout max 8
 timeout setup 300`;
    assert.deepEqual(printed(loaded(text)), ['l2tp-class c']);
  });
});

describe('pseudowire-class', () => {
  test('C042: the protocol that the encapsulation implies is not printed, with a class it is', () => {
    const lines = (line: string) => printed(loaded(`pseudowire-class p\nencapsulation l2tpv2\n${line}`));
    assert.deepEqual(lines('protocol l2tpv2'), ['pseudowire-class p', ' encapsulation l2tpv2']);
    assert.deepEqual(lines('protocol l2tpv2 c').at(-1), ' protocol l2tpv2 c');
  });

  test('C041: an encapsulation in use cannot be taken back, and is never changed', () => {
    const used = 'pseudowire-class p\nencapsulation l2tpv2\ninterface vp1\npseudowire 10.1.1.1 1 pw-class p\n';
    const unchangeable = ['Encapsulation changes not allowed on an existing pw-class'];
    assert.deepEqual(messagesOf(`${used}pseudowire-class p\nno encapsulation`), unchangeable);
    assert.deepEqual(messagesOf('pseudowire-class p\nencapsulation l2tpv3\nencapsulation l2tpv2'), unchangeable);
  });

  test('C040: a class in use cannot be removed, that of an xconnect neither', () => {
    const text = 'pseudowire-class p\ninterface e0/0\nxconnect 10.1.1.1 1 pw-class p\nno pseudowire-class p';
    assert.deepEqual(messagesOf(text), ['% Pseudowire class p is in use']);
  });

  test('C044: path MTU discovery needs signaling', () => {
    assert.deepEqual(messagesOf('pseudowire-class p\nprotocol none\nip pmtu').length, 1);
    assert.deepEqual(messagesOf('pseudowire-class p\nip pmtu\nprotocol none').length, 1);
  });

  test('C048: the protocol number is for L2TPv3, from either side', () => {
    assert.deepEqual(messagesOf('pseudowire-class p\nencapsulation l2tpv2\nip protocol uti').length, 1);
    assert.deepEqual(messagesOf('pseudowire-class p\nip protocol uti\nencapsulation l2tpv2').length, 1);
  });
});

describe('vpdn-group', () => {
  for (const [first, second] of [
    ['accept-dialin', 'request-dialin'],
    ['accept-dialin', 'accept-dialout'],
    ['request-dialout', 'request-dialin'],
    ['request-dialin', 'accept-dialin'],
    ['accept-dialout', 'request-dialout'],
    ['request-dialin', 'accept dialin l2tp virtual-template 1'],
    ['accept-dialin', 'request dialin l2tp ip 10.1.1.1 domain d'],
  ] as const) {
    test(`C068: a group with ${first} refuses ${second}`, () => {
      const [message] = messagesOf(`vpdn-group g\n${first}\nexit\n${second}`);
      assert.match(message ?? '', /Group type conflict/);
    });
  }

  test('C070: the old line is kept as the modes of today', () => {
    assert.deepEqual(printed(loaded('vpdn-group g\naccept dialin l2tp virtual-template 10 remote HosLAC')), [
      'vpdn-group g',
      ' accept-dialin',
      '  protocol l2tp',
      '  virtual-template 10',
      ' terminate-from hostname HosLAC',
    ]);
  });

  test('C070: the old line without a protocol takes any, and L2F is refused in it as well', () => {
    const group = loaded('vpdn-group g\naccept dialin virtual-template 10').vpdnGroups.get('g');
    assert.deepEqual(group?.acceptDialin, { protocol: 'any', virtualTemplate: 10 });
    assert.deepEqual(messagesOf('vpdn-group g\naccept dialin l2f virtual-template 10'), [
      '% L2F is not supported for client-initiated tunnels',
    ]);
    assert.deepEqual(messagesOf('vpdn-group g\nrequest dialin l2f ip 10.1.1.1 domain d').length, 1);
  });

  test('C071: the old line of a NAS is kept as request-dialin and initiate-to', () => {
    assert.deepEqual(printed(loaded('vpdn-group g\nrequest dialin l2tp ip 10.1.1.1 domain a.example')), [
      'vpdn-group g',
      ' request-dialin',
      '  protocol l2tp',
      '  domain a.example',
      ' initiate-to ip 10.1.1.1',
    ]);
  });

  test('C070: no accept-dialin takes terminate-from along, no request-dialin takes initiate-to', () => {
    assert.deepEqual(printed(loaded('vpdn-group g\naccept-dialin\nterminate-from hostname p\nno accept-dialin')), [
      'vpdn-group g',
    ]);
    assert.deepEqual(printed(loaded('vpdn-group g\nrequest-dialin\ninitiate-to ip 10.1.1.1\nno request-dialin')), [
      'vpdn-group g',
    ]);
  });

  test('C072: a change of the protocol drops the lines of the other one', () => {
    const toPptp = `vpdn-group g
 accept-dialin
  protocol l2tp
  exit
 l2tp tunnel hello 30
 l2tp tunnel zlb delay 100
 pptp tunnel echo 10
 accept-dialin
  protocol pptp`;
    assert.deepEqual(printed(loaded(toPptp)).slice(-1), [' pptp tunnel echo 10']);
    const back = `${toPptp}\n  protocol any`;
    assert.deepEqual(printed(loaded(back)).slice(-2), [' accept-dialin', '  protocol any']);
  });

  test('C071: a group of request-dialin is in one pool or one rotary group, as one of request-dialout', () => {
    const lines = (text: string) => {
      const all = printed(loaded(`vpdn-group g\nrequest-dialin\nprotocol pptp\n${text}`));
      return all.filter((line) => line.startsWith('  '));
    };
    assert.deepEqual(lines('pool-member 3\nrotary-group 0'), ['  protocol pptp', '  rotary-group 0']);
    assert.deepEqual(lines('rotary-group 0\npool-member 3'), ['  protocol pptp', '  pool-member 3']);
    assert.deepEqual(lines('rotary-group 0\nno rotary-group 0'), ['  protocol pptp']);
  });

  test('C075: one line for each address, the later takes the place of the earlier', () => {
    const text = 'vpdn-group g\nrequest-dialin\ninitiate-to ip 10.1.1.1 limit 5\ninitiate-to ip 10.1.1.2\n';
    const lines = (more: string) => printed(loaded(text + more)).filter((line) => line.includes('initiate'));
    assert.deepEqual(lines('initiate-to ip 10.1.1.1 priority 9'), [
      ' initiate-to ip 10.1.1.1 priority 9',
      ' initiate-to ip 10.1.1.2',
    ]);
    assert.deepEqual(lines('no initiate-to ip 10.1.1.1'), [' initiate-to ip 10.1.1.2']);
    assert.deepEqual(lines('no initiate-to'), []);
  });

  test('C066: a switch of a group is on, off, or as the template has it', () => {
    const lines = (...typed: string[]) => printed(loaded(['vpdn-group g', ...typed].join('\n'))).slice(1);
    assert.deepEqual(lines('l2tp tunnel authentication'), [' l2tp tunnel authentication']);
    assert.deepEqual(lines('no l2tp tunnel authentication'), [' no l2tp tunnel authentication']);
    assert.deepEqual(lines('no l2tp tunnel authentication', 'default l2tp tunnel authentication'), []);
  });

  test('C094: a template that is not there yet is warned of, and no source is not the default', () => {
    assert.equal(warningsOf('vpdn-group g\nsource vpdn-template t').length, 1);
    assert.deepEqual(warningsOf('vpdn-template t\nvpdn-group g\nsource vpdn-template t'), []);
    assert.deepEqual(printed(loaded('vpdn-group g\nno source vpdn-template')).slice(1), [' no source vpdn-template']);
    assert.deepEqual(
      printed(loaded('vpdn-group g\nno source vpdn-template\ndefault source vpdn-template')).slice(1),
      [],
    );
  });
});

describe('vpdn-template', () => {
  test('C066: the unnamed one and a named one are two', () => {
    const { vpdnTemplates } = loaded('vpdn-template\n l2tp tunnel hello 30\nvpdn-template t\n l2tp tunnel hello 40');
    assert.deepEqual(
      [...vpdnTemplates].map(([name, { l2tp }]) => [name, l2tp.hello]),
      [
        ['', 30],
        ['t', 40],
      ],
    );
  });

  test('C066: templates stand before the groups that take from them', () => {
    const lines = printed(loaded('vpdn-group g\nvpdn-template t\n group session-limit 9\n l2tp hidden'));
    assert.deepEqual(lines, ['vpdn-template t', ' group session-limit 9', ' l2tp hidden', 'vpdn-group g']);
  });

  test('C066: no vpdn-template without a name takes the unnamed one only', () => {
    assert.deepEqual(printed(loaded('vpdn-template\nvpdn-template t\nno vpdn-template')), ['vpdn-template t']);
  });
});

describe('xconnect', () => {
  test('C051: manual opens a mode for the values of the session', () => {
    const text = `interface e0/0
 xconnect 172.24.13.196 123 encapsulation l2tpv3 manual pw-class p
  l2tp id 111 222
  l2tp cookie local 8 100 0
  l2tp cookie remote 4 200
  l2tp hello c`;
    assert.deepEqual(loaded(text).interfaces.get('Ethernet0/0')?.xconnect, {
      peer: '172.24.13.196',
      vcid: 123,
      encapsulation: 'l2tpv3',
      pseudowireClass: 'p',
      manual: {
        ids: { local: 111, remote: 222 },
        localCookie: { size: 8, low: 100, high: 0 },
        remoteCookie: { size: 4, low: 200, high: 0 },
        hello: 'c',
      },
    });
    assert.deepEqual(printed(loaded(text)).slice(-5), [
      ' xconnect 172.24.13.196 123 encapsulation l2tpv3 manual pw-class p',
      '  l2tp id 111 222',
      '  l2tp cookie local 8 100 0',
      '  l2tp cookie remote 4 200',
      '  l2tp hello c',
    ]);
  });

  test('C051: typed again it keeps the values of the session, without manual it drops them', () => {
    const text =
      'interface e0/0\nxconnect 10.1.1.1 1 encapsulation l2tpv3 manual\nl2tp id 1 2\nexit\nxconnect 10.1.1.1 ';
    const manual = (more: string) => loaded(text + more).interfaces.get('Ethernet0/0')?.xconnect?.manual;
    assert.deepEqual(manual('2 encapsulation l2tpv3 manual'), { ids: { local: 1, remote: 2 } });
    assert.equal(manual('2 encapsulation l2tpv3'), undefined);
  });

  test('C053: four octets have no high word', () => {
    const cookie = (line: string) =>
      errorsOf(`interface e0/0\nxconnect 10.1.1.1 1 encapsulation l2tpv3 manual\n${line}`);
    assert.deepEqual(cookie('l2tp cookie local 4 1 2'), ['3:22 invalid']);
    assert.deepEqual(cookie('l2tp cookie local 8 4294967296'), ['3:20 invalid']);
  });

  test('R-047: one peer and VCID is one pseudowire of the router', () => {
    const text = 'interface vp1\npseudowire 10.1.1.1 1 pw-class p\ninterface e0/0\nxconnect 10.1.1.1 1 pw-class p';
    assert.deepEqual(messagesOf(text), ['% Peer/VCID pair already in use on Virtual-PPP1']);
  });

  test('C051: only circuits have one, and an L2TPv2 class does not fit', () => {
    const [message] = messagesOf('interface lo1\nxconnect 10.1.1.1 1 pw-class p');
    assert.equal(message, "% Invalid input detected at '^' marker.");
    const text = 'pseudowire-class p\nencapsulation l2tpv2\ninterface e0/0\nxconnect 10.1.1.1 1 pw-class p';
    assert.deepEqual(messagesOf(text), ['% Encapsulation mismatch with pw-class']);
  });
});

test('C125: the card is printed where IOS has it, before the pseudowire classes', () => {
  const lines = printed(loaded('pseudowire-class p\ncontroller isa 5/0\n encryption mppe'));
  assert.deepEqual(lines, ['controller ISA 5/0', ' encryption mppe', 'pseudowire-class p']);
});

test('C056: an order that is the default is not printed, and no word comes twice', () => {
  assert.deepEqual(printed(loaded('vpdn search-order dnis domain')), []);
  assert.deepEqual(printed(loaded('vpdn search-order domain dnis')), ['vpdn search-order domain dnis']);
  assert.equal(messagesOf('vpdn search-order domain domain').length, 1);
});

test('service password-encryption reaches the secrets of digests, templates and tunnel authorization', () => {
  const text = `l2tp-class c
 digest secret 0 cisco
vpdn-template
 l2tp tunnel password 0 cisco
vpdn tunnel authorization password 0 cisco
service password-encryption`;
  const lines = printed(loaded(text)).filter((line) => line.includes(' 7 '));
  assert.equal(lines.length, 3);
  assert.deepEqual(
    printed(loaded(text)).filter((line) => line.includes('cisco')),
    [],
  );
});

describe('a line of a mode that goes wrong is not taken for free text by global mode', () => {
  test('a wrong value of the mode is an error where it stands', () => {
    assert.deepEqual(errorsOf('interface vt1\nip tcp adjust-mss 9999'), ['2:18 invalid']);
    assert.deepEqual(errorsOf('pseudowire-class p\nip tos value 256'), ['2:13 invalid']);
  });

  test('a line that begins as one of the mode and goes on as a global one is the global one', () => {
    const { interfaces } = loaded(
      'interface e0/0\nip nat inside\nip nat inside source list 1 interface e0/1 overload\n',
    );
    assert.equal(interfaces.size, 1);
    assert.deepEqual(errorsOf('interface e0/0\nip tcp synwait-time 5'), []);
  });
});

describe('a line says what it comes to here', () => {
  for (const [mode, line, expected] of [
    ['vpdn-group g', 'l2tp tunnel hello 30', 'honoured'],
    ['vpdn-group g', 'source vpdn-template', 'honoured'],
    ['vpdn-group g', 'accept dialin l2tp virtual-template 1', 'honoured'],
    ['vpdn-group g', 'accept dialin pptp virtual-template 1', 'honoured'],
    ['vpdn-group g', 'request-dialin', 'honoured'],
    ['vpdn-group g\nrequest-dialin', 'protocol pptp', 'honoured'],
    ['vpdn-group g\nrequest-dialin', 'protocol l2tp', 'not-supported'],
    ['vpdn-group g\nrequest-dialin\nprotocol pptp', 'rotary-group 0', 'honoured'],
    ['vpdn-group g\nrequest-dialin\nprotocol pptp', 'pool-member 1', 'honoured'],
    ['vpdn-group g\nrequest-dialin\nprotocol l2tp', 'pool-member 1', 'not-supported'],
    ['vpdn-group g\nrequest-dialin\nprotocol pptp', 'domain a.example', 'not-supported'],
    ['vpdn-group g\nrequest-dialin\nprotocol pptp\nexit', 'initiate-to ip 10.1.1.1', 'honoured'],
    ['vpdn-group g\nrequest-dialin\nprotocol pptp\nexit', 'initiate-to ip 10.1.1.1 limit 3 priority 2', 'honoured'],
    ['vpdn-group g', 'accept-dialout', 'not-supported'],
    ['vpdn-group g\nrequest-dialin\nprotocol l2tp\nexit', 'initiate-to ip 10.1.1.1', 'not-supported'],
    ['vpdn-group g', 'pptp tunnel echo 60', 'honoured'],
    ['vpdn-group g', 'ip tos reflect', 'not-supported'],
    ['vpdn-group g', 'l2tp security crypto-profile p', 'not-supported'],
    ['vpdn-group g', 'ip mtu adjust', 'without-effect'],
    ['vpdn-group g\naccept-dialin', 'protocol l2tp', 'honoured'],
    ['vpdn-group g\naccept-dialin', 'protocol pptp', 'honoured'],
    ['vpdn-template', 'group session-limit 5', 'honoured'],
    ['pseudowire-class p', 'encapsulation l2tpv2', 'honoured'],
    ['pseudowire-class p', 'encapsulation l2tpv3', 'honoured'],
    ['pseudowire-class p', 'protocol none', 'honoured'],
    ['pseudowire-class p', 'ip ttl 9', 'honoured'],
    ['pseudowire-class p', 'ip protocol udp', 'honoured'],
    ['pseudowire-class p', 'ip protocol uti', 'not-supported'],
    ['pseudowire-class p', 'ip pmtu', 'honoured'],
    ['l2tp-class c', 'digest', 'honoured'],
    ['l2tp-class c', 'cookie size 4', 'honoured'],
    ['interface e0/0', 'xconnect 10.1.1.1 1 pw-class p', 'honoured'],
    ['controller isa 5/0', 'encryption mppe', 'honoured'],
    ['', 'vpdn source-ip 10.1.1.1', 'honoured'],
    ['', 'vpdn logging', 'without-effect'],
    ['', 'vpdn logging remote', 'not-supported'],
    ['', 'vpdn tunnel authorization network default', 'not-supported'],
  ] as const) {
    test(`${mode}: ${line}`, () => {
      const { lines } = loadConfiguration(`${mode}\n${line}`);
      assert.equal(lines.at(-1)?.standing.class, expected);
    });
  }
});
