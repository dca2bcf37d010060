// The guide's L2TP example as configuration models: a client router and a tunnel server, and a server for many callers.

import { type Configuration, emptyConfiguration } from '../../src/vpdn/configuration.ts';
import { emptyInterface } from '../../src/vpdn/configuration-interface.ts';
import type { Secret } from '../../src/vpdn/configuration-system.ts';
import { emptyL2tpClass, emptyPseudowireClass, emptyVpdnGroup } from '../../src/vpdn/configuration-vpdn.ts';

export const CLIENT = '172.16.32.24';
export const SERVER = '172.24.13.196';

export const clear = (text: string): Secret => ({ type: 0, text });

const chap = () => {
  return {
    methods: ['chap' as const],
    ifNeeded: false,
    callin: false,
    callout: false,
    oneTime: false,
    optional: false,
  };
};

export function guideClient(): Configuration {
  const configuration = emptyConfiguration();
  configuration.hostname = 'peer1';
  configuration.users.set('peer2', { name: 'peer2', password: clear('s3cret') });
  configuration.devices.set('Ethernet0/0', 'eth0');
  configuration.l2tpClasses.set('l2tpclass1', {
    ...emptyL2tpClass('l2tpclass1'),
    authentication: true,
    hidden: true,
    password: clear('tunn3l'),
  });
  configuration.pseudowireClasses.set('pwclass1', {
    ...emptyPseudowireClass('pwclass1'),
    encapsulation: 'l2tpv2',
    protocol: 'l2tpv2',
    l2tpClass: 'l2tpclass1',
    localInterface: 'Ethernet0/0',
  });
  configuration.interfaces.set('Loopback1', {
    ...emptyInterface('Loopback1', 'Loopback'),
    address: { kind: 'static', address: '10.20.20.1', prefixLength: 32 },
  });
  const virtualPpp = emptyInterface('Virtual-PPP1', 'Virtual-PPP');
  virtualPpp.address = { kind: 'unnumbered', from: 'Loopback1' };
  virtualPpp.ppp.authentication = chap();
  virtualPpp.ppp.chapHostname = 'peer1';
  virtualPpp.pseudowire = { peer: SERVER, vcid: 10, pseudowireClass: 'pwclass1' };
  configuration.interfaces.set('Virtual-PPP1', virtualPpp);
  configuration.routes.push({ prefix: '10.10.10.0', prefixLength: 24, interface: 'Virtual-PPP1', permanent: false });
  return configuration;
}

export function guideServer(): Configuration {
  const configuration = emptyConfiguration();
  configuration.hostname = 'peer2';
  configuration.users.set('peer1', { name: 'peer1', password: clear('s3cret') });
  configuration.devices.set('Ethernet0/1', 'eth1');
  configuration.vpdn.enabled = true;
  const group = emptyVpdnGroup('l2tpgroup1');
  group.acceptDialin = { protocol: 'l2tp', virtualTemplate: 1 };
  group.terminateFrom = 'peer1';
  group.l2tp.password = clear('tunn3l');
  group.l2tp.hidden = true;
  configuration.vpdnGroups.set('l2tpgroup1', group);
  configuration.interfaces.set('Loopback1', {
    ...emptyInterface('Loopback1', 'Loopback'),
    address: { kind: 'static', address: '10.10.10.1', prefixLength: 32 },
  });
  const template = emptyInterface('Virtual-Template1', 'Virtual-Template');
  template.address = { kind: 'unnumbered', from: 'Loopback1' };
  template.ppp.authentication = chap();
  template.ppp.chapHostname = 'peer2';
  configuration.interfaces.set('Virtual-Template1', template);
  configuration.routes.push({ prefix: '10.20.20.0', prefixLength: 24, nextHop: '10.20.20.1', permanent: false });
  return configuration;
}

/** Takes any caller and gives it an address of a pool. */
export function poolServer(low: string, high: string): Configuration {
  const configuration = guideServer();
  configuration.vpdnGroups.get('l2tpgroup1')!.terminateFrom = undefined;
  configuration.pools.set('callers', [{ low, high }]);
  configuration.interfaces.get('Virtual-Template1')!.peerDefaultAddress = { kind: 'pool', pools: ['callers'] };
  return configuration;
}

/** A client that is given its address, with `count` Virtual-PPP interfaces to the one server. */
export function negotiatingClient(name: string, count = 1): Configuration {
  const configuration = guideClient();
  configuration.hostname = name;
  const template = configuration.interfaces.get('Virtual-PPP1')!;
  for (let number = 1; number <= count; number++) {
    configuration.interfaces.set(`Virtual-PPP${number}`, {
      ...structuredClone(template),
      name: `Virtual-PPP${number}`,
      address: { kind: 'negotiated' },
      pseudowire: { peer: SERVER, vcid: number, pseudowireClass: 'pwclass1' },
    });
  }
  return configuration;
}
