// The options that LCP and IPCP have agreed on, one a line with the octets that said so: `MagicNumber 0x8CCF0E1E (0x05068CCF0E1E)`.

import type { PppLinkView } from '../../vpdn/view.ts';
import { formatHex, ipv4, u16, u32 } from '../../wire/values.ts';
import { LAYER_STATE_WORDS } from './state-words.ts';

/** RFC 1661 §6; what is at its default was not spoken of. */
export function* lcpLines(place: string, link: PppLinkView): Generator<string> {
  yield `${place} LCP: [${LAYER_STATE_WORDS[link.lcp]}]`;
  const { options } = link;
  if (options === undefined) return;
  yield 'Our Negotiated Options';
  yield* prefixed(`${place} LCP:`, [
    mru(options.localMru),
    authentication(link.peerAuthentication),
    magic(options.localMagic),
  ]);
  yield "Peer's Negotiated Options";
  yield* prefixed(`${place} LCP:`, [
    mru(options.peerMru),
    authentication(link.localAuthentication),
    magic(options.peerMagic),
    options.sendPfc ? 'PFC (0x0702)' : undefined,
    options.sendAcfc ? 'ACFC (0x0802)' : undefined,
  ]);
}

/** RFC 1332 §3.3 and RFC 1877. */
export function* ipcpLines(place: string, link: PppLinkView): Generator<string> {
  yield `${place} IPCP: [${LAYER_STATE_WORDS[link.ipcp]}]`;
  const { network } = link;
  if (network === undefined) return;
  yield 'Our Negotiated Options';
  const servers = network.dns.map((address, index) => {
    return index === 0 ? addressOption(129, 'PrimaryDNS', address) : addressOption(131, 'SecondaryDNS', address);
  });
  yield* prefixed(`${place} IPCP:`, [addressOption(3, 'Address', network.localAddress), ...servers]);
  yield "Peer's Negotiated Options";
  yield* prefixed(`${place} IPCP:`, [addressOption(3, 'Address', network.peerAddress)]);
}

function* prefixed(prefix: string, options: readonly (string | undefined)[]): Generator<string> {
  const said = options.filter((option) => option !== undefined);
  if (said.length === 0) yield `${prefix}    NONE`;
  for (const option of said) yield `${prefix}    ${option}`;
}

function mru(value: number): string | undefined {
  return value === DEFAULT_MRU ? undefined : `MRU ${value} (${raw(1, u16.encode(value))})`;
}

function magic(value: number): string | undefined {
  if (value === 0) return undefined;
  const octets = u32.encode(value);
  return `MagicNumber 0x${formatHex(octets).toUpperCase()} (${raw(5, octets)})`;
}

/** RFC 1661 §6.2; the algorithms of CHAP from the registry `ppp-chap`. */
function authentication(protocol: string | undefined): string | undefined {
  const known = protocol === undefined ? undefined : AUTHENTICATION[protocol];
  return known === undefined ? undefined : `AuthProto ${known.name} (${raw(3, known.octets)})`;
}

function addressOption(type: number, name: string, address: string): string | undefined {
  return address === '0.0.0.0' ? undefined : `${name} ${address} (${raw(type, ipv4.encode(address))})`;
}

function raw(type: number, data: Uint8Array): string {
  return `0x${formatHex(Uint8Array.of(type, data.length + 2, ...data)).toUpperCase()}`;
}

const DEFAULT_MRU = 1500;
const AUTHENTICATION: Readonly<Record<string, { readonly name: string; readonly octets: Uint8Array }>> = {
  pap: { name: 'PAP', octets: Uint8Array.of(0xc0, 0x23) },
  chap: { name: 'CHAP', octets: Uint8Array.of(0xc2, 0x23, 5) },
  'ms-chap': { name: 'MS-CHAP', octets: Uint8Array.of(0xc2, 0x23, 0x80) },
  'ms-chap-v2': { name: 'MS-CHAP-V2', octets: Uint8Array.of(0xc2, 0x23, 0x81) },
  eap: { name: 'EAP', octets: Uint8Array.of(0xc2, 0x27) },
};
