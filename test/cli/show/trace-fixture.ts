// Traces as an L2TP endpoint and a PPP link give them, made by the real encoders.

import type { L2tpTrace } from '../../../src/l2tp/events.ts';
import { writeControlHeader } from '../../../src/l2tp/header.ts';
import { type AttributesOf, encodeMessage, type MessageName } from '../../../src/l2tp/message.ts';
import type { RouterTrace } from '../../../src/vpdn/events.ts';

export type MessageTrace = Extract<L2tpTrace, { kind: 'message' }>;

export const PATH = {
  localAddress: '192.0.2.2',
  localPort: 1701,
  peerAddress: '192.0.2.1',
  peerPort: 1701,
};

/** A control message as tunnel 20 of a server sees it; the peer's tunnel is 9. */
export function messageTrace<Name extends MessageName>(
  name: Name,
  attributes: AttributesOf<Name>,
  parts: Partial<MessageTrace> = {},
): MessageTrace {
  const octets = encodeMessage(name, attributes);
  writeControlHeader(octets, 20, parts.session ?? 0, parts.ns ?? 0, parts.nr ?? 0);
  return {
    kind: 'message',
    direction: 'I',
    tunnel: 20,
    session: 0,
    name,
    ns: 0,
    nr: 0,
    retransmission: false,
    peerName: 'peer1',
    peerTunnel: 9,
    peerSession: 0,
    octets,
    path: PATH,
    ...parts,
  };
}

export function zlbTrace(parts: Partial<MessageTrace> = {}): MessageTrace {
  const octets = new Uint8Array(12);
  writeControlHeader(octets, 9, 0, 1, 4);
  return { ...messageTrace('HELLO', {}), direction: 'O', name: 'ZLB', ns: 1, nr: 4, octets, ...parts };
}

export function pppTrace(protocol: string, packet: Uint8Array, direction: 'I' | 'O' = 'O'): RouterTrace {
  const event = { kind: 'packet', topic: 'negotiation', direction, protocol, state: 'Req-Sent', packet } as const;
  return { layer: 'ppp', interfaceName: 'Virtual-Access3', event };
}
