// One configuration line against the modes that are open: the innermost that takes it wins and becomes the current one.

import type { Configuration } from '../vpdn/configuration.ts';
import type { Standing } from '../vpdn/standing.ts';
import { ConfigError } from '../wire/errors.ts';
import { GLOBAL } from './grammar/global.ts';
import { match } from './match.ts';
import {
  beginnings,
  type Entry,
  type OpenMode,
  type Outcome,
  type Owner,
  type PendingText,
  perform,
  type Scope,
} from './tree.ts';

/** The open modes, outermost first: never empty, the first is global configuration mode. */
export type Modes = readonly OpenMode[];

export const GLOBAL_MODES: Modes = [GLOBAL];

export interface Applied {
  /** The modes open afterwards; empty after `end`, or `exit` from global mode. */
  readonly modes: Modes;
  /** The draft may differ from what it was. */
  readonly edits: boolean;
  readonly warning?: string;
  /** More lines belong to the command. */
  readonly pending?: PendingText;
  /** An EXEC command typed behind `do`. */
  readonly exec?: string;
  /** How many modes the line was found outside of the innermost. */
  readonly fellThrough: number;
  /** What the line comes to here, as its subject is when this is asked; absent for a comment. */
  readonly standing?: () => Standing;
  /** The entries of the catalogue its command belongs to. */
  readonly entries?: readonly Entry[];
}

/** Where an error points when no mode takes a line: into the mode that is current, as IOS does, or as far right as any got. */
export type CaretRule = 'current' | 'furthest';

/** Edits `draft` in place; an error leaves it untouched. `line` counts from 1 and is for the error only. */
export function applyLine(
  draft: Configuration,
  modes: Modes,
  text: string,
  lineNumber = 1,
  caret: CaretRule = 'current',
): Applied | ConfigError {
  if (/^[ \t]*(?:!|$)/.test(text)) return { modes, edits: false, fellThrough: 0 };
  // `do` is a command of every mode: typed in full, it is no abbreviation of what a mode has besides, such as `domain-mapping`.
  if (/^[ \t]*do[ \t]/i.test(text) && modes.length > 1)
    return withModes(applyLine(draft, GLOBAL_MODES, text, lineNumber), modes);
  let first: ConfigError | undefined;
  let wrongAt = 0;
  for (let depth = modes.length - 1; depth >= 0; depth--) {
    const open = modes[depth]!;
    const found = match(beginnings(open), text);
    if (found.result === 'match') {
      // A wrong value of a mode's own command is no free text of an outer one: `ip tcp adjust-mss 9999` is not `ip tcp …`.
      if (first !== undefined && found.freeFrom !== undefined && wrongAt > found.freeFrom) return first;
      return take(draft, modes, depth, found, text, lineNumber);
    }
    const error = syntaxError(found, text, lineNumber);
    // A word the mode knows, cut too short or left alone, is not looked for outside: `pseudowire` is no `pseudowire-class`.
    if (found.result !== 'invalid') return first === undefined || caret === 'furthest' ? error : first;
    if (first === undefined || (caret === 'furthest' && error.column > first.column)) first = error;
    wrongAt = Math.max(wrongAt, found.wrongAt ?? 0);
  }
  return first!;
}

function withModes(applied: Applied | ConfigError, modes: Modes): Applied | ConfigError {
  return applied instanceof ConfigError ? applied : { ...applied, modes };
}

/** `% Invalid input …` and the like, as a terminal shows them. */
export function syntaxError(
  found: { readonly result: 'ambiguous' | 'incomplete' | 'invalid'; readonly column: number },
  text: string,
  lineNumber: number,
): ConfigError {
  const said = {
    ambiguous: `% Ambiguous command:  "${text.trim()}"`,
    incomplete: '% Incomplete command.',
    invalid: "% Invalid input detected at '^' marker.",
  }[found.result];
  return new ConfigError(found.result, said, lineNumber, found.column);
}

/** What a terminal prints below the line: the caret where there is one, counted from behind a prompt this wide. */
export function formatRefusal(error: ConfigError, promptWidth: number): string[] {
  return [
    ...(CARET.includes(error.code) ? [`${' '.repeat(promptWidth + error.column)}^`] : []),
    ...error.message.split('\n'),
    ...(BLANK_AFTER.includes(error.code) ? [''] : []),
  ];
}

function take(
  draft: Configuration,
  modes: Modes,
  depth: number,
  found: { readonly owner: Owner; readonly captured: Readonly<Record<string, unknown>> },
  text: string,
  lineNumber: number,
): Applied | ConfigError {
  const open = modes[depth]!;
  const subject = open.mode.find(draft, open.key);
  const column = text.search(/[^ \t]/);
  if (subject === undefined) {
    return new ConfigError('gone', `% ${open.line} is not configured any more`, lineNumber, column);
  }
  const scope: Scope<unknown> = {
    configuration: draft,
    subject,
    under: modes.slice(1, depth + 1).map(({ line }) => line),
  };
  const outcome = perform(found.owner, scope, found.captured);
  const left = modes.slice(0, depth + 1);
  const fellThrough = modes.length - 1 - depth;
  const applied = settle(outcome, left, fellThrough);
  if (applied === undefined) return new ConfigError('refused', refusal(outcome), lineNumber, column);
  const { standing, negated, entries } = found.owner.command;
  const isNegated = found.owner.polarity !== 'set' && negated !== undefined;
  return { ...applied, standing: () => (isNegated ? negated : standing(found.captured, subject)), entries };
}

function settle(outcome: Outcome, modes: Modes, fellThrough: number): Applied | undefined {
  switch (outcome?.outcome) {
    case undefined:
      return { modes, edits: true, fellThrough };
    case 'refused':
      return undefined;
    case 'warned':
      return { modes, edits: true, fellThrough, warning: outcome.message };
    case 'entered': {
      const inside = [...modes, outcome.mode];
      return outcome.warning === undefined
        ? { modes: inside, edits: true, fellThrough }
        : { modes: inside, edits: true, fellThrough, warning: outcome.warning };
    }
    case 'left':
      return { modes: modes.slice(0, -1), edits: false, fellThrough };
    case 'ended':
      return { modes: [], edits: false, fellThrough };
    case 'exec':
      return { modes, edits: false, fellThrough, exec: outcome.line };
    case 'text':
      return { modes, edits: false, fellThrough, pending: outcome };
  }
}

function refusal(outcome: Outcome): string {
  return outcome?.outcome === 'refused' ? outcome.message : '';
}

/** Errors that point at a place of the line. */
const CARET = ['invalid', 'pattern', 'control-character', 'not-utf8', 'invisible-character'];
/** IOS leaves a line empty after the three errors of syntax, and after no other. */
const BLANK_AFTER = ['invalid', 'ambiguous', 'incomplete'];
