// What a line typed at an EXEC prompt means: the union of commands that a front end carries out. Each kind stands beside its grammar.
// Those of a session and of its terminal the shell answers itself.

import type { ClearingCommand } from './grammar/exec/clear.ts';
import type { ConfigurationCommand } from './grammar/exec/configuration.ts';
import type { CryptoKeyCommand } from './grammar/exec/crypto-key.ts';
import type { DebugCommand } from './grammar/exec/debug.ts';
import type { Question } from './grammar/exec/definition.ts';
import type { FileCommand } from './grammar/exec/files.ts';
import type { PingingCommand } from './grammar/exec/ping.ts';
import type { ReloadCommand } from './grammar/exec/reload.ts';
import type { SessionCommand } from './grammar/exec/session.ts';
import type { ShowCallersCommand } from './grammar/exec/show-callers.ts';
import type { ShowInterfacesCommand } from './grammar/exec/show-interfaces.ts';
import type { ShowSystemCommand } from './grammar/exec/show-system.ts';
import type { ShowVpdnCommand } from './grammar/exec/show-vpdn.ts';
import type { ShowVpdnMoreCommand } from './grammar/exec/show-vpdn-more.ts';
import type { SshCommand } from './grammar/exec/ssh.ts';
import type { TerminalCommand } from './grammar/exec/terminal.ts';

export type ExecCommand =
  | ShowVpdnCommand
  | ShowVpdnMoreCommand
  | ShowInterfacesCommand
  | ShowCallersCommand
  | ShowSystemCommand
  | ConfigurationCommand
  | ClearingCommand
  | DebugCommand
  | PingingCommand
  | SshCommand
  | TerminalCommand
  | CryptoKeyCommand
  | ReloadCommand
  | FileCommand
  | SessionCommand;

/** What comes after `|`. `json` asks for the model behind the text, `file` puts it there; both are the front end's to do. */
export type OutputFilter =
  | { readonly kind: 'include' | 'exclude' | 'begin' | 'count'; readonly pattern: string }
  | { readonly kind: 'section'; readonly pattern: string; readonly exclude: boolean }
  | OutputFile
  | { readonly kind: 'json' };

/** `redirect`, `append` and `tee`. */
export interface OutputFile {
  readonly kind: 'file';
  readonly name: string;
  /** Behind what the file holds. */
  readonly append: boolean;
  /** It is shown as well. */
  readonly shown: boolean;
}

export interface ParsedExec {
  /** With the defaults for answers, where it asks. */
  readonly command: ExecCommand;
  readonly filter?: OutputFilter;
  /** What a terminal asks first. */
  readonly dialogue?: {
    readonly questions: readonly Question[];
    readonly answered: (answers: readonly string[]) => ExecCommand;
  };
}
