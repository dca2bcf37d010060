// `show debugging` and the lines that `debug` and `undebug` answer with (C173-C177).

import { printable } from '../../wire/values.ts';
import type { DebugCondition } from '../grammar/exec/debug.ts';
import { DEBUG_TOPICS, type DebugTopic } from '../grammar/exec/debug-topics.ts';

export interface DebuggingView {
  readonly topics: ReadonlySet<DebugTopic>;
  readonly conditions: readonly NumberedCondition[];
}

export interface NumberedCondition {
  readonly id: number;
  readonly condition: DebugCondition;
  /** How many lines it has let through. */
  readonly hits: number;
}

export function* showDebugging({ topics, conditions }: DebuggingView): Generator<string> {
  for (const { title, families } of GROUPS) {
    const on = TOPICS.filter((topic) => topics.has(topic) && families.includes(topic.split(' ')[0]!));
    if (on.length === 0) continue;
    yield `${title}:`;
    for (const topic of on) yield `  ${formatDebugSwitch(topic, true)}`;
    yield '';
  }
  for (const { id, condition, hits } of conditions) {
    yield `Condition ${id}: ${formatCondition(condition)} (${hits} flags triggered)`;
  }
}

/** `VPDN events debugging is on`. */
export function formatDebugSwitch(topic: DebugTopic, on: boolean): string {
  return `${DEBUG_TOPICS[topic].title} debugging is ${on ? 'on' : 'off'}`;
}

/** `interface Vi3`, `username bob`, `ip 192.0.2.1`. */
function formatCondition({ kind, value }: DebugCondition): string {
  return `${kind} ${printable(value)}`;
}

export const UNDEBUG_ALL = 'All possible debugging has been turned off';

const TOPICS = Object.keys(DEBUG_TOPICS) as DebugTopic[];
/** Under the titles of IOS, in the order it has them. */
const GROUPS: readonly { readonly title: string; readonly families: readonly string[] }[] = [
  { title: 'General OS', families: ['aaa'] },
  { title: 'PPP', families: ['ppp'] },
  { title: 'Generic IP', families: ['ip'] },
  { title: 'VTEMPLATE', families: ['vtemplate'] },
  { title: 'VPN', families: ['vpdn', 'l2tp', 'l2tun'] },
  { title: 'Radius protocol', families: ['radius'] },
  { title: 'XCONNECT', families: ['xconnect', 'acircuit'] },
];
