// Inert lines of AAA whose arguments are checked one by one, so that what is kept is what IOS would have kept.

import type { Command } from '../../tree.ts';
import { type InertCommand, inertCommand } from '../inert.ts';
import { NO_RADIUS } from './reasons.ts';

type Typed = Pick<InertCommand, 'text' | 'help' | 'tail'> & Partial<InertCommand>;

/** Every argument is captured as `said`, and printed again in the order typed. */
export function typed<S>(row: Typed): Command<S> {
  // Whatever is captured more than once comes as a list, in the order typed.
  const say: InertCommand['say'] = ({ said }) => {
    return said === undefined ? undefined : Array.isArray(said) ? said.join(' ') : String(said);
  };
  const many = repeated(row.tail);
  return inertCommand<S>({ standing: NO_RADIUS, several: true, printsNo: true, ...row, tail: many, say });
}

/** One turn of a `repeat` collects every word of the arguments under one name. */
export function repeated(tail: InertCommand['tail']): InertCommand['tail'] {
  return tail.length === 0 ? [] : [{ kind: 'sequence', parts: tail.map(collecting) }];
}

function collecting<N extends InertCommand['tail'][number]>(node: N): N {
  if (node.kind === 'word' || node.kind === 'argument') return { ...node, many: true };
  if ('parts' in node) return { ...node, parts: node.parts.map(collecting) };
  return { ...node, part: collecting(node.part) };
}
