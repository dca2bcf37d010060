// What differs between two configurations, in the words of the commands.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Configuration, emptyConfiguration } from '../../src/vpdn/configuration.ts';
import { emptyVpdnGroup } from '../../src/vpdn/configuration-vpdn.ts';
import { changesBetween, same } from '../../src/vpdn/impact-changes.ts';

function changes(change: (configuration: Configuration) => void, base = emptyConfiguration()): string[] {
  const after = structuredClone(base);
  change(after);
  return changesBetween(base, after).map((each) => `${each.class}: ${each.subject}: ${each.what}`);
}

test('a copy does not differ, nor does a field that is absent from one that is undefined', () => {
  const base = emptyConfiguration();
  base.vpdnGroups.set('a', emptyVpdnGroup('a'));
  assert.deepEqual(
    changes((configuration) => {
      configuration.enableSecret = undefined;
      configuration.vpdnGroups.get('a')!.localName = undefined;
    }, base),
    [],
  );
});

test('a thing with a name is a subject of its own, its fields are said as typed', () => {
  const base = emptyConfiguration();
  base.vpdnGroups.set('a', emptyVpdnGroup('a'));
  assert.deepEqual(
    changes((configuration) => {
      configuration.vpdnGroups.get('a')!.l2tp.receiveWindow = 7;
      configuration.vpdnGroups.get('a')!.sessionLimit = 7;
      configuration.vpdnGroups.set('b', emptyVpdnGroup('b'));
      configuration.hostname = 'b';
    }, base),
    [
      'new-sessions: hostname: changed',
      'new-sessions: vpdn-group a: l2tp receive-window',
      'hot: vpdn-group a: session-limit',
      'new-sessions: vpdn-group b: added',
    ],
  );
});

test('R-191: encryption mppe of a card waits for the next start', () => {
  const card = { slot: 5, port: 0, mppe: true };
  assert.deepEqual(
    changes((configuration) => configuration.controllers.set('5/0', card)),
    ['next-start: controller ISA 5/0: added'],
  );
});

test('every part of the model has the name of a command', () => {
  for (const name of Object.keys(emptyConfiguration())) {
    const [said] = changes((configuration) => Object.assign(configuration, { [name]: undefined }));
    assert.match(said ?? '', /^[a-z-]+: [a-z0-9-]+( [a-z-]+| ISA)*: removed$/, name);
  }
});

test('the order of things with names is part of the configuration: groups are tried in it', () => {
  const [ab, ba] = [new Map(), new Map()];
  for (const name of ['a', 'b']) ab.set(name, {});
  for (const name of ['b', 'a']) ba.set(name, {});
  assert.equal(same(ab, ba), false);
  assert.equal(same(ab, structuredClone(ab)), true);
  const base = emptyConfiguration();
  for (const name of ['a', 'b']) base.vpdnGroups.set(name, emptyVpdnGroup(name));
  const turn = (configuration: Configuration) => {
    configuration.vpdnGroups = new Map([...configuration.vpdnGroups].reverse());
  };
  assert.deepEqual(changes(turn, base), ['new-sessions: vpdn-group: order changed']);
});
