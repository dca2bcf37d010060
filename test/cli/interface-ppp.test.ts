// PPP lines of an interface, and where addresses come from: how each is printed, what takes it back, the ends of its ranges.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadConfiguration } from '../../src/cli/load.ts';
import { linkSettings } from '../../src/vpdn/defaults.ts';
import { errorsOf, loaded, messagesOf, printed, warningsOf } from './helpers.ts';

const PPP_LINES = [
  'compress mppc',
  'compress mppc ignore-pfc',
  'compress stac',
  'ppp encrypt mppe auto',
  'ppp encrypt mppe 40 passive',
  'ppp encrypt mppe 128 required stateful',
  'ppp authentication chap callback',
  'ppp authentication eap ms-chap default one-time',
  'ppp chap wait',
  'ppp chap splitnames',
  'ppp chap ignoreus',
  'ppp chap challenge-length 16 63',
  'ppp pap wait',
  'ppp ms-chap refuse',
  'ppp ms-chap-v2 refuse callin',
  'ppp eap refuse',
  'ppp direction dedicated',
  'ppp accounting default',
  'ppp authorization LIST',
  'ppp acfc local request',
  'ppp acfc remote ignore',
  'ppp pfc local forbid',
  'ppp pfc remote reject',
  'ppp lcp delay 1.5 random 3',
  'ppp lcp delay 0',
  'ppp timeout retry 0 500',
  'ppp timeout retry 3',
  'ppp timeout authentication 0',
  'ppp timeout ncp 60 termination 30',
  'ppp timeout idle 300 inbound',
  'ppp timeout idle 42000',
  'ppp timeout absolute 3600',
  'ppp timeout aaa',
  'ppp ipcp dns 10.1.1.1 10.1.1.2 aaa accept',
  'ppp ipcp dns accept',
  'ppp ipcp dns reject',
  'ppp ipcp dns request accept',
  'ppp ipcp wins 10.1.1.1 accept',
  'ppp ipcp address accept',
  'ppp ipcp address required',
  'ppp ipcp address unique',
  'ppp ipcp mask 255.255.255.0',
  'ppp ipcp mask request',
  'ppp ipcp mask reject',
  'ppp ipcp header-compression ack',
  'ppp ipcp username unique',
  'ppp ipcp predictive',
  'ppp lcp fast-start',
  'ppp lcp echo mru verify minimum 1400',
  'ppp accm 0xA0000',
  'ppp mtu adaptive proxy',
  'ppp multilink bap',
  'ppp multilink group 1',
  'ppp multilink links minimum 2 mandatory',
  'ppp multilink fragment delay 10',
  'ppp quality 80',
  'ppp reliable-link',
  'ppp bap call accept',
  'ppp callback accept',
  'ppp dnis 5551234',
  'peer default ip address dhcp',
  'peer default ip address dhcp-pool one',
] as const;

describe('a PPP line is printed as typed, on a template and on a Virtual-PPP, and no and default take it back', () => {
  for (const line of PPP_LINES) {
    test(line, () => {
      for (const head of ['interface Virtual-Template1', 'interface Virtual-PPP1']) {
        const shown = (...lines: string[]) => printed(loaded([head, ...lines].join('\n'))).slice(1);
        const rest = [' no ip address'];
        assert.deepEqual(shown(line), [...rest, ` ${line}`]);
        const afterNo = shown(line, `no ${line}`).filter((each) => each !== ' no peer default ip address');
        assert.deepEqual([afterNo, shown(line, `default ${line}`)], [rest, rest]);
      }
    });
  }
});

test('C110: one line of a kind replaces the other', () => {
  const shown = (...lines: string[]) => printed(loaded(['interface vt1', ...lines].join('\n'))).slice(2);
  assert.deepEqual(shown('ppp ipcp dns 10.1.1.1', 'ppp ipcp dns request'), [' ppp ipcp dns request']);
  assert.deepEqual(shown('ppp encrypt mppe 40', 'ppp encrypt mppe auto'), [' ppp encrypt mppe auto']);
  assert.deepEqual(shown('ppp multilink', 'ppp multilink bap'), [' ppp multilink bap']);
});

