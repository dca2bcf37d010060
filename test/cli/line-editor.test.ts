// The keys of the line editor, seen on a screen.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { History } from '../../src/cli/history.ts';
import { KeyDecoder } from '../../src/cli/keys.ts';
import { LineEditor, type Request } from '../../src/cli/line-editor.ts';
import { Screen } from './screen.ts';

class Typist {
  readonly screen = new Screen();
  readonly requests: Request[] = [];
  readonly history = new History();
  readonly editor = new LineEditor(this.history);
  readonly #keys = new KeyDecoder();

  constructor(prompt = 'R#', secret = false) {
    this.screen.write(this.editor.begin(prompt, secret));
  }

  type(text: string): this {
    for (const key of this.#keys.push(new TextEncoder().encode(text))) {
      const { write, request } = this.editor.handle(key);
      this.screen.write(write);
      if (request !== undefined) this.requests.push(request);
    }
    return this;
  }
}

const control = (letter: string) => String.fromCharCode(letter.charCodeAt(0) - 0x40);
const [LEFT, RIGHT, UP, DOWN] = ['\x1b[D', '\x1b[C', '\x1b[A', '\x1b[B'];

/** What is typed, and the line with the cursor as `|`. */
const KEYS: readonly (readonly [name: string, typed: string, shown: string])[] = [
  ['letters', 'show', 'R#show|'],
  ['Ctrl-A', `show${control('A')}x`, 'R#x|show'],
  ['Ctrl-E', `show${control('A')}${control('E')}x`, 'R#showx|'],
  ['Ctrl-B', `show${control('B')}`, 'R#sho|w'],
  ['Ctrl-F', `show${control('A')}${control('F')}`, 'R#s|how'],
  ['left and right', `show${LEFT}${LEFT}${RIGHT}`, 'R#sho|w'],
  ['Home and End', 'show\x1b[H\x1b[F!', 'R#show!|'],
  ['no further than the ends', `ab${control('F')}${control('A')}${control('B')}`, 'R#|ab'],
  ['Backspace', 'show\x7f', 'R#sho|'],
  ['Ctrl-H', `show${control('H')}`, 'R#sho|'],
  ['Backspace in the middle', `show${LEFT}\x7f`, 'R#sh|w'],
  ['Backspace at the begin', '\x7fa', 'R#a|'],
  ['Ctrl-D', `show${control('A')}${control('D')}`, 'R#|how'],
  ['Delete', `show${LEFT}\x1b[3~`, 'R#sho|'],
  ['Ctrl-K', `show vpdn${control('A')}${control('F')}${control('K')}`, 'R#s|'],
  ['Ctrl-U', `show vpdn${LEFT}${control('U')}`, 'R#|n'],
  ['Ctrl-X', `show${control('X')}`, 'R#|'],
  ['Ctrl-W', `show vpdn tunnel${control('W')}`, 'R#show vpdn |'],
  ['Ctrl-W behind a blank', `show vpdn ${control('W')}`, 'R#show |'],
  ['Ctrl-Y puts back what was cut', `show vpdn${control('W')}${control('Y')}`, 'R#show vpdn|'],
  ['Esc B', 'show vpdn\x1bb', 'R#show |vpdn'],
  ['Esc F', `show vpdn${control('A')}\x1bf`, 'R#show| vpdn'],
  ['Esc D', `show vpdn${control('A')}\x1bd`, 'R#| vpdn'],
  ['Ctrl-V ?', `a${control('V')}?`, 'R#a?|'],
  ['letters outside ASCII', 'grün', 'R#grün|'],
  ['unknown sequences are nothing', 'a\x1b[15~b\x1b[200~c', 'R#abc|'],
  ['other control characters are nothing', `a${control('G')}${control('Q')}b`, 'R#ab|'],
  ['a tab before the first word is a blank', '\t\tshow', 'R#  show|'],
];

describe('IOS: a key', () => {
  for (const [name, typed, shown] of KEYS) {
    test(name, () => assert.equal(new Typist().type(typed).screen.cursorLine, shown));
  }
});

describe('what a key asks for', () => {
  const rows: [name: string, typed: string, request: Request][] = [
    ['Enter', 'show\r', { kind: 'line', text: 'show' }],
    ['a pasted line end', 'show\n', { kind: 'line', text: 'show' }],
    ['?', 'show ?', { kind: 'help', text: 'show ' }],
    ['? in the middle', `show vpdn${LEFT}?`, { kind: 'help', text: 'show vpd' }],
    ['Tab', 'sh\t', { kind: 'complete', text: 'sh' }],
    ['Ctrl-C', `x${control('C')}`, { kind: 'abandon' }],
    ['Ctrl-Z', `x${control('Z')}`, { kind: 'leave', text: 'x' }],
    ['Ctrl-D on an empty line', control('D'), { kind: 'hang-up' }],
  ];
  for (const [name, typed, request] of rows) {
    test(name, () => assert.deepEqual(new Typist().type(typed).requests, [request]));
  }

  test('CR LF is one Enter, CR NUL too', () => {
    assert.equal(new Typist().type('a\r\nb\r\0').requests.length, 2);
  });
});

