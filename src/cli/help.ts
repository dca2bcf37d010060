// `?` and Tab: what may stand at a place of a line, from the same definitions that read the line.

import { type Edge, type Expected, follow, match, tokenize, wordsWith } from './match.ts';

/** What `?` prints after `text`. `chain` is the current mode's beginnings, then those of the modes around it. */
export function helpLines<Owner>(chain: readonly Expected<Owner>[], text: string, heading: string): string[] {
  const { before, partial } = split(text);
  // Behind a blank: all that may come. Behind letters: what they may become.
  if (partial === '') {
    const expected = following(chain, before);
    if (expected === undefined) return [problem(chain, before)];
    const rows = listed(expected);
    return before.trim() === '' ? [heading, ...rows] : rows;
  }
  for (const first of chain) {
    const expected = follow(first, before);
    if (expected === undefined) continue;
    const words = wordsWith(expected.edges, partial).map(({ word }) => word);
    if (words.length > 0) return inColumns(words.sort(byLetters));
    const rows = argumentRows(expected.edges.filter((edge) => reads(edge, partial)));
    if (rows.length > 0) return layout(rows);
  }
  return [following(chain, before) === undefined ? problem(chain, before) : '% Unrecognized command'];
}

/**
 * What could have stood where the caret of an error points: the words that begin as the one there does up to the caret,
 * or all that may follow what stands before it. Empty where that would be a page and no hint.
 */
export function expectedAt<Owner>(chain: readonly Expected<Owner>[], text: string, column: number): string[] {
  const token = tokenize(text).find((each) => column >= each.column && column < each.column + each.text.length);
  const before = text.slice(0, token?.column ?? text.length);
  const begun = token === undefined ? '' : text.slice(token.column, column);
  const tokens = new Set<string>();
  for (const first of chain) {
    const expected = follow(first, token === undefined ? `${before} ` : before);
    if (expected === undefined) continue;
    if (begun === '') for (const [placeholder] of argumentRows(expected.edges)) tokens.add(placeholder);
    for (const { word } of wordsWith(expected.edges, begun)) tokens.add(word);
    if (begun === '' && expected.end) tokens.add('<cr>');
  }
  return tokens.size > MAX_EXPECTED ? [] : [...tokens].sort(byLetters);
}

/** The text with its last word completed and a blank behind it; undefined when that cannot be done. */
export function complete<Owner>(chain: readonly Expected<Owner>[], text: string): string | undefined {
  const { before, partial } = split(text);
  if (partial === '') return undefined;
  for (const first of chain) {
    const expected = follow(first, before);
    if (expected === undefined) continue;
    const all = wordsWith(expected.edges, partial);
    const exact = all.find(({ word }) => word.toLowerCase() === partial.toLowerCase());
    // `show` is whole although nothing says that no longer word begins so.
    if (exact !== undefined) return `${before}${exact.word} `;
    if (all.length === 1) return `${before}${all[0]!.word} `;
    if (all.length > 1) return undefined;
  }
  return undefined;
}

/** One token a line, padded to the longest, then its help; `<cr>` last. */
function listed<Owner>({ edges, end }: Expected<Owner>): string[] {
  const words = wordsWith(edges, '').map(({ word, help }): Row => [word, help]);
  words.sort(([a], [b]) => byLetters(a, b));
  const rows = [...argumentRows(edges), ...words];
  return layout(end ? [...rows, ['<cr>', '']] : rows);
}

type Row = readonly [token: string, help: string];

function following<Owner>(chain: readonly Expected<Owner>[], before: string): Expected<Owner> | undefined {
  for (const first of chain) {
    const expected = follow(first, before);
    if (expected !== undefined) return expected;
  }
  return undefined;
}

/** Why nothing can follow `before`. */
function problem<Owner>(chain: readonly Expected<Owner>[], before: string): string {
  const found = match(chain[0]!, before);
  return found.result === 'ambiguous' ? `% Ambiguous command:  "${before.trim()} "` : '% Unrecognized command';
}

/** Placeholders come before words, as upper case and brackets do in ASCII. */
function argumentRows<Owner>(edges: readonly Edge<Owner>[]): Row[] {
  const rows = new Map<string, string>();
  for (const { terminal } of edges) {
    if (terminal.kind !== 'argument' || terminal.placeholder === '') continue;
    if (!rows.has(terminal.placeholder)) rows.set(terminal.placeholder, terminal.help);
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
}

function reads<Owner>({ terminal }: Edge<Owner>, text: string): boolean {
  return terminal.kind === 'argument' && 'value' in terminal.read(text);
}

function layout(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([token]) => token.length));
  return rows.map(([token, help]) => `  ${token.padEnd(width)}  ${help}`.trimEnd());
}

function inColumns(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 2 + word.length < SCREEN) lines[lines.length - 1] = `${last}  ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** What stands before the word being typed, and the word; a blank at the end means that a new one begins. */
function split(text: string): { readonly before: string; readonly partial: string } {
  const last = tokenize(text).at(-1);
  if (last === undefined || /[ \t]$/.test(text)) return { before: text, partial: '' };
  return { before: text.slice(0, last.column), partial: last.text };
}

function byLetters(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

const SCREEN = 80;
const MAX_EXPECTED = 12;

/** What `help` says. */
export const HELP_TEXT: readonly string[] = [
  'Help may be requested at any point in a command by entering a question mark.',
  'If nothing matches, the help list is empty: back up until a question mark shows the available options.',
  'Two styles of help are provided:',
  '1. "show ?" lists each possible argument of a command, with what it means.',
  '2. "show vp?" lists the words that complete an abbreviated argument.',
];
