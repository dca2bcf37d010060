// What a line typed at an EXEC prompt means: the union of commands that a front end carries out.
// The commands marked "shell" concern the terminal alone; the shell answers them itself.

import type { ClearTarget } from '../vpdn/events.ts';

export type ExecCommand =
  | { readonly exec: 'show-vpdn' }
  | { readonly exec: 'show-vpdn-tunnel'; readonly all: boolean; readonly id?: number }
  | { readonly exec: 'show-vpdn-session'; readonly all: boolean; readonly id?: number; readonly username?: string }
  | { readonly exec: 'show-l2tun' }
  | { readonly exec: 'show-l2tun-tunnel'; readonly all: boolean; readonly id?: number }
  | { readonly exec: 'show-l2tun-session'; readonly all: boolean; readonly vcid?: number; readonly username?: string }
  | { readonly exec: 'show-vpdn-history-failure' }
  /** `name` is canonical: `Virtual-PPP1`. */
  | { readonly exec: 'show-interfaces'; readonly name?: string }
  | { readonly exec: 'show-ip-interface-brief'; readonly name?: string }
  | { readonly exec: 'show-ip-route' }
  | { readonly exec: 'show-ip-local-pool'; readonly name?: string }
  | { readonly exec: 'show-users' }
  | { readonly exec: 'show-running-config'; readonly interfaceName?: string }
  | { readonly exec: 'show-startup-config' }
  | { readonly exec: 'show-version' }
  | { readonly exec: 'show-logging' }
  | { readonly exec: 'show-debugging' }
  | { readonly exec: 'show-clock' }
  | { readonly exec: 'show-history' } // shell
  | { readonly exec: 'show-privilege' } // shell
  /** Why the last call failed, of one interface or user if `name` is given. (ext) */
  | { readonly exec: 'why'; readonly name?: string }
  | { readonly exec: 'clear'; readonly what: ClearTarget }
  | { readonly exec: 'clear-logging' }
  | { readonly exec: 'debug'; readonly topic: DebugTopic; readonly on: boolean }
  | { readonly exec: 'undebug-all' }
  | PingCommand
  | { readonly exec: 'write-memory' }
  | { readonly exec: 'configure-terminal' } // shell
  | { readonly exec: 'enable'; readonly level: number } // shell
  | { readonly exec: 'disable'; readonly level: number } // shell
  | { readonly exec: 'exit' } // shell
  | { readonly exec: 'help' } // shell
  | { readonly exec: 'terminal-length'; readonly lines: number } // shell
  | { readonly exec: 'terminal-width'; readonly columns: number } // shell
  | { readonly exec: 'terminal-history-size'; readonly size: number } // shell
  | { readonly exec: 'terminal-monitor'; readonly on: boolean };

export interface PingCommand {
  readonly exec: 'ping';
  /** An address or a name. */
  readonly host: string;
  readonly repeat: number;
  /** Of the whole IP packet, octets. */
  readonly size: number;
  /** Seconds. */
  readonly timeout: number;
  /** An address, or the canonical name of an interface. */
  readonly source?: string;
  readonly df: boolean;
}

/** What comes after `|`. `json` asks for the model behind the text and is the front end's to do. */
export type OutputFilter =
  | { readonly kind: 'include' | 'exclude' | 'begin' | 'count'; readonly pattern: string }
  | { readonly kind: 'section'; readonly pattern: string; readonly exclude: boolean }
  | { readonly kind: 'json' };

export interface ParsedExec {
  readonly command: ExecCommand;
  readonly filter?: OutputFilter;
}

/** What can be debugged, with the name that "… debugging is on" begins with. */
export const DEBUG_TOPICS = {
  'vpdn event': 'VPDN events',
  'vpdn error': 'VPDN errors',
  'vpdn packet': 'VPDN packet',
  'vpdn l2x-events': 'L2X protocol events',
  'vpdn l2x-errors': 'L2X protocol errors',
  'vpdn l2x-packets': 'L2X control packets',
  'ppp negotiation': 'PPP protocol negotiation',
  'ppp authentication': 'PPP authentication',
} as const;

export type DebugTopic = keyof typeof DEBUG_TOPICS;
