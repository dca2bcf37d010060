// `?` and Tab: layouts, order, and the help strings that Cisco publishes.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applyLine, GLOBAL_MODES, type Modes } from '../../src/cli/configure.ts';
import { execBeginnings } from '../../src/cli/grammar/exec.ts';
import { GLOBAL } from '../../src/cli/grammar/global.ts';
import { MODES } from '../../src/cli/grammar/modes.ts';
import { complete, helpLines } from '../../src/cli/help.ts';
import { markdownPages } from '../../src/cli/reference/markdown.ts';
import { referencePages } from '../../src/cli/reference/model.ts';
import { beginnings } from '../../src/cli/tree.ts';
import { emptyConfiguration } from '../../src/vpdn/configuration.ts';
import { ConfigError } from '../../src/wire/errors.ts';

function within(...opening: string[]): Modes {
  let modes = GLOBAL_MODES;
  const draft = emptyConfiguration();
  for (const line of opening) {
    const applied = applyLine(draft, modes, line);
    assert.ok(!(applied instanceof ConfigError));
    modes = applied.modes;
  }
  return modes;
}

function help(modes: Modes, text: string): string[] {
  const chain = [...modes].reverse().map((open) => beginnings(open));
  return helpLines(chain, text, modes.at(-1)!.mode.heading);
}

const PW = within('pseudowire-class p');
const IF = within('interface Virtual-PPP1');
const CLASS = within('l2tp-class c');

test('IOS: the words, sorted and padded to the longest, as Y1 has them', () => {
  assert.deepEqual(help(PW, 'ip '), [
    '  dfbit     DF bit options for tunnel',
    '  local     Specify local information',
    '  pmtu      Enable Path MTU for tunnel',
    '  protocol  Specific IP protocol number to use',
    '  tos       Specify ToS options for IP tunnel header',
    '  ttl       Specify TTL value for IP tunnel header',
  ]);
});

test('IOS: at the start of a line the heading of the mode comes first', () => {
  assert.deepEqual(help(CLASS, '').slice(0, 2), [
    'L2TP class configuration commands:',
    '  authentication  Authenticate the L2TP control connection',
  ]);
});

test('IOS: placeholders come first, <cr> last', () => {
  assert.deepEqual(help(IF, 'keepalive 10 '), ['  <2-255>  Keepalive retries', '  <cr>']);
  assert.deepEqual(help(IF, 'ip address '), [
    '  A.B.C.D     IP address',
    '  dhcp        IP Address negotiated via DHCP',
    '  negotiated  IP Address negotiated over PPP',
  ]);
});

test('IOS: after part of a word, the words it may become, without help', () => {
  assert.deepEqual(help(CLASS, 'h'), ['hello  hidden  hostname']);
  assert.deepEqual(help(CLASS, 'hello 1'), ['  <0-1000>  Interval in seconds']);
  assert.deepEqual(help(CLASS, 'xyz'), ['% Unrecognized command']);
  assert.deepEqual(help(CLASS, 'r x '), ['% Ambiguous command:  "r x "']);
});

test('IOS: after no, only what can be taken back', () => {
  const lines = help(CLASS, 'no ');
  assert.ok(lines.some((line) => line.startsWith('  hello ')));
  assert.ok(!lines.some((line) => line.includes('exit')));
});

test('the words of the modes around are known as well', () => {
  assert.deepEqual(help(IF, 'vpdn-g'), ['vpdn-group']);
});

test('extensions are marked', () => {
  const extension = '  interfaces      Linux devices behind physical interfaces (ext)';
  assert.ok(help([GLOBAL], 'platform ').includes(extension));
});

test('user EXEC does not show what it cannot do', () => {
  const lines = helpLines([execBeginnings(1)], '', 'Exec commands:');
  assert.ok(lines.some((line) => line.startsWith('  ping')));
  assert.ok(!lines.some((line) => line.startsWith('  configure')));
});

