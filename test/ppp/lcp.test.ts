// LCP as a peer meets it: options, echoes, rejects, loops.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkSettings } from '../../src/ppp/events.ts';
import { Code } from '../../src/ppp/packet.ts';
import { ADDRESS, HandMadePeer, hexOf, MAGIC, OWN_ADDRESS, octetsOf } from './hand-made-peer.ts';

function peerOf(settings: Partial<LinkSettings> = {}): HandMadePeer {
  return new HandMadePeer({ settings: { ipcp: OWN_ADDRESS, ...settings } });
}

/** What a started link answers to a Configure-Request of these options. */
function answerTo(options: string, settings: Partial<LinkSettings> = {}): { code: number; data: string } {
  const peer = peerOf(settings).up();
  peer.received();
  const [answer] = peer.send('LCP', Code.ConfigureRequest, 9, options).received();
  assert.equal(answer!.identifier, 9);
  return { code: answer!.code, data: answer!.data };
}

test('RFC 1661 §5.1: our first Configure-Request asks for MRU and magic number', () => {
  const [request] = peerOf().up().received();
  assert.match(request!.data, /^010405b40506[0-9a-f]{8}$/);
});

test('RFC 1661 §6.2: authentication is asked of the peer only where it is configured', () => {
  assert.doesNotMatch(peerOf().up().received()[0]!.data, /0305c22305|0304c023/);
  assert.match(
    peerOf({ authenticate: ['chap'] })
      .up()
      .received()[0]!.data,
    /0305c22305/,
  );
});

test('RFC 1661 §6.1: the default MRU is not asked for', () => {
  assert.match(peerOf({ mru: 1500 }).up().received()[0]!.data, /^0506[0-9a-f]{8}$/);
});

test('RFC 1661 §5.1: the first Identifier is another one for every link (MikroTik ignores one it has seen)', () => {
  const seen = new Set<number>();
  for (let seed = 1; seed <= 50; seed++) {
    seen.add(new HandMadePeer({}, seed).up().received()[0]!.identifier);
  }
  assert.ok(seen.size > 35, `${seen.size} different of 50`);
});

test('RFC 1661 §5.1: a renegotiation has another Identifier than the negotiation before', () => {
  const peer = peerOf().up();
  const [first] = peer.received();
  peer.send('LCP', Code.ConfigureAck, first!.identifier, first!.data).send('LCP', Code.ConfigureRequest, 1, MAGIC);
  peer.received();
  peer.send('LCP', Code.ConfigureRequest, 2, MAGIC);
  const second = peer.received().find(({ protocol, code }) => protocol === 'LCP' && code === Code.ConfigureRequest);
  assert.notEqual(second!.identifier, first!.identifier);
});

test('RFC 1661 §5.1: a retransmission is the same packet', () => {
  const peer = peerOf().up();
  const [first] = peer.received();
  assert.deepEqual(peer.wait(2000).received(), [first]);
});

test('RFC 1661 §5.2: an Ack is the request, octet for octet', () => {
  const options = '0104 0500 0206 000a0000 0506 01020304 0702 0802';
  assert.deepEqual(answerTo(options), { code: Code.ConfigureAck, data: options.replaceAll(' ', '') });
});

test('RFC 1661 §5.2: an empty request is agreed to', () => {
  assert.deepEqual(answerTo(''), { code: Code.ConfigureAck, data: '' });
});

test('RFC 1661 §5.4: callback, MRRU and endpoint of a Windows client go into one Reject, in their order', () => {
  const options = '0104 0578 0506 01020304 0d03 06 1104 05f4 1309 01 616263646566';
  assert.deepEqual(answerTo(options), {
    code: Code.ConfigureReject,
    data: '0d0306110405f41309 01616263646566'.replace(' ', ''),
  });
});

test('RFC 1661 §5.4: a Reject goes before a Nak', () => {
  assert.deepEqual(answerTo('0104 0001 0d03 06'), { code: Code.ConfigureReject, data: '0d0306' });
});

test('RFC 1661 §5.3: a Nak has the bad options only, with the values we could take', () => {
  assert.deepEqual(answerTo('0702 0104 0001 0802'), { code: Code.ConfigureNak, data: '01040080' });
});

test('RFC 1661 §5: an option given twice is rejected the second time', () => {
  assert.deepEqual(answerTo('0702 0702'), { code: Code.ConfigureReject, data: '0702' });
});

