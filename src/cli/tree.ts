// A command is one definition: its parts, the edit it makes, what `no` undoes, and the running-config line that says it again.
// Parser, abbreviations, `?`, Tab, `no`, `default`, running-config and the reference pages all come from that definition.

import type { Configuration } from '../vpdn/configuration.ts';
import type { InertLine, InertLines } from '../vpdn/configuration-inert.ts';
import { HONOURED, type Standing } from '../vpdn/standing.ts';
import { type Expected, expect, type Path, start } from './match.ts';
import { type Captured, cuttable, type Node, sequence, word } from './syntax.ts';

/** What an edit works on. */
export interface Scope<Subject> {
  /** A draft: the edit changes it in place. */
  readonly configuration: Configuration;
  readonly subject: Subject;
  /** The lines that opened the modes around this one, outermost first. */
  readonly under: readonly string[];
}

/** What running-config lines are made from. */
export interface PrintScope<Subject> extends Scope<Subject> {
  /** The inert lines of this place. */
  readonly inert: InertLines;
}

/** What came of an edit. A refusal leaves the draft as it was. */
export type Outcome =
  | undefined
  | { readonly outcome: 'refused'; readonly message: string }
  | { readonly outcome: 'warned'; readonly message: string }
  | { readonly outcome: 'entered'; readonly mode: OpenMode; readonly warning?: string }
  | { readonly outcome: 'left' | 'ended' }
  /** An EXEC command, for a terminal to run. */
  | { readonly outcome: 'exec'; readonly line: string }
  /** The lines up to the one that holds `delimiter` belong to this command. */
  | PendingText;

export interface PendingText {
  readonly outcome: 'text';
  readonly delimiter: string;
  /** What already stood behind the first delimiter. */
  readonly begun: string;
  /** What its lines look like, where any other means that the end is missing: a certificate. */
  readonly body?: RegExp;
  readonly store: (scope: Scope<unknown>, text: string) => void;
}

export const refused = (message: string): Outcome => ({ outcome: 'refused', message });
export const warned = (message: string): Outcome => ({ outcome: 'warned', message });

/** A mode entered for one subject. */
export interface OpenMode {
  readonly mode: Mode<unknown>;
  /** The name of the subject: of the class, the group, the interface. */
  readonly key: string;
  /** The line that opens it, as running-config prints it. */
  readonly line: string;
}

export function entered<Subject>(mode: Mode<Subject>, key: string, line: string, warning?: string): Outcome {
  const open: OpenMode = { mode: mode as Mode<unknown>, key, line };
  return warning === undefined ? { outcome: 'entered', mode: open } : { outcome: 'entered', mode: open, warning };
}

export interface Mode<Subject> {
  readonly name: string;
  /** In brackets after the host name. */
  readonly prompt: string;
  /** Above the list that `?` prints. */
  readonly heading: string;
  find(configuration: Configuration, key: string): Subject | undefined;
  readonly commands: readonly Command<Subject>[];
}

export interface Command<Subject> {
  readonly syntax: Node;
  /** What may follow `no` and `default`. */
  readonly negative: Node;
  set(scope: Scope<Subject>, captured: Readonly<Record<string, unknown>>): Outcome;
  unset?: (scope: Scope<Subject>, captured: Readonly<Record<string, unknown>>) => Outcome;
  /** `default`, where that is something else than `no`. */
  reset?: (scope: Scope<Subject>, captured: Readonly<Record<string, unknown>>) => Outcome;
  lines?: (scope: PrintScope<Subject>) => readonly string[];
  /** Only for subjects this is true of, given the key of the mode. */
  when?: (key: string) => boolean;
  /** What `no` and `default` come to, where a line that is not supported is no loss when negated. */
  negated?: Standing;
  /** What the line comes to here; it may hang on its arguments, and on what else is said of its subject. */
  readonly standing: (captured: Readonly<Record<string, unknown>>, subject: Subject) => Standing;
  /** The entries of the command catalogue it belongs to. */
  readonly entries: readonly Entry[];
  /** A sentence for the reference page: default, limits, what is special here. */
  readonly about: string;
}

/** A number of the command catalogue (`catalogue.ts`): `C042`. */
export type Entry = `C${number}`;

/** Most edits have nothing to say afterwards. */
type Edit<Subject, C> =
  | ((scope: Scope<Subject>, captured: C) => Outcome)
  | ((scope: Scope<Subject>, captured: C) => void);

interface Definition<Subject, P extends readonly Node[]> {
  readonly path: P;
  /** How many parts of the path `no` needs; without it, the words the path begins with. */
  readonly keep?: number;
  readonly set: Edit<Subject, Captured<P>>;
  readonly unset?: Edit<Subject, Partial<Captured<P>>>;
  readonly reset?: Edit<Subject, Partial<Captured<P>>>;
  readonly lines?: (scope: PrintScope<Subject>) => string | undefined | readonly string[];
  readonly when?: (key: string) => boolean;
  /** Honoured if absent. */
  readonly standing?: Standing | ((captured: Partial<Captured<P>>, subject: Subject) => Standing);
  readonly negated?: Standing;
  readonly entries?: readonly Entry[];
  readonly about?: string;
}

