// Echo requests over the loopback of a namespace.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type PingRequest, ping } from '../../src/sys/icmp.ts';
import { missingForNamespaces, Namespace } from '../dataplane/harness/namespaces.ts';

const missing = missingForNamespaces();
const options = { timeout: 30_000, ...(missing === undefined ? {} : { skip: missing }) };
const request = (changes: Partial<PingRequest>): PingRequest => ({
  ...{ destination: '127.0.0.1', size: 100, timeout: 1000, identifier: 4711, sequence: 1 },
  ...changes,
});

describe('ping', options, () => {
  it('RFC 792: an echo is answered, with the time it took', async () => {
    const result = await ping(request({}));
    assert.equal(result.outcome, 'reply');
    assert.equal(result.from, '127.0.0.1');
    assert.ok(result.roundTrip >= 0 && result.roundTrip < 1000);
  });

  it('RFC 792: sizes from the least to 18024 octets, any pattern, another source', async () => {
    for (const changes of [{ size: 36 }, { size: 18024 }, { size: 1001, pattern: 0 }, { source: '127.0.0.5' }]) {
      assert.equal((await ping(request(changes))).outcome, 'reply', JSON.stringify(changes));
    }
  });

  it('what comes back is compared with what was sent, with any Type of Service', async () => {
    const result = await ping(request({ validate: true, pattern: 0xff00, tos: 16, size: 1500 }));
    assert.ok(result.outcome === 'reply');
    assert.equal(result.intact, true);
  });

  it('answers of another request are not taken for ours', async () => {
    const both = [ping(request({ identifier: 1, sequence: 7 })), ping(request({ identifier: 2, sequence: 7 }))];
    assert.deepEqual(
      (await Promise.all(both)).map(({ outcome }) => outcome),
      ['reply', 'reply'],
    );
  });

  it('a source that is not ours is an error with its name', async () => {
    await assert.rejects(ping(request({ source: '192.0.2.77' })), { errno: 'EADDRNOTAVAIL' });
  });

  // What a host alone cannot show: a router that refuses, silence, and an MTU.
  const [near, far] = missing === undefined ? [new Namespace('p'), new Namespace('q')] : [];
  const asked = (changes: Partial<PingRequest>): Record<string, unknown> =>
    JSON.parse(near!.run(process.execPath, '-e', PROGRAM, JSON.stringify(request(changes)))) as Record<string, unknown>;

  it('RFC 792: what a router says comes back with its code and its address', () => {
    near!.run('ip', 'link', 'add', 'wire', 'type', 'veth', 'peer', 'wire', 'netns', far!.name);
    near!.run('ip', 'address', 'add', '10.9.0.1/24', 'dev', 'wire');
    far!.run('ip', 'address', 'add', '10.9.0.2/24', 'dev', 'wire');
    for (const namespace of [near!, far!]) namespace.run('ip', 'link', 'set', 'wire', 'up');
    near!.run('ip', 'route', 'add', 'default', 'via', '10.9.0.2');
    far!.run('sysctl', '-qw', 'net.ipv4.ip_forward=1');
    far!.run('ip', 'route', 'add', 'prohibit', '10.8.0.0/16');
    far!.run('ip', 'route', 'add', 'blackhole', '10.7.0.0/16');
    far!.run('ip', 'route', 'add', '10.3.0.0/16', 'via', '10.9.0.1');
    const from = '10.9.0.2';
    assert.deepEqual(asked({ destination: '10.8.0.1' }), { outcome: 'unreachable', from, code: 13, mtu: 0 });
    assert.deepEqual(asked({ destination: '10.6.0.1' }), { outcome: 'unreachable', from, code: 0, mtu: 0 });
    assert.deepEqual(asked({ destination: '10.7.0.1', timeout: 200 }), { outcome: 'timeout' });
    assert.deepEqual(asked({ destination: '10.3.0.1', ttl: 1 }), { outcome: 'expired', from });
  });

  it('RFC 1191 §4: with DF what is too long is refused, by Linux or by the router on the way', () => {
    far!.run('ip', 'link', 'add', 'narrow', 'mtu', '1000', 'type', 'veth', 'peer', 'other');
    far!.run('ip', 'link', 'set', 'narrow', 'up');
    far!.run('ip', 'route', 'add', '10.5.0.0/16', 'dev', 'narrow');
    assert.deepEqual(asked({ destination: '10.9.0.2', size: 1501, dontFragment: true }), {
      ...{ outcome: 'unsent', errno: 'EMSGSIZE' },
    });
    assert.deepEqual(asked({ destination: '10.5.0.1', size: 1400, dontFragment: true }), {
      ...{ outcome: 'unreachable', from: '10.9.0.2', code: 4, mtu: 1000 },
    });
    assert.equal(asked({ destination: '10.9.0.2', size: 4000 }).outcome, 'reply');
  });

  it('the namespaces are taken down', async () => {
    await near?.close();
    await far?.close();
  });
});

const PROGRAM = `import('${new URL('../../src/sys/icmp.ts', import.meta.url).href}').then(async ({ ping }) => {
  const result = await ping(JSON.parse(process.argv[1]));
  delete result.roundTrip;
  console.log(JSON.stringify(result));
})`;
