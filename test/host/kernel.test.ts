// Addresses and routes in a real kernel, and what is left of them.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { kernelTest } from './bench.ts';

kernelTest('what was added is there, and gone when all is taken back', (bench) => {
  bench.kernel.addAddress('Loopback1', '10.20.20.1', 32, undefined);
  bench.kernel.addAddress('Ethernet0/0', '172.16.32.24', 24, undefined);
  bench.kernel.routes.add({ prefix: '10.10.10.0', prefixLength: 24, nextHop: '172.16.32.1' }, []);
  assert.deepEqual(bench.addresses('wan0'), ['172.16.32.24/24']);
  assert.ok(bench.addresses('lo').includes('10.20.20.1/32'));
  assert.deepEqual(bench.routes(), ['10.10.10.0/24']);
  bench.kernel.removeAll();
  assert.deepEqual(bench.addresses('wan0'), []);
  assert.ok(!bench.addresses('lo').includes('10.20.20.1/32'));
  assert.deepEqual(bench.routes(), []);
  assert.ok(!existsSync(bench.leftoversPath));
});

kernelTest('a run after a killed one finds and removes what that left', (bench) => {
  bench.kernel.addAddress('Loopback1', '10.20.20.1', 32, undefined);
  bench.kernel.addAddress('Ethernet0/0', '172.16.32.24', 24, undefined);
  bench.kernel.routes.add({ prefix: '10.10.10.0', prefixLength: 24, nextHop: '172.16.32.1' }, []);
  bench.kernel = bench.start();
  assert.equal(bench.kernel.removeLeftovers(), 3);
  assert.deepEqual(bench.addresses('wan0'), []);
  assert.deepEqual(bench.routes(), []);
  assert.equal(bench.start().removeLeftovers(), 0);
});

kernelTest("an address that was the administrator's stays when we go", (bench) => {
  bench.administratorAddsAddress('wan0', '172.16.32.24');
  bench.kernel.addAddress('Ethernet0/0', '172.16.32.24', 24, undefined);
  bench.kernel.removeAll();
  assert.deepEqual(bench.addresses('wan0'), ['172.16.32.24/24']);
});

kernelTest('removing what somebody else has removed already is no error', (bench) => {
  bench.kernel.addAddress('Loopback1', '10.20.20.1', 32, undefined);
  const other = bench.start();
  other.removeLeftovers();
  bench.kernel.removeAddress('Loopback1', '10.20.20.1', 24);
  assert.ok(!bench.addresses('lo').includes('10.20.20.1/32'));
});

kernelTest('an address that gets another mask keeps the routes that name it as their source', (bench) => {
  bench.kernel.addAddress('Ethernet0/0', '172.16.32.24', 24, undefined);
  bench.kernel.routes.add(
    { prefix: '10.10.10.1', prefixLength: 32, device: 'Virtual-PPP1', source: '172.16.32.24' },
    [],
  );
  bench.kernel.addAddress('Ethernet0/0', '172.16.32.24', 16, undefined);
  bench.kernel.removeAddress('Ethernet0/0', '172.16.32.24', 24);
  assert.deepEqual(bench.addresses('wan0'), ['172.16.32.24/16']);
  assert.deepEqual(bench.routes(), ['10.10.10.1/32']);
});

kernelTest('a device that does not exist is named in the error', (bench) => {
  assert.throws(
    () => bench.kernel.addAddress('Ethernet9/9', '192.0.2.1', 24, undefined),
    /no Linux device.*Ethernet9\/9/,
  );
});
