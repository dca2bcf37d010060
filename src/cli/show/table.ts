// Rows of fixed columns. Two laws keep screen readers and scripts in step: no cell is wider than what is left of it on
// purpose, and no cell taken from a peer can hold a blank or be empty, so a row always has the same number of words.

import { printable } from '../../wire/values.ts';

/** Places the cells at the columns that `widths` give. One that overruns pushes the next by a blank, and only that far. */
export function tableRow(widths: readonly number[], cells: readonly string[]): string {
  let line = '';
  let column = 0;
  for (const [index, cell] of cells.entries()) {
    if (index > 0) line = line.length < column ? line.padEnd(column) : `${line} `;
    line += cell;
    column += widths[index] ?? 0;
  }
  return line.trimEnd();
}

/** A name that a peer or a user chose, as one word of at most `width` characters. */
export function nameCell(name: string, width: number): string {
  const word = printable(name).replace(/\s/gu, escapeBlank);
  return word === '' ? '-' : cut(word, width);
}

/** Cut by whole characters, so that no half of a surrogate pair is left. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : [...text].slice(0, width).join('');
}

function escapeBlank(blank: string): string {
  return `\\u{${blank.codePointAt(0)!.toString(16)}}`;
}
