// How fast TCP is between two hosts of the figure: a sender and a receiver, each a process in its namespace.

import { fileURLToPath } from 'node:url';
import type { ChildProcesses } from './children.ts';
import { LISTENING, type StreamResult } from './stream.ts';
import type { HostName } from './topology.ts';

export interface Route {
  readonly from: HostName;
  readonly to: HostName;
  /** Of `to`, as `from` knows it. */
  readonly address: string;
}

/** Bits a second. */
export async function measure(children: ChildProcesses, { from, to, address }: Route): Promise<number> {
  const receiver = children.start(to, process.execPath, [SCRIPT, 'receive', String(PORT)]);
  await receiver.said(LISTENING, START_LIMIT);
  const sender = children.start(from, process.execPath, [SCRIPT, 'send', address, String(PORT), String(SPAN)]);
  await sender.ended(SPAN + START_LIMIT);
  await receiver.ended(START_LIMIT);
  const line = receiver.output.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`nothing arrived: ${sender.output.trim() || 'no connection'}`);
  const { octets, millis } = JSON.parse(line) as StreamResult;
  return millis === 0 ? 0 : (octets * 8 * 1000) / millis;
}

const SCRIPT = fileURLToPath(new URL('stream.ts', import.meta.url));
const PORT = 5201;
/** Milliseconds of sending: enough for TCP to find its pace. */
const SPAN = 2000;
const START_LIMIT = 5000;
