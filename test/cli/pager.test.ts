// --More--: a page, a line, the end of it, and looking for something further down.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Key } from '../../src/cli/keys.ts';
import { Pager } from '../../src/cli/pager.ts';
import { Screen } from './screen.ts';

const LINES = Array.from({ length: 20 }, (_, index) => `line ${index}`);
const SPACE: Key = { key: 'character', text: ' ' };
const ENTER: Key = { key: 'enter' };
const letter = (text: string): Key => ({ key: 'character', text });

function begun(length: number): { pager: Pager; screen: Screen; press: (...keys: Key[]) => boolean } {
  const pager = new Pager(length);
  const screen = new Screen();
  pager.reset();
  screen.write(pager.push(LINES));
  const press = (...keys: Key[]) => {
    let quit = false;
    for (const key of keys) {
      const done = pager.handle(key);
      screen.write(done.write);
      quit = done.quit;
    }
    return quit;
  };
  return { pager, screen, press };
}

describe('a screen of five lines', () => {
  test('shows four and stops', () => {
    const { pager, screen } = begun(5);
    assert.deepEqual(screen.lines, [...LINES.slice(0, 4), ' --More--']);
    assert.equal(pager.stopped, true);
  });

  test('a blank shows the next page in place of the prompt', () => {
    const { screen, press } = begun(5);
    press(SPACE);
    assert.deepEqual(screen.lines, [...LINES.slice(0, 8), ' --More--']);
  });

  test('Enter shows one more line', () => {
    const { screen, press } = begun(5);
    press(ENTER);
    assert.deepEqual(screen.lines, [...LINES.slice(0, 5), ' --More--']);
  });

  test('q ends it, and wipes the prompt', () => {
    const { pager, screen, press } = begun(5);
    assert.equal(press(letter('q')), true);
    assert.deepEqual(screen.lines, [...LINES.slice(0, 4), '']);
    assert.equal(pager.stopped, false);
  });

  test('the last page asks nothing', () => {
    const { pager, screen, press } = begun(5);
    press(SPACE, SPACE, SPACE, SPACE);
    assert.equal(pager.stopped, false);
    assert.deepEqual(screen.lines, [...LINES, '']);
  });

  test('/ goes to the first line that matches', () => {
    const { screen, press } = begun(5);
    press(letter('/'), letter('1'), letter('7'), ENTER);
    assert.deepEqual(screen.lines.slice(4), ['/17', 'line 17', 'line 18', 'line 19', '']);
  });

  test('+ and - keep and drop what matches', () => {
    const kept = begun(5);
    kept.press(letter('+'), letter('9'), ENTER);
    assert.deepEqual(kept.screen.lines.slice(5), ['line 9', 'line 19', '']);
    const dropped = begun(5);
    dropped.press(letter('-'), letter('1'), ENTER);
    assert.deepEqual(dropped.screen.lines.slice(5, 7), ['line 4', 'line 5']);
  });

  test('a message is printed above it', () => {
    const { pager, screen } = begun(5);
    screen.write(pager.interject('%SYS-5-RESTART: x'));
    assert.deepEqual(screen.lines.slice(4), ['%SYS-5-RESTART: x', ' --More--']);
  });
});

test('length 0 never stops', () => {
  assert.deepEqual(begun(0).screen.lines, [...LINES, '']);
});
