// Where a configuration line holds a secret: found in the text, so that it is found in a line nobody understands as well.
// Reports, errors and findings print `<removed>` in its place; `service password-encryption` turns it into type 7 (1.8).

import { encodeType7, LARGEST_WRITTEN_SEED } from '../crypto/type7.ts';

export const REMOVED = '<removed>';

/** The line without its secrets. `under`: the lines that opened the modes around it, where they are known. */
export function redactLine(text: string, under: readonly string[] = []): string {
  return without(text, 0, secretsIn(text, under)).text;
}

export interface Redacted {
  readonly text: string;
  /** Where the caret belongs in what is left. */
  readonly column: number;
  readonly message: string;
}

/** A line in error: what stands at the caret may be a secret whose keyword is missing or misspelt; the message may repeat it. */
export function redactError(text: string, column: number, message: string, under: readonly string[] = []): Redacted {
  const known = secretsIn(text, under);
  const spans = known.length > 0 ? known : suspect(text, column);
  const secrets = spans.map(({ start, end }) => text.slice(start, end)).filter((secret) => secret.length > 1);
  return {
    ...without(text, column, spans),
    message: secrets.reduce((said, secret) => said.replaceAll(secret, REMOVED), message),
  };
}

/** The line with its clear secret as type 7, where IOS has such a form. */
export function encryptLine(text: string, under: readonly string[] = []): string {
  for (const { pattern, reversible } of RULES) {
    if (reversible === undefined) continue;
    const found = matchOf(pattern, text, under);
    if (found === undefined) continue;
    if (found.type !== undefined && found.type !== '0') return text;
    const secret = text.slice(found.start, found.end);
    if (reversible === 'prefix') return `${text.slice(0, found.before)}7 ${encoded(secret)}${text.slice(found.end)}`;
    const [clear, type] = secret.split(' ');
    return type === '7' ? text : `${text.slice(0, found.start)}${encoded(clear!)} 7`;
  }
  return text;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function without(text: string, column: number, spans: readonly Span[]): { text: string; column: number } {
  let shown = '';
  let from = 0;
  let caret = column;
  for (const { start, end } of spans) {
    shown += text.slice(from, start);
    if (column >= end) caret += REMOVED.length - (end - start);
    else if (column > start) caret = shown.length;
    shown += REMOVED;
    from = end;
  }
  return { text: shown + text.slice(from), column: caret };
}

/** In order and apart. */
function secretsIn(text: string, under: readonly string[]): Span[] {
  if (!WORTH_LOOKING.test(text) || FREE_TEXT.test(text)) return [];
  const found = RULES.flatMap(({ pattern }) => matchOf(pattern, text, under) ?? []).sort((a, b) => a.start - b.start);
  return found.filter(({ start }, index) => found.slice(0, index).every(({ end }) => start >= end));
}

function matchOf(pattern: RegExp, text: string, under: readonly string[]) {
  const found = pattern.exec(text);
  const indices = found?.indices?.groups?.secret;
  if (found === null || indices === undefined) return undefined;
  // `key 1` of a key chain is a number, and the key of a RADIUS server may be one.
  if (pattern === KEY && /^key chain\b/.test(under.at(-1) ?? '')) return undefined;
  const [start, end] = indices;
  const type = found.groups?.type;
  const before = type === undefined ? start : found.indices!.groups!.type![0];
  return { start, end, before, type };
}

/** IOS draws the seed; a fixed one keeps running-config the same from one reading to the next. */
function encoded(text: string): string {
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum = (sum * 31 + text.charCodeAt(index)) % 65521;
  return encodeType7(text, sum % (LARGEST_WRITTEN_SEED + 1));
}

function suspect(text: string, column: number): Span[] {
  const family = FAMILIES.exec(text);
  const start =
    family === null ? looksLikeKeyword(text) : Math.max(family[0].length, text.slice(0, column + 1).search(/\S*$/));
  return start === undefined || start >= text.length ? [] : [{ start, end: text.length }];
}

/** Where the text behind a misspelt `password`, `secret`, `key` or `community` begins. */
function looksLikeKeyword(text: string): number | undefined {
  if (FREE_TEXT.test(text)) return undefined;
  for (const found of text.matchAll(/\S+[ \t]+/g)) {
    const word = found[0].trimEnd().toLowerCase();
    if (KEYWORDS.some((keyword) => near(word, keyword))) return found.index + found[0].length;
  }
  return undefined;
}

/** Cut short, or with a letter or two wrong. */
function near(word: string, keyword: string): boolean {
  if (word.length < 3 || Math.abs(word.length - keyword.length) > 2) return keyword.startsWith(word) && word.length > 2;
  let wrong = Math.max(0, word.length - keyword.length);
  const letters = [...word];
  for (const letter of keyword) {
    const at = letters.indexOf(letter);
    if (at === -1) wrong++;
    else letters.splice(at, 1);
  }
  return word[0] === keyword[0] && wrong <= Math.max(1, Math.floor(keyword.length / 4));
}

interface Rule {
  readonly pattern: RegExp;
  /** It has a type 7 form: before the secret, or behind it. */
  readonly reversible?: 'prefix' | 'suffix';
}

/** `word`, cut anywhere behind its first `least` letters, as the parser takes it. */
function cut(word: string, least: number): string {
  const tail = [...word.slice(least)].reduceRight((rest, letter) => `(?:${letter}${rest})?`, '');
  return `${word.slice(0, least)}${tail}`;
}

const NO = '^\\s*(?:no\\s+|default\\s+)?';
const WORD = '(?<!\\S)';
const TYPE = '(?:(?<type>\\d{1,2})\\s+)?';
const REST = '(?<secret>\\S.*)';
const TOKEN = '(?<secret>\\S+)';
const rule = (text: string): RegExp => new RegExp(text, 'di');

const KEY = rule(`${NO}(?:server-)?key\\s+(?!chain\\b|config-key\\b|generate\\b)${TYPE}${REST}`);
// biome-ignore format: one rule a line
const RULES: readonly Rule[] = [
  { pattern: rule(`^(?!\\s*(?:no\\s+)?aaa\\s).*?${WORD}${cut('password', 2)}\\s+${TYPE}${REST}`), reversible: 'prefix' },
  { pattern: rule(`${WORD}${cut('secret', 3)}\\s+${TYPE}${REST}`) },
  { pattern: rule(`${NO}(?:radius|tacacs)-s\\S*\\s+(?:.*?\\s)?${cut('key', 1)}\\s+${TYPE}${REST}`), reversible: 'prefix' },
  { pattern: rule(`${NO}(?:server|client)\\S*\\s+\\S.*?\\s(?:server-)?key\\s+${TYPE}${REST}`), reversible: 'prefix' },
  { pattern: KEY, reversible: 'prefix' },
  { pattern: rule(`${NO}${cut('key-string', 5)}\\s+${TYPE}${REST}`), reversible: 'prefix' },
  { pattern: rule(`${WORD}message-digest-key\\s+\\d+\\s+md5\\s+${TYPE}${REST}`), reversible: 'prefix' },
  { pattern: rule(`${WORD}authentication-key\\s+(?!\\d+\\s+md5\\b)${TYPE}${REST}`), reversible: 'prefix' },
  { pattern: rule(`${WORD}authentication-key\\s+\\d+\\s+md5\\s+${REST}`), reversible: 'suffix' },
  { pattern: rule(`${WORD}(?:standby|glbp|vrrp)\\s.*?authentication\\s+(?!md5\\s+key-chain\\b)(?:text\\s+|md5\\s+key-string\\s+)?${TYPE}${REST}`) },
  { pattern: rule(`${NO}(?:area|domain)-password\\s+${REST}`) },
  { pattern: rule(`${WORD}wpa-psk\\s+(?:ascii|hex)\\s+${TYPE}${REST}`), reversible: 'prefix' },
  { pattern: rule(`${NO}encryption\\s.*?key\\s+\\d+\\s+size\\s+\\S+\\s+${TYPE}${TOKEN}`) },
  { pattern: rule(`${NO}crypto\\s+isakmp\\s+key\\s+${TYPE}${TOKEN}`) },
  { pattern: rule(`${WORD}pre-shared-key\\s+(?:(?:address|hostname)\\s+\\S+\\s+(?:[\\d.]+\\s+)?key\\s+|local\\s+|remote\\s+)?${TYPE}${REST}`) },
  { pattern: rule(`${NO}key\\s+config-key\\s+(?:\\d+\\s+)?(?:password-encrypt\\s+)?${REST}`) },
  { pattern: rule(`${WORD}key\\s+(?:hex|ascii)\\s+${TOKEN}`) },
  { pattern: rule(`${WORD}server-key\\s+${TYPE}${REST}`), reversible: 'prefix' },
  { pattern: rule(`${NO}snmp-s\\S*\\s+${cut('community', 1)}\\s+${TOKEN}`) },
  { pattern: rule(`${NO}snmp-s\\S*\\s+host\\s+\\S+\\s+(?:vrf\\s+\\S+\\s+)?(?:traps\\s+|informs\\s+)?(?:version\\s+(?:1|2c|3\\s+(?:no)?auth|3\\s+priv)\\s+)?${REST}`) },
  { pattern: rule(`${NO}snmp-s\\S*\\s+user\\s+\\S+\\s+\\S+\\s+(?:remote\\s+\\S+\\s+)?(?:v1|v2c|v3)?\\s*(?:encrypted\\s+)?${REST}`) },
  { pattern: rule(`${WORD}nhrp\\s+authentication\\s+${TOKEN}`) },
  { pattern: rule(`${WORD}session-key\\s+\\S+\\s+(?:ah|esp)\\s+\\S+\\s+${REST}`) },
  { pattern: rule(`${WORD}md5\\s+(?!key-chain\\b)${TYPE}${REST}`) },
  { pattern: rule(`${WORD}otp\\s+${REST}`) },
  { pattern: rule(`ssword:["']?\\s+${TOKEN}`) },
  { pattern: rule('://[^\\s/:@]*:(?<secret>[^\\s/@]+)@') },
];

/** What every rule needs some of: most lines hold none. */
const WORTH_LOOKING = /pa|sec|k|snmp|auth|otp|md5|sswo|:\/\//i;
/** Words to people, which may well speak of passwords. */
const FREE_TEXT = /^\s*(?:description|remark|name|banner|alias|access-list\s+\d+\s+remark)\b/i;
/** Lines whose business is a secret: of one that is wrong nothing is shown from the caret on. */
const FAMILIES = /^\s*(?:no\s+)?(?:username\s+\S+|enable|crypto\s+isakmp\s+key|key|ntp\s+authentication-key)\s+/i;
const KEYWORDS = ['password', 'secret', 'community', 'key-string', 'key', 'pre-shared-key'];
