// Configurations as a whole: looked at, compared, written, copied, replaced and taken back (C003, C028, C156, C161).

import type { Millis } from '../../../wire/machine.ts';
import {
  anyOrder,
  choice,
  flag,
  interfaceName,
  name,
  nameAfterWords,
  number,
  oneOf,
  optional,
  sequence,
  word,
  words,
} from '../../syntax.ts';
import { ALL_INTERFACES, asking, define, type ExecDefinition, PRIVILEGED, type Question, shown } from './definition.ts';

/** How much of running-config: IOS's `brief` leaves out certificates, of which there are none. */
export type RunningConfigForm = 'all' | 'brief' | 'full' | 'linenum';

export type ConfigurationCommand =
  | { readonly exec: 'configure-terminal'; readonly revertAfter?: Millis }
  | { readonly exec: 'show-running-config'; readonly interfaceName?: string; readonly form?: RunningConfigForm }
  | { readonly exec: 'show-startup-config' }
  | { readonly exec: 'show-derived-config'; readonly interfaceName: string; readonly heading: boolean }
  | { readonly exec: 'show-configuration-impact'; readonly file: string }
  | { readonly exec: 'show-archive' }
  | { readonly exec: 'show-archive-differences'; readonly file?: string; readonly other?: string }
  | { readonly exec: 'show-archive-timer' }
  | { readonly exec: 'write-memory' }
  /** `running-config` as `to` merges. */
  | { readonly exec: 'copy-configuration'; readonly from: string; readonly to: string }
  | {
      readonly exec: 'configure-replace';
      readonly file: string;
      readonly list: boolean;
      /** `force`, or the question was answered with yes. */
      readonly agreed: boolean;
      readonly revertAfter?: Millis;
    }
  | { readonly exec: 'configure-confirm' }
  | { readonly exec: 'configure-revert'; readonly after: Millis | 'now' }
  | { readonly exec: 'erase-startup-config' };

const REVERT_DELAY = choice(
  number('minutes', 1, 120, 'Time in minutes'),
  sequence(word('seconds', 'Time in seconds (ext)'), number('seconds', 1, 7200, 'Time in seconds')),
);

function delay({ minutes, seconds }: { readonly minutes?: number; readonly seconds?: number }): Millis | undefined {
  if (seconds !== undefined) return seconds * 1000;
  return minutes === undefined ? undefined : minutes * 60_000;
}

const FILE = 'a file, startup-config, or archive:N for a revision';
const A_FILE = `File name: ${FILE}`;

const COPY_SOURCE = choice(
  oneOf('from', {
    'running-config': 'Copy from current system configuration',
    'startup-config': 'Copy from startup configuration',
  }),
  nameAfterWords('fromFile', `Copy from ${FILE}`),
);
const COPY_DESTINATION = choice(
  oneOf('to', {
    'running-config': 'Update (merge with) current system configuration',
    'startup-config': 'Copy to startup configuration',
  }),
  nameAfterWords('toFile', 'Copy to a file'),
);

const CONFIGURE: readonly ExecDefinition<ConfigurationCommand>[] = [
  define(
    [
      words('configure terminal', 'Configure from the terminal'),
      optional(
        sequence(
          word('revert', 'Parameters for reverting the configuration'),
          word('timer', 'Time after which the configuration is reverted, unless it is confirmed'),
          REVERT_DELAY,
        ),
      ),
    ],
    (captured) => {
      const revertAfter = delay(captured);
      return { exec: 'configure-terminal', ...(revertAfter !== undefined && { revertAfter }) };
    },
    PRIVILEGED,
    'C003',
  ),
  define(
    [words('configure memory', 'Configure from NV memory')],
    () => ({ exec: 'copy-configuration', from: 'startup-config', to: 'running-config' }),
    PRIVILEGED,
    'C003',
  ),
  {
    ...define(
      [
        words('configure replace', 'Replace the running-config with a new config file'),
        name('file', A_FILE),
        anyOrder(
          flag('list', 'List the lines that are added and removed'),
          flag('force', 'Do not prompt for confirmation'),
          word('nolock', 'Do not take the configuration lock'),
          sequence(
            word('revert', 'Parameters for reverting the configuration'),
            optional(
              sequence(
                word('trigger', 'Trigger for reverting the configuration'),
                optional(word('error', 'Revert upon an error')),
              ),
            ),
            word('timer', 'Time after which the configuration is reverted, unless it is confirmed'),
            REVERT_DELAY,
          ),
          sequence(word('time', 'Time for which to wait for confirmation'), REVERT_DELAY),
        ),
      ],
      ({ file, list, force, ...captured }, [answer]): ConfigurationCommand => {
        const revertAfter = delay(captured);
        return {
          exec: 'configure-replace',
          file,
          list: list === true,
          agreed: force === true || answer === 'yes',
          ...(revertAfter !== undefined && { revertAfter }),
        };
      },
      PRIVILEGED,
      'C028',
    ),
    asks: ({ force }) => (force === true ? [] : [REPLACE_QUESTION]),
  },
  define(
    [words('configure confirm', 'Confirm replacement of running-config with a new config file')],
    () => ({ exec: 'configure-confirm' }),
    PRIVILEGED,
    'C028',
  ),
  define(
    [
      words('configure revert', 'Parameters for reverting the configuration'),
      choice(
        flag('now', 'Revert immediately and cancel the timer'),
        sequence(word('timer', 'Reset the time after which the configuration is reverted'), REVERT_DELAY),
      ),
    ],
    (captured) => ({ exec: 'configure-revert', after: delay(captured) ?? 'now' }),
    PRIVILEGED,
    'C028',
  ),
];

