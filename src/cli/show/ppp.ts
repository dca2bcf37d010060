// `show ppp all` and `show ppp interface X` (C150, C151): what PPP has agreed on, in the words of IOS.

import { shortInterfaceName } from '../../vpdn/interface-name.ts';
import type { InterfaceView, LayerState, PppLinkView, RouterView } from '../../vpdn/view.ts';
import { printable } from '../../wire/values.ts';
import { ipcpLines, lcpLines } from './ppp-options.ts';
import { interfaceRow, interfaceRows } from './rows.ts';
import { LAYER_STATE_WORDS } from './state-words.ts';
import { nameCell, tableRow } from './table.ts';

export function* showPppAll(view: RouterView): Generator<string> {
  yield 'Interface/ID OPEN+ Nego* Fail-     Stage    Peer Address    Peer Name';
  yield '------------ --------------------- -------- --------------- --------------------';
  for (const subject of interfaceRows(view)) {
    const { link } = subject;
    if (link === undefined) continue;
    const name = link.peerName === '' ? '' : nameCell(link.peerName, 60);
    const place = shortInterfaceName(subject.name);
    const address = subject.peerAddress ?? '0.0.0.0';
    yield tableRow(WIDTHS, [place, protocols(link).join(' '), STAGES[link.phase], address, name]);
  }
}

export function* showPppInterface(view: RouterView, name: string): Generator<string> {
  const subject = interfaceRow(view, name);
  if (subject === undefined) return yield `% Interface ${printable(name)} does not exist`;
  const { link } = subject;
  if (link === undefined) return yield `% PPP is not running on ${printable(name)}`;
  const place = shortInterfaceName(name);
  yield 'PPP Serial Context Info';
  yield '-------------------';
  yield row('Interface', place);
  yield row('State', link.phase === 'UP' ? 'Up' : link.phase === 'DOWN' ? 'Down' : 'Negotiating');
  if (link.phase === 'UP') {
    yield row('Last State', 'Binding');
    yield row('Last Event', 'LocalTerm');
  }
  yield '';
  yield 'PPP Session Info';
  yield '----------------';
  yield row('Interface', place);
  yield row('PPP ID', `0x${link.uniqueId.toString(16).toUpperCase().padStart(8, '0')}`);
  yield row('Phase', link.phase);
  yield row('Stage', LONG_STAGES[link.phase]);
  if (link.peerName !== '') yield row('Peer Name', nameCell(link.peerName, 60));
  if (subject.peerAddress !== undefined) yield row('Peer Address', subject.peerAddress);
  yield row('Control Protocols', longProtocols(link).join(' '));
  if (subject.sessionId !== undefined) yield row('Session ID', String(subject.sessionId));
  yield row('AAA Unique ID', String(link.uniqueId));
  yield '';
  yield* lcpLines(place, link);
  for (const [name, of] of networkProtocols(link)) {
    yield '';
    if (name === 'IPCP') yield* ipcpLines(place, link);
    else yield `${place} ${name}: [${LAYER_STATE_WORDS[of]}]`;
  }
}

/** The protocols by which either end proves itself, each once, by the name a table has for it. */
export function authenticationNames(link: PppLinkView): string[] {
  const both = [link.peerAuthentication, link.localAuthentication].filter((each) => each !== undefined);
  return [...new Set(both)].map((protocol) => AUTHENTICATION_NAMES[protocol] ?? printable(protocol.toUpperCase()));
}

function row(label: string, value: string): string {
  return `${label.padEnd(17)}: ${value}`;
}

/** `LCP+ CHAP+ IPCP*`: a network protocol is named once it can be spoken. */
function protocols(link: PppLinkView): string[] {
  return [
    `LCP${mark(link.lcp)}`,
    ...proofs(link),
    ...networkProtocols(link).map(([name, state]) => `${name}${mark(state)}`),
  ];
}

/** CCP comes first, because nothing passes before it where encryption is required. */
function networkProtocols({ phase, ccp, ipcp }: PppLinkView): (readonly [name: string, state: LayerState])[] {
  if (phase !== 'UP') return [];
  const spoken = ccp === undefined || ccp === 'Initial' || ccp === 'Starting' ? [] : [['CCP', ccp] as const];
  return [...spoken, ['IPCP', ipcp]];
}

function proofs(link: PppLinkView): string[] {
  const proof = link.phase === 'UP' ? '+' : link.phase === 'AUTHENTICATING' ? '*' : '-';
  return authenticationNames(link).map((name) => `${name}${proof}`);
}

function longProtocols(link: PppLinkView): string[] {
  const state = (name: string, of: LayerState) => `${name}[${LAYER_STATE_WORDS[of]}]`;
  const networks = networkProtocols(link).map(([name, of]) => state(name, of));
  return [state('LCP', link.lcp), ...proofs(link), ...networks];
}

function mark(state: LayerState): string {
  if (state === 'Opened') return '+';
  return NEGOTIATING.includes(state) ? '*' : '-';
}

/** Whose `Open` somebody waits for. */
const NEGOTIATING: readonly LayerState[] = ['Req-Sent', 'Ack-Rcvd', 'Ack-Sent'];
const WIDTHS = [13, 22, 9, 16];

const STAGES: Readonly<Record<PppLinkView['phase'], string>> = {
  DOWN: 'Down',
  ESTABLISHING: 'LCP',
  AUTHENTICATING: 'AUTHEN',
  UP: 'LocalT',
  TERMINATING: 'TERM',
};

const LONG_STAGES: Readonly<Record<PppLinkView['phase'], string>> = {
  DOWN: 'Down',
  ESTABLISHING: 'LCP Negotiation',
  AUTHENTICATING: 'Authentication',
  UP: 'Local Termination',
  TERMINATING: 'Termination',
};

const AUTHENTICATION_NAMES: Readonly<Record<string, string>> = {
  pap: 'PAP',
  chap: 'CHAP',
  'ms-chap': 'MSCHAP',
  'ms-chap-v2': 'MSV2',
  eap: 'EAP',
};

export type WithLink = InterfaceView & { readonly link: PppLinkView };
