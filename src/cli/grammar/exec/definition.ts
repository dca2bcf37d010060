// How a command of the EXEC prompt is written down: its parts, the level it takes, and what it asks for.

import type { Standing } from '../../../vpdn/configuration.ts';
import type { ClearTarget } from '../../../vpdn/events.ts';
import { type Captured, flag, type Node, name, number, optional, sequence, word, words } from '../../syntax.ts';
import type { Entry } from '../../tree.ts';

/** `C` is what it asks for: one of the commands of `exec-command.ts`. */
export interface ExecDefinition<C> {
  readonly syntax: Node;
  /** The privilege level it takes; below, it behaves as if it did not exist. */
  readonly level: number;
  /** Its output can go through `|`. */
  readonly filtered: boolean;
  readonly entries: readonly Entry[];
  /** Honoured if absent. */
  readonly standing?: Standing;
  build(captured: Readonly<Record<string, unknown>>): C;
}

/** The privilege levels of IOS: `enable` has 15, a login 1, and at 0 there is only the way in and out. */
export const PRIVILEGED = 15;
export const USER = 1;
export const ANYBODY = 0;

export function define<const P extends readonly Node[], const C>(
  path: P,
  build: (captured: Captured<P>) => C,
  level: number,
  ...entries: Entry[]
): ExecDefinition<C> {
  const whole = (captured: Readonly<Record<string, unknown>>) => build(captured as Captured<P>);
  return { syntax: sequence(...path), level, filtered: false, entries, build: whole };
}

export function shown<const P extends readonly Node[], const C>(
  what: string,
  help: string,
  rest: P,
  build: (captured: Captured<P>) => C,
  level: number = USER,
  ...entries: Entry[]
): ExecDefinition<C> {
  const path = [words(`show ${what}`, help), ...rest] as const;
  const whole = (captured: unknown) => build(captured as Captured<P>);
  return { ...define(path, whole, level, ...entries), filtered: true };
}

export interface ClearCommand {
  readonly exec: 'clear';
  readonly what: ClearTarget;
}

export function cleared<const P extends readonly Node[]>(
  what: string,
  help: string,
  rest: P,
  target: (captured: Captured<P>) => ClearTarget,
  ...entries: Entry[]
): ExecDefinition<ClearCommand> {
  const path = [words(`clear ${what}`, help), ...rest] as const;
  const build = (captured: unknown): ClearCommand => ({ exec: 'clear', what: target(captured as Captured<P>) });
  return define(path, build, PRIVILEGED, ...entries);
}

export const ALL_INTERFACES = ['Loopback', 'Virtual-Template', 'Virtual-PPP', 'Virtual-Access', 'physical'] as const;
export const ALL = optional(flag('all', 'All information of each'));
export const BY_ID = optional(sequence(word('id', 'One of them'), number('id', 1, 65535, 'Local id')));
export const BY_USER = optional(sequence(word('username', 'Those of one user'), name('username', 'User name')));
