// The accounts of this machine, as far as the control socket asks for them: what a user is called, which number a group has.

import { readFileSync } from 'node:fs';

/** The name of a user; its number where it has none. */
export function userName(uid: number): string {
  return field(read('/etc/passwd'), 2, String(uid), 0) ?? `uid ${uid}`;
}

export function groupId(name: string): number | undefined {
  const gid = field(read('/etc/group'), 0, name, 2);
  return gid === undefined ? undefined : Number(gid);
}

/** Of the first line whose field `key` is `value`, the field `wanted`. */
function field(text: string, key: number, value: string, wanted: number): string | undefined {
  for (const line of text.split('\n')) {
    const fields = line.split(':');
    if (fields[key] === value) return fields[wanted];
  }
  return undefined;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // a container may have neither
  }
}
