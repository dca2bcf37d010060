// What MPPE and MPPC cost a packet, piece by piece, and beside OpenSSL's RC4 and SHA-1: in turns, so that other work on the
// machine falls on all alike. `node bench/mppe.ts [rounds]`; needs the openssl command with its legacy provider.

import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { applyRc4, scheduleRc4 } from '../src/crypto/rc4.ts';
import { SHA1_SCHEDULE, sha1Block } from '../src/crypto/sha1.ts';
import { MppcCompressor, MppcDecompressor } from '../src/ppp/mppc.ts';
import { MppeReceiver, MppeSender } from '../src/ppp/mppe.ts';
import { type MppeOptions, SEAL_ROOM } from '../src/ppp/mppe-header.ts';
import { MppeKey } from '../src/ppp/mppe-key.ts';

const ROUNDS = Number(process.argv[2] ?? 15);
const CALLS = 2000;
const PACKET = 1400;

const startKey = Uint8Array.from({ length: 16 }, (_, i) => 7 * i + 1);
const buffer = new Uint8Array(65536);
const digest = new Int32Array(5);
const schedule = new Int32Array(SHA1_SCHEDULE);
const hashed = new Uint8Array(112);
const key = new MppeKey(128, startKey);
const text = Buffer.from('<tr><td>Virtual-Access1</td><td>192.0.2.1</td><td>up</td></tr>\r\n'.repeat(30)).subarray(
  0,
  PACKET,
);

const pieces: Readonly<Record<string, () => void>> = {
  'RC4, 1400 octets': () => applyRc4(buffer, 4096, PACKET),
  'RC4, schedule': () => scheduleRc4(startKey, 16),
  'SHA-1, two blocks': twoBlocks,
  'SHA-1 of 112 octets, OpenSSL by node:crypto': () => hash('sha1', hashed, 'buffer'),
  'change of the key': () => key.change(1),
  'seal 1400, stateless': sealing({ bits: 128, stateful: false, startKey }, PACKET),
  'seal 1400, stateful': sealing({ bits: 128, stateful: true, startKey }, PACKET),
  'seal 100, stateless': sealing({ bits: 128, stateful: false, startKey }, 100),
  'seal and open 1400, stateless': sealingAndOpening({ bits: 128, stateful: false, startKey }),
  'seal and open 1400, stateful': sealingAndOpening({ bits: 128, stateful: true, startKey }),
  'compress 1400 of text': compressing(),
  'compress and decompress 1400 of text': compressingAndDecompressing(),
};

function twoBlocks(): void {
  sha1Block(digest, schedule);
  sha1Block(digest, schedule);
}

function sealing(options: MppeOptions, length: number): () => void {
  const sender = new MppeSender(options);
  return () => {
    buffer[100] = 0;
    buffer[101] = 0x21;
    sender.seal(buffer, 100, length);
  };
}

function sealingAndOpening(options: MppeOptions): () => void {
  const sender = new MppeSender(options);
  const receiver = new MppeReceiver(options, 1500);
  return () => {
    buffer[100] = 0;
    buffer[101] = 0x21;
    const length = sender.seal(buffer, 100, PACKET);
    if (receiver.open(buffer, 100 - SEAL_ROOM + 2, length - 2, 8192) !== PACKET) throw new Error('not opened');
  };
}

function compressing(): () => void {
  const compressor = new MppcCompressor();
  return () => {
    buffer.set(text, 100);
    compressor.compress(buffer, 100, PACKET);
  };
}

function compressingAndDecompressing(): () => void {
  const compressor = new MppcCompressor();
  const decompressor = new MppcDecompressor();
  return () => {
    buffer.set(text, 100);
    const length = compressor.compress(buffer, 100, PACKET);
    if (compressor.atFront) decompressor.moveToFront();
    if (decompressor.decompress(buffer, 100, length, 8192, 1502) !== PACKET) throw new Error('not decompressed');
  };
}

function nanoseconds(piece: () => void): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < CALLS; i++) piece();
  return Number(process.hrtime.bigint() - start) / CALLS;
}

/** OpenSSL's own measure, a second of it. */
function opensslRc4(): number {
  const speed = ['speed', '-provider', 'legacy', '-provider', 'default', '-seconds', '1', '-bytes', `${PACKET}`, 'rc4'];
  const out = execFileSync('openssl', speed, { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const thousands = Number(/^rc4 +([\d.]+)k/m.exec(out)?.[1]);
  return PACKET / (thousands / 1e6);
}

const results = new Map<string, number[]>([['RC4, 1400 octets, OpenSSL', []]]);
for (const [name, piece] of Object.entries(pieces)) {
  for (let i = 0; i < 3 * CALLS; i++) piece();
  results.set(name, []);
}
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, piece] of Object.entries(pieces)) results.get(name)!.push(nanoseconds(piece));
  if (round < 5) results.get('RC4, 1400 octets, OpenSSL')!.push(opensslRc4());
}
for (const [name, all] of results) {
  const sorted = all.sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1]!;
  console.log(`${name.padEnd(46)} ${median.toFixed(0).padStart(6)} ns  (least ${sorted[0]!.toFixed(0)})`);
}
