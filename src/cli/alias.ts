// Words that stand for commands at the EXEC prompt: those of `alias exec`, and those that IOS has from the start.

/** The line with its first word replaced, once: an alias may begin with its own name. */
export function expandAlias(text: string, aliases: ReadonlyMap<string, string>): string {
  const [, blank = '', first = ''] = /^([ \t]*)([^ \t]+)/.exec(text) ?? [];
  const command = aliases.get(first) ?? BUILT_IN.get(first);
  return command === undefined ? text : command + text.slice(blank.length + first.length);
}

export function* showAliases(aliases: ReadonlyMap<string, string>): Generator<string> {
  yield 'Exec mode aliases:';
  const all = [...new Map([...BUILT_IN, ...aliases])].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [alias, command] of all) yield `  ${alias.padEnd(21)} ${command}`;
}

const BUILT_IN: ReadonlyMap<string, string> = new Map([
  ['h', 'help'],
  ['lo', 'logout'],
  ['p', 'ping'],
  ['s', 'show'],
  ['u', 'undebug'],
  ['un', 'undebug'],
  ['w', 'where'],
]);
