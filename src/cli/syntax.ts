// The parts a command is made of: words and typed arguments, put together in sequence, by choice, optionally, in any order.
// One value of these types is at once the grammar, the `?` help, and the TypeScript type of what a line says.

import {
  INTERFACE_TYPES,
  type InterfaceType,
  type NamedKind,
  parseInterfaceName,
  typeOf,
  withinRange,
} from '../vpdn/interface-name.ts';
import { formatIpv4, readIpv4 } from '../wire/ip.ts';
import { formatIpv6, readIpv6 } from '../wire/ipv6.ts';

export type Node = Word | Argument | Group;
export type Terminal = Word | Argument;

export interface Word {
  readonly kind: 'word';
  readonly word: string;
  readonly help: string;
  /** Other spellings, taken only when typed in full. */
  readonly alias: readonly string[];
  /** Not to be abbreviated, and in nobody's way: what it begins with may mean another word. */
  readonly full: boolean;
  readonly capture: Capture | undefined;
  readonly many: boolean;
}

export interface Capture {
  readonly name: string;
  readonly value: unknown;
}

export interface Argument {
  readonly kind: 'argument';
  readonly name: string;
  /** `WORD`, `A.B.C.D`, `<1-100>`; empty: not shown in help, because other parts show the same thing better. */
  readonly placeholder: string;
  readonly help: string;
  readonly read: (text: string) => Reading;
  /** Takes the rest of the line, blanks and all. */
  readonly wholeLine: boolean;
  /** A name of the user's own: a word that merely begins so does not come before it. */
  readonly ownName: boolean;
  readonly many: boolean;
}

/** The value, or how many characters were still right. */
export type Reading = { readonly value: unknown } | { readonly goodFor: number };

export type Group =
  | { readonly kind: 'sequence' | 'choice' | 'any-order'; readonly parts: readonly Node[] }
  | { readonly kind: 'optional' | 'repeat' | 'cuttable'; readonly part: Node };

/** A node that captures `T`. The mark exists for the compiler only. */
export type Part<T> = Node & { readonly [CAPTURES]?: T };

declare const CAPTURES: unique symbol;

type CapturedBy<P> = P extends { readonly [CAPTURES]?: infer T } ? T : unknown;
/** What a list of parts captures together. */
export type Captured<Parts extends readonly Node[]> = Parts extends readonly [infer First, ...infer Rest extends Node[]]
  ? CapturedBy<First> & Captured<Rest>
  : unknown;

export function word(text: string, help: string, ...alias: string[]): Part<unknown> {
  return { kind: 'word', word: text, help, alias, full: false, capture: undefined, many: false };
}

/** Several words in a row; the help is the last one's, earlier ones get theirs from the definition that owns them. */
export function words(text: string, help: string): Part<unknown> {
  const all = text.split(' ');
  const parts = all.map((each, index) =>
    word(each, index === all.length - 1 ? help : (COMMON_HELP[each] ?? parametersOf(each)), ...(ALIASES[each] ?? [])),
  );
  return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
}

/** The same, the last one to be typed in full: for lines whose rest is free, so that they take no other command for their own. */
export function wordsInFull(text: string, help: string): Part<unknown> {
  const part = words(text, help);
  if (part.kind === 'word') return { ...part, full: true };
  const parts = 'parts' in part ? part.parts : [];
  return {
    kind: 'sequence',
    parts: parts.map((each, index) => (index === parts.length - 1 ? { ...each, full: true } : each)),
  };
}

export function flag<N extends string>(name: N, help: string, text: string = name): Part<{ [K in N]: true }> {
  return { kind: 'word', word: text, help, alias: [], full: false, capture: { name, value: true }, many: false };
}

/** One of the words, captured as typed in full. */
export function oneOf<N extends string, W extends string>(
  name: N,
  rows: Readonly<Record<W, string>>,
): Part<{ [K in N]: W }> {
  const parts = Object.entries<string>(rows).map(([text, help]): Word => {
    return { kind: 'word', word: text, help, alias: [], full: false, capture: { name, value: text }, many: false };
  });
  return { kind: 'choice', parts };
}

export function number<N extends string>(name: N, low: number, high: number, help: string): Part<{ [K in N]: number }> {
  const read = (text: string): Reading => {
    if (!/^\d{1,12}$/.test(text)) return { goodFor: 0 };
    const value = Number(text);
    return value < low || value > high ? { goodFor: 0 } : { value };
  };
  return argument(name, `<${low}-${high}>`, help, read);
}

export function address<N extends string>(name: N, help: string): Part<{ [K in N]: string }> {
  const read = (text: string): Reading => {
    const value = readIpv4(text);
    return value === undefined ? { goodFor: 0 } : { value: formatIpv4(value) };
  };
  return argument(name, 'A.B.C.D', help, read);
}

/** IPv4 or IPv6, the latter as RFC 5952 writes it. */
export function addressOfAnyFamily<N extends string>(name: N, help: string): Part<{ [K in N]: string }> {
  const ipv6 = argument(name, 'X:X:X:X::X', help, (text) => readingOf(canonicalIpv6(text)));
  return choice(address(name, help), ipv6) as Part<{ [K in N]: string }>;
}

