// `show interfaces`, word for word.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showInterfacesDescription, showInterfacesSummary } from '../../../src/cli/show/interface-lists.ts';
import { showInterfaces } from '../../../src/cli/show/interfaces.ts';
import { showIpv6InterfaceBrief } from '../../../src/cli/show/ipv6-interface-brief.ts';
import { loaded } from '../helpers.ts';
import { block, HOSTILE, HOSTILE_PRINTED, interfaceView, loopback, NOW, routerView } from './fixture.ts';

const physical = interfaceView({
  name: 'Ethernet0/0',
  kind: 'physical',
  device: 'eth0',
  address: '172.16.32.24',
  prefixLength: 24,
  unnumberedFrom: undefined,
  addressMethod: 'NVRAM',
  clonedFrom: undefined,
  tunnelId: undefined,
  lcp: undefined,
  openNcps: [],
});

function show(name: string, ...interfaces: Parameters<typeof interfaceView>[0][]): string[] {
  return [...showInterfaces(routerView({ interfaces: interfaces.map(interfaceView) }), name)];
}

test('show interfaces virtual-access prints the captured layout', () => {
  const view = routerView({ interfaces: [interfaceView(), loopback()] });
  assert.deepEqual(
    [...showInterfaces(view, 'Virtual-Access3')],
    block(`
      Virtual-Access3 is up, line protocol is up
        Hardware is Virtual Access interface
        Interface is unnumbered. Using address of Loopback1 (10.1.1.1)
        MTU 1500 bytes, BW 100000 Kbit, DLY 100000 usec,
           reliability 255/255, txload 1/255, rxload 1/255
        Encapsulation PPP, LCP Open
        Open: IPCP
        PPPoVPDN vaccess, cloned from Virtual-Template1
        Vaccess status 0x44, loopback not set
        Protocol l2tp, tunnel id 7658, session id 3542, loopback not set
        Keepalive set (10 sec)
        DTR is pulsed for 5 seconds on reset
        Last input 00:00:07, output never, output hang never
        Last clearing of "show interface" counters never
        Input queue: 0/75/0/0 (size/max/drops/flushes); Total output drops: 0
        Queueing strategy: fifo
        Output queue: 0/40 (size/max)
        5 minute input rate 0 bits/sec, 0 packets/sec
        5 minute output rate 0 bits/sec, 0 packets/sec
           4736 packets input, 66315 bytes, 0 no buffer
           Received 0 broadcasts, 0 runts, 0 giants, 0 throttles
           0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored, 0 abort
           4735 packets output, 66310 bytes, 0 underruns
           0 output errors, 0 collisions, 0 interface resets
           0 output buffer failures, 0 output buffers swapped out
           0 carrier transitions
    `),
  );
});

test('show interfaces virtual-ppp has no clone and says how its address comes', () => {
  const lines = show('Virtual-PPP1', {
    name: 'Virtual-PPP1',
    kind: 'Virtual-PPP',
    unnumberedFrom: undefined,
    addressMethod: 'IPCP',
    clonedFrom: undefined,
    lcp: 'Req-Sent',
    openNcps: [],
    keepalivePeriod: 0,
    lineProtocol: 'down',
  });
  assert.equal(lines[0], 'Virtual-PPP1 is up, line protocol is down');
  assert.equal(lines[1], '  Hardware is Virtual PPP interface');
  assert.equal(lines[2], '  Internet address will be negotiated using IPCP');
  assert.equal(lines[5], '  Encapsulation PPP, LCP REQsent');
  assert.ok(lines.includes('  Keepalive not set'));
  assert.ok(!lines.some((line) => /vaccess|cloned|Open:/i.test(line)));
});

test('an address that IPCP gave is shown with its length', () => {
  const lines = show('Virtual-PPP1', {
    name: 'Virtual-PPP1',
    kind: 'Virtual-PPP',
    unnumberedFrom: undefined,
    address: '10.99.1.2',
    prefixLength: 32,
    addressMethod: 'IPCP',
  });
  assert.equal(lines[2], '  Internet address is 10.99.1.2/32');
});

test('show interfaces of a template, a loopback and a physical interface', () => {
  const template = show('Virtual-Template1', {
    name: 'Virtual-Template1',
    kind: 'Virtual-Template',
    status: 'down',
    lineProtocol: 'down',
    lcp: undefined,
    openNcps: [],
    tunnelId: undefined,
  });
  assert.equal(template[0], 'Virtual-Template1 is down, line protocol is down');
  assert.equal(template[1], '  Hardware is Virtual Template interface');
  assert.equal(template[5], '  Encapsulation PPP, LCP Closed');
  const [, hardware, address, , , encapsulation] = [...showInterfaces(routerView({ interfaces: [loopback()] }))];
  assert.deepEqual(
    [hardware, address, encapsulation],
    ['  Hardware is Loopback', '  Internet address is 10.1.1.1/24', '  Encapsulation LOOPBACK, loopback not set'],
  );
  const lines = [...showInterfaces(routerView({ interfaces: [physical] }))];
  assert.deepEqual(
    [lines[1], lines[2], lines[5], lines[6]],
    [
      '  Hardware is Linux device eth0',
      '  Internet address is 172.16.32.24/24',
      '  Encapsulation ARPA, loopback not set',
      '  Keepalive set (10 sec)',
    ],
  );
});

