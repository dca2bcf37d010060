// PPTP's TCP edge over real sockets of the loopback, on free ports.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { StreamSockets } from '../../src/host/stream-sockets.ts';
import { Endpoint } from '../../src/pptp/endpoint.ts';
import type { EndpointEffect, EndpointInput } from '../../src/pptp/events.ts';
import { decodeMessage } from '../../src/pptp/message.ts';
import type { StreamInput } from '../../src/vpdn/events.ts';
import { messageOf, SETTINGS } from '../pptp/peer.ts';
import { seeded, seededEntropy } from '../pptp/random.ts';

const HOST = '127.0.0.1';
const MILLIS = 20_000;

/** An edge whose inputs are kept, and can be waited for. */
class Edge {
  readonly inputs: StreamInput[] = [];
  readonly failures: string[] = [];
  onInput: (input: StreamInput) => void = () => {};
  readonly sockets: StreamSockets;
  #waiting: (() => void) | undefined;

  constructor() {
    this.sockets = new StreamSockets({
      onInput: (input) => {
        this.inputs.push(input.on === 'octets' ? { ...input, octets: input.octets.slice() } : input);
        this.onInput(input);
        this.#waiting?.();
      },
      onFailure: (message) => this.failures.push(message),
    });
  }

  /** The port. */
  async listen(): Promise<number> {
    assert.equal(await this.sockets.listen(HOST, 0), undefined);
    return this.sockets.portOf(HOST, 0)!;
  }

