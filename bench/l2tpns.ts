// Our tunnel server next to Debian's l2tpns, an LNS in C that forwards in user space through a TUN, as we do. One process of our
// client has a call to each, over a wire each: what differs is the server. TCP through either tunnel, both ways, in turns with
// TCP on the plain wire; offloads are off, so that frames are what a wire would carry. Ratios are taken within a round.
//
//   node bench/l2tpns.ts [rounds] [seconds]      one JSON line per result, then a table; needs root, l2tpns, FreeRADIUS, iperf3

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { FREERADIUS } from '../test/interop/freeradius.ts';
import { L2TPNS, L2tpns } from '../test/interop/l2tpns.ts';
import { BEHIND, CREDENTIALS, OUTER } from '../test/interop/place.ts';
import { Router } from '../test/interop/router.ts';
import { atExit } from '../test/support/cleanup.ts';
import { connect, Namespace } from '../test/support/namespace.ts';
import { lacking, NAMESPACES } from '../test/support/requirement.ts';
import { waitFor } from '../test/support/wait.ts';

const CONSOLE = fileURLToPath(new URL('../test/interop/l2tpns-console.pl', import.meta.url));

/** `OUTER.server` is where l2tpns listens; ours has a wire and a network beside it. */
const L2TPNS_WIRE = { client: `${OUTER.client}/25`, server: `${OUTER.server}/25` };
const OUR_OUTER = '192.0.2.130';
const OUR_WIRE = { client: '192.0.2.129/25', server: `${OUR_OUTER}/25` };
/** Our server's PPP address; l2tpns has another one, since both are peers of one client. */
const OUR_PPP = '198.51.100.129';

const CLIENT_CONFIGURATION = `hostname ${CREDENTIALS.client}
platform interfaces Ethernet0/0 veth1
platform interfaces Ethernet0/1 veth2
l2tp-class servers
 authentication
 password 0 ${CREDENTIALS.tunnelPassword}
${pseudowireClass('ours', 'Ethernet0/0')}${pseudowireClass('l2tpns', 'Ethernet0/1')}interface Ethernet0/0
 ip address ${dotted(OUR_WIRE.client)}
interface Ethernet0/1
 ip address ${dotted(L2TPNS_WIRE.client)}
${virtualPpp(1, OUR_OUTER, 'ours')}${virtualPpp(2, OUTER.server, 'l2tpns')}ip route ${dotted(BEHIND.network)} Virtual-PPP2
`;

const SERVER_CONFIGURATION = `hostname ${CREDENTIALS.server}
username ${CREDENTIALS.client} password 0 ${CREDENTIALS.userPassword}
platform interfaces Ethernet0/0 veth3
vpdn enable
vpdn-group callers
 accept-dialin
  protocol l2tp
  virtual-template 1
 local name ${CREDENTIALS.server}
 l2tp tunnel password 0 ${CREDENTIALS.tunnelPassword}
interface Loopback1
 ip address ${OUR_PPP} 255.255.255.255
interface Ethernet0/0
 ip address ${dotted(OUR_WIRE.server)}
interface Virtual-Template1
 ip unnumbered Loopback1
 peer default ip address pool callers
 ppp authentication chap
 ppp chap hostname ${CREDENTIALS.server}
ip local pool callers 198.51.100.130 198.51.100.140
`;

const DIRECTIONS = { 'to the server': [], 'from the server': ['-R'] } as const satisfies Record<string, string[]>;
type Direction = keyof typeof DIRECTIONS;

/** A server under test, and where TCP finds the iperf3 beside it. */
interface Subject {
  readonly name: string;
  readonly namespace: Namespace;
  /** Of the daemon alone: neither FreeRADIUS nor iperf3. */
  readonly pids: readonly number[];
  readonly plain: string;
  readonly tunnel: string;
  /** Resident octets as soon as its one call is up, before it carries anything. */
  readonly atRest: number;
}

interface Sample {
  readonly subject: string;
  readonly direction: Direction;
  readonly plain: number;
  readonly tunnel: number;
  readonly retransmits: number;
  readonly cpuSecondsPerGigabyte: number;
}

/** The part of iperf3's report that is looked at. */
interface IperfReport {
  readonly end: {
    readonly sum_sent: { readonly retransmits: number };
    readonly sum_received: { readonly bits_per_second: number; readonly bytes: number };
  };
}

