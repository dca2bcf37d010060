// `vpdn check FILE`: what `run` would say of a configuration, without running it. Exit 0 if it would start.

import { checkConfiguration, checkModel, formatCheck, wouldStart } from '../cli/check-report.ts';
import { readNamedFile } from './file-error.ts';

export interface CheckOptions {
  readonly json: boolean;
  /** Every line of the file, the honoured ones too. */
  readonly all: boolean;
}

export async function check(path: string, { json, all }: CheckOptions): Promise<number> {
  const report = checkConfiguration(path, readNamedFile(path, 'the configuration'));
  if (json) process.stdout.write(`${JSON.stringify(checkModel(report), undefined, 2)}\n`);
  else for (const line of formatCheck(report, all)) process.stdout.write(`${line}\n`);
  return wouldStart(report) ? 0 : 1;
}