/** `2001:db8::1/64` and nothing behind it. What is no global address of one host reads as nothing. */
export function ipv6Prefix<N extends string>(name: N, help: string): Part<{ [K in N]: string }> {
  const read = (text: string): Reading => {
    const [, host = '', length = ''] = /^([^/]*)\/(\d{1,3})$/.exec(text) ?? [];
    const value = canonicalIpv6(host);
    return readingOf(value === undefined || Number(length) > 128 ? undefined : `${value}/${Number(length)}`);
  };
  const whole = argument<N, string>(name, 'X:X:X:X::X/<0-128>', help, read);
  return { ...whole, wholeLine: true } as Part<{ [K in N]: string }>;
}

function readingOf(value: string | undefined): Reading {
  return value === undefined ? { goodFor: 0 } : { value };
}

/** Undefined as well of what no tunnel can start at or lead to: unspecified, loopback, link-local, multicast. */
function canonicalIpv6(text: string): string | undefined {
  const words = readIpv6(text);
  if (words === undefined) return undefined;
  const isLocal = words[0] >>> 22 === 0x3fa || words[0] >>> 24 === 0xff;
  const isLow = words[0] === 0 && words[1] === 0 && words[2] === 0 && words[3] <= 1;
  const isMapped = words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
  return isLocal || isLow || isMapped ? undefined : formatIpv6(words);
}

/** One token of the user's own. */
export function name<N extends string>(as: N, help: string): Part<{ [K in N]: string }> {
  return { ...argument(as, 'WORD', help, (text) => ({ value: text })), ownName: true } as Part<{ [K in N]: string }>;
}

/** One token of the user's own that gives way to a word it begins: where the words matter more than the names. */
export function nameAfterWords<N extends string>(as: N, help: string): Part<{ [K in N]: string }> {
  return { ...name(as, help), ownName: false } as Part<{ [K in N]: string }>;
}

/** The rest of the line. */
export function line<N extends string>(name: N, help: string): Part<{ [K in N]: string }> {
  return { ...argument(name, 'LINE', help, (text) => ({ value: text })), wholeLine: true } as Part<{
    [K in N]: string;
  }>;
}

/** An interface, type and number joined or apart, of one of `kinds`; captured by its canonical name. */
export function interfaceName<N extends string>(name: N, kinds: readonly NamedKind[]): Part<{ [K in N]: string }> {
  const rows = INTERFACE_TYPES.filter(({ kind }) => kinds.includes(kind));
  const joined = argument(name, '', '', (text) => {
    const found = parseInterfaceName(text);
    if (found === undefined || !kinds.includes(found.kind)) return { goodFor: 0 };
    const goodFor = text.search(/\d/);
    return withinRange(typeOf(found), found.number) ? { value: found.name } : { goodFor };
  });
  const apart = rows.map((row) => sequence(word(row.type, row.help, row.short.toLowerCase()), unit(name, row)));
  return choice(joined, ...apart) as Part<{ [K in N]: string }>;
}

export function sequence<const P extends readonly Node[]>(...parts: P): Part<Captured<P>> {
  return { kind: 'sequence', parts };
}

export function choice<const P extends readonly Node[]>(...parts: P): Part<Partial<Captured<P>>> {
  return { kind: 'choice', parts };
}

/** Each at most once, in whatever order they are typed. */
export function anyOrder<const P extends readonly Node[]>(...parts: P): Part<Partial<Captured<P>>> {
  return { kind: 'any-order', parts };
}

export function optional<T>(part: Part<T>): Part<Partial<T>> {
  return { kind: 'optional', part };
}

/** Once or more; every capture becomes an array, in the order typed. */
export function repeat<T>(part: Part<T>): Part<{ [K in keyof T]: T[K][] }> {
  return { kind: 'repeat', part: withMany(part) };
}

/** The line may end anywhere within: how `no` takes the arguments of what it negates. */
export function cuttable<T>(part: Part<T>): Part<Partial<T>> {
  return { kind: 'cuttable', part };
}

function argument<N extends string, T>(
  name: N,
  placeholder: string,
  help: string,
  read: (text: string) => Reading,
): Part<{ [K in N]: T }> {
  return { kind: 'argument', name, placeholder, help, read, wholeLine: false, ownName: false, many: false };
}

function unit(name: string, row: InterfaceType): Node {
  const { type, range } = row;
  const placeholder = range === undefined ? '<0-9>/<0-9>' : `<${range[0]}-${range[1]}>`;
  return argument(name, placeholder, `${type} interface number`, (text) => {
    const found = parseInterfaceName(`${type}${text}`);
    return found === undefined || !withinRange(row, found.number) ? { goodFor: 0 } : { value: found.name };
  });
}

