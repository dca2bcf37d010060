// A light client for tests with thousands of sessions: routers without TUNs in one process, each with a UDP port and a host name
// of its own, that dial and dial again. Echoes go through a sample of the sessions. Its parent talks to it by lines of JSON.
// `node load-client.ts ROUTERS CALLS-EACH SAMPLE ECHO-ADDRESS`

import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { createInterface } from 'node:readline';
import type { DataSession, RouterEffect, RouterInput } from '../../src/vpdn/events.ts';
import { Router } from '../../src/vpdn/router.ts';
import { internetChecksum } from '../../src/wire/checksum.ts';
import { parseIpv4 } from '../../src/wire/ip.ts';
import { negotiatingClient } from '../sim/guide.ts';

const [ROUTERS, CALLS, SAMPLE] = process.argv.slice(2, 5).map(Number) as [number, number, number];
const ECHO_ADDRESS = process.argv[5]!;
const LOCALHOST = '127.0.0.1';
/** Sessions of the sample in each router. */
const EACH = Math.ceil(SAMPLE / ROUTERS);
/** Bits of an L2TP header (RFC 2661 §3.1), and the number of IP in PPP. */
const [CONTROL, LENGTH, SEQUENCE, IP] = [0x80, 0x40, 0x08, 0x0021];
/** A timer of Node's ends at 31 bits; a router with nothing to wait for is not waited for. */
const LONGEST_WAIT = 60_000;

export interface EchoReport {
  /** Sessions of the sample that carry IP now. */
  readonly up: number;
  /** Those of them that brought no answer. */
  readonly silent: string[];
}

class Client {
  readonly name: string;
  readonly sessions = new Map<string, DataSession>();
  readonly addresses = new Map<string, string>();
  readonly answered = new Set<string>();
  readonly #router = new Router({ entropy: (octets) => new Uint8Array(randomBytes(octets)), epoch: Date.now() });
  readonly #socket: Socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 22, sendBufferSize: 1 << 22 });
  #timer: NodeJS.Timeout | undefined;

  constructor(number: number) {
    this.name = `c${number}`;
    this.#socket.on('message', (octets, { port }) => this.#received(octets, port));
  }

  start(): void {
    const configuration = negotiatingClient(this.name, CALLS);
    for (const subject of configuration.interfaces.values()) {
      if (subject.pseudowire !== undefined) subject.pseudowire.peer = LOCALHOST;
      subject.ppp.chapHostname = 'peer1';
    }
    configuration.l2tpClasses.get('l2tpclass1')!.hidden = false;
    this.#socket.bind(0, LOCALHOST, () => {
      this.#input({ on: 'configure', configuration });
      const link = { device: 'lo', up: true, mtu: 1500, address: LOCALHOST, prefixLength: 8 };
      this.#input({ on: 'link', name: 'Ethernet0/0', link });
    });
  }

  get open(): number {
    return [...this.sessions.values()].filter(({ networkUp }) => networkUp).length;
  }

  /** Interfaces of the sample that carry IP. */
  sample(count: number): string[] {
    return [...this.sessions].flatMap(([name, { networkUp }]) => (networkUp ? [name] : [])).slice(0, count);
  }

  echo(name: string): void {
    const session = this.sessions.get(name);
    const address = this.addresses.get(name);
    if (session === undefined || address === undefined) return;
    const octets = dataMessage(session, echoRequest(address, ECHO_ADDRESS));
    this.#socket.send(octets, session.path.peerPort, session.path.peerAddress);
  }

  #received(octets: Uint8Array, port: number): void {
    if ((octets[0]! & CONTROL) !== 0 || !this.#isEchoReply(octets)) {
      const path = { localAddress: LOCALHOST, localPort: 1701, peerAddress: LOCALHOST, peerPort: port };
      this.#input({ on: 'datagram', path, octets: new Uint8Array(octets) });
    }
  }

  /** What the packet path of a whole router would take: an answer is noted. */
  #isEchoReply(octets: Uint8Array): boolean {
    const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
    let at = 2 + ((octets[0]! & LENGTH) === 0 ? 0 : 2);
    const [tunnel, session] = [view.getUint16(at), view.getUint16(at + 2)];
    at += 4 + ((octets[0]! & SEQUENCE) === 0 ? 0 : 4);
    if (view.getUint16(at) === 0xff03) at += 2;
    if (view.getUint16(at) !== IP) return false;
    for (const [name, { localTunnel, localSession }] of this.sessions) {
      if (localTunnel === tunnel && localSession === session) this.answered.add(name);
    }
    return true;
  }

  #input(what: RouterInput): void {
    this.#apply(this.#router.handle(what, performance.now()));
  }

  #apply(effects: readonly RouterEffect[]): void {
    for (const effect of effects) this.#applyOne(effect);
    clearTimeout(this.#timer);
    const wait = this.#router.deadline - performance.now();
    const expire = () => this.#apply(this.#router.handleTimeout(performance.now()));
    if (wait < LONGEST_WAIT) this.#timer = setTimeout(expire, Math.max(1, wait));
  }

  #applyOne(effect: RouterEffect): void {
    switch (effect.do) {
      case 'send':
        this.#socket.send(effect.octets, effect.path.peerPort, effect.path.peerAddress);
        return;
      case 'open-session':
      case 'update-session':
        this.sessions.set(effect.session.interfaceName, effect.session);
        return;
      case 'close-session':
        for (const [name, { localTunnel, localSession }] of this.sessions) {
          if (localTunnel === effect.localTunnel && localSession === effect.localSession) this.sessions.delete(name);
        }
        return;
      case 'add-address':
        this.addresses.set(effect.device, effect.address);
        return;
      default:
        return; // the sample needs no more of Linux than this
    }
  }
}

