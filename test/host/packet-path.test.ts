// The control thread's own messages beside the workers' traffic, on real sockets in a network namespace of the test's own.

import assert from 'node:assert/strict';
import { systemClock } from '../../src/host/clock.ts';
import { PacketPath } from '../../src/host/packet-path.ts';
import { decodeDataMessage, encodeDataMessage } from '../../src/l2tp/header.ts';
import { encodeDataMessage as encodeV3, sublayerWord } from '../../src/l2tp/v3/header.ts';
import { IpSocket } from '../../src/sys/ip-socket.ts';
import { addressOf, recv } from '../../src/sys/libc.ts';
import { UdpSocket } from '../../src/sys/socket.ts';
import { type DataSession, SHARED_DEVICE, type V3Data } from '../../src/vpdn/events.ts';
import type { Path } from '../../src/wire/ip.ts';
import { waitFor } from '../support/wait.ts';
import { type Bench, kernelTest } from './bench.ts';

const PEER_PORT = 1702;

class Peer {
  readonly socket: UdpSocket;
  readonly ip: IpSocket;
  readonly udp6: UdpSocket;
  readonly #buffer = new Uint8Array(2048);

  constructor(bench: Bench) {
    this.socket = bench.inside(() => UdpSocket.open({ port: PEER_PORT }));
    this.ip = bench.inside(() => IpSocket.open());
    this.udp6 = bench.inside(() => UdpSocket.open({ port: PEER_PORT, address: '::' }));
  }

  close(): void {
    for (const socket of [this.socket, this.ip, this.udp6]) socket.close();
  }

