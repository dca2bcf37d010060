// `vpdn check FILE`: what `run` would say of a configuration, without running it. Exit 0 if it would start.

import { readFileSync } from 'node:fs';
import { type Finding, lint } from '../cli/lint.ts';
import { formatReport, loadConfiguration } from '../cli/load.ts';
import { OperatorError } from './operator-error.ts';

export async function check(path: string, json: boolean): Promise<number> {
  let octets: Uint8Array;
  try {
    octets = readFileSync(path);
  } catch (error) {
    throw new OperatorError(`cannot read the configuration: ${(error as Error).message}`);
  }
  const { configuration, errors, warnings } = loadConfiguration(octets);
  // What a half-read model lacks may only be what could not be read.
  const findings = errors.length === 0 ? lint(configuration) : [];
  if (json) {
    const answer = { schema: 'vpdn.check/1', file: path, errors, warnings, findings };
    process.stdout.write(`${JSON.stringify(answer, undefined, 2)}\n`);
  } else {
    for (const report of [...errors, ...warnings]) process.stdout.write(`${formatReport(report).join('\n')}\n`);
    for (const finding of findings) process.stdout.write(`${formatFinding(finding)}\n`);
    process.stdout.write(
      `${path}: ${count(errors.length, 'error')}, ${count(warnings.length, 'warning')}${summary(findings)}\n`,
    );
  }
  return errors.length === 0 ? 0 : 1;
}

function formatFinding({ severity, code, sentence, remedy }: Finding): string {
  return `${severity} ${code}: ${sentence}\n    ${remedy}\n`;
}

function summary(findings: readonly Finding[]): string {
  const failing = findings.filter(({ severity }) => severity === 'error').length;
  return failing === 0 ? '' : `; it starts, but ${count(failing, 'finding')} will keep calls from coming up`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
