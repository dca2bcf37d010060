// Two packet paths in network namespaces, with real packets between them.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { missingForNamespaces } from './harness/namespaces.ts';
import { LEFT_WIRE, Pair, RIGHT, RIGHT_WIRE } from './harness/pair.ts';
import { digestOf } from './harness/transfer.ts';

// Two packet paths with real sockets and TUN devices: what only Linux can show. Each test has its own two namespaces.

const missing = missingForNamespaces('ethtool', 'ping', 'ss');
const options = { timeout: 60_000, ...(missing === undefined ? {} : { skip: missing }) };
const TRANSFER = new URL('harness/transfer.ts', import.meta.url).pathname;
const MEGABYTES = 10_000_000;

async function serve(pair: Pair): Promise<void> {
  const server = pair.right.start(process.execPath, TRANSFER, 'serve');
  await once(server.stdout!, 'data');
}

function transfer(pair: Pair, direction: 'upload' | 'download', octets = MEGABYTES): string {
  return pair.left.run(process.execPath, TRANSFER, direction, RIGHT, String(octets)).trim();
}

/** Packets lost, of `count`. */
function ping(pair: Pair, ...words: string[]): string {
  try {
    const output = pair.left.run('ping', '-c', '3', '-i', '0.2', '-W', '1', ...words);
    return /(\d+)% packet loss/.exec(output)![1]!;
  } catch (error) {
    const output = String((error as { stdout: string }).stdout) + String((error as { stderr: string }).stderr);
    return /message too long/i.test(output) ? 'too long' : (/(\d+)% packet loss/.exec(output)?.[1] ?? output);
  }
}

