// How many calls a second are set up, and what a session weighs: our own client (the whole router, but no TUN of its own) dials
// N calls to a real `vpdn run` in a network namespace that this run makes. Needs root. `node bench/call-rate.ts [calls] [tunnels]`

import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RouterEffect, RouterInput } from '../src/vpdn/events.ts';
import { Router } from '../src/vpdn/router.ts';
import { negotiatingClient } from '../test/sim/guide.ts';

const CALLS = Number(process.argv[2] ?? 1000);
const TUNNELS = Number(process.argv[3] ?? 10);
const INSIDE = 'VPDN_BENCH_INSIDE';
/** As bin/vpdn.mjs starts a router. */
const MEMORY = ['--max-semi-space-size=4'];
const LIMIT = 30_000;

const SERVER_CONFIGURATION = `hostname server
username peer1 password 0 s3cret
vpdn enable
vpdn-group callers
 accept-dialin
  protocol l2tp
  virtual-template 1
 l2tp tunnel password 0 tunn3l
interface Loopback1
 ip address 10.255.0.1 255.255.255.255
interface Virtual-Template1
 ip unnumbered Loopback1
 peer default ip address pool callers
 ppp authentication chap
 ppp chap hostname peer2
ip local pool callers 10.64.0.1 10.64.127.254
`;

if (process.env[INSIDE] === undefined) {
  const { status } = spawnSync('unshare', ['-n', process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [INSIDE]: '1' },
  });
  process.exit(status ?? 1);
}

spawnSync('ip', ['link', 'set', 'lo', 'up'], { stdio: 'inherit' });
const directory = mkdtempSync(join(tmpdir(), 'vpdn-bench-'));
const [config, socketPath] = [join(directory, 'server.conf'), join(directory, 'server.sock')];
writeFileSync(config, SERVER_CONFIGURATION);
const main = new URL('../src/main.ts', import.meta.url).pathname;
const server = spawn(process.execPath, [...MEMORY, main, 'run', '--config', config, '--socket', socketPath], {
  stdio: ['ignore', 'ignore', process.env.VPDN_BENCH_LOG === undefined ? 'ignore' : 'inherit'],
});
const pid = server.pid!;
await new Promise((resolve) => setTimeout(resolve, 2000));

/** One process with one UDP port and `TUNNELS` routers in it, so that the calls are spread over as many tunnels. */
const clients = Array.from({ length: TUNNELS }, () => client(Math.ceil(CALLS / TUNNELS)));
const before = { rss: residentOctets(pid), cpu: cpuMillis(pid), own: process.cpuUsage() };
const begun = performance.now();
for (const each of clients) each.start();
while (open() < CALLS && performance.now() - begun < LIMIT) await new Promise((resolve) => setTimeout(resolve, 5));
const took = performance.now() - begun;
const own = process.cpuUsage(before.own);
const serverCpu = cpuMillis(pid) - before.cpu;
await new Promise((resolve) => setTimeout(resolve, 1000));
const grown = residentOctets(pid) - before.rss;
console.log(
  JSON.stringify({
    calls: open(),
    tunnels: TUNNELS,
    seconds: round(took / 1000),
    callsPerSecond: Math.round(open() / (took / 1000)),
    serverCpuMillisPerCall: round(serverCpu / open()),
    clientCpuMillisPerCall: round((own.user + own.system) / 1000 / open()),
    serverOctetsPerSession: Math.round(grown / open()),
  }),
);
server.kill('SIGTERM');
await new Promise((resolve) => server.on('exit', resolve));
rmSync(directory, { recursive: true, force: true });
process.exit(open() >= CALLS ? 0 : 1);

function open(): number {
  return clients.reduce((sum, each) => sum + each.open, 0);
}

function client(calls: number) {
  const router = new Router({ entropy: (octets) => new Uint8Array(randomBytes(octets)), epoch: Date.now() });
  const configuration = negotiatingClient('peer1', calls);
  for (const [, subject] of configuration.interfaces) {
    if (subject.pseudowire !== undefined) subject.pseudowire.peer = '127.0.0.1';
  }
  configuration.l2tpClasses.get('l2tpclass1')!.hidden = false;
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 22, sendBufferSize: 1 << 22 });
  let timer: NodeJS.Timeout | undefined;
  const self = { open: 0, start };
  const path = { localAddress: '127.0.0.1', localPort: 1701, peerAddress: '127.0.0.1', peerPort: 1701 };
  socket.on('message', (octets, { port }) =>
    input({ on: 'datagram', path: { ...path, peerPort: port }, octets: new Uint8Array(octets) }),
  );

  function start(): void {
    socket.bind(0, '127.0.0.1', () => {
      input({ on: 'configure', configuration });
      input({
        on: 'link',
        name: 'Ethernet0/0',
        link: { device: 'lo', up: true, mtu: 1500, address: '127.0.0.1', prefixLength: 8 },
      });
    });
  }

  function input(what: RouterInput): void {
    apply(router.handle(what, performance.now()));
  }

  function apply(effects: readonly RouterEffect[]): void {
    for (const effect of effects) {
      if (effect.do === 'send') socket.send(effect.octets, effect.path.peerPort, effect.path.peerAddress);
      if (effect.do === 'log' && effect.message.name === 'LINEPROTO-UPDOWN')
        self.open += effect.message.text.endsWith('up') ? 1 : -1;
    }
    clearTimeout(timer);
    const wait = router.deadline - performance.now();
    if (wait < LIMIT) timer = setTimeout(() => apply(router.handleTimeout(performance.now())), Math.max(1, wait));
  }
  return self;
}

function cpuMillis(of: number): number {
  const fields = readFileSync(`/proc/${of}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function residentOctets(of: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${of}/status`, 'utf8'))![1]) * 1024;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