  async next<On extends StreamInput['on']>(on: On): Promise<Extract<StreamInput, { on: On }>> {
    for (;;) {
      const at = this.inputs.findIndex((input) => input.on === on);
      if (at >= 0) return this.inputs.splice(at, 1)[0] as Extract<StreamInput, { on: On }>;
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }
}

async function dialled(port: number): Promise<Socket> {
  const socket = connect({ host: HOST, port });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

function edgeTest(name: string, body: (edge: Edge) => Promise<void>): void {
  test(name, { timeout: MILLIS }, async () => {
    const edge = new Edge();
    try {
      await body(edge);
    } finally {
      edge.sockets.close();
    }
  });
}

edgeTest('accepted connections are numbered oddly, and their octets and ends told by number', async (edge) => {
  const port = await edge.listen();
  const clients = [await dialled(port), await dialled(port)];
  const [first, second] = [await edge.next('accepted'), await edge.next('accepted')];
  assert.deepEqual([first.connection, second.connection], [1, 3]);
  assert.deepEqual([first.path.localAddress, first.path.localPort, first.path.peerAddress], [HOST, port, HOST]);
  const known = clients.find((client) => client.localPort === second.path.peerPort)!;
  known.write('hello');
  const { connection, octets } = await edge.next('octets');
  assert.deepEqual([connection, Buffer.from(octets).toString()], [3, 'hello']);
  known.end();
  assert.deepEqual(await edge.next('closed'), { on: 'closed', connection: 3 });
  clients.find((client) => client !== known)!.resetAndDestroy();
  assert.deepEqual(await edge.next('closed'), { on: 'closed', connection: 1, error: 'ECONNRESET' });
  assert.equal(edge.sockets.size, 0);
});

edgeTest('disconnect flush: what was sent arrives, then the end; nothing more is told of it', async (edge) => {
  const client = await dialled(await edge.listen());
  const { connection } = await edge.next('accepted');
  const large = new Uint8Array(60_000).fill(7);
  edge.sockets.apply({ do: 'send', connection, octets: large });
  edge.sockets.apply({ do: 'disconnect', connection, how: 'flush' });
  client.write('too late');
  const parts: Buffer[] = [];
  client.on('data', (part: Buffer) => parts.push(part));
  await once(client, 'end');
  assert.equal(Buffer.concat(parts).length, large.length);
  client.destroy();
  assert.deepEqual(edge.inputs, []);
  edge.sockets.apply({ do: 'send', connection, octets: large });
});

edgeTest('disconnect abort: a reset, at once', async (edge) => {
  const client = await dialled(await edge.listen());
  const { connection } = await edge.next('accepted');
  const failed = new Promise((resolve) => client.on('close', resolve));
  let code = '';
  client.on('error', (error) => {
    code = (error as NodeJS.ErrnoException).code ?? '';
  });
  edge.sockets.apply({ do: 'disconnect', connection, how: 'abort' });
  await failed;
  assert.equal(code, 'ECONNRESET');
  assert.deepEqual(edge.inputs, []);
});

edgeTest('a connection of our own: opened with its path, or refused with the errno', async (edge) => {
  const server = createServer((socket) => socket.on('error', () => {}).end('bye'));
  server.listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const path = { localAddress: '0.0.0.0', localPort: 0, peerAddress: HOST, peerPort: port };
  try {
    edge.sockets.apply({ do: 'connect', connection: 2, path });
    const opened = await edge.next('opened');
    assert.deepEqual([opened.connection, opened.path.localAddress, opened.path.peerPort], [2, HOST, port]);
    assert.equal(Buffer.from((await edge.next('octets')).octets).toString(), 'bye');
    assert.deepEqual(await edge.next('closed'), { on: 'closed', connection: 2 });
    edge.sockets.apply({ do: 'connect', connection: 4, path: { ...path, localAddress: '127.0.0.77' } });
    assert.equal((await edge.next('opened')).path.localAddress, '127.0.0.77');
  } finally {
    server.close();
  }
  edge.sockets.apply({ do: 'disconnect', connection: 4, how: 'abort' });
  await once(server, 'close');
  edge.sockets.apply({ do: 'connect', connection: 6, path });
  assert.deepEqual(await edge.next('refused'), { on: 'refused', connection: 6, error: 'ECONNREFUSED' });
  edge.sockets.apply({ do: 'connect', connection: 8, path: { ...path, localAddress: '192.0.2.1' } });
  assert.deepEqual(await edge.next('refused'), { on: 'refused', connection: 8, error: 'EADDRNOTAVAIL' });
  assert.equal(edge.sockets.size, 0);
});

edgeTest('a peer that reads nothing is cut off, and what waits for it is bounded', async (edge) => {
  const client = await dialled(await edge.listen());
  client.pause();
  const { connection } = await edge.next('accepted');
  let sent = 0;
  while (edge.sockets.size > 0 && sent < 1000) {
    for (let count = 0; count < 100; count++, sent++) {
      edge.sockets.apply({ do: 'send', connection, octets: new Uint8Array(10_000) });
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(await edge.next('closed'), { on: 'closed', connection, error: 'ENOBUFS' });
  assert.ok(sent < 1000);
  client.destroy();
});

edgeTest(
  'a port that is taken: its errno; one that is let go of: no new connections, the old ones stay',
  async (edge) => {
    const port = await edge.listen();
    const other = new Edge();
    assert.equal(await other.sockets.listen(HOST, port), 'EADDRINUSE');
    assert.deepEqual(other.sockets.listeners, []);
    const client = await dialled(port);
    await edge.next('accepted');
    edge.sockets.stopListening(HOST, 0);
    assert.equal(await other.sockets.listen(HOST, port), undefined);
    client.write('still here');
    assert.equal(Buffer.from((await edge.next('octets')).octets).toString(), 'still here');
    client.destroy();
    other.sockets.close();
  },
);

edgeTest('an endpoint behind the edge: start, call, stop, in pieces of one octet', async (edge) => {
  const endpoint = new Endpoint({ entropy: seededEntropy(seeded(3)) });
  const feed = (input: EndpointInput): void => endpoint.handle(input, 0).forEach(apply);
  const apply = (effect: EndpointEffect): void => {
    if (effect.do === 'connect' || effect.do === 'send' || effect.do === 'disconnect') edge.sockets.apply(effect);
    else if (effect.do === 'authorize-connection') {
      feed({ on: 'accept-connection', connection: effect.connection, settings: SETTINGS });
    } else if (effect.do === 'call-requested') feed({ on: 'accept-call', call: effect.call });
  };
  edge.onInput = feed;
  const client = await dialled(await edge.listen());
  client.setNoDelay(true);
  const parts: Buffer[] = [];
  client.on('data', (part: Buffer) => parts.push(part));
  const ended = once(client, 'end');
  for (const name of ['SCCRQ', 'OCRQ', 'CCR', 'StopCCRQ'] as const) {
    for (const octet of messageOf(name)) client.write(Uint8Array.of(octet));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await ended;
  const names: string[] = [];
  for (let rest = Buffer.concat(parts); rest.length > 0; rest = rest.subarray(rest.readUInt16BE(0))) {
    names.push(decodeMessage(rest.subarray(0, rest.readUInt16BE(0)))!.name);
  }
  assert.deepEqual(names, ['SCCRP', 'OCRP', 'CDN', 'StopCCRP']);
  assert.deepEqual([endpoint.connectionCount, endpoint.callCount, edge.sockets.size], [0, 0, 0]);
});
