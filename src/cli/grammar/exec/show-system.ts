// `show` of the router itself: version, clock, log (C161, C162, C167, C168).

import { type ExecDefinition, shown } from './definition.ts';

export type ShowSystemCommand =
  | { readonly exec: 'show-version' }
  | { readonly exec: 'show-logging' }
  | { readonly exec: 'show-debugging' }
  | { readonly exec: 'show-clock' }
  | { readonly exec: 'show-history' }
  | { readonly exec: 'show-privilege' };
/** Why the last call failed, of one interface or user if `name` is given. (ext) */

export const SHOW_SYSTEM: readonly ExecDefinition<ShowSystemCommand>[] = [
  shown('version', 'System hardware and software status', [], () => ({ exec: 'show-version' })),
  shown('clock', 'Display the system clock', [], () => ({ exec: 'show-clock' })),
  shown('history', 'Display the session command history', [], () => ({ exec: 'show-history' })),
  shown('privilege', 'Show current privilege level', [], () => ({ exec: 'show-privilege' })),
  shown('debugging', 'State of each debugging option', [], () => ({ exec: 'show-debugging' })),
  shown('logging', 'Show the contents of logging buffers', [], () => ({ exec: 'show-logging' })),
];
