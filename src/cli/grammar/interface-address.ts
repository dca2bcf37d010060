// The addresses of an interface: its own, secondary ones, one negotiated in IPCP, or one borrowed (C099, C100).

import type { Configuration } from '../../vpdn/configuration.ts';
import type { Interface, StaticAddress } from '../../vpdn/configuration-interface.ts';
import { HONOURED } from '../../vpdn/standing.ts';
import { formatIpv4, lengthOfMask, maskOfLength, parseIpv4 } from '../../wire/ip.ts';
import { address, choice, flag, interfaceName, name, optional, sequence, word, words } from '../syntax.ts';
import { type Command, definer, notSupported, refused, warned } from '../tree.ts';
import { ADDRESSED, onClient, onLan } from './interface-kind.ts';

const define = definer<Interface>();

// One command with three forms, so that `no ip address` takes back whichever is there.
const ipAddress = define({
  path: [
    words('ip address', 'Set the IP address of an interface'),
    choice(
      sequence(
        address('host', 'IP address'),
        address('mask', 'IP subnet mask'),
        optional(flag('secondary', 'Make this IP address a secondary address')),
      ),
      flag('negotiated', 'IP Address negotiated over PPP'),
      sequence(
        flag('dhcp', 'IP Address negotiated via DHCP'),
        optional(sequence(word('client-id', 'Specify client-id to use'), interfaceName('clientId', ['physical']))),
        optional(sequence(word('hostname', 'Specify value for hostname option'), name('dhcpName', 'Hostname string'))),
      ),
    ),
  ],
  keep: 1,
  set: ({ configuration, subject }, { host, mask, secondary, negotiated, dhcp, clientId, dhcpName }) => {
    if (negotiated === true) {
      if (!onClient(subject.name)) return refused('% Only interface Virtual-PPP or Dialer can negotiate its address');
      subject.address = { kind: 'negotiated' };
      return;
    }
    if (dhcp === true) {
      if (subject.kind !== 'physical') return refused('% Only an Ethernet interface can have its address by DHCP');
      const said = [
        ...(clientId === undefined ? [] : [`client-id ${clientId}`]),
        ...(dhcpName === undefined ? [] : [`hostname ${dhcpName}`]),
      ];
      subject.address = { kind: 'dhcp', ...(said.length > 0 && { options: said.join(' ') }) };
      subject.secondaryAddresses = [];
      return;
    }
    const wrong = wrongAddress(configuration, subject, parseIpv4(host!), parseIpv4(mask!));
    if (wrong !== undefined) return refused(wrong);
    const own = { address: host!, prefixLength: lengthOfMask(parseIpv4(mask!))! };
    const others = subject.secondaryAddresses.filter((each) => each.address !== own.address);
    if (secondary !== true) {
      subject.address = { kind: 'static', ...own };
      subject.secondaryAddresses = others;
      return;
    }
    if (!onLan(subject.name)) return refused('% Secondary addresses are for Loopback and Ethernet interfaces only');
    if (subject.address?.kind === 'static' && subject.address.address === own.address) {
      return refused("Secondary can't be same as primary");
    }
    subject.secondaryAddresses = [...others, own];
    if (subject.address?.kind !== 'static') return warned(`% ${subject.name} has no primary address yet`);
  },
  unset: ({ subject }, { host, mask, secondary }) => {
    if (subject.address?.kind === 'unnumbered') return;
    if (host === undefined) {
      subject.address = undefined;
      subject.secondaryAddresses = [];
      return;
    }
    if (secondary === true) {
      subject.secondaryAddresses = subject.secondaryAddresses.filter((each) => !isSame(each, host, mask));
      return;
    }
    if (subject.address?.kind !== 'static' || !isSame(subject.address, host, mask)) return;
    if (subject.secondaryAddresses.length > 0) return refused('Must delete secondary before deleting primary');
    subject.address = undefined;
  },
  lines: ({ subject }) => {
    const own = subject.address;
    const secondary = subject.secondaryAddresses.map((each) => `ip address ${formatAddress(each)} secondary`);
    if (own === undefined) return ['no ip address', ...secondary];
    if (own.kind === 'static') return [`ip address ${formatAddress(own)}`, ...secondary];
    if (own.kind === 'unnumbered') return undefined;
    const options = own.kind === 'dhcp' && own.options !== undefined ? ` ${own.options}` : '';
    return [`ip address ${own.kind}${options}`, ...secondary];
  },
  standing: ({ dhcp }) => {
    return dhcp === true
      ? notSupported('no DHCP is spoken here: the address is the one that Linux gave the device')
      : HONOURED;
  },
  entries: ['C100'],
  about: 'Default none. `negotiated` takes the address the peer assigns in IPCP. `secondary` adds to the first one.',
});

