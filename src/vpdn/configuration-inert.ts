// Lines taken for the sake of pasted configurations, with no effect here: each at its place, under the command it belongs to.
// Nothing is ever searched for among them, so that a file of a hundred thousand such lines loads as fast as a short one.

import type { Standing } from './standing.ts';

export interface InertLine {
  /** The path of mode lines it stands under, outermost first; empty for a global line. */
  readonly under: readonly string[];
  /** In canonical form; a banner or a certificate has several lines. */
  text: string;
  readonly standing: Exclude<Standing, { class: 'honoured' }>;
}

/** What stands at one place: in global mode, or in one block. Plain data, as all of the model. */
export interface InertLines {
  /** By the words their command begins with, then by their text, in the order typed. */
  readonly rows: Map<string, Map<string, InertLine>>;
  /** By the line that opens the block. */
  readonly blocks: Map<string, InertLines>;
}

export function emptyInert(): InertLines {
  return { rows: new Map(), blocks: new Map() };
}

export function inertAt(inert: InertLines, under: readonly string[]): InertLines | undefined {
  let place: InertLines | undefined = inert;
  for (const opened of under) place = place?.blocks.get(opened);
  return place;
}

/** A line that is there already stays where it is. */
export function keepInert(inert: InertLines, row: string, line: InertLine): void {
  let place = inert;
  for (const opened of line.under) place = below(place, opened);
  const same = place.rows.get(row);
  if (same === undefined) place.rows.set(row, new Map([[line.text, line]]));
  else same.set(line.text, line);
}

/** Everything in a block goes with the block. */
export function dropInertBlock(inert: InertLines, under: readonly string[], opened: string): void {
  inertAt(inert, under)?.blocks.delete(opened);
}

export function* everyInert({ rows, blocks }: InertLines): Generator<InertLine> {
  for (const lines of rows.values()) yield* lines.values();
  for (const block of blocks.values()) yield* everyInert(block);
}

function below(place: InertLines, opened: string): InertLines {
  const there = place.blocks.get(opened);
  if (there !== undefined) return there;
  const made = emptyInert();
  place.blocks.set(opened, made);
  return made;
}

/** Every line in other words: `service password-encryption` does that to those with secrets. */
export function rewriteInert({ rows, blocks }: InertLines, rewrite: (line: InertLine) => string): void {
  for (const [row, lines] of rows) {
    const rewritten = [...lines.values()].map((line) => ({ ...line, text: rewrite(line) }));
    if (rewritten.some(({ text }) => !lines.has(text)))
      rows.set(row, new Map(rewritten.map((line) => [line.text, line])));
  }
  for (const block of blocks.values()) rewriteInert(block, rewrite);
}
