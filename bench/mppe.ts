// What MPPE and MPPC cost a packet, and beside OpenSSL's RC4 and SHA-1: in turns, so that other work on the machine falls on
// all alike. `node bench/mppe.ts [rounds]`; needs the openssl command with its legacy provider.

import { execFileSync } from 'node:child_process';
import { MppeKernel } from '../src/crypto/mppe-kernel.ts';
import { MppcCompressor, MppcDecompressor } from '../src/ppp/mppc.ts';
import { MppeReceiver, MppeSender } from '../src/ppp/mppe.ts';
import { type MppeOptions, SEAL_ROOM } from '../src/ppp/mppe-header.ts';
import { MppeKey } from '../src/ppp/mppe-key.ts';
import { WebAssembly } from '../src/wire/webassembly.ts';

const ROUNDS = Number(process.argv[2] ?? 7);
const MILLIS = 100;
const PACKET = 1400;
/** What is hashed to change a key of 128 bits: RFC 3079 §3.4. */
const HASHED = 112;
/** Packets of a batch, about as many as a TCP super-packet is cut into, and how far they are apart. */
const [BATCH, ROOM] = [45, 2048];

const memory = new WebAssembly.Memory({ initial: 4, maximum: 4 });
const packets = new Uint8Array(memory.buffer);
const startKey = Uint8Array.from({ length: 16 }, (_, i) => 7 * i + 1);
const text = Buffer.from('<tr><td>Virtual-Access1</td><td>192.0.2.1</td><td>up</td></tr>\r\n'.repeat(30)).subarray(
  0,
  PACKET,
);

/** Nanoseconds each time, by what was measured. */
const results = new Map<string, number[]>();

for (let round = 0; round < ROUNDS; round++) {
  note('OpenSSL: RC4 and SHA-1', opensslNanos('rc4', PACKET) + opensslNanos('sha1', HASHED));
  measureLoops();
  for (const length of [PACKET, 100]) {
    measureEnds('stateless', { bits: 128, stateful: false, startKey }, length);
    measureEnds('stateful', { bits: 128, stateful: true, startKey }, length);
  }
  measureCompression();
}
report();

function note(name: string, nanos: number): void {
  results.set(name, [...(results.get(name) ?? []), nanos]);
}

function measureLoops(): void {
  const kernel = new MppeKernel(memory);
  const key = new MppeKey(128, startKey, kernel);
  key.begin();
  key.turn();
  const slot = kernel.claim(kernel.newSession());
  note(
    'RC4 of 1400 octets, one stream',
    nanosOf(() => kernel.apply(4096, PACKET)),
  );
  note('RC4 of 1400 octets, one of four streams', nanosOf(() => kernel.fill(slot, PACKET)) / 4);
  note(
    'key schedule, and change of the key with SHA-1',
    nanosOf(() => key.turn()),
  );
}

/** A batch is sealed, then opened by another thread's kernel, over and over. */
function measureEnds(kind: string, options: MppeOptions, length: number): void {
  const kernels = [new MppeKernel(memory), new MppeKernel(memory)] as const;
  const sender = new MppeSender(options, kernels[0]);
  const receiver = new MppeReceiver(options, 1500, kernels[1]);
  for (let at = 64; at < BATCH * ROOM; at += ROOM) packets.set([0x00, 0x21, 0x45, 0x00], at);
  const [sealing, opening]: [number[], number[]] = [[], []];
  warmThenMeasure(() => {
    const start = performance.now();
    for (let at = 64; at < BATCH * ROOM; at += ROOM) sender.seal(at, length);
    const between = performance.now();
    for (let at = 64; at < BATCH * ROOM; at += ROOM) {
      if (receiver.open(at - SEAL_ROOM + 2, length + 2, 0) !== length) throw new Error('not opened');
    }
    sealing.push(between - start);
    opening.push(performance.now() - between);
    for (const kernel of kernels) kernel.batch++;
  }, [sealing, opening]);
  note(`seal ${length} octets, ${kind}`, (median(sealing) * 1e6) / BATCH);
  note(`open ${length} octets, ${kind}`, (median(opening) * 1e6) / BATCH);
}

function measureCompression(): void {
  const compressor = new MppcCompressor();
  const decompressor = new MppcDecompressor();
  let length = 0;
  const compress = () => {
    packets.set(text, 100);
    length = compressor.compress(packets, 100, PACKET);
  };
  note('compress 1400 octets of text', nanosOf(compress));
  compressor.flush();
  note(
    'compress and decompress 1400 octets of text',
    nanosOf(() => {
      compress();
      if (compressor.atFront) decompressor.moveToFront();
      if (decompressor.decompress(packets, 100, length, 8192, 1502) !== PACKET) throw new Error('not decompressed');
    }),
  );
}

function nanosOf(piece: () => void): number {
  const millis: number[] = [];
  warmThenMeasure(() => {
    const start = performance.now();
    for (let i = 0; i < BATCH; i++) piece();
    millis.push(performance.now() - start);
  }, [millis]);
  return (median(millis) * 1e6) / BATCH;
}

/** The median of many short stretches has nothing of what else had the CPU meanwhile; nor has OpenSSL's own measure. */
function warmThenMeasure(stretch: () => void, results: readonly number[][]): void {
  for (const millis of [MILLIS, 2 * MILLIS]) {
    for (const all of results) all.length = 0;
    const end = performance.now() + millis;
    while (performance.now() < end) stretch();
  }
}

/** OpenSSL's own measure, a second of it. */
function opensslNanos(algorithm: string, octets: number): number {
  const words = `speed -provider legacy -provider default -seconds 1 -bytes ${octets} ${algorithm}`.split(' ');
  const out = execFileSync('openssl', words, { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const thousands = Number(new RegExp(`^${algorithm} +([\\d.]+)k`, 'm').exec(out)?.[1]);
  return octets / (thousands / 1e6);
}

function report(): void {
  const openssl = results.get('OpenSSL: RC4 and SHA-1')!;
  for (const [name, all] of results) {
    const nanos = `${median(all).toFixed(0).padStart(6)} ns (least ${Math.min(...all).toFixed(0)})`;
    const ratios = all.map((own, round) => openssl[round]! / own);
    const [least, most] = [Math.min(...ratios).toFixed(2), Math.max(...ratios).toFixed(2)];
    const speed = name.includes('1400 octets, state')
      ? `  ${median(ratios).toFixed(2)} of OpenSSL (${least}-${most})`
      : '';
    console.log(`${name.padEnd(46)} ${nanos}${speed}`);
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