// RFC 1332 §3.3: the borrowed address is what IPCP says of us. A chain of borrowers has no end, so lenders own theirs.
const ipUnnumbered = define({
  path: [
    words('ip unnumbered', 'Enable IP processing without an explicit address'),
    interfaceName('lender', ADDRESSED),
  ],
  set: ({ configuration, subject }, { lender }) => {
    if (onLan(subject.name)) return refused('Point-to-point (non-multi-access) interfaces only');
    if (lender === subject.name || configuration.interfaces.get(lender)?.address?.kind === 'unnumbered') {
      return refused(`% Cannot use an unnumbered interface: ${lender}`);
    }
    subject.address = { kind: 'unnumbered', from: lender };
  },
  unset: ({ subject }) => {
    if (subject.address?.kind === 'unnumbered') subject.address = undefined;
  },
  lines: ({ subject: { address: own } }) => (own?.kind === 'unnumbered' ? `ip unnumbered ${own.from}` : undefined),
  entries: ['C099'],
  about: 'Borrows the address of another interface, for ourselves in IPCP and as source of our own packets.',
});

export const INTERFACE_ADDRESS: Command<Interface>[] = [ipUnnumbered, ipAddress];

export function formatMask(prefixLength: number): string {
  return formatIpv4(maskOfLength(prefixLength));
}

const formatAddress = (own: StaticAddress) => `${own.address} ${formatMask(own.prefixLength)}`;

function isSame(own: StaticAddress, host: string, mask: string | undefined): boolean {
  return own.address === host && (mask === undefined || formatMask(own.prefixLength) === mask);
}

/** What IOS says of an address that cannot be one. */
function wrongAddress(
  configuration: Configuration,
  subject: Interface,
  host: number,
  mask: number,
): string | undefined {
  const text = formatIpv4(host);
  const length = lengthOfMask(mask);
  if (length === undefined) return `Bad mask 0x${mask.toString(16).toUpperCase().padStart(8, '0')} for address ${text}`;
  if (!isHost(host)) return `Not a valid host address - ${text}`;
  const hostPart = (host & ~mask) >>> 0;
  // RFC 3021: the two addresses of a /31 are both hosts.
  if (length === 0 || (length < 31 && (hostPart === 0 || hostPart === ~mask >>> 0))) {
    return `Bad mask /${length} for address ${text}`;
  }
  for (const other of configuration.interfaces.values()) {
    if (other.name === subject.name || other.kind === 'Virtual-Template') continue;
    if (addressesOf(other).some((each) => overlaps(each, host, length))) {
      return `% ${formatIpv4((host & mask) >>> 0)} overlaps with ${other.name}`;
    }
  }
  return undefined;
}

function addressesOf({ address: own, secondaryAddresses }: Interface): readonly StaticAddress[] {
  return own?.kind === 'static' ? [own, ...secondaryAddresses] : secondaryAddresses;
}

/** RFC 1122 §3.2.1.3: neither this network, nor loopback, nor multicast and above. */
function isHost(number: number): boolean {
  const first = number >>> 24;
  return first !== 0 && first !== 127 && first < 224;
}

function overlaps(other: StaticAddress, host: number, length: number): boolean {
  const mask = maskOfLength(Math.min(length, other.prefixLength));
  return (host & mask) >>> 0 === (parseIpv4(other.address) & mask) >>> 0;
}
