// The sessions as workers see them: rows of numbers in shared memory, found by (tunnel, session), by the session of L2TPv3
// alone, or by destination.
// The control thread opens, updates and closes; workers look up and count. A closed row is not used again before
// every worker has come past the moment of closing, so no packet in flight goes to the wrong session.

import { PPTP_CALLS } from '../vpdn/events.ts';
import { LocalError } from '../wire/errors.ts';
import { CipherWriter } from './cipher-writer.ts';
import { readDrops } from './drop-counter.ts';
import * as layout from './layout.ts';
import { PrefixTable } from './prefix-table.ts';
import {
  beginFlow,
  CALL_TAG,
  keyOf,
  SESSION_TAG,
  type SessionRow,
  tagOf,
  V3_SESSION_TAG,
  writeRow,
} from './session-row.ts';
import { SharedIndex } from './shared-index.ts';
import { DROP_REASONS, type DropReason, FIRST_DOWNLINK_DROP, FIRST_DROP } from './verdict.ts';

export type { GreRow, SessionRow, V3Row } from './session-row.ts';

export interface SessionCounters {
  packetsIn: number;
  octetsIn: number;
  packetsOut: number;
  octetsOut: number;
  /** Milliseconds on the control thread's `performance.now()`; 0: never. */
  lastInput: number;
  lastOutput: number;
  outOfOrder: number;
  inputDrops: number;
  outputDrops: number;
  drops: Partial<Record<DropReason, number>>;
  ns: number;
  nr: number;
}

export class SessionTable {
  readonly buffer: SharedArrayBuffer;
  /** The whole table as words and as floats, for the packet path. */
  readonly words: Int32Array;
  readonly floats: Float64Array;
  readonly prefixes: PrefixTable;
  readonly #sizes: layout.Sizes;
  readonly #index: SharedIndex;
  readonly #rows: number;
  // Of the writer alone.
  readonly #free: { readonly row: number; readonly epochs: readonly number[] }[] = [];
  readonly #owned = new Map<number, Set<string>>();
  readonly #ciphers: CipherWriter;
  #highest = 0;

