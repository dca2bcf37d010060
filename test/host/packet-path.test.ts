// The control thread's own messages beside the workers' traffic, on real sockets in a network namespace of the test's own.

import assert from 'node:assert/strict';
import { systemClock } from '../../src/host/clock.ts';
import { PacketPath } from '../../src/host/packet-path.ts';
import { decodeDataMessage, encodeDataMessage } from '../../src/l2tp/header.ts';
import { addressOf, recv } from '../../src/sys/libc.ts';
import { UdpSocket } from '../../src/sys/socket.ts';
import { type DataSession, SHARED_DEVICE } from '../../src/vpdn/events.ts';
import { waitFor } from '../support/wait.ts';
import { type Bench, kernelTest } from './bench.ts';

const PEER_PORT = 1702;

class Peer {
  readonly socket: UdpSocket;
  readonly #buffer = new Uint8Array(2048);

  constructor(bench: Bench) {
    this.socket = bench.inside(() => UdpSocket.open({ port: PEER_PORT }));
  }

  async receive(): Promise<Uint8Array> {
    return waitFor('a datagram', 5000, () => {
      const length = recv(this.socket.fd, addressOf(this.#buffer), this.#buffer.length, 0);
      return length > 0 && this.#buffer.slice(0, length);
    });
  }
}

function sessionOf(localSession: number, change: Partial<DataSession> = {}): DataSession {
  const path = { localAddress: '127.0.0.1', localPort: 1701, peerAddress: '127.0.0.1', peerPort: PEER_PORT };
  return {
    localTunnel: 7,
    localSession,
    peerTunnel: 70,
    peerSession: localSession + 100,
    path,
    device: SHARED_DEVICE,
    interfaceName: `Virtual-Access${localSession}`,
    networkUp: false,
    strictSource: true,
    sendAcfc: false,
    sendPfc: false,
    sequencing: false,
    mtu: 1460,
    mssClamp: 0,
    ...change,
  };
}

function lcp({ peerTunnel, peerSession }: DataSession, ns: number | undefined): Uint8Array {
  const header = { tunnelId: peerTunnel, sessionId: peerSession, priority: false, ns, nr: undefined };
  return encodeDataMessage(header, Uint8Array.of(0xff, 0x03, 0xc0, 0x21, 9, 1, 0, 4));
}

function pathTest(name: string, body: (path: PacketPath, peer: Peer, faults: string[]) => Promise<void>): void {
  kernelTest(name, async (bench) => {
    const faults: string[] = [];
    const options = {
      clock: systemClock,
      onDatagram: () => undefined,
      onDeviceLost: (device: string) => faults.push(`lost ${device}`),
      onFailure: (text: string) => faults.push(text),
    };
    const path = bench.inside(() => new PacketPath(options));
    const peer = new Peer(bench);
    try {
      bench.inside(() => path.openDevice(SHARED_DEVICE));
      await body(path, peer, faults);
    } finally {
      peer.socket.close();
      await path.stop();
    }
  });
}

pathTest(
  'RFC 2661 §5.4: what the control thread sends takes its place in the count of the session',
  async (path, peer) => {
    const session = sessionOf(1, { sequencing: true });
    path.openSession(session);
    for (const expected of [0, 1, 2]) {
      path.send({ do: 'send', path: session.path, octets: lcp(session, 0) });
      assert.equal(decodeDataMessage(await peer.receive()).header.ns, expected);
    }
    assert.equal(path.counters(7, 1)?.packetsOut, 3);
  },
);

pathTest('a data message without a sequence number gets none', async (path, peer) => {
  const session = sessionOf(2);
  path.openSession(session);
  path.send({ do: 'send', path: session.path, octets: lcp(session, undefined) });
  assert.deepEqual(await peer.receive(), lcp(session, undefined));
});

pathTest('a datagram that cannot leave is counted, not thrown', async (path) => {
  const away = { localAddress: '127.0.0.1', localPort: 1701, peerAddress: '203.0.113.1', peerPort: 1701 };
  path.send({ do: 'send', path: away, octets: Uint8Array.of(0xc8, 0x02, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0) });
  const [reason] = Object.keys(path.drops()).filter((name) => name.startsWith('unsent-'));
  assert.match(reason ?? '', /^unsent-E/);
});

pathTest('a device that is wanted again while it is being closed stays', async (path, _peer, faults) => {
  path.closeDevice(SHARED_DEVICE);
  path.openDevice(SHARED_DEVICE);
  // Past the moment when the workers have let go of it.
  await waitFor('the workers', 2000, () => new Promise<true>((resolve) => setTimeout(resolve, 50, true)));
  path.openSession(sessionOf(3));
  assert.notEqual(path.counters(7, 3), undefined);
  assert.deepEqual(faults, []);
});

pathTest('a session on a device that is not open is refused', async (path) => {
  assert.throws(() => path.openSession(sessionOf(4, { device: 'Virtual-PPP9' })), /Virtual-PPP9 is not open/);
});
