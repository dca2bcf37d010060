// What real peers do that the RFC does not say, or says otherwise: one test a habit, with who has it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ATTRIBUTES, type AttributeName } from '../../src/l2tp/avp.ts';
import { encodeDataMessage } from '../../src/l2tp/header.ts';
import { Peer, rawAvp } from './peer.ts';
import { fromHex } from './vectors.ts';
import { SECRET, SETTINGS } from './wire.ts';

describe('result codes', () => {
  for (const [hex, result, error] of [
    ['0600', 6, 0],
    ['06000200', 6, 2],
    ['0006', 6, 0],
    ['00020004', 2, 4],
  ] as const) {
    test(`Apple, MikroTik, Android: a StopCCN with Result Code ${hex} closes the tunnel, and is ${result}/${error}`, () => {
      const peer = new Peer();
      peer.call();
      peer.send('StopCCN', {}, { without: ['ResultCode'], avps: [rawAvp(0x80, 0, 1, fromHex(hex))] });
      const { end } = peer.of('tunnel-down')[0]!;
      assert.deepEqual([end.cause, end.side, end.resultCode, end.errorCode], ['peer-closed', 'peer', result, error]);
    });
  }

  test('MikroTik, Android: a CDN whose Result Code has 2 octets ends its call, and no other', () => {
    const peer = new Peer();
    peer.call();
    const session = peer.bringCall(5);
    peer.bringCall(6);
    peer.send('CDN', {}, { session, without: ['ResultCode'], avps: [rawAvp(0x80, 0, 1, fromHex('0003'))] });
    assert.equal(peer.of('call-down')[0]?.session, session);
    assert.equal(peer.endpoint.tunnel(peer.tunnel)?.calls, 1);
  });

  test('a result nobody knows, a Result Code too short, or none at all: still the end', () => {
    for (const avps of [[rawAvp(0x80, 0, 1, fromHex('7777'))], [rawAvp(0x80, 0, 1, fromHex('01'))], []]) {
      const peer = new Peer();
      peer.call();
      peer.send('StopCCN', {}, { without: ['ResultCode'], avps });
      assert.equal(peer.of('tunnel-down')[0]?.end.side, 'peer');
    }
  });

  test('Apple: CDN and StopCCN back to back, one end of the call', () => {
    const peer = new Peer();
    peer.call();
    const session = peer.bringCall();
    const ends = [...peer.send('CDN', {}, { session }), ...peer.send('StopCCN')];
    assert.equal(ends.filter((effect) => effect.do === 'call-down').length, 1);
    assert.equal(ends.filter((effect) => effect.do === 'tunnel-down').length, 1);
  });
});

