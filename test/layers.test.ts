// The direction of the house: which room may import which, what the pure rooms may not touch, and that each package
// and the foreign function interface have one door. It reads every import line under src/.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

interface SourceFile {
  /** Below src/: `l2tp/avp.ts`. */
  readonly path: string;
  readonly text: string;
}

export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

const LAYERS: Readonly<Record<string, number>> = {
  wire: 0,
  crypto: 1,
  ppp: 2,
  l2tp: 2,
  pptp: 2,
  rtnetlink: 2,
  pcapng: 2,
  vpdn: 3,
  cli: 4,
  sys: 4,
  store: 4,
  dataplane: 5,
  host: 6,
  mgmt: 7,
  'main.ts': 8,
};

const PURE = ['wire', 'crypto', 'ppp', 'l2tp', 'pptp', 'rtnetlink', 'pcapng', 'vpdn', 'cli'];
const IMPURE_WORDS =
  /\b(?:Date|performance|setTimeout|setInterval|setImmediate|queueMicrotask|async|await|Promise)\b|\bMath\.random\b|(?<![.\w])(?:process|console)\s*[.[(]/;

const DIAGRAM = `
  main(8) -> mgmt(7) -> host(6) -> dataplane(5) -> sys|store|cli(4) -> vpdn(3) -> ppp|l2tp|pptp|rtnetlink|pcapng(2) -> crypto(1) -> wire(0)
                                                               [ pure: cli, and everything from vpdn on down ]`;

export function violations(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => [...forbiddenImports(file), ...forbiddenWords(file)]).concat(sharedPackages(files));
}

function forbiddenImports({ path, text }: SourceFile): Violation[] {
  const room = roomOf(path);
  const found: Violation[] = [];
  for (const { specifier, line } of importsOf(text)) {
    const complain = (what: string) => found.push({ path, line, what });
    if (specifier.startsWith('node:')) {
      const allowed = !PURE.includes(room) || (room === 'crypto' && specifier === 'node:crypto');
      if (!allowed) complain(`the pure room ${room} imports ${specifier}`);
    } else if (specifier === 'koffi') {
      if (path !== 'sys/libc.ts') complain('only sys/libc.ts imports koffi');
    } else if (specifier.startsWith('.')) {
      const other = roomOf(resolve(path, specifier));
      if (other === room) continue;
      const [mine, theirs] = [LAYERS[room], LAYERS[other]];
      if (mine === undefined || theirs === undefined) complain(`${room} or ${other} is no room of the house`);
      else if (theirs >= mine) complain(`${room}(${mine}) imports ${other}(${theirs})`);
    }
  }
  return found;
}

/** Clocks, randomness and promises, in code; a comment may speak of them. */
function forbiddenWords({ path, text }: SourceFile): Violation[] {
  if (!PURE.includes(roomOf(path))) return [];
  return withoutCommentsAndStrings(text)
    .split('\n')
    .flatMap((code, index) => {
      const word = IMPURE_WORDS.exec(code)?.[0];
      return word === undefined ? [] : [{ path, line: index + 1, what: `the pure room ${roomOf(path)} uses ${word}` }];
    });
}

function sharedPackages(files: readonly SourceFile[]): Violation[] {
  const doors = new Map<string, string>();
  const found: Violation[] = [];
  for (const { path, text } of files) {
    for (const { specifier, line } of importsOf(text)) {
      if (specifier.startsWith('.') || specifier.startsWith('node:')) continue;
      const door = doors.get(specifier) ?? path;
      doors.set(specifier, door);
      if (door !== path) found.push({ path, line, what: `${specifier} is imported by ${door} already` });
    }
  }
  return found;
}

function importsOf(text: string): { specifier: string; line: number }[] {
  const pattern =
    /^(?:import\s+(?:[^'"]*?\sfrom\s+)?|export\s[^'"]*?\sfrom\s+)(['"])([^'"\n]+)\1|\bimport\(\s*(['"])([^'"\n]+)\3/gm;
  return [...text.matchAll(pattern)].map((match) => {
    return { specifier: match[2] ?? match[4]!, line: text.slice(0, match.index).split('\n').length };
  });
}

/** Blanks comments, strings and regular expressions, so that only code is left; lines keep their numbers. */
function withoutCommentsAndStrings(text: string): string {
  const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;
  return text.replace(token, (match) => match.replaceAll(/[^\n]/g, ' '));
}

function roomOf(path: string): string {
  return path.split('/')[0]!;
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

function sourceFiles(): SourceFile[] {
  const root = new URL('../src/', import.meta.url);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path, text: readFileSync(new URL(path, root), 'utf8') }));
}

test('every import goes to a lower layer, and pure rooms touch nothing outside themselves', () => {
  const found = violations(sourceFiles()).map(({ path, line, what }) => `src/${path}:${line}: ${what}`);
  assert.deepEqual(found, [], `${found.join('\n')}\n${DIAGRAM}`);
});

test('a pure room that imports node:net is found', () => {
  const found = violations([{ path: 'l2tp/avp.ts', text: "import { Socket } from 'node:net';\n" }]);
  assert.deepEqual(found, [{ path: 'l2tp/avp.ts', line: 1, what: 'the pure room l2tp imports node:net' }]);
});

test('an import upwards, between equals, or of a second door to a package is found', () => {
  const files = [
    { path: 'ppp/link.ts', text: "import { Endpoint } from '../l2tp/endpoint.ts';\n" },
    { path: 'wire/bytes.ts', text: "import { Router } from '../vpdn/router.ts';\n" },
    { path: 'sys/socket.ts', text: "import koffi from 'koffi';\n" },
    { path: 'cli/a.ts', text: "import ip from 'ipaddr.js';\n" },
    { path: 'cli/b.ts', text: "import ip from 'ipaddr.js';\n" },
  ];
  assert.deepEqual(
    violations(files).map(({ what }) => what),
    [
      'ppp(2) imports l2tp(2)',
      'wire(0) imports vpdn(3)',
      'only sys/libc.ts imports koffi',
      'ipaddr.js is imported by cli/a.ts already',
    ],
  );
});

test('an import may be exported, dynamic or spread over lines, and a sentence with the word from is none', () => {
  const text = [
    "import {\n  a,\n} from 'one';",
    "export { b } from 'two';",
    "const c = await import('three');",
    "const d = ['an address from ', '10.0.0.1'];",
    "import 'four';",
  ].join('\n');
  assert.deepEqual(
    importsOf(text).map(({ specifier }) => specifier),
    ['one', 'two', 'three', 'four'],
  );
});

test('a clock in a pure room is found, in a comment or a string it is not', () => {
  const at = (text: string) => violations([{ path: 'vpdn/router.ts', text }]).map(({ what }) => what);
  assert.deepEqual(at('const now = Date.now();'), ['the pure room vpdn uses Date']);
  assert.deepEqual(at('const x = Math.random();'), ['the pure room vpdn uses Math.random']);
  assert.deepEqual(at("// Date.now() is the host's\nconst text = 'Date';"), []);
});
