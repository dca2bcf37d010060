// Calls of PPTP over a network that loses, repeats and disorders their packets, and under attack. Each test has its own
// namespaces.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import type { EndpointOptions, MppeOptions } from './harness/endpoint.ts';
import { missingForNamespaces } from './harness/namespaces.ts';
import { LEFT_WIRE, Pair, RIGHT, RIGHT_WIRE } from './harness/pair.ts';
import type { Relay } from './harness/relay.ts';
import { digestOf } from './harness/transfer.ts';

const missing = missingForNamespaces('ethtool', 'ping', 'python3');
const options = { timeout: 240_000, ...(missing === undefined ? {} : { skip: missing }) };
const TRANSFER = new URL('harness/transfer.ts', import.meta.url).pathname;
const ECHO = new URL('harness/echo.py', import.meta.url).pathname;
const RELAY = new URL('harness/relay.ts', import.meta.url).pathname;
const [SEND_KEY, RECEIVE_KEY] = ['0123456789abcdef0011223344556677', 'fedcba98765432108899aabbccddeeff'];

function keys(form: Partial<MppeOptions>): { left: MppeOptions; right: MppeOptions } {
  const shared = { bits: 128, required: true, ...form } as const;
  return {
    left: { ...shared, sendKey: SEND_KEY, receiveKey: RECEIVE_KEY },
    right: { ...shared, sendKey: RECEIVE_KEY, receiveKey: SEND_KEY },
  };
}

/** Two ends and what is between them: their peers are addresses of the relay. */
async function openThrough(relay: Relay, mppe?: ReturnType<typeof keys>): Promise<Pair> {
  const common: Partial<EndpointOptions> = { gre: {}, mtu: 1400 };
  const pair = await Pair.open(
    { ...common, peerAddress: '10.1.0.3', ...(mppe && { mppe: mppe.left }) },
    { peerAddress: '10.1.0.4', ...(mppe && { mppe: mppe.right }) },
    {
      prepare: (_, right) => {
        for (const address of ['10.1.0.3/24', '10.1.0.4/24']) right.run('ip', 'address', 'add', address, 'dev', 'wire');
      },
    },
  );
  try {
    const relaying = pair.right.start(process.execPath, RELAY, JSON.stringify(relay));
    await once(relaying.stdout!, 'data');
    relaying.stdout!.resume();
  } catch (error) {
    await pair.close();
    throw error;
  }
  return pair;
}

async function transferBothWays(pair: Pair, octets: number): Promise<void> {
  const server = pair.right.start(process.execPath, TRANSFER, 'serve');
  await once(server.stdout!, 'data');
  for (const direction of ['upload', 'download']) {
    const transfer = pair.left.start(process.execPath, TRANSFER, direction, RIGHT, String(octets));
    let digest = '';
    transfer.stdout!.on('data', (text) => {
      digest += text;
    });
    await once(transfer, 'exit');
    assert.equal(digest.trim(), digestOf(octets), direction);
  }
}

/** How many of so many pings are answered, however late. */
async function received(pair: Pair, count: number, interval = 0.01): Promise<number> {
  const echo = pair.left.start('python3', ECHO, RIGHT, String(count), String(interval));
  let output = '';
  echo.stdout!.on('data', (text) => {
    output += text;
  });
  await once(echo, 'exit');
  return Number(output);
}

