// Two routers in service: every show of VPDN is answered, and counters are cleared without being set back.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { lacking } from '../support/requirement.ts';
import { PAIR, Pair } from './pair.ts';

const COMMANDS = [
  'show vpdn',
  'show vpdn tunnel all',
  'show vpdn session l2tp window',
  'show l2tun session interworking',
  'show l2tp session packets',
  'show l2tp class',
  'show l2tp counters',
  'show l2tp memory',
  'show xconnect all detail',
  'show ppp mppe virtual-access 1',
  'show vpdn group',
  'show vpdn domain',
  'show vpdn group-select summary',
  'show vpdn history failure all',
  'show vpdn multilink',
];

describe('a router in service shows VPDN', { skip: lacking(PAIR) }, () => {
  let pair: Pair;

  before(async () => {
    pair = new Pair();
    await pair.startBoth();
    await pair.untilCallIsUp();
    assert.ok(await pair.pingThrough());
  });
  after(() => pair.close());

  for (const command of COMMANDS) {
    test(`${command}, as text and as JSON`, async () => {
      const { status, text } = await pair.exec('server', command);
      assert.equal(status, 0, text);
      assert.notEqual(text, '');
      const json = await pair.exec('server', `${command} | json`);
      assert.match(JSON.parse(json.text).schema, /^vpdn\.show-/);
    });
  }

  test('the session of one user is found, that of another is not', async () => {
    const { text } = await pair.exec('server', 'show vpdn session all username peer1');
    assert.match(text, /Session username is peer1/);
    assert.match((await pair.exec('server', 'show vpdn session username nobody')).text, /% No active L2TP tunnels/);
  });

  test('clear vpdn counters: a session counts from nothing, its tunnel keeps both counts', async () => {
    const received = async () => {
      const { text } = await pair.exec('server', 'show vpdn tunnel l2tp all');
      const counts = [...text.matchAll(/packets sent, (\d+) received/g)].map(([, count]) => Number(count));
      return { text, since: counts[0]!, ever: counts[1]! };
    };
    const before = await received();
    assert.equal(before.since, before.ever);
    assert.match(before.text, /Last clearing of counters never/);
    assert.equal((await pair.exec('server', 'clear vpdn counters')).status, 0);
    assert.ok(await pair.pingThrough());
    const afterwards = await received();
    assert.match(afterwards.text, /Last clearing of counters 00:00:\d\d/);
    assert.ok(afterwards.since < before.ever, `${afterwards.since} of ${before.ever}`);
    assert.ok(afterwards.ever > before.ever, `${afterwards.ever} after ${before.ever}`);
  });

  test('control messages are counted by type', async () => {
    const { text } = await pair.exec('client', 'show l2tp counters tunnel');
    assert.match(text, /^ +SCCRQ +[1-9]\d* +\d+ +0 +0$/m);
    assert.match(text, /^ +SCCRP +0 +0 +[1-9]\d* +\d+$/m);
  });
});