  async receive({ fd }: { readonly fd: number } = this.socket): Promise<Uint8Array> {
    return waitFor('a datagram', 5000, () => {
      const length = recv(fd, addressOf(this.#buffer), this.#buffer.length, 0);
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

const SEQUENCED: V3Data = {
  ...{ localCookie: Uint8Array.of(1, 2, 3, 4), peerCookie: Uint8Array.of(5, 6, 7, 8, 9, 10, 11, 12) },
  ...{ receiveSublayer: true, sendSublayer: true, sendSequencing: true, receiveSequencing: true },
  payload: 'ppp',
  outer: { tos: 0xb8, tosReflect: false, dontFragment: false, ttl: 99 },
};

/** A session of L2TPv3: ids of 32 bits, tunnels 0. */
function v3SessionOf(localSession: number, path: Partial<Path>, v3: Partial<V3Data> = {}): DataSession {
  const ids = { localTunnel: 0, peerTunnel: 0, peerSession: 0xfeed0000 + localSession };
  const ends = { localAddress: '127.0.0.1', localPort: 1701, peerAddress: '127.0.0.1', peerPort: PEER_PORT };
  return sessionOf(localSession, { ...ids, path: { ...ends, ...path }, v3: { ...SEQUENCED, ...v3 } });
}

function v3Lcp({ path, peerSession, v3 }: DataSession, sequence: number | undefined): Uint8Array {
  return encodeV3(path, peerSession, v3!.peerCookie, sublayerWord(sequence), Uint8Array.of(0xff, 3, 0xc0, 0x21));
}

interface Stage {
  readonly faults: string[];
  /** Where datagrams that were passed up came from. */
  readonly heard: Path[];
  /** For what may open a socket or a device: in the namespace of the test. */
  readonly inside: <T>(action: () => T) => T;
}

function pathTest(name: string, body: (path: PacketPath, peer: Peer, stage: Stage) => Promise<void>): void {
  kernelTest(name, async (bench) => {
    const faults: string[] = [];
    const heard: Path[] = [];
    const options = {
      clock: systemClock,
      onDatagram: (from: Path) => heard.push(from),
      onDeviceLost: (device: string) => faults.push(`lost ${device}`),
      onPathMtu: () => faults.push('path MTU'),
      onFailure: (text: string) => faults.push(text),
    };
    const path = bench.inside(() => new PacketPath(options));
    const peer = new Peer(bench);
    try {
      bench.inside(() => path.openDevice(SHARED_DEVICE));
      await body(path, peer, { faults, heard, inside: (action) => bench.inside(action) });
    } finally {
      peer.close();
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

pathTest('a device that is wanted again while it is being closed stays', async (path, _peer, { faults }) => {
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

const OVER_IP = { transport: 'ip', localPort: 0, peerPort: 0 } as const;
const OVER_IPV6 = { localAddress: '::1', peerAddress: '0:0::0:1' };

pathTest(
  'RFC 3931 §4.6.1: what the control thread sends takes its place in the count, whatever carries the session',
  async (path, peer, { inside }) => {
    const ways = [
      { session: v3SessionOf(1, {}), socket: peer.socket, at: 0 },
      // A raw socket of IPv4 shows the IP header.
      { session: v3SessionOf(2, OVER_IP), socket: peer.ip, at: 20 },
      { session: v3SessionOf(3, OVER_IPV6), socket: peer.udp6, at: 0 },
    ];
    for (const { session, socket, at } of ways) {
      inside(() => path.openSession(session));
      for (const expected of [0, 1, 2]) {
        path.send({ do: 'send', path: session.path, octets: v3Lcp(session, 0) });
        const received = await peer.receive(socket);
        assert.deepEqual(received.subarray(at), v3Lcp(session, expected));
        // C045, C047: the header is the session's.
        if (at > 0) assert.deepEqual([received[1], received[8]], [0xb8, 99]);
      }
      assert.equal(path.counters(0, session.localSession)?.packetsOut, 3);
      assert.equal(path.counters(0, session.localSession)?.ns, 3);
    }
  },
);

pathTest('a message of L2TPv3 without a number, or without a sublayer, goes as it is', async (path, peer) => {
  const session = v3SessionOf(1, {}, { sendSublayer: false, sendSequencing: false });
  path.openSession(session);
  for (const octets of [v3Lcp(session, undefined), v3Lcp(session, 5)]) {
    path.send({ do: 'send', path: session.path, octets: octets.slice() });
    assert.deepEqual(await peer.receive(), octets);
  }
});

pathTest(
  'RFC 3931 §4.1.1.2: a control message over IP leaves by the raw socket, with no session open',
  async (path, peer, { inside }) => {
    const octets = Uint8Array.of(0, 0, 0, 0, 0xc8, 3, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0);
    inside(() => path.send({ do: 'send', path: v3SessionOf(1, OVER_IP).path, octets }));
    assert.deepEqual((await peer.receive(peer.ip)).subarray(20), octets);
  },
);

pathTest(
  'what comes by a socket that nothing was sent by yet is passed up once it is listened to',
  async (path, peer, { heard, inside }) => {
    assert.equal(
      inside(() => path.listen({ transport: 'ip', localAddress: '127.0.0.1' })),
      true,
    );
    const octets = Uint8Array.of(0, 0, 0, 0, 0xc8, 3, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0);
    peer.ip.sendDatagram({ ...OVER_IP, localAddress: '127.0.0.1', peerAddress: '127.0.0.1' }, octets);
    const [from] = await waitFor('the datagram', 5000, () => heard.length > 0 && heard);
    assert.deepEqual(from, { ...OVER_IP, localAddress: '127.0.0.1', peerAddress: '127.0.0.1' });
  },
);

pathTest('C037: data that arrives shows that a session of L2TPv3 lives, once', async (path, peer) => {
  const session = v3SessionOf(4, {});
  path.openSession(session);
  assert.equal(path.heard(0, [4, 99]), false);
  const towards = { ...session.path, peerPort: 1701 };
  const frame = Uint8Array.of(0xff, 3, 0xc0, 0x21, 9, 1, 0, 4);
  peer.socket.sendDatagram(towards, encodeV3(towards, 4, SEQUENCED.localCookie, sublayerWord(0), frame));
  await waitFor('the frame', 5000, () => path.counters(0, 4)?.packetsIn === 1);
  assert.deepEqual([path.heard(0, [4, 99]), path.heard(0, [4, 99])], [true, false]);
});

pathTest('a session of L2TPv3 and one of L2TPv2 with the same numbers are two', async (path) => {
  path.openSession(v3SessionOf(1, {}));
  path.openSession(sessionOf(1));
  path.closeSession(0, 1);
  assert.equal(path.counters(0, 1), undefined);
  assert.notEqual(path.counters(7, 1), undefined);
});

pathTest('a session between addresses of two families is refused', async (path) => {
  assert.throws(() => path.openSession(v3SessionOf(1, { localAddress: '::1' })), { code: 'address-family' });
});

pathTest(
  'Ethernet devices: a TAP under a name of ours, and a device of the administrator by its own',
  async (path, _peer, { inside }) => {
    assert.equal(
      inside(() => path.openDevice('Ethernet1/0', 'tap')),
      'vpet1-0',
    );
    assert.equal(
      inside(() => path.openDevice('Ethernet1/3', 'attached', 'wan0')),
      'wan0',
    );
    assert.throws(() => path.openDevice('Ethernet1/0', 'attached', 'wan0'), { code: 'device-kind' });
    assert.throws(() => path.openDevice('Ethernet1/1', 'attached'), { code: 'no-tun' });
    assert.throws(() => path.openDevice('Ethernet1/2', 'attached', 'nowhere'), { errno: 'ENODEV' });
  },
);
