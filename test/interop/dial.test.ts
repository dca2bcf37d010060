// `vpdn dial` to Debian's pptpd: encrypted both ways, told when the server hangs up, and no call where it does not encrypt.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hosted } from '../support/requirement.ts';
import { CREDENTIALS, MILLIS, namespaceWithGuest, OUTER, OUTER_LENGTH, POOL, PPTP_PEER, TAP } from './place.ts';
import { PPTP_MODULES } from './pptp.ts';
import { Pptpd } from './pptpd.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const UP_MILLIS = 30_000;

hosted('interop: pptpd called by vpdn dial', PPTP_PEER, MILLIS, async (context) => {
  const { namespace, guest } = await namespaceWithGuest(context, 'server', PPTP_MODULES);
  namespace.ip(`addr add ${OUTER.client}/${OUTER_LENGTH} dev ${TAP}`);
  const folder = mkdtempSync(join(tmpdir(), 'vpdn-dial-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const { client: user, server: name, userPassword: password } = CREDENTIALS;
  const file = join(folder, 'password');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  const dial = (...words: string[]) => {
    const argv = [process.execPath, MAIN, 'dial', `pptp://${user}@${OUTER.server}`, '--password-file', file, ...words];
    return namespace.start(argv, { separate: true });
  };

  await context.test('128 bits: up, packets both ways, and what it says when the server hangs up', async () => {
    const server = await Pptpd.start(guest, {
      name,
      user,
      password,
      pool: POOL,
      mppe: { bits: 128, mode: 'stateless' },
    });
    const call = dial();
    await call.said(/^up: /m, UP_MILLIS);
    assert.match(
      call.stdout,
      /^authenticated as peer1 by MS-CHAP-V2; the server has shown that it knows the password/m,
    );
    assert.match(call.stdout, /^encrypted with MPPE: 128 bits, stateless$/m);
    const { stdout } = await namespace.run(['ping', '-c', '3', '-i', '0.2', '-W', '2', POOL.local]);
    assert.match(stdout, /3 received/);
    await server.hangUp();
    await call.ended(UP_MILLIS);
    assert.equal(call.status, 1);
    assert.match(call.stdout, /^the call is over: .*\n(?: {4}.*\n)?the call lasted 0:00:\d\d: /m);
    await server.shutDown();
  });

  await context.test('a server without MPPE gets no call', async () => {
    const server = await Pptpd.start(guest, { name, user, password, pool: POOL });
    const call = dial();
    await call.ended(UP_MILLIS);
    assert.equal(call.status, 1);
    assert.match(call.stdout, /^it failed: Encryption is required, and cannot be had: /m);
    await server.shutDown();
  });
});
