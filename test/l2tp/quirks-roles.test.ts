// Habits of real peers about whole tunnels: who opens them, how often, and in which role.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PATH, Peer } from './peer.ts';
import { Node, SETTINGS, Wire } from './wire.ts';

describe('SCCRQ, once and again', () => {
  test('SoftEther, a client in a hurry: an SCCRQ five times in two seconds is one tunnel, and each is acknowledged', () => {
    const peer = new Peer();
    const octets = peer.craft('SCCRQ', {}, { tunnelId: 0 });
    peer.datagram(octets);
    const { tunnel } = peer.of('authorize-tunnel')[0]!;
    peer.input({ on: 'authorize-tunnel', tunnel, settings: SETTINGS });
    for (let time = 0; time < 4; time++) {
      peer.pass(500);
      peer.datagram(octets);
      assert.deepEqual([peer.names, peer.drops, peer.of('authorize-tunnel')], [['ZLB'], ['duplicate'], []]);
    }
    assert.equal([...peer.endpoint.tunnels()].length, 1);
  });

  test('a late one after the tunnel is up is still a duplicate, and harms nothing', () => {
    const peer = new Peer();
    const octets = peer.craft('SCCRQ', {}, { tunnelId: 0 });
    peer.call();
    peer.datagram(octets);
    assert.equal([...peer.endpoint.tunnels()].length, 1);
    assert.equal(peer.endpoint.tunnel(peer.tunnel)?.state, 'established');
  });

  test('a client that began anew with the same number gets a new tunnel', () => {
    const peer = new Peer();
    const octets = peer.craft('SCCRQ', {}, { tunnelId: 0 });
    peer.call();
    peer.pass(10_000);
    peer.datagram(octets);
    assert.equal(peer.of('authorize-tunnel').length, 1);
  });

  test('one that was refused, has acknowledged that and calls again is asked about again', () => {
    const peer = new Peer();
    const octets = peer.craft('SCCRQ', {}, { tunnelId: 0 });
    peer.datagram(octets);
    const { tunnel } = peer.of('authorize-tunnel')[0]!;
    peer.input({ on: 'refuse-tunnel', tunnel, resultCode: 4 });
    peer.datagram(octets);
    assert.deepEqual(peer.of('authorize-tunnel'), []);
    peer.zlb({ tunnelId: tunnel, ns: 1, nr: 1 });
    peer.datagram(octets);
    assert.equal(peer.of('authorize-tunnel').length, 1);
  });

  test('two Windows clients behind one NAT: the same address, port and tunnel number, but two SCCRQs: two tunnels', () => {
    const peer = new Peer();
    const first = peer.craft('SCCRQ', { HostName: 'one' }, { tunnelId: 0 });
    const second = peer.craft('SCCRQ', { HostName: 'two' }, { tunnelId: 0 });
    for (const octets of [first, second]) {
      peer.datagram(octets);
      assert.equal(peer.of('authorize-tunnel').length, 1);
    }
    for (const octets of [first, second]) {
      peer.datagram(octets);
      assert.deepEqual(peer.of('authorize-tunnel'), []);
    }
    assert.equal([...peer.endpoint.tunnels()].length, 2);
  });

  test('the StopCCN of a client that never heard our number is found by its own', () => {
    const peer = new Peer();
    peer.request();
    peer.input({ on: 'authorize-tunnel', tunnel: peer.tunnel, settings: SETTINGS });
    peer.send('StopCCN', {}, { tunnelId: 0, nr: 0 });
    assert.equal(peer.of('tunnel-down')[0]?.end.side, 'peer');
    peer.send('StopCCN', { AssignedTunnelId: 555 }, { tunnelId: 0 });
    assert.deepEqual(peer.drops, ['tunnel-id-zero']);
  });

  test('an SCCRQ without a Tunnel ID to answer to gets silence, and makes no tunnel', () => {
    const peer = new Peer();
    peer.send('SCCRQ', {}, { tunnelId: 0, without: ['AssignedTunnelId'] });
    assert.deepEqual([peer.drops, peer.names, [...peer.endpoint.tunnels()]], [['sccrq-malformed'], [], []]);
  });

  test('one that is malformed otherwise gets its StopCCN, at its own Tunnel ID', () => {
    const peer = new Peer();
    peer.send('SCCRQ', {}, { tunnelId: 0, without: ['FramingCapabilities'] });
    const [stop] = peer.sent;
    assert.deepEqual([stop?.name, stop?.tunnelId, stop?.attributes.ResultCode?.resultCode], ['StopCCN', 77, 2]);
    assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'protocol');
  });

  test('an SCCRQ must have Ns 0 and acknowledge nothing', () => {
    for (const wrong of [{ ns: 1 }, { nr: 1 }]) {
      const peer = new Peer();
      peer.send('SCCRQ', {}, { tunnelId: 0, ...wrong });
      assert.deepEqual([peer.drops, peer.names], [['sccrq-sequence'], []]);
    }
  });

  test('D-Link DIR-300: Tunnel ID 0 after the SCCRP, taken by its source where that is allowed', () => {
    for (const acceptTunnelIdZero of [true, false]) {
      const peer = new Peer({ acceptTunnelIdZero });
      peer.request();
      peer.input({ on: 'authorize-tunnel', tunnel: peer.tunnel, settings: SETTINGS });
      peer.send('SCCCN', {}, { tunnelId: 0 });
      assert.equal(peer.of('tunnel-up').length, acceptTunnelIdZero ? 1 : 0);
      assert.deepEqual(peer.drops, acceptTunnelIdZero ? [] : ['tunnel-id-zero']);
      peer.send('HELLO', {}, { tunnelId: 0, path: { ...PATH, peerPort: 9 } });
      assert.deepEqual(peer.drops, ['tunnel-id-zero']);
    }
  });
});

