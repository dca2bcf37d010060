// What is the machine's and not the router's: ARP, sockets, threads, memory (C161, C162). The tables are those of Linux, under
// the heads that readers know; what Linux does not keep is a dash.

import type { Millis } from '../../wire/machine.ts';
import { printable } from '../../wire/values.ts';
import { tableRow } from './table.ts';

export interface MachineView {
  readonly arp: readonly ArpView[];
  readonly tcp: readonly SocketView[];
  readonly udp: readonly SocketView[];
  readonly threads: readonly ThreadView[];
  readonly memory: MemoryView;
  /** Shares of one processor, in percent, averaged over the life of the process. */
  readonly processPercent: number;
  /** Runnable tasks of the whole machine over one, five and fifteen minutes. */
  readonly load: readonly [number, number, number];
}

export interface ArpView {
  readonly address: string;
  readonly hardwareAddress: string;
  readonly complete: boolean;
  /** By its IOS name where it has one, else the Linux device. */
  readonly interfaceName: string;
}

export interface SocketView {
  readonly local: string;
  readonly foreign: string;
  /** Of TCP, RFC 9293 §3.3.2. */
  readonly state: string;
}

export interface ThreadView {
  readonly id: number;
  readonly name: string;
  readonly cpu: Millis;
}

/** Octets. */
export interface MemoryView {
  readonly resident: number;
  readonly heapTotal: number;
  readonly heapUsed: number;
  readonly buffers: number;
  readonly machineTotal: number;
  readonly machineFree: number;
}

export function* showArp({ arp }: MachineView): Generator<string> {
  yield 'Protocol  Address          Age (min)  Hardware Addr   Type   Interface';
  for (const { address, hardwareAddress, complete, interfaceName } of arp) {
    const hardware = complete ? dotted(hardwareAddress) : 'Incomplete';
    // Linux does not tell how old an entry is.
    yield tableRow([10, 25, 3, 16, 7], ['Internet', address, '-', hardware, 'ARPA', printable(interfaceName)]);
  }
}

export function* showTcpBrief({ tcp }: MachineView): Generator<string> {
  yield 'TCB       Local Address               Foreign Address             (state)';
  for (const { local, foreign, state } of tcp) yield tableRow([10, 28, 28], ['-', local, foreign, state]);
}

export function* showUdp({ udp }: MachineView): Generator<string> {
  yield tableRow([6, 24], ['Proto', 'Remote', 'Local']);
  for (const { local, foreign } of udp) yield tableRow([6, 24], ['17', foreign, local]);
}

/** The threads of the router's own process: there are no IOS processes to list. */
export function* showProcesses({ threads, processPercent, load }: MachineView): Generator<string> {
  const averages = load.map((value) => value.toFixed(2)).join(' ');
  yield `CPU utilization of this process since its start: ${processPercent.toFixed(1)}%; load of the machine: ${averages}`;
  yield tableRow(THREAD_WIDTHS, ['PID', 'Runtime (ms)', 'Thread']);
  for (const { id, cpu, name } of [...threads].sort((a, b) => b.cpu - a.cpu)) {
    yield tableRow(THREAD_WIDTHS, [String(id), String(Math.round(cpu)), printable(name)]);
  }
}

export function* showMemory({ memory }: MachineView): Generator<string> {
  yield tableRow(MEMORY_WIDTHS, ['', 'Total(b)', 'Used(b)', 'Free(b)']);
  const { heapTotal, heapUsed, buffers, resident, machineTotal, machineFree } = memory;
  yield memoryRow('Heap', heapTotal, heapUsed);
  yield memoryRow('Buffers', buffers, buffers);
  yield memoryRow('Process', resident, resident);
  yield memoryRow('Machine', machineTotal, machineTotal - machineFree);
}

function memoryRow(name: string, total: number, used: number): string {
  return tableRow(MEMORY_WIDTHS, [name, String(total), String(used), String(total - used)]);
}

/** `0000.5e00.5301`, as IOS writes it. */
function dotted(hardwareAddress: string): string {
  const digits = hardwareAddress.replaceAll(':', '').toLowerCase();
  return /^[0-9a-f]{12}$/.test(digits) ? digits.replace(/(....)(....)(....)/, '$1.$2.$3') : '-';
}

const THREAD_WIDTHS = [8, 14];
const MEMORY_WIDTHS = [10, 16, 16];
