// CCP against a peer whose every packet is written by hand: what is asked for and taken, what is refused and how that is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CcpSettings } from '../../src/ppp/events.ts';
import { Code } from '../../src/ppp/packet.ts';
import { ackCcp, authenticated, ccpOf, mppe, plain, REQUIRED, STATEFUL_128, STATELESS_128, told } from './ccp-peer.ts';
import { ADDRESS, type HandMadePeer, hexOf } from './hand-made-peer.ts';

test('RFC 3078 §2.1: what is asked for', () => {
  const asked: readonly (readonly [CcpSettings, string])[] = [
    [mppe(), '120601000040'],
    [mppe({ stateful: true }), '120600000040'],
    [mppe({ offered: [40], strengths: [40] }), '120601000020'],
    [mppe({ offered: [128, 56, 40], strengths: [128, 56, 40] }), '1206010000e0'],
    [{ ...mppe(), mppc: true }, '120601000041'],
    [{ mppe: undefined, mppc: true }, '120600000001'],
  ];
  for (const [ccp, option] of asked) assert.deepEqual(ccpOf(authenticated(ccp)), [[Code.ConfigureRequest, option]]);
});

test('C124 passive: nothing is asked for before the peer asks, and then it is', () => {
  const peer = authenticated(mppe({ demand: 'passive' }));
  assert.deepEqual(ccpOf(peer.wait(5000)), []);
  peer.send('CCP', Code.ConfigureRequest, 1, '1a04 7800');
  assert.deepEqual(ccpOf(peer), [
    [Code.ConfigureRequest, ''],
    [Code.ConfigureReject, '1a047800'],
  ]);
  const asked = authenticated(mppe({ demand: 'passive' })).send('CCP', Code.ConfigureRequest, 1, STATELESS_128);
  assert.deepEqual(ccpOf(asked), [
    [Code.ConfigureRequest, plain(STATELESS_128)],
    [Code.ConfigureAck, plain(STATELESS_128)],
  ]);
});

test('RFC 3078 §2.1: what the peer may have, in one Nak with one strength', () => {
  const all = mppe({ strengths: [128, 56, 40] });
  const answers: readonly (readonly [CcpSettings, string, code: number, answer: string])[] = [
    [all, '01000040', Code.ConfigureAck, '01000040'],
    [all, '01000020', Code.ConfigureAck, '01000020'],
    [all, '01000080', Code.ConfigureAck, '01000080'],
    // Windows asks for all there is.
    [all, '010000e1', Code.ConfigureNak, '01000040'],
    [all, '010000a0', Code.ConfigureNak, '01000080'],
    [all, '01000050', Code.ConfigureNak, '01000040'],
    [all, '81000040', Code.ConfigureNak, '01000040'],
    [mppe(), '01000020', Code.ConfigureNak, '01000040'],
    [mppe(), '010000a0', Code.ConfigureNak, '01000040'],
    [mppe(), '00000000', Code.ConfigureNak, '01000040'],
    [mppe(), '00000001', Code.ConfigureNak, '01000040'],
    [{ ...mppe(), mppc: true }, '01000041', Code.ConfigureAck, '01000041'],
    [mppe(), '00000040', Code.ConfigureNak, '01000040'],
    [mppe({ stateful: true }), '01000040', Code.ConfigureNak, '00000040'],
    [mppe({ stateful: true }), '00000040', Code.ConfigureAck, '00000040'],
    [{ mppe: undefined, mppc: true }, '00000001', Code.ConfigureAck, '00000001'],
    [{ mppe: undefined, mppc: true }, '010000e1', Code.ConfigureNak, '00000001'],
    [{ mppe: undefined, mppc: true }, '01000040', Code.ConfigureReject, '01000040'],
  ];
  for (const [ccp, asked, code, answer] of answers) {
    const peer = authenticated(ccp);
    peer.received();
    peer.send('CCP', Code.ConfigureRequest, 1, `1206 ${asked}`);
    assert.deepEqual(ccpOf(peer), [[code, `1206${answer}`]], `${JSON.stringify(ccp)} ${asked}`);
  }
});

test('a length that option 18 cannot have is answered by what it should be', () => {
  for (const option of ['1202', '1205 010000', '1207 0100004000']) {
    const peer = authenticated(REQUIRED);
    peer.received();
    assert.deepEqual(ccpOf(peer.send('CCP', Code.ConfigureRequest, 1, option)), [
      [Code.ConfigureNak, plain(STATELESS_128)],
    ]);
  }
});

