// How a command of the EXEC prompt is written down: its parts, the level it takes, and what it asks for.

import type { ClearTarget } from '../../../vpdn/events.ts';
import type { Standing } from '../../../vpdn/standing.ts';
import { type Captured, type Node, sequence, words } from '../../syntax.ts';
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
  /** What is asked before it is carried out; on a terminal only, elsewhere the defaults hold. */
  readonly asks?: (captured: Readonly<Record<string, unknown>>, situation: Situation) => readonly Question[];
  /** `answers` has one for each question, in order: `yes` or `no`, or a text. */
  build(captured: Readonly<Record<string, unknown>>, answers: readonly string[]): C;
}

/** What questions may hang on. */
export interface Situation {
  /** The running configuration is not the one that was saved. */
  readonly modified: () => boolean;
}

/** A question before a command (1.9). `confirm` takes one key: Enter or `y` goes on, any other ends the command. */
export interface Question {
  /** As printed, its brackets and blanks included: `Destination filename [startup-config]? `. */
  readonly prompt: string;
  readonly kind: 'confirm' | 'yes-no' | 'text';
  /** What an empty answer means, and what scripts answer. A `yes-no` without one is asked until it is answered. */
  readonly default?: string;
  /** Not asked after these answers: its default holds. */
  readonly skip?: (answers: readonly string[]) => boolean;
}

/** The privilege levels of IOS: `enable` has 15, a login 1, and at 0 there is only the way in and out. */
export const PRIVILEGED = 15;
export const USER = 1;
export const ANYBODY = 0;

export function define<const P extends readonly Node[], const C>(
  path: P,
  build: (captured: Captured<P>, answers: readonly string[]) => C,
  level: number,
  ...entries: Entry[]
): ExecDefinition<C> {
  const whole = (captured: Readonly<Record<string, unknown>>, answers: readonly string[]) => {
    return build(captured as Captured<P>, answers);
  };
  return { syntax: sequence(...path), level, filtered: false, entries, build: whole };
}

/** The same command with questions before it. */
export function asking<C>(definition: ExecDefinition<C>, ...questions: readonly Question[]): ExecDefinition<C> {
  return { ...definition, asks: () => questions };
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

export const ALL_INTERFACES = [
  'Loopback',
  'Virtual-Template',
  'Virtual-PPP',
  'Dialer',
  'Virtual-Access',
  'physical',
] as const;
