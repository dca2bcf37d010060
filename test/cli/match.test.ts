// How a line is read: abbreviations, the three errors, and where their caret stands.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { L2TP_CLASS_MODE } from '../../src/cli/grammar/l2tp-class.ts';
import { match, start, expect as startsOf } from '../../src/cli/match.ts';
import {
  anyOrder,
  choice,
  cuttable,
  flag,
  line,
  type Node,
  name,
  number,
  oneOf,
  optional,
  repeat,
  sequence,
  word,
} from '../../src/cli/syntax.ts';
import { beginnings, type Mode, type OpenMode } from '../../src/cli/tree.ts';

const OPEN: OpenMode = { mode: L2TP_CLASS_MODE as Mode<unknown>, key: 'c', line: 'l2tp-class c' };

const caret = (text: string) => {
  const found = match(beginnings(OPEN), text);
  return found.result === 'match' ? 'match' : `${found.result} ${found.column}`;
};

describe('IOS: the caret stands under the first character that can no longer match, as a real 1941 showed', () => {
  // The prompt is 37 wide; the transcript has the caret in column 38 for each of the three.
  const prompt = 'cisco-router-1941(config-l2tp-class)#';
  for (const typed of ['pseudowire-class', 'encapsulation', 'protocol']) {
    test(typed, () => {
      const found = match(beginnings(OPEN), typed);
      assert.equal(found.result, 'invalid');
      assert.equal(prompt.length + ('column' in found ? found.column : 0), 38);
    });
  }

  test('under the first character of a number that is out of range', () =>
    assert.equal(caret('hello 1001'), 'invalid 6'));
  test('under a word too many', () => assert.equal(caret('hidden x'), 'invalid 7'));
  test('behind the letters that are right', () => assert.equal(caret('hellox'), 'invalid 5'));
  test('the whole word is right, its number is none', () => assert.equal(caret('hello often'), 'invalid 6'));
});

describe('IOS: keywords may be cut to any prefix that is unique at that point', () => {
  test('unique', () => assert.equal(caret('auth'), 'match'));
  test('in any case', () => assert.equal(caret('AUTHentication'), 'match'));
  test('not unique', () => assert.equal(caret('h'), 'ambiguous 1'));
  test('more words are wanted', () => assert.equal(caret('retr init'), 'incomplete 9'));
  test('an argument is wanted', () => assert.equal(caret('hello'), 'incomplete 5'));
  test('no and default as well', () => assert.equal(caret('def hel'), 'match'));
});

/** What one syntax makes of a text. */
function read(syntax: Node, text: string): unknown {
  const found = match(startsOf([start('it', syntax)]), text);
  return found.result === 'match' ? found.captured : found.result;
}

describe('parts of a syntax', () => {
  test('an exact word comes before longer ones', () => {
    const syntax = choice(flag('ppp', ''), flag('pppoe', ''));
    assert.deepEqual(read(syntax, 'ppp'), { ppp: true });
    assert.equal(read(syntax, 'pp'), 'ambiguous');
  });

  test('a name of the user may be what a word begins with', () => {
    const syntax = sequence(word('pool', ''), choice(flag('default', ''), name('pool', '')));
    assert.deepEqual(read(syntax, 'pool def'), { pool: 'def' });
    assert.deepEqual(read(syntax, 'pool default'), { default: true });
  });

  test('any order, each once', () => {
    const syntax = sequence(
      word('x', ''),
      anyOrder(flag('a', ''), flag('b', ''), sequence(word('tag', ''), number('tag', 1, 9, ''))),
    );
    assert.deepEqual(read(syntax, 'x tag 3 b a'), { a: true, b: true, tag: 3 });
    assert.deepEqual(read(syntax, 'x'), {});
    assert.equal(read(syntax, 'x a a'), 'invalid');
  });

  test('repeated captures keep their order', () => {
    const syntax = sequence(word('x', ''), repeat(oneOf('all', { chap: '', pap: '' })), optional(flag('callin', '')));
    assert.deepEqual(read(syntax, 'x pap chap callin'), { all: ['pap', 'chap'], callin: true });
    assert.equal(read(syntax, 'x'), 'incomplete');
  });

  test('a line takes all the rest, as it is', () => {
    assert.deepEqual(read(sequence(word('x', ''), line('text', '')), 'x  a  | b '), { text: 'a  | b' });
  });

  test('cuttable: the line may end after any of it', () => {
    const syntax = sequence(word('no', ''), cuttable(sequence(word('a', ''), number('n', 1, 9, ''), word('b', ''))));
    for (const text of ['no', 'no a', 'no a 3', 'no a 3 b']) assert.notEqual(read(syntax, text), 'incomplete', text);
    assert.equal(read(syntax, 'no b'), 'invalid');
  });

  test('an alias counts only in full', () => {
    const syntax = word('event', '', 'events');
    assert.deepEqual(read(syntax, 'events'), {});
    assert.deepEqual(read(syntax, 'ev'), {});
    assert.equal(read(syntax, 'eventsx'), 'invalid');
  });
});
