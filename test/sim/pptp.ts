// PPTP between two routers as configuration models: a server for many callers, and a client that dials it from an interface Dialer.

import { type Configuration, emptyConfiguration } from '../../src/vpdn/configuration.ts';
import { emptyInterface } from '../../src/vpdn/configuration-interface.ts';
import { emptyVpdnGroup } from '../../src/vpdn/configuration-vpdn.ts';
import { CLIENT, clear, SERVER } from './guide.ts';
import type { Node } from './world.ts';
import { FAIR, type Weather, World } from './world.ts';

export { CLIENT, SERVER } from './guide.ts';

const authentication = (callout: boolean) => ({
  methods: ['chap' as const],
  ifNeeded: false,
  callin: false,
  callout,
  oneTime: false,
  optional: false,
});

export function pptpServer(): Configuration {
  const configuration = emptyConfiguration();
  configuration.hostname = 'peer2';
  configuration.users.set('peer1', { name: 'peer1', password: clear('s3cret') });
  configuration.devices.set('Ethernet0/1', 'eth1');
  configuration.vpdn.enabled = true;
  const group = emptyVpdnGroup('callers');
  group.acceptDialin = { protocol: 'pptp', virtualTemplate: 1 };
  configuration.vpdnGroups.set(group.name, group);
  configuration.interfaces.set('Loopback1', {
    ...emptyInterface('Loopback1', 'Loopback'),
    address: { kind: 'static', address: '10.10.10.1', prefixLength: 32 },
  });
  configuration.pools.set('callers', [{ low: '10.3.0.2', high: '10.3.0.250' }]);
  const template = emptyInterface('Virtual-Template1', 'Virtual-Template');
  template.address = { kind: 'unnumbered', from: 'Loopback1' };
  template.peerDefaultAddress = { kind: 'pool', pools: ['callers'] };
  template.ppp.authentication = authentication(false);
  configuration.interfaces.set(template.name, template);
  return configuration;
}

export function pptpClient(): Configuration {
  const configuration = emptyConfiguration();
  configuration.hostname = 'peer1';
  configuration.devices.set('Ethernet0/0', 'eth0');
  configuration.vpdn.enabled = true;
  const group = emptyVpdnGroup('1');
  group.requestDialin = { protocol: 'pptp', domains: [], dnis: [], multihopHostnames: [], rotaryGroup: 0 };
  group.initiateTo.push({ address: SERVER });
  configuration.vpdnGroups.set(group.name, group);
  const dialer = emptyInterface('Dialer0', 'Dialer');
  dialer.address = { kind: 'negotiated' };
  dialer.ppp.chapHostname = 'peer1';
  dialer.ppp.chapPassword = clear('s3cret');
  configuration.interfaces.set(dialer.name, dialer);
  return configuration;
}

export function pptpPair(
  change: (client: Configuration, server: Configuration) => void = () => undefined,
  seed = 1,
  weather: Weather = FAIR,
): { readonly world: World; readonly client: Node; readonly server: Node } {
  const world = new World(seed, weather);
  const [ours, theirs] = [pptpClient(), pptpServer()];
  change(ours, theirs);
  const server = world.add('server', SERVER, theirs);
  const client = world.add('client', CLIENT, ours);
  return { world, client, server };
}
