// What `vpdn check` says of whole configurations, as text and as JSON, word for word. `UPDATE_GOLDEN=1` writes what it says now:
// read the difference before it is committed.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { checkConfiguration, checkModel, formatCheck, wouldStart } from '../../src/cli/check-report.ts';
import { loadConfiguration } from '../../src/cli/load.ts';
import { formatRunningConfig } from '../../src/cli/running-config.ts';
import { everyInert } from '../../src/vpdn/configuration-inert.ts';

const HERE = import.meta.dirname;
const REWRITE = process.env.UPDATE_GOLDEN === '1';
const WRONG = 'everything-wrong.conf';

for (const folder of ['guide', 'clients', 'configurations']) {
  describe(`golden reports: ${folder}`, () => {
    for (const file of readdirSync(`${HERE}/${folder}`).sort()) {
      const source = readFileSync(`${HERE}/${folder}/${file}`);
      const name = file.replace(/\.conf$/, '');
      const report = checkConfiguration(file, source);

      test(`${file}: the report for people, every line with its class`, () => {
        const text = [...formatCheck(report, true), '', ...formatCheck(report, false)].join('\n');
        same(`${folder}/${name}.txt`, `${text}\n`);
      });

      test(`${file}: the report for programs`, () => {
        // One element a line, so that a difference can be read.
        const { lines, errors, warnings, findings, ...rest } = checkModel(report);
        const lists = Object.entries({ errors, warnings, findings, lines }).map(([key, list]) => {
          return `"${key}": [\n${list.map((each) => JSON.stringify(each)).join(',\n')}\n]`;
        });
        const text = `${JSON.stringify(rest).slice(0, -1)},\n${lists.join(',\n')}}\n`;
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(checkModel(report))));
        same(`${folder}/${name}.json`, text);
      });

      if (file === WRONG) continue;
      test(`${file}: no line is an error, none is lost, and none comes back changed`, () => {
        assert.ok(wouldStart(report));
        const first = loadConfiguration(source).configuration;
        const printed = formatRunningConfig(first);
        const second = loadConfiguration(printed.join('\n'));
        assert.deepEqual(second.errors, []);
        assert.deepEqual(formatRunningConfig(second.configuration), printed);
        const kept = new Set([...everyInert(second.configuration.inert)].map(({ text }) => text));
        assert.deepEqual(
          [...everyInert(first.inert)].map(({ text }) => text).filter((text) => !kept.has(text)),
          [],
        );
      });
    }
  });
}

test('every line of the file that is a command has a class, and every class but honoured a reason', () => {
  for (const file of readdirSync(`${HERE}/configurations`)) {
    const source = readFileSync(`${HERE}/configurations/${file}`, 'utf8');
    const { lines } = checkConfiguration(file, source);
    for (const { standing, text } of lines) {
      if (standing.class === 'honoured' || standing.class === 'error') continue;
      assert.match(standing.why, /\S{2}/, `${file}: ${text}`);
    }
    assert.ok(lines.length > 100, `${file} has ${lines.length} lines`);
  }
});

test('in a file where everything is wrong every error has a place in its line, and no secret is repeated', () => {
  const source = readFileSync(`${HERE}/configurations/${WRONG}`, 'utf8');
  const report = checkConfiguration(WRONG, source);
  assert.equal(wouldStart(report), false);
  assert.ok(report.errors.length > 90);
  for (const { line, column, text } of report.errors) {
    assert.ok(line >= 1 && line <= source.split('\n').length);
    assert.ok(column >= 0 && column <= text.length, `${line}:${column} ${text}`);
  }
  assert.doesNotMatch(JSON.stringify(checkModel(report)) + [...formatCheck(report, true)].join('\n'), /canary/);
});

/** Readable by eye, so one file for each. */
function same(path: string, text: string): void {
  const [folder, file] = path.split('/') as [string, string];
  const golden = `${HERE}/golden/${folder}/${file}`;
  if (REWRITE) {
    mkdirSync(`${HERE}/golden/${folder}`, { recursive: true });
    writeFileSync(golden, text);
  }
  assert.equal(text, readFileSync(golden, 'utf8'), 'UPDATE_GOLDEN=1 writes it anew');
}