  private constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.words = new Int32Array(buffer);
    this.floats = new Float64Array(buffer);
    this.#sizes = {
      capacity: this.words[layout.Header.Capacity]!,
      sessionSlots: this.words[layout.Header.SessionSlots]!,
      prefixSlots: this.words[layout.Header.PrefixSlots]!,
    };
    const version = layout.Header.SessionVersion;
    this.#index = new SharedIndex(this.words, layout.SESSION_INDEX_WORD, this.#sizes.sessionSlots, version);
    this.#rows = layout.rowsWord(this.#sizes);
    this.prefixes = new PrefixTable(this.words, this.#sizes);
    this.#ciphers = new CipherWriter(this.words);
  }

  static create(capacity: number): SessionTable {
    const sizes = layout.sizesFor(capacity);
    const buffer = new SharedArrayBuffer(layout.totalOctets(sizes));
    const words = new Int32Array(buffer);
    words[layout.Header.Capacity] = sizes.capacity;
    words[layout.Header.SessionSlots] = sizes.sessionSlots;
    words[layout.Header.PrefixSlots] = sizes.prefixSlots;
    for (let device = 0; device < layout.MAX_DEVICES; device++) {
      words[layout.DEVICES_WORD + device * layout.DEVICE_WORDS + layout.Device.Fd] = -1;
    }
    words.fill(-1, layout.Header.Sockets, layout.Header.Sockets + layout.SOCKETS);
    return new SessionTable(buffer);
  }

  /** The same table in another thread: for reading and counting. */
  static attach(buffer: SharedArrayBuffer): SessionTable {
    return new SessionTable(buffer);
  }

  /** The new session's row. */
  open(session: SessionRow): number {
    const key = keyOf(session.localTunnel, session.localSession);
    // RFC 3931 §4.1: a session of L2TPv3 belongs to the node, not to a tunnel.
    const isOwn = session.localTunnel === tunnelOf(session);
    if (session.localSession === 0 || !isOwn) {
      throw new LocalError('session-id', 'ids are never 0, and a tunnel is of L2TPv2');
    }
    if (!isDevice(session.device)) throw new LocalError('device-index', `device ${session.device}`);
    if (this.lookup(session.localTunnel, session.localSession) >= 0) {
      throw new LocalError('session-exists', `tunnel ${session.localTunnel} session ${session.localSession}`);
    }
    // Filled before it can be found.
    const row = this.#takeRow();
    const at = this.rowWord(row);
    this.words.fill(0, at, at + layout.ROW_WORDS);
    this.#ciphers.write(row, at, session.compression);
    writeRow(this.words, at, session);
    if (session.gre !== undefined) beginFlow(this.words, at, this.floats, this.rowFloat(row), session.gre);
    this.words[at + layout.Row.Key] = key;
    this.#index.set(key, tagOf(session.localTunnel), row);
    this.#owned.set(row, new Set());
    this.#setCircuit(session.device, row, session.v3?.ethernet === true);
    return row;
  }

  /** Everything but the local ids, the device and the payload may change. */
  update(row: number, session: SessionRow): void {
    const at = this.rowWord(row);
    this.#ciphers.write(row, at, session.compression);
    writeRow(this.words, at, session);
  }

  /** Takes the session's prefixes along. */
  close(row: number): void {
    const owned = this.#owned.get(row);
    if (owned === undefined) return;
    // First no packet finds the way to the row any more, then the row goes.
    for (const prefix of owned) {
      const [device, address, length] = prefix.split(' ').map(Number) as [number, number, number];
      this.prefixes.remove(device, address, length, row);
    }
    this.#owned.delete(row);
    const at = this.rowWord(row);
    const flags = this.words[at + layout.Row.Flags]!;
    this.#setCircuit(this.words[at + layout.Row.Device]!, row, false);
    this.#index.delete(this.words[at + layout.Row.Key]!, tagOfFlags(flags), row);
    this.#ciphers.write(row, at, undefined);
    this.#free.push({ row, epochs: this.epochs() });
  }

  /** `address` within `device` belongs to this session: where packets to it go, and what its sources may be. */
  addPrefix(device: number, address: number, length: number, row: number): void {
    this.prefixes.add(device, address, length, row);
    this.#owned.get(row)?.add(`${device} ${address | 0} ${length}`);
  }

  removePrefix(device: number, address: number, length: number, row: number): void {
    this.prefixes.remove(device, address, length, row);
    this.#owned.get(row)?.delete(`${device} ${address | 0} ${length}`);
  }

  /** The row of a session by its local ids, or -1. Tunnel 0: of L2TPv3; `PPTP_CALLS`: a call of PPTP. */
  lookup(localTunnel: number, localSession: number): number {
    return this.#index.find(keyOf(localTunnel, localSession), tagOf(localTunnel));
  }

  /** As `lookup`, for the workers. */
  lookupV2(localTunnel: number, localSession: number): number {
    return this.#index.find((localTunnel << 16) | localSession, SESSION_TAG);
  }

  /** `localSession`: its 32 bits as a signed number. */
  lookupV3(localSession: number): number {
    return this.#index.find(localSession, V3_SESSION_TAG);
  }

  lookupCall(call: number): number {
    return this.#index.find(call, CALL_TAG);
  }

  /** The row of the session that all frames of this Ethernet device belong to, or -1. */
  circuit(device: number): number {
    return this.words[layout.DEVICES_WORD + device * layout.DEVICE_WORDS + layout.Device.Circuit]! - 1;
  }

  /**
   * The number of the next data message of a sequenced session, whoever sends it (RFC 2661 §5.4, RFC 3931 §4.6.1, RFC 2637
   * §4.2): its last 16 bits are for L2TPv2, 24 for L2TPv3, all 32 for PPTP.
   */
  nextNs(row: number): number {
    return Atomics.add(this.words, this.rowWord(row) + layout.Row.Ns, 1);
  }

  /** The control thread sent a PPP frame of this many octets itself. */
  countControlOutput(row: number, octets: number, now: number): void {
    const at = this.rowFloat(row);
    this.floats[at + layout.Count.ControlPacketsOut]! += 1;
    this.floats[at + layout.Count.ControlOctetsOut]! += octets;
    this.floats[at + layout.Count.LastOutput] = now;
  }

  counters(row: number): SessionCounters {
    const { floats, words } = this;
    const at = this.rowFloat(row);
    const word = this.rowWord(row);
    const tally = this.#tally(at + layout.Count.Drops);
    return {
      packetsIn: this.#sumOf(at, 'PacketsIn', 'OpenedPacketsIn'),
      octetsIn: this.#sumOf(at, 'OctetsIn', 'OpenedOctetsIn'),
      packetsOut: this.#sumOf(at, 'PacketsOut', 'SealedPacketsOut', 'ControlPacketsOut'),
      octetsOut: this.#sumOf(at, 'OctetsOut', 'SealedOctetsOut', 'ControlOctetsOut'),
      lastInput: floats[at + layout.Count.LastInput]!,
      lastOutput: floats[at + layout.Count.LastOutput]!,
      outOfOrder: tally.drops['out-of-order'] ?? 0,
      ...tally,
      ns: words[word + layout.Row.Ns]! & numberMask(words[word + layout.Row.Flags]!),
      nr: words[word + layout.Row.Nr]!,
    };
  }

  /** By reason since the start: all drops, those without a session included. */
  drops(): Partial<Record<DropReason, number>> {
    return this.#tally(layout.DROPS_FLOAT).drops;
  }

  get capacity(): number {
    return this.#sizes.capacity;
  }

  /** Whether what the session at `row` sends is sealed. */
  seals(row: number): boolean {
    return (this.words[this.rowWord(row) + layout.Row.Flags]! & layout.Flag.Seals) !== 0;
  }

  /** The local ids of the session at `row`, as the index has them. */
  keyOf(row: number): number {
    return this.words[this.rowWord(row) + layout.Row.Key]!;
  }

  rowWord(row: number): number {
    return this.#rows + row * layout.ROW_WORDS;
  }

  rowFloat(row: number): number {
    return this.#rows / 2 + row * layout.ROW_FLOATS;
  }

  deviceFd(device: number): number {
    return Atomics.load(this.words, layout.DEVICES_WORD + device * layout.DEVICE_WORDS + layout.Device.Fd);
  }

  /** A device of Linux's own, read as a packet socket. */
  isAttached(device: number): boolean {
    return this.words[layout.DEVICES_WORD + device * layout.DEVICE_WORDS + layout.Device.Attached] !== 0;
  }

  setDeviceFd(device: number, fd: number, attached = false): void {
    if (!isDevice(device)) throw new LocalError('device-index', `device ${device}`);
    const at = layout.DEVICES_WORD + device * layout.DEVICE_WORDS + layout.Device.Attached;
    Atomics.store(this.words, at, attached ? 1 : 0);
    Atomics.store(this.words, layout.DEVICES_WORD + device * layout.DEVICE_WORDS + layout.Device.Fd, fd);
  }

  /** The descriptor of a socket, by its number (`layout.SOCKETS`), or -1. */
  socketFd(socket: number): number {
    return Atomics.load(this.words, layout.Header.Sockets + socket);
  }

  setSocketFd(socket: number, fd: number): void {
    Atomics.store(this.words, layout.Header.Sockets + socket, fd);
  }

  /** Workers are to end; whoever says so wakes them too. */
  setStopping(): void {
    Atomics.store(this.words, layout.Header.Stopping, 1);
  }

  get stopping(): boolean {
    return Atomics.load(this.words, layout.Header.Stopping) !== 0;
  }

  /** A worker begins to use rows. An odd epoch: it is at it. */
  enter(reader: number): void {
    Atomics.add(this.words, layout.Header.Epochs + reader, 1);
  }

  /** The worker has forgotten every row it knew. */
  leave(reader: number): void {
    Atomics.add(this.words, layout.Header.Epochs + reader, 1);
  }

  epochs(): number[] {
    const epochs: number[] = [];
    for (let reader = 0; reader < layout.READERS; reader++) {
      epochs.push(Atomics.load(this.words, layout.Header.Epochs + reader));
    }
    return epochs;
  }

  /** Has every worker forgotten what it knew at `then`? */
  haveAllPassed(then: readonly number[]): boolean {
    return this.epochs().every((epoch, reader) => then[reader]! % 2 === 0 || epoch !== then[reader]);
  }

  #takeRow(): number {
    // The oldest first: the longer ago, the surer that nobody knows the row.
    const oldest = this.#free.findIndex((freed) => this.haveAllPassed(freed.epochs));
    if (oldest >= 0) return this.#free.splice(oldest, 1)[0]!.row;
    if (this.#highest >= this.#sizes.capacity) throw new LocalError('table-full', `${this.#highest} sessions`);
    return this.#highest++;
  }

  /** A later session on the device has taken the place of one that is on its way out. */
  #setCircuit(device: number, row: number, takes: boolean): void {
    const at = layout.DEVICES_WORD + device * layout.DEVICE_WORDS + layout.Device.Circuit;
    if (takes) Atomics.store(this.words, at, row + 1);
    else Atomics.compareExchange(this.words, at, row + 1, 0);
  }

  #sumOf(at: number, ...counts: (keyof typeof layout.Count)[]): number {
    return counts.reduce((sum, count) => sum + this.floats[at + layout.Count[count]]!, 0);
  }

  #tally(at: number): Pick<SessionCounters, 'inputDrops' | 'outputDrops' | 'drops'> {
    const drops: Partial<Record<DropReason, number>> = {};
    let inputDrops = 0;
    let outputDrops = 0;
    for (const [index, reason] of DROP_REASONS.entries()) {
      const count = readDrops(this.words, at + index);
      if (count === 0) continue;
      drops[reason] = count;
      if (index + FIRST_DROP < FIRST_DOWNLINK_DROP) inputDrops += count;
      else outputDrops += count;
    }
    return { inputDrops, outputDrops, drops };
  }
}

/** The tunnel that a session of its protocol has: one of its own in L2TPv2 only. */
function tunnelOf({ localTunnel, v3, gre }: SessionRow): number {
  if (v3 !== undefined) return 0;
  if (gre !== undefined) return PPTP_CALLS;
  return localTunnel > 0 && localTunnel < PPTP_CALLS ? localTunnel : -1;
}

function tagOfFlags(flags: number): number {
  if ((flags & layout.Flag.Gre) !== 0) return CALL_TAG;
  return (flags & layout.Flag.V3) !== 0 ? V3_SESSION_TAG : SESSION_TAG;
}

function numberMask(flags: number): number {
  if ((flags & layout.Flag.Gre) !== 0) return -1;
  return (flags & layout.Flag.V3) !== 0 ? 0xffffff : 0xffff;
}

function isDevice(device: number): boolean {
  return Number.isInteger(device) && device >= 0 && device < layout.MAX_DEVICES;
}
