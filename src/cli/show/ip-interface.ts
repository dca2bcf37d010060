// `show ip interface [X]` (C158): what IP does on an interface. Lines of features that do not exist here say so as on a router
// where they are off; lines that would describe a switching path of Cisco's are left out.

import type { InterfaceView, RouterView } from '../../vpdn/view.ts';
import { printable } from '../../wire/values.ts';
import { addressFinder } from './interface-address.ts';
import { interfaceRows } from './rows.ts';

export function* showIpInterface(view: RouterView, name?: string): Generator<string> {
  let found = false;
  const addressOf = addressFinder(view);
  for (const subject of interfaceRows(view, { name })) {
    found = true;
    yield* block(subject, addressOf(subject));
  }
  if (!found && name !== undefined) yield `% Interface ${printable(name)} does not exist`;
}

function* block(subject: InterfaceView, address: string | undefined): Generator<string> {
  const { name, status, lineProtocol, unnumberedFrom, prefixLength = 32, peerAddress, mtu } = subject;
  yield `${name} is ${status}, line protocol is ${lineProtocol}`;
  if (unnumberedFrom !== undefined) {
    yield `  Interface is unnumbered. Using address of ${unnumberedFrom} (${address ?? 'unassigned'})`;
  } else if (address !== undefined) yield `  Internet address is ${address}/${prefixLength}`;
  else if (subject.addressMethod === 'IPCP') yield '  Internet address will be negotiated using IPCP';
  else return yield '  Internet protocol processing disabled';
  yield '  Broadcast address is 255.255.255.255';
  const determined = DETERMINED[subject.addressMethod];
  if (unnumberedFrom === undefined && determined !== undefined) yield `  Address determined by ${determined}`;
  if (peerAddress !== undefined) yield `  Peer address is ${peerAddress}`;
  yield `  MTU is ${mtu} bytes`;
  yield '  Helper address is not set';
  yield '  Directed broadcast forwarding is disabled';
  yield '  Outgoing access list is not set';
  yield '  Inbound  access list is not set';
  yield '  TCP/IP header compression is disabled';
  yield '  Policy routing is disabled';
  yield '  Network address translation is disabled';
}

const DETERMINED: Readonly<Record<string, string>> = {
  NVRAM: 'non-volatile memory',
  manual: 'setup command',
  IPCP: 'IPCP',
  DHCP: 'DHCP',
};
