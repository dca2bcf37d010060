// How fast is PPTP, and what does MPPE cost it? TCP and small packets between two real routers: through a call in clear, through
// one with MPPE, and over the bare cable, in turns; and what OpenSSL's RC4 and SHA-1 would do with the same packets on one core.
// Needs root, iperf3, ethtool, and the openssl command with its legacy provider. `node bench/pptp.ts [rounds] [seconds]`

import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release } from 'node:os';
import { BenchRouter, cable, insideNamespace, until } from './bench-router.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const SECONDS = Number(process.argv[3] ?? 3);
const UP_MILLIS = 30_000;
/** The server's addresses on the cable, and in the tunnel. */
const [OUTER, INNER] = ['192.0.2.2', '10.255.0.1'];
/** What a TCP segment in a call has around it, behind the protocol of PPP; and what SHA-1 hashes to change a key (RFC 3079 §3.4). */
const [SEALED, HASHED] = [1440, 112];

insideNamespace();

const KINDS = {
  'in clear': [],
  'MPPE 128-bit stateless': [' ppp encrypt mppe 128 required'],
  'MPPE 128-bit stateful': [' ppp encrypt mppe 128 required stateful'],
} as const;

interface Pair {
  readonly kind: string;
  readonly client: BenchRouter;
  readonly server: BenchRouter;
}

interface Case {
  readonly name: string;
  readonly words: readonly string[];
  readonly unit: 'Gbit/s' | 'packets/s';
}

const CASES: readonly Case[] = [
  { name: 'TCP to the server', words: [], unit: 'Gbit/s' },
  { name: 'TCP from the server', words: ['-R'], unit: 'Gbit/s' },
  { name: 'UDP, 100 octets', words: ['-u', '-b', '0', '-l', '100'], unit: 'packets/s' },
];

const pairs: Pair[] = [];
try {
  for (const [kind, lines] of Object.entries(KINDS)) await open(kind, lines);
  const rates = new Map<string, number[]>();
  const cpu = new Map<string, number[]>();
  const note = (of: Map<string, number[]>, key: string, value: number) => of.set(key, [...(of.get(key) ?? []), value]);
  for (let round = 0; round < ROUNDS; round++) {
    note(rates, 'cipher', cipherRate());
    for (const each of CASES) {
      note(rates, `${each.name}, bare cable`, measure(pairs[0]!, OUTER, each).rate);
      for (const pair of pairs) {
        const { rate, cpuMillis, amount } = measure(pair, INNER, each);
        note(rates, `${each.name}, ${pair.kind}`, rate);
        note(cpu, `${each.name}, ${pair.kind}`, cpuMillis / amount);
      }
    }
  }
  report(rates, cpu);
} finally {
  await Promise.all(pairs.flatMap(({ client, server }) => [client.stop(), server.stop()]));
}
process.exit();

async function open(kind: string, lines: readonly string[]): Promise<void> {
  const server = await BenchRouter.create(serverLines(lines));
  const client = await BenchRouter.create(clientLines(lines));
  pairs.push({ kind, client, server });
  cable(client, 'wan1', server, 'wan2');
  await Promise.all([client.begin(), server.begin()]);
  const up = async () => /^Dialer0\b.*\bup\s+up\s*$/m.test(await client.exec('show ip interface brief'));
  if (!(await until(UP_MILLIS, up))) {
    throw new Error(`the call ${kind} does not come up: VPDN_BENCH_LOG=1 shows what the routers say`);
  }
  server.start('iperf3', '-s');
}

function serverLines(encryption: readonly string[]): string[] {
  return [
    'hostname peer2',
    'platform interfaces Ethernet0/0 wan2',
    'username peer1 password 0 s3cret',
    'vpdn enable',
    'vpdn-group callers',
    ' accept-dialin',
    '  protocol pptp',
    '  virtual-template 1',
    'interface Loopback1',
    ` ip address ${INNER} 255.255.255.255`,
    'interface Ethernet0/0',
    ` ip address ${OUTER} 255.255.255.0`,
    'interface Virtual-Template1',
    ' ip unnumbered Loopback1',
    ' peer default ip address pool callers',
    ' ppp authentication ms-chap-v2',
    ...encryption,
    'ip local pool callers 10.64.0.1 10.64.0.9',
  ];
}

