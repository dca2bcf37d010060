// Reads one line against the definitions of a mode. Every definition still possible is one path; each token thins them out.
// What is left says what the line means, where it went wrong, or what could come next.

import type { Argument, Node, Terminal, Word } from './syntax.ts';

export interface Token {
  readonly text: string;
  readonly column: number;
}

/** A definition as far as the line has come in it. */
export interface Path<Owner> {
  readonly owner: Owner;
  readonly rest: Rest;
  readonly captures: Captures;
}

export type Match<Owner> =
  | {
      readonly result: 'match';
      readonly owner: Owner;
      readonly captured: Readonly<Record<string, unknown>>;
      /** Where the part begins that may be anything; absent where every word was checked. */
      readonly freeFrom?: number;
    }
  | {
      readonly result: 'ambiguous' | 'incomplete' | 'invalid';
      readonly column: number;
      /** Of an invalid line: where the word stands that was needed and is wrong; absent where the line could have ended before. */
      readonly wrongAt?: number;
    };

/** What may stand at one place of a line. */
export interface Expected<Owner> {
  readonly edges: readonly Edge<Owner>[];
  /** The line may end here. */
  readonly end: boolean;
}

export interface Edge<Owner> {
  readonly terminal: Terminal;
  readonly next: Path<Owner>;
}

export function start<Owner>(owner: Owner, syntax: Node): Path<Owner> {
  return { owner, rest: { node: syntax, next: undefined }, captures: undefined };
}

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const found of text.matchAll(/[^ \t]+/g)) tokens.push({ text: found[0], column: found.index });
  return tokens;
}

export function expect<Owner>(paths: readonly Path<Owner>[]): Expected<Owner> {
  const edges: Edge<Owner>[] = [];
  let end = false;
  for (const path of paths) if (expand(path, path.rest, edges)) end = true;
  return { edges, end };
}

export function match<Owner>(first: Expected<Owner>, text: string): Match<Owner> {
  let expected = first;
  let paths: readonly Path<Owner>[] = [];
  let freeFrom: number | undefined;
  // As long as a line is only words, others have come the same way before.
  let trodden = true;
  for (const token of tokenize(text)) {
    const known = trodden ? (WAYS.get(expected)?.get(token.text) as Way<Owner> | undefined) : undefined;
    if (known !== undefined) {
      ({ paths, expected } = known);
      continue;
    }
    const step = take(expected, token, text);
    if ('failed' in step) {
      const failure = { result: step.failed, column: token.column + step.goodFor };
      return expected.end ? failure : { ...failure, wrongAt: token.column };
    }
    paths = step.paths;
    if (step.wholeLine) {
      freeFrom = token.column;
      break;
    }
    const next = expect(paths);
    trodden = trodden && step.words;
    if (trodden) remember(expected, token.text, { paths, expected: next });
    expected = next;
  }
  const done = paths.find((path) => expect([path]).end);
  if (done === undefined) return { result: 'incomplete', column: text.length };
  const found = { result: 'match', owner: done.owner, captured: record(done.captures) } as const;
  return freeFrom === undefined ? found : { ...found, freeFrom };
}

/** What may follow the whole tokens of `text`; undefined when they do not fit. */
export function follow<Owner>(first: Expected<Owner>, text: string): Expected<Owner> | undefined {
  let expected = first;
  for (const token of tokenize(text)) {
    const step = take(expected, token, text);
    if ('failed' in step) return undefined;
    expected = step.wholeLine ? { edges: [], end: true } : expect(step.paths);
  }
  return expected;
}

/** The keywords among `edges` that begin with `text`, each once. */
export function wordsWith<Owner>(edges: readonly Edge<Owner>[], text: string): Word[] {
  const wanted = text.toLowerCase();
  const found = new Map<string, Word>();
  for (const { terminal } of edges) {
    if (terminal.kind !== 'word' || !terminal.word.toLowerCase().startsWith(wanted)) continue;
    const seen = found.get(terminal.word);
    if (seen === undefined) found.set(terminal.word, terminal);
    else found.set(terminal.word, { ...seen, help: seen.help || terminal.help, full: seen.full && terminal.full });
  }
  return [...found.values()];
}

/** Where a word leads from one place of a mode: a configuration asks that for thousands of lines alike. */
interface Way<Owner> {
  readonly paths: readonly Path<Owner>[];
  readonly expected: Expected<Owner>;
}

const WAYS = new WeakMap<object, Map<string, Way<unknown>>>();
/** Spellings kept for one place; more than its words and their short forms is somebody playing. */
const MOST_WAYS = 2000;

function remember<Owner>(from: Expected<Owner>, text: string, way: Way<Owner>): void {
  const ways = WAYS.get(from) ?? new Map<string, Way<unknown>>();
  WAYS.set(from, ways);
  if (ways.size < MOST_WAYS) ways.set(text, way);
}

/** What one token leaves of the paths. */
type Step<Owner> =
  | { readonly paths: readonly Path<Owner>[]; readonly wholeLine: boolean; readonly words: boolean }
  | { readonly failed: 'ambiguous' | 'invalid'; readonly goodFor: number };

