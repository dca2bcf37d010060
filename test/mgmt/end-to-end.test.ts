// Two routers end to end: from a configuration file to packets that arrive, and to nothing left behind.

import assert from 'node:assert/strict';
import { hosted } from '../support/requirement.ts';
import { waitFor } from '../support/wait.ts';
import { PAIR, Pair } from './pair.ts';

function pairTest(name: string, limit: number, body: (pair: Pair) => Promise<void>): void {
  hosted(name, [PAIR], limit, async () => {
    const pair = new Pair();
    try {
      await body(pair);
    } finally {
      await pair.close();
    }
  });
}

pairTest('the example of the guide comes up and carries packets between the LANs', 60_000, async (pair) => {
  await pair.startBoth();
  await pair.untilCallIsUp();
  assert.ok(await pair.pingThrough());
  const { text } = await pair.exec('server', 'show vpdn session all');
  assert.match(text, /Session username is peer1/);
  const { text: shown } = await pair.exec('client', 'ping 10.10.10.1 repeat 3');
  assert.match(shown, /!!!\nSuccess rate is 100 percent \(3\/3\)/);
});

pairTest('SIGTERM ends a router within 2 s, tells its peer, and leaves nothing in the kernel', 60_000, async (pair) => {
  const { client } = await pair.startBoth();
  await pair.untilCallIsUp();
  assert.deepEqual(pair.traces('client').includes('vppp1'), true);
  const before = performance.now();
  client.kill('SIGTERM');
  await client.ended(5000);
  assert.ok(performance.now() - before < 2000);
  assert.equal(client.status, 'status 0');
  assert.deepEqual(pair.traces('client'), []);
  const { text } = await pair.exec('server', 'show vpdn');
  assert.doesNotMatch(text, /\best\b/);
});

pairTest(
  'a second signal, as a terminal and the launcher each send one, cuts no farewell short',
  60_000,
  async (pair) => {
    const { client, server } = await pair.startBoth();
    await pair.untilCallIsUp();
    client.kill('SIGINT');
    client.kill('SIGTERM');
    await client.ended(5000);
    assert.equal(client.status, 'status 0');
    assert.deepEqual(pair.traces('client'), []);
    await server.said('was told to close Vi1', 5000);
  },
);

pairTest('a client that was killed dials again when it is started again, over what it left', 120_000, async (pair) => {
  const { client } = await pair.startBoth();
  await pair.untilCallIsUp();
  client.kill('SIGKILL');
  await client.ended(5000);
  assert.ok(pair.traces('client').includes('10.20.20.1'), 'the killed client left its loopback address');
  const again = await pair.start('client');
  assert.match(again.output, /leftovers removed/);
  await waitFor('the call to be back', 60_000, () => pair.pingThrough());
});

pairTest('a server that was killed has its call back within 60 s of its new start', 180_000, async (pair) => {
  const { server } = await pair.startBoth();
  await pair.untilCallIsUp();
  server.kill('SIGKILL');
  await server.ended(5000);
  await pair.start('server');
  await waitFor('the call to be back', 60_000, () => pair.pingThrough());
});

pairTest('a wrong CHAP password fails the call, and the history of failures says why', 60_000, async (pair) => {
  pair.configure('server');
  pair.configure('client', (text) => text.replace('password 0 s3cret', 'password 0 other'));
  await pair.start('server');
  await pair.start('client');
  await waitFor('a failure on the server', 30_000, async () => {
    const { text } = await pair.exec('server', 'show vpdn history failure');
    return /peer1/.test(text) && /password|authentication/i.test(text);
  });
  const { text } = await pair.exec('server', 'show vpdn history failure');
  assert.doesNotMatch(text, /s3cret|other/);
});

pairTest('a wrong tunnel password refuses the tunnel, and says so on the end that found out', 60_000, async (pair) => {
  pair.configure('server');
  pair.configure('client', (text) => text.replace('tunn3l', 'wr0ng'));
  await pair.start('server');
  await pair.start('client');
  await waitFor('a failure on either end', 30_000, async () => {
    const { text } = await pair.exec('client', 'show vpdn history failure');
    const { text: other } = await pair.exec('server', 'show vpdn history failure');
    return /authenti/i.test(text) || /authenti/i.test(other);
  });
});

pairTest(
  'SIGHUP with an error in the file changes nothing; with a good one, only the difference',
  60_000,
  async (pair) => {
    const { client } = await pair.startBoth();
    await pair.untilCallIsUp();
    const session = async () => (await pair.exec('client', 'show vpdn session')).text.match(/^\d+ +\d+ +\d+/m)?.[0];
    const before = await session();
    pair.configure(
      'client',
      (text) => `${text.replace('hostname peer1', 'hostname peer9')}\ninterface Loopback7\n ip adress 1.2.3.4\n`,
    );
    client.kill('SIGHUP');
    await client.said('CFG_REJECTED', 5000);
    assert.match((await pair.exec('client', 'show running-config')).text, /^hostname peer1$/m);
    pair.configure(
      'client',
      (text) => `${text.replace(/^end$/m, '')}interface Loopback7\n ip address 10.7.7.7 255.255.255.255\n`,
    );
    client.kill('SIGHUP');
    await waitFor('the new address', 5000, () => pair.traces('client').includes('10.7.7.7'));
    assert.equal(await session(), before, 'the session lived on');
    assert.ok(await pair.pingThrough());
  },
);
