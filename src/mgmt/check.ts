// `vpdn check FILE`: what `run` would say of a configuration, without running it. Exit 0 if it would start.

import { readFileSync } from 'node:fs';
import { formatReport, loadConfiguration } from '../cli/load.ts';
import { OperatorError } from './operator-error.ts';

export async function check(path: string, json: boolean): Promise<number> {
  let octets: Uint8Array;
  try {
    octets = readFileSync(path);
  } catch (error) {
    throw new OperatorError(`cannot read the configuration: ${(error as Error).message}`);
  }
  const { errors, warnings } = loadConfiguration(octets);
  if (json) {
    process.stdout.write(`${JSON.stringify({ schema: 'vpdn.check/1', file: path, errors, warnings }, undefined, 2)}\n`);
  } else {
    for (const report of [...errors, ...warnings]) process.stdout.write(`${formatReport(report).join('\n')}\n`);
    process.stdout.write(`${path}: ${count(errors.length, 'error')}, ${count(warnings.length, 'warning')}\n`);
  }
  return errors.length === 0 ? 0 : 1;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
