// The fifty commands of the guide: every row of the census, by the definitions that terminal, file and `?` all work with.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applyLine, GLOBAL_MODES, type Modes } from '../../src/cli/configure.ts';
import { execBeginnings } from '../../src/cli/grammar/exec.ts';
import { helpLines } from '../../src/cli/help.ts';
import type { Expected } from '../../src/cli/match.ts';
import { parseExec } from '../../src/cli/parse-exec.ts';
import { formatRunningConfig } from '../../src/cli/running-config.ts';
import { beginnings } from '../../src/cli/tree.ts';
import { type Configuration, emptyConfiguration } from '../../src/vpdn/configuration.ts';
import { ConfigError } from '../../src/wire/errors.ts';
import { type Beyond, CENSUS, type ConfigurationRow, type ExecRow, MODES } from './census-table.ts';
import { loaded } from './helpers.ts';

test('the census has exactly the fifty commands of the guide, each with its mode', () => {
  assert.equal(new Set(CENSUS.map(({ command, mode }) => `${GROUPS[mode]}: ${command}`)).size, 50);
});

test('the census counts them as the guide does: 16 + 8 + 9 + 7 + 2 + 7 + 1', () => {
  const counted = (group: string) => {
    return new Set(CENSUS.filter(({ mode }) => GROUPS[mode] === group).map(({ command }) => command)).size;
  };
  assert.deepEqual(
    ['EXEC and global', 'l2tp-class', 'pseudowire-class', 'vpdn-group', 'accept-dialin', 'interface', 'controller'].map(
      counted,
    ),
    [16, 8, 9, 7, 2, 7, 1],
  );
});

for (const row of CENSUS) {
  describe(`${row.mode}: ${row.full}`, () => {
    if (row.mode === 'exec') execRow(row);
    else configurationRow(row);
    for (const [typed, expected] of Object.entries(row.help)) {
      test(`? behind "${typed}" lists ${expected}`, () => assert.equal(listed(row, typed), expected));
    }
    test('? at the begin of a line lists its first word', () => {
      assert.ok(listed(row, '').split(' ').includes(row.full.split(' ')[0]!));
    });
    for (const beyond of row.beyond) {
      test(`not taken: ${beyond[0]}`, () => assertRefused(row, beyond));
    }
  });
}

function execRow(row: ExecRow): void {
  test('is understood', () => assert.partialDeepStrictEqual(built(row.full), row.builds));
  test(`"${row.short}" is the same`, () => assert.deepEqual(built(row.short), built(row.full)));
  for (const line of row.ends ?? []) test(`is understood as well: ${line}`, () => assert.ok(built(line)));
}

function configurationRow(row: ConfigurationRow): void {
  const { full, short, no, reset, ends = [], prints } = row;

  test('sets the model', () => assert.deepEqual(row.of(typed(row, full)), row.means));

  test(`"${short}" is the same`, () => assert.deepEqual(plain(typed(row, short)), plain(typed(row, full))));

  for (const line of ends) {
    test(`is taken and read back: ${line}`, () => assertRoundTrip(typed(row, line)));
  }

  test('prints as IOS prints it', () => {
    const lines = formatRunningConfig(typed(row, full)).map((line) => line.trim());
    if (prints === '')
      assert.deepEqual(
        lines,
        formatRunningConfig(typed(row)).map((line) => line.trim()),
      );
    else assert.equal(lines.filter((line) => line === prints).length, 1, lines.join('\n'));
  });

  test('reads back from running-config as the same model', () => assertRoundTrip(typed(row, full)));

  test(`"${no[0]}" takes it back`, () => {
    const left = typed(row, full, ...modeAgain(row), no[0]);
    assert.deepEqual(row.of(left), no[1]);
    assertRoundTrip(left);
  });

  test(`"${reset[0]}" sets it to its default`, () => {
    const left = typed(row, full, ...modeAgain(row), reset[0]);
    assert.deepEqual(row.of(left), reset[1]);
    assertRoundTrip(left);
  });
}

/** Where a line that opens a mode leaves us: `no` of it is said outside. */
function modeAgain(row: ConfigurationRow): readonly string[] {
  return ['l2tp-class', 'pseudowire-class', 'vpdn-group', 'interface', 'controller', 'accept-dialin'].some(
    (word) => row.full === word || (row.mode === 'global' && row.full.startsWith(`${word} `)),
  )
    ? ['exit']
    : [];
}

function typed(row: ConfigurationRow, ...lines: readonly string[]): Configuration {
  const { configuration, error } = attempt(row, lines);
  assert.equal(error?.message, undefined);
  return configuration;
}

/** Types the lines in the mode of the row, at a terminal. */
function attempt(row: ConfigurationRow, lines: readonly string[]) {
  const configuration = emptyConfiguration();
  let modes: Modes = GLOBAL_MODES;
  for (const line of [...MODES[row.mode], ...(row.setup ?? []), ...lines]) {
    const applied = applyLine(configuration, modes, line);
    if (applied instanceof ConfigError) return { configuration, modes, error: applied };
    modes = applied.modes;
  }
  return { configuration, modes, error: undefined };
}

function built(line: string) {
  const parsed = parseExec(line);
  if (parsed instanceof ConfigError) assert.fail(`${line}: ${parsed.message}`);
  return parsed!.command;
}

function assertRefused(row: ConfigurationRow | ExecRow, [line, how]: Beyond): void {
  const error = row.mode === 'exec' ? parseExec(line) : attempt(row, [line]).error;
  assert.ok(error instanceof ConfigError, 'it was taken');
  if (typeof how === 'string') assert.equal(error.code, how);
  else assert.deepEqual([error.code, error.column], ['invalid', how]);
}

/** The first words of what `?` lists; a `?` at the end of `text` asks how its last word goes on. */
function listed(row: ConfigurationRow | ExecRow, text: string): string {
  const before = text.replace(/\?$/, '');
  let lines: string[];
  if (row.mode === 'exec') lines = helpLines([execBeginnings(15)], before, HEADING);
  else {
    const { modes } = attempt(row, []);
    const chain: Expected<unknown>[] = [...modes].reverse().map((open) => beginnings(open));
    lines = helpLines(chain, before, HEADING);
  }
  if (text.endsWith('?')) return lines.join(' ').trim().replaceAll(/ +/g, ' ');
  return lines
    .filter((line) => line !== HEADING)
    .map((line) => line.trim().split(' ')[0])
    .join(' ');
}

function assertRoundTrip(configuration: Configuration): void {
  const lines = formatRunningConfig(configuration);
  const again = loaded(lines.join('\n'));
  assert.deepEqual(plain(again), plain(configuration));
  assert.deepEqual(formatRunningConfig(again), lines);
}

/** Maps as lists, and without what is undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, each) => (each instanceof Map ? [...each] : each)));
}

/** As the guide groups them. */
const GROUPS: Readonly<Record<(typeof CENSUS)[number]['mode'], string>> = {
  exec: 'EXEC and global',
  global: 'EXEC and global',
  'l2tp-class': 'l2tp-class',
  'pseudowire-class': 'pseudowire-class',
  'vpdn-group': 'vpdn-group',
  'accept-dialin': 'accept-dialin',
  'virtual-ppp': 'interface',
  'virtual-template': 'interface',
  controller: 'controller',
};
const HEADING = 'Commands:';
