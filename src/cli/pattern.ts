// The regular expressions of `| include` and of `/` at --More--: . * + ? ^ $ [ ] ( ) | \ and _, case-sensitive.
// All alternatives are followed at once (Thompson), so a line costs its length times that of the pattern, whatever both are.

export interface Pattern {
  test(text: string): boolean;
}

/** Undefined when `source` is no regular expression. */
export function compilePattern(source: string): Pattern | undefined {
  const parser = new Parser(source);
  const whole = parser.alternatives();
  if (whole === undefined || !parser.atEnd) return undefined;
  const states: State[] = [];
  const accept = add(states, { kind: 'accept' });
  const first = build(whole, accept, states);
  return { test: (text) => run(states, first, text) };
}

/** What the text of a pattern says. */
type Tree =
  | { readonly kind: 'one'; readonly accepts: (character: string) => boolean }
  | { readonly kind: 'at'; readonly place: 'start' | 'end' | 'edge' }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly part: Tree; readonly least: 0 | 1; readonly once: boolean };

/** The same as states that lead to each other: what is run. */
type State =
  | { readonly kind: 'accept' }
  | { readonly kind: 'one'; readonly accepts: (character: string) => boolean; readonly next: number }
  | { readonly kind: 'at'; readonly place: 'start' | 'end' | 'edge'; readonly next: number }
  | { readonly kind: 'split'; readonly ways: number[] };

class Parser {
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get atEnd(): boolean {
    return this.#at === this.#source.length;
  }

  alternatives(): Tree | undefined {
    if (this.#depth > MAX_DEPTH) return undefined;
    const parts: Tree[] = [];
    do {
      const part = this.#sequence();
      if (part === undefined) return undefined;
      parts.push(part);
    } while (this.#skip('|'));
    return parts.length === 1 ? parts[0] : { kind: 'any', parts };
  }

  #sequence(): Tree | undefined {
    const parts: Tree[] = [];
    while (!this.atEnd && this.#peek !== '|' && this.#peek !== ')') {
      const part = this.#repeated();
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return { kind: 'all', parts };
  }

  #repeated(): Tree | undefined {
    let part = this.#atom();
    while (part !== undefined) {
      if (this.#skip('*')) part = { kind: 'repeat', part, least: 0, once: false };
      else if (this.#skip('+')) part = { kind: 'repeat', part, least: 1, once: false };
      else if (this.#skip('?')) part = { kind: 'repeat', part, least: 0, once: true };
      else return part;
    }
    return part;
  }

  #atom(): Tree | undefined {
    const character = this.#source[this.#at++]!;
    switch (character) {
      case '.':
        return { kind: 'one', accepts: () => true };
      case '^':
        return { kind: 'at', place: 'start' };
      case '$':
        return { kind: 'at', place: 'end' };
      case '_':
        return {
          kind: 'any',
          parts: [
            { kind: 'one', accepts: (each) => EDGES.includes(each) },
            { kind: 'at', place: 'edge' },
          ],
        };
      case '[':
        return this.#set();
      case '(': {
        this.#depth++;
        const inner = this.alternatives();
        this.#depth--;
        return inner !== undefined && this.#skip(')') ? inner : undefined;
      }
      case '*':
      case '+':
      case '?':
        return undefined;
      case '\\':
        return this.atEnd ? undefined : literal(this.#source[this.#at++]!);
      default:
        return literal(character);
    }
  }

  #set(): Tree | undefined {
    const negated = this.#skip('^');
    const ranges: [string, string][] = [];
    // A bracket that comes first stands for itself.
    while (ranges.length === 0 || this.#peek !== ']') {
      const low = this.#source[this.#at++];
      if (low === undefined) return undefined;
      let high = low;
      if (this.#peek === '-' && this.#source[this.#at + 1] !== ']' && this.#source[this.#at + 1] !== undefined) {
        high = this.#source[this.#at + 1]!;
        this.#at += 2;
      }
      ranges.push([low, high]);
    }
    this.#at++;
    return { kind: 'one', accepts: (each) => ranges.some(([low, high]) => each >= low && each <= high) !== negated };
  }

  get #peek(): string | undefined {
    return this.#source[this.#at];
  }

  #skip(character: string): boolean {
    if (this.#peek !== character) return false;
    this.#at++;
    return true;
  }
}

function literal(character: string): Tree {
  return { kind: 'one', accepts: (each) => each === character };
}

function add(states: State[], state: State): number {
  states.push(state);
  return states.length - 1;
}

/** The state that begins `tree` and goes on to `next`. */
function build(tree: Tree, next: number, states: State[]): number {
  switch (tree.kind) {
    case 'one':
      return add(states, { kind: 'one', accepts: tree.accepts, next });
    case 'at':
      return add(states, { kind: 'at', place: tree.place, next });
    case 'all':
      return tree.parts.reduceRight((after, part) => build(part, after, states), next);
    case 'any':
      return add(states, { kind: 'split', ways: tree.parts.map((part) => build(part, next, states)) });
    case 'repeat': {
      if (tree.once) return add(states, { kind: 'split', ways: [build(tree.part, next, states), next] });
      const ways: number[] = [next];
      const loop = add(states, { kind: 'split', ways });
      const body = build(tree.part, loop, states);
      ways.push(body);
      return tree.least === 0 ? loop : body;
    }
  }
}

function run(states: readonly State[], first: number, text: string): boolean {
  let current = new Set<number>();
  for (let at = 0; at <= text.length; at++) {
    // A match may begin anywhere.
    if (reach(states, first, current, at, text.length)) return true;
    if (at === text.length) return false;
    const next = new Set<number>();
    for (const index of current) {
      const state = states[index]!;
      if (state.kind !== 'one' || !state.accepts(text[at]!)) continue;
      if (reach(states, state.next, next, at + 1, text.length)) return true;
    }
    current = next;
  }
  return false;
}

/** Adds what can be reached from `from` without a character; true if that is the end of the pattern. */
function reach(states: readonly State[], from: number, into: Set<number>, at: number, length: number): boolean {
  const waiting = [from];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (into.has(index)) continue;
    into.add(index);
    const state = states[index]!;
    if (state.kind === 'accept') return true;
    if (state.kind === 'split') waiting.push(...state.ways);
    else if (state.kind === 'at' && holds(state.place, at, length)) waiting.push(state.next);
  }
  return false;
}

function holds(place: 'start' | 'end' | 'edge', at: number, length: number): boolean {
  if (place === 'start') return at === 0;
  return place === 'end' ? at === length : at === 0 || at === length;
}

/** What `_` stands for besides the ends of the line. */
const EDGES = ' \t,{}()';
/** Of brackets: the parser calls itself for each. */
const MAX_DEPTH = 20;