/** The way to write the commands of one kind of subject, with the captures of each path typed. */
export function definer<Subject>() {
  return <const P extends readonly Node[]>(definition: Definition<Subject, P>): Command<Subject> => {
    const { path, lines, when } = definition;
    const keep = definition.keep ?? leadingWords(path);
    const command: Command<Subject> = {
      syntax: sequence(...path),
      negative: sequence(...path.slice(0, keep), cuttable(sequence(...path.slice(keep)))),
      set: erase<Subject, Captured<P>>(definition.set),
      standing: standingOf<Subject, Captured<P>>(definition.standing),
      entries: definition.entries ?? [],
      about: definition.about ?? '',
    };
    if (definition.unset !== undefined) command.unset = erase<Subject, Partial<Captured<P>>>(definition.unset);
    if (definition.reset !== undefined) command.reset = erase<Subject, Partial<Captured<P>>>(definition.reset);
    if (when !== undefined) command.when = when;
    if (definition.negated !== undefined) command.negated = definition.negated;
    if (lines !== undefined) {
      command.lines = (scope) => {
        const printed = lines(scope) ?? [];
        return typeof printed === 'string' ? [printed] : printed;
      };
    }
    return command;
  };
}

export type Polarity = 'set' | 'no' | 'default';

/** Which command a line is, and in which of its forms. */
export interface Owner {
  readonly command: Command<unknown>;
  readonly polarity: Polarity;
}

/** All a line may begin with in `open`. Computed once for each mode and kind of subject. */
export function beginnings(open: OpenMode): Expected<Owner> {
  const known = OPEN.get(open) ?? beginningsOf(open);
  OPEN.set(open, known);
  return known;
}

function beginningsOf({ mode, key }: OpenMode): Expected<Owner> {
  const commands = mode.commands.filter(({ when }) => when === undefined || when(key));
  const kinds = CACHE.get(mode) ?? new Map<string, Expected<Owner>>();
  CACHE.set(mode, kinds);
  const kind = commands.length === mode.commands.length ? '' : commandSet(mode, commands);
  const cached = kinds.get(kind);
  if (cached !== undefined) return cached;
  const paths: Path<Owner>[] = [];
  for (const command of commands) {
    paths.push(start({ command, polarity: 'set' }, command.syntax));
    if (command.unset === undefined) continue;
    paths.push(start({ command, polarity: 'no' }, sequence(NO, command.negative)));
    paths.push(start({ command, polarity: 'default' }, sequence(DEFAULT, command.negative)));
  }
  const first = expect(paths);
  kinds.set(kind, first);
  return first;
}

/** Carries out what a line was found to mean. */
export function perform(owner: Owner, scope: Scope<unknown>, captured: Readonly<Record<string, unknown>>): Outcome {
  const { command, polarity } = owner;
  if (polarity === 'set') return command.set(scope, captured);
  if (polarity === 'default' && command.reset !== undefined) return command.reset(scope, captured);
  return command.unset!(scope, captured);
}

function leadingWords(path: readonly Node[]): number {
  const first = path.findIndex((part) => !isWords(part));
  return first === -1 ? path.length : first;
}

function isWords(part: Node): boolean {
  return part.kind === 'word' || (part.kind === 'sequence' && part.parts.every(isWords));
}

/** The matcher has checked what the type says: from here on a captured record is just a record. */
function erase<Subject, C>(edit: Edit<Subject, C>) {
  return (scope: Scope<Subject>, captured: Readonly<Record<string, unknown>>) => {
    return edit(scope, captured as C) as Outcome;
  };
}

function standingOf<S, C>(standing: Standing | ((captured: Partial<C>, subject: S) => Standing) | undefined) {
  return (captured: Readonly<Record<string, unknown>>, subject: S): Standing => {
    return typeof standing === 'function' ? standing(captured as Partial<C>, subject) : (standing ?? HONOURED);
  };
}

function commandSet(mode: Mode<unknown>, commands: readonly Command<unknown>[]): string {
  const known = new Set(commands);
  return mode.commands.map((command) => (known.has(command) ? '1' : '0')).join('');
}

/** For lines that mean nothing on Linux, or are always so here. */
export const withoutEffect = (why: string): InertLine['standing'] => ({ class: 'without-effect', why });
/** For lines that would change what the router does: `why` says what they would. */
export const notSupported = (why: string): InertLine['standing'] => ({ class: 'not-supported', why });

const NO = word('no', 'Negate a command or set its defaults');
const DEFAULT = word('default', 'Set a command to its defaults');
/** A mode is asked for every line in it, and its kind of subject never changes. */
const OPEN = new WeakMap<OpenMode, Expected<Owner>>();
const CACHE = new WeakMap<Mode<unknown>, Map<string, Expected<Owner>>>();
