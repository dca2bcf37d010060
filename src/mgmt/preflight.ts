// What has to be true before a router can run, each "no" in one line that says what to do.

import { accessSync, constants, existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { L2TP_PORT } from '../l2tp/header.ts';
import { SystemError } from '../wire/errors.ts';
import { reasonOf } from './file-error.ts';
import { OperatorError } from './operator-error.ts';

/** Of the effective set: root in a container may lack it, another user may have it. */
export function requireCapabilities(): void {
  if (!hasCapability(CAP_NET_ADMIN)) {
    throw new OperatorError(
      'a router needs CAP_NET_ADMIN: run it as root, or give it the capability (systemd: AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW; Docker: --cap-add NET_ADMIN)',
    );
  }
}

export function requireTun(): void {
  try {
    accessSync(TUN, constants.R_OK | constants.W_OK);
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new OperatorError(
      absent
        ? `there is no ${TUN}: load the module (modprobe tun), or give the container --device ${TUN}`
        : `${TUN} is not ours to open: run as root, or let everybody (chmod 0666 ${TUN}, as most systems have it)`,
    );
  }
}

/** Turns what Linux said at the start into what the operator can do about it. */
export function explainStartFailure(error: unknown): unknown {
  if (isFileError(error)) return new OperatorError(`cannot open ${error.path}: ${reasonOf(error)}`);
  if (!(error instanceof SystemError)) return error;
  if (error.errno === 'EADDRINUSE') {
    const holder = holderOfUdpPort(L2TP_PORT);
    const by = holder === undefined ? 'another program' : `${holder.name} (process ${holder.pid})`;
    return new OperatorError(`UDP port ${L2TP_PORT} is in use by ${by}: stop that first`);
  }
  if (error.errno === 'EPERM' || error.errno === 'EACCES') {
    return new OperatorError(`the system refused ${error.message}: are we root, with CAP_NET_ADMIN and CAP_NET_RAW?`);
  }
  return new OperatorError(error.message);
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'path' in error && 'code' in error;
}

export function hasCapability(bit: number): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${effective}`) >> BigInt(bit)) & 1n) === 1n;
}

/** The socket's inode from the table of UDP sockets, then the process that has it open. */
function holderOfUdpPort(port: number): { name: string; pid: number } | undefined {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = ['/proc/net/udp', '/proc/net/udp6'].flatMap((table) => {
    const rows = existsSync(table) ? readFileSync(table, 'utf8').split('\n').slice(1) : [];
    return rows.flatMap((row) => {
      const columns = row.trim().split(/\s+/);
      return columns[1]?.endsWith(`:${wanted}`) === true && columns[9] !== undefined ? [columns[9]] : [];
    });
  });
  const links = new Set(inodes.map((inode) => `socket:[${inode}]`));
  for (const entry of readdirSync('/proc')) {
    if (/^\d+$/.test(entry) && holdsAny(entry, links)) {
      return { name: nameOf(entry), pid: Number(entry) };
    }
  }
  return undefined;
}

/** Of ours Linux knows only that it is a Node. */
function nameOf(pid: string): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  if (words.includes(process.argv[1]!)) return 'another vpdn';
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}

function holdsAny(pid: string, links: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return links.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false; // closed meanwhile
      }
    });
  } catch {
    return false; // not ours to look into, or gone
  }
}

// capabilities(7).
export const CAP_NET_ADMIN = 12;
export const CAP_SYS_ADMIN = 21;
const TUN = '/dev/net/tun';