test('RFC 1962 §4: other compressions are rejected, and MPPE is asked for in their place', () => {
  const peer = authenticated(mppe());
  peer.received();
  peer.send('CCP', Code.ConfigureRequest, 1, '1a04 7800 1804 7800 1503 2f 1206 01000040');
  assert.deepEqual(ccpOf(peer), [[Code.ConfigureReject, '1a0478001804780015032f']]);
  peer.send('CCP', Code.ConfigureRequest, 2, '');
  assert.deepEqual(ccpOf(peer), [[Code.ConfigureNak, plain(STATELESS_128)]]);
});

test('no keys: MPPE is rejected, and the link goes on in clear where it may', () => {
  const peer = authenticated(mppe(), 'none');
  assert.deepEqual(ccpOf(peer), []);
  peer.send('CCP', Code.ConfigureRequest, 1, STATELESS_128);
  assert.deepEqual(ccpOf(peer), [
    [Code.ConfigureRequest, ''],
    [Code.ConfigureReject, plain(STATELESS_128)],
  ]);
  assert.equal(peer.linkEnd, undefined);
});

test('no CCP configured: Protocol-Reject, and a peer that hangs up for it is understood', () => {
  const peer = authenticated(undefined);
  peer.received();
  peer.send('CCP', Code.ConfigureRequest, 1, STATELESS_128);
  assert.deepEqual(
    peer.received().map(({ protocol, code, data }) => [protocol, code, data.slice(0, 4)]),
    [['LCP', Code.ProtocolReject, '80fd']],
  );
  peer.send('LCP', Code.TerminateRequest, 9, hexOf('MPPE required but peer negotiation failed')).wait(10_000);
  assert.match(peer.linkEnd!.message, /"MPPE required but peer negotiation failed"; it had asked for encryption/);
});

test('RFC 3078 §10: where encryption is asked for, IPCP waits for CCP', () => {
  for (const [ccp, waits] of [
    [mppe(), true],
    [REQUIRED, true],
    [mppe({ demand: 'passive' }), false],
    [{ mppe: undefined, mppc: true }, false],
    [undefined, false],
  ] as const) {
    const peer = authenticated(ccp);
    const isAsked = peer.received().some(({ protocol }) => protocol === 'IPCP');
    assert.equal(isAsked, !waits, JSON.stringify(ccp));
    // What the peer says meanwhile is kept, not refused: a Terminate-Ack would make MikroTik hang up.
    peer.send('IPCP', Code.ConfigureRequest, 3, ADDRESS);
    if (waits) assert.deepEqual(peer.received(), []);
  }
});

test('RFC 3078 §10: a peer that does not answer CCP is waited for, and no longer, unless it is required', () => {
  const peer = authenticated(mppe()).wait(3000);
  assert.ok(!peer.received().some(({ protocol }) => protocol === 'IPCP'));
  peer.wait(1001);
  assert.ok(peer.received().some(({ protocol }) => protocol === 'IPCP'));
  const required = authenticated(REQUIRED).wait(60_000);
  assert.ok(!required.received().some(({ protocol }) => protocol === 'IPCP'));
  assert.deepEqual([required.linkEnd?.cause, required.linkEnd?.side], ['encryption-required', 'local']);
  assert.match(required.linkEnd!.message, /does not answer CCP/);
});

test('IPCP that came too early is answered as soon as CCP is open', () => {
  const peer = authenticated(REQUIRED).send('IPCP', Code.ConfigureRequest, 3, ADDRESS);
  ackCcp(peer).send('CCP', Code.ConfigureRequest, 1, STATELESS_128);
  const ipcp = peer.received().filter(({ protocol }) => protocol === 'IPCP');
  assert.deepEqual(
    ipcp.map(({ code, identifier }) => [code, identifier]),
    [
      [Code.ConfigureRequest, 1],
      [Code.ConfigureAck, 3],
    ],
  );
});

test('CCP that overtook the end of authentication is answered when that is over', () => {
  const early = `ff03 80fd 01 01 000a ${STATELESS_128}`;
  const peer = authenticated(REQUIRED, 'ms-chap-v2', early);
  assert.deepEqual(ccpOf(peer), [
    [Code.ConfigureRequest, plain(STATELESS_128)],
    [Code.ConfigureAck, plain(STATELESS_128)],
  ]);
});