async function main(rounds: number, seconds: number): Promise<void> {
  const lack = lacking(NAMESPACES, L2TPNS, FREERADIUS, { programs: ['iperf3'] });
  if (lack !== undefined) {
    console.log(`cannot measure here, missing: ${lack}`);
    process.exitCode = 1;
    return;
  }
  console.log(`${cpus().length} × ${cpus()[0]!.model}, Linux ${release()}, Node ${process.version}`);
  console.log(`${rounds} rounds of ${seconds} s each, plain wire and tunnels in turns; all ends share the CPUs\n`);
  const [client, ours, theirs] = [Namespace.create(), Namespace.create(), Namespace.create()];
  const subjects = await establish(client, ours, theirs);
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const direction of Object.keys(DIRECTIONS) as Direction[]) {
      // Each is first as often as the other.
      for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
        samples.push(await measure(client, subject, direction, seconds));
      }
    }
  }
  report(subjects, samples);
}

/** One client, two servers, a call to each. */
async function establish(client: Namespace, ours: Namespace, theirs: Namespace): Promise<Subject[]> {
  connect(
    { namespace: client, device: 'veth1', cidr: OUR_WIRE.client },
    { namespace: ours, device: 'veth3', cidr: OUR_WIRE.server },
  );
  connect(
    { namespace: client, device: 'veth2', cidr: L2TPNS_WIRE.client },
    { namespace: theirs, device: 'veth4', cidr: L2TPNS_WIRE.server },
  );
  const router = await Router.start(ours, configurationFile('server.conf', SERVER_CONFIGURATION));
  const l2tpns = await L2tpns.start(theirs, CREDENTIALS);
  const dialer = await Router.start(client, configurationFile('client.conf', CLIENT_CONFIGURATION));
  await router.established();
  await l2tpns.established();
  await quieten(theirs);
  const subjects = [
    subject('vpdn', ours, /\bmain\.ts\b.* run /, OUR_OUTER, OUR_PPP),
    subject('l2tpns', theirs, /^l2tpns /, OUTER.server, BEHIND.host),
  ];
  for (const { name, namespace, tunnel } of subjects) {
    namespace.start(['iperf3', '-s']);
    await waitFor(
      `${tunnel} behind ${name} to answer`,
      10_000,
      async () => (await client.run(['ping', '-c', '1', '-W', '1', tunnel])).status === 0,
      () => dialer.explain(),
    );
  }
  return subjects;
}

/** The tests have it log a line for every ten packets under load, which nobody would do who wants it fast. */
async function quieten(namespace: Namespace): Promise<void> {
  const { stdout, stderr } = await namespace.run(['perl', CONSOLE, 'enable', 'configure terminal', 'set debug 0']);
  if (!/Setting "debug" to "0"/i.test(stdout)) throw new Error(`l2tpns did not take it: ${stdout}${stderr}`);
}

function subject(name: string, namespace: Namespace, program: RegExp, plain: string, tunnel: string): Subject {
  const pids = namespace.pids.filter((pid) => {
    return program.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
  });
  if (pids.length === 0) throw new Error(`no process of ${name} in its namespace`);
  return { name, namespace, pids, plain, tunnel, atRest: residentOctets(pids) };
}

/** The plain wire, then the tunnel over it, a moment apart: what else the machine does falls on both alike. */
async function measure(client: Namespace, to: Subject, direction: Direction, seconds: number): Promise<Sample> {
  const plain = await iperf(client, to.plain, direction, seconds);
  const before = cpuSeconds(to.pids);
  const tunnel = await iperf(client, to.tunnel, direction, seconds);
  const cpu = cpuSeconds(to.pids) - before;
  return {
    subject: to.name,
    direction,
    plain: plain.end.sum_received.bits_per_second / 1e9,
    tunnel: tunnel.end.sum_received.bits_per_second / 1e9,
    retransmits: tunnel.end.sum_sent.retransmits,
    cpuSecondsPerGigabyte: cpu / (tunnel.end.sum_received.bytes / 1e9),
  };
}

async function iperf(client: Namespace, address: string, direction: Direction, seconds: number): Promise<IperfReport> {
  const words = ['-J', '-c', address, '-t', String(seconds), ...DIRECTIONS[direction]];
  const { status, stdout, stderr } = await client.run(['iperf3', ...words], (seconds + 20) * 1000);
  if (status !== 0) throw new Error(`iperf3 ${words.join(' ')}: ${stdout.slice(-500)}${stderr}`);
  return JSON.parse(stdout) as IperfReport;
}

