// What a stranger's packet can draw from a router with pseudowires of L2TPv3: silence, or an answer that all in all has at most three
// times its octets, however long one waits. Every message as the first one, whole and broken, with and without digests, from a peer
// that is configured and from one that is not, over UDP and IP 115; and data for sessions that nobody has.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sealMessage } from '../../src/l2tp/v3/digest.ts';
import { encodeDataMessage, framed, writeControlHeader } from '../../src/l2tp/v3/header.ts';
import { type AttributesOf, encodeMessage, MESSAGES, type MessageName } from '../../src/l2tp/v3/message.ts';
import type { Path } from '../../src/wire/ip.ts';
import { WELL_FORMED } from '../l2tp/v3/forger.ts';
import { CLIENT, SERVER } from './guide.ts';
import { type Transport, wireEnd } from './pseudowires.ts';
import { type Node, World } from './world.ts';

const NAMES = Object.keys(MESSAGES) as MessageName[];
const STRANGER = '203.0.113.9';
const MOST = 3;
const TEN_MINUTES = 600_000;

function pathFrom(peerAddress: string, transport: Transport): Path {
  const port = transport === 'ip' ? 0 : 1701;
  const ends = { localAddress: SERVER, localPort: port, peerAddress, peerPort: port };
  return transport === 'ip' ? { transport, ...ends } : ends;
}

interface First {
  readonly name: string;
  readonly octets: Uint8Array;
}

/** Everything that can be the first packet somebody sends. */
function firstPackets(transport: Transport): First[] {
  const path = pathFrom(STRANGER, transport);
  const packets: First[] = [];
  const add = (name: string, message: Uint8Array) => packets.push({ name, octets: framed(path, message) });
  for (const name of NAMES) {
    for (const connectionId of [0, 1, 0xdeadbeef]) {
      const message = encodeMessage(name, WELL_FORMED[name] as AttributesOf<typeof name>);
      writeControlHeader(message, connectionId, 0, 0);
      add(`${name} to ${connectionId}`, message);
      if (connectionId !== 0) continue;
      // Half of it, with a length that is true, and half of it with one that is not.
      for (const end of [message.length >> 1, message.length - 1]) {
        const cut = message.slice(0, end);
        add(`${name}, cut to ${end}`, cut);
        new DataView(cut.buffer).setUint16(2, end);
        add(`${name} of ${end} octets`, cut.slice());
      }
      const misnumbered = message.slice();
      writeControlHeader(misnumbered, 0, 7, 9);
      add(`${name} with numbers of its own`, misnumbered);
      const signed = encodeMessage(name, WELL_FORMED[name] as AttributesOf<typeof name>, { digestType: 1 });
      writeControlHeader(signed, 0, 0, 0);
      sealMessage(signed, { hash: 'sha1', secret: new TextEncoder().encode('wrong') }, NONE);
      add(`${name} with the digest of another secret`, signed);
      const older = message.slice();
      older[1] = 2;
      add(`${name} of version 2`, older);
      const newer = message.slice();
      newer[1] = 9;
      add(`${name} of version 9`, newer);
      const mandatory = Uint8Array.of(...message, 0x80, 6, 0, 0, 3, 0xe7);
      writeControlHeader(mandatory, 0, 0, 0);
      add(`${name} with an unknown mandatory AVP`, mandatory);
    }
  }
  for (const length of [0, 1, 4, 8, 60, 1400]) {
    packets.push({
      name: `data, ${length}`,
      octets: encodeDataMessage(path, 1 + length, COOKIE, 0, new Uint8Array(length)),
    });
    packets.push({ name: `zeros, ${length}`, octets: new Uint8Array(length) });
    packets.push({ name: `ones, ${length}`, octets: new Uint8Array(length).fill(255) });
  }
  return packets;
}

const NONE = { sender: new Uint8Array(0), receiver: new Uint8Array(0) };
const COOKIE = new Uint8Array(4);

/** A router whose pseudowire is shut: it calls nobody, and whatever leaves it is an answer. */
function router(transport: Transport, secret: string | false): { world: World; node: Node } {
  const world = new World(1);
  const configuration = wireEnd('peer2', { transport, secret });
  configuration.interfaces.get('Virtual-PPP1')!.shutdown = true;
  return { world, node: world.add('peer2', SERVER, configuration) };
}

for (const transport of ['udp', 'ip'] as const) {
  for (const secret of ['tunn3l', false] as const) {
    test(`over ${transport}, ${secret === false ? 'without' : 'with'} digests: at most three times what came in`, () => {
      let worst = 0;
      let answered = 0;
      for (const source of [STRANGER, CLIENT]) {
        for (const { name, octets } of firstPackets(transport)) {
          const { world, node } = router(transport, secret);
          world.run(10_000);
          assert.equal(node.sentOctets, 0, 'it calls nobody');
          world.input(node, { on: 'datagram', path: pathFrom(source, transport), octets });
          world.run(world.now + TEN_MINUTES);
          assert.ok(node.sentOctets <= MOST * octets.length, `${name}: ${node.sentOctets} for ${octets.length}`);
          if (node.sentOctets > 0) answered++;
          worst = Math.max(worst, node.sentOctets / Math.max(octets.length, 1));
          assert.equal(node.router.view(0).tunnels.length, 0, `${name} leaves nothing behind`);
        }
      }
      assert.ok(answered > 0 && worst > 0, 'some are answered');
    });
  }
}

test('where a pseudowire waits for the peer, between two attempts of its own: at most three times as well', () => {
  for (const transport of ['udp', 'ip'] as const) {
    const answers = new Map<string, number>();
    for (const { name, octets } of firstPackets(transport)) {
      const world = new World(1);
      const node = world.add('peer2', SERVER, wireEnd('peer2', { transport, secret: false }));
      assert.ok(world.run(60_000, () => node.logs.some((line) => line.includes('is unreachable'))));
      const before = node.sentOctets;
      world.input(node, { on: 'datagram', path: pathFrom(CLIENT, transport), octets });
      world.run(world.now + 900);
      const drawn = node.sentOctets - before;
      assert.ok(drawn <= MOST * octets.length, `${name}: ${drawn} for ${octets.length}`);
      answers.set(name, drawn);
    }
    assert.ok(answers.get('SCCRQ to 0')! > 0, 'a good one is answered');
  }
});
