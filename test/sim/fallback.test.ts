// RFC 3931 §4.7: two versions on one port. A pseudowire of L2TPv3 whose peer does not answer falls back to L2TPv2 and says so; an
// SCCRQ that speaks both is answered in the version that is configured for its sender.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeAvp, encodeAvp } from '../../src/l2tp/avp.ts';
import { CONTROL_HEADER_LENGTH, writeControlHeader } from '../../src/l2tp/v3/header.ts';
import { nameOfMessage } from '../../src/l2tp/v3/message.ts';
import type { Configuration } from '../../src/vpdn/configuration.ts';
import { ByteReader, ByteWriter } from '../../src/wire/bytes.ts';
import { CLIENT, clear, guideServer, SERVER } from './guide.ts';
import { addEnds, areJoined, said, wireEnd } from './pseudowires.ts';
import { type Node, World } from './world.ts';

const FALLBACK = /%VPDN-5-FALLBACK: Virtual-PPP1: no answer to L2TPv3 from \S+, falling back to L2TPv2/;

/** A client of the guide's L2TPv3 example over UDP; it knows a password for tunnels, and no digest secret. */
function client(change: (configuration: Configuration) => void = () => {}): Configuration {
  const configuration = wireEnd('peer1', { transport: 'udp', secret: false });
  const l2tpClass = configuration.l2tpClasses.get('l2tpclass1')!;
  Object.assign(l2tpClass, { authentication: true, password: clear('tunn3l') });
  change(configuration);
  return configuration;
}

function versionOf(octets: Uint8Array): number {
  return octets[1]! & 0x0f;
}

/** A network whose one server is so old that it drops what is not of L2TPv2. */
function withOldServer(configuration: Configuration, seed = 1): { world: World; one: Node; server: Node } {
  const world = new World(seed);
  world.carries = (octets, to) => to !== SERVER || versionOf(octets) === 2;
  const server = world.add('peer2', SERVER, guideServer());
  return { world, one: world.add('peer1', CLIENT, configuration), server };
}

function isUp(node: Node): boolean {
  return node.router
    .view(0)
    .interfaces.some(({ name, lineProtocol }) => name === 'Virtual-PPP1' && lineProtocol === 'up');
}

function fallbacks(node: Node): number {
  return node.logs.filter((line) => FALLBACK.test(line)).length;
}

test('a server of L2TPv2 alone is reached by L2TPv2, with the tunnel authenticated, and the log says so', () => {
  const { world, one, server } = withOldServer(client());
  assert.ok(
    world.run(60_000, () => isUp(one)),
    said(one, server),
  );
  assert.equal(fallbacks(one), 1);
  const { sessions, tunnels } = one.router.view(0);
  assert.deepEqual([sessions.length, sessions[0]?.pseudowire], [1, undefined]);
  assert.equal(tunnels.find(({ state }) => state === 'established')?.control.authenticated, true);
  world.run(world.now + 300_000);
  assert.ok(isUp(one), 'it stays');
  // The same lines again end nothing.
  assert.equal(one.router.impact(client()).dropped, 0);
});

test('when the call ends, L2TPv3 is tried first again', () => {
  const { world, one } = withOldServer(client());
  assert.ok(world.run(60_000, () => isUp(one)));
  world.input(one, { on: 'clear', what: { kind: 'interface', name: 'Virtual-PPP1' } });
  assert.ok(world.run(world.now + 60_000, () => !isUp(one)));
  const versions: number[] = [];
  world.onWire = (from, octets) => {
    if (from === one && nameOfMessage(octets) === 'SCCRQ') versions.push(versionOf(octets));
  };
  assert.ok(world.run(world.now + 120_000, () => isUp(one)));
  assert.equal(versions[0], 3);
  assert.equal(versions.at(-1), 2);
  assert.equal(fallbacks(one), 2);
});

test('with a digest secret, over IP, for frames of Ethernet or without signaling there is no way back to L2TPv2', () => {
  for (const configuration of [
    client(({ l2tpClasses }) => {
      l2tpClasses.get('l2tpclass1')!.digests = [{ hash: 'sha', secret: clear('tunn3l') }];
    }),
    client(({ pseudowireClasses }) => {
      pseudowireClasses.get('pwclass1')!.ipProtocol = undefined;
    }),
    client(({ interfaces, devices }) => {
      const { pseudowire } = interfaces.get('Virtual-PPP1')!;
      const lan = structuredClone(interfaces.get('Loopback1')!);
      Object.assign(lan, { name: 'Ethernet0/1', kind: 'physical', address: undefined, xconnect: pseudowire });
      interfaces.delete('Virtual-PPP1');
      interfaces.set('Ethernet0/1', lan);
      devices.set('Ethernet0/1', 'eth1');
    }),
  ]) {
    const { world, one } = withOldServer(configuration);
    const versions = new Set<number>();
    world.onWire = (from, octets) => {
      if (from === one) versions.add(versionOf(octets));
    };
    world.run(180_000);
    assert.equal(fallbacks(one), 0, said(one));
    assert.ok(!versions.has(2));
  }
});

