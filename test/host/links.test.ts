// Physical interfaces onto Linux devices, in a network namespace of the test's own.

import assert from 'node:assert/strict';
import { loadConfiguration } from '../../src/cli/load.ts';
import { Links } from '../../src/host/links.ts';
import { encodeLinkChange } from '../../src/rtnetlink/link.ts';
import type { Configuration } from '../../src/vpdn/configuration.ts';
import type { LinkFacts } from '../../src/vpdn/events.ts';
import { waitFor } from '../support/wait.ts';
import { type Bench, kernelTest } from './bench.ts';

const UNMATCHED = 'interface Ethernet0/0\n ip address 172.16.32.24 255.255.255.0\n';
const MAPPED = 'platform interfaces Ethernet0/0 wan0\n';

interface Told {
  readonly name: string;
  readonly facts: LinkFacts | undefined;
}

function watch(bench: Bench, configuration: string): { links: Links; told: Told[] } {
  const told: Told[] = [];
  const links = bench.inside(() => new Links(bench.netlink, (name, facts) => told.push({ name, facts })));
  const facts = links.configure(loadConfiguration(configuration).configuration);
  for (const [name, each] of facts) told.push({ name, facts: each });
  return { links, told };
}

kernelTest('`platform interfaces` names the device, whatever address it has', (bench) => {
  const { links, told } = watch(bench, MAPPED);
  links.close();
  assert.deepEqual(
    told.map(({ name, facts }) => `${name} ${facts?.device} ${facts?.mtu}`),
    ['Ethernet0/0 wan0 1500'],
  );
  assert.equal(links.deviceOf('Ethernet0/0'), 'wan0');
});

kernelTest('without it, the device that owns the address of the interface is the one', (bench) => {
  bench.administratorAddsAddress('tun0', '172.16.32.24');
  const { links, told } = watch(bench, 'interface Ethernet0/0\n ip address 172.16.32.24 255.255.255.0\n');
  links.close();
  assert.deepEqual(
    told.map(({ facts }) => facts?.device),
    ['tun0'],
  );
  assert.deepEqual(links.newlyUnresolved, []);
});

kernelTest('an interface that no device matches is told of by name', (bench) => {
  const { links, told } = watch(bench, UNMATCHED);
  links.close();
  assert.deepEqual(told, []);
  assert.deepEqual(links.newlyUnresolved, ['Ethernet0/0']);
});

kernelTest('it is told of once, and again when it was matched in between', (bench) => {
  const { links } = watch(bench, UNMATCHED);
  const [unmatched, another, matched] = [UNMATCHED, `${UNMATCHED}hostname b\n`, `${UNMATCHED}${MAPPED}`].map((text) => {
    return loadConfiguration(text).configuration;
  }) as [Configuration, Configuration, Configuration];
  const news = [another, matched, unmatched].map((configuration) => {
    links.configure(configuration);
    return links.newlyUnresolved;
  });
  links.close();
  assert.deepEqual(news, [[], [], ['Ethernet0/0']]);
});

kernelTest('a device that goes down, and an address that comes, are told once each', async (bench) => {
  const { links, told } = watch(bench, MAPPED);
  try {
    bench.netlink.request(encodeLinkChange({ index: bench.index('wan0'), up: false }));
    await waitFor('the device to be told down', 5000, () => told.at(-1)?.facts?.up === false);
    bench.administratorAddsAddress('wan0', '172.16.32.24');
    await waitFor('the address', 5000, () => told.at(-1)?.facts?.address === '172.16.32.24');
  } finally {
    links.close();
  }
});
