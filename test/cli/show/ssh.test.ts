// C012: `show ssh` and `show ip ssh`, as IOS lays them out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfiguration } from '../../../src/cli/load.ts';
import { showIpSsh, showSsh } from '../../../src/cli/show/ssh.ts';

test('nobody is connected', () =>
  assert.deepEqual(
    [...showSsh([])],
    ['%No SSHv2 server connections running.', '%No SSHv1 server connections running.'],
  ));

test('a connection has a row for each direction; a cipher that carries its own sum has none beside it', () =>
  assert.deepEqual(
    [
      ...showSsh([
        { line: 0, cipher: 'aes128-ctr', mac: 'hmac-sha2-256', user: 'arm' },
        { line: 1, cipher: 'aes256-gcm@openssh.com', mac: '', user: 'bob\u001b[31m' },
      ]),
    ].map((line) => line.trimEnd()),
    [
      'Connection Version Mode Encryption                   Hmac                           State                 Username',
      '0          2.0     IN   aes128-ctr                   hmac-sha2-256                  Session started       arm',
      '0          2.0     OUT  aes128-ctr                   hmac-sha2-256                  Session started       arm',
      '1          2.0     IN   aes256-gcm@openssh.com       implicit                       Session started       bob\\u{1b}[31m',
      '1          2.0     OUT  aes256-gcm@openssh.com       implicit                       Session started       bob\\u{1b}[31m',
      '%No SSHv1 server connections running.',
    ],
  ));

test('what the server is set to', () => {
  const { configuration } = loadConfiguration('ip ssh time-out 60\nip ssh authentication-retries 2\n');
  assert.deepEqual(
    [...showIpSsh(configuration, true)],
    ['SSH Enabled - version 2.0', 'Authentication timeout: 60 secs; Authentication retries: 2'],
  );
  const off = [...showIpSsh(loadConfiguration('').configuration, false)];
  assert.equal(off[0], 'SSH Disabled - version 2.0');
  assert.equal(off.at(-1), 'Authentication timeout: 120 secs; Authentication retries: 3');
});
