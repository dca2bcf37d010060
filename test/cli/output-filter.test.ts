// Output modifiers and their regular expressions.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { OutputFilter } from '../../src/cli/exec-command.ts';
import { filterLines, LineFilter } from '../../src/cli/output-filter.ts';
import { compilePattern } from '../../src/cli/pattern.ts';

const LINES = [
  'hostname r',
  '!',
  'vpdn-group 1',
  ' accept-dialin',
  '  protocol l2tp',
  ' local name x',
  '!',
  'interface vp1',
  ' vpdn here',
];

describe('a filter leaves', () => {
  const rows: [OutputFilter | undefined, string[]][] = [
    [undefined, LINES],
    [{ kind: 'json' }, LINES],
    [{ kind: 'file', name: 'a.txt', append: false, shown: true }, LINES],
    [{ kind: 'include', pattern: '^!|name' }, ['hostname r', '!', ' local name x', '!']],
    [{ kind: 'exclude', pattern: '^ |!' }, ['hostname r', 'vpdn-group 1', 'interface vp1']],
    [{ kind: 'begin', pattern: '^inter' }, ['interface vp1', ' vpdn here']],
    [{ kind: 'count', pattern: '!' }, ['Number of lines which match regexp = 2']],
    [
      { kind: 'section', pattern: 'vpdn', exclude: false },
      ['vpdn-group 1', ' accept-dialin', '  protocol l2tp', ' local name x', ' vpdn here'],
    ],
    [{ kind: 'section', pattern: 'vpdn', exclude: true }, ['hostname r', '!', '!', 'interface vp1']],
  ];
  for (const [filter, left] of rows) {
    test(JSON.stringify(filter) ?? 'everything', () => assert.deepEqual(filterLines(LINES, filter), left));
  }

  test('the same when the output comes in pieces', () => {
    const filter = new LineFilter({ kind: 'section', pattern: 'accept', exclude: false });
    const left = LINES.flatMap((line) => filter.push([line]));
    assert.deepEqual([...left, ...filter.end()], [' accept-dialin', '  protocol l2tp']);
  });
});

describe('a pattern', () => {
  const rows: [pattern: string, text: string, found: boolean][] = [
    ['a.c', 'xabcx', true],
    ['a.c', 'ac', false],
    ['^a*b$', 'aaab', true],
    ['^a+b', 'b', false],
    ['ab?c', 'ac', true],
    ['(ab|cd)+$', 'xabcd', true],
    ['[0-9]+/[^a]', 'e 0/1', true],
    ['[]x]', ']', true],
    ['[a-]', '-', true],
    ['a\\.b', 'acb', false],
    ['_vp_', 'a vp,b', true],
    ['_vp_', 'vp', true],
    ['_vp_', 'xvp', false],
    ['Vpdn', 'vpdn', false],
    ['', 'anything', true],
    ['a|', 'x', true],
  ];
  for (const [pattern, text, found] of rows) {
    test(`${pattern} in "${text}"`, () => assert.equal(compilePattern(pattern)!.test(text), found));
  }

  for (const pattern of ['(', ')', '[', '[a', '*a', 'a\\', '(a', '+', '('.repeat(50) + ')'.repeat(50)]) {
    test(`${pattern} is none`, () => assert.equal(compilePattern(pattern), undefined));
  }

  test('agrees with the expressions of JavaScript where both mean the same', () => {
    const atom = fc.constantFrom('a', 'b', '.', 'a*', 'b+', '(a|b)', '(ab)*', '[ab]', '[^a]', '^', '$', 'a?');
    fc.assert(
      fc.property(fc.array(atom, { maxLength: 6 }), fc.stringMatching(/^[abc]{0,8}$/), (atoms, text) => {
        const source = atoms.join('');
        assert.equal(compilePattern(source)!.test(text), new RegExp(source).test(text), source);
      }),
    );
  });

  test('takes no longer for being nested', () => {
    const pattern = compilePattern('((a*)*)*b')!;
    assert.equal(pattern.test('a'.repeat(5000)), false);
  });
});
