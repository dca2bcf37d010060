// Routes through a tunnel beside what was there before: nothing of the administrator's is lost, and the tunnel keeps its way out.

import assert from 'node:assert/strict';
import { type Bench, kernelTest } from './bench.ts';

const DEFAULT = { prefix: '0.0.0.0', prefixLength: 0 } as const;
const PEER = '203.0.113.9';

function withUplink(bench: Bench): void {
  bench.administratorAddsAddress('wan0', '172.16.32.24');
  bench.administratorAddsRoute({ ...DEFAULT, nextHop: '172.16.32.1' });
}

kernelTest('a default route through a tunnel stands beside the one that was there', (bench) => {
  withUplink(bench);
  bench.kernel.routes.add({ ...DEFAULT, device: 'Virtual-PPP1' }, []);
  assert.deepEqual(bench.routes(), ['0.0.0.0/1', '128.0.0.0/1']);
  assert.deepEqual(bench.others(), ['0.0.0.0/0']);
  bench.kernel.routes.remove({ ...DEFAULT, device: 'Virtual-PPP1' });
  assert.deepEqual(bench.routes(), []);
  assert.deepEqual(bench.others(), ['0.0.0.0/0']);
});

kernelTest('where there was no default route, ours is one route', (bench) => {
  bench.kernel.routes.add({ ...DEFAULT, device: 'Virtual-PPP1' }, []);
  assert.deepEqual(bench.routes(), ['0.0.0.0/0']);
});

kernelTest('the peer of a tunnel stays reachable outside it, as long as a route would swallow it', (bench) => {
  withUplink(bench);
  bench.kernel.routes.add({ ...DEFAULT, device: 'Virtual-PPP1' }, [PEER]);
  assert.ok(bench.routes().includes(`${PEER}/32`));
  bench.kernel.routes.remove({ ...DEFAULT, device: 'Virtual-PPP1' });
  assert.deepEqual(bench.routes(), []);
});

kernelTest('a route that does not cover the peer needs no host route', (bench) => {
  withUplink(bench);
  bench.kernel.routes.add({ prefix: '10.10.10.0', prefixLength: 24, device: 'Virtual-PPP1' }, [PEER]);
  assert.deepEqual(bench.routes(), ['10.10.10.0/24']);
});

kernelTest('two routes that swallow one peer share its host route, which goes with the last', (bench) => {
  withUplink(bench);
  const wide = { prefix: '203.0.0.0', prefixLength: 8, device: 'Virtual-PPP1' };
  bench.kernel.routes.add({ ...DEFAULT, device: 'Virtual-PPP1' }, [PEER]);
  bench.kernel.routes.add(wide, [PEER]);
  bench.kernel.routes.remove(wide);
  assert.ok(bench.routes().includes(`${PEER}/32`));
  bench.kernel.routes.remove({ ...DEFAULT, device: 'Virtual-PPP1' });
  assert.deepEqual(bench.routes(), []);
});

kernelTest('a network that is connected stays so: a static route to it is not installed', (bench) => {
  bench.administratorAddsAddress('wan0', '10.10.10.5');
  bench.kernel.routes.add({ prefix: '10.10.10.0', prefixLength: 24, device: 'Virtual-PPP1' }, []);
  assert.deepEqual(bench.routes(), []);
});

kernelTest('all of it goes at the end', (bench) => {
  withUplink(bench);
  bench.kernel.routes.add({ ...DEFAULT, device: 'Virtual-PPP1' }, [PEER]);
  bench.kernel.removeAll();
  assert.deepEqual(bench.routes(), []);
  assert.deepEqual(bench.others(), ['0.0.0.0/0']);
});

kernelTest('a route into Null0 is a blackhole, taken away by us and by the run after a crash', (bench) => {
  const drop = { prefix: '10.66.0.0', prefixLength: 16, blackhole: true } as const;
  bench.kernel.routes.add(drop, []);
  assert.deepEqual(bench.routes(), ['10.66.0.0/16']);
  bench.kernel.routes.remove(drop);
  assert.deepEqual(bench.routes(), []);
  bench.kernel.routes.add(drop, []);
  assert.equal(bench.start().removeLeftovers(), 1);
  assert.deepEqual(bench.routes(), []);
});
