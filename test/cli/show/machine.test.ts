// The tables of the machine (C161, C162), `show ip interface` (C158), `show ip cef`, `show hosts`, and counters side by side.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showControllersIsa, showHosts, showIpCef } from '../../../src/cli/show/forwarding.ts';
import { showInterfaceCounters } from '../../../src/cli/show/interface-counters.ts';
import { showInterfaces } from '../../../src/cli/show/interfaces.ts';
import { showIpInterface } from '../../../src/cli/show/ip-interface.ts';
import {
  type MachineView,
  showArp,
  showMemory,
  showProcesses,
  showTcpBrief,
  showUdp,
} from '../../../src/cli/show/machine.ts';
import { block, interfaceView, loopback, NOW, routerView, routeView } from './fixture.ts';

const machine: MachineView = {
  arp: [
    { address: '192.0.2.1', hardwareAddress: '00:00:5E:00:53:01', complete: true, interfaceName: 'Ethernet0/0' },
    { address: '192.0.2.9', hardwareAddress: '00:00:00:00:00:00', complete: false, interfaceName: 'eth1' },
  ],
  tcp: [{ local: '192.0.2.2.22', foreign: '192.0.2.1.50000', state: 'ESTAB' }],
  udp: [{ local: '*.1701', foreign: '*.*', state: 'CLOSED' }],
  threads: [
    { id: 7, name: 'node', cpu: 1230 },
    { id: 8, name: 'worker', cpu: 4560 },
  ],
  memory: { resident: 100, heapTotal: 50, heapUsed: 20, buffers: 30, machineTotal: 1000, machineFree: 400 },
  processPercent: 1.25,
  load: [0.5, 0.25, 0],
};

test('show arp prints what Linux knows under the head of IOS', () => {
  assert.deepEqual(
    [...showArp(machine)],
    [
      'Protocol  Address          Age (min)  Hardware Addr   Type   Interface',
      'Internet  192.0.2.1                -  0000.5e00.5301  ARPA   Ethernet0/0',
      'Internet  192.0.2.9                -  Incomplete      ARPA   eth1',
    ],
  );
});

test('show tcp brief, show udp, show processes, show memory', () => {
  assert.equal(
    [...showTcpBrief(machine)].at(-1),
    '-         192.0.2.2.22                192.0.2.1.50000             ESTAB',
  );
  assert.equal([...showUdp(machine)].at(-1), '17    *.*                     *.1701');
  assert.deepEqual([...showProcesses(machine)].slice(2), [
    '8       4560          worker',
    '7       1230          node',
  ]);
  assert.equal([...showMemory(machine)].at(-1), 'Machine   1000            600             400');
});

test('show ip interface tells whose address it is, and what is off', () => {
  const view = routerView({ interfaces: [interfaceView(), loopback()] });
  assert.deepEqual(
    [...showIpInterface(view, 'Virtual-Access3')].slice(0, 5),
    block(`
      Virtual-Access3 is up, line protocol is up
        Interface is unnumbered. Using address of Loopback1 (10.1.1.1)
        Broadcast address is 255.255.255.255
        Peer address is 10.1.1.2
        MTU is 1500 bytes
    `),
  );
  const bare = interfaceView({ unnumberedFrom: undefined, address: undefined });
  assert.deepEqual([...showIpInterface(routerView({ interfaces: [bare] }), 'Virtual-Access3')].slice(1), [
    '  Internet protocol processing disabled',
  ]);
  assert.deepEqual([...showIpInterface(view, 'Loopback9')], ['% Interface Loopback9 does not exist']);
});

test('show interfaces counters is a row for each interface and direction', () => {
  assert.deepEqual(
    [...showInterfaceCounters(routerView({ interfaces: [interfaceView({ inputErrors: 5, outputDrops: 6 })] }))],
    [
      'Port            InOctets            InPackets           InErrors',
      'Vi3             66315               4736                5',
      '',
      'Port            OutOctets           OutPackets          OutDrops',
      'Vi3             66310               4735                6',
    ],
  );
});

test('show interfaces of a physical one prints what Linux counts, and when it was cleared', () => {
  const subject = interfaceView({ clearedAt: NOW - 90_000, outputErrors: 3, collisions: 4, broadcastsReceived: 5 });
  const lines = [...showInterfaces(routerView({ interfaces: [subject] }))];
  assert.ok(lines.includes('  Last clearing of "show interface" counters 00:01:30'));
  assert.ok(lines.includes('     3 output errors, 4 collisions, 0 interface resets'));
  assert.ok(lines.includes('     Received 5 broadcasts, 0 runts, 0 giants, 0 throttles'));
});

test('show ip cef has the routes and our own addresses', () => {
  const routes = [
    routeView('10.1.1.0', 24, { interfaceName: 'Loopback1' }),
    routeView('0.0.0.0', 0, { nextHop: '10.1.1.2' }),
  ];
  assert.deepEqual(
    [...showIpCef(routerView({ routes, interfaces: [loopback()] }))],
    [
      'Prefix              Next Hop             Interface',
      '0.0.0.0/0           10.1.1.2',
      '10.1.1.0/24         attached             Loopback1',
      '10.1.1.1/32         receive              Loopback1',
    ],
  );
});

test('show hosts and show controllers isa are honest about what is there', () => {
  const lines = [...showHosts({ lookup: false, servers: [], hosts: [{ name: 'lns1', addresses: ['192.0.2.2'] }] })];
  assert.deepEqual(lines.slice(0, 3), [
    'Default domain is not set',
    'Name/address lookup uses static mappings',
    'Name servers are 255.255.255.255',
  ]);
  assert.equal(lines.at(-1), 'lns1                      None  (perm, OK)  0   IP    192.0.2.2');
  assert.deepEqual([...showControllersIsa(routerView())], ['% No ISA controller: encryption is done in software']);
});

test('C125, R-191: what stands for the card is that of the last start, and what was typed since is pending', () => {
  const shown = (lines: readonly string[], mppeCard?: string) => {
    const view = routerView({ mppeCard });
    for (const line of lines) {
      const [place = '', mppe] = line.split(' ');
      const [slot, port] = place.split('/').map(Number) as [number, number];
      view.configuration.controllers.set(place, { slot, port, mppe: mppe !== undefined });
    }
    return [...showControllersIsa(view)];
  };
  assert.deepEqual(shown(['5/0 mppe'], 'ISA5/0'), ['Interface ISA5/0', '  Encryption: MPPE, in threads of its own']);
  assert.deepEqual(shown(['5/0 mppe']), [
    'Interface ISA5/0',
    '  Encryption: MPPE, from the next start of the router: pending reload',
  ]);
  assert.deepEqual(shown(['5/0']), ['Interface ISA5/0', '  Encryption: none, MPPE is done in software']);
  for (const lines of [['5/0'], []]) {
    assert.deepEqual(shown(lines, 'ISA5/0'), [
      'Interface ISA5/0',
      '  Encryption: MPPE, until the next start of the router',
    ]);
  }
  assert.equal(shown(['5/0 mppe', '6/0 mppe'], 'ISA5/0')[3], '  Encryption: none, MPPE is the work of ISA5/0');
});
