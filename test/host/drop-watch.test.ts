// What the log says of packets that were not what they should be.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DropWatch } from '../../src/host/drop-watch.ts';

test('what is dropped because it is wrong is said once a minute, by reason, with what came since', () => {
  const watch = new DropWatch();
  assert.equal(watch.look(0, [['cookie-mismatch', 0]]), undefined);
  assert.match(
    watch.look(5000, [['cookie-mismatch', 2]], new Map([['unknown-session', 21]]))!,
    /^Packets dropped in the last 5 s: 2 cookie-mismatch, 21 unknown-session; /,
  );
  // A flood of them is as quiet.
  for (let now = 10_000; now < 65_000; now += 5000) {
    assert.equal(watch.look(now, [['cookie-mismatch', now]]), undefined);
  }
  assert.match(watch.look(65_000, [['cookie-mismatch', 100_002]])!, /in the last 60 s: 100000 cookie-mismatch;/);
  assert.equal(watch.look(130_000, [['cookie-mismatch', 100_002]]), undefined, 'no more came');
});

test('one reason counted in two places is one number, and what the weather does is not said', () => {
  const watch = new DropWatch();
  const text = watch.look(
    0,
    [['cookie-mismatch', 1]],
    [
      ['cookie-mismatch', 2],
      ['duplicate', 9],
      ['out-of-order', 9],
      ['packet-too-big', 9],
    ],
  );
  assert.match(text!, /^Packets dropped: 3 cookie-mismatch; the peer/);
});

test('the few packets that were under way when their session ended are no news', () => {
  const watch = new DropWatch();
  assert.equal(watch.look(0, [['no-session', 20]]), undefined);
  assert.equal(watch.look(5000, [['no-session', 40]]), undefined);
  assert.match(watch.look(10_000, [['no-session', 61]])!, /21 no-session/);
});
