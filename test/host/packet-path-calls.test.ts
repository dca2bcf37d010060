// Calls of PPTP as the control thread has them beside the workers' traffic, on real sockets in a network namespace of the
// test's own.

import assert from 'node:assert/strict';
import { systemClock } from '../../src/host/clock.ts';
import { Observation } from '../../src/host/observe.ts';
import { PacketPath, type SessionTrouble } from '../../src/host/packet-path.ts';
import { decodeGre, encodeGre, type GrePacket } from '../../src/pptp/gre-header.ts';
import { IpSocket, PROTOCOL_GRE } from '../../src/sys/ip-socket.ts';
import { addressOf, recv } from '../../src/sys/libc.ts';
import { type DataSession, PPTP_CALLS, SHARED_DEVICE } from '../../src/vpdn/events.ts';
import type { Path } from '../../src/wire/ip.ts';
import { interfaceView } from '../cli/show/fixture.ts';
import { seal, senderOf } from '../ppp/mppe-ends.ts';
import { waitFor } from '../support/wait.ts';
import { kernelTest } from './bench.ts';

const ECHO = Uint8Array.of(0xff, 3, 0xc0, 0x21, 9, 1, 0, 4);
const TO_PEER: Path = {
  transport: 'gre',
  ...{ localAddress: '127.0.0.1', localPort: 0, peerAddress: '127.0.0.2', peerPort: 0 },
};
const FROM_PEER: Path = { ...TO_PEER, localAddress: '127.0.0.2', peerAddress: '127.0.0.1' };

function callOf(localSession: number, change: Partial<DataSession> = {}): DataSession {
  return {
    ...{ localTunnel: PPTP_CALLS, localSession, peerTunnel: 0, peerSession: localSession + 100, path: TO_PEER },
    ...{ device: SHARED_DEVICE, interfaceName: `Virtual-Access${localSession}`, networkUp: false, strictSource: true },
    ...{ sendAcfc: false, sendPfc: false, sequencing: false, mtu: 1400, mssClamp: 0 },
    gre: { localWindow: 2, peerWindow: 16, peerProcessingDelay: 0 },
    ...change,
  };
}

class Peer {
  readonly #socket: IpSocket;
  readonly #buffer = new Uint8Array(2048);

  constructor(socket: IpSocket) {
    this.#socket = socket;
  }

  send(call: number, frame: Uint8Array, sequence: number, localAddress = FROM_PEER.localAddress): void {
    this.#socket.sendDatagram({ ...FROM_PEER, localAddress }, encodeGre(call, frame, sequence));
  }

