// What is sent from one namespace to another: pings, and TCP with a checksum of what has arrived.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Namespace } from './namespaces.ts';
import { digestOf } from './transfer.ts';

export const MEGABYTES = 10_000_000;
export const TRANSFER = new URL('transfer.ts', import.meta.url).pathname;

/** Of three pings, in percent. */
export function lost(from: Namespace, ...words: readonly string[]): string {
  try {
    return /(\d+)% packet loss/.exec(from.run('ping', '-c', '3', '-i', '0.2', '-W', '1', ...words))![1]!;
  } catch (error) {
    const output = String((error as { stdout: string }).stdout);
    return /(\d+)% packet loss/.exec(output)?.[1] ?? output;
  }
}

/** The threads at either end take their time to start, Linux to find a neighbor, and a packet is not waited for for ever. */
export function isAnswered(from: Namespace, address: string): boolean {
  for (let tries = 0; tries < 10; tries++) if (lost(from, address) === '0') return true;
  return false;
}

/** Fails when an octet is lost, changed or out of place. */
export async function transferBothWays(
  client: Namespace,
  server: Namespace,
  addresses: readonly string[],
  octets = MEGABYTES,
): Promise<void> {
  const serving = server.start(process.execPath, TRANSFER, 'serve');
  await once(serving.stdout!, 'data');
  for (const address of addresses) {
    for (const direction of ['upload', 'download']) {
      const digest = client.run(process.execPath, TRANSFER, direction, address, String(octets)).trim();
      assert.equal(digest, digestOf(octets), `${direction} ${address}`);
    }
  }
}
