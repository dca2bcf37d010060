// The catalogue against the grammar: every entry is there, every form is understood and belongs to its entry, and what is to be
// refused is refused.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CATALOGUE, tryForms } from '../../src/cli/catalogue/catalogue.ts';

test('the catalogue has the entries C001 to C177, in order, none missing', () => {
  const numbers = Array.from({ length: 177 }, (_, index) => `C${String(index + 1).padStart(3, '0')}`);
  assert.deepEqual(
    CATALOGUE.map(({ entry }) => entry),
    numbers,
  );
});

describe('each form of an entry is a command here, and the command says it belongs to it', () => {
  for (const entry of CATALOGUE) {
    test(`${entry.entry} ${entry.title}`, () => {
      for (const { form, standing, entries } of tryForms(entry)) {
        assert.notEqual(standing.class, 'error', `${form}: ${'message' in standing ? standing.message : ''}`);
        assert.ok(SHARED.includes(entry.entry) || entries.includes(entry.entry), `${form}: belongs to ${entries}`);
      }
    });
  }
});

describe('what an entry says is refused is refused', () => {
  for (const entry of CATALOGUE.filter(({ refused = [] }) => refused.length > 0)) {
    test(`${entry.entry} ${entry.title}`, () => {
      for (const { form, standing } of tryForms({ ...entry, forms: entry.refused ?? [] })) {
        assert.equal(standing.class, 'error', `${form} was taken`);
      }
    });
  }
});

/** A form of another entry seen from another side. */
const SHARED = ['C138', 'C140', 'C143', 'C147'];