const RANGES: readonly (readonly [text: string, low: number, high: number])[] = [
  ['ppp chap challenge-length % 63', 16, 63],
  ['ppp timeout authentication %', 0, 255],
  ['ppp timeout ncp %', 1, 65535],
  ['ppp timeout ncp 9 termination %', 1, 65535],
  ['ppp timeout idle %', 1, 4294967],
  ['ppp timeout absolute %', 1, 4294967],
  ['ppp timeout retry 1 %', 0, 999],
  ['ppp lcp delay %', 0, 255],
  ['ppp max-bad-auth %', 0, 255],
  ['ppp max-configure %', 1, 255],
  ['ppp max-terminate %', 1, 255],
  ['ppp quality %', 0, 100],
];

describe('a number is taken to the ends of its range and not beyond', () => {
  for (const [text, low, high] of RANGES) {
    test(`${text} <${low}-${high}>`, () => {
      const take = (value: number) => errorsOf(`interface vt1\n${text.replace('%', String(value))}`).length;
      assert.deepEqual([take(low), take(high), take(high + 1), low === 0 ? 1 : take(low - 1)], [0, 0, 1, 1]);
    });
  }
});

describe('what makes no sense is refused', () => {
  for (const [line, message] of [
    ['ppp chap challenge-length 40 20', '% The minimum challenge length cannot be larger than the maximum'],
    ['ppp timeout retry 0', '% The retry timeout is at least 100 milliseconds'],
    ['ppp ipcp mask 255.0.255.0', '% 255.0.255.0 is not a subnet mask'],
    ['compress stac ignore-pfc', '% `ignore-pfc` is about MPPC only'],
  ] as const) {
    test(line, () => assert.deepEqual(messagesOf(`interface vt1\n${line}`), [message]));
  }
});

test('C122, C124: MPPE and MPPC are honoured, and a compression that is not built says so', () => {
  const standingOf = (line: string) => loadConfiguration(`interface vt1\n${line}`).lines.at(-1)!.standing;
  for (const line of [
    'ppp encrypt mppe auto',
    'ppp encrypt mppe 128 required stateful',
    'compress mppc',
    'no compress',
  ]) {
    assert.deepEqual(standingOf(line), { class: 'honoured' }, line);
  }
  assert.deepEqual(standingOf('compress stac'), {
    class: 'not-supported',
    why: 'stac is not built: packets are sent as they are, use `mppc`',
  });
  assert.deepEqual(warningsOf('interface vt1\nppp encrypt mppe auto required'), []);
});

test('C107, C110: every protocol of authentication is honoured, and so is every refusal', () => {
  const lines = [
    'ppp authentication ms-chap ms-chap-v2 eap chap pap',
    'ppp ms-chap refuse',
    'ppp ms-chap-v2 refuse callin',
  ];
  for (const line of [...lines, 'ppp eap refuse']) {
    assert.equal(loadConfiguration(`interface vt1\n${line}`).lines.at(-1)!.standing.class, 'honoured', line);
  }
});

/** What the link gets of the lines below `interface Virtual-PPP1`. */
function settingsOf(...lines: string[]) {
  const configuration = loaded(['hostname r', 'interface vp1', ...lines].join('\n'));
  const place = { outerMtu: 1500, sequencing: false, direction: 'callout', localAddress: '0.0.0.0' } as const;
  return linkSettings(configuration, configuration.interfaces.get('Virtual-PPP1')!, place);
}

test('C112: the direction typed is the one that callin and callout go by, and on a dedicated line neither excuses', () => {
  const demanded = (...lines: string[]) => settingsOf('ppp authentication chap callin', ...lines).authenticate;
  assert.deepEqual(demanded(), []);
  assert.deepEqual(demanded('ppp direction callin'), ['chap']);
  assert.deepEqual(demanded('ppp direction dedicated'), ['chap']);
  assert.deepEqual(settingsOf('ppp chap refuse callin', 'ppp direction callin').refuse, ['chap']);
});

