// `show debugging` and the lines that `debug` and `undebug` answer with (C173, C175, C177).

import { DEBUG_TOPICS, type DebugTopic } from '../grammar/exec/debug.ts';

export function* showDebugging(on: ReadonlySet<DebugTopic>): Generator<string> {
  for (const { title, prefix } of GROUPS) {
    const topics = TOPICS.filter((topic) => topic.startsWith(prefix) && on.has(topic));
    if (topics.length === 0) continue;
    yield `${title}:`;
    for (const topic of topics) yield `  ${formatDebugSwitch(topic, true)}`;
    yield '';
  }
}

/** `VPDN events debugging is on`. */
export function formatDebugSwitch(topic: DebugTopic, on: boolean): string {
  return `${DEBUG_TOPICS[topic]} debugging is ${on ? 'on' : 'off'}`;
}

export const UNDEBUG_ALL = 'All possible debugging has been turned off';

const TOPICS = Object.keys(DEBUG_TOPICS) as DebugTopic[];
const GROUPS = [
  { title: 'PPP', prefix: 'ppp ' },
  { title: 'VPN', prefix: 'vpdn ' },
];