test('RFC 1661 §6: a broken option list drops the packet', () => {
  for (const options of ['0100', '0101', '0504', '050611', '01']) {
    const peer = peerOf().up();
    peer.received();
    peer.send('LCP', Code.ConfigureRequest, 1, options);
    assert.deepEqual([peer.received(), peer.drops('option-length')], [[], 1], options);
  }
});

test('RFC 1661 §6.4: a magic number of zero is Nakked with another', () => {
  const { code, data } = answerTo('0506 00000000');
  assert.equal(code, Code.ConfigureNak);
  assert.match(data, /^0506(?!00000000)/);
});

test('RFC 1661 §6.2: a peer that wants us authenticated by what we refuse is Nakked towards what we can', () => {
  assert.deepEqual(answerTo('0304 c023'), { code: Code.ConfigureNak, data: '0305c22305' });
  assert.deepEqual(answerTo('0305 c223 06'), { code: Code.ConfigureNak, data: '0305c22305' });
  const refuse = ['ms-chap-v2'] as const;
  assert.deepEqual(answerTo('0305 c223 81', { refuse }), { code: Code.ConfigureNak, data: '0305c22305' });
  const pap = { username: 'u', password: 'p' };
  assert.deepEqual(answerTo('0305 c223 05', { refuse: ALL_HASHED, pap }), {
    code: Code.ConfigureNak,
    data: '0304c023',
  });
});

test('RFC 1661 §6.2: a peer that wants us authenticated when we cannot be is rejected and the link goes on', () => {
  assert.deepEqual(answerTo('0304 c023', { refuse: ALL_HASHED }), { code: Code.ConfigureReject, data: '0304c023' });
});

test('RFC 1661 §4.6: after Max-Failure Naks the option is rejected', () => {
  const peer = peerOf().up();
  peer.received();
  const codes: number[] = [];
  for (let identifier = 0; identifier < 7; identifier++) {
    codes.push(peer.send('LCP', Code.ConfigureRequest, identifier, '0104 0001').received()[0]!.code);
  }
  assert.deepEqual(codes, [3, 3, 3, 3, 3, 4, 4]);
});

test('RFC 1661 §4.6: a peer that never takes no for an answer ends the link within 40 packets', () => {
  const peer = peerOf().up();
  let packets = 0;
  for (; peer.linkEnd === undefined && packets < 40; packets++) {
    peer.send('LCP', Code.ConfigureRequest, packets, '0d03 06');
    if (peer.end.link.phase === 'TERMINATING') peer.wait(10_000);
  }
  assert.equal(peer.linkEnd?.cause, 'lcp-failed');
});

test('RFC 1661 §4.6: a peer that Naks for ever ends the link within 40 packets', () => {
  const peer = peerOf().up();
  let packets = 0;
  for (; packets < 40; packets++) {
    const request = peer.received().findLast(({ code }) => code === Code.ConfigureRequest);
    if (request === undefined) break;
    peer.send('LCP', Code.ConfigureNak, request.identifier, '0104 0400');
  }
  peer.wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'lcp-failed');
});

test('RFC 1661 §5.3: a smaller MRU in a Nak is taken', () => {
  const peer = peerOf().up();
  const [request] = peer.received();
  peer.send('LCP', Code.ConfigureNak, request!.identifier, '0104 0400');
  assert.match(peer.received()[0]!.data, /^01040400/);
});

test('RFC 1661 §5.4: a rejected option is never asked for again', () => {
  const peer = peerOf({ requestAcfc: true, requestPfc: true }).up();
  const [request] = peer.received();
  peer.send('LCP', Code.ConfigureReject, request!.identifier, '0104 05b4 0702');
  const [second] = peer.received();
  assert.match(second!.data, /^0506[0-9a-f]{8}0802$/);
  assert.notEqual(second!.identifier, request!.identifier);
});

test('RFC 1661 §5.4: a peer that rejects every option gets a link with none (SoftEther)', () => {
  const peer = peerOf({ requestAcfc: true, requestPfc: true }).up();
  const [request] = peer.received();
  peer.send('LCP', Code.EchoRequest, 1, '00000000');
  peer.send('LCP', Code.ConfigureReject, request!.identifier, request!.data).agree('LCP', '');
  assert.deepEqual(peer.end.link.options, {
    peerMru: 1500,
    localMru: 1500,
    sendAcfc: false,
    sendPfc: false,
    localMagic: 0,
    peerMagic: 0,
  });
});

