// L2TPv3 between two packet paths with real sockets and devices. Each test has its own two namespaces.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import type { EndpointOptions, V3Options } from './harness/endpoint.ts';
import { missingForNamespaces } from './harness/namespaces.ts';
import { LEFT_WIRE, LEFT_WIRE6, Pair, RIGHT, RIGHT_WIRE, RIGHT_WIRE6 } from './harness/pair.ts';
import { isAnswered, lost, MEGABYTES, transferBothWays } from './harness/traffic.ts';

const missing = missingForNamespaces('ethtool', 'ping', 'tcpdump', 'python3');
const options = { timeout: 240_000, ...(missing === undefined ? {} : { skip: missing }) };
const COOKIES = ['0123456789abcdef', 'fedcba9876543210'] as const;
const IPV6 = {
  left: { localAddress: LEFT_WIRE6, peerAddress: RIGHT_WIRE6 },
  right: { localAddress: RIGHT_WIRE6, peerAddress: LEFT_WIRE6 },
};

function open(v3: V3Options, change: Partial<EndpointOptions> = {}, ipv6 = false, right: Partial<V3Options> = {}) {
  const cookies = { localCookie: COOKIES[0], peerCookie: COOKIES[1] };
  const far = { localCookie: COOKIES[1], peerCookie: COOKIES[0] };
  return Pair.open(
    { mtu: 1400, v3: { ...cookies, ...v3 }, ...(ipv6 ? IPV6.left : {}), ...change },
    { v3: { ...far, ...v3, ...right }, ...(ipv6 ? IPV6.right : {}) },
  );
}

