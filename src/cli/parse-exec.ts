// A line typed at an EXEC prompt, parsed.

import { ConfigError } from '../wire/errors.ts';
import { syntaxError } from './configure.ts';
import { defaultAnswer } from './dialogue.ts';
import type { OutputFilter, ParsedExec } from './exec-command.ts';
import { PRIVILEGED, type Situation } from './grammar/exec/definition.ts';
import { execBeginnings, filterOf } from './grammar/exec.ts';
import { badCharacter, MAX_TERMINAL_LINE } from './line-check.ts';
import { follow, match, tokenize, wordsWith } from './match.ts';
import { compilePattern } from './pattern.ts';

/** Undefined for an empty line and for a comment. The message of an error is what a terminal shows; its column is the caret's. */
export function parseExec(
  text: string,
  privilege: number = PRIVILEGED,
  situation: Situation = { modified: () => false },
): ParsedExec | ConfigError | undefined {
  if (/^[ \t]*(?:!|$)/.test(text)) return undefined;
  const bad = badCharacter(text, MAX_TERMINAL_LINE);
  if (bad !== undefined) return new ConfigError(bad.code, bad.message, 1, bad.column);
  const beginnings = execBeginnings(privilege);
  const found = match(beginnings, text);
  if (found.result !== 'match') {
    return bareWord(text, privilege, found.result) ?? syntaxError(found, text, 1);
  }
  const filter = filterOf(found.captured);
  const wrong = filter === undefined ? undefined : wrongPattern(filter, text);
  if (wrong !== undefined) return wrong;
  const { owner, captured } = found;
  const questions = owner.asks?.(captured, situation) ?? [];
  const command = owner.build(captured, questions.map(defaultAnswer));
  return {
    command,
    ...(filter !== undefined && { filter }),
    ...(questions.length > 0 && { dialogue: { questions, answered: (answers) => owner.build(captured, answers) } }),
  };
}

/** One word alone has errors of its own: a family of commands, or what IOS takes for the name of a host. */
function bareWord(text: string, privilege: number, result: string): ConfigError | undefined {
  const [only, second] = tokenize(text);
  if (only === undefined || second !== undefined) return undefined;
  const { edges } = execBeginnings(privilege);
  const meant = wordsWith(edges, only.text);
  if (result === 'incomplete' && meant.length === 1 && FAMILIES.includes(meant[0]!.word)) {
    const message = `% Type "${meant[0]!.word} ?" for a list of subcommands`;
    return new ConfigError('incomplete', message, 1, only.column);
  }
  if (result !== 'invalid' || follow({ edges, end: false }, only.text) !== undefined) return undefined;
  const message = '% Unknown command or computer name, or unable to find computer address';
  return new ConfigError('unknown-command', message, 1, only.column);
}

function wrongPattern(filter: OutputFilter, text: string): ConfigError | undefined {
  if (!('pattern' in filter) || compilePattern(filter.pattern) !== undefined) return undefined;
  return new ConfigError('pattern', '% Failed to compile regular expression', 1, text.lastIndexOf(filter.pattern));
}

const FAMILIES = ['clear', 'debug', 'show'];
