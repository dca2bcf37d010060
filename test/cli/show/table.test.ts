// Tables in columns.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cut, nameCell, tableRow } from '../../../src/cli/show/table.ts';
import { HOSTILE } from './fixture.ts';

test('cells stand at their columns', () => {
  assert.equal(tableRow([5, 5], ['a', 'b', 'c']), 'a    b    c');
});

test('a cell that overruns keeps one blank and the row falls back into step', () => {
  assert.equal(tableRow([5, 5, 6], ['abcdefg', 'b', 'c', 'd']), 'abcdefg b c     d');
});

test('a row has no trailing blanks', () => {
  assert.equal(tableRow([5, 5], ['a', '', '']), 'a');
});

test('a name becomes one printable word of bounded width', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const cell = nameCell(name, 13);
      assert.match(cell, /^\S+$/u);
      assert.ok([...cell].length <= 13);
    }),
  );
});

test('a name of nothing is a dash, a hostile one is escaped', () => {
  assert.equal(nameCell('', 13), '-');
  assert.equal(nameCell('a b', 13), 'a\\u{20}b');
  assert.equal(nameCell(HOSTILE, 14), 'evil\\u{1b}[2J\\');
});

test('cutting leaves no half of a surrogate pair', () => {
  assert.equal(cut('🙂🙂🙂', 2), '🙂🙂');
});
