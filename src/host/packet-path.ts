// The router's data sessions and devices, as its effects name them, onto what the workers know: rows, device numbers,
// descriptors. Control messages leave by the same sockets that the workers read.

import { MAX_DEVICES } from '../dataplane/layout.ts';
import {
  type EncryptionCounters,
  encryptionCounters,
  type FlowCounters,
  flowCounters,
} from '../dataplane/link-counters.ts';
import type { SessionCounters } from '../dataplane/session-table.ts';
import { decodeGre } from '../pptp/gre-header.ts';
import { PacketSocket } from '../sys/packet-socket.ts';
import { Tun } from '../sys/tun.ts';
import { type DataSession, type RouterEffect, type RouterInput, SHARED_DEVICE } from '../vpdn/events.ts';
import type { TrafficRates } from '../vpdn/view.ts';
import { LocalError } from '../wire/errors.ts';
import { type Path, parseIpv4, readIpv4 } from '../wire/ip.ts';
import type { Millis } from '../wire/machine.ts';
import type { Clock } from './clock.ts';
import { DataplanePool } from './dataplane-pool.ts';
import { tapDeviceName, virtualDeviceName } from './device-names.ts';
import type { TrafficSource } from './observe.ts';
import { PathMtus } from './path-mtus.ts';
import { Rates } from './rates.ts';
import { numberMessage, outgoingKey, outgoingKeyOf, sessionRow } from './session-row.ts';
import { type Transport, TunnelSockets } from './tunnel-sockets.ts';

export interface PacketPathOptions {
  readonly clock: Clock;
  readonly onDatagram: (path: Path, octets: Uint8Array) => void;
  /** A device went away without being asked to. */
  readonly onDeviceLost: (device: string) => void;
  readonly onFailure: (message: string) => void;
  /** What the way between two addresses takes; undefined: no session asks any more. */
  readonly onPathMtu: (
    ends: { readonly localAddress: string; readonly peerAddress: string },
    mtu: number | undefined,
  ) => void;
  /** Stands for threads of their own that MPPE and MPPC have then, from the start: `ISA5/0`. */
  readonly mppeCard?: string;
  /** To be delivered to the router as it is. */
  readonly onTrouble?: (trouble: SessionTrouble) => void;
}

/** What the packet path cannot mend by itself. */
export type SessionTrouble = Extract<RouterInput, { on: 'compression-lost' | 'flow-alarm' }>;

type SendEffect = Extract<RouterEffect, { do: 'send' }>;
type PrefixEffect = Extract<RouterEffect, { do: 'add-prefix' | 'remove-prefix' }>;

/** `attached`: a device of Linux's own, whose frames an xconnect takes. */
export type DeviceKind = 'tun' | 'tap' | 'attached';

interface OpenDevice {
  readonly index: number;
  readonly kind: DeviceKind;
  readonly device: Tun | PacketSocket;
  /** While the workers let go of it, it may be wanted again. */
  closing: 'no' | 'yes' | 'reopened';
}

export class PacketPath implements TrafficSource {
  readonly mppeCard: string | undefined;
  readonly #clock: Clock;
  /** For both directions and all tunnels (RFC 2661 §8.1, RFC 3931 §4.1). */
  readonly #sockets: TunnelSockets;
  readonly #pool: DataplanePool;
  readonly #devices = new Map<string, OpenDevice>();
  /** Let go of for good, while the workers may still be using them. */
  readonly #retired = new Set<OpenDevice>();
  /** Rows by what a data message to the peer says: transport, address, port, the peer's tunnel and session. */
  readonly #outgoing = new Map<string, number>();
  /** By row, as last told. */
  readonly #sessions = new Map<number, DataSession>();
  /** When each session was last asked about its activity. */
  readonly #probed = new Map<string, Millis>();
  /** Messages that did not go out, by errno or why. */
  readonly #unsent = new Map<string, number>();
  readonly #rates = new Rates();
  readonly #pathMtus: PathMtus;

