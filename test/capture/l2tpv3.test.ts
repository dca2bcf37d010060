// All that two L2TPv3 endpoints say to each other, as tshark reads it: over UDP and over IP, with digests that tshark computes
// again from the secret, hidden attributes, cookies, sublayers, and every message that ends something.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionSettings, DigestSettings, SessionSettings } from '../../src/l2tp/v3/events.ts';
import { Pair, SESSION } from '../l2tp/v3/pair.ts';
import { hosted } from '../support/requirement.ts';
import { pcapOf } from './pcap.ts';
import { assertClean, countMatches, fields, type Preferences, TSHARK } from './tshark.ts';

const MILLIS = 120_000;
const SECRET = 'tunn3l s3cret';
const digest = (hash: DigestSettings['hash']): DigestSettings => ({ hash, secret: new TextEncoder().encode(SECRET) });
const [MD5, SHA1] = [digest('md5'), digest('sha1')];
const KEYED: Preferences = { 'l2tp.shared_secret': SECRET };

/** RFC 3931 §6, by message type. */
const [SCCRQ, SCCRP, SCCCN, STOP_CCN, HELLO, ICRQ, ICRP, ICCN, CDN, SLI, ACK] = [1, 2, 3, 4, 6, 10, 11, 12, 14, 16, 20];
const SETUP = [SCCRQ, SCCRP, SCCCN, ICRQ, ICRP, ICCN];

/** LCP's Configure-Request, empty, and an Ethernet frame with an ARP request in it. */
const LCP = 'ff03 c021 0101 0004';
const ARP = `ffffffffffff 020000000001 0806 0001 0800 0604 0001 020000000001 0a000001 000000000000 0a000002${'00'.repeat(18)}`;

interface Story {
  readonly name: string;
  readonly settings?: Partial<ConnectionSettings>;
  /** Of the other end, where they differ. */
  readonly settingsB?: Partial<ConnectionSettings>;
  readonly sessions?: readonly SessionSettings[];
  /** From `established`, with both ends' sessions up. */
  readonly act?: (pair: Pair) => void;
  /** Both ends dial, so that one connection or session must lose. */
  readonly atOnce?: boolean;
  readonly messages: readonly number[];
  /** What must be in it, and what must not, as tshark's display filters. */
  readonly holds?: readonly string[];
  readonly lacks?: readonly string[];
  /** Seen without being told: tshark must have understood what the ICRQ and ICRP said of cookies and sublayers. */
  readonly preferences?: Preferences;
}

const ethernet: SessionSettings = { ...SESSION, pseudowireType: 5 };
const numbered: SessionSettings = { ...SESSION, sublayer: true, sequencing: 'all' };