test('a peer of L2TPv3 that was not there yet is joined by L2TPv3, whenever it comes', () => {
  for (let late = 0; late <= 60; late += 3) {
    const world = new World(late + 1);
    const one = world.add('peer1', CLIENT, client());
    world.run(late * 1000);
    const other = wireEnd('peer2', { transport: 'udp', secret: false });
    Object.assign(other.l2tpClasses.get('l2tpclass1')!, { authentication: true, password: clear('tunn3l') });
    const two = world.add('peer2', SERVER, other);
    assert.ok(
      world.run(world.now + 120_000, () => areJoined(one, two)),
      `${late} s\n${said(one, two)}`,
    );
    const [session] = one.router.view(0).sessions;
    assert.equal(session?.pseudowire?.circuitType, 'PPP', 'of L2TPv3');
    world.run(world.now + 120_000);
    assert.ok(areJoined(one, two), `${late} s, later\n${said(one, two)}`);
  }
});

/** As a router that speaks both would begin: version 2 in the header, what L2TPv2 wants, what L2TPv3 wants and nobody must know. */
function forBothVersions(sccrq: Uint8Array): Uint8Array {
  const reader = new ByteReader(sccrq, CONTROL_HEADER_LENGTH);
  const w = new ByteWriter(256);
  w.zeros(CONTROL_HEADER_LENGTH);
  encodeAvp(w, { ...decodeAvp(reader) });
  for (const [type, value] of [
    [2, [1, 0]],
    [3, [0, 0, 0, 3]],
    [9, [0, 77]],
  ] as const) {
    encodeAvp(w, { mandatory: true, hidden: false, vendorId: 0, type, value: Uint8Array.from(value) });
  }
  while (reader.remaining > 0) {
    const avp = decodeAvp(reader);
    // The one that is called calls as well: this tie breaker wins.
    const value = avp.type === 5 ? new Uint8Array(8) : avp.value;
    encodeAvp(w, { ...avp, value, mandatory: avp.type < 58 && avp.mandatory });
  }
  const message = w.finish();
  writeControlHeader(message, 0, 0, 0);
  message[1] = 2;
  return message;
}

function sccrqOf(configuration: Configuration): Uint8Array {
  let first: Uint8Array | undefined;
  const world = new World(9);
  world.onWire = (_, octets) => {
    first ??= octets.slice();
  };
  world.add('peer1', CLIENT, configuration);
  assert.ok(first !== undefined);
  return first;
}

test('an SCCRQ for both versions is answered in version 3 where a pseudowire waits, else in version 2', () => {
  const octets = forBothVersions(sccrqOf(wireEnd('peer1', { transport: 'udp', secret: false })));
  const path = { localAddress: SERVER, localPort: 1701, peerAddress: CLIENT, peerPort: 1701 };
  const server = guideServer();
  server.vpdnGroups.get('l2tpgroup1')!.l2tp.authentication = false;
  for (const [configuration, version] of [
    [wireEnd('peer2', { transport: 'udp', secret: false }), 3],
    [server, 2],
  ] as const) {
    const world = new World(3);
    const two = world.add('peer2', SERVER, configuration);
    world.run(20_000);
    const answers: string[] = [];
    world.onWire = (_, answer) => answers.push(`${nameOfMessage(answer)} ${versionOf(answer)}`);
    world.input(two, { on: 'datagram', path, octets });
    world.run(world.now + 10);
    assert.ok(answers.includes(`SCCRP ${version}`), `${answers}`);
  }
});

test('two routers that speak both, one of which is old: the same lines on the new one serve either', () => {
  const world = new World(1);
  const { one, two } = addEnds(world, { transport: 'udp', secret: false });
  assert.ok(
    world.run(10_000, () => areJoined(one, two)),
    said(one, two),
  );
  assert.equal(fallbacks(one) + fallbacks(two), 0);
});
