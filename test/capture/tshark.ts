// The outside judge of our packets: Wireshark's dissectors. Runs tshark over a capture and returns what it holds against it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from '../support/cleanup.ts';
import { type Outcome, run } from '../support/process.ts';
import type { Needs } from '../support/requirement.ts';

export const TSHARK: Needs = { programs: ['tshark'] };

export type Severity = 'Error' | 'Warning' | 'Note' | 'Chat' | 'Comment';

export interface Finding {
  /** As tshark counts: from 1. */
  frame: number;
  severity: Severity;
  /** `Malformed`, `Sequence`, `Protocol`: Wireshark's expert groups. */
  group: string;
  message: string;
  /** `eth:ip:udp:l2tp:ppp:lcp` */
  protocols: string;
}

/** A warning that is taken for what it is. Errors cannot be allowed. */
export interface Allowance {
  message: RegExp;
  reason: string;
}

/** TCP's own business: it finds its speed by filling windows and losing packets. The transfer's checksum says that all came. */
export const TCP_AT_WORK: readonly Allowance[] = [
  {
    message: /^Connection reset \(RST\)/,
    reason: 'a transfer may call before the other end listens; a later one breaks it',
  },
  { message: /^TCP window specified by the receiver is now completely full/, reason: 'the sender is faster' },
  { message: /^TCP Zero Window segment/, reason: 'the receiving program is slower than the network' },
  {
    message: /^This frame is a \(suspected\) (out-of-order|fast retransmission) segment/,
    reason: 'a queue overflowed',
  },
  { message: /^D-SACK Sequence/, reason: 'the sender took a late segment for a lost one' },
  {
    message: /^Previous segment\(s\) not captured/,
    reason: 'what a lost packet looks like to who sees only its successors',
  },
  {
    message: /^ACKed segment that wasn't captured/,
    reason: 'the two directions are recorded by two processors, not in order',
  },
];

/**
 * What our packets are made of. Nothing else is dissected: over the random octets of a TCP transfer a dissector that goes
 * by guesses or port numbers sometimes finds its protocol, malformed.
 */
// biome-ignore format: by layer
const DISSECTED = new Set([
  'frame', 'eth', 'ethertype', 'raw', 'arp', 'ip', 'ipv6', 'icmp', 'icmpv6', 'udp', 'tcp', 'data',
  'l2tp', 'pptp', 'gre', 'ppp', 'lcp', 'pap', 'chap', 'eap', 'ipcp', 'ipv6cp', 'ccp', 'ccp.opt.mppe', 'cbcp', 'mp',
]);

const MILLIS = 120_000;
/** Stands between several findings of one frame; cannot be in a message. */
const UNIT_SEPARATOR = '\u001f';

/** What a dissector must be told, by tshark's names: `{ 'l2tp.shared_secret': 's3cret' }`. */
export type Preferences = Readonly<Record<string, string>>;

/** Everything malformed, every expert error, and every warning that is not allowed. */
export async function examine(
  file: string,
  allowances: readonly Allowance[] = [],
  preferences?: Preferences,
): Promise<Finding[]> {
  const names = ['frame.number', '_ws.expert', 'frame.protocols'];
  const rows = await fields(file, '_ws.malformed || _ws.expert', names, preferences);
  return rows.flatMap((row) => findingsOf(row)).filter((finding) => counts(finding, allowances));
}

/** Fails with the list when tshark finds anything. */
export async function assertClean(
  file: string,
  allowances?: readonly Allowance[],
  preferences?: Preferences,
): Promise<void> {
  const findings = await examine(file, allowances, preferences);
  const list = summaryOf(findings);
  assert.deepEqual(list, [], `what tshark finds in ${file}`);
}

/** One line for all findings that say the same, with the first frame's number: a stream of packets has many of a kind. */
function summaryOf(findings: readonly Finding[]): string[] {
  const kinds = Map.groupBy(findings, ({ protocols, severity, group, message }) => {
    return `${protocols}: ${severity}/${group}: ${message}`;
  });
  return Array.from(kinds, ([kind, all]) => {
    const others = all.length > 1 ? ` (and ${all.length - 1} more)` : '';
    return `frame ${all[0]!.frame} ${kind}${others}`;
  });
}

/** How many packets match a display filter. */
export async function countMatches(file: string, filter: string, preferences?: Preferences): Promise<number> {
  return (await fields(file, filter, ['frame.number'], preferences)).length;
}

/** The named fields of each matching packet, in capture order; a repeated field is one cell, parted by `\u001f`. */
export async function fields(
  file: string,
  filter: string,
  names: readonly string[],
  preferences: Preferences = {},
): Promise<string[][]> {
  const options = Object.entries(preferences).flatMap(([name, value]) => ['-o', `${name}:${value}`]);
  const columns = names.flatMap((name) => ['-e', name]);
  const argv = ['tshark', '-n', '-r', file, '-Y', filter, '-T', 'fields', '-E', `aggregator=${UNIT_SEPARATOR}`];
  const env = { WIRESHARK_CONFIG_DIR: await settingsFolder() };
  const outcome = await run([...argv, ...options, ...columns], MILLIS, { env });
  return linesOf(outcome, 'tshark').map((line) => line.split('\t'));
}

let settings: Promise<string> | undefined;

/** A tshark settings folder, made once a process, in which all protocols but ours are off. */
function settingsFolder(): Promise<string> {
  settings ??= run(['tshark', '-G', 'protocols'], MILLIS).then((outcome) => {
    const names = linesOf(outcome, 'tshark -G').map((line) => line.split('\t')[2] ?? '');
    const folder = mkdtempSync(join(tmpdir(), 'vpdntest-tshark-'));
    atExit(() => rmSync(folder, { recursive: true, force: true }));
    const off = names.filter((name) => !DISSECTED.has(name)).map((name) => `${name}\n`);
    writeFileSync(join(folder, 'disabled_protos'), off.join(''));
    return folder;
  });
  return settings;
}

function linesOf({ status, stdout, stderr }: Outcome, what: string): string[] {
  assert.equal(status, 0, `${what}: ${stderr}`);
  return stdout.split('\n').filter((line) => line !== '');
}

function findingsOf([frame, labels, protocols]: string[]): Finding[] {
  const base = { frame: Number(frame), protocols: protocols ?? '' };
  const found = (labels ?? '').split(UNIT_SEPARATOR).flatMap((label) => {
    const parts = /^Expert Info \((\w+)\/([^)]+)\): (.*)$/.exec(label);
    return parts === null ? [] : [{ ...base, severity: parts[1] as Severity, group: parts[2]!, message: parts[3]! }];
  });
  if (found.length > 0) return found;
  return [{ ...base, severity: 'Error', group: 'Malformed', message: labels || 'malformed' }];
}

function counts({ severity, group, message }: Finding, allowances: readonly Allowance[]): boolean {
  if (severity === 'Error' || group === 'Malformed') return true;
  return severity === 'Warning' && !allowances.some((allowance) => allowance.message.test(message));
}
