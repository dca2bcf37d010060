// Syslog servers, with real sockets on this machine: the text of a message, the transports, and what becomes of those that find no
// way.

import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { type AddressInfo, createServer, type Server, type Socket as StreamSocket } from 'node:net';
import { after, describe, test } from 'node:test';
import { Log } from '../../src/host/log.ts';
import { Syslog } from '../../src/host/syslog.ts';
import { emptyConfiguration } from '../../src/vpdn/configuration.ts';
import type { Logging } from '../../src/vpdn/configuration-system.ts';
import type { LogMessage } from '../../src/vpdn/log.ts';
import { waitFor } from '../support/wait.ts';

const WALL = Date.UTC(2026, 10, 22, 16, 35, 53, 120);
const CONFIG_I: LogMessage = { name: 'SYS-CONFIG_I', text: 'Configured from console by console' };
const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
});

/** Takes datagrams on the loopback. */
async function receiver(address = '127.0.0.1', port = 0) {
  const socket: Socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const messages: string[] = [];
  const from: string[] = [];
  socket.on('message', (octets, { address: source }) => {
    messages.push(octets.toString());
    from.push(source);
  });
  await new Promise<void>((resolve) => socket.bind(port, address, resolve));
  let open = true;
  const close = () => {
    if (open) socket.close();
    open = false;
  };
  closing.push(close);
  return { close, messages, from, port: socket.address().port };
}

async function collector(port = 0) {
  let text = '';
  const sockets: StreamSocket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', (octets: Buffer) => {
      text += octets.toString();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  closing.push(close);
  return { text: () => text, close, port: (server.address() as AddressInfo).port };
}

/** A log whose servers are these. */
function logTo(logging: Partial<Logging>, addresses: Readonly<Record<string, string | undefined>> = {}) {
  const said: string[] = [];
  const syslog = new Syslog({
    addressOf: (name) => addresses[name],
    log: ({ text }) => void said.push(text),
  });
  closing.push(() => syslog.close());
  const log = new Log({
    clock: { now: () => 0, wallClock: () => WALL },
    timers: { set: () => undefined },
    console: () => undefined,
    syslog,
  });
  const configure = (next: Partial<Logging>) => {
    log.configure({ on: true, ...next }, emptyConfiguration().services, undefined);
    syslog.configure({ on: true, ...next }, 'peer2');
  };
  configure(logging);
  return { log, syslog, said, configure };
}

const udp = (port: number, host = '127.0.0.1') => ({ host, transport: 'udp', port }) as const;

