// The Internet Protocol Control Protocol, RFC 1332, with the name server options of RFC 1877.
// Each end tells its own address; an end that has none asks with 0.0.0.0 and is told one in a Nak.

import type { Millis } from '../wire/machine.ts';
import { formatHex, ipv4 } from '../wire/values.ts';
import type { State } from './automaton.ts';
import { type ControlEffect, ControlProtocol, type ControlSettings } from './control-protocol.ts';
import type { AddressAssignment, IpcpSettings, LinkEndCause } from './events.ts';
import type { Failure, Judgement, Negotiator, OptionRow } from './options.ts';
import { Code, type Packet } from './packet.ts';

export interface NetworkAddresses {
  readonly localAddress: string;
  /** `0.0.0.0`: the peer keeps it to itself. */
  readonly peerAddress: string;
  /** Name servers we asked for and were given. */
  readonly dns: readonly string[];
}

type Assignment = Exclude<AddressAssignment, { readonly message: string }>;

/** What IPCP negotiates over: our wishes as they stand, and what the peer was granted. */
class IpcpNegotiator implements Negotiator {
  failure: Failure | undefined;
  readonly disagreement: LinkEndCause = 'ncp-failed';
  readonly settings: IpcpSettings;
  /** Undefined until somebody has decided which address the peer is to have. */
  assignment: Assignment | undefined;

  /** Undefined: left out of our request. */
  localAddress: string | undefined;
  /** Options 129 and 131; undefined: not asked for. */
  dns: [string | undefined, string | undefined] = [undefined, undefined];
  peerAddress = UNKNOWN;

  constructor(settings: IpcpSettings) {
    this.settings = settings;
  }

  restart(): void {
    this.failure = undefined;
    this.localAddress = this.settings.localAddress;
    const { requestDns } = this.settings;
    this.dns = requestDns ? [UNKNOWN, UNKNOWN] : [undefined, undefined];
  }

  /** The address the peer must take; undefined when it may choose. */
  get assigned(): string | undefined {
    return this.assignment === undefined || 'accepts' in this.assignment ? undefined : this.assignment.assign;
  }

  fail(message: string): void {
    this.failure ??= { cause: 'no-address', message };
  }
}

export const IPCP_OPTIONS: readonly OptionRow<IpcpNegotiator>[] = [
  // Rows without `judge` are known by name and always rejected. 1 is RFC 1172's; 2 would be Van Jacobson's compression.
  { type: 1, name: 'Addresses', length: 8, format: formatHex },
  { type: 2, name: 'CompressType', length: undefined, format: formatCompression },
  {
    type: 3,
    name: 'Address',
    length: 4,
    // Networks that are slow to find an address Nak with 0.0.0.0 for tens of rounds.
    patience: 100,
    format: formatAddress,
    wanted: ({ localAddress }) => (localAddress === undefined ? undefined : ipv4.encode(localAddress)),
    judge: judgeAddress,
    proposal: ({ assigned }) => (assigned === undefined ? undefined : ipv4.encode(assigned)),
    // A peer that would not be told is taken to use what it was assigned: from any other source it may not send.
    granted: (ipcp, data) => {
      ipcp.peerAddress = data === undefined ? (ipcp.assigned ?? UNKNOWN) : ipv4.decode(data);
    },
    nakked: (ipcp, data) => {
      // An address of our own is not the peer's to change.
      if (ipcp.settings.localAddress === UNKNOWN && isUsable(data)) ipcp.localAddress = ipv4.decode(data);
    },
    // A Reject of an address we have only means that the peer does not want to know it.
    rejected: (ipcp) => {
      if (ipcp.localAddress === UNKNOWN) ipcp.fail('the peer does not give us an address: it rejects IPCP option 3');
      ipcp.localAddress = undefined;
    },
  },
  serverRow(129, 'PrimaryDNS', 'dns', 0),
  serverRow(130, 'PrimaryWINS', 'nbns', 0),
  serverRow(131, 'SecondaryDNS', 'dns', 1),
  serverRow(132, 'SecondaryWINS', 'nbns', 1),
  {
    type: 144, // Cisco's own: the mask of the subnet the peer's address is in
    name: 'SubnetMask',
    length: 4,
    format: formatAddress,
    judge: ({ assignment }, data) => {
      const mask = assignment?.mask;
      if (mask === undefined) return 'reject';
      return ipv4.decode(data) === mask ? 'ack' : ipv4.encode(mask);
    },
  },
];

export class Ipcp {
  readonly #control: ControlProtocol<IpcpNegotiator>;
  readonly #negotiator: IpcpNegotiator;
  #held: Packet | undefined;

  constructor(settings: ControlSettings & { readonly ipcp: IpcpSettings }) {
    this.#negotiator = new IpcpNegotiator(settings.ipcp);
    this.#control = new ControlProtocol(settings, IPCP_OPTIONS, this.#negotiator, 0);
  }

  get state(): State {
    return this.#control.state;
  }

  get deadline(): Millis {
    return this.#control.deadline;
  }

