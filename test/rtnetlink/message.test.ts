// rtnetlink(7) messages, against those of iproute2.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  decodeAddress,
  encodeAddressAddition,
  encodeAddressDump,
  encodeAddressRemoval,
} from '../../src/rtnetlink/address.ts';
import { decodeLink, encodeLinkChange, encodeLinkDump, encodeLinkQuery } from '../../src/rtnetlink/link.ts';
import {
  decodeAcknowledgement,
  decodeMessages,
  type NetlinkMessage,
  setSequence,
} from '../../src/rtnetlink/message.ts';
import {
  decodeRoute,
  encodeRouteAddition,
  encodeRouteDump,
  encodeRouteQuery,
  encodeRouteRemoval,
  ROUTE_PROTOCOL,
} from '../../src/rtnetlink/route.ts';
import { DecodeError } from '../../src/wire/errors.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const only = (octets: Uint8Array): NetlinkMessage => decodeMessages(octets)[0]!;

describe('golden requests, by the command of iproute2 each stands for', () => {
  const goldens: [string, Uint8Array, string][] = [
    [
      'ip link set dev 5 up mtu 1460',
      encodeLinkChange({ index: 5, up: true, mtu: 1460 }),
      '28000000 1000 0500 00000000 00000000 00 00 0000 05000000 01000000 01000000 0800 0400 b4050000',
    ],
    [
      'ip link set dev 5 down',
      encodeLinkChange({ index: 5, up: false }),
      '20000000 1000 0500 00000000 00000000 00 00 0000 05000000 00000000 01000000',
    ],
    [
      'ip link set dev 5 gso_max_size 61440',
      encodeLinkChange({ index: 5, gsoMaxSize: 61440 }),
      '28000000 1000 0500 00000000 00000000 00 00 0000 05000000 00000000 00000000 0800 2900 00f00000',
    ],
    [
      'ip link show dev tun0',
      encodeLinkQuery('tun0'),
      '2c000000 1200 0500 00000000 00000000 00 00 0000 00000000 00000000 00000000 0900 0300 74756e3000 000000',
    ],
    ['ip link show', encodeLinkDump(), '20000000 1200 0103 00000000 00000000 00 00 0000 00000000 00000000 00000000'],
    [
      'ip address replace 192.0.2.1 peer 192.0.2.9/32 dev 5',
      encodeAddressAddition({ index: 5, address: '192.0.2.1', prefixLength: 32, peer: '192.0.2.9' }),
      '28000000 1400 0505 00000000 00000000 02 20 00 00 05000000 0800 0200 c0000201 0800 0100 c0000209',
    ],
    [
      'ip address replace 192.0.2.1/24 broadcast + dev 5',
      encodeAddressAddition({ index: 5, address: '192.0.2.1', prefixLength: 24 }),
      '30000000 1400 0505 00000000 00000000 02 18 00 00 05000000 0800 0200 c0000201 0800 0100 c0000201 0800 0400 c00002ff',
    ],
    [
      'ip address delete 192.0.2.1/32 dev 5',
      encodeAddressRemoval({ index: 5, address: '192.0.2.1', prefixLength: 32 }),
      '28000000 1500 0500 00000000 00000000 02 20 00 00 05000000 0800 0200 c0000201 0800 0100 c0000201',
    ],
    ['ip -4 address show', encodeAddressDump(), '18000000 1600 0103 00000000 00000000 02 00 00 00 00000000'],
    [
      'ip route replace 10.2.0.0/16 dev 5 src 192.0.2.1 metric 7 mtu 1400 proto 171 scope link',
      encodeRouteAddition({
        prefix: '10.2.0.0',
        prefixLength: 16,
        device: 5,
        source: '192.0.2.1',
        metric: 7,
        mtu: 1400,
      }),
      `48000000 1800 0505 00000000 00000000 02 10 00 00 fe ab fd 01 00000000
       0800 0100 0a020000 0800 0400 05000000 0800 0700 c0000201 0800 0600 07000000 0c00 0800 0800 0200 78050000`,
    ],
    [
      'ip route replace default via 192.0.2.9 proto 171',
      encodeRouteAddition({ prefix: '0.0.0.0', prefixLength: 0, nextHop: '192.0.2.9' }),
      '24000000 1800 0505 00000000 00000000 02 00 00 00 fe ab 00 01 00000000 0800 0500 c0000209',
    ],
    [
      'ip route delete 10.2.0.0/16 dev 5 proto 171',
      encodeRouteRemoval({ prefix: '10.2.0.0', prefixLength: 16, device: 5 }),
      '2c000000 1900 0500 00000000 00000000 02 10 00 00 fe ab ff 01 00000000 0800 0100 0a020000 0800 0400 05000000',
    ],
    [
      'ip route get 192.0.2.9',
      encodeRouteQuery('192.0.2.9'),
      '24000000 1a00 0100 00000000 00000000 02 20 00 00 00 00 00 00 00000000 0800 0100 c0000209',
    ],
    [
      'ip -4 route show table all',
      encodeRouteDump(),
      '1c000000 1a00 0103 00000000 00000000 02 00 00 00 00 00 00 00 00000000',
    ],
  ];
  for (const [command, octets, expected] of goldens) {
    it(command, () => {
      assert.equal(hex(octets), expected.replace(/\s/g, ''));
    });
  }
});

