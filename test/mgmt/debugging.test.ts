// `debug`: what it lets through, how much, and what it never shows (C173-C177).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEBUG_TOPICS, type DebugTopic } from '../../src/cli/grammar/exec/debug-topics.ts';
import type { TraceWatcher } from '../../src/host/running-router.ts';
import { hideValue } from '../../src/l2tp/hidden-avp.ts';
import { DebugLimit } from '../../src/mgmt/debug-limit.ts';
import { Debugging, type DebugSource } from '../../src/mgmt/debugging.ts';
import { encodePacket } from '../../src/ppp/packet.ts';
import { encodePapRequest, PapCode } from '../../src/ppp/pap.ts';
import type { RouterTrace } from '../../src/vpdn/events.ts';
import { messageTrace } from '../cli/show/trace-fixture.ts';

/** Where the traces come from and the lines go: a router that says what the test makes it say. */
class Bench implements DebugSource {
  readonly lines: string[] = [];
  readonly log = { debug: (line: string) => this.lines.push(line) };
  #watcher: TraceWatcher | undefined;

  get watched(): boolean {
    return this.#watcher !== undefined;
  }

  watchTraces(watcher: TraceWatcher): () => void {
    this.#watcher = watcher;
    return () => {
      this.#watcher = undefined;
    };
  }

  callOf(): undefined {
    return undefined;
  }

  trace(trace: RouterTrace, at = 0): void {
    this.#watcher?.(trace, at);
  }
}

const phase = (interfaceName: string): RouterTrace => {
  return { layer: 'ppp', interfaceName, event: { kind: 'phase', phase: 'UP', detail: '' } };
};

const TOPICS = Object.keys(DEBUG_TOPICS) as DebugTopic[];

test('nothing is traced until a topic that shows something is on, nor after it is off', () => {
  const bench = new Bench();
  const debugging = new Debugging(bench);
  debugging.set('ppp elog', true);
  assert.equal(bench.watched, false);
  debugging.set('ppp negotiation', true);
  bench.trace(phase('Virtual-Access3'));
  debugging.clear();
  assert.equal(bench.watched, false);
  assert.deepEqual(bench.lines, ['Vi3 PPP: Phase is UP']);
  assert.equal(debugging.view.topics.size, 0);
});

test('a condition lets through what it names alone, and counts it', () => {
  const bench = new Bench();
  const debugging = new Debugging(bench);
  debugging.set('ppp negotiation', true);
  assert.deepEqual(debugging.addCondition({ kind: 'interface', value: 'Virtual-Access4' }), { id: 1, known: false });
  assert.deepEqual(debugging.addCondition({ kind: 'interface', value: 'Virtual-Access4' }), { id: 1, known: true });
  bench.trace(phase('Virtual-Access3'));
  bench.trace(phase('Virtual-Access4'));
  assert.deepEqual(bench.lines, ['Vi4 PPP: Phase is UP']);
  assert.equal(debugging.view.conditions[0]?.hits, 1);
  assert.deepEqual(debugging.removeConditions(1), [1]);
  bench.trace(phase('Virtual-Access3'));
  assert.equal(bench.lines.length, 2);
});

test('a condition of an address takes the messages of that peer', () => {
  const bench = new Bench();
  const debugging = new Debugging(bench);
  debugging.set('vpdn event', true);
  debugging.addCondition({ kind: 'ip', value: '192.0.2.1' });
  debugging.addCondition({ kind: 'username', value: 'bob' });
  bench.trace({ layer: 'l2tp', event: messageTrace('HELLO', {}) });
  const event = messageTrace('HELLO', {}, { path: { ...messageTrace('HELLO', {}).path, peerAddress: '192.0.2.7' } });
  bench.trace({ layer: 'l2tp', event });
  assert.equal(bench.lines.length, 1);
});

test('more lines than anybody can read are left out and counted', () => {
  const limit = new DebugLimit(500);
  const admitted = Array.from({ length: 600 }, () => limit.admit(1000)).filter(Boolean).length;
  assert.equal(admitted, 500);
  assert.equal(limit.suppressed, 100);
  assert.equal(limit.admit(2000), true, 'the next second is another');
  assert.equal(limit.takeSuppressed(), 100);
  assert.equal(limit.takeSuppressed(), 0);
});

test('with every topic on, no password and nothing hidden is in any line', () => {
  const bench = new Bench();
  const debugging = new Debugging(bench);
  for (const topic of TOPICS) debugging.set(topic, true);
  const canary = 'canary-4711';
  const password = new TextEncoder().encode(canary);
  const packet = encodePacket(PapCode.AuthenticateRequest, 1, encodePapRequest({ username: 'bob', password }));
  const event = {
    kind: 'packet',
    topic: 'authentication',
    direction: 'I',
    protocol: 'PAP',
    state: '',
    packet,
  } as const;
  bench.trace({ layer: 'ppp', interfaceName: 'Virtual-Access3', event });
  const value = hideValue(33, password, new TextEncoder().encode('secret'), new Uint8Array(16));
  const clear = messageTrace('ICCN', { TxConnectSpeed: 1, FramingType: 1, ProxyAuthenResponse: password } as never);
  bench.trace({ layer: 'l2tp', event: clear });
  const text = bench.lines.join('\n');
  assert.match(text, /Vi3 PAP: I AUTH-REQ id 1 len \d+ from "bob"/);
  assert.match(text, /ICCN/);
  assert.doesNotMatch(text, new RegExp(canary));
  for (const octets of [password, value]) {
    assert.ok(!text.toLowerCase().includes(Buffer.from(octets).toString('hex')), 'not in hexadecimal either');
  }
});

test('C175: debug ppp mppe shows what CCP agrees on and what comes of it, and nothing of other protocols', () => {
  const shown = (topic: DebugTopic) => {
    const bench = new Bench();
    new Debugging(bench).set(topic, true);
    const say = (event: Extract<RouterTrace, { layer: 'ppp' }>['event']) => {
      bench.trace({ layer: 'ppp', interfaceName: 'Virtual-Access3', event });
    };
    const request = encodePacket(1, 7, new Uint8Array([18, 6, 1, 0, 0, 0x40]));
    for (const protocol of ['LCP', 'CCP']) {
      say({ kind: 'packet', topic: 'negotiation', direction: 'O', protocol, state: 'Closed', packet: request });
      say({ kind: 'state', protocol, state: 'Opened' });
    }
    say({ kind: 'note', topic: 'negotiation', text: 'CCP: MPPE 128 bit stateless out, MPPE 128 bit stateless in' });
    say({ kind: 'note', topic: 'negotiation', text: 'Treating connection as a callin' });
    say({ kind: 'phase', phase: 'UP', detail: '' });
    return bench.lines;
  };
  const events = ['Vi3 CCP: State is Open', 'Vi3 PPP: CCP: MPPE 128 bit stateless out, MPPE 128 bit stateless in'];
  const packets = [
    'Vi3 CCP: O CONFREQ [Closed] id 7 len 10',
    'Vi3 CCP:    MS-PPC supported bits 0x01000040, MPPE 128-bit stateless (0x120601000040)',
  ];
  assert.deepEqual(shown('ppp mppe events'), events);
  assert.deepEqual(shown('ppp mppe packets'), packets);
  assert.deepEqual(shown('ppp mppe detailed'), [...packets, ...events]);
});