test('C118: seconds and milliseconds of a line become what the link counts in', () => {
  const { restartTimer, authenticationTimeout, ncpGrace, passiveDelay, passiveDelayRandom } = settingsOf(
    'ppp timeout retry 1 250',
    'ppp timeout authentication 0',
    'ppp timeout ncp 20 termination 7',
    'ppp lcp delay 0.5 random 2',
  );
  const all = [restartTimer, authenticationTimeout, ncpGrace, passiveDelay, passiveDelayRandom];
  assert.deepEqual(all, [1250, Number.POSITIVE_INFINITY, 7000, 500, 2000]);
});

test('C110: with splitnames the router challenges in its own name', () => {
  const names = (...lines: string[]) => {
    const { localName, responseName } = settingsOf('ppp chap hostname client', ...lines);
    return [localName, responseName ?? localName];
  };
  assert.deepEqual(names(), ['client', 'client']);
  assert.deepEqual(names('ppp chap splitnames'), ['r', 'client']);
});

describe('C017: ip local pool', () => {
  test('its options are printed with each of its ranges, and stay when a range is added', () => {
    const text = `ip local pool p 10.1.0.1 10.1.0.9 group RED cache-size 50
ip local pool p 10.2.0.1 recycle delay 60
`;
    const options = 'group RED cache-size 50 recycle delay 60';
    const lines = [`ip local pool p 10.1.0.1 10.1.0.9 ${options}`, `ip local pool p 10.2.0.1 ${options}`];
    assert.deepEqual(printed(loaded(text)), lines);
    assert.deepEqual(printed(loaded(lines.join('\n'))), lines);
    assert.equal(loaded(`${text}no ip local pool p`).poolOptions.size, 0);
  });

  test('pools of different groups may overlap, those of one may not', () => {
    const first = 'ip local pool a 10.1.1.1 10.1.1.9 group RED\n';
    assert.deepEqual(messagesOf(`${first}ip local pool b 10.1.1.9 10.1.1.20 group BLUE`), []);
    assert.deepEqual(messagesOf(`${first}ip local pool b 10.1.1.9 10.1.1.20`), []);
    assert.deepEqual(messagesOf(`${first}ip local pool b 10.1.1.9 10.1.1.20 group RED`), [
      '%IP address range overlaps with pool: a',
    ]);
    assert.deepEqual(messagesOf(`${first}ip local pool a 10.9.1.1 group BLUE`), ['%Pool a is not in group BLUE']);
  });
});

describe('C015: ip route', () => {
  test('every option is printed in its place', () => {
    for (const line of [
      'ip route 0.0.0.0 0.0.0.0 dhcp 250',
      'ip route 10.0.0.0 255.0.0.0 Null0 254 name drop',
      'ip route 10.1.0.0 255.255.0.0 10.9.9.9 tag 7 track 1',
      'ip route 10.2.0.0 255.255.0.0 Dialer1 permanent',
      'ip route vrf RED 10.3.0.0 255.255.0.0 10.9.9.9',
    ]) {
      assert.deepEqual(printed(loaded(line)), [line]);
      assert.deepEqual(printed(loaded(`${line}\nno ${line}`)), []);
    }
  });

  test('X11: a bare word is no name', () =>
    assert.deepEqual(errorsOf('ip route 10.0.0.0 255.0.0.0 10.1.1.1 lan').length, 1));

  test('X02: a route into an interface that is not there is kept, with one warning', () => {
    const line = 'ip route 10.20.20.0 255.255.255.0 virtual-PPP 1';
    assert.deepEqual(warningsOf(line), [
      '% Interface Virtual-PPP1 is not configured: the route stays inactive until it is',
    ]);
    assert.equal(loaded(line).routes.length, 1);
  });
});