const stories: readonly Story[] = [
  {
    name: 'set-up, PPP both ways, HELLO, the circuit down and up, CDN, StopCCN, all with MD5 digests',
    settings: { digests: [MD5], helloInterval: 5000 },
    act: (pair) => {
      exchange(pair, LCP);
      flap(pair);
      pair.run(pair.now + 12_000);
      hangUp(pair);
      stop(pair);
    },
    messages: [...SETUP, HELLO, SLI, CDN, STOP_CCN, ACK],
    holds: ['l2tp.sid > 0 && lcp', 'l2tp.avp.message_digest', 'l2tp.avp.circuit_status'],
  },
  {
    name: 'the same with SHA-1 digests and hidden attributes',
    settings: { digests: [SHA1], hidden: true, helloInterval: 5000 },
    act: (pair) => {
      exchange(pair, LCP);
      flap(pair);
      pair.run(pair.now + 12_000);
      hangUp(pair);
      stop(pair);
    },
    messages: [...SETUP, HELLO, SLI, CDN, STOP_CCN],
    holds: ['l2tp.avp.hidden == 1', 'l2tp.avp.random_vector'],
    // Whatever would tell a listener the ids and cookies is hidden.
    lacks: ['l2tp.avp.assigned_cookie', 'l2tp.avp.local_session_id', 'l2tp.avp.remote_end_id'],
    // tshark opens no hidden attributes of RFC 3931, and so cannot know how long the cookie is.
    preferences: { 'l2tp.cookie_size': '8 Byte Cookie', 'l2tp.l2_specific': 'None' },
  },
  {
    name: 'one end signs with SHA-1, the other with MD5',
    settings: { digests: [SHA1, MD5] },
    settingsB: { digests: [MD5, SHA1] },
    act: stop,
    messages: [...SETUP, STOP_CCN],
  },
  {
    name: 'no digests, no cookies',
    sessions: [{ ...SESSION, cookieSize: 0 }],
    act: (pair) => exchange(pair, LCP),
    messages: SETUP,
    holds: ['l2tp.sid > 0 && lcp'],
    lacks: ['l2tp.avp.message_digest', 'l2tp.cookie'],
  },
  {
    name: 'cookies of 4 octets and numbered data',
    sessions: [{ ...numbered, cookieSize: 4 }],
    act: (pair) => {
      for (let round = 0; round < 5; round++) exchange(pair, LCP);
    },
    messages: SETUP,
    holds: ['l2tp.sid > 0 && lcp && l2tp.l2_spec_s == 1 && l2tp.l2_spec_sequence == 4', 'l2tp.avp.data_sequencing'],
  },
  {
    name: 'Ethernet in cookies of 8 octets and the default sublayer',
    sessions: [{ ...ethernet, sublayer: true }],
    act: (pair) => exchange(pair, ARP),
    messages: SETUP,
    holds: ['l2tp.sid > 0 && arp.opcode == 1 && l2tp.l2_spec_s == 0'],
  },
  {
    name: 'both ends at once: ties',
    settings: { digests: [MD5] },
    atOnce: true,
    messages: [...SETUP, CDN],
    holds: ['l2tp.tie_breaker'],
  },
  {
    name: 'many sessions, one with an end that the other does not have',
    sessions: Array.from({ length: 40 }, (_, index) => end(`${index}`)),
    act: (pair) => {
      const [connection] = pair.a.connections;
      pair.input('a', { on: 'open-session', connection: connection!, reference: 'x', session: end('unknown') });
      pair.run(pair.now + 1000);
    },
    messages: [...SETUP, CDN],
    holds: ['l2tp.result_code == 3'],
  },
];

for (const transport of ['udp', 'ip'] as const) {
  for (const story of stories) {
    hosted(`tshark, L2TPv3 over ${transport}: ${story.name}`, [TSHARK], MILLIS, async () => {
      const { wire } = played(story, transport);
      const lost = lostRequests(wire, transport);
      assert.equal(lost.length > 0, story.atOnce ?? false);
      // tshark knows one connection between two addresses: the nonce of a request that lost would spoil the digests after it.
      if (lost.length > 0) await withCapture(lost, transport, (file) => assertClean(file, [], KEYED));
      const standing = wire.filter((each) => !lost.includes(each));
      await withCapture(standing, transport, async (file) => {
        const preferences = { ...KEYED, ...story.preferences };
        await assertClean(file, [], preferences);
        const shown = new Set(
          (await fields(file, 'l2tp.avp.message_type', ['l2tp.avp.message_type'], preferences)).map(([type]) => type),
        );
        for (const type of story.messages) assert.ok(shown.has(String(type)), `message type ${type}`);
        for (const filter of story.holds ?? []) {
          assert.ok((await countMatches(file, filter, preferences)) > 0, `nothing matches ${filter}`);
        }
        for (const filter of story.lacks ?? []) assert.equal(await countMatches(file, filter, preferences), 0, filter);
        // Each packet was dissected, and none as something else.
        assert.equal(await countMatches(file, 'l2tp', preferences), standing.length);
        assert.equal(await countMatches(file, 'l2tp.incorrect_digest', preferences), 0, 'incorrect digests');
      });
    });
  }

  hosted(`tshark, L2TPv3 over ${transport}: one spoilt digest is seen`, [TSHARK], MILLIS, async () => {
    const pair = played({ name: '', settings: { digests: [SHA1] }, act: flap, messages: [] }, transport);
    // The last octet of an SLI is that of its Circuit Status: the message stays well-formed.
    const spoilt = pair.wire.findIndex(({ octets }) => typeOf(octets, transport) === SLI);
    pair.wire[spoilt]!.octets[pair.wire[spoilt]!.octets.length - 1]! ^= 1;
    await withCapture(pair.wire, transport, async (file) => {
      assert.deepEqual(await fields(file, 'l2tp.incorrect_digest', ['frame.number'], KEYED), [[String(spoilt + 1)]]);
    });
  });

  hosted(
    `tshark, L2TPv3 over ${transport}: with another secret every digest is incorrect`,
    [TSHARK],
    MILLIS,
    async () => {
      const pair = played({ name: '', settings: { digests: [MD5] }, messages: [] }, transport);
      await withCapture(pair.wire, transport, async (file) => {
        const [wrong, all] = [{ 'l2tp.shared_secret': 'other' }, 'l2tp.avp.message_digest'];
        const count = await countMatches(file, all, wrong);
        assert.ok(count >= SETUP.length);
        assert.equal(await countMatches(file, 'l2tp.incorrect_digest', wrong), count);
      });
    },
  );
}