test('each way out of a required encryption has its sentence', () => {
  const ways: readonly (readonly [string, (peer: HandMadePeer) => void, RegExp])[] = [
    [
      'the peer does not know CCP',
      (peer) => peer.send('LCP', Code.ProtocolReject, 9, '80fd 0101'),
      /rejects CCP as a whole/,
    ],
    ['one octet of protocol', (peer) => peer.send('LCP', Code.ProtocolReject, 9, 'fd'), /./],
    ['the peer rejects MPPE', (peer) => reply(peer, Code.ConfigureReject, STATELESS_128), /rejects MPPE/],
    ['40 bits at most', (peer) => reply(peer, Code.ConfigureNak, '1206 01000020'), /offers MPPE 40-bit.*MPPE 128-bit/],
    ['MPPC alone', (peer) => reply(peer, Code.ConfigureNak, '1206 00000001'), /offers no MPPE/],
    [
      'the peer ends CCP',
      (peer) => peer.send('CCP', Code.TerminateRequest, 9),
      /has ended CCP|does not answer|not agree/,
    ],
  ];
  for (const [name, way, words] of ways) {
    const peer = authenticated(REQUIRED);
    way(peer);
    peer.wait(60_000);
    assert.equal(peer.linkEnd?.cause, 'encryption-required', name);
    assert.match(peer.linkEnd!.message, words, name);
    assert.deepEqual(peer.effects('network-up'), [], name);
    // The peer's operator reads it too.
    const terminate = peer
      .received()
      .find(({ protocol, code }) => protocol === 'LCP' && code === Code.TerminateRequest);
    assert.ok(Buffer.from(terminate!.data, 'hex').toString().startsWith('MPPE is required'), name);
  }
});

function reply(peer: HandMadePeer, code: number, option: string): void {
  const request = peer.received().findLast((packet) => packet.protocol === 'CCP' && packet.code === 1)!;
  peer.send('CCP', code, request.identifier, option);
}

test('the same ways, where it is not required, lead to a link in clear', () => {
  for (const way of [
    (peer: HandMadePeer) => peer.send('LCP', Code.ProtocolReject, 9, '80fd 0101'),
    (peer: HandMadePeer) => reply(peer, Code.ConfigureReject, STATELESS_128),
    (peer: HandMadePeer) => reply(peer, Code.ConfigureNak, '1206 01000020'),
  ]) {
    const peer = authenticated(mppe());
    way(peer);
    peer.wait(5000);
    peer.agree('IPCP', ADDRESS).wait(1000);
    assert.equal(peer.effects('network-up').length, 1);
    assert.deepEqual(told(peer), { do: 'compression', transmit: undefined, receive: undefined, required: false });
  }
});

test('one direction alone is none: the peer agrees to ours and wants none', () => {
  for (const [ccp, cause] of [
    [REQUIRED, 'encryption-required'],
    [mppe(), undefined],
  ] as const) {
    const peer = ackCcp(authenticated(ccp));
    for (let identifier = 1; identifier < 8; identifier++) peer.send('CCP', Code.ConfigureRequest, identifier, '');
    assert.ok(
      peer.effects('compression').every(({ transmit, receive }) => transmit === undefined && receive === undefined),
    );
    peer.wait(10_000);
    assert.equal(peer.linkEnd?.cause, cause);
  }
});

test('TP-Link Archer C9: option 18 with all bits zero for ever ends CCP, and the link where MPPE is required', () => {
  for (const [ccp, cause] of [
    [REQUIRED, 'encryption-required'],
    [mppe(), undefined],
  ] as const) {
    const peer = authenticated(ccp);
    for (let identifier = 1; identifier < 40; identifier++) {
      peer.send('CCP', Code.ConfigureRequest, identifier, '1206 00000000').wait(100);
    }
    peer.received();
    peer.wait(20_000);
    assert.equal(peer.linkEnd?.cause, cause);
    assert.ok(ccpOf(peer).length < 10);
  }
});

test('a peer that insists on keeping state gets it; with `stateful` one that insists on none gets that', () => {
  const insists = authenticated(mppe());
  insists.received();
  for (let identifier = 1; identifier < 3; identifier++) {
    insists.send('CCP', Code.ConfigureRequest, identifier, STATEFUL_128);
  }
  assert.deepEqual(ccpOf(insists), [
    [Code.ConfigureNak, plain(STATELESS_128)],
    [Code.ConfigureAck, plain(STATEFUL_128)],
  ]);
  const wishes = authenticated(mppe({ stateful: true }));
  wishes.received();
  for (let identifier = 1; identifier < 4; identifier++) {
    wishes.send('CCP', Code.ConfigureRequest, identifier, STATELESS_128);
  }
  assert.deepEqual(ccpOf(wishes), [
    [Code.ConfigureNak, plain(STATEFUL_128)],
    [Code.ConfigureNak, plain(STATEFUL_128)],
    [Code.ConfigureAck, plain(STATELESS_128)],
  ]);
});

test('a Nak or a Reject of what we did not ask for changes nothing', () => {
  const peer = authenticated(REQUIRED);
  const { identifier } = peer.received().findLast(({ protocol }) => protocol === 'CCP')!;
  peer
    .send('CCP', Code.ConfigureReject, identifier, '1a04 7800')
    .send('CCP', Code.ConfigureNak, identifier + 1, '1206 01000020');
  assert.deepEqual([ccpOf(peer), peer.linkEnd], [[], undefined]);
});