function withMany(node: Node): Node {
  if (node.kind === 'word' || node.kind === 'argument') return { ...node, many: true };
  if ('parts' in node) return { ...node, parts: node.parts.map(withMany) };
  return { ...node, part: withMany(node.part) };
}

/** Of the hundreds of words inside lines that are only kept. */
function parametersOf(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} parameters`;
}

/** Letters that IOS takes for a word although others begin with them (`show alias` of a router out of its box). */
const ALIASES: Readonly<Record<string, readonly string[]>> = { show: ['s'] };

/** What the first words of longer commands mean; the last word of each is explained where the command is. */
const COMMON_HELP: Readonly<Record<string, string>> = {
  aaa: 'Authentication, Authorization and Accounting.',
  acfc: 'Address and Control Field Compression',
  address: 'IP address',
  arp: 'Set ARP parameters',
  auto: 'Configure Automation',
  backup: 'Backup tunnel servers',
  bearer: 'Bearer capabilities',
  boot: 'Modify system boot parameters',
  bootp: 'BOOTP parameters',
  busy: 'Busy peers',
  cdp: 'CDP subcommands',
  chap: 'Set CHAP authentication parameters',
  clear: 'Reset functions',
  clock: 'Configure the clock',
  configure: 'Enter configuration mode',
  controller: 'Configure a specific controller',
  controllers: 'Interface controller status',
  cookie: 'Local cookie options',
  copy: 'Copy from one file to another',
  crypto: 'Encryption/Decryption commands',
  debug: "Debugging functions (see also 'undebug')",
  default: 'Set parameters given where there are no others',
  dfbit: 'DF bit options for tunnel',
  dhcp: 'Configure DHCP parameters',
  dialer: 'Dial-on-demand routing (DDR) commands',
  domain: 'IP DNS Resolver',
  drop: 'What to drop',
  echo: 'LCP echo parameters',
  enable: 'Modify enable password parameters',
  encapsulation: 'Set encapsulation type for an interface',
  encrypt: 'Encryption parameters',
  encryption: 'Encryption on this card',
  'flow-control': 'Flow control of the tunnel',
  framing: 'Framing capabilities',
  generate: 'Generate new keys',
  group: 'Group parameters',
  history: 'History of failures',
  ignore: 'What to ignore',
  initial: 'Set initial retransmission options',
  initiate: 'Where to open tunnels to',
  'initiate-to': 'Where to open tunnels to',
  interface: 'IP interface status and configuration',
  ip: 'IP configuration subcommands',
  ipcp: 'Set IPCP negotiation options',
  ipsec: 'Configure IPSEC policy',
  ipv6: 'IPv6 interface subcommands',
  key: 'Key management',
  l2tp: 'L2TP specific commands',
  l2tun: 'Layer 2 tunnel information',
  lcp: 'LCP parameters',
  links: 'Links of a bundle',
  loadsharing: 'Load sharing among tunnel servers',
  local: 'Specify local information',
  logging: 'Modify message logging facilities',
  mls: 'mls interface commands',
  mru: 'Maximum Receive Unit',
  mtu: 'MTU parameters',
  multilink: 'PPP multilink global configuration',
  nbar: 'Network-Based Application Recognition',
  no: 'Negate a command or set its defaults',
  ntp: 'Configure NTP',
  pap: 'Set PAP authentication parameters',
  peer: 'Peer parameters for point to point interfaces',
  pfc: 'Protocol Field Compression',
  platform: 'Platform specific configuration (ext)',
  policy: 'Enable policy routing',
  power: 'Power configuration',
  ppp: 'Point-to-Point Protocol',
  'pppoe-client': 'pppoe client',
  pptp: 'PPTP specific commands',
  privilege: 'Privilege parameters',
  radius: 'RADIUS parameters',
  recycle: 'Recycling of addresses',
  redirect: 'Redirect parameters',
  resource: 'Resource parameters',
  retransmit: 'Set control message retransmission parameters',
  route: 'Install routes through the peer',
  'running-config': 'Copy from current system configuration',
  security: 'Security of tunnels',
  service: 'Modify use of network based services',
  session: 'VPDN session parameters',
  show: 'Show running system information',
  snmp: 'Modify SNMP interface parameters',
  source: 'Where values are taken from',
  ssh: 'Configure ssh options',
  sss: 'Subscriber Service Switch',
  subscriber: 'Subscriber parameters',
  tcp: 'Configure TCP parameters',
  terminal: 'Set terminal line parameters',
  timeout: 'Set timeout values',
  tos: 'Specify ToS options for IP tunnel header',
  tunnel: 'L2TP tunnel parameters',
  udp: 'UDP parameters',
  undebug: "Disable debugging functions (see also 'debug')",
  verify: 'Enable per packet validation',
  'virtual-template': 'Virtual-access interfaces',
  vpdn: 'Virtual Private Dialup Network',
  vrf: 'VPN Routing/Forwarding parameters',
  write: 'Write running configuration to memory, network, or terminal',
  zeroize: 'Remove keys',
  zlb: 'Zero length body acknowledgments',
  'zone-member': 'Apply zone name',
};
