// The workers as the control thread sees them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Datagram } from '../../src/dataplane/ring.ts';
import { DataplanePool } from '../../src/host/dataplane-pool.ts';
import { UdpSocket } from '../../src/sys/socket.ts';

const LOOPBACK = '127.0.0.1';

function open(onDatagrams: (batch: readonly Datagram[]) => void = () => {}, mppeThreads = false) {
  const socket = UdpSocket.open({ address: LOOPBACK, port: 0 });
  const failures: string[] = [];
  const options = {
    udpSocket: socket,
    capacity: 10,
    mppeThreads,
    onDatagrams,
    onWorkerFailure: (text: string) => failures.push(text),
  };
  return { socket, failures, pool: DataplanePool.start(options) };
}

describe('the pool of workers', () => {
  it('stops within a second, even while it is still starting, and more than once', async () => {
    const { pool, socket, failures } = open();
    const started = performance.now();
    await pool.stop();
    await pool.stop();
    assert.ok(performance.now() - started < 1000);
    assert.deepEqual(failures, []);
    socket.close();
  });

  it('R-190: so it does with threads for MPPE alone', async () => {
    for (const running of [0, 500]) {
      const { pool, socket, failures } = open(undefined, true);
      await new Promise((resolve) => setTimeout(resolve, running));
      const began = performance.now();
      await pool.stop();
      assert.ok(performance.now() - began < 1000);
      assert.deepEqual(failures, []);
      socket.close();
    }
  });

  it('what comes to the socket before and after the workers are up reaches the control thread in order', async () => {
    const received: number[] = [];
    let all = (): void => {};
    const done = new Promise<void>((resolve) => {
      all = resolve;
    });
    const { pool, socket } = open((batch) => {
      for (const { octets } of batch) received.push(octets[12]!);
      if (received.length === 200) all();
    });
    const path = { localAddress: LOOPBACK, localPort: 0, peerAddress: LOOPBACK, peerPort: socket.localPort };
    const control = (index: number) => Uint8Array.from([0xc8, 0x02, 0, 13, 0, 0, 0, 0, 0, 0, 0, 0, index]);
    for (let index = 0; index < 200; index++) assert.equal(socket.sendDatagram(path, control(index)), undefined);
    await done;
    assert.deepEqual(
      received,
      Array.from({ length: 200 }, (_, index) => index),
    );
    await pool.stop();
    socket.close();
  });

  it('a device number is given once', async () => {
    const { pool, socket } = open();
    const device = UdpSocket.open({ address: LOOPBACK, port: 0 });
    pool.addDevice(1, device.fd);
    assert.throws(() => pool.addDevice(1, device.fd), { code: 'device-exists' });
    await pool.removeDevice(1);
    await pool.removeDevice(1);
    pool.addDevice(1, device.fd);
    await pool.stop();
    device.close();
    socket.close();
  });

  it('workers that cannot go on say so, and stopping still ends', async () => {
    let told = (_: string): void => {};
    const failure = new Promise<string>((resolve) => {
      told = resolve;
    });
    const socket = UdpSocket.open({ address: LOOPBACK, port: 0 });
    const pool = DataplanePool.start({
      ...{ udpSocket: socket, capacity: 10, onDatagrams: () => {} },
      onWorkerFailure: told,
    });
    socket.close();
    const text = await failure;
    await pool.stop();
    // The descriptor is closed, or by now something else.
    assert.match(text, /recvmmsg: (EBADF|ENOTSOCK)/);
  });
});
