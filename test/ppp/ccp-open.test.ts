// CCP that is open: resets, copies that come late, who ends the encryption of a link, and what anybody may write into it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CcpCode } from '../../src/ppp/ccp.ts';
import { encodeFrame, Protocol } from '../../src/ppp/frame.ts';
import { Code, encodePacket } from '../../src/ppp/packet.ts';
import { formatHex } from '../../src/wire/values.ts';
import {
  ackCcp,
  authenticated,
  ccpOf,
  encrypted,
  mppe,
  plain,
  prove,
  REQUIRED,
  STATEFUL_128,
  STATELESS_128,
  told,
} from './ccp-peer.ts';
import { ADDRESS, type HandMadePeer, MAGIC, octetsOf } from './hand-made-peer.ts';

test('RFC 3078 §8.2: a lost packet is told by one Reset-Request, again after a while, never in a flood', () => {
  const peer = encrypted(mppe({ stateful: true }), STATEFUL_128);
  for (let count = 0; count < 100; count++) peer.end.input({ on: 'compression-lost' }, peer.now);
  const [first, ...rest] = peer.received();
  assert.deepEqual([first?.protocol, first?.code, first?.data, rest], ['CCP', CcpCode.ResetRequest, '', []]);
  peer.wait(1000).end.input({ on: 'compression-lost' }, peer.now);
  const [second] = peer.received();
  assert.equal(second?.code, CcpCode.ResetRequest);
  assert.notEqual(second.identifier, first?.identifier);
});

test('RFC 1962 §5.2: a Reset-Request is acknowledged, and what we send begins anew; a flood of them costs little', () => {
  const peer = encrypted(mppe({ stateful: true }), STATEFUL_128);
  peer.send('CCP', CcpCode.ResetRequest, 5).send('CCP', CcpCode.ResetRequest, 5);
  assert.deepEqual([ccpOf(peer), peer.effects('compression-flush').length], [[[CcpCode.ResetAck, '']], 1]);
  for (let count = 0; count < 1000; count++) peer.send('CCP', CcpCode.ResetRequest, count & 0xff).wait(1);
  assert.ok(peer.effects('compression-flush').length <= 101);
  peer.received();
  peer.send('CCP', CcpCode.ResetAck, 5);
  assert.deepEqual([peer.received(), peer.end.link.ccpState], [[], 'Opened']);
});

test('resets are nothing while CCP is not open, and no reason to reject a code', () => {
  const peer = authenticated(REQUIRED);
  peer.received();
  peer.send('CCP', CcpCode.ResetRequest, 5).send('CCP', CcpCode.ResetAck, 5);
  peer.end.input({ on: 'compression-lost' }, peer.now);
  assert.deepEqual([peer.received(), peer.effects('compression-flush'), peer.drops('ccp-not-open')], [[], [], 2]);
});

test('RFC 1661 §5.6: another code is rejected', () => {
  const peer = encrypted();
  peer.send('CCP', 16, 5, '0102');
  assert.deepEqual(ccpOf(peer), [[Code.CodeReject, '100500060102']]);
});

test('a copy of the request that was acknowledged is acknowledged again, and the encryption goes on', () => {
  const peer = encrypted();
  const before = peer.effects('compression').length;
  peer.send('CCP', Code.ConfigureRequest, 1, STATELESS_128);
  assert.deepEqual(ccpOf(peer), [[Code.ConfigureAck, plain(STATELESS_128)]]);
  // The same under the next Identifier, by a peer whose Ack of ours came before ours of its.
  peer.send('CCP', Code.ConfigureRequest, 2, STATELESS_128);
  assert.deepEqual(ccpOf(peer), [[Code.ConfigureAck, plain(STATELESS_128)]]);
  peer.send('CCP', Code.ConfigureRequest, 1, '1206 010000e1');
  assert.deepEqual([ccpOf(peer), peer.drops('ccp-late-request')], [[], 1]);
  assert.deepEqual([peer.effects('compression').length, peer.end.link.ccpState], [before, 'Opened']);
});

test('a request that is no copy begins CCP anew, and so LCP as well: no key is used twice', () => {
  for (const [identifier, option, delay] of [
    [2, STATEFUL_128, 0],
    [1, STATEFUL_128, 0],
    [2, STATELESS_128, 60_000],
    [1, STATELESS_128, 60_000],
  ] as const) {
    const peer = encrypted();
    const [key] = peer
      .effects('compression')
      .flatMap(({ transmit }) => (transmit?.mppe ? [transmit.mppe.startKey] : []));
    peer.wait(delay).send('CCP', Code.ConfigureRequest, identifier, option);
    // The network is down before anything may pass in clear.
    const kinds = peer.end.effects.slice(-12).map((effect) => effect.do);
    assert.ok(kinds.lastIndexOf('network-down') < kinds.lastIndexOf('compression'), kinds.join(' '));
    assert.equal(told(peer)?.required, true);
    assert.equal(peer.end.link.phase, 'ESTABLISHING');
    peer.agree('LCP', MAGIC);
    prove(peer);
    ackCcp(peer).send('CCP', Code.ConfigureRequest, 9, STATELESS_128);
    const last = told(peer)!.transmit!.mppe!.startKey;
    assert.notDeepEqual(last, key);
    peer.agree('IPCP', ADDRESS);
    assert.equal(peer.effects('network-up').length, 2);
  }
});