describe('AVPs', () => {
  test('xl2tpd took them for IETF ones: the DSL Forum’s attributes 1, 2, 129 and 130 in an ICRQ', () => {
    const peer = new Peer();
    peer.call();
    const avps = [1, 2, 129, 130].map((type) => rawAvp(0, 3561, type, fromHex('6162')));
    peer.send('ICRQ', {}, { avps });
    assert.equal(peer.of('call-requested').length, 1);
  });

  for (const direction of [0, 1, 2]) {
    test(`RFC 3145, AVP 46 in a CDN, with M set and direction ${direction}: known, not refused`, () => {
      const peer = new Peer();
      peer.call();
      const session = peer.bringCall();
      const value = fromHex(`0003c021${direction.toString(16).padStart(2, '0')}62796520`);
      peer.send('CDN', {}, { session, avps: [rawAvp(0x80, 0, 46, value)] });
      assert.equal(peer.of('call-down')[0]?.end.cause, 'peer-closed');
    });
  }

  test('Microsoft’s own, and RFC 4951’s failover, without M: skipped', () => {
    const peer = new Peer();
    peer.request({}, { avps: [rawAvp(0, 311, 1, fromHex('01')), rawAvp(0, 0, 76, fromHex('0000000003e8'))] });
    assert.equal(peer.of('authorize-tunnel').length, 1);
  });

  test('Windows: an SCCRQ with Bearer Capabilities 0, no Challenge, no Tie Breaker, window 8', () => {
    const peer = new Peer();
    peer.request({
      FramingCapabilities: 1,
      BearerCapabilities: 0,
      FirmwareRevision: 0x0a00,
      VendorName: 'Microsoft',
      ReceiveWindowSize: 8,
    });
    const { peer: identity } = peer.of('authorize-tunnel')[0]!;
    assert.deepEqual(identity, {
      hostName: 'peer.example.com',
      vendorName: 'Microsoft',
      firmwareRevision: 0x0a00,
      framingCapabilities: 1,
      bearerCapabilities: 0,
      receiveWindowSize: 8,
      challenged: false,
    });
  });

  for (const name of Object.keys(ATTRIBUTES) as AttributeName[]) {
    test(`wrong M bits: ${name} is taken with M the other way round`, () => {
      const { type, mandatory } = ATTRIBUTES[name];
      const peer = new Peer();
      peer.call();
      const session = peer.bringCall();
      const m = mandatory ? 0 : 0x80;
      const size =
        { 1: 4, 2: 2, 5: 8, 6: 2, 9: 2, 10: 2, 14: 2, 29: 2, 32: 2, 34: 26, 35: 10, 39: 0, 46: 5 }[type] ?? 4;
      peer.send('SLI', {}, { session, avps: [rawAvp(m, 0, type, new Uint8Array(size).fill(1))] });
      assert.deepEqual(peer.names, ['ZLB']);
      assert.deepEqual(
        peer.of('trace').filter(({ event }) => event.kind === 'error' && !event.text.endsWith('again')),
        [],
      );
    });
  }

  test('accel-ppp of old: Assigned Session ID in ICCN is ignored, another than in the ICRQ too', () => {
    const peer = new Peer();
    peer.call();
    peer.send('ICRQ');
    const { tunnel, session } = peer.of('call-requested')[0]!;
    peer.input({ on: 'accept-call', tunnel, session });
    peer.send('ICCN', {}, { session, avps: [rawAvp(0x80, 0, 14, fromHex('0099'))] });
    assert.equal(peer.of('call-up')[0]?.peerSession, 5);
  });

  test('accel-ppp: a CDN with Session ID 0 in the header is for the session of its AVP 14', () => {
    const peer = new Peer();
    peer.call();
    const session = peer.bringCall(5);
    peer.bringCall(6);
    peer.send('CDN', { AssignedSessionId: 4000 });
    assert.deepEqual([peer.drops, peer.of('call-down')], [['unknown-session'], []]);
    peer.send('CDN', { AssignedSessionId: 5 });
    assert.equal(peer.of('call-down')[0]?.session, session);
  });

  test('Juniper: no Rx Connect Speed says it is the Tx one', () => {
    const peer = new Peer();
    peer.call();
    peer.bringCall(5, { TxConnectSpeed: 64_000 });
    assert.equal(peer.of('call-up')[0]?.connection?.rxConnectSpeed, 64_000);
  });

  test('an ICCN without Tx Connect Speed is taken, and the flaw is told once', () => {
    const peer = new Peer();
    peer.call();
    peer.send('ICRQ');
    const { tunnel, session } = peer.of('call-requested')[0]!;
    peer.input({ on: 'accept-call', tunnel, session });
    peer.send('ICCN', {}, { session, without: ['TxConnectSpeed'] });
    assert.equal(peer.of('call-up')[0]?.connection?.txConnectSpeed, 0);
    assert.equal(peer.of('trace').filter(({ event }) => event.kind === 'error').length, 1);
  });

  test('xl2tpd with “hidden bit = yes”: a Random Vector that hides nothing', () => {
    const peer = new Peer();
    peer.request({}, { avps: [rawAvp(0x80, 0, 36, new Uint8Array(16))] });
    peer.input({ on: 'authorize-tunnel', tunnel: peer.tunnel, settings: SETTINGS });
    assert.deepEqual(peer.names, ['SCCRP']);
  });

  test('Juniper MX hides the proxy response, padded and in several blocks', () => {
    const peer = new Peer();
    peer.call({ ...SETTINGS, secret: SECRET });
    peer.send('ICRQ');
    const { tunnel, session } = peer.of('call-requested')[0]!;
    peer.input({ on: 'accept-call', tunnel, session });
    const random = fromHex('ffeeddccbbaa99887766554433221100');
    const hidden = fromHex('66f4796a61eaa5c2d5a272e97afa54b23022bd2ab4e0b865e42fe49d40293953707ec81e5ec25774ff59b8');
    peer.send('ICCN', {}, { session, avps: [rawAvp(0x80, 0, 36, random), rawAvp(0x40, 0, 33, hidden)] });
    const response = peer.of('call-up')[0]?.connection?.proxy?.authenResponse;
    assert.equal(new TextDecoder().decode(response), 'a-password-longer-than-thirty-two-octets!');
  });

  test('an SCCRQ with an empty Host Name is asked about like any other', () => {
    const peer = new Peer();
    peer.request({ HostName: '' });
    assert.equal(peer.of('authorize-tunnel')[0]?.peer.hostName, '');
  });

  test('H3C refuses what the RFC does not print: golden SCCRQ', () => {
    const peer = new Peer();
    peer.beDialled({ ...SETTINGS, localName: 'lac', receiveWindowSize: 4 });
    const id = peer.tunnel.toString(16).padStart(4, '0');
    const golden = [
      'c802004c0000000000000000', // T L S, 76 octets, no tunnel, no session, Ns 0, Nr 0
      '8008000000000001', // M Message Type 1
      '8008000000020100', // M Protocol Version 1.0
      '8009000000076c6163', // M Host Name lac
      '800a00000003 00000003', // M Framing Capabilities A S
      `800800000009${id}`, // M Assigned Tunnel ID
      '800a00000004 00000000', // M Bearer Capabilities none
      '80080000000a0004', // M Receive Window Size 4
      '0008000000060100', // Firmware Revision
      '000a00000008 7670646e', // Vendor Name vpdn
    ].join('');
    const octets = fromHex(golden.replaceAll(' ', ''));
    octets[3] = octets.length;
    assert.deepEqual(peer.sent[0]?.octets, octets);
  });
});

