// The commands of an EXEC prompt, and what may stand behind them after `|`.

import type { ExecCommand, OutputFilter } from '../exec-command.ts';
import { type Expected, expect, start } from '../match.ts';
import { choice, flag, line, name, optional, type Part, sequence, word } from '../syntax.ts';
import { ABSENT } from './exec/absent.ts';
import { CLEAR } from './exec/clear.ts';
import { CLOCK } from './exec/clock.ts';
import { CONFIGURATION } from './exec/configuration.ts';
import { CRYPTO_KEY } from './exec/crypto-key.ts';
import { DEBUG } from './exec/debug.ts';
import { type ExecDefinition, PRIVILEGED } from './exec/definition.ts';
import { FILES } from './exec/files.ts';
import { PING } from './exec/ping.ts';
import { RELOAD } from './exec/reload.ts';
import { SESSION } from './exec/session.ts';
import { SHOW_CALLERS } from './exec/show-callers.ts';
import { SHOW_INTERFACES } from './exec/show-interfaces.ts';
import { SHOW_SYSTEM } from './exec/show-system.ts';
import { SHOW_VPDN } from './exec/show-vpdn.ts';
import { SHOW_VPDN_MORE } from './exec/show-vpdn-more.ts';
import { SSH } from './exec/ssh.ts';
import { TERMINAL } from './exec/terminal.ts';
import { TEST_AAA } from './exec/test-aaa.ts';

export const EXEC: readonly ExecDefinition<ExecCommand>[] = [
  ...SHOW_VPDN,
  ...SHOW_VPDN_MORE,
  ...SHOW_INTERFACES,
  ...SHOW_CALLERS,
  ...SHOW_SYSTEM,
  ...CONFIGURATION,
  ...RELOAD,
  ...FILES,
  ...ABSENT,
  ...CLEAR,
  ...DEBUG,
  ...PING,
  ...SSH,
  ...TERMINAL,
  ...TEST_AAA,
  ...CLOCK,
  ...CRYPTO_KEY,
  ...SESSION,
];

/** All that may begin a line at this privilege level. */
export function execBeginnings(privilege: number): Expected<ExecDefinition<ExecCommand>> {
  const known = BEGINNINGS.get(privilege);
  if (known !== undefined) return known;
  const allowed = EXEC.filter(({ level }) => level <= privilege);
  const modifiers = pipe(privilege);
  const first = expect(
    allowed.map((definition) => {
      return start(definition, definition.filtered ? sequence(definition.syntax, modifiers) : definition.syntax);
    }),
  );
  BEGINNINGS.set(privilege, first);
  return first;
}

/** By level: there are sixteen at most. */
const BEGINNINGS = new Map<number, Expected<ExecDefinition<ExecCommand>>>();

export function filterOf(captured: Readonly<Record<string, unknown>>): OutputFilter | undefined {
  const { modifier, pattern, exclude, outputFile, behind } = captured as {
    readonly modifier?: string;
    readonly pattern?: string;
    readonly exclude?: boolean;
    readonly outputFile?: string;
    readonly behind?: boolean;
  };
  if (modifier === undefined) return undefined;
  if (outputFile !== undefined) {
    const append = modifier === 'append' || behind === true;
    return { kind: 'file', name: outputFile, append, shown: modifier === 'tee' };
  }
  if (modifier === 'json') return { kind: 'json' };
  if (modifier === 'section') return { kind: 'section', pattern: pattern!, exclude: exclude === true };
  return { kind: modifier as 'include' | 'exclude' | 'begin' | 'count', pattern: pattern! };
}

/** Files are written at the level of `copy`. */
function pipe(privilege: number): Part<unknown> {
  const expression = line('pattern', 'Regular Expression');
  const modifier = (kind: string, help: string) => {
    return { ...word(kind, help), capture: { name: 'modifier', value: kind } } as Part<unknown>;
  };
  const file = name('outputFile', 'File on flash:, beside the startup-config');
  const files = [
    sequence(modifier('append', 'Append redirected output to URL'), file),
    sequence(modifier('redirect', 'Redirect output to URL'), file),
    sequence(modifier('tee', 'Copy output to URL'), optional(flag('behind', 'Append to the file', '/append')), file),
  ];
  return optional(
    sequence(
      word('|', 'Output modifiers'),
      choice(
        ...(privilege >= PRIVILEGED ? files : []),
        sequence(modifier('begin', 'Begin with the line that matches'), expression),
        sequence(modifier('count', 'Count number of lines which match regexp'), expression),
        sequence(modifier('exclude', 'Exclude lines that match'), expression),
        sequence(modifier('include', 'Include lines that match'), expression),
        modifier('json', 'The same as JSON (ext)'),
        sequence(
          modifier('section', 'Filter a section of output'),
          optional(
            choice(
              word('include', 'Include the sections that match'),
              flag('exclude', 'Exclude the sections that match'),
            ),
          ),
          expression,
        ),
      ),
    ),
  );
}