function clientLines(encryption: readonly string[]): string[] {
  return [
    'hostname peer1',
    'platform interfaces Ethernet0/0 wan1',
    'vpdn enable',
    'vpdn-group 1',
    ' request-dialin',
    '  protocol pptp',
    '  rotary-group 0',
    ` initiate-to ip ${OUTER}`,
    'interface Ethernet0/0',
    ' ip address 192.0.2.1 255.255.255.0',
    'interface Dialer0',
    ' ip address negotiated',
    ' encapsulation ppp',
    ' ppp chap hostname peer1',
    ' ppp chap password 0 s3cret',
    ...encryption,
  ];
}

/** The part of iperf3's report that is looked at. */
interface IperfReport {
  readonly end: {
    readonly sum_received: {
      readonly bits_per_second: number;
      readonly bytes: number;
      readonly seconds: number;
      readonly packets?: number;
      readonly lost_packets?: number;
    };
  };
}

function measure({ client, server }: Pair, address: string, { words, unit }: Case) {
  const before = client.cpuMillis + server.cpuMillis;
  const output = client.run('iperf3', '-J', '-c', address, '-t', String(SECONDS), ...words);
  const received = (JSON.parse(output) as IperfReport).end.sum_received;
  const cpuMillis = client.cpuMillis + server.cpuMillis - before;
  if (unit === 'Gbit/s') return { rate: received.bits_per_second / 1e9, cpuMillis, amount: received.bytes };
  const packets = (received.packets ?? 0) - (received.lost_packets ?? 0);
  return { rate: packets / received.seconds, cpuMillis, amount: packets };
}

/** Gbit/s of packets for each of which a key is hashed and its octets pass RC4; without the two key schedules, which OpenSSL does not measure. */
function cipherRate(): number {
  const nanos = opensslNanos('rc4', SEALED) + opensslNanos('sha1', HASHED);
  return (SEALED * 8) / nanos;
}

function opensslNanos(algorithm: string, octets: number): number {
  const speed = [
    'speed',
    '-provider',
    'legacy',
    '-provider',
    'default',
    '-seconds',
    '1',
    '-bytes',
    `${octets}`,
    algorithm,
  ];
  const out = execFileSync('openssl', speed, { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const thousands = Number(new RegExp(`^${algorithm} +([\\d.]+)k`, 'm').exec(out)?.[1]);
  return octets / (thousands / 1e6);
}

function report(rates: ReadonlyMap<string, readonly number[]>, cpu: ReadonlyMap<string, readonly number[]>): void {
  const [one, five] = loadavg();
  console.log(`${cpus().length} × ${cpus()[0]!.model}, Linux ${release()}, Node ${process.version}`);
  console.log(
    `load ${one!.toFixed(1)} (1 min), ${five!.toFixed(1)} (5 min); medians of ${ROUNDS} rounds of ${SECONDS} s, least to most`,
  );
  const cipher = rates.get('cipher')!;
  console.log(`OpenSSL, RC4 of ${SEALED} octets and SHA-1 of ${HASHED}, one core: ${median(cipher).toFixed(2)} Gbit/s`);
  for (const { name, unit } of CASES) {
    const [bare, clear] = [rates.get(`${name}, bare cable`)!, rates.get(`${name}, in clear`)!];
    console.log(`${name}: bare cable ${shown(median(bare), unit)}`);
    for (const kind of Object.keys(KINDS)) {
      const own = rates.get(`${name}, ${kind}`)!;
      const parts = [
        `${kind.padEnd(24)} ${shown(median(own), unit)}`,
        `to the cable ${ratio(own, bare)}`,
        `to clear ${ratio(own, clear)}`,
        ...(unit === 'Gbit/s' ? [`to the cipher ${ratio(own, cipher)}`] : []),
        unit === 'Gbit/s'
          ? `CPU of both ends ${(median(cpu.get(`${name}, ${kind}`)!) * 1e6).toFixed(1)} s a GB`
          : `CPU of both ends ${(median(cpu.get(`${name}, ${kind}`)!) * 1e3).toFixed(1)} µs a packet`,
      ];
      console.log(`  ${parts.join('; ')}`);
    }
  }
}

function shown(value: number, unit: Case['unit']): string {
  return `${value.toFixed(unit === 'Gbit/s' ? 2 : 0)} ${unit}`;
}

function ratio(own: readonly number[], other: readonly number[]): string {
  const all = own.map((value, index) => value / other[index]!);
  return `${median(all).toFixed(2)} (${Math.min(...all).toFixed(2)}-${Math.max(...all).toFixed(2)})`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
