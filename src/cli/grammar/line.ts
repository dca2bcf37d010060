// `line con 0`, `line vty 0 15` (C012). A vty command is for all lines of the range that was named; running-config puts those
// that are alike together again.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { Lines, TerminalLine } from '../../vpdn/configuration-system.ts';
import type { Standing } from '../../vpdn/standing.ts';
import { HONOURED } from '../../vpdn/standing.ts';
import { choice, name, number, optional, sequence, word } from '../syntax.ts';
import { definer, entered, type Mode, type Outcome, refused, withoutEffect } from '../tree.ts';
import { LINE_METAL } from './line-metal.ts';
import { LINE_SETTINGS } from './line-settings.ts';
import { modeLines } from './mode-lines.ts';
import { exitCommand } from './setting.ts';

export const LINE_MODE: Mode<TerminalLine[]> = {
  name: 'line',
  prompt: 'config-line',
  heading: 'Line configuration commands:',
  find: ({ lines }, key) => linesNamed(lines, key),
  commands: [exitCommand('line configuration'), ...LINE_SETTINGS, ...LINE_METAL],
};

export const LINE = definer<Configuration>()({
  path: [
    word('line', 'Configure a terminal line'),
    choice(
      sequence(CONSOLE(), number('console', 0, 0, 'First Line number')),
      sequence(
        word('vty', 'Virtual terminal'),
        number('first', 0, 15, 'First Line number'),
        optional(number('last', 1, 15, 'Last Line number')),
      ),
      sequence(word('aux', 'Auxiliary line'), number('aux', 0, 0, 'First Line number')),
      sequence(
        word('tty', 'Terminal controller'),
        number('tty', 1, 2147, 'First Line number'),
        optional(number('lastTty', 1, 2147, 'Last Line number')),
      ),
      sequence(name('number', 'First Line number'), optional(number('lastNumber', 1, 2147, 'Last Line number'))),
    ),
  ],
  keep: 2,
  set: ({ configuration: { lines } }, typed): Outcome => {
    const key = keyOf(typed);
    if (key === undefined) return refused('% Invalid line number');
    const { first, last = first } = typed;
    for (let index = lines.vty.length; last !== undefined && index <= last; index++) lines.vty.push({});
    if (linesNamed(lines, key).length === 0) lines.others.set(key, {});
    return entered(LINE_MODE, key, `line ${key}`);
  },
  unset: ({ configuration: { lines } }, typed) => {
    const key = keyOf(typed);
    // The five first are always there, as on any IOS.
    if (typed.first !== undefined && typed.first >= FIRST_VTYS)
      lines.vty.length = Math.min(lines.vty.length, typed.first);
    else if (key !== undefined && !lines.others.delete(key)) {
      for (const each of linesNamed(lines, key)) clear(each);
    }
  },
  lines: (scope) => {
    const { lines } = scope.subject;
    return blocks(lines).flatMap((key) => {
      const head = `line ${key}`;
      return [head, ...modeLines(LINE_MODE, linesNamed(lines, key), scope, head)];
    });
  },
  standing: (typed): Standing => {
    const here = typed.console !== undefined || typed.first !== undefined || Object.keys(typed).length === 0;
    return here ? HONOURED : withoutEffect('there is no such line here: terminals are the console and the vty lines');
  },
  entries: ['C012'],
  about:
    'The console is the local socket, a vty a login over SSH. `line vty 5 15` adds lines, `no line vty 5` takes them away.',
});

/** What stands behind `line`, in the form running-config has it. */
function keyOf(typed: {
  readonly console?: number;
  readonly first?: number;
  readonly last?: number;
  readonly aux?: number;
  readonly tty?: number;
  readonly lastTty?: number;
  readonly number?: string;
  readonly lastNumber?: number;
}): string | undefined {
  const range = (kind: string, first: number | string, last: number | undefined) => {
    return `${kind}${first}${last === undefined || last === Number(first) ? '' : ` ${last}`}`;
  };
  if (typed.console !== undefined) return 'con 0';
  if (typed.aux !== undefined) return 'aux 0';
  if (typed.first !== undefined)
    return (typed.last ?? typed.first) < typed.first ? undefined : range('vty ', typed.first, typed.last);
  if (typed.tty !== undefined) return range('tty ', typed.tty, typed.lastTty);
  // `1`, and `0/0/0` of a card with ports.
  if (typed.number === undefined || !/^\d{1,4}(?:\/\d{1,2}){0,2}$/.test(typed.number)) return undefined;
  return range('', typed.number, typed.lastNumber);
}

function linesNamed(lines: Lines, key: string): TerminalLine[] {
  if (key === 'con 0') return [lines.console];
  const [, first, last] = /^vty (\d+)(?: (\d+))?$/.exec(key) ?? [];
  if (first !== undefined) return lines.vty.slice(Number(first), Number(last ?? first) + 1);
  const other = lines.others.get(key);
  return other === undefined ? [] : [other];
}

/** The blocks of running-config: those with something to say, and the vty lines as ranges of equals. */
function blocks({ console, vty, others }: Lines): string[] {
  const keys = isEmpty(console) ? [] : ['con 0'];
  keys.push(...others.keys());
  const shown = vty.length > FIRST_VTYS || vty.some((each) => !isEmpty(each));
  for (let first = 0; shown && first < vty.length; ) {
    let last = first;
    while (last + 1 < vty.length && last !== FIRST_VTYS - 1 && same(vty[first]!, vty[last + 1]!)) last++;
    keys.push(last === first ? `vty ${first}` : `vty ${first} ${last}`);
    first = last + 1;
  }
  return keys;
}

function same(a: TerminalLine, b: TerminalLine): boolean {
  return canonical(a) === canonical(b);
}

function isEmpty(line: TerminalLine): boolean {
  return canonical(line) === '[]';
}

function canonical(line: TerminalLine): string {
  const fields = Object.entries(line).filter(([, value]) => value !== undefined);
  return JSON.stringify(fields.sort(), (_, value) => (value instanceof Map ? [...value].sort() : value));
}

function clear(line: TerminalLine): void {
  for (const field of Object.keys(line) as (keyof TerminalLine)[]) delete line[field];
}

function CONSOLE() {
  return word('con', 'Primary terminal line', 'cons', 'conso', 'consol', 'console');
}

const FIRST_VTYS = 5;