  /** What both ends agreed on; undefined unless they do. */
  get addresses(): NetworkAddresses | undefined {
    if (this.state !== 'Opened') return undefined;
    const { dns, peerAddress } = this.#negotiator;
    const servers = dns.filter((server) => server !== undefined && server !== UNKNOWN) as string[];
    return { localAddress: this.#localAddress, peerAddress, dns: servers };
  }

  up(now: Millis): ControlEffect[] {
    // A new IPCP, and one that was closed in an earlier network phase, are Initial: RFC 1661 §4.3 wants them opened first.
    if (this.state === 'Initial') this.#control.handleEvent('Open', now);
    return this.#control.handleEvent('Up', now);
  }

  /** The link below is gone, and with it the address the peer was to have. */
  down(now: Millis): ControlEffect[] {
    this.#negotiator.assignment = undefined;
    this.#held = undefined;
    return this.#isDown() ? [] : this.#control.handleEvent('Down', now);
  }

  close(now: Millis): ControlEffect[] {
    return this.#control.handleEvent('Close', now);
  }

  /** The peer rejects IPCP as a whole (RFC 1661 §5.7, RXJ-). */
  rejected(now: Millis): ControlEffect[] {
    return this.#control.handleEvent('RXJ-', now);
  }

  /** The peer's request that came too early to be judged, if any, is judged now. */
  assign(assignment: AddressAssignment, peerMru: number, now: Millis): ControlEffect[] {
    if ('message' in assignment) {
      const message = `no address for the peer: ${assignment.message}`;
      return [{ do: 'fail', failure: { cause: 'no-address', message } }];
    }
    this.#negotiator.assignment = assignment;
    const held = this.#held;
    this.#held = undefined;
    return held === undefined || this.#isDown() ? [] : this.handlePacket(held, peerMru, now);
  }

  /** Keeps the peer's first word until the network phase: a Terminate-Ack would make some peers hang up (MikroTik). */
  hold(packet: Packet): boolean {
    if (packet.code !== Code.ConfigureRequest || packet.octets.length > LONGEST_HELD) return false;
    const octets = packet.octets.slice();
    this.#held = { ...packet, octets, data: octets.subarray(octets.length - packet.data.length) };
    return true;
  }

  handlePacket(packet: Packet, peerMru: number, now: Millis): ControlEffect[] {
    if (packet.code === Code.ConfigureRequest && this.#negotiator.assignment === undefined) {
      return this.hold(packet) ? [] : [{ do: 'drop', reason: 'ipcp-early' }];
    }
    return this.#checked(this.#control.handlePacket(packet, peerMru, now));
  }

  handleTimeout(now: Millis): ControlEffect[] {
    return this.#control.handleTimeout(now);
  }

  get #localAddress(): string {
    return this.#negotiator.localAddress ?? this.#negotiator.settings.localAddress;
  }

  #isDown(): boolean {
    return this.state === 'Initial' || this.state === 'Starting';
  }

  /** An open IPCP without an address of our own is of no use, although both ends agreed on it. */
  #checked(effects: ControlEffect[]): ControlEffect[] {
    if (this.#localAddress !== UNKNOWN || !effects.some((effect) => effect.do === 'layer-up')) return effects;
    const failure = {
      cause: 'no-address',
      message: 'the peer left us without an address: it agrees to 0.0.0.0',
    } as const;
    return effects.map((effect) => (effect.do === 'layer-up' ? { do: 'fail', failure } : effect));
  }
}

function judgeAddress(ipcp: IpcpNegotiator, data: Uint8Array): Judgement {
  const { assigned, assignment } = ipcp;
  const address = ipv4.decode(data);
  if (assigned !== undefined) return address === assigned ? 'ack' : ipv4.encode(assigned);
  // We have none to give: a Nak with 0.0.0.0 would go round for ever.
  const allowed =
    assignment !== undefined &&
    'accepts' in assignment &&
    isUsable(data) &&
    address !== ipcp.localAddress &&
    assignment.accepts(address);
  return allowed ? 'ack' : 'reject';
}

/** A name server option of RFC 1877 §1: given if we have one, asked for where `requestDns` says so. */
function serverRow(type: number, name: string, kind: 'dns' | 'nbns', index: 0 | 1): OptionRow<IpcpNegotiator> {
  const row = {
    type,
    name,
    length: 4,
    format: formatAddress,
    judge: ({ assignment }: IpcpNegotiator, data: Uint8Array): Judgement => {
      const server = assignment?.[kind][index];
      const keeps = kind === 'dns' ? assignment?.acceptDns : assignment?.acceptNbns;
      if (keeps === true && isUsable(data)) return 'ack';
      if (server === undefined) return 'reject';
      return ipv4.decode(data) === server ? 'ack' : ipv4.encode(server);
    },
  };
  if (kind !== 'dns') return row;
  return {
    ...row,
    wanted: ({ dns }) => (dns[index] === undefined ? undefined : ipv4.encode(dns[index])),
    // Zero in a Nak is a peer that has none: asking again would go round for ever.
    nakked: ({ dns }, data) => {
      dns[index] = isUsable(data) ? ipv4.decode(data) : undefined;
    },
    rejected: ({ dns }) => {
      dns[index] = undefined;
    },
  };
}

/** An address a host can have: not 0/8, loopback, multicast, reserved or broadcast (RFC 1122 §3.2.1.3). */
function isUsable(data: Uint8Array): boolean {
  const first = data[0]!;
  return first !== 0 && first !== 127 && first < 224;
}

function formatAddress(data: Uint8Array): string {
  return data.length === 4 ? ipv4.decode(data) : '';
}

/** RFC 1332 §4.1, in the words of IOS, which prints Max-Slot-Id as it is: `VJ 15 slots`. */
function formatCompression(data: Uint8Array): string {
  if (data.length !== 4 || data[0] !== 0x00 || data[1] !== 0x2d) return formatHex(data);
  return `VJ ${data[2]} slots${data[3] === 1 ? ' CompressSlotID' : ''}`;
}

const UNKNOWN = '0.0.0.0';
const LONGEST_HELD = 256;
