// PPP pseudowires of L2TPv3 between two whole routers: whoever dials, exactly one connection and one session come of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENT, SERVER } from './guide.ts';
import { addEnds, areJoined, said, type Transport, wireEnd } from './pseudowires.ts';
import { seeded, World } from './world.ts';

const TRANSPORTS: readonly Transport[] = ['ip', 'udp'];

for (const transport of TRANSPORTS) {
  test(`over ${transport}: the example of the guide comes up within a second when both ends dial at once`, () => {
    const world = new World(1);
    const { one, two } = addEnds(world, { transport });
    assert.ok(
      world.run(1000, () => areJoined(one, two)),
      said(one, two),
    );
    const [session] = one.router.view(0).sessions;
    assert.equal(session?.username, 'peer2');
    assert.equal(session?.vcid, 10);
    assert.equal(session?.pseudowire?.localCookie.length, 4);
  });

  test(`over ${transport}: 200 timings of the two ends all come to one connection and one session`, () => {
    for (let seed = 1; seed <= 200; seed++) {
      const world = new World(seed, { loss: 0, duplication: 0, reordering: 0, delay: 5, jitter: 5 });
      const random = seeded(seed);
      const one = world.add('peer1', CLIENT, wireEnd('peer1', { transport }));
      world.run(random() * 30);
      const two = world.add('peer2', SERVER, wireEnd('peer2', { transport }));
      assert.ok(
        world.run(world.now + 60_000, () => areJoined(one, two)),
        `seed ${seed}\n${said(one, two)}`,
      );
      const [before] = one.router.view(0).sessions;
      world.run(world.now + 60_000);
      assert.ok(areJoined(one, two), `seed ${seed}, a minute later\n${said(one, two)}`);
      assert.equal(one.router.view(0).sessions[0]?.localId, before?.localId, `seed ${seed}: it did not stay`);
    }
  });
}