describe('both roles, many calls', () => {
  test('SoftEther: server and client in one process, with the same peer', () => {
    const a = new Node('10.0.0.1', { seed: 1, accept: SETTINGS });
    const b = new Node('10.0.0.2', { seed: 2, accept: SETTINGS });
    const wire = new Wire([a, b]);
    wire.openCall(a, wire.openTunnel(a, b));
    wire.openCall(b, wire.openTunnel(b, a));
    wire.run(500);
    assert.deepEqual([a.all('call-up').length, b.all('call-up').length], [2, 2]);
  });

  test('accel-ppp’s ICRQ storm: a window of 1 and a hundred calls, all come up, one message at a time', () => {
    const a = new Node('10.0.0.1', { seed: 1 });
    const b = new Node('10.0.0.2', { seed: 2, accept: { ...SETTINGS, receiveWindowSize: 1 } });
    const wire = new Wire([a, b]);
    const tunnel = wire.openTunnel(a, b);
    for (let n = 0; n < 100; n++) wire.openCall(a, tunnel);
    wire.run(5000);
    assert.deepEqual([a.all('call-up').length, b.all('call-up').length], [100, 100]);
    assert.equal(a.endpoint.tunnel(tunnel)?.channel.resendQueueMax, 1);
    assert.equal(a.endpoint.tunnel(tunnel)?.channel.resends, 0);
  });

  test('LNSs that say nothing at shutdown are not us: a StopCCN on each of a hundred tunnels', () => {
    const node = new Node('10.0.0.1', { seed: 1, accept: SETTINGS });
    const clients = Array.from({ length: 100 }, (_, n) => new Node(`10.0.1.${n}`, { seed: n + 9 }));
    const wire = new Wire([node, ...clients]);
    for (const client of clients) wire.openTunnel(client, node);
    wire.run(500);
    for (const { tunnel } of [...node.endpoint.tunnels()]) {
      wire.input(node, { on: 'close-tunnel', tunnel, resultCode: 6 });
    }
    assert.equal(node.endpoint.unacknowledged, 100);
    wire.run(600);
    assert.equal(node.endpoint.unacknowledged, 0);
    assert.ok(clients.every((client) => client.last('tunnel-down')?.end.resultCode === 6));
  });

  test('Android asleep for 20 seconds: the call lives', () => {
    const a = new Node('10.0.0.1', { seed: 1 });
    const b = new Node('10.0.0.2', { seed: 2, accept: { ...SETTINGS, helloInterval: 5000 } });
    const wire = new Wire([a, b]);
    wire.openCall(a, wire.openTunnel(a, b));
    wire.run(500);
    a.up = false;
    wire.run(20_000);
    a.up = true;
    wire.run(40_000);
    assert.equal(b.all('tunnel-down').length, 0);
    assert.ok(wire.log.some(({ from, octets }) => from === b && octets[19] === 6));
  });
});

function _lns() {
  const peer = new Peer();
  peer.call();
  return { peer, session: peer.bringCall() };
}

function _lac() {
  const peer = new Peer();
  peer.beCalled();
  return { peer, session: peer.takeCall() };
}
