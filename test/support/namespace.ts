// Network namespaces: the machine's own interfaces are never touched, and nothing in a namespace has a way out of it.
// Names carry the test's process id, so that what a SIGKILL left behind is swept by whoever makes the next one.

import { existsSync } from 'node:fs';
import { atExit } from './cleanup.ts';
import { Background, type BackgroundOptions, command, type Machine, type Outcome, run } from './process.ts';

const NAME = /^vpdntest-(\d+)-\d+/;
/** Without these every frame is what a wire would carry: one segment, its checksums filled in. */
const OFFLOADS = ['tx', 'sg', 'tso', 'gso', 'gro'];

let made = 0;

export class Namespace implements Machine {
  readonly name: string;
  readonly #release: () => void;

  static create(): Namespace {
    if (made === 0) sweep();
    return new Namespace();
  }

  private constructor() {
    this.name = `vpdntest-${process.pid}-${++made}`;
    command('ip', 'netns', 'add', this.name);
    this.#release = atExit(() => destroy(this.name));
    this.ip('link set lo up');
  }

  /** The processes that live in it. */
  get pids(): number[] {
    return pidsIn(this.name);
  }

  /** One iproute2 command: `ip('addr add 192.0.2.1/24 dev tap0')`. */
  ip(words: string): string {
    return command('ip', '-n', this.name, ...words.split(' '));
  }

  /** A tap with the kernel's end up and addressed; who opens it by name has the other end. */
  addTap(device: string, cidr?: string): void {
    this.ip(`tuntap add dev ${device} mode tap`);
    this.quiet(device);
    if (cidr !== undefined) this.ip(`addr add ${cidr} dev ${device}`);
    this.ip(`link set ${device} up`);
    this.asOnWire(device);
  }

  /** A bridge, the switch between several taps. */
  addBridge(device: string, ports: readonly string[], cidr?: string): void {
    this.ip(`link add ${device} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`);
    this.quiet(device);
    for (const port of ports) this.ip(`link set ${port} master ${device}`);
    if (cidr !== undefined) this.ip(`addr add ${cidr} dev ${device}`);
    this.ip(`link set ${device} up`);
  }

  /** Turns every offload off. To be repeated after a guest has opened the tap: that turns some on again. */
  asOnWire(device: string): void {
    const off = OFFLOADS.flatMap((offload) => [offload, 'off']);
    command('ip', 'netns', 'exec', this.name, 'ethtool', '-K', device, ...off);
  }

  run(argv: readonly string[], timeoutMillis?: number): Promise<Outcome> {
    return run(this.#inside(argv), timeoutMillis);
  }

  start(argv: readonly string[], options?: BackgroundOptions): Background {
    return Background.start(this.#inside(argv), options);
  }

  /** Ends every process in it and removes it. */
  destroy(): void {
    this.#release();
  }

  #inside(argv: readonly string[]): string[] {
    return ['ip', 'netns', 'exec', this.name, ...argv];
  }

  /** No router solicitations and multicast reports: a capture then holds what the test did and nothing else. */
  quiet(device: string): void {
    const key = `net.ipv6.conf.${device}.disable_ipv6`;
    if (!existsSync('/proc/sys/net/ipv6')) return;
    command('ip', 'netns', 'exec', this.name, 'sysctl', '-qw', `${key}=1`);
  }
}

/** One end of a cable; without `cidr` it is up and has no address. */
interface Plug {
  namespace: Namespace;
  device: string;
  cidr?: string;
}

/** An Ethernet cable between two namespaces. */
export function connect(near: Plug, far: Plug): void {
  near.namespace.ip(`link add ${near.device} type veth peer name ${far.device} netns ${far.namespace.name}`);
  for (const { namespace, device, cidr } of [near, far]) {
    namespace.asOnWire(device);
    namespace.quiet(device);
    if (cidr !== undefined) namespace.ip(`addr add ${cidr} dev ${device}`);
    namespace.ip(`link set ${device} up`);
  }
}

function destroy(name: string): void {
  for (const pid of pidsIn(name)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended by itself meanwhile.
    }
  }
  command('ip', 'netns', 'delete', name);
}

function pidsIn(name: string): number[] {
  return command('ip', 'netns', 'pids', name).split('\n').filter(Boolean).map(Number);
}

/** Namespaces of test processes that no longer live. */
function sweep(): void {
  for (const line of command('ip', 'netns', 'list').split('\n')) {
    const owner = NAME.exec(line);
    // A process that has ended but was not reaped yet still has a /proc entry, and no program.
    if (owner !== null && !existsSync(`/proc/${owner[1]}/exe`)) destroy(line.split(' ')[0]!);
  }
}
