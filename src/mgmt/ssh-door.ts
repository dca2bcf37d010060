// Who may knock at the SSH server: which vty line there is for an address, and how many may stand there without having logged in.

import { permits } from '../vpdn/access-list.ts';
import type { Configuration } from '../vpdn/configuration.ts';
import type { TerminalLine } from '../vpdn/configuration-system.ts';
import { asksForName, namesSsh } from '../vpdn/terminal-line.ts';
import { readIpv6 } from '../wire/ipv6.ts';

/** The port to listen on; undefined where no vty line takes SSH and asks for a name. */
export function sshPort({ lines, ssh }: Configuration): number | undefined {
  return lines.vty.some(takesSsh) ? (ssh.port ?? SSH_PORT) : undefined;
}

/** The lowest free vty line that takes SSH from `address`. */
export function lineFor(
  { lines, accessLists }: Configuration,
  address: string,
  isFree: (index: number) => boolean,
): number | undefined {
  const index = lines.vty.findIndex((line, at) => {
    if (!takesSsh(line) || !isFree(at)) return false;
    const { accessClassIn } = line;
    if (accessClassIn === undefined) return true;
    const list = accessLists.get(accessClassIn);
    // Elsewhere a list that is not there lets everybody through. At this door it is a door left open by a typing error.
    return list !== undefined && list.lines.length > 0 && permits(list, address);
  });
  return index === -1 ? undefined : index;
}

/** What one subscriber sends from: an IPv4 address, or 64 bits of an IPv6 one. */
export function sourceOf(address: string): string {
  const words = readIpv6(address);
  return words === undefined ? address : `${words[0]}:${words[1]}`;
}

/** Counts those who knock: a few at once, and fewer from one source. */
export class Threshold {
  readonly #bySource = new Map<string, number>();
  #count = 0;

  /** False: too many stand there already. */
  enter(source: string): boolean {
    const known = this.#bySource.get(source) ?? 0;
    if (this.#count >= MOST_KNOCKING || known >= MOST_OF_ONE) return false;
    this.#count++;
    this.#bySource.set(source, known + 1);
    return true;
  }

  leave(source: string): void {
    const left = (this.#bySource.get(source) ?? 1) - 1;
    this.#count--;
    if (left === 0) this.#bySource.delete(source);
    else this.#bySource.set(source, left);
  }
}

function takesSsh(line: TerminalLine): boolean {
  return namesSsh(line) && asksForName(line);
}

const SSH_PORT = 22;
const MOST_KNOCKING = 10;
const MOST_OF_ONE = 4;