function take<Owner>({ edges }: Expected<Owner>, token: Token, text: string): Step<Owner> {
  const wanted = token.text.toLowerCase();
  const exact = edges.filter(({ terminal }) => {
    return terminal.kind === 'word' && (terminal.word.toLowerCase() === wanted || terminal.alias.includes(wanted));
  });
  if (exact.length > 0) return { paths: exact.map((edge) => capture(edge, undefined)), wholeLine: false, words: true };
  const args = argumentsFor(edges, token, text);
  // A pool called `d` is not the word `default` cut short: running-config could not say it any more.
  const own = args.filter(({ terminal }) => terminal.ownName);
  if (own.length > 0) return { paths: own.map(({ path }) => path), wholeLine: false, words: false };
  const prefixed = wordsWith(edges, wanted).filter(({ full }) => !full);
  if (prefixed.length > 1) return { failed: 'ambiguous', goodFor: token.text.length };
  if (prefixed.length === 1) {
    const same = edges.filter(({ terminal }) => terminal.kind === 'word' && terminal.word === prefixed[0]!.word);
    return { paths: same.map((edge) => capture(edge, undefined)), wholeLine: false, words: true };
  }
  if (args.length === 0) return { failed: 'invalid', goodFor: goodFor(edges, token.text) };
  const wholeLine = args.some(({ terminal }) => terminal.wholeLine);
  return { paths: args.map(({ path }) => path), wholeLine, words: false };
}

function argumentsFor<Owner>(edges: readonly Edge<Owner>[], token: Token, text: string) {
  const found: { terminal: Argument; path: Path<Owner> }[] = [];
  for (const edge of edges) {
    const { terminal } = edge;
    if (terminal.kind !== 'argument') continue;
    const reading = terminal.read(terminal.wholeLine ? text.slice(token.column).trimEnd() : token.text);
    if ('value' in reading) found.push({ terminal, path: capture(edge, reading.value) });
  }
  return found;
}

/** How many characters of `text` could still begin something: the caret goes under the next one. */
function goodFor<Owner>(edges: readonly Edge<Owner>[], text: string): number {
  let most = 0;
  for (const { terminal } of edges) {
    if (terminal.kind === 'word') {
      most = Math.max(most, commonStart(terminal.word.toLowerCase(), text.toLowerCase()));
    } else {
      const reading = terminal.read(text);
      if ('goodFor' in reading) most = Math.max(most, reading.goodFor);
    }
  }
  return most;
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

/** What is still to come, as a list that paths share: a step costs no copying. */
interface RestOf {
  readonly node: Node;
  readonly next: Rest;
}
type Rest = RestOf | undefined;

interface CaptureOf {
  readonly name: string;
  readonly value: unknown;
  readonly many: boolean;
  readonly earlier: Captures;
}
type Captures = CaptureOf | undefined;

function capture<Owner>({ terminal, next }: Edge<Owner>, value: unknown): Path<Owner> {
  const many = terminal.many;
  if (terminal.kind === 'argument') {
    return { ...next, captures: { name: terminal.name, value, many, earlier: next.captures } };
  }
  if (terminal.capture === undefined) return next;
  return { ...next, captures: { ...terminal.capture, many, earlier: next.captures } };
}

function record(captures: Captures): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  // The newest comes first in the list.
  for (let each = captures; each !== undefined; each = each.earlier) {
    if (each.many) result[each.name] = [each.value, ...((result[each.name] as unknown[] | undefined) ?? [])];
    else result[each.name] ??= each.value;
  }
  return result;
}

/** Adds every terminal that can come first in `rest` to `edges`; true if `rest` can also be empty. */
function expand<Owner>(path: Path<Owner>, rest: Rest, edges: Edge<Owner>[]): boolean {
  if (rest === undefined) return true;
  const { node, next } = rest;
  switch (node.kind) {
    case 'word':
    case 'argument':
      edges.push({ terminal: node, next: { ...path, rest: next } });
      return false;
    case 'sequence':
      return expand(path, prepend(node.parts, next), edges);
    case 'choice': {
      let end = false;
      for (const part of node.parts) if (expand(path, { node: part, next }, edges)) end = true;
      return end;
    }
    case 'any-order': {
      for (const part of node.parts) {
        const others: Node = { kind: 'any-order', parts: node.parts.filter((each) => each !== part) };
        expand(path, { node: part, next: { node: others, next } }, edges);
      }
      return expand(path, next, edges);
    }
    case 'optional':
      expand(path, { node: node.part, next }, edges);
      return expand(path, next, edges);
    case 'repeat': {
      // Unrolled one turn at a time, as far as the line has tokens.
      const again: Node = { kind: 'optional', part: node };
      return expand(path, { node: node.part, next: { node: again, next } }, edges);
    }
    case 'cuttable': {
      // Whatever is still to come after the first terminal can be left out as well.
      const inner: Edge<Owner>[] = [];
      expand(path, { node: node.part, next: undefined }, inner);
      for (const edge of inner) {
        const left: Rest = edge.next.rest;
        const tail = left === undefined ? next : { node: { kind: 'cuttable', part: whole(left) } as Node, next };
        edges.push({ terminal: edge.terminal, next: { ...edge.next, rest: tail } });
      }
      return expand(path, next, edges);
    }
  }
}

function prepend(parts: readonly Node[], next: Rest): Rest {
  return parts.reduceRight<Rest>((rest, node) => ({ node, next: rest }), next);
}

function whole(rest: RestOf): Node {
  const parts: Node[] = [];
  for (let each: Rest = rest; each !== undefined; each = each.next) parts.push(each.node);
  return { kind: 'sequence', parts };
}
