// Recordings: what comes back is what was recorded, but for the secrets.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfiguration } from '../../src/cli/load.ts';
import { parse, stringify } from '../../src/host/json-octets.ts';
import { FileRecorder } from '../../src/host/recorder.ts';
import type { RouterInput } from '../../src/vpdn/events.ts';

const PATH = { localAddress: '192.0.2.1', localPort: 1701, peerAddress: '192.0.2.2', peerPort: 1701 };

function record(...inputs: RouterInput[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'vpdn-recorder-'));
  try {
    const path = join(folder, 'run.jsonl');
    const recorder = new FileRecorder(path, assert.fail);
    for (const input of inputs) recorder.input(input, 12.5);
    recorder.close();
    assert.equal(statSync(path).mode & 0o777, 0o600);
    return readFileSync(path, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('octets, maps and infinities come back as they were', () => {
  const value = {
    octets: Uint8Array.of(0xc8, 2),
    map: new Map([['a', new Map([[1, Uint8Array.of(0)]])]]),
    never: Number.POSITIVE_INFINITY,
  };
  assert.deepEqual(parse(stringify(value)), value);
});

test('a datagram is recorded octet for octet', () => {
  const input: RouterInput = { on: 'datagram', path: PATH, octets: Uint8Array.of(0xc8, 0x02, 0, 12) };
  assert.deepEqual(parse(record(input).trimEnd()), { now: 12.5, ...input });
});

test('a full disk ends the recording once and for all, and nothing else', { skip: !existsSync('/dev/full') }, () => {
  const failures: string[] = [];
  const recorder = new FileRecorder('/dev/full', (text) => failures.push(text));
  for (let now = 0; now < 3; now++) recorder.input({ on: 'timeout' }, now);
  recorder.close();
  assert.equal(failures.length, 1);
  assert.match(failures[0]!, /^the recording \/dev\/full ends here: ENOSPC/);
});

test('H04: what is typed for a secret is not recorded, nor the secret', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpdn-recorder-'));
  const path = join(folder, 'run.jsonl');
  const recorder = new FileRecorder(path, assert.fail);
  const of = { tunnel: 1, session: 2, call: 3, request: 4 };
  recorder.effect({ do: 'check-secret', ...of, secret: { type: 0, text: 's3cret' }, typed: 'typ3d' }, 1);
  recorder.close();
  const recorded = readFileSync(path, 'utf8');
  rmSync(folder, { recursive: true, force: true });
  assert.match(recorded, /check-secret/);
  assert.doesNotMatch(recorded, /s3cret|typ3d/);
});

test('no secret of the configuration is recorded', () => {
  const text =
    'username bob password 0 s3cret1\nl2tp-class one\n password 0 s3cret2\ninterface Virtual-PPP1\n ppp chap password 0 s3cret3\n ppp pap sent-username bob password 0 s3cret4\nenable secret s3cret5\n';
  const { configuration, errors } = loadConfiguration(text);
  assert.deepEqual(errors, []);
  const recording = record({ on: 'configure', configuration });
  assert.match(recording, /"bob"/);
  assert.doesNotMatch(recording, /s3cret/);
});

test('RFC 1334 §2.2.1: the password of a PAP request is blanked, its peer-id is not', () => {
  const [name, password] = ['bob', 's3cret'].map((word) => new TextEncoder().encode(word)) as [Uint8Array, Uint8Array];
  const pap = [0xc0, 0x23, 1, 7, 0, 15, name.length, ...name, password.length, ...password];
  const octets = Uint8Array.from([0x00, 0x02, 0, 1, 0, 1, 0xff, 0x03, ...pap]);
  const { octets: recorded } = parse(record({ on: 'datagram', path: PATH, octets }).trimEnd()) as {
    octets: Uint8Array;
  };
  const shown = Buffer.from(recorded).toString('latin1');
  assert.match(shown, /bob/);
  assert.doesNotMatch(shown, /s3cret/);
  assert.equal(recorded.length, octets.length);
});
