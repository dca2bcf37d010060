// Two LANs joined by an Ethernet pseudowire between two real routers: hosts that know nothing of it are neighbors (RFC 4719).

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Router } from '../interop/router.ts';
import { atExit } from '../support/cleanup.ts';
import { connect, Namespace } from '../support/namespace.ts';
import { hosted, NAMESPACES } from '../support/requirement.ts';
import { MEGABYTE, transfer } from '../support/transfer.ts';
import { waitFor } from '../support/wait.ts';

const EXAMPLE = new URL('../../examples/l2tpv3-xconnect/', import.meta.url);
const SITES = ['a', 'b'] as const;
type Site = (typeof SITES)[number];

/** Of the hosts. */
const HOSTS = { a: '198.51.100.1', b: '198.51.100.2' } as const;
const MILLIS = 120_000;

interface Sites {
  readonly hosts: Readonly<Record<Site, Namespace>>;
  readonly gateways: Readonly<Record<Site, Namespace>>;
}

/** host a - gateway a - gateway b - host b; the LAN of a gateway is its device `lan1`. */
function build(context: TestContext): Sites {
  const make = () => {
    const namespace = Namespace.create();
    context.after(() => namespace.destroy());
    return namespace;
  };
  const [hosts, gateways] = [
    { a: make(), b: make() },
    { a: make(), b: make() },
  ];
  connect(
    { namespace: gateways.a, device: 'wan0', cidr: '192.0.2.1/24' },
    { namespace: gateways.b, device: 'wan0', cidr: '192.0.2.2/24' },
  );
  for (const site of SITES) {
    connect(
      { namespace: hosts[site], device: 'eth0', cidr: `${HOSTS[site]}/24` },
      { namespace: gateways[site], device: 'lan1' },
    );
  }
  return { hosts, gateways };
}

async function start(namespace: Namespace, site: Site, edit: (text: string) => string): Promise<Router> {
  const folder = mkdtempSync(join(tmpdir(), 'vpdntest-xconnect-'));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, `site-${site}.conf`);
  writeFileSync(file, edit(readFileSync(fileURLToPath(new URL(`site-${site}.conf`, EXAMPLE)), 'utf8')));
  return await Router.start(namespace, file);
}

async function startBoth(
  { gateways }: Sites,
  edit: (text: string, site: Site) => string = (text) => text,
): Promise<Record<Site, Router>> {
  const [a, b] = await Promise.all(SITES.map((site) => start(gateways[site], site, (text) => edit(text, site))));
  return { a: a!, b: b! };
}

/** Whether all of `count` pings were answered. */
async function pings(from: Namespace, to: string, count = 3): Promise<boolean> {
  const { stdout } = await from.run(['ping', '-n', '-c', String(count), '-i', '0.2', '-W', '2', to]);
  return new RegExp(`${count} received`).test(stdout);
}

async function untilJoined({ hosts }: Sites, routers: Readonly<Record<Site, Router>>): Promise<void> {
  await waitFor(
    'the LANs to be one',
    30_000,
    () => pings(hosts.a, HOSTS.b, 1),
    () => SITES.map((site) => routers[site].explain()).join('\n'),
  );
}

for (const [name, edit] of [
  ['over IP protocol 115', (text: string) => text],
  [
    'over UDP, with sequence numbers',
    (text: string) => text.replace(' ip local', ' ip protocol udp\n sequencing both\n ip local'),
  ],
] as const) {
  hosted(`the example joins two LANs, ${name}: ping, ARP, TCP, a VLAN`, [NAMESPACES], MILLIS, async (context) => {
    const sites = build(context);
    const routers = await startBoth(sites, edit);
    const { hosts } = sites;
    await untilJoined(sites, routers);
    assert.ok(await pings(hosts.b, HOSTS.a));
    // Each has the other's own hardware address: nobody stands between them.
    const own = (site: Site) => /link\/ether (\S+)/.exec(hosts[site].ip('link show eth0'))?.[1] ?? 'none';
    assert.ok(hosts.a.ip('neigh show').includes(own('b')));
    assert.ok(hosts.b.ip('neigh show').includes(own('a')));
    for (const [from, to] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      await transfer({ from: hosts[from], to: hosts[to], address: HOSTS[to], octets: MEGABYTE });
    }
    await sendTagged(hosts.a, hosts.b);
    const { stdout } = await hosts.a.run(['ping', '-n', '-c', '2', '-s', '1472', '-W', '2', HOSTS.b]);
    assert.match(stdout, /2 received/, 'frames of full length pass, in fragments outside');
    await assertShown(routers);
    for (const site of SITES) await routers[site].shutDown();
    assert.ok(!(await pings(hosts.a, HOSTS.b, 1)));
    assert.match(sites.gateways.a.ip('link show lan1'), /UP/, 'the device is the administrator’s, and stays as it was');
  });
}

