// Differences between two configurations, as `show archive config differences` prints them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configurationDifference } from '../../src/cli/configuration-difference.ts';

const BEFORE = [
  '!',
  'hostname one',
  '!',
  'vpdn-group a',
  ' accept-dialin',
  '  protocol l2tp',
  ' local name x',
  '!',
  'ip route 10.0.0.0 255.0.0.0 10.1.1.1',
  '!',
  'end',
];

test('equal texts do not differ, wherever their comments and their lines stand', () => {
  assert.deepEqual(configurationDifference(BEFORE, BEFORE), []);
  const moved = ['! a comment', 'ip route 10.0.0.0 255.0.0.0 10.1.1.1', ...BEFORE.slice(0, 7), 'end'];
  assert.deepEqual(configurationDifference(BEFORE, moved), []);
});

test('a line that differs stands under the heads of its blocks', () => {
  const after = BEFORE.map((line) => line.replace('protocol l2tp', 'protocol any'));
  assert.deepEqual(configurationDifference(BEFORE, after), [
    'vpdn-group a',
    ' accept-dialin',
    '  -protocol l2tp',
    '  +protocol any',
  ]);
});

test('a block that comes or goes does so with all of its lines', () => {
  const after = ['hostname two', 'ip route 10.0.0.0 255.0.0.0 10.1.1.1', 'l2tp-class c', ' hello 20'];
  assert.deepEqual(configurationDifference(BEFORE, after), [
    '-hostname one',
    '-vpdn-group a',
    ' -accept-dialin',
    '  -protocol l2tp',
    ' -local name x',
    '+hostname two',
    '+l2tp-class c',
    ' +hello 20',
  ]);
});
