// The session table in shared memory.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DOWNLINK, MAX_DEVICES, UPLINK } from '../../src/dataplane/layout.ts';

import { type SessionRow, SessionTable } from '../../src/dataplane/session-table.ts';

function session(localTunnel: number, localSession: number, changes: Partial<SessionRow> = {}): SessionRow {
  return {
    ...{ localTunnel, localSession, peerTunnel: 1, peerSession: 2 },
    ...{ localAddress: 1, localPort: 1701, peerAddress: 2, peerPort: 1701, device: 0 },
    ...{ networkUp: true, strictSource: true, sendAcfc: false, sendPfc: false, sequencing: false },
    ...{ mtu: 1460, mssClamp: 1420 },
    ...changes,
  };
}

describe('sessions by their ids', () => {
  it('RFC 2661 §3.1: tunnel and session id together name a session', () => {
    const table = SessionTable.create(8);
    const rows = [table.open(session(1, 2)), table.open(session(2, 1)), table.open(session(0xffff, 0xffff))];
    assert.deepEqual([table.lookup(1, 2), table.lookup(2, 1), table.lookup(0xffff, 0xffff)], rows);
    assert.equal(table.lookup(1, 1), -1);
    assert.equal(table.lookup(0, 0), -1);
  });

  it('RFC 2661 §3.1: ids are never 0, and never twice', () => {
    const table = SessionTable.create(8);
    table.open(session(1, 1));
    assert.throws(() => table.open(session(1, 1)), { code: 'session-exists' });
    assert.throws(() => table.open(session(1, 0)), { code: 'session-id' });
    assert.throws(() => table.open(session(0, 1)), { code: 'session-id' });
  });

  it('a device outside the table is refused', () => {
    const table = SessionTable.create(8);
    for (const device of [-1, MAX_DEVICES, 0.5, Number.NaN]) {
      assert.throws(() => table.open(session(1, 1, { device })), { code: 'device-index' });
      assert.throws(() => table.setDeviceFd(device, 5), { code: 'device-index' });
    }
  });

  it('a full table says so and works on', () => {
    const table = SessionTable.create(2);
    const first = table.open(session(1, 1));
    table.open(session(1, 2));
    assert.throws(() => table.open(session(1, 3)), { code: 'table-full' });
    table.close(first);
    assert.equal(table.open(session(1, 3)), first);
  });

  it('another thread sees what this one opens', () => {
    const table = SessionTable.create(8);
    const reader = SessionTable.attach(table.buffer);
    const row = table.open(session(5, 6));
    assert.equal(reader.lookup(5, 6), row);
    table.close(row);
    assert.equal(reader.lookup(5, 6), -1);
  });

  it('a new session in an old row begins with all counters at 0', () => {
    const table = SessionTable.create(1);
    const row = table.open(session(1, 1));
    table.countControlOutput(row, 100, 5);
    table.nextNs(row);
    table.close(row);
    const counters = table.counters(table.open(session(1, 2)));
    assert.equal(counters.packetsOut + counters.octetsOut + counters.lastOutput + counters.ns, 0);
  });

  it('property: opening and closing in any order is a map from ids to rows', () => {
    const id = fc.integer({ min: 1, max: 12 });
    const step = fc.record({ close: fc.boolean(), tunnel: id, session: id });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const table = SessionTable.create(200);
        const model = new Map<string, number>();
        for (const { close, tunnel, session: number } of steps) {
          const key = `${tunnel} ${number}`;
          const row = model.get(key);
          if (!close && row === undefined) model.set(key, table.open(session(tunnel, number)));
          if (close && row !== undefined) {
            table.close(row);
            model.delete(key);
          }
        }
        assert.equal(new Set(model.values()).size, model.size);
        for (let tunnel = 1; tunnel <= 12; tunnel++) {
          for (let number = 1; number <= 12; number++) {
            assert.equal(table.lookup(tunnel, number), model.get(`${tunnel} ${number}`) ?? -1);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('rows are not used again too early', () => {
  it('while a worker is at work a closed row stays closed', () => {
    const table = SessionTable.create(1);
    const row = table.open(session(1, 1));
    table.enter(UPLINK);
    table.close(row);
    assert.throws(() => table.open(session(1, 2)), { code: 'table-full' });
    table.leave(UPLINK);
    assert.equal(table.open(session(1, 2)), row);
  });

  it('a worker that is at work again has forgotten the row', () => {
    const table = SessionTable.create(1);
    const row = table.open(session(1, 1));
    table.enter(DOWNLINK);
    table.close(row);
    table.leave(DOWNLINK);
    table.enter(DOWNLINK);
    assert.equal(table.open(session(1, 2)), row);
  });
});

describe('longest prefix match', () => {
  const ADDRESS_BITS = fc.integer({ min: 0, max: 0xffffffff });
  const PREFIX = fc.record({
    device: fc.integer({ min: 0, max: 2 }),
    address: fc.oneof(ADDRESS_BITS, fc.integer({ min: 0x0a000000, max: 0x0a0000ff })),
    length: fc.oneof(fc.integer({ min: 0, max: 32 }), fc.constantFrom(0, 24, 31, 32)),
    row: fc.integer({ min: 0, max: 9 }),
    remove: fc.boolean(),
  });

  it('property: it agrees with the naive search over a list', () => {
    fc.assert(
      fc.property(fc.array(PREFIX, { maxLength: 60 }), fc.array(ADDRESS_BITS, { maxLength: 20 }), (changes, probes) => {
        const table = SessionTable.create(100);
        const rows = Array.from({ length: 10 }, (_, index) => table.open(session(1, index + 1)));
        const model = new Map<string, { device: number; address: number; length: number; row: number }>();
        for (const { device, address, length, row, remove } of changes) {
          const key = `${device} ${cut(address, length)} ${length}`;
          if (remove) {
            table.removePrefix(device, address, length, rows[row]!);
            if (model.get(key)?.row === rows[row]) model.delete(key);
          } else {
            table.addPrefix(device, address, length, rows[row]!);
            model.set(key, { device, address: cut(address, length), length, row: rows[row]! });
          }
        }
        for (const address of [...probes, ...changes.map((change) => change.address)]) {
          for (let device = 0; device < 4; device++) {
            const holds = [...model.values()].filter(
              (p) => p.device === device && cut(address, p.length) === p.address,
            );
            const best = holds.sort((a, b) => b.length - a.length)[0];
            assert.equal(table.prefixes.lookup(device, address | 0), best?.row ?? -1);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('closing a session takes its prefixes along, and no other', () => {
    const table = SessionTable.create(4);
    const [first, second] = [table.open(session(1, 1)), table.open(session(1, 2))];
    table.addPrefix(0, 0x0a000001, 32, first);
    table.addPrefix(0, 0x0a000000, 24, second);
    table.addPrefix(0, 0x0a000001, 32, second);
    table.close(first);
    assert.equal(table.prefixes.lookup(0, 0x0a000001), second);
    table.close(second);
    assert.equal(table.prefixes.lookup(0, 0x0a000001), -1);
  });

  it('a full table says so', () => {
    const table = SessionTable.create(1);
    const row = table.open(session(1, 1));
    assert.throws(
      () => {
        for (let address = 0; address < 10_000; address++) table.addPrefix(0, address, 32, row);
      },
      { code: 'index-full' },
    );
    assert.equal(table.prefixes.lookup(0, 5), row);
    table.close(row);
    assert.equal(table.prefixes.lookup(0, 5), -1);
  });

  it('a hundred thousand changes leave searches short', () => {
    const table = SessionTable.create(64);
    const row = table.open(session(1, 1));
    for (let address = 0; address < 100_000; address++) {
      table.addPrefix(0, Math.imul(address, 0x9e3779b1), 32, row);
      if (address >= 40) table.removePrefix(0, Math.imul(address - 40, 0x9e3779b1), 32, row);
    }
    assert.equal(table.prefixes.lookup(0, Math.imul(99_999, 0x9e3779b1)), row);
    assert.equal(table.prefixes.lookup(0, 12345), -1);
  });
});

function cut(address: number, length: number): number {
  return length === 0 ? 0 : address & (-1 << (32 - length));
}
