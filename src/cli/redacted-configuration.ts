// A configuration without its secrets, for eyes that are not the operator's: `show tech-support` (C168).

import type { Configuration } from '../vpdn/configuration.ts';
import type { InertLine } from '../vpdn/configuration-inert.ts';
import { REMOVED, redactLine } from './secret-line.ts';

/** A copy; every secret in it reads `<removed>`, whatever its type was. */
export function redactedConfiguration(configuration: Configuration): Configuration {
  const copy = structuredClone(configuration);
  redact(copy);
  return copy;
}

/** Found by its shape and not by its place, so that a secret added to the model tomorrow is not forgotten here. */
function redact(value: unknown): void {
  if (value instanceof Map) {
    for (const each of value.values()) redact(each);
  } else if (Array.isArray(value)) {
    for (const each of value) redact(each);
  } else if (typeof value === 'object' && value !== null) {
    if (isSecret(value)) value.text = REMOVED;
    else if (isInert(value)) value.text = redactLine(value.text, value.under);
    else for (const each of Object.values(value)) redact(each);
  }
}

function isInert(value: object): value is InertLine {
  return 'under' in value && 'text' in value;
}

function isSecret(value: object): value is { type: number; text: string } {
  return 'type' in value && 'text' in value && typeof value.type === 'number' && typeof value.text === 'string';
}
