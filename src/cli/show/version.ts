// `show version` (C161): the layout readers know, the facts our own. It never claims to be IOS.

import type { Millis } from '../../wire/machine.ts';
import { civilTime } from './clock.ts';
import { formatUptime } from './elapsed.ts';

export interface VersionView {
  readonly hostname: string;
  /** Of this package. */
  readonly version: string;
  readonly node: string;
  /** `Linux 6.1.0-18-amd64`. */
  readonly kernel: string;
  readonly machine: string;
  readonly processors: number;
  /** Octets. */
  readonly memory: number;
  readonly interfaces: { readonly physical: number; readonly virtual: number };
  readonly uptime: Millis;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Where the configuration was read from. */
  readonly configurationFile?: string | undefined;
}

export function showVersion(view: VersionView): string[] {
  const { month, day, year, weekday, time } = civilTime(view.startedAt);
  const file = view.configurationFile;
  return [
    `vpdn Software (vpdn-linux), Version ${view.version}, not Cisco IOS`,
    'A VPDN router for Linux that speaks the IOS command language',
    'Free software under the Apache License, Version 2.0',
    '',
    `ROM: none, ${view.kernel}`,
    '',
    `${view.hostname} uptime is ${formatUptime(view.uptime)}`,
    `System restarted at ${time} UTC ${weekday} ${month} ${day} ${year}`,
    file === undefined ? 'System configuration: none read at start' : `System configuration file is "${file}"`,
    `Runtime is Node.js ${view.node}`,
    '',
    `${view.machine} with ${view.processors} processor${view.processors === 1 ? '' : 's'}, ${Math.round(view.memory / 1024)}K bytes of memory.`,
    `${view.interfaces.physical} physical interface${view.interfaces.physical === 1 ? '' : 's'}, ${view.interfaces.virtual} virtual`,
  ];
}