  constructor(options: PacketPathOptions) {
    this.#clock = options.clock;
    this.mppeCard = options.mppeCard;
    this.#pathMtus = new PathMtus(options.onPathMtu);
    this.#sockets = new TunnelSockets({
      onOpen: (socket, fd) => this.#pool.addSocket(socket, fd),
      onFailure: options.onFailure,
    });
    try {
      this.#pool = DataplanePool.start({
        udpSocket: this.#sockets.udp,
        capacity: CAPACITY,
        mppeThreads: options.mppeCard !== undefined,
        onDatagrams: (batch) => {
          for (const { path, octets } of batch) options.onDatagram(path, octets);
        },
        onWorkerFailure: options.onFailure,
        onPathMtu: () => this.#pathMtus.check(),
        onTrouble: (on, row) => {
          const session = this.#sessions.get(row);
          if (session !== undefined) {
            options.onTrouble?.({ on, tunnel: session.localTunnel, session: session.localSession });
          }
        },
        onDeviceLost: (index) => {
          for (const [name, device] of this.#devices) if (device.index === index) options.onDeviceLost(name);
        },
      });
    } catch (error) {
      this.#sockets.close();
      throw error;
    }
  }

  /**
   * The Linux name of the device that is now open. `attached` needs to be told it: physical interfaces are no business of ours.
   * `vlan`: only the frames with this tag.
   */
  openDevice(interfaceName: string, kind: DeviceKind = 'tun', linuxDevice?: string, vlan?: number): string {
    const name = linuxDevice ?? (kind === 'tap' ? tapDeviceName(interfaceName) : virtualDeviceName(interfaceName));
    if (name === undefined || (kind === 'attached' && linuxDevice === undefined)) {
      throw new LocalError('no-tun', `${interfaceName} has no ${kind === 'attached' ? 'device' : 'TUN'}`);
    }
    const known = this.#devices.get(interfaceName);
    // A packet socket is bound to one device of Linux's: another of the same name is not the one it had.
    if (known?.closing === 'yes' && (known.kind !== kind || kind === 'attached')) {
      this.#devices.delete(interfaceName);
      this.#retired.add(known);
    } else if (known !== undefined) {
      if (known.kind !== kind) throw new LocalError('device-kind', `${interfaceName} is open as ${known.kind}`);
      if (known.closing === 'yes') known.closing = 'reopened';
      return name;
    }
    const index = this.#freeIndex();
    if (index >= MAX_DEVICES) throw new LocalError('too-many-devices', `there is room for ${MAX_DEVICES} devices`);
    const device = kind === 'attached' ? PacketSocket.open(name, vlan) : Tun.open(name, kind);
    try {
      this.#pool.addDevice(index, device.fd, kind === 'attached');
    } catch (error) {
      device.close(); // or its name would be taken for ever
      throw error;
    }
    this.#devices.set(interfaceName, { index, kind, device, closing: 'no' });
    return name;
  }

  kindOf(interfaceName: string): DeviceKind | undefined {
    return this.#devices.get(interfaceName)?.kind;
  }

  /** Returns at once: the descriptor is closed when no worker can be using it any more. */
  closeDevice(interfaceName: string): void {
    const device = this.#devices.get(interfaceName);
    if (device === undefined) return;
    const before = device.closing;
    device.closing = 'yes';
    if (before === 'no') void this.#release(interfaceName, device);
  }

  /** Whoever is to be reached this way can be from now on, though nothing was sent yet. False: it is not to be had. */
  listen(transport: Transport): boolean {
    return this.#sockets.need(transport);
  }

  openSession(session: DataSession): void {
    this.#sockets.need(session.path);
    const row = this.#pool.table.open(sessionRow(session, this.#indexOf(session.device)));
    this.#remember(session, row);
    // A device of its own leads nowhere else: Linux has chosen the session by choosing the device.
    const isShared = session.device === SHARED_DEVICE || session.v3?.payload === 'ethernet';
    if (!isShared) this.#pool.table.addPrefix(this.#indexOf(session.device), 0, 0, row);
  }

  /** Anything but the local ids may have changed: IPCP opened, or the peer moved to another port. */
  updateSession(session: DataSession): void {
    const row = this.#find(session);
    this.#sockets.need(session.path);
    this.#pool.table.update(row, sessionRow(session, this.#indexOf(session.device)));
    this.#remember(session, row);
  }

  closeSession(localTunnel: number, localSession: number): void {
    const row = this.#pool.table.lookup(localTunnel, localSession);
    if (row < 0) return;
    this.#pool.table.close(row);
    const session = this.#sessions.get(row);
    this.#sessions.delete(row);
    this.#probed.delete(sessionKey(localTunnel, localSession));
    this.#pathMtus.changed(session, undefined);
    if (session !== undefined) this.#forget(session, row);
  }

  /** Whom the tunnels of a device of its own lead to; nobody is asked of the shared one, whose peers reach us. */
  peersThrough(interfaceName: string | undefined): string[] {
    if (interfaceName === undefined || interfaceName === SHARED_DEVICE) return [];
    const sessions = [...this.#sessions.values()].filter(({ device }) => device === interfaceName);
    // What goes into a tunnel is IPv4: it cannot be what carries one over IPv6.
    return sessions.map(({ path }) => path.peerAddress).filter((address) => readIpv4(address) !== undefined);
  }

  addPrefix(device: string, { prefix, prefixLength, ...ids }: PrefixEffect): void {
    this.#pool.table.addPrefix(this.#indexOf(device), parseIpv4(prefix), prefixLength, this.#find(ids));
  }

  removePrefix(device: string, { prefix, prefixLength, localTunnel, localSession }: PrefixEffect): void {
    // A session takes its prefixes along when it closes.
    const row = this.#pool.table.lookup(localTunnel, localSession);
    if (row >= 0) this.#pool.table.removePrefix(this.#indexOf(device), parseIpv4(prefix), prefixLength, row);
  }

  /** A message of the control thread's own. One that does not go out is as good as lost on the way: only counted. */
  send({ path, octets, sequenced }: SendEffect): void {
    if (path.transport === 'gre') {
      if (sequenced === undefined || !this.#sendCall(sequenced, octets)) this.#countUnsent('no-call');
      return;
    }
    const session = this.#countData(path, octets);
    const errno = this.#sockets.send(path, octets, session?.v3?.outer);
    if (errno !== undefined) this.#countUnsent(errno);
  }

  /** Whether any of the sessions received data since they were asked last. `tunnel`: 0 for those of L2TPv3. */
  heard(tunnel: number, sessions: readonly number[]): boolean {
    const now = this.#clock.now();
    let heard = false;
    for (const session of sessions) {
      const key = sessionKey(tunnel, session);
      const lastInput = this.counters(tunnel, session)?.lastInput;
      if (lastInput === undefined) continue;
      heard ||= lastInput > (this.#probed.get(key) ?? 0);
      this.#probed.set(key, now);
    }
    return heard;
  }

  counters(localTunnel: number, localSession: number): SessionCounters | undefined {
    const row = this.#pool.table.lookup(localTunnel, localSession);
    return row < 0 ? undefined : this.#pool.table.counters(row);
  }

  flow(localTunnel: number, localSession: number): FlowCounters | undefined {
    const row = this.#pool.table.lookup(localTunnel, localSession);
    return row < 0 ? undefined : flowCounters(this.#pool.table, row);
  }

  encryption(localTunnel: number, localSession: number): EncryptionCounters | undefined {
    const row = this.#pool.table.lookup(localTunnel, localSession);
    return row < 0 ? undefined : encryptionCounters(this.#pool.table, row);
  }

  interfaceOf(localTunnel: number, localSession: number): string | undefined {
    return this.#sessions.get(this.#pool.table.lookup(localTunnel, localSession))?.interfaceName;
  }

  rates(localTunnel: number, localSession: number): TrafficRates | undefined {
    return this.#rates.of(sessionKey(localTunnel, localSession));
  }

  /** To be called now and then: what ICMP has said of the ways to peers, or what of that is forgotten by now. */
  checkPathMtus(): void {
    this.#pathMtus.check();
  }

  /** To be called now and then: what the rates are made from. */
  sampleRates(): void {
    const { table } = this.#pool;
    const counted = [...this.#sessions].map(([row, { localTunnel, localSession }]) => {
      return [sessionKey(localTunnel, localSession), table.counters(row)] as const;
    });
    this.#rates.sample(this.#clock.now(), counted);
  }

  drops(): Readonly<Record<string, number>> {
    const unsent = [...this.#unsent].map(([errno, count]) => [`unsent-${errno}`, count] as const);
    return { ...this.#pool.table.drops(), ...Object.fromEntries(unsent) };
  }

  /** Workers first: a descriptor closed under a reading thread may be another file by the time it reads. */
  async stop(): Promise<void> {
    await this.#pool.stop();
    for (const { device } of [...this.#devices.values(), ...this.#retired]) device.close();
    this.#devices.clear();
    this.#retired.clear();
    this.#sockets.close();
  }

  #countUnsent(reason: string): void {
    this.#unsent.set(reason, (this.#unsent.get(reason) ?? 0) + 1);
  }

  /** A PPP frame in enhanced GRE: who numbers the call's other packets sends it, for it to leave in its turn. */
  #sendCall({ tunnel, session }: { readonly tunnel: number; readonly session: number }, octets: Uint8Array): boolean {
    const { table } = this.#pool;
    const row = table.lookup(tunnel, session);
    if (row < 0) return false;
    const frame = decodeGre(octets).payload;
    table.countControlOutput(row, frame.length, this.#clock.now());
    if (!this.#pool.sendFrame(row, session, frame)) this.#countUnsent('no-room');
    return true;
  }

  /**
   * A sequenced data message takes its place in the count that the workers go on with (RFC 2661 §5.4, RFC 3931 §4.6.1).
   * Undefined: it is a control message, or of a session that the workers do not know.
   */
  #countData(path: Path, octets: Uint8Array): DataSession | undefined {
    const key = outgoingKey(path, octets);
    const row = key === undefined ? undefined : this.#outgoing.get(key);
    const session = row === undefined ? undefined : this.#sessions.get(row);
    if (row === undefined || session === undefined) return undefined;
    numberMessage(session, octets, () => this.#pool.table.nextNs(row));
    this.#pool.table.countControlOutput(row, octets.length, this.#clock.now());
    return session;
  }

  /** A peer that changes its port is found by the new one from then on. */
  #remember(session: DataSession, row: number): void {
    const before = this.#sessions.get(row);
    if (before !== undefined) this.#forget(before, row);
    this.#pathMtus.changed(before, session);
    this.#sessions.set(row, session);
    this.#outgoing.set(outgoingKeyOf(session), row);
  }

  #forget(session: DataSession, row: number): void {
    const key = outgoingKeyOf(session);
    if (this.#outgoing.get(key) === row) this.#outgoing.delete(key);
  }

  async #release(interfaceName: string, open: OpenDevice): Promise<void> {
    await this.#pool.removeDevice(open.index);
    if (open.closing === 'reopened') {
      open.closing = 'no';
      this.#pool.addDevice(open.index, open.device.fd, open.kind === 'attached');
      return;
    }
    if (this.#retired.delete(open)) return open.device.close();
    if (this.#devices.get(interfaceName) !== open) return; // stopped meanwhile
    this.#devices.delete(interfaceName);
    open.device.close();
  }

  /** The lowest, since the table has room for few devices only; one that is being closed still has its own. */
  #freeIndex(): number {
    const taken = new Set([...this.#devices.values(), ...this.#retired].map(({ index }) => index));
    let index = 0;
    while (taken.has(index)) index++;
    return index;
  }

  #indexOf(device: string): number {
    const open = this.#devices.get(device);
    if (open === undefined) throw new LocalError('device-closed', `${device} is not open`);
    return open.index;
  }

  #find({ localTunnel, localSession }: { readonly localTunnel: number; readonly localSession: number }): number {
    const row = this.#pool.table.lookup(localTunnel, localSession);
    if (row < 0) throw new LocalError('no-session', `no open session ${localTunnel}/${localSession}`);
    return row;
  }
}

function sessionKey(localTunnel: number, localSession: number): string {
  return `${localTunnel}/${localSession}`;
}

/** Sessions at most. Memory of rows never used is never touched. */
const CAPACITY = 65_536;
