// The ladder: a negotiation drawn between two ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  Ladder,
  type LadderEnd,
  type LadderOptions,
  type LadderOutcome,
  type LadderStep,
} from '../../../src/cli/show/ladder.ts';
import { block, HOSTILE } from './fixture.ts';

const CLIENT = { name: 'peer1', address: '172.16.32.24' };
const SERVER = { name: 'peer2', address: '172.24.13.196' };

function step(parts: Partial<LadderStep>): LadderStep {
  return { at: 0, direction: 'client->server', protocol: 'L2TP', message: 'SCCRQ', detail: '', ...parts };
}

const back = { direction: 'server->client' } as const;
const STEPS: LadderStep[] = [
  step({ detail: 'host peer1, tunnel 20, challenge' }),
  step({ ...back, at: 1.2, message: 'SCCRP', detail: 'host peer2, tunnel 9, response, challenge' }),
  step({ at: 1.6, message: 'SCCCN', detail: 'response' }),
  step({ at: 1.6, message: 'ICRQ', detail: 'session 1, serial 1' }),
  step({ ...back, at: 2.1, message: 'ICRP', detail: 'session 7' }),
  step({ at: 2.4, message: 'ICCN' }),
  step({ ...back, at: 2.9, message: 'ZLB', detail: 'Nr 4' }),
  step({ at: 3.1, protocol: 'LCP', message: 'Configure-Request', detail: 'MRU 1446, auth CHAP' }),
  step({ ...back, at: 3.5, protocol: 'LCP', message: 'Configure-Ack', detail: 'MRU 1446, auth CHAP' }),
  step({ ...back, at: 4, protocol: 'CHAP', message: 'Challenge', detail: 'from "peer2"' }),
  step({ at: 4.2, protocol: 'CHAP', message: 'Response', detail: 'from "peer1"' }),
  step({ ...back, at: 4.4, protocol: 'IPCP', message: 'Configure-Request', detail: 'address 10.1.1.1' }),
  step({ ...back, at: 4.4, protocol: 'CHAP', message: 'Success', detail: '' }),
  step({ at: 15_004, protocol: 'IPCP', message: 'Configure-Ack', detail: 'address 10.1.1.1', retransmission: true }),
];
const OUTCOME = { succeeded: true, text: '10.1.1.2 on Virtual-PPP1' };

test('the ladder of a call', () => {
  assert.deepEqual(
    [...drawLadder(STEPS, CLIENT, SERVER, { outcome: OUTCOME })],
    block(`
      |            ╭─ client ──────────────────────╮  ╭────────────────────── server ─╮
      |            │ peer1                         │  │                         peer2 │
      |            │ 172.16.32.24                  │  │                 172.24.13.196 │
      |            ╰┬──────────────────────────────╯  ╰──────────────────────────────┬╯
      |             ├╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ Tunnel ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┤
      |     0.0 ms  │ SCCRQ ── host peer1, tunnel 20, challenge ───────────────────▶ │
      |     1.2 ms  │ ◀────────── host peer2, tunnel 9, response, challenge ── SCCRP │
      |     1.6 ms  │ SCCCN ── response ───────────────────────────────────────────▶ │
      |             │                                                                │
      |             ├╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ Call ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┤
      |     1.6 ms  │ ICRQ ── session 1, serial 1 ─────────────────────────────────▶ │
      |     2.1 ms  │ ◀─────────────────────────────────────────── session 7 ── ICRP │
      |     2.4 ms  │ ICCN ────────────────────────────────────────────────────────▶ │
      |     2.9 ms  │ ◀───────────────────────────────────────────────── Nr 4 ── ZLB │
      |             │                                                                │
      |             ├╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ LCP ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┤
      |     3.1 ms  │ Configure-Request ── MRU 1446, auth CHAP ────────────────────▶ │
      |     3.5 ms  │ ◀──────────────────────── MRU 1446, auth CHAP ── Configure-Ack │
      |             │                                                                │
      |             ├╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ Authentication ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┤
      |     4.0 ms  │ ◀─────────────────────────────────── from "peer2" ── Challenge │
      |     4.2 ms  │ Response ── from "peer1" ────────────────────────────────────▶ │
      |             │                                                                │
      |             ├╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ IPCP ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┤
      |     4.4 ms  │ ◀─────────────────────── address 10.1.1.1 ── Configure-Request │
      |     4.4 ms  │ ◀──────────────────────────────────────────────── CHAP Success │
      |     15.0 s  │ Configure-Ack again ── address 10.1.1.1 ─────────────────────▶ │
      |             │                                                                │
      |             ╰────────────────── ✔ 10.1.1.2 on Virtual-PPP1 ──────────────────╯
    `).map((line) => line.slice(1)),
  );
});

