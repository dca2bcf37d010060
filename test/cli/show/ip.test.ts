// `show ip …`, word for word.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showIpInterfaceBrief } from '../../../src/cli/show/ip-interface-brief.ts';
import { showIpLocalPool } from '../../../src/cli/show/ip-local-pool.ts';
import { showIpRoute, showIpRouteSummary, showIpRouteTo } from '../../../src/cli/show/ip-route.ts';
import type { RouteView } from '../../../src/vpdn/view.ts';
import { block, interfaceView, loopback, routerView, routeView } from './fixture.ts';

const fixed = { source: 'static', distance: 1 } as const;

function entries(...routes: RouteView[]): string[] {
  return [...showIpRoute(routerView({ routes }))].slice(10);
}

test('show ip interface brief prints the captured layout', () => {
  const numbered = (name: string, address: string, parts: object) =>
    interfaceView({ name, address, prefixLength: 24, unnumberedFrom: undefined, ...parts });
  const view = routerView({
    interfaces: [
      interfaceView({ name: 'Virtual-Template1', kind: 'Virtual-Template', status: 'down', lineProtocol: 'down' }),
      numbered('Virtual-PPP1', '95.31.31.8', { kind: 'Virtual-PPP', addressMethod: 'IPCP' }),
      interfaceView(),
      loopback(),
      numbered('Ethernet0/0', '172.16.32.24', { kind: 'physical', addressMethod: 'NVRAM' }),
    ],
  });
  assert.deepEqual(
    [...showIpInterfaceBrief(view)],
    block(`
      Interface                  IP-Address      OK? Method Status                Protocol
      Ethernet0/0                172.16.32.24    YES NVRAM  up                    up
      Loopback1                  10.1.1.1        YES manual up                    up
      Virtual-Access3            10.1.1.1        YES unset  up                    up
      Virtual-PPP1               95.31.31.8      YES IPCP   up                    up
      Virtual-Template1          10.1.1.1        YES unset  down                  down
    `),
  );
  assert.equal([...showIpInterfaceBrief(view, 'Loopback1')].length, 2);
});

test('show ip interface brief has a word for no address and the longest status', () => {
  const view = routerView({
    interfaces: [interfaceView({ unnumberedFrom: undefined, status: 'administratively down', lineProtocol: 'down' })],
  });
  assert.equal(
    [...showIpInterfaceBrief(view)][1],
    'Virtual-Access3            unassigned      YES unset  administratively down down',
  );
});

test('show ip route opens with the codes and the gateway of last resort', () => {
  assert.deepEqual(
    [...showIpRoute(routerView())],
    block(`
      Codes: C - connected, S - static, R - RIP, M - mobile, B - BGP
             D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area
             N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2
             E1 - OSPF external type 1, E2 - OSPF external type 2
             i - IS-IS, su - IS-IS summary, L1 - IS-IS level-1, L2 - IS-IS level-2
             ia - IS-IS inter area, * - candidate default, U - per-user static route
             o - ODR, P - periodic downloaded static route

      Gateway of last resort is not set

    `),
  );
});

test('routes of several masks stand under their classful network', () => {
  const lines = [
    ...showIpRoute(
      routerView({
        routes: [
          routeView('0.0.0.0', 0, { ...fixed, nextHop: '10.1.1.2' }),
          routeView('10.10.10.0', 24, { ...fixed, interfaceName: 'Virtual-PPP1' }),
          routeView('10.20.20.0', 24, { ...fixed, nextHop: '10.1.1.2' }),
          routeView('10.1.1.2', 32, { interfaceName: 'Virtual-PPP1' }),
          routeView('10.1.1.0', 24, { interfaceName: 'Loopback1' }),
        ],
      }),
    ),
  ];
  assert.equal(lines[8], 'Gateway of last resort is 10.1.1.2 to network 0.0.0.0');
  assert.deepEqual(lines.slice(10), [
    '     10.0.0.0/8 is variably subnetted, 4 subnets, 2 masks',
    'C       10.1.1.0/24 is directly connected, Loopback1',
    'C       10.1.1.2/32 is directly connected, Virtual-PPP1',
    'S       10.10.10.0/24 is directly connected, Virtual-PPP1',
    'S       10.20.20.0/24 [1/0] via 10.1.1.2',
    'S*   0.0.0.0/0 [1/0] via 10.1.1.2',
  ]);
});

test('a single mask is printed in the heading only', () => {
  assert.deepEqual(entries(routeView('172.16.32.0', 24, { interfaceName: 'Ethernet0/0' })), [
    '     172.16.0.0/24 is subnetted, 1 subnets',
    'C       172.16.32.0 is directly connected, Ethernet0/0',
  ]);
});

test('a classful network and a supernet have no heading', () => {
  assert.deepEqual(
    entries(
      routeView('192.168.0.0', 16, { ...fixed, nextHop: '10.1.1.2', interfaceName: 'Virtual-PPP1', distance: 250 }),
      routeView('192.168.1.0', 24, { interfaceName: 'Ethernet0/1' }),
    ),
    [
      'S    192.168.0.0/16 [250/0] via 10.1.1.2, Virtual-PPP1',
      'C    192.168.1.0/24 is directly connected, Ethernet0/1',
    ],
  );
});

