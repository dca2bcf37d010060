// A configuration as it is found: saved from a terminal with what stood around it, texts over several lines, lines of older modes.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lint } from '../../src/cli/lint.ts';
import { formatReport, loadConfiguration } from '../../src/cli/load.ts';
import { formatRunningConfig } from '../../src/cli/running-config.ts';

const messages = (text: string) => loadConfiguration(text).errors.map(({ message }) => message);
const standings = (text: string) =>
  loadConfiguration(text).lines.map(({ text: each, standing }) => [each, standing.class]);

describe('a configuration saved from a terminal', () => {
  test('what show running-config prints above the first line is no command', () => {
    const saved =
      '\r\nBuilding configuration...\r\n\r\nCurrent configuration : 5345 bytes\r\n!\r\nhostname R1\r\nend\r\n';
    assert.deepEqual(messages(saved), []);
    assert.deepEqual(messages('Using 1024 out of 262136 bytes, uncompressed size = 2000 bytes\nhostname R1\n'), []);
    assert.equal(loadConfiguration(saved).configuration.hostname, 'R1');
  });

  test('below the first line it is an error like any other', () => {
    assert.equal(messages('hostname R1\nBuilding configuration...\n').length, 1);
  });
});

describe('texts over several lines', () => {
  const head = 'aaa authentication fail-message';
  test('are not read as commands, whatever they say', () => {
    const { errors, configuration } = loadConfiguration(
      `${head} #\ninterface Loopback7\n no\n#\nbanner slip-ppp ^Chi\nend^C\n`,
    );
    assert.deepEqual(errors, []);
    assert.equal(configuration.interfaces.has('Loopback7'), false);
    const printed = formatRunningConfig(configuration);
    assert.ok(printed.join('\n').includes(`${head} ^C\ninterface Loopback7\n no\n^C`), printed.join('\n'));
    assert.deepEqual(formatRunningConfig(loadConfiguration(printed.join('\n')).configuration), printed);
  });

  test('a second one replaces the first, and `no` takes it away', () => {
    const twice = loadConfiguration(`${head} #a#\n${head} #b#\n`).configuration;
    assert.deepEqual(
      formatRunningConfig(twice).filter((each) => each.startsWith(head)),
      [`${head} ^Cb^C`],
    );
    const gone = loadConfiguration(`${head} #a#\nno ${head}\n`).configuration;
    assert.ok(!formatRunningConfig(gone).some((each) => each.startsWith(head)));
  });

  test('one left open is blamed on the line that opened it', () => {
    const { errors } = loadConfiguration(`hostname R1\n${head} #a\nhostname R2\n`);
    assert.deepEqual(
      errors.map(({ line }) => line),
      [2],
    );
  });
});

describe('an indented line that only global configuration mode knows', () => {
  test('is taken, and it is said that it ended its block', () => {
    const { warnings } = loadConfiguration('interface Loopback1\n ip cef accounting per-prefix\n!\nip cef\n');
    assert.deepEqual(
      warnings.map(({ line, column, code }) => ({ line, column, code })),
      [{ line: 2, column: 1, code: 'outside-block' }],
    );
  });

  test('is no surprise at the margin of its block, nor from a block inside a block', () => {
    const text =
      'interface Loopback1\n ip address 10.0.0.1 255.255.255.255\nip cef\nvpdn-group g\n accept-dialin\n  protocol l2tp\n   terminate-from hostname a\n';
    assert.deepEqual(loadConfiguration(text).warnings, []);
    assert.deepEqual(loadConfiguration('  interface Loopback1\n  no ip address\n  hostname R\n').warnings, []);
  });
});

describe('lines of interfaces that begin like global ones', () => {
  for (const [line, kind] of [
    ['ip tcp adjust-mss 1452', 'not-supported'],
    ['dialer pool-member 1', 'not-supported'],
    ['crypto ipsec df-bit clear', 'not-supported'],
    ['mpls mtu 1508', 'not-supported'],
    ['ntp broadcast', 'without-effect'],
    ['ip ips RULES in', 'not-supported'],
    ['ip address dhcp client-id GigabitEthernet0/1 hostname r1', 'not-supported'],
  ] as const) {
    test(`${line} stays below its interface`, () => {
      const text = `interface GigabitEthernet0/1\n ${line}\n description after\n`;
      assert.deepEqual(standings(text).slice(1), [
        [` ${line}`, kind],
        [' description after', 'honoured'],
      ]);
      const printed = formatRunningConfig(loadConfiguration(text).configuration);
      assert.ok(printed.includes(` ${line}`), printed.join('\n'));
    });
  }
});

describe('what a report shows of a broken line', () => {
  const shownOf = (text: string) => loadConfiguration(text).errors.map((each) => each.text);

  test('ends at a character that no line may hold: a secret may follow a word that it broke', () => {
    assert.deepEqual(shownOf('vpdn-group a\n l2tp tunnel pa\0ssword 0 S3CRET\n'), [' l2tp tunnel pa.']);
    assert.deepEqual(shownOf('username a pass\u200bword S3CRET\n'), ['username a <removed>']);
    assert.deepEqual(shownOf('\x80enable secret S3CRET\n'), ['.']);
  });

  test('says nothing to the terminal that it is shown on, and puts the caret below it', () => {
    const [report] = loadConfiguration(`\x1b[31mhostname R1\n`).errors;
    assert.deepEqual(formatReport(report!).slice(0, 2), ['line 1: .', '        ^']);
    const [long] = loadConfiguration(`hostname ${'a'.repeat(1_000_000)}\n`).errors;
    assert.equal(formatReport(long!)[1]!.indexOf('^'), formatReport(long!)[0]!.length);
  });
});

test('the MTU of a device is that of Linux, whatever its interface says, and that of a call is not', () => {
  const text =
    'interface FastEthernet0/0\n mtu 1400\n ip mtu 1400\ninterface Virtual-Template1\n mtu 1400\n ip mtu 1400\n';
  assert.deepEqual(
    standings(text).map(([, each]) => each),
    ['honoured', 'not-supported', 'not-supported', 'honoured', 'honoured', 'honoured'],
  );
});

test('a user with a privilege level logs in on lines: a one-way secret is as it should be', () => {
  const warned = (user: string) => {
    const text = `${user}\ninterface Virtual-Template1\n ppp authentication chap\n`;
    return lint(loadConfiguration(text).configuration).some(({ code }) => code === 'CFG-143');
  };
  assert.equal(warned('username admin privilege 15 secret S3CRETs3cret'), false);
  assert.equal(warned('username alice secret S3CRETs3cret'), true);
});

test('lines about MPLS below a pseudowire class stay there', () => {
  const text =
    'pseudowire-class p\n interworking ip\n control-word\n no status\n vc type vlan\n encapsulation l2tpv3\n';
  assert.deepEqual(messages(text), []);
  const printed = formatRunningConfig(loadConfiguration(text).configuration);
  assert.deepEqual(formatRunningConfig(loadConfiguration(printed.join('\n')).configuration), printed);
  assert.ok(printed.includes(' interworking ip') && printed.includes(' control-word'), printed.join('\n'));
});