describe('two ends in namespaces', options, () => {
  const variants = [{}, { sequencing: true, mtu: 1456 }, { compressed: true }, { strictSource: true }];
  for (const variant of variants) {
    it(`ping and 10 MB of TCP both ways, with ${JSON.stringify(variant)}`, async () => {
      await using pair = await Pair.open(variant);
      assert.equal(ping(pair, RIGHT), '0');
      await serve(pair);
      assert.equal(transfer(pair, 'upload'), digestOf(MEGABYTES));
      assert.equal(transfer(pair, 'download'), digestOf(MEGABYTES));
      const { counters } = await pair.rightEnd.report();
      assert.ok(counters.octetsIn > MEGABYTES && counters.octetsOut > MEGABYTES);
      assert.equal(counters.inputDrops + counters.outputDrops, 0);
      if ('sequencing' in variant) assert.equal(counters.nr, counters.packetsIn & 0xffff);
    });
  }

  it('10 MB of TCP both ways over a wire whose receiver puts runs together', async () => {
    await using pair = await Pair.open({}, {}, { coalescing: true });
    await serve(pair);
    assert.equal(transfer(pair, 'upload'), digestOf(MEGABYTES));
    assert.equal(transfer(pair, 'download'), digestOf(MEGABYTES));
  });

  it('a wire with a smaller MTU than we think: runs are given up, the tunnel is fragmented, all octets arrive', async () => {
    await using pair = await Pair.open({}, {}, { mtu: 1400 });
    await serve(pair);
    assert.equal(transfer(pair, 'upload'), digestOf(MEGABYTES));
    assert.equal(transfer(pair, 'download', 1_000_000), digestOf(1_000_000));
  });

  it('RFC 9293 §3.7.1: both ends of a connection use the clamped MSS', async () => {
    await using pair = await Pair.open({ mssClamp: 1000, deviceMtu: 1460 });
    await serve(pair);
    const client = pair.left.start(process.execPath, '-e', `require('net').connect(5001, '${RIGHT}').write('x')`);
    await setTimeout(500);
    for (const namespace of [pair.left, pair.right]) {
      const used = /\bmss:(\d+)/.exec(namespace.run('ss', '-Htin', 'state', 'established'))![1];
      // 12 octets of each segment are its time stamp.
      assert.equal(used, '988');
    }
    client.kill();
  });

  it('RFC 2827 §3: packets from a foreign source are dropped and counted at the session', async () => {
    await using pair = await Pair.open({}, { strictSource: true });
    pair.left.run('ip', 'address', 'add', '10.66.9.9/32', 'dev', 'lo');
    assert.equal(ping(pair, '-I', '10.66.9.9', RIGHT), '100');
    assert.equal(ping(pair, RIGHT), '0');
    const { counters } = await pair.rightEnd.report();
    assert.equal(counters.drops['spoofed-source'], 3);
  });

  it('RFC 1191 §4: Linux refuses what is too long with DF and fragments what is without', async () => {
    await using pair = await Pair.open({ deviceMtu: 1460 });
    assert.equal(ping(pair, '-M', 'do', '-s', '1432', RIGHT), '0');
    assert.equal(ping(pair, '-M', 'do', '-s', '1433', RIGHT), 'too long');
    assert.equal(ping(pair, '-s', '5000', RIGHT), '0');
  });

  it('a packet longer than its session takes is dropped and counted, though the device took it', async () => {
    await using pair = await Pair.open({ mtu: 1000, deviceMtu: 1460 });
    assert.equal(ping(pair, '-M', 'do', '-s', '1200', RIGHT), '100');
    const { counters } = await pair.leftEnd.report();
    assert.equal(counters.drops['packet-too-big'], 3);
  });

  it('RFC 2661 §8.1: a control message goes up with its path, a frame of no session does not', async () => {
    await using pair = await Pair.open();
    const send = `const s = require('dgram').createSocket('udp4'); s.bind(40001);
      s.send(Buffer.from('00020001000100', 'hex'), 1701, '${RIGHT_WIRE}');
      s.send(Buffer.from('c802000c0000000000000000', 'hex'), 1701, '${RIGHT_WIRE}', () => s.close())`;
    pair.left.run(process.execPath, '-e', send);
    assert.deepEqual(await pair.rightEnd.next('path'), {
      path: { localAddress: RIGHT_WIRE, localPort: 1701, peerAddress: LEFT_WIRE, peerPort: 40001 },
      octets: 'c802000c0000000000000000',
    });
    const { drops } = await pair.rightEnd.report();
    assert.equal(drops['no-session'], 1);
  });

  it('a flood of octets stops nothing', async () => {
    await using pair = await Pair.open();
    const flood = `const s = require('dgram').createSocket('udp4'); let n = 0;
      const next = () => { if (n++ === 3000) return s.close();
        const b = require('crypto').randomBytes(n % 90); if (n % 2) b[0] &= 0x4b, b[1] = 2;
        s.send(b, 1701, '${RIGHT_WIRE}', next); }; next()`;
    pair.left.run(process.execPath, '-e', flood);
    assert.equal(ping(pair, RIGHT), '0');
  });

  it('devices come and go under load', async () => {
    await using pair = await Pair.open();
    await serve(pair);
    const load = pair.left.start(process.execPath, TRANSFER, 'download', RIGHT, String(100_000_000));
    const digest = once(load.stdout!, 'data');
    pair.leftEnd.process.stdin!.write('devices\n');
    assert.deepEqual(await pair.leftEnd.next('rounds', 30_000), { rounds: 3 });
    assert.equal(String((await digest)[0]).trim(), digestOf(100_000_000));
  });

  it('a device that is taken away is reported, and the workers go on', async () => {
    await using pair = await Pair.open();
    pair.left.run('ip', 'link', 'delete', 'tun0');
    assert.deepEqual(await pair.leftEnd.next('lost'), { lost: 3 });
    assert.ok((await pair.leftEnd.report()).counters);
  });

  for (const [name, command] of [
    ['process.exit', 'exit'],
    ['an uncaught exception', 'throw'],
  ] as const) {
    it(`${name} ends the process at once, workers waiting in the kernel or not`, async () => {
      await using pair = await Pair.open();
      const started = performance.now();
      pair.leftEnd.process.stdin!.write(`${command}\n`);
      await once(pair.leftEnd.process, 'exit');
      assert.ok(performance.now() - started < 1000);
    });
  }

  it('stopping takes less than a second, under load as well', async () => {
    await using pair = await Pair.open();
    await serve(pair);
    const load = pair.left.start(process.execPath, TRANSFER, 'download', RIGHT, String(400_000_000));
    load.stderr?.resume();
    await setTimeout(500);
    const started = performance.now();
    pair.leftEnd.process.kill('SIGTERM');
    await once(pair.leftEnd.process, 'exit');
    assert.ok(performance.now() - started < 1000);
  });
});