describe('IOS: help strings that Cisco itself publishes, word for word', () => {
  const rows: [Modes, string, string, string][] = [
    [CLASS, '', 'authentication', 'Authenticate the L2TP control connection'],
    [CLASS, '', 'hello', 'Set HELLO message interval'],
    [CLASS, '', 'password', 'Password for control connection authentication, AVP hiding'],
    [CLASS, '', 'cookie', 'Local cookie options'],
    [CLASS, 'cookie ', 'size', 'Local cookie size'],
    [PW, '', 'encapsulation', 'Data encapsulation method'],
    [PW, '', 'protocol', 'Signaling protocol to use'],
    [PW, 'protocol ', 'none', 'No signaling, use manually configured pseudowires'],
    [PW, 'protocol l2tpv2 ', 'WORD', 'l2tp-class name'],
    [PW, 'ip local ', 'interface', 'Source interface for pseudowire'],
    [PW, 'ip dfbit ', 'set', 'Set the DF bit in the tunnel header'],
    [PW, 'ip tos ', 'reflect', 'Reflect IP payload ToS on tunnel'],
    [PW, 'ip tos ', 'value', 'IP ToS value'],
    [PW, '', 'sequencing', 'Sequencing options for pseudowire'],
    [IF, '', 'pseudowire', 'pseudowire commands'],
    [IF, 'pseudowire ', 'A.B.C.D', 'IP address of peer'],
    [IF, 'pseudowire 10.1.1.1 ', '<1-4294967295>', 'VC ID value'],
    [IF, 'pseudowire 10.1.1.1 1 encapsulation l2tpv3 ', 'manual', 'Manually configure L2TP session parameters'],
    [IF, 'pseudowire 10.1.1.1 1 pw-class x ', 'sequencing', 'Configure sequencing options for xconnect'],
    [IF, 'pseudowire 10.1.1.1 1 ', 'pw-class', 'Pseudowire-class to use for encapsulation and protocol configuration'],
    [IF, 'ppp ', 'authentication', 'Set PPP link authentication method'],
    [IF, 'ppp authentication ', 'chap', 'Challenge Handshake Authentication Protocol (CHAP)'],
    [IF, 'ppp authentication ', 'pap', 'Password Authentication Protocol (PAP)'],
    [IF, 'ppp authentication ', 'ms-chap', 'Microsoft Challenge Handshake Authentication Protocol (MS-CHAP)'],
    [IF, 'ppp authentication ', 'ms-chap-v2', 'Microsoft CHAP Version 2 (MS-CHAP-V2)'],
    [IF, 'ppp authentication ', 'eap', 'Extensible Authentication Protocol (EAP)'],
    [IF, 'ppp authentication chap ', 'callin', 'Authenticate remote on incoming call only'],
    [IF, 'ppp authentication chap ', 'callout', 'Authenticate remote on outgoing call only'],
    [IF, 'ppp authentication chap ', 'optional', 'Allow peer to refuse to authenticate'],
    [IF, 'ppp authentication chap ', 'one-time', 'Allow use of username*OTP for one-time passwords'],
    [IF, 'ppp authentication chap ', 'default', 'Use the default authentication list'],
    [IF, 'ppp chap ', 'hostname', 'Set alternate CHAP hostname'],
    [IF, 'ppp chap ', 'password', 'Set default CHAP password'],
    [IF, 'ppp pap ', 'sent-username', 'Set Outbound PAP username'],
    [IF, 'ppp pap ', 'refuse', 'Refuse to authenticate using PAP'],
    [IF, 'ppp ipcp ', 'dns', 'Specify DNS negotiation options'],
    [IF, 'ppp ipcp dns ', 'reject', 'Reject negotiations with the peer'],
    [IF, 'ppp ipcp dns ', 'request', 'Request server addresses from peer'],
    [IF, 'ppp ipcp dns request ', 'accept', 'Accept any non zero DNS address'],
    [IF, 'ppp ipcp route ', 'default', 'Install default route through negotiated peer IP address'],
    [IF, 'ppp timeout ', 'ncp', 'Maximum time to wait for network layer to negotiate'],
    [IF, 'ppp timeout ', 'authentication', 'Maximum time to wait for an authentication response'],
    [IF, 'ppp mtu ', 'adaptive', "Adapt MTU to peer's MRU"],
  ];
  for (const [modes, text, token, said] of rows) {
    test(`${text}${token}`, () => {
      const line = help(modes, text).find((each) => each.trim().split(/ +/)[0] === token);
      assert.equal(line?.trim().replace(/^\S+ +/, ''), said);
    });
  }
});

test('every word of every mode has a help text', () => {
  const opened = [
    GLOBAL_MODES,
    CLASS,
    PW,
    IF,
    within('vpdn-group g'),
    within('vpdn-group g', 'accept-dialin'),
    within('interface vt1'),
    within('interface e0/0'),
    within('line con 0'),
  ];
  const chains = [...opened.map((modes) => [beginnings(modes.at(-1)!)]), [execBeginnings(15)]] as ReturnType<
    typeof beginnings
  >[][];
  for (const chain of chains) walk(chain, '', 0);
});

/** Two words deep: that is where the shared words are. */
function walk(chain: ReturnType<typeof beginnings>[], text: string, depth: number): void {
  for (const line of helpLines(chain, text, '')) {
    const token = line.trim().split(' ')[0]!;
    if (line === '' || token === '<cr>') continue;
    assert.match(line.trim(), /^\S+ {2,}\S/, `${text}${token} has no help`);
    if (depth < 2 && /^[a-z]/.test(token)) walk(chain, `${text}${token} `, depth + 1);
  }
}

describe('IOS: Tab', () => {
  const tab = (modes: Modes, text: string) =>
    complete(
      [...modes].reverse().map((open) => beginnings(open)),
      text,
    );
  test('completes what is unique', () => assert.equal(tab(CLASS, 'auth'), 'authentication '));
  test('keeps what stands before', () => assert.equal(tab(IF, 'ip unn'), 'ip unnumbered '));
  test('leaves what is not', () => assert.equal(tab(CLASS, 'h'), undefined));
  test('leaves what is unknown', () => assert.equal(tab(CLASS, 'xyz'), undefined));
  test('knows the modes around', () => assert.equal(tab(CLASS, 'pseudo'), 'pseudowire-class '));
});

test('the reference has a page for every mode, with syntax, no form and words', () => {
  const pages = new Map(markdownPages(referencePages()).map(({ name, text }) => [name.replace('.md', ''), text]));
  assert.deepEqual([...pages.keys()], ['exec', ...MODES.map(({ name }) => name), 'catalogue', 'findings']);
  const text = pages.get('interface')!;
  assert.ok(
    text.includes('## keepalive\n\n```\nkeepalive [<0-32767> [<2-255>]]\nno keepalive [<0-32767> [<2-255>]]\n```'),
  );
  assert.ok(text.includes('ip unnumbered INTERFACE\n'));
  assert.ok(text.includes('| `<2-255>` | Keepalive retries |'));
  assert.ok(pages.get('exec')!.includes('show vpdn tunnel [l2f | l2tp | pptp] [all | '));
});