describe('what the kernel answers', () => {
  it('a message longer than what came, or shorter than its header, is refused', () => {
    const message = encodeLinkDump();
    assert.throws(() => decodeMessages(message.subarray(0, 20)), DecodeError);
    assert.throws(() => decodeMessages(message.subarray(0, 10)), DecodeError);
    message[0] = 8;
    assert.throws(() => decodeMessages(message), DecodeError);
  });

  it('several messages in one piece are told apart', () => {
    const [first, second] = [encodeLinkQuery('a'), encodeLinkDump()];
    setSequence(second, 7);
    const messages = decodeMessages(Uint8Array.from([...first, ...second]));
    assert.deepEqual(
      messages.map(({ sequence }) => sequence),
      [0, 7],
    );
  });

  it('an error number is positive, a yes is 0, anything else is no acknowledgement', () => {
    const error = (code: number): NetlinkMessage => ({
      ...{ type: 2, flags: 0, sequence: 0 },
      payload: new Uint8Array(Int32Array.of(code).buffer),
    });
    assert.equal(decodeAcknowledgement(error(-17)), 17);
    assert.equal(decodeAcknowledgement(error(0)), 0);
    assert.equal(decodeAcknowledgement(only(encodeLinkDump())), undefined);
  });

  it('an address comes back as it was said', () => {
    for (const address of [
      { index: 5, address: '192.0.2.1', prefixLength: 32, peer: '192.0.2.9' },
      { index: 6, address: '10.0.0.1', prefixLength: 24 },
      { index: 1, address: '2001:db8::1', prefixLength: 128 },
    ]) {
      assert.deepEqual(decodeAddress(only(encodeAddressAddition(address))), { ...address, removed: false });
    }
  });

  it('a route comes back as it was said', () => {
    const route = { prefix: '10.2.0.0', prefixLength: 16, device: 5, source: '192.0.2.1', mtu: 1400, metric: 7 };
    assert.deepEqual(decodeRoute(only(encodeRouteAddition(route))), {
      ...route,
      ...{ protocol: ROUTE_PROTOCOL, table: 254, type: 1, removed: false },
    });
  });

  it('messages about other things, link-local addresses and other families are passed over', () => {
    const link = only(encodeLinkChange({ index: 1, up: true }));
    assert.equal(decodeAddress(link), undefined);
    assert.equal(decodeRoute(link), undefined);
    assert.equal(decodeLink(only(encodeAddressDump())), undefined);
    const other = encodeAddressAddition({ index: 1, address: '10.0.0.1', prefixLength: 8 });
    other[16] = 28;
    assert.equal(decodeAddress(only(other)), undefined);
    const local = encodeAddressAddition({ index: 1, address: 'fe80::1', prefixLength: 64 });
    local[19] = 253;
    assert.equal(decodeAddress(only(local)), undefined);
  });

  it('property: any octets decode or are refused', () => {
    const type = fc.constantFrom(2, 3, 16, 17, 20, 21, 24, 25);
    fc.assert(
      fc.property(type, fc.uint8Array({ maxLength: 80 }), (messageType, payload) => {
        const message = { type: messageType, flags: 0, sequence: 0, payload };
        for (const decode of [decodeAcknowledgement, decodeLink, decodeAddress, decodeRoute]) {
          try {
            decode(message);
          } catch (error) {
            assert.ok(error instanceof DecodeError, String(error));
          }
        }
        try {
          decodeMessages(payload);
        } catch (error) {
          assert.ok(error instanceof DecodeError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
