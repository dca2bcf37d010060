// What a network engineer does in the first five minutes at a terminal, and what the screen shows after each step. The same for
// every way in: the expected lines are those at the bottom of the screen.

import assert from 'node:assert/strict';
import type { Terminal } from '../support/terminal.ts';

/** The router of the story is the guide's server, with this line more. */
export const ENABLE_SECRET = 'an-enable-secret';

/** Begins at a privileged prompt, `peer2#`, and ends at one. */
export async function playStory(terminal: Terminal): Promise<void> {
  await abbreviations(terminal);
  await help(terminal);
  await errors(terminal);
  await paging(terminal);
  await editing(terminal);
  await configuration(terminal);
  await privileges(terminal);
}

async function abbreviations(terminal: Terminal): Promise<void> {
  terminal.line('terminal length 0');
  await terminal.shows('peer2#terminal length 0', 'peer2#');
  terminal.line('sh ver | inc uptime');
  await terminal.shows('peer2#sh ver | inc uptime', 'peer2 uptime is 0 minutes', 'peer2#');
  terminal.line('sh run | s vpdn-group');
  await terminal.shows(
    'peer2#sh run | s vpdn-group',
    'vpdn-group l2tpgroup1',
    ' accept-dialin',
    '  protocol l2tp',
    '  virtual-template 1',
    ' terminate-from hostname peer1',
    ' l2tp tunnel password 0 tunn3l',
    'peer2#',
  );
  terminal.line('sh run | count interface');
  await terminal.matches(/Number of lines which match regexp = \d+\npeer2#$/);
}

async function help(terminal: Terminal): Promise<void> {
  terminal.type('show vpdn his');
  terminal.press('Tab');
  await terminal.shows('peer2#show vpdn his', 'peer2#show vpdn history');
  terminal.type('?');
  await terminal.shows('peer2#show vpdn history ?', '  failure  VPDN failures', '', 'peer2#show vpdn history');
  terminal.press('C-u');
  terminal.type('sh?');
  await terminal.shows('peer2#sh?', 'show', '', 'peer2#sh');
  terminal.press('C-c');
  await terminal.shows('peer2#sh', 'peer2#');
  terminal.type('terminal m?');
  await terminal.shows('peer2#terminal m?', 'monitor', '', 'peer2#terminal m');
  terminal.press('C-u', 'Enter');
  await terminal.matches(/peer2#\npeer2#$/);
}

async function errors(terminal: Terminal): Promise<void> {
  terminal.line('show zebras');
  await terminal.shows('peer2#show zebras', '           ^', "% Invalid input detected at '^' marker.", '', 'peer2#');
  terminal.line('terminal length 513');
  await terminal.shows(
    'peer2#terminal length 513',
    '                      ^',
    "% Invalid input detected at '^' marker.",
    '',
    'peer2#',
  );
  terminal.line('sh i');
  await terminal.shows('peer2#sh i', '% Ambiguous command:  "sh i"', '', 'peer2#');
  terminal.line('terminal length');
  await terminal.shows('peer2#terminal length', '% Incomplete command.', '', 'peer2#');
  terminal.line('show');
  await terminal.shows('peer2#show', '% Type "show ?" for a list of subcommands', '', 'peer2#');
}

async function paging(terminal: Terminal): Promise<void> {
  terminal.line('terminal length 10');
  await terminal.shows('peer2#terminal length 10', 'peer2#');
  terminal.line('show running-config');
  await terminal.shows(' --More--');
  const first = terminal.screen;
  terminal.press('Enter');
  await terminal.changes(first);
  await terminal.shows(' --More--');
  // One line more, where the prompt was.
  const second = terminal.screen;
  assert.equal(second.at(-3), first.at(-2));
  terminal.press('Space');
  await terminal.changes(second);
  await terminal.shows(' --More--');
  terminal.type('q');
  await terminal.shows('peer2#');
  terminal.line('terminal length 0');
  await terminal.shows('peer2#terminal length 0', 'peer2#');
}

async function editing(terminal: Terminal): Promise<void> {
  terminal.line('show clock');
  await terminal.matches(/peer2#show clock\n\*?\d\d:\d\d:\d\d\.\d{3} .*\npeer2#$/);
  terminal.press('Up');
  await terminal.matches(/peer2#show clock$/);
  terminal.press('C-w');
  terminal.type('privilege');
  terminal.press('C-a');
  assert.deepEqual(await at(terminal), 'peer2#'.length);
  terminal.press('C-e', 'Enter');
  await terminal.shows('peer2#show privilege', 'Current privilege level is 15', 'peer2#');
  terminal.press('Up', 'Up');
  await terminal.matches(/peer2#show clock$/);
  terminal.press('C-u');
  terminal.type('show privxx');
  terminal.press('BSpace', 'BSpace', 'Left', 'Left', 'Left', 'Left');
  terminal.press('C-r');
  await terminal.shows('peer2#show priv', 'peer2#show priv');
  terminal.press('C-e', 'Enter');
  await terminal.shows('peer2#show priv', 'Current privilege level is 15', 'peer2#');
}

async function configuration(terminal: Terminal): Promise<void> {
  terminal.line('conf t');
  await terminal.shows(
    'peer2#conf t',
    'Enter configuration commands, one per line.  End with CNTL/Z.',
    'peer2(config)#',
  );
  terminal.line('l2tp-class spare');
  await terminal.shows('peer2(config-l2tp-class)#');
  terminal.line('hello 1001');
  await terminal.shows(
    'peer2(config-l2tp-class)#hello 1001',
    '                               ^',
    "% Invalid input detected at '^' marker.",
    '',
    'peer2(config-l2tp-class)#',
  );
  // A line of another mode leaves this one.
  terminal.line('interface virtual-template 9');
  await terminal.shows('peer2(config-if)#');
  terminal.line('do show run | i hello|Template9');
  await terminal.shows(
    'peer2(config-if)#do show run | i hello|Template9',
    'interface Virtual-Template9',
    'peer2(config-if)#',
  );
  terminal.line('hostname renamed');
  await terminal.shows('renamed(config)#');
  terminal.line('hostname peer2');
  await terminal.shows('peer2(config)#');
  terminal.line('no interface virtual-template 9');
  terminal.line('no l2tp-class spare');
  await terminal.shows(
    'peer2(config)#no interface virtual-template 9',
    'peer2(config)#no l2tp-class spare',
    'peer2(config)#',
  );
  terminal.press('C-z');
  // On the console a message tells of it, behind the prompt, as IOS prints it without `logging synchronous`.
  await terminal.matches(/peer2#(?:\n\*.*%SYS-5-CONFIG_I: .*)?$/);
  terminal.press('Enter');
  await terminal.matches(/peer2#$/);
  terminal.line('! nothing');
  await terminal.shows('peer2#! nothing', 'peer2#');
}

async function privileges(terminal: Terminal): Promise<void> {
  terminal.line('disable');
  await terminal.shows('peer2#disable', 'peer2>');
  terminal.line('show running-config');
  await terminal.shows(
    'peer2>show running-config',
    '           ^',
    "% Invalid input detected at '^' marker.",
    '',
    'peer2>',
  );
  terminal.line('enable');
  await terminal.shows('peer2>enable', 'Password:');
  terminal.line('not-the-secret');
  await terminal.shows('Password:', 'Password:');
  terminal.line(ENABLE_SECRET);
  await terminal.shows('peer2>enable', 'Password:', 'Password:', 'peer2#');
  const shown = terminal.screen.join('\n');
  assert.ok(!shown.includes(ENABLE_SECRET) && !shown.includes('not-the-secret'), 'a password was echoed');
}

/** Where the cursor comes to stand. */
async function at(terminal: Terminal): Promise<number> {
  await terminal.matches(/peer2#show privilege$/);
  let [column] = terminal.cursor;
  for (let look = 0; look < 100 && column !== 'peer2#'.length; look++) [column] = terminal.cursor;
  return column;
}