describe('L2TPv3 between two ends in namespaces', options, () => {
  for (const transport of ['udp', 'ip'] as const) {
    for (const ipv6 of [false, true]) {
      for (const form of [{}, { sublayer: true, sequencing: true }, { localCookie: '', peerCookie: '' }]) {
        it(`${transport} over IPv${ipv6 ? 6 : 4}, ${JSON.stringify(form)}: ping and 10 MB of TCP both ways`, async () => {
          await using pair = await open({ transport, ...form }, {}, ipv6);
          assert.ok(isAnswered(pair.left, RIGHT));
          await transferBothWays(pair.left, pair.right, [RIGHT]);
          const { counters } = await pair.rightEnd.report();
          assert.ok(counters.octetsIn > MEGABYTES && counters.octetsOut > MEGABYTES);
          assert.equal(counters.inputDrops + counters.outputDrops, 0);
          if ('sequencing' in form) assert.equal(counters.nr, counters.packetsIn);
        });
      }
    }
  }

  it('L2TPv2 with IPv6 outside: ping and 10 MB of TCP both ways', async () => {
    await using pair = await Pair.open({ mtu: 1400, ...IPV6.left }, IPV6.right);
    assert.equal(lost(pair.left, RIGHT), '0');
    await transferBothWays(pair.left, pair.right, [RIGHT]);
    const { counters } = await pair.rightEnd.report();
    assert.equal(counters.inputDrops + counters.outputDrops, 0);
  });

  for (const transport of ['udp', 'ip'] as const) {
    it(`a flood of octets over ${transport} stops nothing`, async () => {
      await using pair = await open({ transport, sublayer: true, sequencing: true });
      const script = `import os, socket
udp, ip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(socket.AF_INET, socket.SOCK_RAW, 115)
for n in range(3000):
  octets = os.urandom(n % 90)
  session = b'\\xfe\\xdc\\xba\\x98' if n % 3 else b''
  ip.sendto(session + octets, ('${RIGHT_WIRE}', 0))
  udp.sendto((b'\\0\\3\\0\\0' if n % 5 else b'') + session + octets, ('${RIGHT_WIRE}', 1701))`;
      pair.left.run('python3', '-c', script);
      assert.equal(lost(pair.left, RIGHT), '0');
      const { drops } = await pair.rightEnd.report();
      assert.ok((drops['cookie-mismatch'] ?? 0) + (drops['wrong-peer'] ?? 0) > 1000);
    });
  }

  it('RFC 3931 §4.1: one wrong octet of a cookie is silence, counted by its reason', async () => {
    await using pair = await open({ transport: 'ip' }, {}, false, { localCookie: 'fedcba9876543211' });
    assert.equal(lost(pair.left, RIGHT), '100');
    const { counters } = await pair.rightEnd.report();
    assert.equal(counters.drops['cookie-mismatch'], 3);
  });

  it('RFC 3931 §4.1: a cookie of another size is silence, counted by its reason', async () => {
    await using pair = await open({ transport: 'udp' }, {}, false, { localCookie: '76543210' });
    assert.equal(lost(pair.left, RIGHT), '100');
    const { counters } = await pair.rightEnd.report();
    assert.equal(counters.drops['cookie-mismatch'], 3);
  });

  it('RFC 3931 §4.6: a sublayer on one side only is counted by its reason', async () => {
    await using pair = await open({ transport: 'ip', sublayer: true, sequencing: true }, {}, false, {
      sublayer: false,
    });
    assert.equal(lost(pair.left, RIGHT), '100');
    assert.equal((await pair.rightEnd.report()).counters.drops['sublayer-mismatch'], 3);
  });

  it('RFC 3931 §4.1.1.2: over IP the Session ID 0 is a control message, and goes up without its IP header', async () => {
    for (const ipv6 of [false, true]) {
      await using pair = await open({ transport: 'ip' }, {}, ipv6);
      const [family, address] = ipv6 ? ['AF_INET6', RIGHT_WIRE6] : ['AF_INET', RIGHT_WIRE];
      const message = '00000000c803001400000000000000000001800800000006';
      const script = `import socket; s = socket.socket(socket.${family}, socket.SOCK_RAW, 115);
s.sendto(bytes.fromhex('${message}'), ('${address}', 0)); s.sendto(bytes.fromhex('00000077'), ('${address}', 0)); s.sendto(b'x', ('${address}', 0))`;
      pair.left.run('python3', '-c', script);
      const [localAddress, peerAddress] = ipv6 ? [RIGHT_WIRE6, LEFT_WIRE6] : [RIGHT_WIRE, LEFT_WIRE];
      assert.deepEqual(await pair.rightEnd.next('path'), {
        path: { transport: 'ip', localAddress, localPort: 0, peerAddress, peerPort: 0 },
        octets: message,
      });
      const { drops } = await pair.rightEnd.report();
      assert.deepEqual([drops['unknown-session'], drops['malformed-header']], [1, 1]);
    }
  });

  for (const transport of ['udp', 'ip'] as const) {
    it(`C045-C047: ToS, TTL and DF of the outer header over ${transport}`, async () => {
      await using pair = await open({ transport, tos: 0x28, ttl: 17, dontFragment: true });
      assert.deepEqual(await outerFields(pair), { tos: '0x28', ttl: '17', flags: 'DF' });
    });

    it(`C045: reflected ToS over ${transport} is the inner one without its congestion bits`, async () => {
      await using pair = await open({ transport, tos: 0x28, tosReflect: true });
      assert.deepEqual(await outerFields(pair, '-Q', '0xbb'), { tos: '0xb8', ttl: '255', flags: 'none' });
    });
  }

  it('C046: with DF a packet too long for the wire is counted as not sent, over both families', async () => {
    for (const ipv6 of [false, true]) {
      await using pair = await open({ transport: 'ip', dontFragment: true }, { mtu: 1500 }, ipv6);
      assert.equal(lost(pair.left, '-s', '1472', RIGHT), '100');
      assert.equal((await pair.leftEnd.report()).counters.drops['not-sent'], 3);
    }
  });

  it('RFC 3931 §4.1.4: without DF what is too long for the wire is fragmented, over both families', async () => {
    for (const ipv6 of [false, true]) {
      await using pair = await open({ transport: 'ip' }, { mtu: 1500 }, ipv6);
      assert.equal(lost(pair.left, '-s', '1472', RIGHT), '0');
    }
  });
});

/** Of the first packet of the tunnel on the wire. */
async function outerFields(pair: Pair, ...words: string[]): Promise<Record<'tos' | 'ttl' | 'flags', string>> {
  const filter = 'src 10.1.0.1 and (udp port 1701 or ip proto 115)';
  const capture = pair.right.start(
    'tcpdump',
    '-i',
    'wire',
    '-n',
    '-v',
    '-l',
    '-U',
    '--immediate-mode',
    '-c',
    '1',
    filter,
  );
  const heard = once(capture.stdout!, 'data');
  const ping = pair.left.start('ping', '-i', '0.1', ...words, RIGHT);
  ping.stdout!.resume();
  const line = String((await heard)[0]);
  ping.kill();
  const [, tos, ttl, flags] = /tos (0x[0-9a-f]+)(?:,[^t]*)?, ttl (\d+), .*flags \[(\w+)\]/.exec(line) ?? [];
  return { tos: tos!, ttl: ttl!, flags: flags! };
}