test('RFC 1661 §5.2: an answer with another Identifier is dropped', () => {
  const peer = peerOf().up();
  const [request] = peer.received();
  peer.send('LCP', Code.ConfigureAck, request!.identifier ^ 1, request!.data);
  assert.deepEqual([peer.drops('identifier'), peer.end.link.lcpState], [1, 'Req-Sent']);
});

test('RFC 1661 §5.2: an Ack of other options than ours is dropped', () => {
  const peer = peerOf().up();
  const [request] = peer.received();
  peer.send('LCP', Code.ConfigureAck, request!.identifier, '0104 0400');
  assert.deepEqual([peer.drops('reply-mismatch'), peer.end.link.lcpState], [1, 'Req-Sent']);
});

test('RFC 1661 §5.4: a Reject of what we did not ask for is dropped', () => {
  const peer = peerOf().up();
  const [request] = peer.received();
  peer.send('LCP', Code.ConfigureReject, request!.identifier, '1104 05f4');
  assert.equal(peer.drops('reply-mismatch'), 1);
});

test('RFC 1661 §5.2: a repeated Ack does not take an open link down', () => {
  const peer = peerOf().up();
  const [request] = peer.received();
  peer.send('LCP', Code.ConfigureAck, request!.identifier, request!.data).send('LCP', Code.ConfigureRequest, 1, MAGIC);
  peer.send('LCP', Code.ConfigureAck, request!.identifier, request!.data);
  assert.deepEqual([peer.end.link.lcpState, peer.drops('identifier')], ['Opened', 1]);
});

test('RFC 1661 §6.1: what the peer says of its MRU and compression is what the packet path is told', () => {
  const peer = peerOf().up().agree('LCP', `0104 0400 ${MAGIC} 0702 0802`);
  const { localMagic, ...rest } = peer.effects('lcp-up')[0]!.options;
  assert.ok(localMagic > 0);
  assert.deepEqual(rest, { peerMru: 1024, localMru: 1460, sendAcfc: true, sendPfc: true, peerMagic: 0x11223344 });
});

test('RFC 1661 §6.1: a peer without an MRU option takes 1500', () => {
  assert.equal(peerOf().up().agree('LCP', MAGIC).end.link.options?.peerMru, 1500);
});

test('RFC 1661 §6.6: after the peer asked for ACFC, IPCP goes out without FF 03 and LCP with it', () => {
  const peer = peerOf().open('0802');
  peer.send('LCP', Code.EchoRequest, 5, '00000000');
  assert.equal(peer.end.sent[0]![0], 0xff);
  peer.end.sent.length = 0;
  peer.send('IPCP', Code.ConfigureRequest, 9, ADDRESS);
  assert.equal(peer.end.sent[0]![0], 0x80);
});

test('RFC 1661 §5.6: a peer that does not know Echo-Request is not sent any more', () => {
  const peer = peerOf({ keepalive: { period: 10_000, retries: 2 } }).open();
  peer.wait(10_000).send('LCP', Code.CodeReject, 1, '09010008 00000000').received();
  peer.wait(100_000);
  assert.deepEqual([peer.received(), peer.end.link.phase], [[], 'UP']);
});

test('RFC 1661 §5.6: a peer that does not know Configure-Request cannot be spoken to', () => {
  const peer = peerOf().up();
  peer.send('LCP', Code.CodeReject, 1, '01010004').wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'protocol-rejected');
});

test('RFC 1661 §5.6: an unknown code gets a Code-Reject of the whole packet', () => {
  const peer = peerOf().up();
  peer.received();
  const [reject] = peer.send('LCP', 77, 5, 'abcd').received();
  assert.deepEqual([reject!.code, reject!.data], [Code.CodeReject, '4d050006abcd']);
});

test('RFC 1661 §5.6: a thousand unknown codes get a handful of Code-Rejects', () => {
  const peer = peerOf().up();
  peer.received();
  for (let count = 0; count < 1000; count++) peer.send('LCP', 77, count & 255);
  assert.ok(peer.received().length <= 10);
});

test('RFC 1570 §2: Identification, Time-Remaining and Discard-Request are taken silently in any state', () => {
  const peer = peerOf().up();
  peer.received();
  const all = () => {
    peer.send('LCP', 12, 5, `00000000 ${hexOf('MSRASV5.20')}`).send('LCP', 13, 6, '00000000 00000009');
    return peer.send('LCP', 11, 7, '00000000').received();
  };
  assert.deepEqual(all(), []);
  peer.end.input({ on: 'down' }, 0);
  peer.open();
  assert.deepEqual(all(), []);
});