function report(subjects: readonly Subject[], samples: readonly Sample[]): void {
  const rows: Record<string, string>[] = [];
  for (const direction of Object.keys(DIRECTIONS) as Direction[]) {
    for (const { name, pids } of subjects) {
      const own = samples.filter((sample) => sample.direction === direction && sample.subject === name);
      const result = summary(own);
      console.log(JSON.stringify({ server: name, direction, ...result }));
      rows.push({
        TCP: `${direction}, ${name}`,
        'of plain': `${result.ratioToPlain} (${result.range.join('-')})`,
        'Gbit/s': String(result.tunnelGbits),
        'server CPU s a GB': String(result.serverCpuSecondsPerGigabyte),
        'resident MB': String(megabytes(residentOctets(pids))),
      });
    }
    console.log(JSON.stringify({ direction, ...versus(samples, direction) }));
  }
  for (const { name, pids, atRest } of subjects) {
    const resident = megabytes(residentOctets(pids));
    console.log(JSON.stringify({ server: name, residentMegabytes: resident, withOneCallAtRest: megabytes(atRest) }));
  }
  console.log();
  table(rows);
}

/** Medians, and the worst and best ratio. */
function summary(samples: readonly Sample[]) {
  const ratios = samples.map(({ plain, tunnel }) => tunnel / plain);
  return {
    ratioToPlain: round(median(ratios)),
    range: [round(Math.min(...ratios)), round(Math.max(...ratios))],
    plainGbits: round(median(samples.map(({ plain }) => plain))),
    tunnelGbits: round(median(samples.map(({ tunnel }) => tunnel))),
    retransmits: median(samples.map(({ retransmits }) => retransmits)),
    serverCpuSecondsPerGigabyte: round(median(samples.map((sample) => sample.cpuSecondsPerGigabyte))),
  };
}

/** Ours over theirs; above 1 we carry more, or it costs us more. Both were in the same round, and on equal wires. */
function versus(samples: readonly Sample[], direction: Direction): Record<string, number> {
  const [ours, theirs] = ['vpdn', 'l2tpns'].map((name) =>
    samples.filter((sample) => sample.direction === direction && sample.subject === name),
  ) as [Sample[], Sample[]];
  return {
    rateToL2tpns: round(median(ours.map(({ tunnel }, index) => tunnel / theirs[index]!.tunnel))),
    serverCpuPerGigabyteToL2tpns: round(
      median(ours.map((sample, index) => sample.cpuSecondsPerGigabyte / theirs[index]!.cpuSecondsPerGigabyte)),
    ),
  };
}

function table(rows: readonly Record<string, string>[]): void {
  const titles = Object.keys(rows[0]!);
  const widths = titles.map((title) => Math.max(title.length, ...rows.map((row) => (row[title] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => cell.padEnd(widths[column]!)).join('  ');
  for (const cells of [titles, ...rows.map((row) => titles.map((title) => row[title] ?? ''))]) {
    console.log(line(cells).trimEnd());
  }
}

/** The process's own entry counts all of its threads: our packet path has two. */
function cpuSeconds(pids: readonly number[]): number {
  return sum(pids, (pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  });
}

function residentOctets(pids: readonly number[]): number {
  return sum(pids, (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024);
}

function configurationFile(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'vpdn-bench-'));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, name), text);
  return pathToFileURL(join(folder, name)).href;
}

function pseudowireClass(name: string, from: string): string {
  return `pseudowire-class ${name}
 encapsulation l2tpv2
 protocol l2tpv2 servers
 ip local interface ${from}
`;
}

/** `callin`: l2tpns never authenticates itself, so neither server has to. */
function virtualPpp(number: number, server: string, name: string): string {
  return `interface Virtual-PPP${number}
 ip address negotiated
 ppp authentication chap callin
 ppp chap hostname ${CREDENTIALS.client}
 ppp chap password 0 ${CREDENTIALS.userPassword}
 pseudowire ${server} ${number} pw-class ${name}
`;
}

/** `192.0.2.1/25` as the configuration language has it: `192.0.2.1 255.255.255.128`. */
function dotted(cidr: string): string {
  const [address, length] = cidr.split('/') as [string, string];
  const mask = (0xffffffff << (32 - Number(length))) >>> 0;
  return `${address} ${[24, 16, 8, 0].map((shift) => (mask >>> shift) & 255).join('.')}`;
}

function sum(pids: readonly number[], of: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + of(pid), 0);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

function megabytes(octets: number): number {
  return Math.round(octets / 1e6);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

// All that was started and made is undone as this process exits, whatever ended it.
await main(Number(process.argv[2] ?? 3), Number(process.argv[3] ?? 3));
process.exit();
