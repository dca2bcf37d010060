// The command reference, generated from the definitions: a page a mode, an entry a command.

import { ACCEPT_DIALIN_MODE } from './grammar/accept-dialin.ts';
import { EXEC } from './grammar/exec.ts';
import { GLOBAL_MODE } from './grammar/global.ts';
import { INTERFACE_MODE } from './grammar/interface.ts';
import { L2TP_CLASS_MODE } from './grammar/l2tp-class.ts';
import { PSEUDOWIRE_CLASS_MODE } from './grammar/pseudowire-class.ts';
import { VPDN_GROUP_MODE } from './grammar/vpdn-group.ts';
import type { Argument, Node, Word } from './syntax.ts';
import type { Mode } from './tree.ts';

export interface ReferencePage {
  /** `l2tp-class`: what a file of it would be called. */
  readonly name: string;
  readonly markdown: string;
}

/** EXEC first, then the configuration modes from the outermost in. */
export function referencePages(): ReferencePage[] {
  const modes = [
    GLOBAL_MODE,
    VPDN_GROUP_MODE,
    ACCEPT_DIALIN_MODE,
    L2TP_CLASS_MODE,
    PSEUDOWIRE_CLASS_MODE,
    INTERFACE_MODE,
  ] as readonly Mode<unknown>[];
  const exec = EXEC.map(({ syntax }) => entry(syntax, undefined, ''));
  return [
    { name: 'exec', markdown: page('Exec commands:', 'HOST#', exec) },
    ...modes.map(({ name, heading, prompt, commands }): ReferencePage => {
      const entries = commands.map(({ syntax, negative, unset, about }) => {
        return entry(syntax, unset === undefined ? undefined : negative, about);
      });
      return { name, markdown: page(heading, `HOST(${prompt})#`, entries) };
    }),
  ];
}

interface Entry {
  /** Its syntax, to sort by. */
  readonly syntax: string;
  readonly markdown: string;
}

function page(heading: string, prompt: string, entries: readonly Entry[]): string {
  const sorted = [...entries].sort((a, b) => (a.syntax < b.syntax ? -1 : a.syntax > b.syntax ? 1 : 0));
  const title = heading.replace(/:$/, '');
  return [`# ${title}`, '', `Prompt \`${prompt}\`.`, '', ...sorted.map(({ markdown }) => markdown)].join('\n');
}

function entry(node: Node, negative: Node | undefined, about: string): Entry {
  const syntax = formatSyntax(node);
  const forms = negative === undefined ? [syntax] : [syntax, `no ${formatSyntax(negative)}`];
  const rows = describe(node).map(([token, help]) => `| \`${token}\` | ${help} |`);
  const table = rows.length === 0 ? [] : ['', '| word | meaning |', '| --- | --- |', ...rows];
  const said = about === '' ? [] : ['', about];
  return { syntax, markdown: [`## ${headOf(node)}`, '', '```', ...forms, '```', ...said, ...table, ''].join('\n') };
}

/** As manuals print it: `{a | b}` one of them, `[a]` may be left out. */
export function formatSyntax(node: Node): string {
  switch (node.kind) {
    case 'word':
      return node.word;
    case 'argument':
      return node.placeholder;
    case 'sequence':
      return node.parts
        .map(formatSyntax)
        .filter((text) => text !== '')
        .join(' ');
    case 'choice': {
      if (isInterface(node)) return 'INTERFACE';
      const ways = [...new Set(node.parts.map(formatSyntax))].filter((text) => text !== '');
      return ways.length === 1 ? ways[0]! : `{${ways.join(' | ')}}`;
    }
    case 'any-order':
      return node.parts.map((part) => `[${formatSyntax(part)}]`).join(' ');
    case 'optional':
    case 'cuttable': {
      const only = node.part.kind === 'sequence' && node.part.parts.length === 1 ? node.part.parts[0]! : node.part;
      const inner = formatSyntax(only);
      if (only.kind === 'optional') return inner;
      if (inner === '') return '';
      return inner.startsWith('{') && only.kind === 'choice' ? `[${inner.slice(1, -1)}]` : `[${inner}]`;
    }
    case 'repeat':
      return `${formatSyntax(node.part)} …`;
  }
}

/** The words a command begins with. */
function headOf(node: Node): string {
  const words: string[] = [];
  const walk = (each: Node): boolean => {
    if (each.kind === 'word') words.push(each.word);
    return each.kind === 'word' || (each.kind === 'sequence' && each.parts.every(walk));
  };
  walk(node);
  return words.join(' ');
}

function describe(syntax: Node): [string, string][] {
  const rows = new Map<string, string>();
  const walk = (node: Node): void => {
    if (node.kind === 'word' || node.kind === 'argument') {
      const token = tokenOf(node);
      if (token !== '' && node.help !== '') rows.set(token, node.help.replaceAll('|', '\\|'));
    } else if (isInterface(node)) rows.set('INTERFACE', 'An interface: type and number, joined or apart');
    else if ('parts' in node) node.parts.forEach(walk);
    else walk(node.part);
  };
  walk(syntax);
  return [...rows];
}

function tokenOf(node: Word | Argument): string {
  return node.kind === 'word' ? node.word : node.placeholder;
}

/** Type and number joined have no placeholder: only an interface is said in that way as well. */
function isInterface(node: Node): boolean {
  if (node.kind !== 'choice') return false;
  const first = node.parts[0];
  return first?.kind === 'argument' && first.placeholder === '';
}
