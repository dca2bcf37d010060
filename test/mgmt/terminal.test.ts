// A recorded session at a real terminal: what is typed, and what the screen shows, through `vpdn console`.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { lacking } from '../support/requirement.ts';
import { Terminal, TMUX } from '../support/terminal.ts';
import { MAIN, PAIR, Pair } from './pair.ts';
import { ENABLE_SECRET, playStory } from './terminal-story.ts';

describe('vpdn console at a terminal', { skip: lacking(PAIR, TMUX) }, () => {
  let pair: Pair;

  const sitDown = (rows = 24) => {
    return new Terminal([process.execPath, MAIN, 'console', '--socket', pair.socket('server')], { rows });
  };

  before(async () => {
    pair = new Pair();
    pair.configure('server', (text) => `enable secret ${ENABLE_SECRET}\n${text}`);
    await pair.start('server');
  });

  after(async () => pair.close());

  test('the first five minutes', { timeout: 120_000 }, async () => {
    const terminal = sitDown();
    await terminal.matches(/peer2#$/);
    await playStory(terminal);
    terminal.line('exit');
    await terminal.ended();
    terminal.close();
  });

  test('a page is as long as the window, also after it was resized', { timeout: 60_000 }, async () => {
    const terminal = sitDown(12);
    await terminal.matches(/peer2#$/);
    terminal.line('show running-config');
    await terminal.shows(' --More--');
    assert.equal(terminal.screen.length, 12);
    terminal.type('q');
    await terminal.shows('peer2#');
    terminal.resize(80, 18);
    terminal.press('C-l');
    terminal.line('show running-config');
    await terminal.shows(' --More--');
    assert.equal(terminal.screen.length, 18);
    terminal.close();
  });

  test('the terminal is as it was when the console is left by Ctrl-D', { timeout: 60_000 }, async () => {
    const terminal = new Terminal([
      'sh',
      '-c',
      `${process.execPath} ${MAIN} console --socket ${pair.socket('server')}; stty -a | grep -o -- '[-]*icanon'; cat`,
    ]);
    await terminal.matches(/peer2#$/);
    terminal.press('C-d');
    await terminal.matches(/\nicanon$/);
    terminal.close();
  });
});
