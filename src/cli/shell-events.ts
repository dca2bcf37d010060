// What goes into a shell and what comes out of it: the contract with whatever carries its terminal (a Unix socket, SSH, a test).

import type { Configuration } from '../vpdn/configuration.ts';
import type { Secret } from '../vpdn/configuration-system.ts';
import type { LogMessage } from '../vpdn/log.ts';
import type { Millis } from '../wire/machine.ts';
import type { ExecCommand, OutputFilter } from './exec-command.ts';

export type ShellInput =
  /** The terminal is there: banners, a login where the line asks for one, and the first prompt are wanted. */
  | { readonly on: 'open' }
  /** What the terminal sends: keys, as octets. */
  | { readonly on: 'octets'; readonly octets: Uint8Array }
  /** The terminal sends nothing more: once all it has typed is done, the session ends. */
  | { readonly on: 'end' }
  | { readonly on: 'size'; readonly columns: number; readonly rows: number }
  /** Whole lines of an `execute`'s output; `done` with the last of them. */
  | { readonly on: 'output'; readonly lines: readonly string[]; readonly done: boolean }
  /** Output that ends no line yet: the `!` of a ping. Neither filtered nor paged. */
  | { readonly on: 'text'; readonly text: string }
  /** A log or debug line: it interrupts what is being typed, but for `logging synchronous`. */
  | { readonly on: 'message'; readonly text: string | readonly string[] }
  /** Answer to `configure`: the line is in force, or why it could not be applied. */
  | { readonly on: 'configured'; readonly error?: string }
  /** Answer to `check-secret`. */
  | { readonly on: 'secret-checked'; readonly matches: boolean };

export type ShellEffect =
  | { readonly do: 'write'; readonly text: string }
  /** Answered by `output`. The shell filters what comes back, but `json` and `file` it leaves to the front end. */
  | { readonly do: 'execute'; readonly command: ExecCommand; readonly filter?: OutputFilter }
  /** Ctrl-C, Ctrl-^ or `q` at --More--: whatever is executing should come to its `done`. */
  | { readonly do: 'interrupt' }
  /** The configuration after `line`, which was typed in the mode with this prompt. Answered by `configured`. */
  | { readonly do: 'configure'; readonly configuration: Configuration; readonly line: string; readonly mode: string }
  /** What is typed from now on is to be taken back after a while, unless it is confirmed. */
  | { readonly do: 'guard'; readonly revertAfter: Millis }
  /** Configuration mode was left: `%SYS-5-CONFIG_I`. */
  | { readonly do: 'configuration-left' }
  /** Is `typed` what the secret stands for? Answered by `secret-checked`; the same time whether there is a secret or not. */
  | { readonly do: 'check-secret'; readonly secret: Secret | undefined; readonly typed: string }
  /** A user has logged in on the terminal itself. */
  | { readonly do: 'logged-in'; readonly user: string }
  | { readonly do: 'log'; readonly message: LogMessage }
  | { readonly do: 'close' };