  /** The next packet for this Call ID: on loopback a raw socket sees those of both ends. */
  async receive(call: number): Promise<GrePacket> {
    return waitFor('a packet', 5000, () => {
      for (;;) {
        const length = recv(this.#socket.fd, addressOf(this.#buffer), this.#buffer.length, 0);
        if (length <= 0) return undefined;
        const packet = decodeGre(this.#buffer.slice(20, length));
        if (packet.call === call) return packet;
      }
    });
  }

  close(): void {
    this.#socket.close();
  }
}

interface Stage {
  readonly path: PacketPath;
  readonly peer: Peer;
  readonly heard: { readonly from: Path; readonly octets: Uint8Array }[];
  readonly troubles: SessionTrouble[];
  /** For what may open a socket: in the namespace of the test. */
  readonly inside: <T>(action: () => T) => T;
  open(session: DataSession): DataSession;
  sendFrame(session: DataSession): void;
}

function callTest(name: string, body: (stage: Stage) => Promise<void>, mppeCard?: string): void {
  kernelTest(name, async (bench) => {
    const heard: Stage['heard'] = [];
    const troubles: SessionTrouble[] = [];
    const faults: string[] = [];
    const path = bench.inside(
      () =>
        new PacketPath({
          clock: systemClock,
          onDatagram: (from, octets) => heard.push({ from, octets }),
          onDeviceLost: (device) => faults.push(`lost ${device}`),
          onPathMtu: () => faults.push('path MTU'),
          onFailure: (text) => faults.push(text),
          onTrouble: (trouble) => troubles.push(trouble),
          ...(mppeCard === undefined ? {} : { mppeCard }),
        }),
    );
    const peer = new Peer(bench.inside(() => IpSocket.open({ protocol: PROTOCOL_GRE })));
    const inside = <T>(action: () => T): T => bench.inside(action);
    const open = (session: DataSession): DataSession => {
      inside(() => path.openSession(session));
      return session;
    };
    const sendFrame = ({ localTunnel, localSession, peerSession }: DataSession): void => {
      const sequenced = { tunnel: localTunnel, session: localSession };
      path.send({ do: 'send', path: TO_PEER, octets: encodeGre(peerSession, ECHO), sequenced });
    };
    try {
      inside(() => path.openDevice(SHARED_DEVICE));
      await body({ path, peer, heard, troubles, inside, open, sendFrame });
      assert.deepEqual(faults, []);
    } finally {
      peer.close();
      await path.stop();
    }
  });
}

function acknowledging(acknowledgment: number): GrePacket {
  return { call: 109, sequence: undefined, acknowledgment, payload: new Uint8Array() };
}

callTest(
  'RFC 2637 §4.2: frames of a call leave with its next numbers, and take along what is to be acknowledged',
  async ({ path, peer, open, sendFrame }) => {
    const session = open(callOf(9));
    for (const expected of [0, 1, 2]) {
      sendFrame(session);
      const { sequence, acknowledgment, payload } = await peer.receive(109);
      assert.deepEqual([sequence, acknowledgment, payload], [expected, undefined, ECHO]);
    }
    assert.deepEqual([path.counters(PPTP_CALLS, 9)?.packetsOut, path.flow(PPTP_CALLS, 9)?.nextSent], [3, 3]);
    // With a window of two, each packet is acknowledged at once; then there is nothing left to take along.
    peer.send(9, ECHO, 41);
    assert.deepEqual(await peer.receive(109), acknowledging(41));
    sendFrame(session);
    assert.equal((await peer.receive(109)).acknowledgment, undefined);
    assert.equal(path.flow(PPTP_CALLS, 9)?.lastReceived, 41);
  },
);

callTest(
  'RFC 2637 §4.2: with a wide window an acknowledgment waits for data, but not for long',
  async ({ path, peer, open, sendFrame }) => {
    const session = open(callOf(9, { gre: { localWindow: 64, peerWindow: 64, peerProcessingDelay: 0 } }));
    const began = performance.now();
    for (const sequence of [1, 2, 3]) peer.send(9, ECHO, sequence);
    assert.deepEqual(await peer.receive(109), acknowledging(3));
    assert.ok(performance.now() - began > 100);
    peer.send(9, ECHO, 4);
    await waitFor('the fourth', 5000, () => path.flow(PPTP_CALLS, 9)?.lastReceived === 4);
    sendFrame(session);
    assert.equal((await peer.receive(109)).acknowledgment, 4);
  },
);

callTest(
  'a frame of no call is counted; the last words of one that is closed at once still leave',
  async ({ path, peer, open, sendFrame }) => {
    sendFrame(callOf(9));
    assert.equal(path.drops()['unsent-no-call'], 1);
    sendFrame(open(callOf(10)));
    path.closeSession(PPTP_CALLS, 10);
    assert.equal((await peer.receive(110)).sequence, 0);
  },
);

callTest(
  'packets that are not to be forwarded go up whole, with their path; those of somebody else do not',
  async ({ path, peer, heard, open, inside }) => {
    const { localAddress } = TO_PEER;
    assert.equal(
      inside(() => path.listen({ transport: 'gre', localAddress })),
      true,
    );
    open(callOf(9));
    peer.send(9, ECHO, 0);
    const [first] = await waitFor('the packet', 5000, () => heard.length > 0 && heard);
    assert.deepEqual(first, { from: TO_PEER, octets: encodeGre(9, ECHO, 0) });
    peer.send(9, ECHO, 1, '127.0.0.3');
    await waitFor('the drop', 5000, () => path.drops()['wrong-peer'] === 1);
    assert.equal(heard.length, 1);
  },
);

callTest(
  'RFC 2637 §4.1: many calls from one address are told apart by their ids',
  async ({ path, peer, heard, open }) => {
    for (let call = 1; call <= 50; call++) open(callOf(call));
    for (let call = 50; call >= 1; call--) peer.send(call, ECHO, call);
    await waitFor('all of them', 5000, () => heard.length === 50);
    for (let call = 1; call <= 50; call++) assert.equal(path.flow(PPTP_CALLS, call)?.lastReceived, call);
    path.closeSession(PPTP_CALLS, 7);
    peer.send(7, ECHO, 8);
    await waitFor('the drop', 5000, () => path.drops()['no-session'] !== undefined);
    assert.equal(path.flow(PPTP_CALLS, 7), undefined);
  },
);

callTest('calls, and sessions of both versions of L2TP, may have the same numbers', async ({ path, open }) => {
  open(callOf(9));
  const { gre: _, ...plain } = callOf(9);
  open({
    ...plain,
    localTunnel: 7,
    peerTunnel: 7,
    path: { ...TO_PEER, transport: 'udp', localPort: 1701, peerPort: 1701 },
  });
  path.closeSession(PPTP_CALLS, 9);
  assert.equal(path.counters(PPTP_CALLS, 9), undefined);
  assert.notEqual(path.counters(7, 9), undefined);
  assert.equal(path.flow(7, 9), undefined);
});

callTest('data of a call shows that it lives, once', async ({ path, peer, open }) => {
  open(callOf(9));
  assert.equal(path.heard(PPTP_CALLS, [9]), false);
  peer.send(9, ECHO, 0);
  await waitFor('the frame', 5000, () => path.counters(PPTP_CALLS, 9)?.packetsIn === 1);
  assert.deepEqual([path.heard(PPTP_CALLS, [9]), path.heard(PPTP_CALLS, [9])], [true, false]);
});

callTest(
  'RFC 3078 §8.2: what cannot be opened for want of a packet before it is told by the ids of the session',
  async ({ path, peer, troubles, open }) => {
    const mppe = { bits: 128 as const, stateful: true, startKey: Uint8Array.from({ length: 16 }, (_, n) => n) };
    const state = { mppe, mppc: false, generation: 1 };
    open(callOf(9, { compression: { transmit: state, receive: state, required: true } }));
    const sender = senderOf(mppe);
    const sealed = (): Uint8Array => Uint8Array.of(0, 0xfd, ...seal(sender, Uint8Array.of(0, 0x57, 0x60, 1, 2, 3)));
    sealed();
    peer.send(9, sealed(), 0);
    const [trouble] = await waitFor('the news', 5000, () => troubles.length > 0 && troubles);
    assert.deepEqual(trouble, { on: 'compression-lost', tunnel: PPTP_CALLS, session: 9 });
    assert.deepEqual([path.encryption(PPTP_CALLS, 9)?.losses, path.encryption(PPTP_CALLS, 9)?.dropped], [1, 1]);
  },
);

for (const card of [undefined, 'ISA5/0']) {
  callTest(
    `R-193: with ${card ?? 'no card'} what is sealed goes up opened, and show names who did it`,
    async ({ path, peer, heard, open }) => {
      const mppe = { bits: 40 as const, stateful: false, startKey: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
      const state = { mppe, mppc: false, generation: 1 };
      open(callOf(9, { compression: { transmit: state, receive: state, required: true } }));
      const inner = Uint8Array.of(0, 0x57, 0x60, 1, 2, 3);
      peer.send(9, Uint8Array.of(0, 0xfd, ...seal(senderOf(mppe), inner)), 3);
      const [first] = await waitFor('the frame', 5000, () => heard.length > 0 && heard);
      assert.deepEqual(first, { from: TO_PEER, octets: encodeGre(9, inner, 3) });
      const row = interfaceView({ name: 'Virtual-Access9', tunnelId: 1, sessionId: 9, sessionOf: 'pptp' });
      const view = new Observation(path, new Map()).mppe(row);
      assert.deepEqual(view?.hardware, card === undefined ? undefined : { card, flowId: 9 });
      assert.deepEqual([view?.bits, view?.packetsDecrypted, view?.nextReceivedCoherency], [40, 1, 1]);
    },
    card,
  );
}
