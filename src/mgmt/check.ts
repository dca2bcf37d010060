// `vpdn check FILE`: what `run` would say of a configuration, without running it. Exit 0 if it would start.

import { readFileSync } from 'node:fs';
import { checkConfiguration, checkModel, formatCheck, wouldStart } from '../cli/check-report.ts';
import { OperatorError } from './operator-error.ts';

export interface CheckOptions {
  readonly json: boolean;
  /** Every line of the file, the honoured ones too. */
  readonly all: boolean;
}

export async function check(path: string, { json, all }: CheckOptions): Promise<number> {
  let octets: Uint8Array;
  try {
    octets = readFileSync(path);
  } catch (error) {
    throw new OperatorError(`cannot read the configuration: ${(error as Error).message}`);
  }
  const report = checkConfiguration(path, octets);
  if (json) process.stdout.write(`${JSON.stringify(checkModel(report), undefined, 2)}\n`);
  else for (const line of formatCheck(report, all)) process.stdout.write(`${line}\n`);
  return wouldStart(report) ? 0 : 1;
}
