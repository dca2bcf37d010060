// Capture files, octet for octet (draft-ietf-opsawg-pcapng).

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  encodeEnhancedPacket,
  encodeInterfaceDescription,
  encodeSectionHeader,
  LinkType,
} from '../../src/pcapng/capture-file.ts';
import { concatOctets } from '../../src/wire/bytes.ts';
import { internetChecksum } from '../../src/wire/checksum.ts';
import { formatHex } from '../../src/wire/values.ts';

/** 2026-11-22 16:35:53.120 UTC. */
const WALL_CLOCK = 1_795_365_353_120;

test('pcapng §4.1: a section header without options', () => {
  assert.equal(formatHex(encodeSectionHeader()), '0a0d0d0a0000001c1a2b3c4d00010000ffffffffffffffff0000001c');
});

test('pcapng §3.5: options are padded to 32 bits and closed', () => {
  const block = encodeSectionHeader({ application: 'vpdn' });
  assert.equal(formatHex(block.subarray(24)), ['00040004', '7670646e', '00000000', '00000028'].join(''));
  assert.equal(encodeSectionHeader({ application: 'vpdn1' }).length, 44);
});

test('pcapng §4.2: an interface description carries link type, snap length and name', () => {
  const block = encodeInterfaceDescription({ linkType: LinkType.Raw, name: 'Vi3', snapLength: 96 });
  const expected = ['00000001', '00000020', '0065', '0000', '00000060', '00020003', '56693300', '00000000', '00000020'];
  assert.equal(formatHex(block), expected.join(''));
});

test('pcapng §4.3: an enhanced packet carries the microseconds, both lengths and its padding', () => {
  const block = encodeEnhancedPacket({ interfaceId: 1, at: WALL_CLOCK, octets: Uint8Array.of(1, 2, 3, 4, 5) });
  const microseconds = BigInt(WALL_CLOCK) * 1000n;
  const expected = [
    '00000006',
    '00000028',
    '00000001',
    microseconds.toString(16).padStart(16, '0'),
    '00000005',
    '00000005',
    '0102030405000000',
    '00000028',
  ];
  assert.equal(formatHex(block), expected.join(''));
});

test('pcapng §4.3.1: the direction is in the flags, a comment beside it', () => {
  const packet = { interfaceId: 0, at: 0, octets: new Uint8Array(0) };
  const flags = (direction: 'inbound' | 'outbound') =>
    formatHex(encodeEnhancedPacket({ ...packet, direction }).subarray(28, -8));
  assert.equal(flags('inbound'), '0002000400000001');
  assert.equal(flags('outbound'), '0002000400000002');
  const commented = encodeEnhancedPacket({ ...packet, comment: 'L2T-302' });
  assert.equal(formatHex(commented.subarray(28, -8)), '000100074c32542d33303200');
});

test('pcapng §4.3: a packet cannot be shorter on the wire than in the file', () => {
  const packet = { interfaceId: 0, at: 0, octets: new Uint8Array(10), originalLength: 9 };
  assert.throws(() => encodeEnhancedPacket(packet), { code: 'capture-length' });
});

test('pcapng §3.1: every block is a multiple of 4 octets and has its length at both ends', () => {
  const options = fc.record({ application: fc.string(), comment: fc.string({ maxLength: 100 }) });
  const block = fc.oneof(
    options.map(encodeSectionHeader),
    fc.uint8Array({ maxLength: 100 }).map((octets) => encodeEnhancedPacket({ interfaceId: 0, at: 1.5, octets })),
  );
  fc.assert(
    fc.property(block, (octets) => {
      const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
      assert.equal(octets.length % 4, 0);
      assert.equal(view.getUint32(4), octets.length);
      assert.equal(view.getUint32(octets.length - 4), octets.length);
    }),
  );
});

test('pcapng §3.5: a text too long for an option is cut', () => {
  assert.equal(encodeSectionHeader({ comment: 'x'.repeat(70_000) }).length, 28 + 4 + 65_536 + 4);
});

test('capinfos and tshark read a whole file', { skip: missing('capinfos', 'tshark') }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'vpdn-pcapng-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'capture.pcapng');
  const ping = echoRequest();
  const frame = concatOctets(Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0), ping);
  writeFileSync(
    file,
    concatOctets(
      encodeSectionHeader({ application: 'vpdn 0.1.0', operatingSystem: 'Linux' }),
      encodeInterfaceDescription({ linkType: LinkType.Raw, name: 'Virtual-Access3', description: 'inside' }),
      encodeInterfaceDescription({ linkType: LinkType.Ethernet, name: 'Ethernet0/0' }),
      encodeEnhancedPacket({ interfaceId: 0, at: WALL_CLOCK, octets: ping, direction: 'inbound', comment: 'AUT-503' }),
      encodeEnhancedPacket({ interfaceId: 1, at: WALL_CLOCK + 0.5, octets: frame, direction: 'outbound' }),
    ),
  );

  const info = run('capinfos', '-t', '-c', '-E', '-I', file);
  assert.match(info, /File type: +Wireshark\/\.\.\. - pcapng/);
  assert.match(info, /Number of packets: +2/);
  assert.match(info, /Name = Virtual-Access3/);

  const fields = [
    'frame.time_epoch',
    'frame.interface_name',
    'frame.packet_flags_direction',
    'icmp.type',
    'frame.comment',
  ];
  const rows = run('tshark', '-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field]));
  const [first, second] = rows.trimEnd().split('\n');
  assert.match(first!, /^\S*53[.:]120\d*\S*\tVirtual-Access3\t(1|0x0*1)\t8\tAUT-503$/);
  assert.match(second!, /^\S*53[.:]1205\d*\S*\tEthernet0\/0\t(2|0x0*2)\t8\t?$/);
  assert.equal(run('tshark', '-r', file, '-Y', '_ws.malformed || _ws.expert.severity == "Error"'), '');
});

/** An ICMP echo request in an IPv4 packet, checksums right. */
function echoRequest(): Uint8Array {
  const packet = new Uint8Array(28 + 4);
  packet.set([0x45, 0, 0, packet.length, 0, 1, 0, 0, 64, 1, 0, 0, 10, 1, 1, 2, 10, 1, 1, 1, 8, 0, 0, 0, 0, 1, 0, 1]);
  const header = internetChecksum(packet, 0, 20);
  packet.set([header >>> 8, header & 255], 10);
  const message = internetChecksum(packet, 20, packet.length);
  packet.set([message >>> 8, message & 255], 22);
  return packet;
}

function missing(...programs: string[]): string | false {
  const absent = programs.filter((program) => spawnSync(program, ['-v'], { stdio: 'ignore' }).error !== undefined);
  return absent.length > 0 && `not installed: ${absent.join(', ')}`;
}

function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 });
  assert.equal(status, 0, stderr);
  return stdout;
}