describe('C013: logging host', () => {
  test('IOS: priority, number, timestamp, message; whoever is told later gets what waits', async () => {
    const { messages, port } = await receiver();
    const { log, syslog, said } = logTo({ hosts: [udp(port)] });
    log.add(CONFIG_I);
    log.add({ name: 'LINK-UPDOWN', text: 'Interface Virtual-Access1, changed state to up' });
    await waitFor('two messages', 5000, () => messages.length === 2);
    // local7 is 23: 23 * 8 + 5, and + 3.
    assert.deepEqual(messages, [
      '<189>1: *Nov 22 16:35:53.120: %SYS-5-CONFIG_I: Configured from console by console',
      '<187>2: *Nov 22 16:35:53.120: %LINK-3-UPDOWN: Interface Virtual-Access1, changed state to up',
    ]);
    assert.deepEqual(syslog.views(), [{ host: '127.0.0.1', transport: 'udp', port, up: true, logged: 2, dropped: 0 }]);
    assert.equal(log.view().trapLogged, 2);
    assert.deepEqual(said, [`Logging to host 127.0.0.1 port ${port} started - CLI initiated`]);
  });

  test('trap, facility and origin-id', async () => {
    const { messages, port } = await receiver();
    const hosts = [udp(port)];
    const { log, configure } = logTo({ hosts, facility: 'daemon', trap: 4, originId: 'hostname' });
    log.add(CONFIG_I);
    log.add({ name: 'VPDN-NORESOURCE', text: 'none left' });
    await waitFor('a message', 5000, () => messages.length === 1);
    assert.equal(messages[0], '<27>1: peer2: *Nov 22 16:35:53.120: %VPDN-3-NORESOURCE: none left');
    configure({ hosts, trap: 7, originId: 'ip' });
    log.debug('L2X: O SCCRQ');
    await waitFor('a debug line', 5000, () => messages.length === 2);
    assert.equal(messages[1], '<191>2: 127.0.0.1: *Nov 22 16:35:53.120: L2X: O SCCRQ');
    configure({ hosts, originId: { text: 'rack 7' } });
    log.debug('L2X: I SCCRP');
    log.add(CONFIG_I);
    await waitFor('a message', 5000, () => messages.length === 3);
    assert.match(messages[2]!, /^<189>3: rack 7: \*Nov/);
    for (const silent of [{ trap: 'off' }, { on: false }] as const) {
      configure({ hosts, ...silent });
      log.add(CONFIG_I);
    }
    configure({ hosts });
    log.add({ ...CONFIG_I, text: 'the last' });
    await waitFor('a message', 5000, () => messages.length === 4);
    assert.match(messages[3]!, /^<189>4: .* the last$/);
  });

  test('several servers, over IPv6 as well, and from the address of the source interface', async () => {
    const [four, six] = [await receiver(), await receiver('::1')];
    const { log } = logTo(
      { hosts: [udp(four.port), udp(six.port, '::1')], sourceInterface: 'Loopback1' },
      { Loopback1: '127.0.0.9' },
    );
    log.add(CONFIG_I);
    await waitFor('both', 5000, () => four.messages.length === 1 && six.messages.length === 1);
    assert.deepEqual([four.from, six.from], [['127.0.0.9'], ['::1']]);
  });

  test('while the source interface has no address a hundred messages wait, and the rest is counted', async () => {
    const { messages, port } = await receiver();
    const { log, syslog, said, configure } = logTo({ hosts: [udp(port)], sourceInterface: 'Loopback1', trap: 7 });
    for (let count = 0; count < 130; count++) log.debug(`line ${count}`);
    await waitFor('it to be said', 5000, () => said.length === 2);
    assert.match(said[1]!, /failed: the source interface has no address$/);
    assert.deepEqual([syslog.views()[0]!.up, syslog.views()[0]!.dropped], [false, 30]);
    configure({ hosts: [udp(port)], trap: 7 });
    log.debug('with an address');
    await waitFor('a message', 5000, () => messages.length === 1);
    assert.match(messages[0]!, /with an address$/);
  });

  test('a server that is down for a while loses datagrams and nothing else', async () => {
    const first = await receiver();
    const { log } = logTo({ hosts: [udp(first.port)] });
    log.add(CONFIG_I);
    await waitFor('a message', 5000, () => first.messages.length === 1);
    first.close();
    log.add(CONFIG_I);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const again = await receiver('127.0.0.1', first.port);
    log.add({ ...CONFIG_I, text: 'again' });
    await waitFor('a message', 5000, () => again.messages.length === 1);
    assert.match(again.messages[0]!, /again$/);
  });

  test('over TCP each message ends with a line feed, and one that is not there is said once', async () => {
    const { text, port } = await collector();
    const { log } = logTo({ hosts: [{ host: '127.0.0.1', transport: 'tcp', port }] });
    log.add(CONFIG_I);
    log.add({ ...CONFIG_I, text: 'two' });
    await waitFor('both', 5000, () => /two\n$/.test(text()));
    assert.match(text(), /^<189>1: [^\n]*\n<189>2: [^\n]*two\n$/);
    const closed = await collector();
    closed.close();
    const { syslog, said } = logTo({ hosts: [{ host: '127.0.0.1', transport: 'tcp', port: closed.port }] });
    await waitFor('it to be said', 5000, () => said.length === 2);
    assert.match(said[1]!, /^Logging to host 127\.0\.0\.1 port \d+ failed: .*ECONNREFUSED/);
    assert.equal(syslog.views()[0]!.up, false);
  });

  test('a message is one line of at most 1024 octets, whatever is in it', async () => {
    const { messages, port } = await receiver();
    const { log } = logTo({ hosts: [udp(port)] });
    log.add({ name: 'SYS-FAULT', text: `one\n<0>two\u0007${'x'.repeat(2000)}` });
    await waitFor('a message', 5000, () => messages.length === 1);
    assert.ok(!messages[0]!.includes('\n') && !messages[0]!.includes('\u0007'));
    assert.equal(messages[0]!.length, 1024);
  });

  test('a server that is no longer configured gets nothing more', async () => {
    const { messages, port } = await receiver();
    const other = await receiver();
    const { log, said, configure } = logTo({ hosts: [udp(port)] });
    log.add(CONFIG_I);
    await waitFor('a message', 5000, () => messages.length === 1);
    configure({ hosts: [udp(other.port)] });
    log.add(CONFIG_I);
    await waitFor('a message', 5000, () => other.messages.length === 1);
    assert.equal(messages.length, 1);
    assert.deepEqual(said.slice(1), [
      `Logging to host 127.0.0.1 port ${port} stopped - CLI initiated`,
      `Logging to host 127.0.0.1 port ${other.port} started - CLI initiated`,
    ]);
  });
});
