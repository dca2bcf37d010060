// CCP against a peer whose every packet is written by hand: what is asked for and taken, what is refused and how that is told,
// resets, copies that come late, and who ends the encryption of a link.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { challengeHash, challengeResponse, ntPasswordHash } from '../../src/crypto/mschap.ts';
import { CcpCode } from '../../src/ppp/ccp.ts';
import type { CcpSettings, LinkSettings, MppeSettings } from '../../src/ppp/events.ts';
import { encodeFrame, Protocol } from '../../src/ppp/frame.ts';
import { Code, encodePacket } from '../../src/ppp/packet.ts';
import { formatHex } from '../../src/wire/values.ts';
import { ADDRESS, HandMadePeer, hexOf, MAGIC, OWN_ADDRESS, octetsOf } from './hand-made-peer.ts';

const HASH = ntPasswordHash(new TextEncoder().encode('clientPass'));
const THEIRS = '21402324255e262a28295f2b3a337c7e';
/** Option 18: H and one strength. */
const STATELESS_128 = '1206 01000040';
const STATEFUL_128 = '1206 00000040';

function mppe(changes: Partial<MppeSettings> = {}): CcpSettings {
  const all: MppeSettings = { offered: [128], strengths: [128], stateful: false, demand: 'active', ...changes };
  return { mppe: all, mppc: false };
}

const REQUIRED = mppe({ demand: 'required' });

/** bob, who has proven himself by MS-CHAP-V2, or by CHAP, of which no keys come; `early` is what he sends before that. */
function authenticated(
  ccp: CcpSettings | undefined,
  how: 'ms-chap-v2' | 'none' = 'ms-chap-v2',
  early = '',
): HandMadePeer {
  const settings: Partial<LinkSettings> = {
    ipcp: OWN_ADDRESS,
    localName: 'lns',
    authenticate: how === 'none' ? [] : [how],
    ...(ccp && { ccp }),
  };
  const peer = new HandMadePeer({ settings, secrets: { bob: 'clientPass' } }).up().agree('LCP', MAGIC);
  if (early !== '') peer.frame(early);
  if (how !== 'none') prove(peer);
  return peer;
}

function prove(peer: HandMadePeer): void {
  const { identifier, data } = peer.received().findLast((packet) => packet.protocol === 'CHAP' && packet.code === 1)!;
  const hashed = challengeHash(octetsOf(THEIRS), octetsOf(data.slice(2, 34)), 'bob');
  const value = `31 ${THEIRS} ${'00'.repeat(8)} ${formatHex(challengeResponse(hashed, HASH))} 00`;
  peer.send('CHAP', 2, identifier, `${value} ${hexOf('bob')}`);
}

/** Packets of CCP alone, code and data. */
function ccpOf(peer: HandMadePeer): [code: number, data: string][] {
  return peer
    .received()
    .filter(({ protocol }) => protocol === 'CCP')
    .map(({ code, data }) => [code, data]);
}

/** Acks our last request of CCP. */
function ackCcp(peer: HandMadePeer): HandMadePeer {
  const request = peer.received().findLast((packet) => packet.protocol === 'CCP' && packet.code === 1)!;
  return peer.send('CCP', Code.ConfigureAck, request.identifier, request.data);
}

/** Encrypted both ways, the network open. */
function encrypted(ccp: CcpSettings = REQUIRED, option = STATELESS_128): HandMadePeer {
  const peer = ackCcp(authenticated(ccp)).send('CCP', Code.ConfigureRequest, 1, option);
  peer.agree('IPCP', ADDRESS);
  assert.equal(peer.effects('network-up').length, 1);
  peer.received();
  return peer;
}

const plain = (option: string) => option.replaceAll(' ', '');
const told = (peer: HandMadePeer) => peer.effects('compression').at(-1);

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
