// A guest: a Linux with PPP and L2TPv2 in its kernel (User-Mode Linux), or with L2TPv3 (QEMU), run as a process of this one,
// which has none of them.
// Its one interface is a tap in a namespace of the test; its root is the host's, read-only (guest/init.pl has the inside).

import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atExit } from '../support/cleanup.ts';
import type { Namespace } from '../support/namespace.ts';
import type { Background, Machine, Outcome } from '../support/process.ts';
import type { Needs } from '../support/requirement.ts';
import { waitFor } from '../support/wait.ts';
import { L2TPV3_MODULES, qemuCommand } from './qemu.ts';

const KERNEL = '/usr/bin/linux.uml';
const INIT = fileURLToPath(new URL('guest/init.pl', import.meta.url));

export const USER_MODE_LINUX: Needs = { root: true, programs: ['perl', 'unshare', 'ethtool'], files: [KERNEL] };

/** PPP's compressors too: without one pppd does not even ask for CCP. */
const MODULES = ['l2tp_ppp', 'ppp_deflate', 'bsd_comp', 'ipv6'];

const BOOT_MILLIS = { 'user-mode': 20_000, qemu: 90_000 };
const COMMAND_MILLIS = 30_000;
/** An own end to every guest, for the case that nobody is left to end it. */
const LIFETIME_SECONDS = 300;

export interface GuestOptions {
  namespace: Namespace;
  /** An existing tap in the namespace. */
  tap: string;
  /** The guest's own address and prefix length. */
  address: string;
  memory?: string;
  modules?: readonly string[];
  /** User-Mode Linux if absent: a second to boot, and no L2TPv3. */
  kernel?: 'user-mode' | 'qemu';
}

export class Guest implements Machine {
  /** The one folder guest and host share: `/share` in the guest. */
  readonly folder: string;
  readonly #kernel: Background;
  readonly #release: () => void;
  #commands = 0;

  /** Returns when its network is up and it takes commands: about a second. */
  static async boot(options: GuestOptions): Promise<Guest> {
    const guest = new Guest(options);
    try {
      await waitFor(
        'the guest to boot',
        BOOT_MILLIS[options.kernel ?? 'user-mode'],
        () => existsSync(join(guest.folder, 'ready')) || guest.#mustRun(),
        () => guest.console,
      );
      // The guest's opening of the tap has turned the tap's checksum offload on again.
      options.namespace.asOnWire(options.tap);
      return guest;
    } catch (error) {
      await guest.kill();
      throw error;
    }
  }

  private constructor({ namespace, tap, address, memory = '96M', modules, kernel = 'user-mode' }: GuestOptions) {
    const base = mkdtempSync(join(tmpdir(), 'vpdntest-guest-'));
    this.folder = join(base, 'share');
    mkdirSync(this.folder);
    // A PID namespace of its own: killing the one process kills every process of the guest.
    const wrapping = ['timeout', '-s', 'KILL', String(LIFETIME_SECONDS)];
    const apart = ['unshare', '--pid', '--fork', '--kill-child=KILL', '--mount'];
    const command =
      kernel === 'qemu'
        ? qemuCommand({ base, tap, address, modules: modules ?? L2TPV3_MODULES, mac: '52:54:00:00:00:01' })
        : userModeCommand({ base, tap, address, modules: modules ?? MODULES, memory });
    this.#kernel = namespace.start([...wrapping, ...apart, ...command]);
    this.#release = atExit(() => rmSync(base, { recursive: true, force: true }));
  }

  /** The kernel's and the init's messages: look here first when something does not start. */
  get console(): string {
    return this.#kernel.stdout;
  }

  /** Puts a file into the shared folder; the guest has it as the path returned. */
  put(name: string, text: string): string {
    writeFileSync(join(this.folder, name), text, { mode: 0o755 });
    return `/share/${name}`;
  }

  /** A file the guest has put into the shared folder; undefined while there is none. */
  read(name: string): string | undefined {
    const path = join(this.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  }

  remove(name: string): void {
    rmSync(join(this.folder, name), { force: true });
  }

  async run(argv: readonly string[], timeoutMillis = COMMAND_MILLIS): Promise<Outcome> {
    return await this.shell(argv.map(quoted).join(' '), timeoutMillis);
  }

  /** Runs a line of shell in the guest. */
  async shell(line: string, timeoutMillis = COMMAND_MILLIS): Promise<Outcome> {
    this.#commands += 1;
    const id = String(this.#commands);
    this.put(`${id}.new`, `${line}\n`);
    renameSync(join(this.folder, `${id}.new`), join(this.folder, `${id}.command`));
    const status = await waitFor(
      `the guest to run ${line}`,
      timeoutMillis,
      () => this.read(`${id}.status`) ?? (this.#mustRun() || undefined),
      () => `${this.read(`${id}.stdout`) ?? ''}${this.read(`${id}.stderr`) ?? ''}`,
    );
    return {
      status: Number(status),
      stdout: this.read(`${id}.stdout`) ?? '',
      stderr: this.read(`${id}.stderr`) ?? '',
    };
  }

  /** Pulls the plug. Nothing is lost: what the guest wrote to `/share` is on the host, until this removes it. */
  async kill(): Promise<void> {
    await this.#kernel.stop('SIGKILL');
    this.#release();
  }

  /** False while the guest lives, so that it can stand in a condition; throws when it has died. */
  #mustRun(): false {
    if (this.#kernel.running && !this.console.includes('Kernel panic')) return false;
    throw new Error(`the guest died\n${this.console}`);
  }
}

function userModeCommand(options: {
  base: string;
  tap: string;
  address: string;
  modules: readonly string[];
  memory: string;
}): string[] {
  const { base, tap, address, modules, memory } = options;
  return [
    KERNEL,
    `mem=${memory}`,
    'umid=guest',
    `uml_dir=${base}/`,
    ...['root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'ro', `init=${INIT}`],
    ...[`VPDN_SHARE=${join(base, 'share')}`, `VPDN_ADDRESS=${address}`, `VPDN_MODULES=${modules.join(',')}`],
    // Benchmarks of code that nothing here uses: nine tenths of a second of the boot.
    'initcall_blacklist=raid6_select_algo,calibrate_xor_blocks',
    ...['quiet', 'con=null', 'con0=null,fd:1', 'ssl=null'],
    // Without gro the driver drops segments that the host has joined.
    `vec0:transport=tap,ifname=${tap},gro=1`,
  ];
}

function quoted(word: string): string {
  return /^[\w./:@=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
