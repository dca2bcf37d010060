// `vpdn dial` without a server: whom a URL names, what configuration comes of it, where the password may come from, and what is
// said of a call.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lint } from '../../src/cli/lint.ts';
import { formatRunningConfig } from '../../src/cli/running-config.ts';
import { checkWishes, type DialWishes, planDial } from '../../src/mgmt/dial/configuration.ts';
import { readPassword } from '../../src/mgmt/dial/password.ts';
import { parseTarget } from '../../src/mgmt/dial/target.ts';
import { OperatorError } from '../../src/mgmt/operator-error.ts';
import { run } from '../support/process.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const CANARY = 'canary-password';
const folder = mkdtempSync(join(tmpdir(), 'vpdn-dial-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const PLAIN: DialWishes = { stateful: false, routes: [], defaultRoute: false };

describe('whom it calls', () => {
  for (const [text, protocol, user, host] of [
    ['pptp://alice@vpn.example', 'pptp', 'alice', 'vpn.example'],
    ['PPTP://alice@192.0.2.1:1723/', 'pptp', 'alice', '192.0.2.1'],
    ['l2tp://alice@192.0.2.1:1701', 'l2tp', 'alice', '192.0.2.1'],
    ['pptp://alice@office.example@192.0.2.1', 'pptp', 'alice@office.example', '192.0.2.1'],
    ['pptp://OFFICE%5Calice@192.0.2.1', 'pptp', 'OFFICE\\alice', '192.0.2.1'],
    ['pptp://OFFICE\\alice@192.0.2.1', 'pptp', 'OFFICE\\alice', '192.0.2.1'],
    ['pptp://100%@192.0.2.1', 'pptp', '100%', '192.0.2.1'],
  ] as const) {
    test(text, () => assert.deepEqual(parseTarget(text), { protocol, user, host }));
  }

  for (const [text, why] of [
    ['vpn.example', /dial: whom\?/],
    ['pptp://vpn.example', /as whom\?/],
    ['pptp://@vpn.example', /as whom\?/],
    ['pptp://alice@', /dial: whom\?/],
    ['sstp://alice@vpn.example', /sstp is not spoken here/],
    ['pptp://alice@vpn.example:443', /PPTP has one port, 1723/],
    ['pptp://al%0Aice@vpn.example', /cannot be the name/],
    [`pptp://${'a'.repeat(257)}@vpn.example`, /cannot be the name/],
    ['pptp://alice@vpn.example/folder', /dial: whom\?/],
  ] as const) {
    test(`not ${text.slice(0, 60)}`, () => {
      assert.throws(
        () => parseTarget(text),
        (error) => error instanceof OperatorError && why.test(error.message),
      );
    });
  }

  test('a password in the URL is refused, and never said again', () => {
    assert.throws(
      () => parseTarget(`pptp://alice:${CANARY}@vpn.example`),
      (error) => {
        const { message, status } = error as OperatorError;
        assert.doesNotMatch(message, /canary/);
        assert.match(message, /everybody here can read a password on the command line: .*--password-file FILE/);
        return status === 2;
      },
    );
  });
});

describe('the configuration it makes', () => {
  const target = parseTarget('pptp://alice@192.0.2.1');
  const text = (wishes: Partial<DialWishes> = {}, whom = target) => {
    const { configuration } = planDial(whom, '192.0.2.1', CANARY, { ...PLAIN, ...wishes });
    return formatRunningConfig(configuration).filter((line) => line !== '!');
  };

  test('by PPTP, MPPE of 128 bits is required unless something else is asked for', () => {
    const lines = text();
    for (const line of [
      'vpdn enable',
      'vpdn-group dial',
      ' request-dialin',
      '  protocol pptp',
      '  rotary-group 0',
      ' initiate-to ip 192.0.2.1',
      'interface Dialer0',
      ' ip address negotiated',
      ' ppp encrypt mppe 128 required',
      ' ppp chap hostname alice',
      ' ppp chap refuse',
      ' ppp ms-chap refuse',
      ' ppp pap refuse',
    ]) {
      assert.ok(lines.includes(line), line);
    }
    assert.ok(text({ mppe: 'auto', stateful: true }).includes(' ppp encrypt mppe auto required stateful'));
    assert.ok(text({ mppe: '40' }).includes(' ppp encrypt mppe 40 required'));
  });

  test('without MPPE plain CHAP will do, and nothing of MPPE is left', () => {
    const lines = text({ mppe: 'none' });
    assert.ok(!lines.some((line) => line.includes('mppe') || line === ' ppp chap refuse'));
  });

  test('by L2TP, a Virtual-PPP with a pseudowire, in the clear unless MPPE is asked for', () => {
    const lines = text({}, parseTarget('l2tp://alice@192.0.2.1'));
    assert.ok(lines.includes(' pseudowire 192.0.2.1 1 encapsulation l2tpv2'));
    assert.ok(lines.includes('interface Virtual-PPP1'));
    assert.ok(!lines.some((line) => line.includes('mppe') || line.includes('vpdn-group')));
  });

  test('routes, the default route and the MTU', () => {
    const lines = text({ routes: ['10.0.0.0/8', '172.16.5.9/12', '198.51.100.7'], defaultRoute: true, mtu: '1300' });
    for (const line of [
      'ip route 10.0.0.0 255.0.0.0 Dialer0',
      'ip route 172.16.0.0 255.240.0.0 Dialer0',
      'ip route 198.51.100.7 255.255.255.255 Dialer0',
      ' ppp ipcp route default',
      ' mtu 1300',
    ]) {
      assert.ok(lines.includes(line), line);
    }
  });

  test('user and password are what was typed, blanks and all', () => {
    const whom = { ...target, user: 'Alice A. \u00e9' };
    const { configuration } = planDial(whom, '192.0.2.1', ' 7 two  blanks ? ', PLAIN);
    const { ppp } = configuration.interfaces.get('Dialer0')!;
    assert.equal(ppp.chapHostname, 'Alice A. \u00e9');
    assert.deepEqual(ppp.chapPassword, { type: 0, text: ' 7 two  blanks ? ' });
  });

  test('the lint finds nothing but that PPTP is weak', () => {
    const { configuration } = planDial(target, '192.0.2.1', CANARY, PLAIN);
    assert.deepEqual(
      lint(configuration).map(({ code }) => code),
      ['CFG-176'],
    );
  });

  for (const [wishes, why] of [
    [{ mppe: '56' }, /--mppe is one of none, 40, 128, auto/],
    [{ mppe: 'none', stateful: true }, /--stateful is about MPPE/],
    [{ mtu: '100' }, /--mtu is a number from 576 to 1500/],
    [{ mtu: '1e3' }, /--mtu/],
    [{ routes: ['0.0.0.0/0'] }, /--default-route/],
    [{ routes: ['10.0.0.0/33'] }, /--route is a prefix/],
    [{ routes: ['10.0.0/8'] }, /--route is a prefix/],
    [{ routes: ['10.0.0.0/8/8'] }, /--route is a prefix/],
  ] as const satisfies readonly (readonly [Partial<DialWishes>, RegExp])[]) {
    test(`not ${JSON.stringify(wishes)}`, () => {
      assert.throws(() => checkWishes(target, { ...PLAIN, ...wishes }), { message: why });
    });
  }
});

describe('the password', () => {
  const piped = (text: string) => {
    const input = new PassThrough();
    input.end(text);
    return input as unknown as NodeJS.ReadStream;
  };
  const said: string[] = [];
  const ask = (text: string) => void said.push(text);

  test('comes from a file, of which others are told if they could read it', async () => {
    const file = join(folder, 'password');
    writeFileSync(file, `${CANARY}\nnot this\n`, { mode: 0o600 });
    const quiet: string[] = [];
    const sources = { file, environment: { VPDN_PASSWORD: 'other' }, input: piped('') };
    assert.equal(await readPassword({ ...sources, ask: (text) => void quiet.push(text) }), CANARY);
    assert.deepEqual(quiet, []);
    const open = join(folder, 'open');
    writeFileSync(open, CANARY, { mode: 0o644 });
    assert.equal(await readPassword({ ...sources, file: open, ask }), CANARY);
    assert.deepEqual(said.splice(0), [`vpdn: others can read ${open}: chmod 600 ${open}\n`]);
  });

  test('comes from VPDN_PASSWORD, which nothing started from here inherits', async () => {
    const environment: NodeJS.ProcessEnv = { VPDN_PASSWORD: CANARY };
    assert.equal(await readPassword({ environment, input: piped('other\n'), ask }), CANARY);
    assert.deepEqual(environment, {});
  });

  test('comes from a pipe: its first line, without the end of it', async () => {
    assert.equal(await readPassword({ environment: {}, input: piped(` ${CANARY} \r\nmore\n`), ask }), ` ${CANARY} `);
    assert.deepEqual(said.splice(0), []);
  });

  test('that is not there, empty or endless is refused', async () => {
    const refusal = (text: string) => readPassword({ environment: {}, input: piped(text), ask });
    await assert.rejects(refusal(''), /the password is empty/);
    await assert.rejects(refusal('\n'), /the password is empty/);
    await assert.rejects(refusal('x'.repeat(100_000)), /too long/);
    await assert.rejects(
      readPassword({ file: join(folder, 'absent'), environment: {}, input: piped(''), ask }),
      /cannot read the password in .*absent: there is no such file/,
    );
  });
});

describe('the command', () => {
  const dial = (...words: string[]) => run([process.execPath, MAIN, 'dial', ...words]);

  test('says what is wrong with its words before it asks for anything, with status 2', async () => {
    for (const [words, why] of [
      [[], /whom\? vpdn dial pptp:\/\/USER@HOST/],
      [['pptp://alice@192.0.2.1', '--mppe', '56'], /--mppe is one of/],
      [['pptp://alice@192.0.2.1', '--log', 'loud'], /--log loud/],
      [['pptp://alice@192.0.2.1', '--config', 'x'], /takes no --config/],
    ] as const) {
      const { status, stderr } = await dial(...words);
      assert.equal(status, 2);
      assert.match(stderr, why);
    }
  });

  test('never repeats a password that was typed where it does not belong', async () => {
    const typed = `pptp://alice:${CANARY}@192.0.2.1`;
    for (const words of [[typed], ['pptp://alice@192.0.2.1', typed]]) {
      const { status, stdout, stderr } = await dial(...words);
      assert.equal(status, 2);
      assert.doesNotMatch(stdout + stderr, /canary/);
    }
  });
});
