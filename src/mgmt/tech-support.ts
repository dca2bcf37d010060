// `show tech-support` (C168): one long text for somebody else to read, with every secret taken out. Sections come one by one, so
// that a server with many sessions streams them.

import type { ExecCommand } from '../cli/exec-command.ts';
import { parseExec } from '../cli/parse-exec.ts';
import { redactedConfiguration } from '../cli/redacted-configuration.ts';
import { formatRunningConfig, withHeader } from '../cli/running-config.ts';
import { redactLine } from '../cli/secret-line.ts';
import { ConfigError } from '../wire/errors.ts';
import { showLines } from './show.ts';
import type { ShowSources } from './show-sources.ts';

export function* techSupport(sources: ShowSources): Generator<string> {
  yield* section('show version', sources);
  yield* heading('show running-config');
  const configuration = redactedConfiguration(sources.view().configuration);
  for (const line of withHeader(formatRunningConfig(configuration))) yield redactLine(line);
  for (const text of SECTIONS) yield* section(text, sources);
}

function* section(text: string, sources: ShowSources): Generator<string> {
  yield* heading(text);
  const parsed = parseExec(text);
  if (parsed === undefined || parsed instanceof ConfigError) return;
  const command: ExecCommand = parsed.command;
  for (const line of showLines(command, sources) ?? []) yield line;
}

function* heading(text: string): Generator<string> {
  yield '';
  yield `------------------ ${text} ------------------`;
  yield '';
}

/** After the configuration; the log last, because it is the longest. */
const SECTIONS: readonly string[] = [
  'show clock',
  'show interfaces',
  'show ip interface brief',
  'show ip interface',
  'show ip route',
  'show ip local pool',
  'show vtemplate',
  'show vpdn',
  'show vpdn tunnel all',
  'show vpdn session all',
  'show vpdn history failure',
  'show ppp all',
  'show ppp statistics',
  'show caller summary',
  'show users',
  'show debugging',
  'show arp',
  'show udp',
  'show tcp brief',
  'show processes',
  'show memory',
  'show logging',
];
