// Ethernet over L2TPv3 (RFC 4719): TAP devices, and devices of Linux's own with hosts behind them.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import type { V3Options } from './harness/endpoint.ts';
import { missingForNamespaces, Namespace } from './harness/namespaces.ts';
import { LEFT, Pair, RIGHT } from './harness/pair.ts';
import { lost, MEGABYTES, transferBothWays } from './harness/traffic.ts';

const missing = missingForNamespaces('ethtool', 'ping', 'python3', 'tcpdump');
const options = { timeout: 240_000, ...(missing === undefined ? {} : { skip: missing }) };

/** The address has answered once: on a machine with other work to do ARP may take a while, and that is not what is tried here. */
function resolve(from: Namespace, address: string): void {
  for (let attempt = 0; attempt < 10; attempt++) {
    if (lost(from, address) !== '100') return;
  }
}

describe('TAP devices', options, () => {
  for (const v3 of [
    { transport: 'udp', ethernet: 'tap' },
    { transport: 'ip', ethernet: 'tap', sublayer: true, sequencing: true },
  ] as const satisfies readonly V3Options[]) {
    it(`RFC 4719 §3: ARP, ping and 10 MB of TCP both ways with ${JSON.stringify(v3)}`, async () => {
      await using pair = await Pair.open({ mtu: 1400, v3 });
      resolve(pair.left, RIGHT);
      assert.equal(lost(pair.left, RIGHT), '0');
      await transferBothWays(pair.left, pair.right, [RIGHT]);
      const { counters } = await pair.rightEnd.report();
      assert.ok(counters.octetsIn > MEGABYTES && counters.octetsOut > MEGABYTES);
      assert.equal(counters.inputDrops + counters.outputDrops, 0);
    });
  }

  it('a frame longer than the session takes is dropped and counted, though the device took it', async () => {
    await using pair = await Pair.open({ mtu: 1000, deviceMtu: 1400, v3: { transport: 'ip', ethernet: 'tap' } });
    resolve(pair.left, RIGHT);
    assert.equal(lost(pair.left, '-s', '1200', '-M', 'do', RIGHT), '100');
    assert.equal((await pair.leftEnd.report()).counters.drops['packet-too-big'], 3);
  });
});

/** Hosts behind both ends, each by a cable to the device `lan` that the tunnel is attached to. */
class Lan {
  readonly leftHost = new Namespace('hl');
  readonly rightHost = new Namespace('hr');

  join(left: Namespace, right: Namespace): void {
    for (const [router, host, address] of [
      [left, this.leftHost, LEFT],
      [right, this.rightHost, RIGHT],
    ] as const) {
      const peer = ['peer', 'name', 'lan', 'netns', host.name];
      execFileSync('ip', ['link', 'add', 'lan', 'netns', router.name, 'type', 'veth', ...peer]);
      router.run('ip', 'link', 'set', 'lan', 'up');
      host.run('ip', 'link', 'set', 'lan', 'up', 'mtu', '1400');
      host.run('ip', 'address', 'add', `${address}/16`, 'dev', 'lan');
      host.run('ip', 'address', 'add', `2001:db8:77::${address.split('.')[3]}/64`, 'dev', 'lan', 'nodad');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leftHost.close();
    await this.rightHost.close();
  }
}

describe('devices that are attached', options, () => {
  for (const transport of ['udp', 'ip'] as const) {
    it(`RFC 4719 §3: hosts behind both ends reach each other over ${transport}, whatever their cables offload`, async () => {
      await using lan = new Lan();
      const v3 = { transport, ethernet: { attached: 'lan' } };
      const prepare = (left: Namespace, right: Namespace): void => lan.join(left, right);
      await using pair = await Pair.open({ mtu: 1400, v3 }, {}, { prepare });
      resolve(lan.leftHost, RIGHT);
      resolve(lan.leftHost, RIGHT);
      assert.equal(lost(lan.leftHost, RIGHT), '0');
      await transferBothWays(lan.leftHost, lan.rightHost, [RIGHT, '2001:db8:77::2']);
      const { counters } = await pair.leftEnd.report();
      assert.ok(counters.octetsIn > 2 * MEGABYTES && counters.octetsOut > 2 * MEGABYTES);
      assert.equal(counters.inputDrops + counters.outputDrops, 0);
    });
  }

  it('RFC 4719 §3.2: the tag of a frame, which Linux takes out, is in it again at the far end', async () => {
    await using lan = new Lan();
    const v3 = { transport: 'udp', ethernet: { attached: 'lan' } } as const;
    const prepare = (left: Namespace, right: Namespace): void => lan.join(left, right);
    await using _pair = await Pair.open({ mtu: 1400, v3 }, {}, { prepare });
    const listen = ['-i', 'lan', '-e', '-n', '-l', '-U', '--immediate-mode', '-c', '1', 'ether src 02:00:00:00:00:77'];
    const capture = lan.rightHost.start('tcpdump', ...listen);
    const heard = once(capture.stdout!, 'data');
    // Priority 5, VLAN 7, a type for experiments.
    const frame = `ffffffffffff0200000000778100a00788b5${'5a'.repeat(60)}`;
    const script = `import socket, time; s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('lan', 0))
while True: s.send(bytes.fromhex('${frame}')); time.sleep(0.1)`;
    const sender = lan.leftHost.start('python3', '-c', script);
    const line = String((await heard)[0]);
    sender.kill();
    assert.match(line, /802\.1Q.*length 78: vlan 7, p 5, ethertype Unknown \(0x88b5\)/);
  });

  it('a device that goes down and comes up again goes on', async () => {
    await using lan = new Lan();
    const v3 = { transport: 'ip', ethernet: { attached: 'lan' } } as const;
    const prepare = (left: Namespace, right: Namespace): void => lan.join(left, right);
    await using pair = await Pair.open({ mtu: 1400, v3 }, {}, { prepare });
    pair.left.run('ip', 'link', 'set', 'lan', 'down');
    assert.equal(lost(lan.leftHost, RIGHT), '100');
    pair.left.run('ip', 'link', 'set', 'lan', 'up');
    assert.equal(lost(lan.leftHost, RIGHT), '0');
  });
});
