// The driver: one input at a time, effects in order, and nothing thrown gets out. The router here is a small machine of the
// test's own, so that what the driver does can be told from what the router does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../src/host/clock.ts';
import { Driver, type Fault } from '../../src/host/driver.ts';
import { Timers } from '../../src/host/timers.ts';
import { emptyConfiguration } from '../../src/vpdn/configuration.ts';
import type { RouterEffect, RouterInput } from '../../src/vpdn/events.ts';
import { DecodeError, SystemError } from '../../src/wire/errors.ts';
import type { Machine, Millis } from '../../src/wire/machine.ts';

class Bench {
  readonly seen: string[] = [];
  readonly faults: Fault[] = [];
  readonly clock: Clock = { now: () => 0, wallClock: () => 0 };
  readonly timers = new Timers(this.clock);
  readonly driver: Driver;

  constructor(handle: (input: RouterInput) => RouterEffect[], apply: (effect: RouterEffect) => void = () => {}) {
    const router: Machine<RouterInput, RouterEffect> = {
      deadline: Number.POSITIVE_INFINITY,
      handle: (input: RouterInput, _now: Millis) => {
        this.seen.push(`in ${nameOf(input)}`);
        return handle(input);
      },
      handleTimeout: () => [],
    };
    this.driver = new Driver({
      router,
      clock: this.clock,
      timers: this.timers,
      apply: (effect) => {
        this.seen.push(`do ${effect.do}`);
        apply(effect);
      },
      report: (fault) => this.faults.push(fault),
    });
  }
}

const clear = (username: string): RouterInput => ({ on: 'clear', what: { kind: 'sessions-of', username } });
const nameOf = (input: RouterInput) =>
  input.on === 'clear' && input.what.kind === 'sessions-of' ? input.what.username : input.on;
const closeDevice: RouterEffect = { do: 'close-device', device: 'Virtual-PPP1' };
const findSource: RouterEffect = { do: 'find-source', peer: '192.0.2.1' };

test('an input that an effect gives rise to waits for the effects before it', () => {
  const bench = new Bench(
    (input) => (nameOf(input) === 'first' ? [findSource, closeDevice] : []),
    (effect) => {
      if (effect.do === 'find-source') bench.driver.deliver({ on: 'source', peer: effect.peer, address: undefined });
    },
  );
  bench.driver.deliver(clear('first'));
  assert.deepEqual(bench.seen, ['in first', 'do find-source', 'do close-device', 'in source']);
});

test('what the router throws at is told apart from what Linux refuses of it', () => {
  const bench = new Bench(
    (input) => {
      if (input.on === 'configure') throw new Error('a bug');
      return [closeDevice];
    },
    () => {
      throw new SystemError('ioctl', 'EPERM', '');
    },
  );
  bench.driver.deliver({ on: 'configure', configuration: emptyConfiguration() });
  bench.driver.deliver(clear('one'));
  assert.deepEqual([bench.driver.faultsAt('configure'), bench.driver.faultsAt('clear')], [1, 0]);
});

test('an exception in the router ends neither the driver nor the inputs after it', () => {
  const bench = new Bench((input) => {
    if (nameOf(input) === 'bad') throw new DecodeError('truncated', 3, 'more');
    return [closeDevice];
  });
  bench.driver.deliver(clear('bad'));
  bench.driver.deliver(clear('good'));
  assert.deepEqual(bench.seen, ['in bad', 'in good', 'do close-device']);
  assert.deepEqual(bench.driver.faults, new Map([['clear truncated', 1]]));
  assert.equal(bench.faults[0]?.during, 'clear');
});

test('an effect that Linux refuses does not keep the others from being applied', () => {
  const bench = new Bench(
    () => [findSource, closeDevice],
    (effect) => {
      if (effect.do === 'find-source') throw new SystemError('rtnetlink', 'ENETUNREACH', '');
    },
  );
  bench.driver.deliver(clear('anyone'));
  assert.deepEqual(bench.seen, ['in anyone', 'do find-source', 'do close-device']);
  assert.deepEqual([...bench.driver.faults.keys()], ['find-source system']);
});

test('something thrown that is no error is counted all the same', () => {
  const bench = new Bench(() => {
    throw 'a string';
  });
  bench.driver.deliver(clear('anyone'));
  assert.deepEqual([...bench.driver.faults.entries()], [['clear unknown', 1]]);
});
