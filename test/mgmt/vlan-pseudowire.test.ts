// One VLAN of a port at either site, joined by a VLAN pseudowire between two real routers (RFC 4719): another number at each end.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Router } from '../interop/router.ts';
import { atExit } from '../support/cleanup.ts';
import { connect, Namespace } from '../support/namespace.ts';
import { hosted, NAMESPACES } from '../support/requirement.ts';
import { MEGABYTE, transfer } from '../support/transfer.ts';
import { addVlan, PRIORITY } from '../support/vlan-host.ts';
import { waitFor } from '../support/wait.ts';

const MILLIS = 120_000;
const HOSTS = { a: '198.51.100.1', b: '198.51.100.2' } as const;
const WAN = { a: '192.0.2.1', b: '192.0.2.2' } as const;
type Site = keyof typeof WAN;

interface SiteOptions {
  readonly vlan: number;
  /** The Linux device of the port; none: the subinterface is a TAP. */
  readonly port?: string;
  readonly transport: 'l2tp' | 'udp';
}

function configurationOf(site: Site, { vlan, port, transport }: SiteOptions): string {
  const peer = WAN[site === 'a' ? 'b' : 'a'];
  return `hostname site-${site}
platform interfaces Ethernet0/0 wan0${port === undefined ? '' : ` FastEthernet0/1 ${port}`}
l2tp-class sites
 digest secret 0 tunn3l hash sha
 cookie size 8
pseudowire-class vlans
 encapsulation l2tpv3
 protocol l2tpv3 sites
 ip protocol ${transport}
 ip local interface Ethernet0/0
interface Ethernet0/0
 ip address ${WAN[site]} 255.255.255.0
interface FastEthernet0/1.${vlan}
 encapsulation dot1Q ${vlan}
 xconnect ${peer} 100 encapsulation l2tpv3 pw-class vlans
end
`;
}

function namespace(context: TestContext): Namespace {
  const made = Namespace.create();
  context.after(() => made.destroy());
  return made;
}

function gateways(context: TestContext): Record<Site, Namespace> {
  const both = { a: namespace(context), b: namespace(context) };
  connect(
    { namespace: both.a, device: 'wan0', cidr: `${WAN.a}/24` },
    { namespace: both.b, device: 'wan0', cidr: `${WAN.b}/24` },
  );
  return both;
}

async function start(at: Namespace, site: Site, options: SiteOptions): Promise<Router> {
  const folder = mkdtempSync(join(tmpdir(), 'vpdntest-vlan-'));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, `site-${site}.conf`);
  writeFileSync(file, configurationOf(site, options));
  return await Router.start(at, file);
}

async function pings(from: Namespace, to: string, count: number, ...words: readonly string[]): Promise<boolean> {
  const { stdout } = await from.run(['ping', '-n', '-c', String(count), '-i', '0.2', '-W', '2', ...words, to]);
  return stdout.includes(` ${count} received`);
}

async function untilJoined(from: Namespace, routers: readonly Router[]): Promise<void> {
  await waitFor(
    'the VLANs to be one',
    30_000,
    () => pings(from, HOSTS.b, 1),
    () => routers.map((router) => router.explain()).join('\n'),
  );
}

/** A frame of a type for experiments, in this VLAN; undefined: without a tag. */
async function sendFrame(from: Namespace, source: string, vlan: number | undefined): Promise<void> {
  const tag = vlan === undefined ? '' : `8100${(0xa000 | vlan).toString(16)}`;
  const frame = `ffffffffffff${source}${tag}88b5${'5a'.repeat(60)}`;
  const script = `import socket; s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('eth0', 0))
s.send(bytes.fromhex('${frame}'))`;
  assert.equal((await from.run(['python3', '-c', script])).status, 0);
}

