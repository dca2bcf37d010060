// `show interfaces [X]` (C155), in the shape IOS gives it. What this router does not measure (collisions, runts,
// reliability) is printed as on an interface where nothing went wrong, because readers of the format expect the line.

import type { InterfaceView, RouterView } from '../../vpdn/view.ts';
import type { Millis } from '../../wire/machine.ts';
import { printable } from '../../wire/values.ts';
import { formatAgo } from './elapsed.ts';
import { addressFinder } from './interface-address.ts';
import { interfaceRows } from './rows.ts';
import { LAYER_STATE_WORDS } from './state-words.ts';

/** Of all interfaces, or of the one with this canonical name. */
export function* showInterfaces(view: RouterView, name?: string): Generator<string> {
  let found = false;
  const addressOf = addressFinder(view);
  for (const subject of interfaceRows(view, { name })) {
    found = true;
    yield* interfaceBlock(subject, addressOf(subject), view.now);
  }
  if (!found && name !== undefined) yield `% Interface ${printable(name)} does not exist`;
}

function* interfaceBlock(subject: InterfaceView, address: string | undefined, now: Millis): Generator<string> {
  const { kind, counters } = subject;
  // Of a call, counters are packets of IP inside, not of the tunnel around them; of a Linux device, they are its own.
  const rates = subject.rates ?? NO_RATES;
  yield `${subject.name} is ${subject.status}, line protocol is ${subject.lineProtocol}`;
  yield `  Hardware is ${hardware(subject)}`;
  if (subject.description !== undefined) yield `  Description: ${printable(subject.description)}`;
  yield* addressLines(subject, address);
  yield `  MTU ${subject.mtu} bytes, BW ${subject.bandwidth} Kbit, DLY ${DELAYS[kind]} usec,`;
  yield '     reliability 255/255, txload 1/255, rxload 1/255';
  yield* encapsulationLines(subject);
  yield `  Last input ${formatAgo(subject.lastInput, now)}, output ${formatAgo(subject.lastOutput, now)}, output hang never`;
  yield `  Last clearing of "show interface" counters ${formatAgo(subject.clearedAt, now)}`;
  yield `  Input queue: 0/75/0/0 (size/max/drops/flushes); Total output drops: ${subject.outputDrops}`;
  yield '  Queueing strategy: fifo';
  yield '  Output queue: 0/40 (size/max)';
  yield `  5 minute input rate ${rates.inputBitsPerSecond} bits/sec, ${rates.inputPacketsPerSecond} packets/sec`;
  yield `  5 minute output rate ${rates.outputBitsPerSecond} bits/sec, ${rates.outputPacketsPerSecond} packets/sec`;
  yield `     ${counters.packetsReceived} packets input, ${counters.octetsReceived} bytes, 0 no buffer`;
  yield `     Received ${subject.broadcastsReceived ?? 0} broadcasts, 0 runts, 0 giants, 0 throttles`;
  yield `     ${subject.inputErrors} input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored, 0 abort`;
  yield `     ${counters.packetsSent} packets output, ${counters.octetsSent} bytes, 0 underruns`;
  yield `     ${subject.outputErrors ?? 0} output errors, ${subject.collisions ?? 0} collisions, 0 interface resets`;
  yield '     0 output buffer failures, 0 output buffers swapped out';
  yield `     ${subject.carrierTransitions} carrier transitions`;
}

/** A physical interface says which Linux device stands behind it: the first question of whoever maps names. */
function hardware({ kind, device }: InterfaceView): string {
  if (kind === 'Loopback') return 'Loopback';
  if (kind !== 'physical') return `${kind.replace('-', ' ')} interface`;
  return device === undefined ? 'not present' : `Linux device ${printable(device)}`;
}

/** Borrowed, its own, still to be negotiated (RFC 1332 §3.3), or none and then no line. */
function addressLines(subject: InterfaceView, address: string | undefined): string[] {
  const { unnumberedFrom, prefixLength } = subject;
  if (unnumberedFrom !== undefined) {
    return [`  Interface is unnumbered. Using address of ${unnumberedFrom} (${address ?? 'unassigned'})`];
  }
  if (address !== undefined) return [`  Internet address is ${address}/${prefixLength ?? 32}`];
  return subject.addressMethod === 'IPCP' ? ['  Internet address will be negotiated using IPCP'] : [];
}

/** What is below IP: ARPA, loopback, or PPP with the state of LCP and the network protocols that are open. */
function* encapsulationLines(subject: InterfaceView): Generator<string> {
  const { kind, tunnelId, sessionId, sessionOf } = subject;
  if (kind === 'Loopback') return yield '  Encapsulation LOOPBACK, loopback not set';
  if (kind === 'physical') {
    yield '  Encapsulation ARPA, loopback not set';
    return yield keepaliveLine(subject);
  }
  yield `  Encapsulation PPP, LCP ${LAYER_STATE_WORDS[subject.lcp ?? 'Closed']}`;
  if (subject.openNcps.length > 0) yield `  Open: ${subject.openNcps.join(', ')}`;
  if (kind === 'Virtual-Access') {
    if (subject.clonedFrom !== undefined) yield `  PPPoVPDN vaccess, cloned from ${subject.clonedFrom}`;
    // IOS's internal flags of a clone in use; readers look for the word.
    yield '  Vaccess status 0x44, loopback not set';
  }
  if (tunnelId !== undefined) {
    yield `  Protocol ${sessionOf === 'pptp' ? 'pptp' : 'l2tp'}, tunnel id ${tunnelId}, session id ${sessionId ?? 0}, loopback not set`;
  }
  yield keepaliveLine(subject);
  yield '  DTR is pulsed for 5 seconds on reset';
}

/** LCP Echo-Requests (RFC 1661 §5.8) on PPP; what `keepalive` is configured to elsewhere. */
function keepaliveLine({ keepalivePeriod }: InterfaceView): string {
  return keepalivePeriod === 0 ? '  Keepalive not set' : `  Keepalive set (${keepalivePeriod / 1000} sec)`;
}

/** IOS's own, in microseconds; only a routing metric would use them. */
const DELAYS: Readonly<Record<InterfaceView['kind'], number>> = {
  Loopback: 5000,
  'Virtual-Template': 100_000,
  'Virtual-PPP': 100_000,
  'Virtual-Access': 100_000,
  Dialer: 100_000,
  physical: 1000,
};

const NO_RATES = { inputBitsPerSecond: 0, inputPacketsPerSecond: 0, outputBitsPerSecond: 0, outputPacketsPerSecond: 0 };
