// A TCP transfer between two machines, its checksum taken at both ends. The octets are random: nothing can compress them.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { Machine, Outcome } from './process.ts';

export const MEGABYTE = 1_000_000;

export interface Transfer {
  octets: number;
  millis: number;
}

interface Plan {
  from: Machine;
  to: Machine;
  /** Where `to` can be reached. */
  address: string;
  octets: number;
  seconds?: number;
}

const SCRIPT = fileURLToPath(new URL('transfer.pl', import.meta.url));

/** No dissector of tshark's claims a port between this and 29,000, so that random octets are not taken for a protocol. */
let port = 28_000;

/** Sends; fails when an octet is lost, changed or out of place, or when it takes too long. */
export async function transfer({ from, to, address, octets, seconds = 60 }: Plan): Promise<Transfer> {
  port += 1; // a new port each time: the old one's connection may linger
  const limit = String(seconds);
  const millis = (seconds + 5) * 1000;
  const start = performance.now();
  const [received, sent] = await Promise.all([
    to.run(['perl', SCRIPT, 'receive', String(port), limit], millis),
    from.run(['perl', SCRIPT, 'send', address, String(port), String(octets), limit], millis),
  ]);
  assert.equal(sent.status, 0, `the sender: ${complaint(sent)}; the receiver: ${complaint(received)}`);
  assert.equal(received.status, 0, `the receiver: ${complaint(received)}`);
  assert.equal(Number.parseInt(received.stdout, 10), octets, 'octets received');
  assert.equal(received.stdout, sent.stdout, 'octets and checksum at both ends');
  return { octets, millis: performance.now() - start };
}

function complaint({ status, stdout, stderr }: Outcome): string {
  return `${stdout}${stderr}`.trim() || `status ${status}`;
}
