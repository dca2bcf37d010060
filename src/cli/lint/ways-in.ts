// Vty lines that are to let somebody in by SSH and will not.

import type { Configuration } from '../../vpdn/configuration.ts';
import { asksForName, namesSsh } from '../../vpdn/terminal-line.ts';
import { type Findings, named } from './finding.ts';

export function checkWaysIn({ lines, users, ssh, accessLists }: Configuration, findings: Findings): void {
  const open = lines.vty.flatMap((line, index) => (namesSsh(line) ? [{ line, index }] : []));
  const nameless = open.filter(({ line }) => !asksForName(line));
  if (nameless.length > 0) {
    const sentence = `${namedLines(nameless)}: SSH is named, but \`login local\` is not, so none is served`;
    findings.add('CFG-181', sentence, 'add `login local` under the lines');
  }
  const served = open.filter(({ line }) => asksForName(line));
  const someone = [...users].some(
    ([name, { secret, password }]) => (secret ?? password ?? ssh.publicKeys.get(name)) !== undefined,
  );
  if (served.length > 0 && !someone) {
    const sentence = 'SSH is served, and no `username` has a secret or a public key: nobody can log in';
    findings.add('CFG-182', sentence, 'add `username NAME secret …`');
  }
  for (const list of new Set(served.map(({ line }) => line.accessClassIn))) {
    if (list === undefined || (accessLists.get(list)?.lines.length ?? 0) > 0) continue;
    const guarded = served.filter(({ line }) => line.accessClassIn === list);
    const sentence = `${namedLines(guarded)}: access list ${list} of \`access-class\` is not there or empty, so nobody gets in`;
    findings.add('CFG-183', sentence, `configure access list ${list}, or take \`access-class\` away`);
  }
}

/** As they would be typed: `line vty 0 4`. */
function namedLines(lines: readonly { readonly index: number }[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const { index } of lines) {
    const range = ranges.at(-1);
    if (range?.[1] === index - 1) range[1] = index;
    else ranges.push([index, index]);
  }
  return named(ranges.map(([first, last]) => `line vty ${first}${last === first ? '' : ` ${last}`}`));
}
