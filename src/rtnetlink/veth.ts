// A veth pair, an Ethernet cable of the kernel's own, whose ends may lie in two network namespaces: RTM_NEWLINK, rtnetlink(7).
//
//   IFLA_LINKINFO { IFLA_INFO_KIND "veth", IFLA_INFO_DATA { VETH_INFO_PEER { link header, IFLA_IFNAME, IFLA_NET_NS_FD } } }

import { HEADER_LENGTH, MessageFlag, MessageType, RequestWriter } from './message.ts';

export interface VethPair {
  readonly name: string;
  readonly peerName: string;
  /** An open descriptor of the namespace that gets the other end. */
  readonly peerNamespace: number;
}

export function encodeVethAddition({ name, peerName, peerNamespace }: VethPair): Uint8Array {
  const peer = attributes((w) => {
    writeLinkHeader(w);
    w.attribute(IFLA_IFNAME, text(peerName)).u32Attribute(IFLA_NET_NS_FD, peerNamespace);
  });
  const data = attributes((w) => w.attribute(VETH_INFO_PEER, peer));
  const info = attributes((w) => w.attribute(IFLA_INFO_KIND, text('veth')).attribute(IFLA_INFO_DATA, data));
  const flags = MessageFlag.Create | MessageFlag.Exclusive | MessageFlag.Acknowledge;
  const w = new RequestWriter(MessageType.NewLink, flags);
  writeLinkHeader(w);
  return w.attribute(IFLA_IFNAME, text(name)).attribute(IFLA_LINKINFO, info).finish();
}

function writeLinkHeader(w: RequestWriter): void {
  w.u8(0).u8(0).u16(0).u32(0).u32(0).u32(0);
}

/** The inside of an attribute that holds attributes: what a writer writes behind its message header. */
function attributes(write: (w: RequestWriter) => unknown): Uint8Array {
  const w = new RequestWriter(0, 0);
  write(w);
  return w.finish().subarray(HEADER_LENGTH);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(`${value}\0`);
}

const IFLA_IFNAME = 3;
const IFLA_LINKINFO = 18;
const IFLA_NET_NS_FD = 28;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const VETH_INFO_PEER = 1;