/** 12.4's own words. */
const REPLACE_QUESTION: Question = {
  prompt: [
    'This will apply all necessary additions and deletions',
    'to replace the current running configuration with the',
    'contents of the specified configuration file, which is',
    'assumed to be a complete configuration, not a partial',
    'configuration. Enter Y if you are sure you want to proceed. ? [no]: ',
  ].join('\n'),
  kind: 'yes-no',
  default: 'no',
};

const SHOW: readonly ExecDefinition<ConfigurationCommand>[] = [
  shown(
    'running-config',
    'Current operating configuration',
    [
      optional(
        choice(
          sequence(word('interface', 'Show interface configuration'), interfaceName('of', ALL_INTERFACES)),
          oneOf('form', {
            all: 'Configuration with defaults',
            brief: 'Configuration without certificate data',
            full: 'Full configuration',
            linenum: 'Display line numbers in output',
          }),
        ),
      ),
    ],
    ({ of, form }) => ({
      exec: 'show-running-config',
      ...(of !== undefined && { interfaceName: of }),
      ...(form !== undefined && { form }),
    }),
    PRIVILEGED,
    'C161',
  ),
  ...(['startup-config', 'configuration'] as const).map((what) => {
    const build = (): ConfigurationCommand => ({ exec: 'show-startup-config' });
    return shown(what, 'Contents of startup configuration', [], build, PRIVILEGED, 'C161');
  }),
  shown(
    'configuration impact',
    'What a configuration would do to the sessions that live (ext)',
    [name('file', A_FILE)],
    ({ file }) => ({ exec: 'show-configuration-impact', file }),
    PRIVILEGED,
    'C161',
  ),
  shown(
    'derived-config',
    'Derived operating configuration',
    [word('interface', 'Derived configuration of an interface'), interfaceName('of', ALL_INTERFACES)],
    ({ of }) => ({ exec: 'show-derived-config', interfaceName: of, heading: false }),
    PRIVILEGED,
    'C156',
  ),
  shown(
    'interfaces',
    'Interface status and configuration',
    [interfaceName('of', ['Virtual-Access']), word('configuration', 'Its derived configuration')],
    ({ of }) => ({ exec: 'show-derived-config', interfaceName: of, heading: true }),
    PRIVILEGED,
    'C156',
  ),
  shown('archive', 'Archive of the running configuration', [], () => ({ exec: 'show-archive' }), PRIVILEGED, 'C028'),
  shown(
    'archive',
    'Archive of the running configuration',
    [
      word('config', 'Configurations'),
      word('differences', 'Differences between two configurations'),
      optional(sequence(name('file', A_FILE), optional(name('other', A_FILE)))),
    ],
    ({ file, other }) => ({
      exec: 'show-archive-differences',
      ...(file !== undefined && { file }),
      ...(other !== undefined && { other }),
    }),
    PRIVILEGED,
    'C028',
  ),
  shown(
    'archive',
    'Archive of the running configuration',
    [
      word('config', 'Configurations'),
      word('rollback', 'Configurations to go back to'),
      word('timer', 'The change that waits to be confirmed'),
    ],
    () => ({ exec: 'show-archive-timer' }),
    PRIVILEGED,
    'C028',
  ),
];

const CONFIRM_ERASE: Question = {
  prompt: 'Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]',
  kind: 'confirm',
};

const KEEP: readonly ExecDefinition<ConfigurationCommand>[] = [
  define(
    [
      word('write', 'Write running configuration to memory, network, or terminal'),
      optional(word('memory', 'Write to NV memory')),
    ],
    () => ({ exec: 'write-memory' }),
    PRIVILEGED,
    'C028',
  ),
  define([words('write terminal', 'Write to terminal')], () => ({ exec: 'show-running-config' }), PRIVILEGED, 'C028'),
  {
    ...define(
      [word('copy', 'Copy from one file to another'), COPY_SOURCE, COPY_DESTINATION],
      ({ from, fromFile, to, toFile }, [answer = '']): ConfigurationCommand => {
        return { exec: 'copy-configuration', from: from ?? fromFile ?? '', to: answer || (to ?? toFile ?? '') };
      },
      PRIVILEGED,
      'C028',
    ),
    asks: ({ to, toFile }) => {
      const file = String(to ?? toFile ?? '');
      return [{ prompt: `Destination filename [${file}]? `, kind: 'text', default: file }];
    },
  },
  ...[
    [word('erase', 'Erase a filesystem'), word('startup-config', 'Erase contents of configuration memory')] as const,
    [words('write erase', 'Erase NV memory')] as const,
  ].map((path) => {
    const build = (): ConfigurationCommand => ({ exec: 'erase-startup-config' });
    return asking(define(path, build, PRIVILEGED, 'C028'), CONFIRM_ERASE);
  }),
];

export const CONFIGURATION: readonly ExecDefinition<ConfigurationCommand>[] = [...SHOW, ...CONFIGURE, ...KEEP];
