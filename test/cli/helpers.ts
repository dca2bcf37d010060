// What the tests of this room share: load a text that must be right, type a line, and print a configuration as one text.

import assert from 'node:assert/strict';
import { applyLine, GLOBAL_MODES } from '../../src/cli/configure.ts';
import { formatReport, loadConfiguration } from '../../src/cli/load.ts';
import { formatRunningConfig } from '../../src/cli/running-config.ts';
import { type Configuration, emptyConfiguration } from '../../src/vpdn/configuration.ts';
import { ConfigError } from '../../src/wire/errors.ts';

export function loaded(text: string): Configuration {
  const { configuration, errors } = loadConfiguration(text);
  assert.equal(errors.flatMap(formatReport).join('\n'), '');
  return configuration;
}

export function errorsOf(text: string): string[] {
  return loadConfiguration(text).errors.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

export function messagesOf(text: string): string[] {
  return loadConfiguration(text).errors.map(({ message }) => message);
}

export function warningsOf(text: string): string[] {
  return loadConfiguration(text).warnings.map(({ message }) => message);
}

/** What a line typed below `interface NAME` comes to, with `others` typed behind it. */
export function standingOf(name: string, line: string, ...others: readonly string[]): { class: string; why?: string } {
  const configuration = emptyConfiguration();
  let modes = GLOBAL_MODES;
  let standing: (() => { class: string; why?: string }) | undefined;
  for (const text of [`interface ${name}`, line, ...others]) {
    const applied = applyLine(configuration, modes, text);
    assert.ok(!(applied instanceof ConfigError), `${text}: ${applied instanceof ConfigError ? applied.message : ''}`);
    modes = applied.modes;
    if (text === line) standing = applied.standing;
  }
  return standing!();
}

/** The lines of running-config that the empty configuration does not have. */
export function printed(configuration: Configuration): string[] {
  return formatRunningConfig(configuration).filter((line) => line !== '!' && !ALWAYS.has(line));
}

const ALWAYS = new Set([
  'version 12.4',
  'service timestamps debug datetime msec',
  'service timestamps log datetime msec',
  'no service password-encryption',
  'hostname Router',
  'end',
]);