/** Set up, and what the story does then. */
function played(
  { settings = {}, settingsB = settings, sessions = [SESSION], act, atOnce = false }: Story,
  transport: 'udp' | 'ip',
): Pair {
  const pair = new Pair({
    seed: 1,
    transport,
    a: settings,
    b: settingsB,
    wantsA: sessions,
    wantsB: sessions,
    asksB: atOnce,
  });
  pair.dial('a');
  if (atOnce) pair.dial('b');
  pair.run(10_000);
  assert.deepEqual([pair.a.sessions.size, pair.b.sessions.size], [sessions.length, sessions.length], 'sessions up');
  act?.(pair);
  return pair;
}

function end(name: string): SessionSettings {
  return { ...SESSION, remoteEndId: new TextEncoder().encode(name) };
}

function exchange(pair: Pair, hex: string): void {
  const frame = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  for (const side of ['a', 'b'] as const) {
    for (const { session } of pair[side].sessions.values()) pair.input(side, { on: 'frame', session, frame });
  }
  pair.run(pair.now + 1000);
}

function flap(pair: Pair): void {
  const [session] = pair.a.sessions.keys();
  for (const active of [false, true]) {
    pair.input('a', { on: 'circuit', session: session!, active });
    pair.run(pair.now + 1000);
  }
}

function hangUp(pair: Pair): void {
  const [session] = pair.b.sessions.keys();
  pair.input('b', { on: 'close-session', session: session!, resultCode: 3, message: 'shut down' });
  pair.run(pair.now + 1000);
}

function stop(pair: Pair): void {
  const [connection] = pair.a.connections;
  pair.input('a', { on: 'close-connection', connection: connection!, resultCode: 6, message: 'going down' });
  pair.run(pair.now + 60_000);
}

/** The Message Type AVP is the first one, behind the header and its own six octets. */
function typeOf(octets: Uint8Array, transport: 'udp' | 'ip'): number | undefined {
  const start = transport === 'ip' ? 4 : 0;
  return octets[start]! >= 0x80 ? octets[start + 19] : undefined;
}

/** Of two connections opened at once one loses: whoever answers the other's request gets no answer to its own. */
function lostRequests(wire: Pair['wire'], transport: 'udp' | 'ip'): Pair['wire'] {
  const answering = wire.find(({ octets }) => typeOf(octets, transport) === SCCRP)!.from;
  return wire.filter(({ from, octets }) => from === answering && typeOf(octets, transport) === SCCRQ);
}

async function withCapture(
  wire: Pair['wire'],
  transport: 'udp' | 'ip',
  body: (file: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vpdntest-'));
  try {
    const file = join(folder, 'v3.pcap');
    const port = { sourcePort: 1701, destinationPort: 1701, transport };
    const datagrams = wire.map(({ from, octets: payload }) => {
      const [source, destination] = from === 'a' ? ['192.0.2.1', '192.0.2.2'] : ['192.0.2.2', '192.0.2.1'];
      return { ...port, source: source!, destination: destination!, payload };
    });
    writeFileSync(file, pcapOf(datagrams));
    await body(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
