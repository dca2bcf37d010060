// The counters of physical interfaces, read from Linux in a network namespace of the test's own.

import assert from 'node:assert/strict';
import { LinkTraffic } from '../../src/host/link-traffic.ts';
import { UdpSocket } from '../../src/sys/socket.ts';
import { interfaceView } from '../cli/show/fixture.ts';
import { kernelTest } from './bench.ts';

const row = (device: string) =>
  interfaceView({
    name: 'Ethernet0/0',
    kind: 'physical',
    device,
    lastInput: undefined,
    counters: { packetsSent: -1, packetsReceived: -1, octetsSent: -1, octetsReceived: -1 },
  });

kernelTest('a row of a device gets the counters of Linux, one of another kind is left alone', (bench) => {
  const traffic = new LinkTraffic(bench.netlink);
  const physical = row('wan0');
  const access = { ...row('wan0'), kind: 'Virtual-Access' as const };
  traffic.observe(physical);
  traffic.observe(access);
  assert.ok(
    Object.values(physical.counters).every((count) => count >= 0),
    JSON.stringify(physical.counters),
  );
  assert.equal(physical.outputErrors, 0);
  assert.equal(access.counters.packetsSent, -1);
});

kernelTest('a device that is gone has no counters, and that is no fault', (bench) => {
  const traffic = new LinkTraffic(bench.netlink);
  const gone = row('nothing0');
  traffic.observe(gone);
  assert.equal(gone.counters.packetsSent, -1);
});

kernelTest('a packet between two samples is when something was last sent', (bench) => {
  const traffic = new LinkTraffic(bench.netlink);
  traffic.sample(['lo'], 1000);
  const before = row('lo');
  traffic.observe(before);
  const socket = bench.inside(() => UdpSocket.open());
  const path = { localAddress: '127.0.0.1', localPort: 1701, peerAddress: '127.0.0.1', peerPort: 9 };
  assert.equal(socket.sendDatagram(path, new Uint8Array(20)), undefined);
  socket.close();
  traffic.sample(['lo'], 6000);
  const after = row('lo');
  traffic.observe(after);
  assert.equal(before.lastOutput, undefined);
  assert.equal(after.lastOutput, 6000);
  assert.equal(after.lastInput, 6000);
  assert.ok(after.counters.octetsSent > before.counters.octetsSent);
});
