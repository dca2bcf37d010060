// The log: its ring, its destinations, and what happens when one message comes too often.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Log } from '../../src/host/log.ts';
import { emptyConfiguration } from '../../src/vpdn/configuration.ts';
import type { Logging } from '../../src/vpdn/configuration-system.ts';
import type { LogMessage } from '../../src/vpdn/log.ts';

class Bench {
  now = 0;
  readonly console: string[] = [];
  readonly #due: { fire: () => void; time: number }[] = [];
  readonly log: Log;

  constructor(logging: Partial<Logging> = {}) {
    // Deadlines that fire when the test says so: the clock is a number here.
    const timers = { set: (fire: () => void, time: number) => this.#due.push({ fire, time }) };
    const clock = { now: () => this.now, wallClock: () => WALL + this.now };
    this.log = new Log({ clock, timers, console: (line) => this.console.push(line) });
    const { services } = emptyConfiguration();
    this.log.configure({ on: true, ...logging }, services, undefined);
  }

  pass(millis: number): void {
    this.now += millis;
    for (const { fire, time } of this.#due.splice(0)) {
      if (time <= this.now) fire();
      else this.#due.push({ fire, time });
    }
  }

  lines(): string[] {
    return [...this.log.view().buffer];
  }
}

const WALL = Date.UTC(2026, 0, 1, 21, 22, 18, 410);
const up = (name: string): LogMessage => ({ name: 'LINK-UPDOWN', text: `Interface ${name}, changed state to up` });

test('a line has the stamp and the mnemonic of IOS', () => {
  const bench = new Bench();
  bench.log.add(up('Async14'));
  const line = '*Jan  1 21:22:18.410: %LINK-3-UPDOWN: Interface Async14, changed state to up';
  assert.deepEqual(bench.lines(), [line]);
  assert.deepEqual(bench.console, [line]);
});

test('service sequence-numbers: six digits before the stamp, which count what is not shown as well', () => {
  const bench = new Bench();
  bench.log.add(up('Async1'));
  bench.log.configure({ on: true }, { ...emptyConfiguration().services, sequenceNumbers: true }, undefined);
  bench.log.add(up('Async2'));
  assert.match(bench.lines()[1]!, /^000002: \*Jan {2}1 21:22:18.410: %LINK-3-UPDOWN/);
});

test('the ring drops its oldest lines when its size is reached', () => {
  const bench = new Bench({ bufferSize: 200 });
  for (const name of ['Vi1', 'Vi2', 'Vi3', 'Vi4']) bench.log.add(up(name));
  assert.match(bench.lines().at(-1) ?? '', /Vi4/);
  assert.equal(bench.lines().length, 2);
});

test('a message less severe than a destination takes does not go there', () => {
  const bench = new Bench({ console: 2 });
  bench.log.add(up('Vi1'));
  assert.deepEqual(bench.console, []);
  assert.equal(bench.lines().length, 1);
});

test('a message that comes too often is counted, and the count is told when its second is over', () => {
  const bench = new Bench();
  for (let count = 0; count < 120; count++) bench.log.add(up('Vi1'));
  assert.equal(bench.console.length, 20);
  assert.equal(bench.log.view().rateLimited, 100);
  bench.pass(1000);
  assert.match(bench.console.at(-1) ?? '', /%VPDN-4-SUPPRESSED: 100 more of %LINK-3-UPDOWN within 1 s left out/);
});

test('a storm of one message leaves room for another', () => {
  const bench = new Bench();
  for (let count = 0; count < 120; count++) bench.log.add(up('Vi1'));
  bench.log.add({ name: 'VPDN-CALL_FAILED', text: 'another' });
  assert.match(bench.console.at(-1) ?? '', /another/);
});

test('after a quiet second the message is printed again', () => {
  const bench = new Bench();
  for (let count = 0; count < 20; count++) bench.log.add(up('Vi1'));
  bench.pass(1001);
  bench.log.add(up('Vi2'));
  assert.match(bench.console.at(-1) ?? '', /Vi2/);
});

test('a watcher sees debug lines, which are not kept', () => {
  const bench = new Bench();
  const seen: string[] = [];
  const stop = bench.log.watch((line) => seen.push(line));
  bench.log.debug('Vi1 LCP: State is Open');
  stop();
  bench.log.debug('Vi1 LCP: State is Closed');
  assert.equal(seen.length, 1);
  assert.match(seen[0] ?? '', /Vi1 LCP: State is Open$/);
  assert.deepEqual(bench.lines(), []);
});