test('RFC 1661 §5.7: a protocol we do not speak gets a Protocol-Reject with as much as fits the MRU', () => {
  const peer = peerOf().open(`0104 0080 ${MAGIC}`);
  peer.frame(`ff03 8281 ${'ab'.repeat(500)}`);
  const [reject] = peer.received();
  assert.deepEqual([reject!.code, reject!.data.slice(0, 8)], [Code.ProtocolReject, '8281abab']);
  assert.equal(4 + reject!.data.length / 2, 128);
});

test('RFC 1661 §5.7: IPV6CP, CCP and CBCP are rejected one by one', () => {
  const peer = peerOf().open();
  for (const protocol of ['8057', '80fd', 'c029']) {
    assert.equal(peer.frame(`ff03 ${protocol} 01010004`).received()[0]!.data, `${protocol}01010004`);
  }
});

test('RFC 1661 §5.7: a thousand unknown packets get a handful of Protocol-Rejects', () => {
  const peer = peerOf().open();
  for (let count = 0; count < 1000; count++) peer.frame('ff03 80fd 01010004');
  assert.deepEqual([peer.received().length, peer.drops('protocol-unknown')], [5, 1000]);
});

test('RFC 1661 §3.4: before LCP is open nothing but LCP is answered', () => {
  const peer = peerOf().up();
  peer.received();
  peer.frame('ff03 80fd 01010004').send('IPCP', Code.ConfigureRequest, 1, ADDRESS).send('PAP', 1, 1, '0000');
  assert.deepEqual([peer.received(), peer.drops('lcp-not-open')], [[], 3]);
});

test('RFC 1661 §5.7: a Protocol-Reject with a one-octet protocol is read', () => {
  const peer = peerOf().open();
  peer.frame('ff03 c021 08 05 0005 57');
  assert.deepEqual([peer.end.link.phase, peer.end.link.lcpState], ['UP', 'Opened']);
});

test('RFC 1661 §5.7: a Protocol-Reject of LCP ends the link', () => {
  const peer = peerOf().open();
  peer.send('LCP', Code.ProtocolReject, 1, 'c021 01010004').wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'protocol-rejected');
});

test('RFC 1661 §6.4: our own frames sent back end the link in the second round', () => {
  const peer = peerOf().up();
  let rounds = 0;
  for (; peer.end.link.phase === 'ESTABLISHING' && rounds < 20; rounds++) {
    for (const frame of peer.end.sent.splice(0)) peer.frame(frame);
  }
  peer.wait(10_000);
  assert.equal(peer.linkEnd?.cause, 'loopback');
  assert.ok(rounds <= 4, `${rounds} mirrorings`);
});

test('RFC 1661 §6.4: without magic numbers no loop is seen in an echo', () => {
  const peer = peerOf({ mru: 1500 }).up();
  const [request] = peer.received();
  peer.send('LCP', Code.ConfigureReject, request!.identifier, request!.data).agree('LCP', '');
  peer.received();
  peer.send('LCP', Code.EchoRequest, 1, '00000000');
  assert.equal(peer.received()[0]!.code, Code.EchoReply);
});

test('RFC 1661 §4.2: with a passive delay the peer speaks first, and we answer with our own request', () => {
  const peer = peerOf({ passiveDelay: 3000 }).up();
  assert.deepEqual([peer.received(), peer.end.link.lcpState], [[], 'Stopped']);
  peer.send('LCP', Code.ConfigureRequest, 1, MAGIC);
  assert.deepEqual(
    peer.received().map(({ code }) => code),
    [Code.ConfigureRequest, Code.ConfigureAck],
  );
});

test('RFC 1661 §4.2: with a passive delay we speak when it is over', () => {
  const peer = peerOf({ passiveDelay: 3000 }).up();
  assert.deepEqual(peer.wait(2999).received(), []);
  assert.equal(peer.wait(1).received()[0]!.code, Code.ConfigureRequest);
});

test('RFC 1661 §2: frames may come compressed although nobody asked for it', () => {
  const peer = peerOf().open();
  peer.frame(octetsOf('c021 0901 0008 11223344'));
  assert.equal(peer.received()[0]!.code, Code.EchoReply);
});

const ALL_HASHED = ['chap', 'ms-chap', 'ms-chap-v2', 'eap'] as const;
