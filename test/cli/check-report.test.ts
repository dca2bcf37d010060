// The report of `vpdn check`: a class for every line, one reason once, and a verdict.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkConfiguration, checkModel, formatCheck, wouldStart } from '../../src/cli/check-report.ts';

const MIXED = `hostname lns1
!
ip cef
vpdn-group one
 accept-dialin
  protocol l2tp
  virtual-template 1
aaa authentication ppp default group radius
aaa accounting network default start-stop group radius
`;

const report = (text: string) => checkConfiguration('lns1.conf', text);
const lines = (text: string, all = false) => [...formatCheck(report(text), all)];

test('every command of the file has a class, in the order of the file; comments have none', () => {
  assert.deepEqual(
    report(MIXED).lines.map(({ line, standing }) => [line, standing.class]),
    [
      [1, 'honoured'],
      [3, 'without-effect'],
      [4, 'honoured'],
      [5, 'honoured'],
      [6, 'honoured'],
      [7, 'honoured'],
      [8, 'not-supported'],
      [9, 'not-supported'],
    ],
  );
});

test('lines that share a reason stand below it, and it is said once', () => {
  const text = lines(MIXED);
  const heads = text.filter((each) => each.startsWith('not supported: '));
  assert.equal(heads.length, 1);
  const at = text.indexOf(heads[0]!);
  assert.equal(text[at + 1], '     8  aaa authentication ppp default group radius');
  assert.equal(text[at + 2], '     9  aaa accounting network default start-stop group radius');
});

test('all lines, each with its class, when they are asked for', () => {
  const text = lines(MIXED, true);
  assert.equal(text[0], '1  honoured       hostname lns1');
  assert.match(text[1]!, /^3 {2}no effect here ip cef {2}\(.+\)$/);
});

test('the last line counts the classes and says whether it would start', () => {
  assert.match(
    lines(MIXED).at(-1)!,
    /^lns1\.conf: 8 lines: 5 honoured, 1 without effect here, 2 not supported, 0 errors, 0 warnings; it starts/,
  );
  assert.match(lines('vpdn enabel\n').at(-1)!, /: 1 line: .* 1 error, 0 warnings; it would not start$/);
});

test('a line in error is one of the lines, and keeps the router from starting', () => {
  const broken = report('hostname lns1\nvpdn enabel\n');
  assert.deepEqual(
    broken.lines.map(({ standing }) => standing.class),
    ['honoured', 'error'],
  );
  assert.equal(wouldStart(broken), false);
});

test('JSON has the same, versioned', () => {
  const model = JSON.parse(JSON.stringify(checkModel(report(MIXED)))) as ReturnType<typeof checkModel>;
  assert.equal(model.schema, 'vpdn.check/2');
  assert.equal(model.starts, true);
  assert.equal(model.lines.length, 8);
  assert.match((model.lines[1] as { why: string }).why, /\S/);
});
