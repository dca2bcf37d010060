// What `vpdn check` says of a configuration: what became of each line, then what the whole will not do. As text and as JSON.

import type { Standing } from '../vpdn/standing.ts';
import type { Finding } from './lint/finding.ts';
import { lint } from './lint.ts';
import { formatReport, type LineReport, type LineStanding, loadConfiguration } from './load.ts';

export interface CheckReport {
  readonly file: string;
  readonly errors: readonly LineReport[];
  readonly warnings: readonly LineReport[];
  readonly lines: readonly LineStanding[];
  readonly findings: readonly Finding[];
}

export function checkConfiguration(file: string, source: string | Uint8Array): CheckReport {
  const { configuration, errors, warnings, lines } = loadConfiguration(source);
  // What a half-read model lacks may only be what could not be read.
  return { file, errors, warnings, lines, findings: errors.length === 0 ? lint(configuration) : [] };
}

/** An error keeps a router from starting; nothing else does. */
export function wouldStart({ errors }: CheckReport): boolean {
  return errors.length === 0;
}

/** For people: what is wrong first, the count last. `all` lists every line of the file instead of those that do nothing. */
export function* formatCheck(report: CheckReport, all: boolean): Generator<string> {
  for (const each of [...report.errors, ...report.warnings]) yield* formatReport(each);
  if (all) yield* everyLine(report.lines);
  else for (const kind of ['not-supported', 'without-effect'] as const) yield* byReason(kind, report.lines);
  for (const finding of report.findings) yield* formatFinding(finding);
  yield summary(report);
}

/** For programs. A change that a reader could notice is a new version. */
export function checkModel(report: CheckReport) {
  const { file, errors, warnings, lines, findings } = report;
  return {
    schema: 'vpdn.check/2',
    file,
    starts: wouldStart(report),
    errors,
    warnings,
    lines: lines.map(({ line, text, standing }) => ({ line, text, ...standing })),
    findings,
  };
}

/** In the order of the file, the reason behind the lines that need one. */
function* everyLine(lines: readonly LineStanding[]): Generator<string> {
  const width = String(lines.at(-1)?.line ?? 0).length;
  for (const { line, text, standing } of lines) {
    const why = 'why' in standing ? `  (${standing.why})` : '';
    yield `${String(line).padStart(width)}  ${WORDS[standing.class].padEnd(15)}${text}${why}`;
  }
  yield '';
}

/** One reason, and below it the lines it holds for: a hundred lines of an access list share one. */
function* byReason(kind: Exclude<Standing['class'], 'honoured'>, lines: readonly LineStanding[]): Generator<string> {
  const reasons = new Map<string, LineStanding[]>();
  for (const each of lines) {
    if (each.standing.class !== kind) continue;
    const { why } = each.standing;
    const same = reasons.get(why);
    if (same === undefined) reasons.set(why, [each]);
    else same.push(each);
  }
  for (const [why, same] of reasons) {
    yield `${WORDS[kind]}: ${why}`;
    for (const { line, text } of same) yield `${String(line).padStart(6)}  ${text}`;
    yield '';
  }
}

function formatFinding({ severity, code, sentence, remedy }: Finding): string[] {
  return [`${severity} ${code}: ${sentence}`, `    ${remedy}`, ''];
}

function summary(report: CheckReport): string {
  const { file, lines, warnings, findings } = report;
  const of = (kind: LineStanding['standing']['class']) => {
    return lines.filter(({ standing }) => standing.class === kind).length;
  };
  const counts = [
    `${of('honoured')} honoured`,
    `${of('without-effect')} without effect here`,
    `${of('not-supported')} not supported`,
    count(report.errors.length, 'error'),
    count(warnings.length, 'warning'),
  ];
  return `${file}: ${count(lines.length, 'line')}: ${counts.join(', ')}; ${verdict(report, findings)}`;
}

function verdict(report: CheckReport, findings: readonly Finding[]): string {
  if (!wouldStart(report)) return 'it would not start';
  const failing = findings.filter(({ severity }) => severity === 'error').length;
  return failing === 0 ? 'it starts' : `it starts, but ${count(failing, 'finding')} will keep calls from coming up`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

const WORDS: Readonly<Record<LineStanding['standing']['class'], string>> = {
  honoured: 'honoured',
  'without-effect': 'no effect here',
  'not-supported': 'not supported',
  error: 'error',
};