test('a classful network together with its subnets is variably subnetted', () => {
  assert.deepEqual(
    entries(
      routeView('10.0.0.0', 8, { ...fixed, nextHop: '192.0.2.1' }),
      routeView('10.1.0.0', 16, { interfaceName: 'Lo' }),
    ),
    [
      '     10.0.0.0/8 is variably subnetted, 2 subnets, 2 masks',
      'S       10.0.0.0/8 [1/0] via 192.0.2.1',
      'C       10.1.0.0/16 is directly connected, Lo',
    ],
  );
});

test('routes that share the load stand under one another', () => {
  const to = (nextHop: string) => routeView('0.0.0.0', 0, { ...fixed, nextHop });
  assert.deepEqual(entries(to('10.1.1.2'), to('10.1.1.3')), [
    'S*   0.0.0.0/0 [1/0] via 10.1.1.2',
    '               [1/0] via 10.1.1.3',
  ]);
});

test('a default route out of an interface is a gateway without an address', () => {
  const routes = [routeView('0.0.0.0', 0, { ...fixed, interfaceName: 'Virtual-PPP1' })];
  assert.equal([...showIpRoute(routerView({ routes }))][8], 'Gateway of last resort is 0.0.0.0 to network 0.0.0.0');
});

test('show ip route connected and static leave the rest out', () => {
  const routes = [
    routeView('192.168.1.0', 24, { interfaceName: 'Ethernet0/1' }),
    routeView('192.168.2.0', 24, { ...fixed, nextHop: '192.168.1.9' }),
  ];
  assert.deepEqual([...showIpRoute(routerView({ routes }), 'static')], ['S    192.168.2.0/24 [1/0] via 192.168.1.9']);
});

test('show ip route to an address prints the longest match', () => {
  const routes = [
    routeView('0.0.0.0', 0, { ...fixed, nextHop: '192.0.2.9' }),
    routeView('10.0.0.0', 8, { ...fixed, nextHop: '192.0.2.1' }),
    routeView('10.1.1.0', 24, { interfaceName: 'Loopback1' }),
  ];
  const view = routerView({ routes });
  assert.deepEqual(
    [...showIpRouteTo(view, '10.1.1.7')],
    block(`
      Routing entry for 10.1.1.0/24
        Known via "connected", distance 0, metric 0 (connected, via interface)
        Routing Descriptor Blocks:
        * directly connected, via Loopback1
            Route metric is 0, traffic share count is 1
    `),
  );
  assert.equal([...showIpRouteTo(view, '10.0.0.0', 8)][0], 'Routing entry for 10.0.0.0/8');
  assert.equal([...showIpRouteTo(view, '0.0.0.0')][0], 'Routing entry for 0.0.0.0/0');
  assert.deepEqual([...showIpRouteTo(view, '11.1.1.1')], ['% Network not in table']);
});

test('show ip route summary counts networks and subnets', () => {
  const routes = [
    routeView('192.168.1.0', 24),
    routeView('10.1.1.0', 24),
    routeView('10.1.1.2', 32),
    routeView('0.0.0.0', 0, fixed),
  ];
  assert.deepEqual([...showIpRouteSummary(routerView({ routes }))].slice(1), [
    'Route Source    Networks    Subnets',
    'connected       1           2',
    'static          1           0',
  ]);
});

const pool = { name: 'mypool', low: '10.1.1.10', high: '10.1.1.19', free: 9, inUse: 1 };

test('show ip local pool prints the table, the further ranges without the name', () => {
  const second = { name: 'mypool', low: '10.1.2.1', high: '10.1.2.1', free: 0, inUse: 1 };
  assert.deepEqual(
    [...showIpLocalPool(routerView({ pools: [pool, second] }))],
    [
      ' Pool                     Begin           End             Free  In use',
      ' mypool                   10.1.1.10       10.1.1.19          9       1',
      '                          10.1.2.1        10.1.2.1           0       1',
    ],
  );
});

test('show ip local pool NAME adds what is free, who has which address, and what is kept for whom', () => {
  const leases = [{ address: '10.1.1.10', interfaceName: 'Virtual-Access3', username: 'bob' }];
  const held = [{ address: '10.1.1.12', username: 'eve' }];
  assert.deepEqual([...showIpLocalPool(routerView({ pools: [{ ...pool, leases, held }] }), 'mypool')].slice(2), [
    'Available addresses:',
    '   10.1.1.11',
    '   10.1.1.13 - 10.1.1.19',
    'Inuse addresses:',
    '   10.1.1.10        Vi3        bob',
    'Held addresses:',
    '   10.1.1.12                   eve',
  ]);
  assert.deepEqual([...showIpLocalPool(routerView({ pools: [pool] }), 'mypool')].slice(2), [
    'Available addresses:',
    '   10.1.1.10 - 10.1.1.19',
    'Inuse addresses:',
    '   None',
    'Held addresses:',
    '   None',
  ]);
  assert.deepEqual([...showIpLocalPool(routerView(), 'other')], ['%No such pool: other']);
});
