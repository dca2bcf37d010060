// Files that are no configurations: every octet is an error with a place or nothing at all, and none takes long.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { loadConfiguration } from '../../src/cli/load.ts';

const octets = (text: string) => Uint8Array.from(text, (each) => each.charCodeAt(0));
const firstError = (source: string | Uint8Array) => {
  const { line, column, code } = loadConfiguration(source).errors[0]!;
  return `${line}:${column} ${code}`;
};

describe('what bad input gets: an error with its line and column', () => {
  const rows: [string, string | Uint8Array, string][] = [
    ['a NUL', 'ip cef\nhostname a\0b', '2:10 control-character'],
    ['Latin-1', octets('hostname caf\xe9'), '1:12 not-utf8'],
    ['half an escape sequence', 'hostname a\x1b[', '1:10 control-character'],
    ['a line of a megabyte', `ip cef\nhostname ${'a'.repeat(1_000_000)}`, '2:4096 line-too-long'],
    ['a line cut off', 'ip cef\ninterface Loopb', '2:15 incomplete'],
    ['a banner without end', 'ip cef\nbanner motd #\nhello\nend', '2:0 incomplete'],
    [
      'a certificate without quit',
      'crypto pki certificate chain A\n certificate 01\n  3082 02\nip cef',
      '2:0 incomplete',
    ],
  ];
  for (const [name, source, wanted] of rows) test(name, () => assert.equal(firstError(source), wanted));
});

test('what bad input gets: behind a certificate without quit the lines are read on', () => {
  const { lines } = loadConfiguration('crypto pki certificate chain A\n certificate 01\n  3082 02\nvpdn enable');
  assert.equal(lines.at(-1)!.text, 'vpdn enable');
  assert.equal(lines.at(-1)!.standing.class, 'honoured');
});

test('what bad input gets: tabs, CRLF, a lone CR and a byte order mark are none', () => {
  assert.deepEqual(loadConfiguration('\uFEFFvpdn\tenable\r\nip cef\rhostname a\r\n').errors, []);
});

test('a file with a thousand errors is not read further', () => {
  const { errors, lines } = loadConfiguration('frobnicate\n'.repeat(5000));
  assert.equal(errors.length, 1001);
  assert.equal(errors.at(-1)!.code, 'too-many');
  assert.equal(lines.length, 1000);
});

test('no octets make the loader throw, and every error has a place', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc
      .constantFrom(
        'interface vt1\n',
        ' ip address ',
        'banner motd ^C',
        '\r',
        '\x03',
        'crypto pki certificate chain A\n',
      )
      .map(octets),
    fc
      .constantFrom(' certificate 01\n', 'quit\n', 'no ', 'router bgp 1\n', 'exit-address-family\n', '\n\n! \n')
      .map(octets),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const source = Uint8Array.from(pieces.flatMap((each) => [...each]));
      const count = new TextDecoder().decode(source).split(/\r\n|\n|\r/).length;
      for (const { line, column, text, message } of loadConfiguration(source).errors) {
        assert.ok(line >= 1 && line <= count && Number.isInteger(column) && column >= 0 && column <= 4096);
        assert.ok(text.length <= 300 && message !== '');
      }
    }),
    { numRuns: 300 },
  );
});

test('a file of 100,000 lines loads as if they were few: nothing is searched for each of them', () => {
  const time = (lines: number) => {
    const text = Array.from({ length: lines }, (_, i) => `access-list 150 permit tcp any any eq ${i}\nip cef`).join(
      '\n',
    );
    const before = process.cpuUsage().user;
    assert.deepEqual(loadConfiguration(text).errors, []);
    return process.cpuUsage().user - before;
  };
  time(2000);
  // Ten times the lines would be a hundred times the work if lists were searched; what a loaded machine adds is far less.
  assert.ok(time(50_000) < 40 * time(5000) + 1e6);
});

test('10 MB of noise are read to an end', () => {
  let state = 12345;
  const noise = Uint8Array.from({ length: 10_000_000 }, () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return state >> 16;
  });
  assert.equal(loadConfiguration(noise).errors.length, 1001);
});