/** RFC 2661 §3.1 without optional fields, RFC 1661 §2 in full. */
function dataMessage({ peerTunnel, peerSession }: DataSession, packet: Uint8Array): Uint8Array {
  const octets = new Uint8Array(10 + packet.length);
  const view = new DataView(octets.buffer);
  view.setUint16(0, 0x0002);
  view.setUint16(2, peerTunnel);
  view.setUint16(4, peerSession);
  view.setUint16(6, 0xff03);
  view.setUint16(8, IP);
  octets.set(packet, 10);
  return octets;
}

/** RFC 792: 20 octets of IPv4, 8 of ICMP. */
function echoRequest(from: string, to: string): Uint8Array {
  const octets = new Uint8Array(28);
  const view = new DataView(octets.buffer);
  view.setUint16(0, 0x4500);
  view.setUint16(2, octets.length);
  view.setUint16(8, (64 << 8) | 1);
  view.setUint32(12, parseIpv4(from));
  view.setUint32(16, parseIpv4(to));
  view.setUint16(10, internetChecksum(octets, 0, 20));
  view.setUint8(20, 8);
  view.setUint16(22, internetChecksum(octets, 20, octets.length));
  return octets;
}

const clients = Array.from({ length: ROUTERS }, (_, index) => new Client(index + 1));
for (const client of clients) client.start();
// Traffic flows all the time, whatever is asked.
setInterval(() => {
  for (const client of clients) for (const name of client.sample(EACH)) client.echo(name);
}, 100);

for await (const line of createInterface({ input: process.stdin })) {
  const answer = line === 'echo' ? await echoAll() : { open: clients.reduce((sum, { open }) => sum + open, 0) };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);

/** Every session of the sample that is up has a while to bring an answer; one that goes down meanwhile owes none. */
async function echoAll(): Promise<EchoReport> {
  const asked = clients.flatMap((client) => client.sample(EACH).map((name) => ({ client, name })));
  for (const { client, name } of asked) client.answered.delete(name);
  const owing = () =>
    asked.filter(({ client, name }) => !client.answered.has(name) && client.sessions.get(name)?.networkUp === true);
  for (let turn = 0; turn < 20 && owing().length > 0; turn++) {
    for (const { client, name } of owing()) client.echo(name);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { up: asked.length, silent: owing().map(({ client, name }) => `${client.name} ${name}`) };
}
