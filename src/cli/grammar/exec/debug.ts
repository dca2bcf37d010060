// `debug …` and `undebug …` (C173-C177). The syntax is made from the table of topics.

import {
  address,
  choice,
  interfaceName,
  type Node,
  name,
  number,
  type Part,
  sequence,
  word,
  words,
} from '../../syntax.ts';
import type { Entry } from '../../tree.ts';
import { DEBUG_FAMILIES, DEBUG_TOPICS, type DebugTopic } from './debug-topics.ts';
import { ALL_INTERFACES, define, type ExecDefinition, PRIVILEGED } from './definition.ts';

export type { DebugTopic } from './debug-topics.ts';

/** Only what concerns this is shown, of all that is switched on. */
export type DebugCondition =
  | { readonly kind: 'interface'; readonly value: string }
  | { readonly kind: 'username'; readonly value: string }
  | { readonly kind: 'ip'; readonly value: string };

export type DebugCommand =
  | { readonly exec: 'debug'; readonly topic: DebugTopic; readonly on: boolean }
  | { readonly exec: 'debug-condition'; readonly condition: DebugCondition; readonly on: boolean }
  /** By its number, as `show debugging` lists it; without one, all of them. */
  | { readonly exec: 'undebug-condition'; readonly id?: number }
  | { readonly exec: 'undebug-all' };

/** Singular and plural are both in use. */
const ALIASES: Readonly<Record<string, string>> = { event: 'events', error: 'errors', packet: 'packets' };

const CONDITION = choice(
  sequence(word('interface', 'Interface'), interfaceName('of', ALL_INTERFACES)),
  sequence(word('username', 'User name'), name('username', 'User name to match')),
  sequence(word('ip', 'IP address'), address('host', 'IP address to match')),
);

/** Where each family stands in the catalogue. */
const ENTRIES: Readonly<Record<string, Entry>> = {
  vpdn: 'C173',
  l2tp: 'C174',
  l2tun: 'C174',
  xconnect: 'C174',
  acircuit: 'C174',
  ppp: 'C175',
  aaa: 'C176',
  radius: 'C176',
  ip: 'C176',
  vtemplate: 'C176',
};

const SWITCHES = [
  ['debug', "Debugging functions (see also 'undebug')", true],
  ['undebug', "Disable debugging functions (see also 'debug')", false],
  ['no debug', 'Disable debugging functions', false],
] as const;

// `undebug X` and `no debug X` are one command in two spellings.
export const DEBUG: readonly ExecDefinition<DebugCommand>[] = [
  ...SWITCHES.flatMap(([text, help, on]) => [
    ...topicDefinitions(text, help, on),
    define(
      [words(text, help), word('condition', 'Condition'), CONDITION],
      ({ of, username, host }): DebugCommand => ({
        exec: 'debug-condition',
        condition: condition(of, username, host),
        on,
      }),
      PRIVILEGED,
      'C176',
    ),
  ]),
  ...['undebug', 'no debug'].flatMap((text) => [
    define([words(`${text} all`, 'Disable all debugging')], undebugAll, PRIVILEGED, 'C177'),
    define(
      [
        words(`${text} condition`, 'Condition'),
        choice(word('all', 'All conditions'), number('id', 1, 1000, 'Condition id')),
      ],
      ({ id }): DebugCommand => ({ exec: 'undebug-condition', ...(id !== undefined && { id }) }),
      PRIVILEGED,
      'C176',
    ),
  ]),
];

function undebugAll(): DebugCommand {
  return { exec: 'undebug-all' };
}

function condition(of: string | undefined, username: string | undefined, host: string | undefined): DebugCondition {
  if (of !== undefined) return { kind: 'interface', value: of };
  return username !== undefined ? { kind: 'username', value: username } : { kind: 'ip', value: host ?? '' };
}

/** One definition for each first word of a topic, so that each family has its place in the catalogue. */
function topicDefinitions(text: string, help: string, on: boolean): ExecDefinition<DebugCommand>[] {
  const families = Map.groupBy(Object.keys(DEBUG_TOPICS) as DebugTopic[], (topic) => topic.split(' ')[0]!);
  return [...families].map(([family, topics]) => {
    const syntax = choice(...topics.map(topicSyntax)) as Part<{ topic: DebugTopic }>;
    const build = ({ topic }: { topic: DebugTopic }): DebugCommand => ({ exec: 'debug', topic, on });
    return define([words(text, help), syntax], build, PRIVILEGED, ...(on ? [] : (['C177'] as const)), ENTRIES[family]!);
  });
}

function topicSyntax(topic: DebugTopic): Node {
  const all = topic.split(' ');
  const parts = all.map((text, index): Node => {
    const last = index === all.length - 1;
    const said = last ? DEBUG_TOPICS[topic].help : DEBUG_FAMILIES[all.slice(0, index + 1).join(' ')];
    // A word that is a topic and begins others is explained alike in both.
    const whole = DEBUG_TOPICS[all.slice(0, index + 1).join(' ') as DebugTopic]?.help;
    const alias = ALIASES[text] === undefined ? [] : [ALIASES[text]];
    const part = word(text, whole ?? said ?? '', ...alias);
    return last ? ({ ...part, capture: { name: 'topic', value: topic } } as Node) : part;
  });
  return sequence(...parts);
}
