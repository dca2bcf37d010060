// The start keys of MPPE from what MS-CHAP proved: version 1 (RFC 3079 §2) and version 2 (§3). Session keys come from
// these in the packet path. "Client" is who was authenticated, "server" is the authenticator.

import { concatOctets } from '../wire/bytes.ts';
import { md4 } from './md4.ts';
import { sha1 } from './mschap.ts';

/** The start keys of one direction: 16 octets for 128 bits, 8 for 40 and 56. */
export interface StartKeys {
  readonly long: Uint8Array;
  readonly short: Uint8Array;
}

export interface EncryptionKeys {
  readonly transmit: StartKeys;
  readonly receive: StartKeys;
}

/** §2.1 to §2.3: both directions have the same. The short one is the same in every session of a password. */
export function keysOfVersion1(ntHash: Uint8Array, lmHash: Uint8Array, challenge: Uint8Array): EncryptionKeys {
  const hash = md4(ntHash);
  const keys = { long: sha1(hash, hash, challenge).subarray(0, 16), short: lmHash.subarray(0, 8) };
  return { transmit: keys, receive: keys };
}

export function keysOfVersion2(ntHash: Uint8Array, ntResponse: Uint8Array, we: 'client' | 'server'): EncryptionKeys {
  const master = masterKey(md4(ntHash), ntResponse);
  const ofClient = startKeys(master, MAGIC_2);
  const ofServer = startKeys(master, MAGIC_3);
  return we === 'client' ? { transmit: ofClient, receive: ofServer } : { transmit: ofServer, receive: ofClient };
}

/** §3.4: GetMasterKey. */
export function masterKey(passwordHashHash: Uint8Array, ntResponse: Uint8Array): Uint8Array {
  return sha1(passwordHashHash, ntResponse, MAGIC_1).subarray(0, 16);
}

/** §3.4: GetAsymmetricStartKey. */
function startKeys(master: Uint8Array, magic: Uint8Array): StartKeys {
  const long = sha1(concatOctets(master, PAD_1), magic, PAD_2).subarray(0, 16);
  return { long, short: long.subarray(0, 8) };
}

const ascii = (text: string) => new TextEncoder().encode(text);
const MAGIC_1 = ascii('This is the MPPE Master Key');
const MAGIC_2 = ascii('On the client side, this is the send key; on the server side, it is the receive key.');
const MAGIC_3 = ascii('On the client side, this is the receive key; on the server side, it is the send key.');
const PAD_1 = new Uint8Array(40);
const PAD_2 = new Uint8Array(40).fill(0xf2);
