// What Linux says of the machine: its ARP table and sockets from /proc/net, our own threads and memory.

import { getServers } from 'node:dns';
import { readdirSync, readFileSync } from 'node:fs';
import { freemem, loadavg, totalmem } from 'node:os';
import type { HostsView } from '../cli/show/forwarding.ts';
import type { ArpView, MachineView, SocketView, ThreadView } from '../cli/show/machine.ts';
import type { RouterView } from '../vpdn/view.ts';
import { formatIpv4 } from '../wire/ip.ts';

export function machineFacts(view: RouterView): MachineView {
  const names = new Map(view.interfaces.flatMap(({ device, name }) => (device === undefined ? [] : [[device, name]])));
  const memory = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    arp: rows('/proc/net/arp').map((row) => arpOf(row, names)),
    tcp: rows('/proc/net/tcp').map(socketOf),
    udp: rows('/proc/net/udp').map(socketOf),
    threads: threads(),
    memory: {
      resident: memory.rss,
      heapTotal: memory.heapTotal,
      heapUsed: memory.heapUsed,
      buffers: memory.external,
      machineTotal: totalmem(),
      machineFree: freemem(),
    },
    processPercent: (user + system) / 1e4 / process.uptime(),
    load: loadavg() as [number, number, number],
  };
}

/** Linux resolves names: `ip host` and `ip domain lookup` have no effect here, so no names are known beside its own. */
export function hostFacts(view: RouterView): HostsView {
  return { domain: view.configuration.domainName, lookup: true, servers: getServers(), hosts: [] };
}

/** The rows of a table of proc(5), without its head. A kernel without the table has no rows. */
function rows(path: string): string[][] {
  try {
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
    return lines.map((line) => line.trim().split(/\s+/));
  } catch {
    return [];
  }
}

/** `IP address, HW type, Flags, HW address, Mask, Device`; flag 2 is ATF_COM, a complete entry. */
function arpOf(
  [address = '', , flags = '0', hardwareAddress = '', , device = '']: string[],
  names: ReadonlyMap<string, string>,
): ArpView {
  const complete = (Number(flags) & 2) !== 0;
  return { address, hardwareAddress, complete, interfaceName: names.get(device) ?? device };
}

/** `sl, local, remote, state`: addresses as hexadecimal words in the order of the machine, which is little-endian. */
function socketOf([, local = '', foreign = '', state = '']: string[]): SocketView {
  return { local: endOf(local), foreign: endOf(foreign), state: TCP_STATES[Number.parseInt(state, 16)] ?? '-' };
}

function endOf(text: string): string {
  const [word = '0', port = '0'] = text.split(':');
  const octets = Number.parseInt(word, 16) >>> 0;
  const address = ((octets & 0xff) << 24) | ((octets & 0xff00) << 8) | ((octets >>> 8) & 0xff00) | (octets >>> 24);
  const shown = address === 0 ? '*' : formatIpv4(address >>> 0);
  return `${shown}.${port === '0000' ? '*' : Number.parseInt(port, 16)}`;
}

/** proc(5), /proc/pid/stat: utime and stime are the 14th and 15th fields, counted behind the name in brackets. */
function threads(): ThreadView[] {
  try {
    return readdirSync('/proc/self/task').flatMap((id) => {
      const text = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
      const end = text.lastIndexOf(')');
      const fields = text.slice(end + 2).split(' ');
      const ticks = Number(fields[11]) + Number(fields[12]);
      return [{ id: Number(id), name: text.slice(text.indexOf('(') + 1, end), cpu: ticks * TICK }];
    });
  } catch {
    return []; // one that ended while we looked
  }
}

/** Milliseconds of a clock tick: USER_HZ is 100 on every architecture that matters. */
const TICK = 10;
/** include/net/tcp_states.h, in the words of IOS. */
const TCP_STATES = [
  '-',
  'ESTAB',
  'SYNSENT',
  'SYNRCVD',
  'FINWAIT1',
  'FINWAIT2',
  'TIMEWAIT',
  'CLOSED',
  'CLOSEWAIT',
  'LASTACK',
  'LISTEN',
  'CLOSING',
];
