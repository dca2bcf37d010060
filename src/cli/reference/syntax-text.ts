// The syntax of a command as manuals print it, from the parts the parser works with.

import type { Argument, Node, Word } from '../syntax.ts';

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
export function headOf(node: Node): string {
  const words: string[] = [];
  const walk = (each: Node): boolean => {
    if (each.kind === 'word') words.push(each.word);
    return each.kind === 'word' || (each.kind === 'sequence' && each.parts.every(walk));
  };
  walk(node);
  return words.join(' ');
}

export function describe(syntax: Node): [string, string][] {
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
