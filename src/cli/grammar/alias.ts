// `alias exec NAME COMMAND`: a word of one's own for a command of the EXEC prompt.

import type { Configuration } from '../../vpdn/configuration.ts';
import { line, name, words } from '../syntax.ts';
import { definer } from '../tree.ts';

export const ALIAS = definer<Configuration>()({
  path: [
    words('alias exec', 'Create command alias'),
    name('alias', 'Alias name'),
    line('command', 'Command name and its beginning arguments'),
  ],
  keep: 2,
  set: ({ subject: { aliases } }, { alias, command }) => {
    aliases.set(alias, command.trim());
  },
  unset: ({ subject: { aliases } }, { alias }) => {
    if (alias === undefined) aliases.clear();
    else aliases.delete(alias);
  },
  lines: ({ subject: { aliases } }) => {
    return [...aliases]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([alias, command]) => `alias exec ${alias} ${command}`);
  },
  about:
    'What follows the alias is appended to its command. There from the start: h, lo, p, s, u, un and w for help, logout, ping, show, undebug and where.',
});