for (const transport of ['l2tp', 'udp'] as const) {
  hosted(
    `VLAN 10 here and VLAN 20 there are one, ${transport === 'l2tp' ? 'over IP protocol 115' : 'over UDP'}`,
    [NAMESPACES],
    MILLIS,
    async (context) => {
      const at = gateways(context);
      const hosts = { a: namespace(context), b: namespace(context) };
      for (const site of ['a', 'b'] as const) {
        connect({ namespace: hosts[site], device: 'eth0' }, { namespace: at[site], device: 'lan1' });
      }
      await addVlan(hosts.a, 'eth0', 10, 'vlan10', `${HOSTS.a}/24`);
      await addVlan(hosts.b, 'eth0', 20, 'vlan20', `${HOSTS.b}/24`);
      const a = await start(at.a, 'a', { vlan: 10, port: 'lan1', transport });
      const b = await start(at.b, 'b', { vlan: 20, port: 'lan1', transport });
      await untilJoined(hosts.a, [a, b]);
      assert.ok(await pings(hosts.b, HOSTS.a, 3));
      assert.ok(await pings(hosts.a, HOSTS.b, 2, '-s', '1472'), 'frames of full length, in fragments outside');
      await transfer({ from: hosts.a, to: hosts.b, address: HOSTS.b, octets: MEGABYTE });
      await transfer({ from: hosts.b, to: hosts.a, address: HOSTS.a, octets: MEGABYTE });
      await assertTags(hosts, at);
      const { stdout } = await a.exec('show l2tun session all');
      assert.match(stdout, /Session Layer 2 circuit, type is Ethernet Vlan, name is FastEthernet0\/1\.10/);
      assert.match((await b.exec('show l2tun session circuit')).stdout, /VLAN\s+UP\s+100, Fa0\/1\.20/);
      // The cable of the port is that of the VLAN.
      hosts.b.ip('link set eth0 down');
      const circuit = async () => (await a.exec('show l2tun session circuit')).stdout;
      await waitFor('site a to hear of it', 10_000, async () => /VLAN\s+DN/.test(await circuit()));
      await a.shutDown();
      await b.shutDown();
    },
  );
}

/** The number is the far end's own there, the priority stays; other VLANs and frames without a tag stay here. */
async function assertTags(hosts: Record<Site, Namespace>, at: Record<Site, Namespace>): Promise<void> {
  const filter = 'ether src 02:00:00:00:00:77 or ether src 02:00:00:00:00:78';
  const words = ['-e', '-n', '-l', '-U', '--immediate-mode', '-c', '1'];
  const listener = hosts.b.start(['tcpdump', '-i', 'eth0', ...words, filter]);
  const outside = at.b.start(['tcpdump', '-i', 'wan0', '-x', ...words, 'greater 90 and dst host 192.0.2.2']);
  await listener.said(/listening on/, 5000);
  await outside.said(/listening on/, 5000);
  await sendFrame(hosts.a, '020000000078', 11);
  await sendFrame(hosts.a, '020000000078', undefined);
  await sendFrame(hosts.a, '020000000077', 10);
  await listener.said(/02:00:00:00:00:77.*802\.1Q.*length 78: vlan 20, p 5, ethertype Unknown \(0x88b5\)/, 5000);
  // In the tunnel the tag is its sender's: priority 5, VLAN 10.
  await outside.said(/8100 a00a/, 5000);
  await listener.stop();
  await outside.stop();
}

hosted('a subinterface without a device is a TAP whose frames have no tag', [NAMESPACES], MILLIS, async (context) => {
  const at = gateways(context);
  const host = namespace(context);
  connect({ namespace: host, device: 'eth0' }, { namespace: at.a, device: 'lan1' });
  await addVlan(host, 'eth0', 10, 'vlan10', `${HOSTS.a}/24`);
  const a = await start(at.a, 'a', { vlan: 10, port: 'lan1', transport: 'l2tp' });
  const b = await start(at.b, 'b', { vlan: 20, transport: 'l2tp' });
  at.b.ip(`addr add ${HOSTS.b}/24 dev vpfa0-1.20`);
  await untilJoined(host, [a, b]);
  await transfer({ from: host, to: at.b, address: HOSTS.b, octets: MEGABYTE });
  await transfer({ from: at.b, to: host, address: HOSTS.a, octets: MEGABYTE });
  const outside = at.a.start(['tcpdump', '-i', 'wan0', '-x', '-n', '-l', '-U', '--immediate-mode', '-c', '40']);
  await outside.said(/listening on/, 5000);
  assert.ok(await pings(host, HOSTS.b, 2));
  await outside.said(new RegExp(`8100 ${(PRIORITY << 1).toString(16)}00a`), 5000);
  await outside.said(/8100 0014/, 5000);
  await outside.stop();
  await a.shutDown();
  await b.shutDown();
});
