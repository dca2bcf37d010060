// IPv6 addresses as text (RFC 4291 §2.2, RFC 5952).

import assert from 'node:assert/strict';
import { isIPv6 } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatIpv6, readIpv6 } from '../../src/wire/ipv6.ts';

describe('IPv6 addresses', () => {
  const forms: [string, string][] = [
    ['2001:DB8::0001', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::', '::'],
    ['::1', '::1'],
    ['fe80::', 'fe80::'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ];
  for (const [typed, printed] of forms) {
    it(`RFC 5952 §4: ${typed} is printed ${printed}`, () => {
      assert.equal(formatIpv6(readIpv6(typed)!), printed);
    });
  }

  it('RFC 4291 §2.2: what is no address is undefined', () => {
    for (const text of ['', ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '12345::', 'g::', '::1%lo']) {
      assert.equal(readIpv6(text), undefined, text);
    }
    for (const text of ['192.0.2.1', '::192.0.2', '1.2.3.4::', '1::2:3:4:5:6:7:8', ' ::1']) {
      assert.equal(readIpv6(text), undefined, text);
    }
  });

  it('property: reading what was printed gives the same address', () => {
    const word = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), (words) => {
        assert.deepEqual(readIpv6(formatIpv6(words)), words);
      }),
    );
  });

  it('RFC 3986 §3.2.2: an IPv4 address inside has no leading zeros', () => {
    assert.deepEqual(readIpv6('::1.2.3.4'), [0, 0, 0, 0x01020304]);
    for (const text of ['::01.2.3.4', '::1.2.3.04', '::00.0.0.0']) assert.equal(readIpv6(text), undefined, text);
  });

  it('property: it takes exactly what Node takes', () => {
    const part = fc.constantFrom('0', '1', 'abcd', '12345', ':', '::', ':', '.', '1.2.3.4', 'g', '');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 18 }), (parts) => {
        const text = parts.join('');
        assert.equal(readIpv6(text) !== undefined, isIPv6(text), text);
      }),
      { numRuns: 2000 },
    );
  });
});
