// Standard access lists, numbered and named: who may log in, by `access-class` of a line.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { AccessList, AccessListEntry } from '../../vpdn/configuration-system.ts';
import { formatIpv4, readIpv4 } from '../../wire/ip.ts';
import {
  address,
  choice,
  flag,
  line,
  nameAfterWords,
  number,
  oneOf,
  optional,
  sequence,
  word,
  words,
} from '../syntax.ts';
import { type Command, definer, entered, type Mode } from '../tree.ts';
import { modeLines } from './mode-lines.ts';
import { exitCommand } from './setting.ts';

const ACTION = oneOf('action', { deny: 'Specify packets to reject', permit: 'Specify packets to forward' });
const SOURCE = sequence(
  choice(
    flag('any', 'Any source host'),
    sequence(word('host', 'A single host address'), address('host', 'Host address')),
    sequence(address('network', 'Address to match'), optional(address('wildcard', 'Wildcard bits'))),
  ),
  optional(flag('log', 'Log matches against this entry')),
);
const REMARK = sequence(word('remark', 'Access list entry comment'), line('remark', 'Comment up to 100 characters'));

interface TypedSource {
  readonly action?: 'permit' | 'deny';
  readonly any?: true;
  readonly host?: string;
  readonly network?: string;
  readonly wildcard?: string;
  readonly log?: true;
}

const ABOUT = 'Behind the last line stands `deny any`; a list that is not there lets everybody in.';

export const ACCESS_LIST = definer<Configuration>()({
  path: [
    word('access-list', 'Add an access list entry'),
    choice(
      number('list', 1, 99, 'IP standard access list'),
      number('list', 1300, 1999, 'IP standard access list (expanded range)'),
    ),
    choice(sequence(ACTION, SOURCE), REMARK),
  ],
  keep: 2,
  set: ({ configuration }, typed) => {
    const list = listOf(configuration, String(typed.list));
    if (typed.remark === undefined) append(list, undefined, typed);
    else list.lines.push({ sequence: nextSequence(list), remark: typed.remark });
  },
  unset: ({ configuration }, { list }) => {
    configuration.accessLists.delete(String(list));
  },
  lines: ({ subject }) => {
    const lists = [...subject.accessLists.values()].filter(({ name }) => isNumber(name));
    lists.sort((a, b) => Number(a.name) - Number(b.name));
    return lists.flatMap(({ name, lines }) => {
      return lines.map(
        (each) => `access-list ${name} ${'remark' in each ? `remark ${each.remark}` : formatEntry(each)}`,
      );
    });
  },
  about: ABOUT,
});

const define = definer<AccessList>();
const SEQUENCE = optional(number('sequence', 1, 2147483647, 'Sequence Number'));

const ENTRIES: Command<AccessList>[] = [
  define({
    path: [SEQUENCE, ACTION, SOURCE],
    keep: 3,
    set: ({ subject }, typed) => append(subject, typed.sequence, typed),
    unset: ({ subject }, typed) => {
      const entry = entryOf(typed);
      subject.lines = subject.lines.filter((each) => {
        return 'remark' in each || (typed.sequence !== each.sequence && formatEntry(each) !== formatEntry(entry));
      });
    },
    lines: ({ subject: { lines } }) => {
      return lines.map((each) => `${each.sequence} ${'remark' in each ? `remark ${each.remark}` : formatEntry(each)}`);
    },
  }),
  define({
    path: [SEQUENCE, REMARK],
    keep: 2,
    set: ({ subject }, { sequence, remark }) =>
      insert(subject, { sequence: sequence ?? nextSequence(subject), remark }),
    unset: ({ subject }, { remark }) => {
      subject.lines = subject.lines.filter((each) => !('remark' in each) || each.remark !== remark);
    },
  }),
  define({
    path: [number('sequence', 1, 2147483647, 'Sequence Number')],
    keep: 1,
    set: () => ({ outcome: 'refused', message: '% Incomplete command.' }),
    unset: ({ subject }, { sequence }) => {
      subject.lines = subject.lines.filter((each) => each.sequence !== sequence);
    },
  }),
];

export const STANDARD_ACCESS_LIST_MODE: Mode<AccessList> = {
  name: 'access-list-standard',
  prompt: 'config-std-nacl',
  heading: 'Standard Access List configuration commands:',
  find: (configuration, key) => configuration.accessLists.get(key),
  commands: [exitCommand('access-list configuration'), ...ENTRIES],
};

export const NAMED_ACCESS_LIST = definer<Configuration>()({
  path: [
    words('ip access-list standard', 'Standard Access List'),
    nameAfterWords('list', 'Standard IP access-list number or name'),
  ],
  keep: 2,
  set: ({ configuration }, { list }) => {
    listOf(configuration, list);
    return entered(STANDARD_ACCESS_LIST_MODE, list, `ip access-list standard ${list}`);
  },
  unset: ({ configuration }, { list }) => {
    configuration.accessLists.delete(list!);
  },
  lines: (scope) => {
    const lists = [...scope.subject.accessLists.values()].filter(({ name }) => !isNumber(name));
    return lists.flatMap((list) => {
      const head = `ip access-list standard ${list.name}`;
      return [head, ...modeLines(STANDARD_ACCESS_LIST_MODE, list, scope, head), '!'];
    });
  },
  about: ABOUT,
});

function listOf(configuration: Configuration, name: string): AccessList {
  const known = configuration.accessLists.get(name);
  if (known !== undefined) return known;
  const list: AccessList = { name, lines: [] };
  configuration.accessLists.set(name, list);
  return list;
}

function append(list: AccessList, sequence: number | undefined, typed: TypedSource): void {
  insert(list, { ...entryOf(typed), sequence: sequence ?? nextSequence(list) });
}

/** By number; a new line takes the place of the one with its number. */
function insert(list: AccessList, line: AccessList['lines'][number]): void {
  if ((list.lines.at(-1)?.sequence ?? 0) < line.sequence) {
    list.lines.push(line);
    return;
  }
  list.lines = [...list.lines.filter(({ sequence }) => sequence !== line.sequence), line];
  list.lines.sort((a, b) => a.sequence - b.sequence);
}

function nextSequence({ lines }: AccessList): number {
  return (lines.at(-1)?.sequence ?? 0) + 10;
}

function entryOf({ action = 'permit', any, host, network, wildcard, log }: TypedSource): AccessListEntry {
  const entry = { sequence: 0, action, log: log === true };
  if (any === true) return { ...entry, address: '0.0.0.0', wildcard: ANY };
  const bits = wildcard ?? '0.0.0.0';
  // Bits that do not matter are shown as zeros.
  const kept = (readIpv4(host ?? network ?? '0.0.0.0')! & ~readIpv4(host === undefined ? bits : '0.0.0.0')!) >>> 0;
  return { ...entry, address: formatIpv4(kept), wildcard: host === undefined ? bits : '0.0.0.0' };
}

function formatEntry({ action, address: of, wildcard, log }: AccessListEntry): string {
  const source = wildcard === ANY ? 'any' : wildcard === '0.0.0.0' ? of : `${of} ${wildcard}`;
  return `${action} ${source}${log ? ' log' : ''}`;
}

function isNumber(name: string): boolean {
  return /^\d+$/.test(name);
}

const ANY = '255.255.255.255';
