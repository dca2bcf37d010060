// What differs between two configurations, subject by subject, and who feels it: everybody at once, or calls to come.

import type { Configuration } from './configuration.ts';

export interface Change {
  readonly class: 'hot' | 'new-sessions' | 'next-start';
  readonly subject: string;
  readonly what: string;
}

export function changesBetween(before: Configuration, after: Configuration): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof Configuration)[];
  return names.flatMap((name) => {
    if (same(before[name], after[name])) return [];
    const part = PARTS[name] ?? { subject: name, class: 'hot' };
    const [old, now] = [before[name], after[name]];
    if (part.each === undefined || !(old instanceof Map) || !(now instanceof Map)) {
      return [{ class: part.class, subject: part.subject, what: kindOf(old, now) }];
    }
    const changes = inMaps(part.subject, part.class, old, now);
    return changes.length > 0 ? changes : [{ class: part.class, subject: part.subject, what: 'order changed' }];
  });
}

/** One for each thing added or removed, and one for each field that is another one. */
function inMaps(
  subject: string,
  felt: Change['class'],
  before: ReadonlyMap<unknown, unknown>,
  after: ReadonlyMap<unknown, unknown>,
): Change[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [old, now] = [before.get(key), after.get(key)];
    if (same(old, now)) return [];
    const whole = `${subject} ${String(key)}`.trim();
    if (!isRecord(old) || !isRecord(now)) return [{ class: felt, subject: whole, what: kindOf(old, now) }];
    return fieldsOf(old, now).map((field) => {
      return { class: HOT_FIELDS.includes(field) ? 'hot' : felt, subject: whole, what: phrase(field) };
    });
  });
}

/** `l2tp.hello`: one step into a record is enough to know the command. */
function fieldsOf(old: Fields, now: Fields): string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((field) => {
    const [was, is] = [old[field], now[field]];
    if (same(was, is)) return [];
    if (!isRecord(was) || !isRecord(is)) return [field];
    return fieldsOf(was, is).map((inner) => `${field}.${inner}`);
  });
}

function kindOf(old: unknown, now: unknown): string {
  if (old === undefined) return 'added';
  return now === undefined ? 'removed' : 'changed';
}

/** `l2tp.receiveWindow` as a person says it: `l2tp receive-window`. */
function phrase(field: string): string {
  return field.replaceAll('.', ' ').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Plain data: Maps, arrays, records and scalars. A field that is absent and one that is undefined say the same. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Map && b instanceof Map) {
    return (
      a.size === b.size &&
      sameKeys([...a.keys()], [...b.keys()]) &&
      [...a].every(([key, value]) => same(value, b.get(key)))
    );
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, index) => same(value, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  return Object.keys({ ...a, ...b }).every((key) => same(a[key], b[key]));
}

/** In order: it is the one that running-config prints, and that groups are tried in. */
function sameKeys(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.every((key, index) => key === b[index]);
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);
}

type Fields = Readonly<Record<string, unknown>>;

interface Part {
  readonly subject: string;
  readonly class: Change['class'];
  /** Things with names: each is a subject of its own. */
  readonly each?: true;
}

/** What a session takes from when it begins is felt by new ones only. Whatever is not named here is felt at once. */
const PARTS: Readonly<Partial<Record<keyof Configuration, Part>>> = {
  hostname: { subject: 'hostname', class: 'new-sessions' },
  users: { subject: 'username', class: 'new-sessions', each: true },
  vpdn: { subject: 'vpdn', class: 'hot' },
  vpdnTemplates: { subject: 'vpdn-template', class: 'new-sessions', each: true },
  vpdnGroups: { subject: 'vpdn-group', class: 'new-sessions', each: true },
  l2tpClasses: { subject: 'l2tp-class', class: 'new-sessions', each: true },
  pseudowireClasses: { subject: 'pseudowire-class', class: 'new-sessions', each: true },
  controllers: { subject: 'controller ISA', class: 'next-start', each: true },
  interfaces: { subject: 'interface', class: 'new-sessions', each: true },
  pools: { subject: 'ip local pool', class: 'new-sessions', each: true },
  poolOptions: { subject: 'ip local pool', class: 'new-sessions', each: true },
  addressPool: { subject: 'ip address-pool', class: 'new-sessions' },
  bootpServers: { subject: 'async-bootp', class: 'new-sessions' },
  routes: { subject: 'ip route', class: 'hot' },
  devices: { subject: 'platform interfaces', class: 'hot', each: true },
  services: { subject: 'service', class: 'hot' },
  logging: { subject: 'logging', class: 'hot' },
  aliases: { subject: 'alias', class: 'hot', each: true },
  banners: { subject: 'banner', class: 'hot', each: true },
  accessLists: { subject: 'access-list', class: 'hot', each: true },
  lines: { subject: 'line', class: 'hot' },
  ssh: { subject: 'ip ssh', class: 'hot' },
  enableSecret: { subject: 'enable secret', class: 'hot' },
  enablePassword: { subject: 'enable password', class: 'hot' },
  enableLevels: { subject: 'enable secret level', class: 'hot', each: true },
  domainName: { subject: 'ip domain name', class: 'hot' },
  inert: { subject: 'lines without effect', class: 'hot' },
};

/** Of groups, templates and interfaces: what nobody feels, or what counts from now on. */
const HOT_FIELDS: readonly string[] = [
  'description',
  'bandwidth',
  'sessionLimit',
  'groupSessionLimit',
  'secondaryAddresses',
  'ipv6Addresses',
];