test('a physical interface without a device is not present', () => {
  const lines = [...showInterfaces(routerView({ interfaces: [{ ...physical, device: undefined }] }))];
  assert.equal(lines[1], '  Hardware is not present');
});

test('every state of LCP has its IOS word', () => {
  const word = (lcp: Parameters<typeof interfaceView>[0]) =>
    /LCP (\S+)/.exec(show('Virtual-Access3', lcp).join('\n'))![1];
  const words = (['Initial', 'Starting', 'Stopped', 'Stopping', 'Ack-Rcvd', 'Ack-Sent'] as const).map((lcp) =>
    word({ lcp }),
  );
  assert.deepEqual(words, ['Closed', 'Closed', 'Listen', 'TERMsent', 'ACKrcvd', 'ACKsent']);
});

test('measured rates, errors and the time of output are shown', () => {
  const lines = show('Virtual-Access3', {
    rates: { inputBitsPerSecond: 1, inputPacketsPerSecond: 2, outputBitsPerSecond: 3, outputPacketsPerSecond: 4 },
    inputErrors: 5,
    outputDrops: 6,
    carrierTransitions: 7,
    lastOutput: NOW - 1000,
  });
  assert.ok(lines.includes('  5 minute input rate 1 bits/sec, 2 packets/sec'));
  assert.ok(lines.includes('  5 minute output rate 3 bits/sec, 4 packets/sec'));
  assert.ok(lines.includes('     5 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored, 0 abort'));
  assert.ok(lines.some((line) => line.endsWith('Total output drops: 6')));
  assert.ok(lines.includes('     7 carrier transitions'));
  assert.ok(lines.includes('  Last input 00:00:07, output 00:00:01, output hang never'));
});

test('interfaces come in order: physical, then by type, then by number', () => {
  const names = ['Virtual-Access10', 'Virtual-Access9', 'Loopback1'].map((name) => interfaceView({ name }));
  const heads = [...showInterfaces(routerView({ interfaces: [...names, physical] }))].filter((line) =>
    / is up,/.test(line),
  );
  assert.deepEqual(
    heads.map((line) => line.split(' ')[0]),
    ['Ethernet0/0', 'Loopback1', 'Virtual-Access9', 'Virtual-Access10'],
  );
});

test('an interface that is not there is named', () => {
  assert.deepEqual(show('Virtual-Access9'), ['% Interface Virtual-Access9 does not exist']);
});

test('a description is escaped', () => {
  assert.ok(show('Virtual-Access3', { description: HOSTILE }).includes(`  Description: ${HOSTILE_PRINTED}`));
});

test('show interfaces description: states in IOS words, and what each is for', () => {
  const interfaces = [
    interfaceView({ description: HOSTILE }),
    loopback({ description: 'the address of all callers' }),
    interfaceView({ name: 'Virtual-PPP1', kind: 'Virtual-PPP', status: 'administratively down', lineProtocol: 'down' }),
  ];
  const view = routerView({ interfaces });
  assert.deepEqual(
    [...showInterfacesDescription(view)],
    [
      'Interface                      Status         Protocol Description',
      'Lo1                            up             up       the address of all callers',
      `Vi3                            up             up       ${HOSTILE_PRINTED}`,
      'Vp1                            admin down     down',
    ],
  );
  assert.equal([...showInterfacesDescription(view, 'Loopback1')].length, 2);
  const missing = ['% Interface Loopback9 does not exist'];
  assert.deepEqual([...showInterfacesDescription(view, 'Loopback9')], missing);
  assert.deepEqual([...showInterfacesSummary(view, 'Loopback9')], missing);
});

test('show interfaces summary: a star where it is up, drops and rates', () => {
  const rates = {
    inputBitsPerSecond: 987_654_321,
    inputPacketsPerSecond: 81_234,
    outputBitsPerSecond: 5000,
    outputPacketsPerSecond: 8,
  };
  const view = routerView({
    interfaces: [interfaceView({ rates, outputDrops: 7 }), loopback({ lineProtocol: 'down' })],
  });
  assert.deepEqual([...showInterfacesSummary(view)].slice(8), [
    '  Interface                   IHQ       IQD       OHQ       OQD      RXBS      RXPS      TXBS      TXPS      TRTL',
    '-----------------------------------------------------------------------------------------------------------------',
    '  Loopback1                     0         0         0         0         0         0         0         0         0',
    '* Virtual-Access3               0         0         0         7 987654321     81234      5000         8         0',
  ]);
});

test('show ipv6 interface brief: states, and the addresses that the configuration gives', () => {
  const configuration = loaded('interface Loopback1\nipv6 address 2001:db8::1/128\nipv6 address 2001:db8::2/128\n');
  const view = routerView({ configuration, interfaces: [interfaceView(), loopback()] });
  assert.deepEqual(
    [...showIpv6InterfaceBrief(view)],
    [
      'Loopback1                  [up/up]',
      '    2001:DB8::1',
      '    2001:DB8::2',
      'Virtual-Access3            [up/up]',
      '    unassigned',
    ],
  );
  assert.equal([...showIpv6InterfaceBrief(view, 'Virtual-Access3')].length, 2);
  assert.deepEqual([...showIpv6InterfaceBrief(view, 'Loopback9')], ['% Interface Loopback9 does not exist']);
});