describe('messages', () => {
  test('Meraki, and an LNS that takes us for a LAC with a line: SLI and WEN at any time are acknowledged', () => {
    for (const make of [() => lac(), () => lns()]) {
      const { peer, session } = make();
      for (const name of ['SLI', 'WEN'] as const) {
        peer.send(name, {}, { session });
        assert.deepEqual([peer.names, peer.drops], [['ZLB'], []]);
      }
    }
  });

  for (const type of [17, 18, 20, 21, 28, 100]) {
    test(`§4.4.1: message type ${type}, unknown: ignored without M, the tunnel’s end with it`, () => {
      const peer = new Peer();
      peer.call();
      const send = (m: number) => {
        const octets = peer.craft('HELLO');
        octets.set(rawAvp(m, 0, 0, Uint8Array.of(0, type)), 12);
        peer.ns++;
        peer.datagram(octets);
      };
      send(0);
      assert.deepEqual([peer.names, peer.of('tunnel-down')], [['ZLB'], []]);
      send(0x80);
      assert.deepEqual(peer.names, ['StopCCN']);
      assert.equal(peer.sent[0]?.attributes.ResultCode?.errorCode, 8);
    });
  }

  test('§4.2: an unknown mandatory AVP ends the call of its message, or the tunnel of its message', () => {
    const unknown = { avps: [rawAvp(0x80, 0, 1000)] };
    for (const name of ['ICRQ', 'OCRQ', 'SLI', 'WEN'] as const) {
      const { peer, session } = lns();
      const own = name === 'SLI' || name === 'WEN';
      peer.send(name, { AssignedSessionId: 9 }, { ...unknown, session: own ? session : 0 });
      const [cdn] = peer.sent;
      assert.deepEqual([cdn?.name, cdn?.sessionId], ['CDN', own ? 5 : 9], name);
      assert.deepEqual([cdn?.attributes.ResultCode?.resultCode, cdn?.attributes.ResultCode?.errorCode], [2, 8]);
      assert.match(cdn!.attributes.ResultCode!.message, /1000/);
      assert.equal(peer.endpoint.tunnel(peer.tunnel)?.calls, own ? 0 : 1);
    }
    const peer = new Peer();
    peer.call();
    peer.send('HELLO', {}, unknown);
    assert.equal(peer.names[0], 'StopCCN');
    assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'protocol');
  });

  test('§4.4.3: a protocol version that is not 1 is refused with result 5 and ours as the highest', () => {
    const peer = new Peer();
    peer.request({ ProtocolVersion: { version: 2, revision: 0 } });
    assert.deepEqual(peer.sent[0]?.attributes.ResultCode, {
      resultCode: 5,
      errorCode: 256,
      message: 'protocol version 2',
    });
    assert.equal(peer.of('tunnel-down')[0]?.end.cause, 'version');
    assert.deepEqual(peer.of('authorize-tunnel'), []);
  });

  test('two stacks out of step: a ZLB with any number in it is never answered', () => {
    const { peer } = lns();
    for (const ns of [0, 1, 5, 4000, 65_535]) {
      peer.zlb({ ns });
      assert.deepEqual(peer.of('send'), []);
    }
  });
});

function lns() {
  const peer = new Peer();
  peer.call();
  return { peer, session: peer.bringCall() };
}

function lac() {
  const peer = new Peer();
  peer.beCalled();
  return { peer, session: peer.takeCall() };
}

test('Meraki: data without Length, sequenced or not, is read by its own bits', () => {
  const { peer, session } = lns();
  for (const ns of [undefined, 0, 1]) {
    const header = { tunnelId: peer.tunnel, sessionId: session, priority: false, ns };
    peer.datagram(encodeDataMessage(header, fromHex('ff03c021')));
    assert.equal(peer.of('frame').length, 1);
  }
});
