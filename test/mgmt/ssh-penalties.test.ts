// What wrong passwords cost at the SSH server, by source, and how often one connection may try.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfiguration } from '../../src/cli/load.ts';
import { sourceOf } from '../../src/mgmt/ssh-door.ts';
import { SshLogin, type Verdict } from '../../src/mgmt/ssh-login.ts';
import { Penalties } from '../../src/mgmt/ssh-penalties.ts';

const MINUTE = 60_000;

test('each failure of a source waits twice as long as the one before, up to a limit', () => {
  const penalties = new Penalties();
  const waits = Array.from({ length: 7 }, (_, index) => penalties.failed('192.0.2.1', index * 1000));
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
  assert.equal(penalties.failed('192.0.2.2', 8000), 500);
});

test('a login that works, or ten quiet minutes, make a source new again', () => {
  const penalties = new Penalties();
  for (let count = 0; count < 5; count++) penalties.failed('192.0.2.1', 0);
  assert.equal(penalties.failed('192.0.2.1', 10 * MINUTE), 8000);
  assert.equal(penalties.failed('192.0.2.1', 20 * MINUTE + 1), 500);
  penalties.failed('192.0.2.1', 20 * MINUTE + 2);
  penalties.succeeded('192.0.2.1');
  assert.equal(penalties.failed('192.0.2.1', 20 * MINUTE + 3), 500);
});

test('of thousands of sources the one that failed last is remembered, the one before all others is not', () => {
  const penalties = new Penalties();
  penalties.failed('first', 0);
  for (let index = 0; index < 1000; index++) penalties.failed(`source ${index}`, 0);
  assert.equal(penalties.failed('source 999', 0), 1000);
  assert.equal(penalties.failed('first', 0), 500);
});

test('a source is an IPv4 address, or 64 bits of an IPv6 one', () => {
  assert.notEqual(sourceOf('192.0.2.1'), sourceOf('192.0.2.2'));
  assert.equal(sourceOf('2001:db8::1'), sourceOf('2001:db8::ffff:0:0:2'));
  assert.notEqual(sourceOf('2001:db8::1'), sourceOf('2001:db8:0:1::1'));
});

const login = (text: string, waits: number[] = []) => {
  const { configuration, errors } = loadConfiguration(text);
  assert.deepEqual(errors, []);
  return new SshLogin(
    () => configuration,
    () => {
      waits.push(0);
      return 0;
    },
  );
};
const guess = async (at: SshLogin, user: string, times: number): Promise<Verdict[]> => {
  const verdicts: Verdict[] = [];
  for (let count = 0; count < times; count++) {
    verdicts.push(await at.judge({ method: 'password', user, password: `guess ${count}` }));
  }
  return verdicts;
};

test('C012: three wrong passwords end the connection, or as many as ip ssh authentication-retries says; each pays', async () => {
  const waits: number[] = [];
  assert.deepEqual(await guess(login('username admin password 0 right\n', waits), 'admin', 3), [
    'refused',
    'refused',
    'too-many',
  ]);
  assert.equal(waits.length, 3);
  assert.deepEqual(await guess(login('ip ssh authentication-retries 1\n'), 'admin', 1), ['too-many']);
});

test('an unknown user, one without a password and one whose password is none to compare get what a wrong one gets', async () => {
  const text = 'username admin password 0 right\nusername open nopassword\nusername bare privilege 5\n';
  const wrong = await guess(login(text), 'admin', 3);
  for (const user of ['nobody', 'open', 'bare', '', '__proto__', 'constructor']) {
    assert.deepEqual(await guess(login(text), user, 3), wrong, user);
  }
});

test('an empty password is no way in', async () => {
  const at = login('username admin privilege 15\nusername open nopassword\n');
  assert.equal(await at.judge({ method: 'password', user: 'admin', password: '' }), 'refused');
  assert.equal(await at.judge({ method: 'password', user: 'open', password: '' }), 'refused');
});

test('after the last guess not even the right password is taken', async () => {
  const at = login('username admin password 0 right\nip ssh authentication-retries 1\n');
  await guess(at, 'admin', 1);
  assert.equal(await at.judge({ method: 'password', user: 'admin', password: 'right' }), 'too-many');
  const first = login('username admin password 0 right\nip ssh authentication-retries 0\n');
  assert.equal(await first.judge({ method: 'password', user: 'admin', password: 'right' }), 'accepted');
});

test('keys are offered without a penalty, but not without end', async () => {
  const waits: number[] = [];
  const at = login('username admin password 0 right\n', waits);
  const verdicts: Verdict[] = [];
  for (let count = 0; at.begin(); count++) {
    verdicts.push(await at.judge({ method: 'publickey', user: 'admin', key: Uint8Array.of(count), proven: false }));
  }
  assert.deepEqual(verdicts, Array(30).fill('refused'));
  assert.deepEqual(waits, []);
});

test('a password in force now counts, not the one of the time of connecting', async () => {
  const before = loadConfiguration('username admin password 0 old\n').configuration;
  const after = loadConfiguration('username admin password 0 new\n').configuration;
  let current = before;
  const at = new SshLogin(
    () => current,
    () => 0,
  );
  current = after;
  assert.equal(await at.judge({ method: 'password', user: 'admin', password: 'old' }), 'refused');
  assert.equal(await at.judge({ method: 'password', user: 'admin', password: 'new' }), 'accepted');
});