/** A frame with priority 5 in VLAN 7, of a type for experiments, is the same at the far end. */
async function sendTagged(from: Namespace, to: Namespace): Promise<void> {
  const filter = 'ether src 02:00:00:00:00:77';
  const listener = to.start(['tcpdump', '-i', 'eth0', '-e', '-n', '-l', '-U', '--immediate-mode', '-c', '1', filter]);
  await listener.said(/listening on/, 5000);
  const frame = `ffffffffffff0200000000778100a00788b5${'5a'.repeat(60)}`;
  const script = `import socket; s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('eth0', 0))
s.send(bytes.fromhex('${frame}'))`;
  assert.equal((await from.run(['python3', '-c', script])).status, 0);
  await listener.said(/802\.1Q.*length 78: vlan 7, p 5, ethertype Unknown \(0x88b5\)/, 5000);
  await listener.stop();
}

async function assertShown(routers: Readonly<Record<Site, Router>>): Promise<void> {
  const { a } = routers;
  const { stdout: all } = await a.exec('show l2tun session all');
  assert.match(all, /Session is L2TP signalled/);
  assert.match(all, /Session Layer 2 circuit, type is Ethernet, name is FastEthernet0\/1/);
  assert.match(all, /Circuit state is UP/);
  assert.match(all, /Session vcid is 100/);
  assert.match(all, /[1-9]\d+ Packets sent, [1-9]\d+ received/);
  assert.match((await a.exec('show l2tun session circuit')).stdout, /ETH\s+UP\s+100, Fa0\/1/);
  assert.match(
    (await a.exec('show xconnect all')).stdout,
    /^UP\s+pri\s+ac\s+Fa0\/1\(Ethernet\)\s+UP\s+l2tp 192\.0\.2\.2:100/m,
  );
  assert.match((await a.exec('show interfaces FastEthernet0/1')).stdout, /FastEthernet0\/1 is up, line protocol is up/);
  assert.match(
    (await a.exec('show running-config')).stdout,
    /^ xconnect 192\.0\.2\.2 100 encapsulation l2tpv3 pw-class lan$/m,
  );
}

hosted(
  'a link that goes down at one site is a circuit that is down at the other',
  [NAMESPACES],
  MILLIS,
  async (context) => {
    const sites = build(context);
    const routers = await startBoth(sites);
    const { hosts, gateways } = sites;
    await untilJoined(sites, routers);
    const circuit = async (site: Site) => (await routers[site].exec('show l2tun session circuit')).stdout;
    hosts.a.ip('link set eth0 down');
    await waitFor('site b to hear of it', 10_000, async () => /ETH\s+DN/.test(await circuit('b')));
    assert.match((await routers.b.exec('show xconnect all detail')).stdout, /Remote Circuit State: DN/);
    hosts.a.ip('link set eth0 up');
    await waitFor('site b to hear of it', 10_000, async () => /ETH\s+UP/.test(await circuit('b')));
    await untilJoined(sites, routers);
    // A device that is deleted takes the session along; one made in its place begins anew.
    gateways.b.ip('link del lan1');
    await waitFor('the session to end', 10_000, async () => !/ETH/.test(await circuit('a')));
    connect({ namespace: hosts.b, device: 'eth0', cidr: `${HOSTS.b}/24` }, { namespace: gateways.b, device: 'lan1' });
    hosts.a.ip('neigh flush all'); // the host has another hardware address now
    await untilJoined(sites, routers);
  },
);

hosted(
  'without a device of Linux an xconnect makes a TAP, to be put into a bridge',
  [NAMESPACES],
  MILLIS,
  async (context) => {
    const sites = build(context);
    const routers = await startBoth(sites, (text, site) => {
      return site === 'a' ? text.replace(' FastEthernet0/1 lan1', '') : text;
    });
    sites.gateways.a.addBridge('br0', ['lan1', 'vpfa0-1']);
    await untilJoined(sites, routers);
    await transfer({ from: sites.hosts.a, to: sites.hosts.b, address: HOSTS.b, octets: MEGABYTE });
    await transfer({ from: sites.hosts.b, to: sites.hosts.a, address: HOSTS.a, octets: MEGABYTE });
    await routers.a.shutDown();
    assert.ok(!sites.gateways.a.ip('link show').includes('vpfa0-1'), 'the TAP is gone');
  },
);