describe('history', () => {
  const typist = () => {
    const one = new Typist();
    for (const line of ['show one', 'show two']) one.history.add(line);
    one.screen.write(`\r${one.editor.begin('R#')}`);
    return one;
  };
  test('Ctrl-P and up go back', () => {
    assert.equal(typist().type(control('P')).screen.cursorLine, 'R#show two|');
    assert.equal(typist().type(UP + UP).screen.cursorLine, 'R#show one|');
  });
  test('Ctrl-N and down come forth, to what was being typed', () => {
    assert.equal(typist().type(`new${UP}${UP}${DOWN}`).screen.cursorLine, 'R#show two|');
    assert.equal(typist().type(`new${UP}${UP}${DOWN}${control('N')}`).screen.cursorLine, 'R#new|');
  });
  test('the ends ring', () => assert.equal(typist().type(UP + UP + UP).screen.bells, 1));
  test('keeps ten lines, and none twice in a row', () => {
    const history = new History();
    for (let index = 0; index < 15; index++) history.add(`line ${index >> 1}`);
    assert.equal(history.lines.length, 8);
    for (let index = 0; index < 15; index++) history.add(`other ${index}`);
    assert.equal(history.lines.length, 10);
  });
});

describe('a secret', () => {
  test('is neither shown nor helped with', () => {
    const typist = new Typist('Password: ', true).type('s3cr?\x7fet\r');
    assert.deepEqual(typist.requests, [{ kind: 'line', text: 's3cret' }]);
    assert.deepEqual(typist.screen.lines, ['Password:', '']);
  });
});

describe('a line longer than the screen', () => {
  const long = 'abcdefghijklmnopqrstuvwxyz';
  test('shows the window around the cursor, its cut edges marked', () => {
    const typist = new Typist();
    typist.editor.columns = 20;
    typist.type(long);
    assert.equal(typist.screen.cursorLine, 'R#$klmnopqrstuvwxyz|');
    typist.type(control('A'));
    assert.equal(typist.screen.cursorLine, 'R#|abcdefghijklmnop$');
  });
  test('takes one character more than a line may have, to be refused', () => {
    const typist = new Typist().type('x'.repeat(300));
    assert.equal(typist.editor.text.length, 255);
    // Once, not for each character of a paste.
    assert.equal(typist.screen.bells, 1);
  });
});

describe('characters that are not one column wide', () => {
  test('an ideograph takes two', () => {
    const typist = new Typist().type('漢字x');
    assert.ok(typist.editor.redraw().startsWith('\rR#漢字x\x1b[K'));
    typist.type(control('B'));
    assert.ok(typist.editor.redraw().endsWith('\r\x1b[6C'));
    typist.type(control('B'));
    assert.ok(typist.editor.redraw().endsWith('\r\x1b[4C'));
  });
  test('an accent belongs to the letter before it: one step over both, and both go together', () => {
    const typist = new Typist().type('e\u0301a');
    typist.type(control('A')).type(control('F'));
    assert.ok(typist.editor.redraw().endsWith('\r\x1b[3C'));
    typist.type('\x7f');
    assert.equal(typist.editor.text, 'a');
  });
  test('accents without end are no longer than a line', () => {
    const typist = new Typist().type(`e${'\u0301'.repeat(10_000)}`);
    assert.ok(typist.editor.text.length <= 255);
  });
});

test('whatever octets come, the screen shows the line and the cursor where it is', () => {
  const octets = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x1b, 0x5b, 0x41, 0x44, 0x43, 0x20, 0x61));
  fc.assert(
    fc.property(fc.array(octets, { maxLength: 60 }), (typed) => {
      const decoder = new KeyDecoder();
      const editor = new LineEditor(new History());
      const screen = new Screen();
      screen.write(editor.begin('R#'));
      for (const key of decoder.push(Uint8Array.from(typed))) {
        const { write, request } = editor.handle(key);
        screen.write(write);
        if (request !== undefined && request.kind !== 'help' && request.kind !== 'complete')
          screen.write(`\r${editor.begin('R#')}`);
      }
      assert.equal(screen.cursorLine.replace('|', '').trimEnd().startsWith('R#'), true);
      assert.equal(screen.lines.at(-1), `R#${editor.text}`.trimEnd());
    }),
    { numRuns: 300 },
  );
});