/** What CCP would do: a Reset-Request for each loss told, which has the other end begin anew. */
function answerLosses(pair: Pair, more: (trouble: string) => void = () => {}): Disposable {
  const flushes = { left: 0, right: 0 };
  const seen = { left: 0, right: 0 };
  const timer = setInterval(() => {
    for (const [side, end, other] of [
      ['left', pair.leftEnd, pair.rightEnd],
      ['right', pair.rightEnd, pair.leftEnd],
    ] as const) {
      const troubles = end.heard('trouble').map(({ trouble }) => String(trouble));
      for (const trouble of troubles.slice(seen[side])) {
        if (trouble === 'compression-lost') other.tell({ flushes: ++flushes[side] });
        more(trouble);
      }
      seen[side] = troubles.length;
    }
  }, 20);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

describe('PPTP calls over a bad network', options, () => {
  for (const form of ['in the clear', 'stateless', 'stateful'] as const) {
    const mppe = form === 'in the clear' ? undefined : keys({ stateful: form === 'stateful' });

    it(`${form}: packets that overtake each other are put in order, nothing is lost, 300 pings and 1 MB both ways`, async () => {
      await using pair = await openThrough({ late: 100 }, mppe);
      using _ = answerLosses(pair);
      const got = await received(pair, 300, 0.002);
      // A machine that is busy elsewhere may be late beyond our patience, now and then; with state, each time costs what comes
      // until the new beginning. Out of order, thirty would be late, and with state a multiple of that would be lost.
      assert.ok(got >= 275, `${got}`);
      await transferBothWays(pair, 1_000_000);
      for (const end of [pair.leftEnd, pair.rightEnd]) {
        const { flow, counters } = await end.report();
        assert.ok(flow!.reordered > 10, `${flow!.reordered}`);
        // The last one of a burst waits for one behind it to overtake it: it comes at last, and perhaps too late.
        assert.ok(flow!.lost + (counters.drops['out-of-order'] ?? 0) < flow!.reordered / 4);
      }
      assert.ok(pair.leftEnd.heard('trouble').length < 3);
    });
  }

  for (const form of ['in the clear', 'stateless'] as const) {
    it(`${form}: packets that come twice are taken once`, async () => {
      await using pair = await openThrough({ twice: 200 }, form === 'stateless' ? keys({}) : undefined);
      assert.equal(await received(pair, 100), 100);
      await transferBothWays(pair, 1_000_000);
      const { counters, flow } = await pair.rightEnd.report();
      assert.ok(counters.drops.duplicate! > 50);
      assert.equal(flow!.lost, 0);
      assert.equal(counters.packetsIn, flow!.lastReceived + 1);
    });

    it(`${form}: two of a hundred lost: all octets arrive in the end, and what is missing is counted`, async () => {
      await using pair = await openThrough(
        { lost: 20, late: 30, twice: 20 },
        form === 'stateless' ? keys({}) : undefined,
      );
      await transferBothWays(pair, 500_000);
      const { counters, flow } = await pair.rightEnd.report();
      assert.ok(flow!.lost > 2);
      assert.equal(counters.packetsIn + flow!.lost, flow!.lastReceived + 1);
    });
  }

  it('RFC 3078 §8.2: with state, Reset-Requests bring a session back that loses packets', async () => {
    await using pair = await openThrough({ lost: 10 }, keys({ stateful: true }));
    using _ = answerLosses(pair);
    const before = await received(pair, 300);
    await transferBothWays(pair, 100_000);
    assert.ok(before > 50, `${before}`);
    const { encryption } = await pair.rightEnd.report();
    assert.ok(encryption!.losses > 0 && encryption!.dropped > 0);
    assert.equal((await pair.leftEnd.report()).encryption!.flushes, encryption!.losses);
  });

  it('R-182: the alarm goes off under state, and without state the session goes on as if nothing were', async () => {
    await using pair = await openThrough({ lost: 60 }, keys({ stateful: true }));
    let alarms = 0;
    const stateless = keys({ stateful: false });
    using _ = answerLosses(pair, (trouble) => {
      if (trouble !== 'flow-alarm' || alarms++ > 0) return;
      pair.leftEnd.tell({ mppe: stateless.left, generation: 2 });
      pair.rightEnd.tell({ mppe: stateless.right, generation: 2 });
    });
    for (let tries = 0; tries < 20 && alarms === 0; tries++) {
      await received(pair, 60);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(alarms > 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const got = await received(pair, 200);
    assert.ok(got > 150, `${got}`);
    const { flow, encryption } = await pair.rightEnd.report();
    assert.deepEqual([flow!.alarm, encryption!.receive?.stateful], [false, false]);
  });
});

describe('PPTP calls under attack', options, () => {
  const CALL_ID = '0009';

  it('a flood of octets, right calls from the wrong place, cut packets: all silence, all counted, memory as before', async () => {
    await using pair = await Pair.open({ gre: {}, mtu: 1400, mppe: keys({}).left }, { mppe: keys({}).right });
    assert.equal(await received(pair, 10), 10);
    pair.left.run('ip', 'address', 'add', '10.1.0.77/24', 'dev', 'wire');
    const before = await pair.rightEnd.report();
    const script = `import os, socket, random
random.seed(1)
right = socket.socket(socket.AF_INET, socket.SOCK_RAW, 47)
wrong = socket.socket(socket.AF_INET, socket.SOCK_RAW, 47)
wrong.bind(('10.1.0.77', 0))
frame = bytes.fromhex('ff030021') + os.urandom(60)
def packet(call, sequence, frame):
  return bytes.fromhex('3001880b') + len(frame).to_bytes(2, 'big') + call + sequence.to_bytes(4, 'big') + frame
mine = bytes.fromhex('${CALL_ID}')
for n in range(20000):
  kind = n % 5
  if kind == 0: data, by = os.urandom(n % 90), right
  elif kind == 1: data, by = packet(mine, random.randrange(2**32), frame), wrong
  elif kind == 2: data, by = packet(os.urandom(2), n, frame), right
  elif kind == 3: data, by = packet(mine, n, frame)[:n % 76], right
  else: data, by = bytes.fromhex('2081880b0000') + mine + os.urandom(4), right
  by.sendto(data, ('${RIGHT_WIRE}', 0))`;
    pair.left.run('python3', '-c', script);
    assert.ok((await received(pair, 20)) >= 18);
    const { drops, memory, flow } = await pair.rightEnd.report();
    assert.ok(drops['wrong-peer']! > 3000);
    assert.ok(drops['malformed-header']! > 3000 && drops['no-session']! > 3000);
    assert.ok(memory - before.memory < 60_000_000, `${before.memory} ${memory}`);
    assert.ok(flow!.acknowledgeTimeouts < 5);
  });

  it('a forged number far ahead costs the real packets nothing; forged ones just ahead cost them a moment', async () => {
    await using pair = await Pair.open({ gre: {}, mtu: 1400 });
    assert.equal(await received(pair, 5), 5);
    // As only somebody in between, or who can write any source, would.
    const forge = (sequence: number): void => {
      const script = `import socket; s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 47)
s.sendto(bytes.fromhex('3001880b0008${CALL_ID}' + '${sequence.toString(16).padStart(8, '0')}' + 'ff03c02109010004'), ('${RIGHT_WIRE}', 0))`;
      pair.left.run('python3', '-c', script);
    };
    forge(0x8000_0000);
    assert.equal(await received(pair, 20), 20);
    forge(700);
    assert.ok((await received(pair, 60)) >= 40);
    const { drops } = await pair.rightEnd.report();
    assert.equal(drops['sequence-jump'], 1);
  });

  it('acknowledgments are never answered, and data of one direction is acknowledged without data of the other', async () => {
    await using pair = await Pair.open({ gre: { localWindow: 8 }, mtu: 1400 });
    const sender = `import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for n in range(50):
  s.sendto(b'x' * 100, ('${RIGHT}', 9999)); time.sleep(0.01)
time.sleep(0.5)`;
    // Nobody listens there: ICMP would go back, so it must not.
    pair.right.run(
      'sh',
      '-c',
      'echo 0 > /proc/sys/net/ipv4/icmp_ratelimit; ip route add blackhole 10.66.0.1/32 metric 0 || true',
    );
    pair.left.run('python3', '-c', sender);
    const { flow } = await pair.leftEnd.report();
    assert.equal(flow!.acknowledgedByPeer, flow!.nextSent - 1);
    assert.ok(flow!.nextSent >= 50);
    const silent = (await pair.leftEnd.report()).counters.packetsIn;
    const storm = `import socket; s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 47)
for n in range(2000): s.sendto(bytes.fromhex('2081880b0000${CALL_ID}') + n.to_bytes(4, 'big'), ('${RIGHT_WIRE}', 0))`;
    pair.left.run('python3', '-c', storm);
    const right = await pair.rightEnd.report();
    assert.ok(right.flow!.acknowledgedByPeer < right.flow!.nextSent || right.flow!.nextSent === 0);
    assert.equal((await pair.leftEnd.report()).counters.packetsIn, silent);
  });

  it('frames of the control thread take their number among the data, under load as well', async () => {
    await using pair = await Pair.open({ gre: {}, mtu: 1400 });
    const server = pair.right.start(process.execPath, TRANSFER, 'serve');
    await once(server.stdout!, 'data');
    const transfer = pair.left.start(process.execPath, TRANSFER, 'upload', RIGHT, '20000000');
    for (let n = 0; n < 100; n++) {
      pair.leftEnd.tell('frame');
      await pair.leftEnd.next('queued');
    }
    transfer.stdout!.resume();
    await once(transfer, 'exit');
    const { counters, flow } = await pair.rightEnd.report();
    assert.deepEqual(counters.drops, {});
    assert.deepEqual([flow!.lost, flow!.reordered], [0, 0]);
    const frames = pair.rightEnd.heard('path');
    assert.equal(frames.length, 100);
    assert.match(String(frames[0]!.octets), /^30.1880b0008....*ff03c02109010004$/);
    assert.deepEqual(frames[0]!.path, {
      ...{ transport: 'gre', peerAddress: LEFT_WIRE, localAddress: RIGHT_WIRE, localPort: 0, peerPort: 0 },
    });
  });
});
