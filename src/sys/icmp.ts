// The ICMP echo of `ping`, RFC 792: a raw socket for the few seconds it takes. Answers are looked for by a timer.

import { internetChecksum } from '../wire/checksum.ts';
import { formatIpv4, parseIpv4 } from '../wire/ip.ts';
import { check, errnoName } from './errno.ts';
import * as libc from './libc.ts';
import { AF_INET, SOL_IP } from './message-header.ts';
import { IP_MTU_DISCOVER, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_RAW, setOption, socketAddress } from './socket.ts';

export interface PingRequest {
  readonly destination: string;
  readonly source?: string;
  /** Of the whole IP packet, as IOS counts it: 36 to 18024. */
  readonly size: number;
  /** Milliseconds to wait for the answer. */
  readonly timeout: number;
  readonly dontFragment?: boolean;
  /** Nobody waits for the answer any more: what comes then is a timeout. */
  readonly signal?: AbortSignal;
  /** Two octets repeated; `abcd` in hexadecimal if not said. */
  readonly pattern?: number;
  /** The octets that come back are compared with those sent. */
  readonly validate?: boolean;
  /** Type of Service, and hops to live; as Linux has them if not said. */
  readonly tos?: number;
  readonly ttl?: number;
  readonly identifier: number;
  readonly sequence: number;
}

export type PingResult =
  /** `intact` false: what came back is not what went out. */
  | { readonly outcome: 'reply'; readonly from: string; readonly roundTrip: number; readonly intact: boolean }
  | { readonly outcome: 'timeout' }
  /** ICMP type 3: `code` 0 network, 1 host, 3 port, 4 too big (with the next hop's MTU), 13 prohibited. */
  | { readonly outcome: 'unreachable'; readonly from: string; readonly code: number; readonly mtu: number }
  /** ICMP type 11. */
  | { readonly outcome: 'expired'; readonly from: string }
  /** Linux would not send it: `EMSGSIZE`, `ENETUNREACH`. */
  | { readonly outcome: 'unsent'; readonly errno: string };

/** One echo request and what came of it. Throws `SystemError` where raw sockets are not allowed. */
export async function ping(request: PingRequest): Promise<PingResult> {
  const fd = check(libc.socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP), 'socket', 'ICMP');
  try {
    setOption(fd, SOL_IP, IP_MTU_DISCOVER, request.dontFragment === true ? IP_PMTUDISC_PROBE : IP_PMTUDISC_DONT);
    if (request.tos !== undefined) setOption(fd, SOL_IP, IP_TOS, request.tos);
    if (request.ttl !== undefined) setOption(fd, SOL_IP, IP_TTL, request.ttl);
    if (request.source !== undefined) {
      const name = socketAddress(parseIpv4(request.source), 0);
      check(libc.bindSocket(fd, libc.addressOf(name), name.length), 'bind', request.source);
    }
    const message = encodeEcho(request);
    const peer = socketAddress(parseIpv4(request.destination), 0);
    const sentAt = performance.now();
    const sent = libc.sendto(fd, libc.addressOf(message), message.length, 0, libc.addressOf(peer), peer.length);
    if (sent < 0) return { outcome: 'unsent', errno: errnoName(libc.lastErrno()) };
    return await receiveAnswer(fd, request, message, sentAt);
  } finally {
    libc.close(fd);
  }
}

function encodeEcho({ size, pattern = 0xabcd, identifier, sequence }: PingRequest): Uint8Array {
  const message = new Uint8Array(Math.max(size - IP_HEADER, ICMP_HEADER));
  const view = new DataView(message.buffer);
  view.setUint8(0, ECHO_REQUEST);
  view.setUint16(4, identifier);
  view.setUint16(6, sequence);
  for (let at = ICMP_HEADER; at < message.length; at++) message[at] = at % 2 === 0 ? pattern >>> 8 : pattern;
  view.setUint16(2, internetChecksum(message, 0, message.length));
  return message;
}

async function receiveAnswer(
  fd: number,
  request: PingRequest,
  message: Uint8Array,
  sentAt: number,
): Promise<PingResult> {
  const buffer = new Uint8Array(65536);
  const address = libc.addressOf(buffer);
  for (;;) {
    const length = libc.recv(fd, address, buffer.length, 0);
    const now = performance.now();
    if (length >= 0) {
      const result = readAnswer(buffer.subarray(0, length), request, message, now - sentAt);
      if (result !== undefined) return result;
    } else {
      if (now - sentAt >= request.timeout || request.signal?.aborted === true) return { outcome: 'timeout' };
      // Answers that come at once are the usual case: spin through the event loop before pausing.
      await pause(now - sentAt < 2 ? 0 : 1);
    }
  }
}

/** What an ICMP packet says of our request; undefined if it is about another. */
function readAnswer(
  packet: Uint8Array,
  request: PingRequest,
  message: Uint8Array,
  roundTrip: number,
): PingResult | undefined {
  const start = headerLength(packet, 0);
  if (start === undefined || packet.length < start + ICMP_HEADER) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const from = formatIpv4(view.getUint32(12));
  const type = view.getUint8(start);
  if (type === ECHO_REPLY) {
    if (!isOurs(view, start, request)) return undefined;
    const intact = request.validate !== true || sameData(packet.subarray(start), message);
    return { outcome: 'reply', from, roundTrip, intact };
  }
  if (type !== UNREACHABLE && type !== TIME_EXCEEDED) return undefined;
  // The error quotes the IP header of what we sent and its first 8 octets.
  const quoted = start + ICMP_HEADER;
  const inner = headerLength(packet, quoted);
  if (inner === undefined || packet.length < inner + ICMP_HEADER) return undefined;
  if (view.getUint8(inner) !== ECHO_REQUEST || !isOurs(view, inner, request)) return undefined;
  if (type === TIME_EXCEEDED) return { outcome: 'expired', from };
  return { outcome: 'unreachable', from, code: view.getUint8(start + 1), mtu: view.getUint16(start + 6) };
}

/** All behind the header, whose type and checksum differ. */
function sameData(answer: Uint8Array, message: Uint8Array): boolean {
  if (answer.length !== message.length) return false;
  for (let at = ICMP_HEADER; at < message.length; at++) if (answer[at] !== message[at]) return false;
  return true;
}

function isOurs(view: DataView, at: number, { identifier, sequence }: PingRequest): boolean {
  return view.getUint16(at + 4) === identifier && view.getUint16(at + 6) === sequence;
}

/** Where what follows an IPv4 header at `at` begins. */
function headerLength(packet: Uint8Array, at: number): number | undefined {
  if (packet.length < at + IP_HEADER || packet[at]! >>> 4 !== 4) return undefined;
  return at + (packet[at]! & 15) * 4;
}

function pause(time: number): Promise<void> {
  return new Promise((resolve) => {
    if (time === 0) setImmediate(resolve);
    else setTimeout(resolve, time);
  });
}

const IPPROTO_ICMP = 1;
// ip(7).
const IP_TOS = 1;
const IP_TTL = 2;
const IP_PMTUDISC_DONT = 0;
/** DF set, whatever path MTU is remembered. */
const IP_PMTUDISC_PROBE = 3;
const IP_HEADER = 20;
const ICMP_HEADER = 8;
const ECHO_REPLY = 0;
const UNREACHABLE = 3;
const ECHO_REQUEST = 8;
const TIME_EXCEEDED = 11;
