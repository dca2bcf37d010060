// Addresses and routes in a real kernel, in a network namespace of the test's own.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kernel } from '../../src/host/kernel.ts';
import { decodeAddress, encodeAddressAddition, encodeAddressDump } from '../../src/rtnetlink/address.ts';
import { decodeLink, encodeLinkChange, encodeLinkQuery } from '../../src/rtnetlink/link.ts';
import { decodeRoute, encodeRouteDump, ROUTE_PROTOCOL } from '../../src/rtnetlink/route.ts';
import { encodeVethAddition } from '../../src/rtnetlink/veth.ts';
import { NetworkNamespace } from '../../src/sys/namespace.ts';
import { NetlinkSocket } from '../../src/sys/netlink-socket.ts';
import { hosted } from '../support/requirement.ts';

class Bench {
  readonly #namespace = NetworkNamespace.create();
  readonly #far = NetworkNamespace.create();
  readonly #folder = mkdtempSync(join(tmpdir(), 'vpdn-kernel-'));
  readonly leftoversPath = join(this.#folder, 'left');
  readonly netlink = this.#namespace.run(() => NetlinkSocket.open());
  kernel = this.start();

  constructor() {
    this.netlink.request(encodeVethAddition({ name: 'wan0', peerName: 'wan1', peerNamespace: this.#far.fd }));
    for (const device of ['lo', 'wan0'])
      this.netlink.request(encodeLinkChange({ index: this.index(device), up: true }));
  }

  /** As a new process would: knowing nothing of what another added. */
  start(): Kernel {
    return new Kernel({
      netlink: this.netlink,
      deviceOf: (name) => (name.startsWith('Loopback') ? 'lo' : name === 'Ethernet0/0' ? 'wan0' : undefined),
      leftoversPath: this.leftoversPath,
    });
  }

  index(device: string): number {
    return this.netlink.request(encodeLinkQuery(device)).flatMap((message) => decodeLink(message) ?? [])[0]!.index;
  }

  addresses(device: string): string[] {
    const index = this.index(device);
    const all = this.netlink.request(encodeAddressDump()).flatMap((message) => decodeAddress(message) ?? []);
    return all.filter((found) => found.index === index).map((found) => `${found.address}/${found.prefixLength}`);
  }

  routes(): string[] {
    const all = this.netlink.request(encodeRouteDump()).flatMap((message) => decodeRoute(message) ?? []);
    return all.filter(({ protocol }) => protocol === ROUTE_PROTOCOL).map(({ prefix }) => prefix);
  }

  close(): void {
    this.netlink.close();
    this.#namespace.close();
    this.#far.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function kernelTest(name: string, body: (bench: Bench) => void): void {
  hosted(name, [{ root: true }], 10_000, async () => {
    const bench = new Bench();
    try {
      body(bench);
    } finally {
      bench.close();
    }
  });
}

kernelTest('what was added is there, and gone when all is taken back', (bench) => {
  bench.kernel.addAddress('Loopback1', '10.20.20.1', 32, undefined);
  bench.kernel.addAddress('Ethernet0/0', '172.16.32.24', 24, undefined);
  bench.kernel.addRoute({ prefix: '10.10.10.0', prefixLength: 24, nextHop: '172.16.32.1' });
  assert.deepEqual(bench.addresses('wan0'), ['172.16.32.24/24']);
  assert.ok(bench.addresses('lo').includes('10.20.20.1/32'));
  assert.deepEqual(bench.routes(), ['10.10.10.0']);
  bench.kernel.removeAll();
  assert.deepEqual(bench.addresses('wan0'), []);
  assert.ok(!bench.addresses('lo').includes('10.20.20.1/32'));
  assert.deepEqual(bench.routes(), []);
  assert.ok(!existsSync(bench.leftoversPath));
});

kernelTest('a run after a killed one finds and removes what that left', (bench) => {
  bench.kernel.addAddress('Loopback1', '10.20.20.1', 32, undefined);
  bench.kernel.addAddress('Ethernet0/0', '172.16.32.24', 24, undefined);
  bench.kernel.addRoute({ prefix: '10.10.10.0', prefixLength: 24, nextHop: '172.16.32.1' });
  bench.kernel = bench.start();
  assert.equal(bench.kernel.removeLeftovers(), 3);
  assert.deepEqual(bench.addresses('wan0'), []);
  assert.deepEqual(bench.routes(), []);
  assert.equal(bench.start().removeLeftovers(), 0);
});

kernelTest("an address that was the administrator's stays when we go", (bench) => {
  bench.netlink.request(
    encodeAddressAddition({ index: bench.index('wan0'), address: '172.16.32.24', prefixLength: 24 }),
  );
  bench.kernel.addAddress('Ethernet0/0', '172.16.32.24', 24, undefined);
  bench.kernel.removeAll();
  assert.deepEqual(bench.addresses('wan0'), ['172.16.32.24/24']);
});

kernelTest('removing what somebody else has removed already is no error', (bench) => {
  bench.kernel.addAddress('Loopback1', '10.20.20.1', 32, undefined);
  const other = bench.start();
  other.removeLeftovers();
  bench.kernel.removeAddress('Loopback1', '10.20.20.1');
  assert.ok(!bench.addresses('lo').includes('10.20.20.1/32'));
});

kernelTest('a device that does not exist is named in the error', (bench) => {
  assert.throws(
    () => bench.kernel.addAddress('Ethernet9/9', '192.0.2.1', 24, undefined),
    /no Linux device.*Ethernet9\/9/,
  );
});
