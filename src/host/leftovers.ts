// The list of addresses a run has added, kept in a file: should it be killed, the next one takes them back.
// Routes need no list (they carry our protocol number), and neither do devices (they go with the process).

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

export interface DeviceAddress {
  readonly device: string;
  readonly address: string;
  readonly prefixLength: number;
  readonly peer?: string;
}

/** Empty if there is no file, or if it makes no sense. */
export function readLeftovers(path: string): DeviceAddress[] {
  try {
    const entries: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(entries) ? entries.filter(isDeviceAddress) : [];
  } catch {
    return [];
  }
}

export function writeLeftovers(path: string, addresses: readonly DeviceAddress[]): void {
  if (addresses.length === 0) {
    rmSync(path, { force: true });
    return;
  }
  // Whole or not at all: a kill between two octets must not cost the list.
  writeFileSync(`${path}.new`, JSON.stringify(addresses), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function isDeviceAddress(entry: unknown): entry is DeviceAddress {
  if (typeof entry !== 'object' || entry === null) return false;
  const { device, address, prefixLength, peer } = entry as Record<string, unknown>;
  return (
    typeof device === 'string' &&
    typeof address === 'string' &&
    typeof prefixLength === 'number' &&
    (peer === undefined || typeof peer === 'string')
  );
}
