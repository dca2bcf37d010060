// What the linter can find: one row a code. A code never changes its meaning, and none is used twice.

/** What each means is said on the page of findings (`reference/markdown.ts`). */
export type FindingSeverity = 'error' | 'warning' | 'weak' | 'note';

export interface Finding {
  readonly code: FindingCode;
  readonly severity: FindingSeverity;
  readonly sentence: string;
  readonly remedy: string;
}

export type FindingCode = keyof typeof FINDINGS;

export class Findings {
  readonly list: Finding[] = [];

  add(code: FindingCode, sentence: string, remedy: string): void {
    this.list.push({ code, severity: FINDINGS[code].severity, sentence, remedy });
  }
}

/** One or several names in a sentence: `a`, `a and b`, `a, b and 3 more`. */
export function named(names: readonly string[]): string {
  const [first, second] = names;
  if (first === undefined) return 'none';
  if (second === undefined) return first;
  if (names.length === 2) return `${first} and ${second}`;
  return names.length === 3
    ? `${first}, ${second} and ${names[2]}`
    : `${first}, ${second} and ${names.length - 2} more`;
}

export function quantity(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

// biome-ignore format: a row a code
export const FINDINGS = {
  // VPDN groups and templates
  'CFG-101': { severity: 'error', about: 'vpdn-groups accept calls, but `vpdn enable` is missing' },
  'CFG-102': { severity: 'warning', about: 'more than one default group for a protocol' },
  'CFG-103': { severity: 'error', about: 'a vpdn-group without a protocol' },
  'CFG-105': { severity: 'error', about: 'a vpdn-group whose virtual-template is not named or not configured' },
  'CFG-106': { severity: 'error', about: 'tunnel authentication without a secret' },
  'CFG-107': { severity: 'warning', about: 'AVPs are to be hidden, but there is no secret' },
  'CFG-108': { severity: 'warning', about: 'two vpdn-groups for the same host name' },
  'CFG-109': { severity: 'warning', about: 'a `terminate-from` name that no peer can send' },
  'CFG-110': { severity: 'warning', about: 'a vpdn-group names a vpdn-template that is not configured' },
  'CFG-111': { severity: 'warning', about: 'a vpdn-template that no group uses' },
  'CFG-112': { severity: 'warning', about: 'a session limit that refuses every call' },
  'CFG-113': { severity: 'warning', about: '`source-ip` is no address of this router' },
  'CFG-114': { severity: 'warning', about: 'a vpdn-group that neither accepts nor requests calls' },
  'CFG-115': { severity: 'error', about: 'a vpdn-group that dials by PPTP without `initiate-to`' },
  'CFG-116': { severity: 'warning', about: 'a vpdn-group that dials by PPTP for an interface Dialer that is not there' },
  'CFG-117': { severity: 'warning', about: 'two vpdn-groups that dial for one interface Dialer' },
  'CFG-119': { severity: 'error', about: 'a vpdn-group dials, but `vpdn enable` is missing' },
  // Classes and pseudowires
  'CFG-121': { severity: 'error', about: 'a pseudowire-class without an encapsulation' },
  'CFG-123': { severity: 'warning', about: 'an l2tp-class is named that is not configured' },
  'CFG-124': { severity: 'warning', about: 'a pseudowire-class without a local interface' },
  'CFG-125': { severity: 'warning', about: 'the local interface of a pseudowire-class has no address' },
  'CFG-126': { severity: 'error', about: 'an l2tp-class authenticates tunnels without a secret' },
  'CFG-127': { severity: 'note', about: 'an l2tp-class or pseudowire-class that nothing uses' },
  'CFG-128': { severity: 'warning', about: 'settings of the outer IP header in a pseudowire-class of L2TPv2' },
  // Interfaces, addresses, pools
  'CFG-131': { severity: 'error', about: 'a physical interface without address and without a Linux device' },
  'CFG-132': { severity: 'error', about: 'an interface borrows an address that is not there' },
  'CFG-133': { severity: 'error', about: 'a pool is named that has no address' },
  'CFG-134': { severity: 'warning', about: 'a Virtual-Template that nobody uses' },
  'CFG-135': { severity: 'warning', about: 'a pool overlaps the subnet of an interface' },
  'CFG-136': { severity: 'warning', about: 'a physical interface that finds its Linux device by its address alone' },
  'CFG-137': { severity: 'warning', about: 'a pool smaller than the session limit' },
  'CFG-138': { severity: 'note', about: 'a pool that no template uses' },
  'CFG-139': { severity: 'warning', about: 'every clone of a template would have one address' },
  // Authentication and encryption
  'CFG-142': { severity: 'error', about: 'authentication is asked for, and there is no user' },
  'CFG-143': { severity: 'warning', about: 'a user with a one-way secret cannot do CHAP' },
  'CFG-145': { severity: 'error', about: 'MPPE is required without MS-CHAP' },
  'CFG-146': { severity: 'warning', about: 'a template that lets callers in without authentication' },
  'CFG-148': { severity: 'warning', about: 'MPPE is asked for without MS-CHAP: nothing is encrypted' },
  // Virtual-PPP and Dialer
  'CFG-151': { severity: 'error', about: 'a Virtual-PPP interface without an address' },
  'CFG-152': { severity: 'warning', about: 'a Virtual-PPP interface without a pseudowire' },
  'CFG-153': { severity: 'error', about: 'a pseudowire-class is named that is not configured' },
  'CFG-154': { severity: 'error', about: 'a peer and VCID pair is used twice' },
  'CFG-155': { severity: 'error', about: 'two l2tp-classes between one pair of addresses' },
  'CFG-156': { severity: 'warning', about: 'an interface Dialer that no vpdn-group dials for' },
  'CFG-157': { severity: 'warning', about: 'an interface Dialer without a password of its own' },
  'CFG-158': { severity: 'error', about: 'an interface Dialer without an address' },
  // Routes
  'CFG-161': { severity: 'warning', about: 'a route into an interface that is not configured' },
  'CFG-162': { severity: 'warning', about: 'the only route to a tunnel\'s peer leads into the tunnel itself' },
  // What protects little
  'CFG-170': { severity: 'weak', about: 'MPPE that is not required' },
  'CFG-171': { severity: 'weak', about: 'a secret shorter than 16 characters' },
  'CFG-172': { severity: 'weak', about: 'tunnels are not authenticated' },
  'CFG-173': { severity: 'weak', about: 'PAP: passwords cross the tunnel in the clear' },
  'CFG-174': { severity: 'weak', about: 'MS-CHAP version 1' },
  'CFG-175': { severity: 'weak', about: 'MPPE with 40 bits' },
  'CFG-176': { severity: 'weak', about: 'PPTP' },
  'CFG-177': { severity: 'weak', about: 'secrets in type 7, which anybody can read' },
  'CFG-178': { severity: 'weak', about: '`enable password` instead of `enable secret`' },
  'CFG-179': { severity: 'weak', about: 'a message digest with MD5' },
  'CFG-180': { severity: 'weak', about: 'MPPE that may come down to 40 or 56 bits' },
  'CFG-184': { severity: 'weak', about: 'PPTP without MPPE: calls in the clear' },
  // Ways in
  'CFG-181': { severity: 'warning', about: 'a vty line names SSH and asks for no name, so none is served' },
  'CFG-182': { severity: 'warning', about: 'SSH is served, and nobody can log in' },
  'CFG-183': { severity: 'warning', about: 'an `access-class` whose list is not there or empty: nobody gets in' },
  // Lines that protect something elsewhere
  'CFG-195': { severity: 'warning', about: 'a line that would guard something, and does not here' },
} as const satisfies Record<`CFG-${number}`, { severity: FindingSeverity; about: string }>;
