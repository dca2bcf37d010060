// A peer whose CCP a test writes by hand, as far as authentication, or as far as an encrypted link.

import assert from 'node:assert/strict';
import { challengeHash, challengeResponse, ntPasswordHash } from '../../src/crypto/mschap.ts';
import type { CcpSettings, LinkSettings, MppeSettings } from '../../src/ppp/events.ts';
import { Code } from '../../src/ppp/packet.ts';
import { formatHex } from '../../src/wire/values.ts';
import { ADDRESS, HandMadePeer, hexOf, MAGIC, OWN_ADDRESS, octetsOf } from './hand-made-peer.ts';

const HASH = ntPasswordHash(new TextEncoder().encode('clientPass'));
const THEIRS = '21402324255e262a28295f2b3a337c7e';
/** Option 18: H and one strength. */
export const STATELESS_128 = '1206 01000040';
export const STATEFUL_128 = '1206 00000040';

export function mppe(changes: Partial<MppeSettings> = {}): CcpSettings {
  const all: MppeSettings = { offered: [128], strengths: [128], stateful: false, demand: 'active', ...changes };
  return { mppe: all, mppc: false };
}

export const REQUIRED = mppe({ demand: 'required' });

/** bob, who has proven himself by MS-CHAP-V2, or by CHAP, of which no keys come; `early` is what he sends before that. */
export function authenticated(
  ccp: CcpSettings | undefined,
  how: 'ms-chap-v2' | 'none' = 'ms-chap-v2',
  early = '',
): HandMadePeer {
  const settings: Partial<LinkSettings> = {
    ipcp: OWN_ADDRESS,
    localName: 'lns',
    authenticate: how === 'none' ? [] : [how],
    ...(ccp && { ccp }),
  };
  const peer = new HandMadePeer({ settings, secrets: { bob: 'clientPass' } }).up().agree('LCP', MAGIC);
  if (early !== '') peer.frame(early);
  if (how !== 'none') prove(peer);
  return peer;
}

export function prove(peer: HandMadePeer): void {
  const { identifier, data } = peer.received().findLast((packet) => packet.protocol === 'CHAP' && packet.code === 1)!;
  const hashed = challengeHash(octetsOf(THEIRS), octetsOf(data.slice(2, 34)), 'bob');
  const value = `31 ${THEIRS} ${'00'.repeat(8)} ${formatHex(challengeResponse(hashed, HASH))} 00`;
  peer.send('CHAP', 2, identifier, `${value} ${hexOf('bob')}`);
}

/** Packets of CCP alone, code and data. */
export function ccpOf(peer: HandMadePeer): [code: number, data: string][] {
  return peer
    .received()
    .filter(({ protocol }) => protocol === 'CCP')
    .map(({ code, data }) => [code, data]);
}

/** Acks our last request of CCP. */
export function ackCcp(peer: HandMadePeer): HandMadePeer {
  const request = peer.received().findLast((packet) => packet.protocol === 'CCP' && packet.code === 1)!;
  return peer.send('CCP', Code.ConfigureAck, request.identifier, request.data);
}

/** Encrypted both ways, the network open. */
export function encrypted(ccp: CcpSettings = REQUIRED, option = STATELESS_128): HandMadePeer {
  const peer = ackCcp(authenticated(ccp)).send('CCP', Code.ConfigureRequest, 1, option);
  peer.agree('IPCP', ADDRESS);
  assert.equal(peer.effects('network-up').length, 1);
  peer.received();
  return peer;
}

export const plain = (option: string) => option.replaceAll(' ', '');
export const told = (peer: HandMadePeer) => peer.effects('compression').at(-1);
