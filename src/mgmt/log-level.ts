// `--log LEVEL`: a severity by its number or its name.

import type { Severity } from '../vpdn/configuration-system.ts';
import { SEVERITY_NAMES } from '../vpdn/log.ts';
import { OperatorError } from './operator-error.ts';

export function readLevel(text: string | undefined): Severity | undefined {
  if (text === undefined) return undefined;
  const named = (SEVERITY_NAMES as readonly string[]).indexOf(text);
  const level = named >= 0 ? named : /^\d$/.test(text) ? Number(text) : -1;
  if (level < 0 || level > 7) {
    throw new OperatorError(`--log ${text}: a level is 0 to 7, or one of ${SEVERITY_NAMES.join(', ')}`, 2);
  }
  return level as Severity;
}
