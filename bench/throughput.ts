// How fast is the packet path? TCP through a tunnel between two namespaces against the same wire without the tunnel, in turns,
// and small packets. The wire carries MTU-size frames (veth with tso, gso and tx off), as a network card would see them; once
// with receivers that put runs together before the socket (GRO), as drivers of network cards do, once without.
// Sessions are opened by hand, so nothing but the packet path is measured.
//
//   node bench/throughput.ts [rounds] [seconds]      prints medians, ratios, and the machine they come from
//   node bench/throughput.ts [rounds] [seconds] v3   the same of L2TPv3 over UDP and over IP protocol 115, beside L2TPv2
//   node bench/throughput.ts [rounds] [seconds] v3 1gbit   over a wire of that rate, as `tc` writes it

import { readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { EndpointOptions, V3Options } from '../test/dataplane/harness/endpoint.ts';
import { missingForNamespaces } from '../test/dataplane/harness/namespaces.ts';
import { Pair, RIGHT, RIGHT_WIRE, type Wire } from '../test/dataplane/harness/pair.ts';

interface Case {
  readonly name: string;
  readonly words: readonly string[];
  readonly unit: 'Gbit/s' | 'packets/s';
}

const CASES: readonly Case[] = [
  { name: 'TCP, 1 stream', words: [], unit: 'Gbit/s' },
  { name: 'TCP, 1 stream, reverse', words: ['-R'], unit: 'Gbit/s' },
  { name: 'TCP, 4 streams', words: ['-P', '4'], unit: 'Gbit/s' },
  { name: 'UDP, 100 octets', words: ['-u', '-b', '0', '-l', '100'], unit: 'packets/s' },
];

/** What carries the frames. */
interface Form {
  readonly name: string;
  readonly left: Partial<EndpointOptions>;
  readonly right: Partial<EndpointOptions>;
}

const V2: Form = { name: 'L2TPv2', left: {}, right: {} };
const V3: readonly Form[] = [v3Form('udp', {}), v3Form('ip', {}), v3Form('ip', { sublayer: true, sequencing: true })];

function v3Form(transport: 'udp' | 'ip', change: Partial<V3Options>): Form {
  const [ours, theirs] = ['0123456789abcdef', 'fedcba9876543210'];
  // The same for all, and room for the longest header: 24 octets behind an IP header.
  const end = (localCookie: string, peerCookie: string): Partial<EndpointOptions> => ({
    mtu: 1448,
    v3: { transport, localCookie, peerCookie, ...change },
  });
  const name = `L2TPv3 over ${transport === 'ip' ? 'IP 115' : 'UDP'}${change.sequencing === true ? ', numbered' : ''}`;
  return { name, left: end(ours, theirs), right: end(theirs, ours) };
}

interface Sample {
  readonly rate: number;
  /** Of both tunnel processes, CPU seconds. */
  readonly cpu: number;
  /** Octets or packets that arrived. */
  readonly amount: number;
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

async function main(rounds: number, seconds: number, forms: readonly Form[], rate?: string): Promise<void> {
  const missing = missingForNamespaces('iperf3', 'ethtool', 'tc');
  if (missing !== undefined) {
    console.log(`cannot measure here: ${missing}`);
    process.exitCode = 1;
    return;
  }
  console.log(`${cpus().length} × ${cpus()[0]!.model}, Linux ${release()}, Node ${process.version}`);
  console.log(
    `medians of ${rounds} rounds of ${seconds} s each, plain wire and tunnel in turns; all ends share the CPUs\n`,
  );
  for (const coalescing of [false, true]) {
    console.log(coalescing ? '\nreceivers with GRO, as with a network card:' : 'receivers without GRO:');
    await measureWire({ coalescing, ...(rate !== undefined && { prepare: shaping(rate) }) }, rounds, seconds, forms);
  }
}

/** A wire of some rate, with the buffer of a switch's port. */
function shaping(rate: string): NonNullable<Wire['prepare']> {
  const shape = ['qdisc', 'add', 'dev', 'wire', 'root', 'tbf', 'rate', rate, 'burst', '128kb', 'latency', '10ms'];
  return (left, right) => {
    for (const namespace of [left, right]) namespace.run('tc', ...shape);
  };
}

async function measureWire(wire: Wire, rounds: number, seconds: number, forms: readonly Form[]): Promise<void> {
  const samples = forms.map(() => CASES.map(() => ({ plain: [] as Sample[], tunnel: [] as Sample[] })));
  for (let round = 0; round < rounds; round++) {
    for (const [at, { left, right }] of forms.entries()) {
      await using pair = await Pair.open(left, right, wire);
      pair.right.start('iperf3', '-s').stdout!.resume();
      await setTimeout(500);
      for (const [index, { words, unit }] of CASES.entries()) {
        samples[at]![index]!.plain.push(measure(pair, RIGHT_WIRE, words, seconds, unit));
        samples[at]![index]!.tunnel.push(measure(pair, RIGHT, words, seconds, unit));
      }
    }
  }
  for (const [at, form] of forms.entries()) {
    if (forms.length > 1) console.log(`${form.name}:`);
    for (const [index, { name, unit }] of CASES.entries()) {
      const { plain, tunnel } = samples[at]![index]!;
      report(name, unit, plain, tunnel);
    }
  }
}

function measure(pair: Pair, address: string, words: readonly string[], seconds: number, unit: Case['unit']): Sample {
  const before = cpuSeconds(pair);
  const output = pair.left.run('iperf3', '-J', '-c', address, '-t', String(seconds), ...words);
  const received = (JSON.parse(output) as IperfReport).end.sum_received;
  const cpu = cpuSeconds(pair) - before;
  if (unit === 'Gbit/s') return { rate: received.bits_per_second / 1e9, cpu, amount: received.bytes };
  const packets = (received.packets ?? 0) - (received.lost_packets ?? 0);
  return { rate: packets / received.seconds, cpu, amount: packets };
}

/** `ip netns exec` replaces itself by the program, so the child's process id is the endpoint's. */
function cpuSeconds(pair: Pair): number {
  let ticks = 0;
  for (const { process: child } of [pair.leftEnd, pair.rightEnd]) {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / 100;
}

function report(name: string, unit: string, plain: readonly Sample[], tunnel: readonly Sample[]): void {
  const [without, within] = [median(plain.map(({ rate }) => rate)), median(tunnel.map(({ rate }) => rate))];
  const ratios = plain.map(({ rate }, index) => tunnel[index]!.rate / rate);
  const digits = unit === 'Gbit/s' ? 2 : 0;
  const cost = median(tunnel.map(({ cpu, amount }) => cpu / amount));
  const costUnit = unit === 'Gbit/s' ? 'CPU ms a GB' : 'CPU µs a packet delivered';
  const scaled = unit === 'Gbit/s' ? cost * 1e12 : cost * 1e6;
  console.log(
    `${name.padEnd(24)} plain ${without.toFixed(digits)} ${unit}, tunnel ${within.toFixed(digits)} ${unit}: ` +
      `ratio ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}), ` +
      `${scaled.toFixed(1)} ${costUnit}, both ends`,
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

const forms = process.argv[4] === 'v3' ? [V2, ...V3] : [V2];
await main(Number(process.argv[2] ?? 5), Number(process.argv[3] ?? 3), forms, process.argv[5]);
