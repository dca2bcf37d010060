// The lines of `debug ppp negotiation` and `debug ppp authentication`, held against the printed form.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PppTrace } from '../../src/ppp/events.ts';
import { encodePacket } from '../../src/ppp/packet.ts';
import { formatPppTrace } from '../../src/ppp/trace.ts';
import { hexOf, octetsOf } from './hand-made-peer.ts';
import { Pair } from './pair.ts';

function lineOf(protocol: string, code: number, data: string, state = 'Opened'): string {
  const packet = encodePacket(code, 1, octetsOf(data));
  const event: PppTrace = { kind: 'packet', topic: 'negotiation', direction: 'I', protocol, state, packet };
  return formatPppTrace(event).join('|');
}

test('debug ppp: a server that waits passively for a client, line by line as IOS prints it', () => {
  const secrets = { peer1: 'secret', peer2: 'secret' };
  const pair = new Pair(
    { settings: { localName: 'peer1', mru: 1500 }, secrets },
    {
      settings: {
        localName: 'peer2',
        mru: 1500,
        authenticate: ['chap'],
        passiveDelay: 2000,
        ipcp: { localAddress: '10.1.1.1', requestDns: false },
      },
      secrets,
      assignment: { assign: '10.1.1.2', dns: [], nbns: [] },
    },
  );
  const lines = pair.up().run(1000).b.lines;
  const shown = lines.map((line) => line.replace(/0x[0-9A-F]{8,}/g, '0x…').replace(/id \d+/, 'id n'));
  assert.deepEqual(shown, [
    'PPP: Phase is ESTABLISHING, Passive Open',
    'LCP: State is Listen',
    'LCP: I CONFREQ [Listen] id n len 10',
    'LCP:    MagicNumber 0x… (0x…)',
    'LCP: O CONFREQ [Listen] id n len 15',
    'LCP:    AuthProto CHAP (0x…)',
    'LCP:    MagicNumber 0x… (0x…)',
    'LCP: O CONFACK [Listen] id n len 10',
    'LCP:    MagicNumber 0x… (0x…)',
    'LCP: I CONFACK [ACKsent] id n len 15',
    'LCP:    AuthProto CHAP (0x…)',
    'LCP:    MagicNumber 0x… (0x…)',
    'LCP: State is Open',
    'PPP: Phase is AUTHENTICATING, by this end',
    'CHAP: O CHALLENGE id n len 26 from "peer2"',
    'CHAP: I RESPONSE id n len 26 from "peer1"',
    'CHAP: O SUCCESS id n len 4',
    'PPP: Phase is UP',
    'IPCP: O CONFREQ [Closed] id n len 10',
    'IPCP:    Address 10.1.1.1 (0x…)',
    'IPCP: I CONFREQ [REQsent] id n len 10',
    'IPCP:    Address 0.0.0.0 (0x…)',
    'IPCP: O CONFNAK [REQsent] id n len 10',
    'IPCP:    Address 10.1.1.2 (0x…)',
    'IPCP: I CONFACK [REQsent] id n len 10',
    'IPCP:    Address 10.1.1.1 (0x…)',
    'IPCP: I CONFREQ [ACKrcvd] id n len 10',
    'IPCP:    Address 10.1.1.2 (0x…)',
    'IPCP: O CONFACK [ACKrcvd] id n len 10',
    'IPCP:    Address 10.1.1.2 (0x…)',
    'IPCP: State is Open',
  ]);
});

test('debug ppp: every option by its name, with its value and its octets', () => {
  const options: [string, string, string][] = [
    ['LCP', '010405b4', 'MRU 1460 (0x010405B4)'],
    ['LCP', '0206000a0000', 'ACCM 0x000A0000 (0x0206000A0000)'],
    ['LCP', '0305c22305', 'AuthProto CHAP (0x0305C22305)'],
    ['LCP', '0305c22381', 'AuthProto MS-CHAP-V2 (0x0305C22381)'],
    ['LCP', '0304c023', 'AuthProto PAP (0x0304C023)'],
    ['LCP', '05068ccf0e1e', 'MagicNumber 0x8CCF0E1E (0x05068CCF0E1E)'],
    ['LCP', '0702', 'PFC (0x0702)'],
    ['LCP', '0802', 'ACFC (0x0802)'],
    ['LCP', '0d0306', 'Callback 6 (0x0D0306)'],
    ['LCP', '110405f4', 'MRRU 1524 (0x110405F4)'],
    ['LCP', '1307020a000001', 'EndpointDisc 2 10.0.0.1 (0x1307020A000001)'],
    ['LCP', '6303aa', 'Option 99 (0x6303AA)'],
    ['IPCP', '0206002d0f01', 'CompressType VJ 15 slots CompressSlotID (0x0206002D0F01)'],
    ['IPCP', '810600000000', 'PrimaryDNS 0.0.0.0 (0x810600000000)'],
    ['IPCP', '8206090909ff', 'PrimaryWINS 9.9.9.255 (0x8206090909FF)'],
  ];
  for (const [protocol, octets, text] of options) {
    assert.equal(lineOf(protocol, 1, octets).split('|')[1], `${protocol}:    ${text}`);
  }
});

test('debug ppp: the packets that carry no options', () => {
  assert.equal(lineOf('LCP', 5, ''), 'LCP: I TERMREQ [Open] id 1 len 4');
  assert.equal(lineOf('LCP', 9, '11223344'), 'LCP: I ECHOREQ [Open] id 1 len 8 magic 0x11223344');
  assert.equal(lineOf('LCP', 8, '80fd01010004'), 'LCP: I PROTREJ [Open] id 1 len 10 protocol CCP (0x01010004)');
  assert.equal(lineOf('LCP', 7, '4d010004', 'Closing'), 'LCP: I CODEREJ [TERMsent] id 1 len 8 (0x4D010004)');
  assert.equal(lineOf('IPCP', 99, ''), 'IPCP: I Code 99 [Open] id 1 len 4');
});

test('debug ppp: authentication, with words of the peer made harmless and no password', () => {
  assert.equal(lineOf('CHAP', 4, hexOf('bad\u001b'), ''), 'CHAP: I FAILURE id 1 len 8 msg is "bad\\u{1b}"');
  assert.equal(lineOf('PAP', 1, `0175 02 7077`, ''), 'PAP: I AUTH-REQ id 1 len 9 from "u"');
  assert.equal(lineOf('PAP', 3, `02${hexOf('no')}`, ''), 'PAP: I AUTH-NAK id 1 len 7 msg is "no"');
});

test('debug ppp: a packet that cannot be read is a line too', () => {
  assert.match(lineOf('LCP', 1, '0100'), /^LCP: I malformed packet, 6 octets: /);
});
