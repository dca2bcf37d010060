// How long N PPP pseudowires of L2TPv3 take to come up between two routers, whether they stay, and what each weighs: two real
// `vpdn run` in network namespaces that this run makes, joined by a cable. Every pseudowire has a Virtual-PPP interface, and so a
// TUN, at both ends. Needs root. `node bench/pseudowires.ts [pseudowires] [seconds held] [ip | udp]`

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execCommand } from '../src/mgmt/client.ts';

const WANTED = Number(process.argv[2] ?? 2000);
const HELD = Number(process.argv[3] ?? 60);
const TRANSPORT = process.argv[4] ?? 'ip';
const INSIDE = 'VPDN_BENCH_INSIDE';
const LIMIT = 300_000;
/** As bin/vpdn.mjs starts a router. */
const MEMORY = ['--max-semi-space-size=4'];
const MAIN = new URL('../src/main.ts', import.meta.url).pathname;

if (process.env[INSIDE] === undefined) {
  const { status } = spawnSync('unshare', ['-n', process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [INSIDE]: '1' },
  });
  process.exit(status ?? 1);
}

interface Side {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly socket: string;
}

const folder = mkdtempSync(join(tmpdir(), 'vpdn-bench-'));
const sides = [side(1), side(2)] as const;
try {
  ip(
    'link',
    'add',
    'wan1',
    'netns',
    String(sides[0].pid),
    'type',
    'veth',
    'peer',
    'wan2',
    'netns',
    String(sides[1].pid),
  );
  for (const each of sides) each.child.stdin!.end('\n');
  await until(20_000, async () => (await Promise.all(sides.map((each) => total(each)))).every((count) => count >= 0));
  const before = sides.map(({ pid }) => ({ cpu: cpuMillis(pid), rss: residentOctets(pid) }));
  const begun = performance.now();
  // The routers have read their files and wait for the cable.
  for (const [index, { pid }] of sides.entries()) inside(pid, 'ip', 'link', 'set', `wan${index + 1}`, 'up');
  await until(LIMIT, async () => (await up(sides[0])) >= WANTED && (await up(sides[1])) >= WANTED);
  const seconds = (performance.now() - begun) / 1000;
  const reached = [await up(sides[0]), await up(sides[1])];
  const spent = sides.map(({ pid }, index) => cpuMillis(pid) - before[index]!.cpu);
  await pause(HELD * 1000);
  const report = {
    pseudowires: WANTED,
    transport: TRANSPORT,
    up: reached,
    seconds: round(seconds),
    cpuMillisEach: spent.map((millis) => round(millis / WANTED)),
    octetsEach: sides.map(({ pid }, index) => Math.round((residentOctets(pid) - before[index]!.rss) / WANTED)),
    upAfterHolding: [await up(sides[0]), await up(sides[1])],
    sessions: [await total(sides[0]), await total(sides[1])],
    secondsHeld: HELD,
  };
  console.log(JSON.stringify(report));
} finally {
  for (const { child } of sides) child.kill('SIGTERM');
  await Promise.race([Promise.all(sides.map(({ child }) => ended(child))), pause(60_000)]);
  for (const { child } of sides) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

/** A namespace with a router in it that starts when it is told to: the cable must be there first. */
function side(number: 1 | 2): Side {
  const [config, socket] = [join(folder, `${number}.conf`), join(folder, `${number}.sock`)];
  writeFileSync(config, configuration(number));
  const router = [process.execPath, ...MEMORY, MAIN, 'run', '--config', config, '--socket', socket];
  const log = process.env.VPDN_BENCH_LOG === undefined ? 'ignore' : 'inherit';
  const wait = `read -r _; ip link set lo up; ip addr add 192.0.2.${number}/24 dev wan${number}; exec "$@"`;
  const child = spawn('unshare', ['-n', 'sh', '-c', wait, 'sh', ...router], { stdio: ['pipe', log, log] });
  return { child, pid: child.pid!, socket };
}

function configuration(number: 1 | 2): string {
  const [own, peer] = [number, 3 - number];
  const lines = [
    `hostname peer${own}`,
    `platform interfaces Ethernet0/0 wan${number}`,
    'pseudowire-class wires',
    ' encapsulation l2tpv3',
    ...(TRANSPORT === 'udp' ? [' ip protocol udp'] : []),
    ' ip local interface Ethernet0/0',
    'interface Loopback1',
    ` ip address 10.255.0.${own} 255.255.255.255`,
    'interface Ethernet0/0',
    ` ip address 192.0.2.${own} 255.255.255.0`,
  ];
  for (let wire = 1; wire <= WANTED; wire++) {
    lines.push(
      `interface Virtual-PPP${wire}`,
      ' ip unnumbered Loopback1',
      ` pseudowire 192.0.2.${peer} ${wire} pw-class wires`,
    );
  }
  return `${lines.join('\n')}\nend\n`;
}

/** Interfaces whose line protocol is up: LCP and IPCP are open at this end. */
async function up({ socket }: Side): Promise<number> {
  const text = await asked(socket, 'show ip interface brief | include Virtual-PPP');
  return text.match(/^Virtual-PPP.*\bup\s+up\s*$/gm)?.length ?? 0;
}

/** Sessions as the router counts them; -1 while it does not answer. */
async function total({ socket }: Side): Promise<number> {
  const text = await asked(socket, 'show l2tun').catch(() => undefined);
  return text === undefined ? -1 : Number(/sessions (\d+)/.exec(text)?.[1] ?? 0);
}

async function asked(socket: string, command: string): Promise<string> {
  let text = '';
  await execCommand(socket, command, (piece) => {
    text += piece;
  });
  return text;
}

async function until(limit: number, reached: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + limit;
  while (performance.now() < end && !(await reached())) await pause(250);
}

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

function ended(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.on('exit', resolve));
}

function ip(...words: string[]): void {
  spawnSync('ip', words, { stdio: 'inherit' });
}

function inside(pid: number, ...words: string[]): void {
  spawnSync('nsenter', ['-t', String(pid), '-n', ...words], { stdio: 'inherit' });
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
