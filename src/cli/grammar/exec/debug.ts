// `debug …` and `undebug …` (C173-C177).

import { choice, type Node, type Part, sequence, word, words } from '../../syntax.ts';
import { define, type ExecDefinition, PRIVILEGED } from './definition.ts';

/** What can be debugged, with the name that "… debugging is on" begins with. */
export const DEBUG_TOPICS = {
  'vpdn event': 'VPDN events',
  'vpdn error': 'VPDN errors',
  'vpdn packet': 'VPDN packet',
  'vpdn l2x-events': 'L2X protocol events',
  'vpdn l2x-errors': 'L2X protocol errors',
  'vpdn l2x-packets': 'L2X control packets',
  'ppp negotiation': 'PPP protocol negotiation',
  'ppp authentication': 'PPP authentication',
} as const;

export type DebugTopic = keyof typeof DEBUG_TOPICS;

export type DebugCommand =
  | { readonly exec: 'debug'; readonly topic: DebugTopic; readonly on: boolean }
  | { readonly exec: 'undebug-all' };

const TOPIC = choice(
  sequence(
    word('vpdn', 'VPDN information'),
    choice(
      topic('vpdn event', word('event', 'VPDN events', 'events')),
      topic('vpdn error', word('error', 'VPDN errors', 'errors')),
      topic('vpdn packet', word('packet', 'VPDN packets', 'packets')),
      topic('vpdn l2x-events', word('l2x-events', 'L2X protocol events')),
      topic('vpdn l2x-errors', word('l2x-errors', 'L2X protocol errors')),
      topic('vpdn l2x-packets', word('l2x-packets', 'L2X control packets')),
    ),
  ),
  sequence(
    word('ppp', 'PPP (Point to Point Protocol) information'),
    choice(
      topic('ppp negotiation', word('negotiation', 'Protocol parameter negotiation')),
      topic('ppp authentication', word('authentication', 'CHAP and PAP authentication')),
    ),
  ),
) as Part<{ topic: DebugTopic }>;

// `undebug X` and `no debug X` are one command in two spellings.
export const DEBUG: readonly ExecDefinition<DebugCommand>[] = [
  define([word('debug', "Debugging functions (see also 'undebug')"), TOPIC], debugging(true), PRIVILEGED),
  define([word('undebug', "Disable debugging functions (see also 'debug')"), TOPIC], debugging(false), PRIVILEGED),
  define([words('no debug', 'Disable debugging functions'), TOPIC], debugging(false), PRIVILEGED),
  define([words('undebug all', 'Disable all debugging')], () => ({ exec: 'undebug-all' }), PRIVILEGED),
  define([words('no debug all', 'Disable all debugging')], () => ({ exec: 'undebug-all' }), PRIVILEGED),
];

function topic(value: DebugTopic, part: Node): Node {
  return { ...part, capture: { name: 'topic', value } } as Node;
}

function debugging(on: boolean) {
  return ({ topic }: { topic: DebugTopic }): DebugCommand => ({ exec: 'debug', topic, on });
}
