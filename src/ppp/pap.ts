// The Password Authentication Protocol, RFC 1334 §2, both ends. The peer asks with name and password, the authenticator
// says yes or no. PapPeer proves us to the other side, PapAuthenticator checks the other side.
//
//   Authenticate-Request:  | Peer-ID Length | Peer-Id ... | Passwd-Length | Password ...
//   Authenticate-Ack, -Nak: | Msg-Length | Message ...

import { ByteReader, ByteWriter, equalOctets } from '../wire/bytes.ts';
import type { Millis } from '../wire/machine.ts';
import { printable, utf8 } from '../wire/values.ts';
import type { Verdict } from './events.ts';
import { Protocol } from './frame.ts';
import { encodePacket, type Packet } from './packet.ts';
import type { ProofEffect, ProofTimes } from './proof.ts';

export const PapCode = { AuthenticateRequest: 1, AuthenticateAck: 2, AuthenticateNak: 3 } as const;

export interface PapCredentials {
  readonly username: string;
  readonly password: Uint8Array;
}

export function decodePapRequest(data: Uint8Array): PapCredentials {
  const reader = new ByteReader(data);
  const username = utf8.decode(reader.take(reader.u8()));
  return { username, password: reader.take(reader.u8()) };
}

export function encodePapRequest({ username, password }: PapCredentials): Uint8Array {
  // One octet of length: what is longer cannot be said in PAP.
  const name = utf8.encode(username).subarray(0, LONGEST);
  const writer = new ByteWriter();
  writer.u8(name.length);
  writer.bytes(name);
  writer.u8(Math.min(LONGEST, password.length));
  writer.bytes(password.subarray(0, LONGEST));
  return writer.finish();
}

/** Some peers leave the Msg-Length octet out, and some give one too large: what there is of the text is the text. */
export function decodePapMessage(data: Uint8Array): string {
  return utf8.decode(data.subarray(1, 1 + (data[0] ?? 0)));
}

/** The packet as a trace may show it: the password's octets are stars. */
export function concealPassword(packet: Packet): Uint8Array {
  if (packet.code !== PapCode.AuthenticateRequest) return packet.octets;
  const concealed = packet.octets.slice();
  const afterName = concealed.length - packet.data.length + 1 + (packet.data[0] ?? 0);
  return concealed.fill(STAR, Math.min(concealed.length, afterName + 1));
}

/** Our side of a PAP demand: asks until answered. */
export class PapPeer {
  deadline: Millis = Number.POSITIVE_INFINITY;
  readonly #times: ProofTimes;
  readonly #request: Uint8Array;
  readonly #identifier: number;
  #attemptsLeft: number;

  constructor(credentials: { username: string; password: string }, identifier: number, times: ProofTimes) {
    this.#times = times;
    this.#identifier = identifier;
    this.#attemptsLeft = times.maxConfigure;
    const { username, password } = credentials;
    const data = encodePapRequest({ username, password: utf8.encode(password) });
    this.#request = encodePacket(PapCode.AuthenticateRequest, identifier, data);
  }

  start(now: Millis): ProofEffect[] {
    this.deadline = now + this.#times.restartTimer;
    this.#attemptsLeft--;
    return [{ do: 'send', protocol: Protocol.PAP, packet: this.#request }];
  }

  handleTimeout(now: Millis): ProofEffect[] {
    if (now < this.deadline) return [];
    if (this.#attemptsLeft > 0) return this.start(now);
    this.deadline = Number.POSITIVE_INFINITY;
    const message = 'the peer does not answer PAP';
    return [{ do: 'fail', cause: 'authentication-timeout', side: 'local', message }];
  }

  handleAnswer({ code, identifier, data }: Packet): ProofEffect[] {
    if (identifier !== this.#identifier) return [{ do: 'drop', reason: 'pap-identifier' }];
    if (this.deadline === Number.POSITIVE_INFINITY) return [{ do: 'drop', reason: 'pap-repeated' }];
    this.deadline = Number.POSITIVE_INFINITY;
    if (code === PapCode.AuthenticateAck) return [{ do: 'local-authenticated', keys: undefined }];
    const text = decodePapMessage(data);
    const message = `the peer refuses our PAP name or password${text === '' ? '' : `: ${printable(text)}`}`;
    return [{ do: 'fail', cause: 'local-authentication-failed', side: 'peer', message }];
  }
}

/** Our side when the peer has to prove itself: waits for the request, repeats its verdict when the request is repeated. */
export class PapAuthenticator {
  readonly deadline: Millis = Number.POSITIVE_INFINITY;
  readonly #maxBad: number;
  #bad = 0;
  #state: 'waiting' | 'checking' | 'accepted' | 'failed' = 'waiting';
  #identifier = 0;
  #request: Uint8Array = NONE;
  #username = '';
  #answer: { readonly code: number; readonly data: Uint8Array } | undefined;

  constructor(maxBad: number) {
    this.#maxBad = maxBad;
  }

  handleRequest({ identifier, data }: Packet): ProofEffect[] {
    // RFC 1334 §2.2.1: a repeated request gets the answer it got before; nothing is checked again.
    const repeated = this.#state === 'accepted' || this.#state === 'failed' || identifier === this.#identifier;
    if (repeated && this.#answer !== undefined) return [this.#send(identifier, this.#answer)];
    if (this.#state === 'checking') {
      // pppd counts the Identifier up with each repetition: the verdict is to answer the last one.
      if (!equalOctets(data, this.#request)) return [{ do: 'drop', reason: 'pap-busy' }];
      this.#identifier = identifier;
      return [];
    }
    // Read before anything changes, because it may throw.
    const { username, password } = decodePapRequest(data);
    this.#state = 'checking';
    this.#identifier = identifier;
    this.#request = data.slice();
    this.#username = username;
    return [{ do: 'authenticate', of: { protocol: 'pap', username, password: password.slice() } }];
  }

  handleVerdict(verdict: Verdict): ProofEffect[] {
    const { accepted } = verdict;
    const text = utf8.encode(verdict.message ?? (accepted ? '' : 'Authentication failed')).subarray(0, LONGEST);
    const data = new Uint8Array(1 + text.length);
    data[0] = text.length;
    data.set(text, 1);
    this.#answer = { code: accepted ? PapCode.AuthenticateAck : PapCode.AuthenticateNak, data };
    this.#request = NONE; // no password is kept longer than its check takes
    const effects: ProofEffect[] = [this.#send(this.#identifier, this.#answer)];
    if (accepted) {
      this.#state = 'accepted';
      effects.push({ do: 'peer-authenticated', username: this.#username, keys: undefined });
    } else if (++this.#bad > this.#maxBad) {
      this.#state = 'failed';
      const message = `PAP: wrong name or password from "${printable(this.#username)}"`;
      effects.push({ do: 'fail', cause: 'peer-authentication-failed', side: 'local', message });
    } else {
      this.#state = 'waiting';
    }
    return effects;
  }

  #send(identifier: number, { code, data }: { code: number; data: Uint8Array }): ProofEffect {
    return { do: 'send', protocol: Protocol.PAP, packet: encodePacket(code, identifier, data) };
  }
}

const LONGEST = 255;
const STAR = 0x2a;
const NONE = new Uint8Array(0);
