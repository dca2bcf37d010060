// `show l2tp class` (C146): each l2tp-class, who uses it, and its lines. Secrets are left out, since an operator without the
// privilege to see the configuration can ask for it.

import type { Configuration } from '../../vpdn/configuration.ts';
import { emptyL2tpClass } from '../../vpdn/configuration-vpdn.ts';
import { DEFAULT_L2TP_CLASS } from '../../vpdn/defaults.ts';
import type { RouterView } from '../../vpdn/view.ts';
import { printable } from '../../wire/values.ts';
import { redactedConfiguration } from '../redacted-configuration.ts';
import { formatRunningConfig } from '../running-config.ts';

export function* showL2tpClass({ configuration }: RouterView): Generator<string> {
  const lines = formatRunningConfig(redactedConfiguration(configuration));
  const { l2tpClasses } = configuration;
  const known = l2tpClasses.has(DEFAULT_L2TP_CLASS)
    ? [...l2tpClasses.values()]
    : [emptyL2tpClass(DEFAULT_L2TP_CLASS), ...l2tpClasses.values()];
  for (const [index, { name }] of known.entries()) {
    if (index > 0) yield '';
    yield `class [${printable(name)}]`;
    yield '  is a statically configured class';
    const users = l2tpClassUsers(configuration, name);
    yield users.length === 0
      ? '  Not used by any VPDN group'
      : `  Used by pseudowire-class ${users.map(printable).join(', ')}`;
    yield '  configuration:';
    yield `    l2tp-class ${printable(name)}`;
    for (const line of linesUnder(lines, `l2tp-class ${name}`)) yield `    ${line}`;
    yield '    !';
  }
}

/** The pseudowire classes that name it, or name none and so take the default. */
export function l2tpClassUsers({ pseudowireClasses }: Configuration, name: string): string[] {
  return [...pseudowireClasses.values()]
    .filter(({ l2tpClass }) => (l2tpClass ?? DEFAULT_L2TP_CLASS) === name)
    .map((user) => user.name);
}

function* linesUnder(lines: readonly string[], opening: string): Generator<string> {
  const at = lines.indexOf(opening);
  if (at < 0) return;
  for (const line of lines.slice(at + 1)) {
    if (!line.startsWith(' ')) return;
    yield line;
  }
}