test('CCP that the peer terminates, or rejects, or 00FD: nothing passes in clear', () => {
  for (const end of [
    (peer: HandMadePeer) => peer.send('CCP', Code.TerminateRequest, 9),
    (peer: HandMadePeer) => peer.send('LCP', Code.ProtocolReject, 9, '80fd 0101'),
    (peer: HandMadePeer) => peer.send('LCP', Code.ProtocolReject, 9, '00fd 9000'),
  ]) {
    for (const ccp of [REQUIRED, mppe()]) {
      const peer = encrypted(ccp);
      end(peer);
      assert.deepEqual([peer.end.link.phase, peer.end.link.ipcpState], ['ESTABLISHING', 'Starting']);
      assert.equal(peer.effects('network-down').length, 1);
    }
  }
});

test('a peer, or whoever writes in its name, that begins CCP anew again and again is left', () => {
  const peer = encrypted();
  let rounds = 0;
  while (peer.linkEnd === undefined && rounds++ < 10) {
    peer.send('CCP', Code.ConfigureRequest, 77, STATEFUL_128);
    if (peer.end.link.phase !== 'ESTABLISHING') {
      peer.wait(10_000);
      continue;
    }
    peer.agree('LCP', MAGIC);
    prove(peer);
    ackCcp(peer).send('CCP', Code.ConfigureRequest, 9, STATELESS_128);
  }
  assert.equal(rounds, 4);
  assert.deepEqual([peer.linkEnd?.cause, peer.linkEnd?.side], ['encryption-required', 'peer']);
});

test('R-182: a stateful session goes on stateless, with other keys, although `stateful` says nothing else', () => {
  const peer = encrypted(mppe({ stateful: true, demand: 'required' }), STATEFUL_128);
  peer.end.input({ on: 'compression-stateless' }, peer.now);
  assert.ok(peer.end.link.isStatelessOnly);
  peer.agree('LCP', MAGIC);
  prove(peer);
  assert.deepEqual(ccpOf(peer), [[Code.ConfigureRequest, plain(STATELESS_128)]]);
  peer.send('CCP', Code.ConfigureRequest, 9, STATEFUL_128);
  assert.deepEqual(ccpOf(peer), [[Code.ConfigureNak, plain(STATELESS_128)]]);
});

test('R-182: what is stateless, or not encrypted, is left alone', () => {
  for (const peer of [encrypted(), authenticated(undefined), authenticated(mppe())]) {
    peer.end.input({ on: 'compression-stateless' }, peer.now);
    assert.deepEqual([peer.drops('compression-not-stateful'), peer.end.link.phase], [1, 'UP']);
  }
});

test('debug ppp negotiation spells CCP out', () => {
  const lines = encrypted(mppe({ strengths: [128, 40], offered: [128, 40] })).end.lines.filter((line) =>
    line.startsWith('CCP'),
  );
  assert.ok(lines.includes('CCP: O CONFREQ [Closed] id 1 len 10'), lines.join('\n'));
  assert.ok(lines.includes('CCP:    MS-PPC supported bits 0x01000060, MPPE 128/40-bit stateless (0x120601000060)'));
  assert.ok(lines.includes('CCP:    MS-PPC supported bits 0x01000040, MPPE 128-bit stateless (0x120601000040)'));
  assert.ok(lines.includes('CCP: State is Open'));
});

const packets = fc.oneof(
  fc
    .tuple(
      fc.integer({ min: 0, max: 16 }),
      fc.integer({ min: 0, max: 12 }),
      fc.oneof(
        fc.constantFrom(
          '',
          plain(STATELESS_128),
          plain(STATEFUL_128),
          '120600000000',
          '120600000001',
          '1206010000e1',
          '1202',
        ),
        fc.uint8Array({ maxLength: 20 }).map(formatHex),
      ),
    )
    .map(([code, identifier, data]) => encodePacket(code, identifier, octetsOf(data)))
    .map((packet) => encodeFrame(Protocol.CCP, packet, { sendAcfc: false, sendPfc: false })),
  fc.constantFrom('ff03c021080900080 80fd0101', 'ff03c0210809000800fd9000').map((hex) => octetsOf(hex)),
);

test('whatever anybody writes into CCP, what is required is never open in clear, and no key begins twice', () => {
  fc.assert(
    fc.property(fc.array(packets, { maxLength: 40 }), fc.boolean(), (frames, opened) => {
      const peer = opened ? encrypted() : authenticated(REQUIRED);
      for (const frame of frames) peer.frame(frame);
      peer.wait(1000);
      let isEncrypted = false;
      const keys = new Map<string, number>();
      for (const effect of peer.end.effects) {
        if (effect.do === 'network-up') assert.ok(isEncrypted);
        if (effect.do !== 'compression') continue;
        assert.ok(effect.required);
        isEncrypted = effect.transmit?.mppe !== undefined && effect.receive?.mppe !== undefined;
        if (effect.transmit?.mppe === undefined) continue;
        const key = formatHex(effect.transmit.mppe.startKey);
        assert.equal(keys.get(key) ?? effect.transmit.generation, effect.transmit.generation);
        keys.set(key, effect.transmit.generation);
      }
    }),
    { numRuns: 500, seed: 1962 },
  );
});
