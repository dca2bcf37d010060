// The five-minute rates.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rates } from '../../src/host/rates.ts';

const totals = (octetsIn: number) => ({ packetsIn: octetsIn / 100, octetsIn, packetsOut: 0, octetsOut: 0 });

test('a steady stream comes to be told as what it is', () => {
  const rates = new Rates();
  for (let second = 0; second <= 1800; second += 5) rates.sample(second * 1000, [['1/1', totals(second * 1000)]]);
  const told = rates.of('1/1');
  assert.ok(Math.abs((told?.inputBitsPerSecond ?? 0) - 8000) < 80, `${told?.inputBitsPerSecond} bits a second`);
  assert.equal(told?.inputPacketsPerSecond, 10);
  assert.equal(told?.outputBitsPerSecond, 0);
});

test('a burst is forgotten by about a third in two minutes', () => {
  const rates = new Rates();
  rates.sample(0, [['1/1', totals(0)]]);
  rates.sample(5000, [['1/1', totals(1_000_000)]]);
  const after = rates.of('1/1')?.inputBitsPerSecond ?? 0;
  for (let second = 10; second <= 125; second += 5) rates.sample(second * 1000, [['1/1', totals(1_000_000)]]);
  const later = rates.of('1/1')?.inputBitsPerSecond ?? 0;
  assert.ok(later / after > 0.6 && later / after < 0.7, `${later} of ${after}`);
});

test('a session that has ended is forgotten', () => {
  const rates = new Rates();
  rates.sample(0, [['1/1', totals(0)]]);
  rates.sample(5000, []);
  assert.equal(rates.of('1/1'), undefined);
});