test('with colour the text is the same', () => {
  const plain = [...drawLadder(STEPS, CLIENT, SERVER, { outcome: OUTCOME })];
  const coloured = [...drawLadder(STEPS, CLIENT, SERVER, { outcome: OUTCOME, colour: true })];
  assert.notDeepEqual(coloured, plain);
  assert.deepEqual(coloured.map(withoutColour), plain);
});

test('every line is as wide as the terminal at most, whatever the peers say', () => {
  const text = fc.oneof(fc.constant(HOSTILE), fc.string({ unit: 'binary', maxLength: 200 }));
  const steps = fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1e7, noNaN: true }),
      direction: fc.constantFrom('client->server' as const, 'server->client' as const),
      protocol: fc.constantFrom('L2TP' as const, 'LCP' as const, 'CHAP' as const, 'IPCP' as const),
      message: fc.oneof(fc.constantFrom('SCCRQ', 'ICRQ', 'CDN', 'ZLB', 'Echo-Request'), text),
      detail: text,
      retransmission: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(steps, text, fc.integer({ min: 60, max: 200 }), fc.boolean(), (sequence, name, width, succeeded) => {
      const outcome = { succeeded, text: name };
      const options = { width, outcome };
      const plain = [...drawLadder(sequence, { name, address: name }, SERVER, options)];
      for (const line of plain) {
        assert.ok([...line].length <= width, line);
        assert.match(line, /^[\u0020-\u024f─╌│├┤╭╮╰╯┬▶◀✔✘…]*$/u);
      }
      const coloured = [...drawLadder(sequence, { name, address: name }, SERVER, { ...options, colour: true })];
      assert.deepEqual(coloured.map(withoutColour), plain);
    }),
  );
});

test('arrows of one ladder end at the same rails', () => {
  const body = [...drawLadder(STEPS, CLIENT, SERVER)].slice(4);
  for (const line of body) assert.deepEqual([line.length, line[13]!.match(/[│├╰]/)?.index], [79, 0], line);
});

test('a new call and a teardown open their phases again', () => {
  const ladder = new Ladder(CLIENT, SERVER);
  const opened = (...steps: Partial<LadderStep>[]) =>
    steps.flatMap((parts) => ladder.step(step(parts))).flatMap((line) => /├╌+ (\S+) ╌+┤/.exec(line)?.[1] ?? []);
  assert.deepEqual(
    opened(
      { message: 'SCCRQ' },
      { message: 'ICRQ' },
      { protocol: 'LCP', message: 'Configure-Request' },
      { message: 'HELLO' },
      { protocol: 'LCP', message: 'Terminate-Request' },
      { message: 'CDN' },
      { message: 'ICRQ' },
      { message: 'SCCRQ', retransmission: true },
    ),
    ['Tunnel', 'Call', 'LCP', 'Teardown', 'Call'],
  );
});

test('a failed negotiation ends in a cross', () => {
  const last = new Ladder(CLIENT, SERVER).foot({ succeeded: false, text: 'AUT-503' }).at(-1)!;
  assert.match(last, /╰─+ ✘ AUT-503 ─+╯/);
});

test('a narrow terminal gets sixty columns', () => {
  const lines = [...drawLadder(STEPS, CLIENT, SERVER, { width: 20 })];
  assert.ok(lines.every((line) => line.length <= 60));
  assert.equal(Math.max(...lines.map((line) => line.length)), 60);
});

function withoutColour(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character of ECMA-48
  return line.replace(/\u001b\[[\d;]*m/g, '');
}

/** The whole picture of a finished negotiation. */
function* drawLadder(
  steps: Iterable<LadderStep>,
  client: LadderEnd,
  server: LadderEnd,
  options: LadderOptions & { readonly outcome?: LadderOutcome | undefined } = {},
): Generator<string> {
  const ladder = new Ladder(client, server, options);
  yield* ladder.head();
  for (const step of steps) yield* ladder.step(step);
  if (options.outcome !== undefined) yield* ladder.foot(options.outcome);
}
