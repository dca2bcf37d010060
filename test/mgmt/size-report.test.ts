// Window sizes among keys: found whole or in pieces, and nothing of what was typed is lost or held back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeSizeReport, SizeReports, withoutMarks } from '../../src/mgmt/size-report.ts';

test('a report among keys is taken out, the keys stay', () => {
  const stream = Buffer.concat([Buffer.from('show '), encodeSizeReport(132, 43), Buffer.from('vpdn\r')]);
  const { octets, size } = new SizeReports().push(stream);
  assert.equal(Buffer.from(octets).toString(), 'show vpdn\r');
  assert.deepEqual(size, { columns: 132, rows: 43 });
});

test('no key can be taken for a report', () => {
  const keys = withoutMarks(Uint8Array.of(0x61, 0xff, 0x62));
  assert.deepEqual([...keys], [0x61, 0x62]);
});

test('however a stream is cut up, keys and sizes come out the same', () => {
  const keys = fc.uint8Array({ maxLength: 20 }).map(withoutMarks);
  const report = fc.tuple(fc.nat(1000), fc.nat(1000)).map(([columns, rows]) => encodeSizeReport(columns, rows));
  fc.assert(
    fc.property(
      fc.array(fc.oneof(keys, report), { maxLength: 12 }),
      fc.array(fc.nat(9), { maxLength: 60 }),
      (pieces, cuts) => {
        const stream = Buffer.concat(pieces);
        const whole = new SizeReports().push(stream);
        const reports = new SizeReports();
        const typed: number[] = [];
        let size: unknown;
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          const pushed = reports.push(stream.subarray(at, at + cut));
          typed.push(...pushed.octets);
          size = pushed.size ?? size;
          at += cut;
        }
        assert.deepEqual(typed, [...whole.octets]);
        assert.deepEqual(size, whole.size);
      },
    ),
  );
});
