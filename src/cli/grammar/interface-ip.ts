// IP on an interface: its address, what it borrows, its sizes, and the address given to the peer.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { Interface, InterfaceAddress } from '../../vpdn/configuration-interface.ts';
import { formatIpv4, lengthOfMask, maskOfLength, parseIpv4 } from '../../wire/ip.ts';
import { address, choice, flag, interfaceName, name, number, optional, repeat, sequence, words } from '../syntax.ts';
import { type Command, definer, refused } from '../tree.ts';
import { onPpp } from './interface-kind.ts';
import { numberSetting, switchSetting } from './setting.ts';

const define = definer<Interface>();

// One command with two forms, so that `no ip address` takes back whichever is there.
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
    ),
  ],
  keep: 1,
  set: ({ configuration, subject }, { host, mask, secondary, negotiated }) => {
    if (negotiated === true) {
      if (subject.kind !== 'Virtual-PPP') return refused('% Only interface Virtual-PPP can negotiate its address');
      subject.address = { kind: 'negotiated' };
      return;
    }
    if (secondary === true) return refused('% Secondary addresses are not supported');
    const wrong = wrongAddress(configuration, subject, parseIpv4(host!), parseIpv4(mask!));
    if (wrong !== undefined) return refused(wrong);
    subject.address = { kind: 'static', address: host!, prefixLength: lengthOfMask(parseIpv4(mask!))! };
  },
  unset: ({ subject }) => {
    if (subject.address?.kind !== 'unnumbered') subject.address = undefined;
  },
  lines: ({ subject }) => {
    const own = subject.address;
    if (own === undefined) return 'no ip address';
    if (own.kind === 'negotiated') return 'ip address negotiated';
    return own.kind === 'static' ? `ip address ${own.address} ${formatMask(own.prefixLength)}` : undefined;
  },
  about: 'Default none. `negotiated` takes the address the peer assigns in IPCP.',
});

// RFC 1332 §3.3: the borrowed address is what IPCP says of us. A chain of borrowers has no end, so lenders own theirs.
const ipUnnumbered = define({
  path: [
    words('ip unnumbered', 'Enable IP processing without an explicit address'),
    interfaceName('lender', ['Loopback', 'physical', 'Virtual-PPP']),
  ],
  set: ({ configuration, subject }, { lender }) => {
    if (subject.kind === 'Loopback' || subject.kind === 'physical') {
      return refused('Point-to-point (non-multi-access) interfaces only');
    }
    if (lender === subject.name || configuration.interfaces.get(lender)?.address?.kind === 'unnumbered') {
      return refused(`% Cannot use an unnumbered interface: ${lender}`);
    }
    subject.address = { kind: 'unnumbered', from: lender };
  },
  unset: ({ subject }) => {
    if (subject.address?.kind === 'unnumbered') subject.address = undefined;
  },
  lines: ({ subject: { address: own } }) => (own?.kind === 'unnumbered' ? `ip unnumbered ${own.from}` : undefined),
  about: 'Borrows the address of another interface, for ourselves in IPCP and as source of our own packets.',
});

// RFC 879: the MSS is the MTU less the two headers. Three states: a number, off, and by itself.
const adjustMss = define({
  path: [
    words('ip tcp adjust-mss', 'Adjust the mss of transit packets'),
    number('octets', 500, 1460, 'Maximum segment size'),
  ],
  set: ({ subject }, { octets }) => {
    subject.adjustMss = octets;
  },
  unset: ({ subject }) => {
    subject.adjustMss = 'off';
  },
  reset: ({ subject }) => {
    subject.adjustMss = undefined;
  },
  lines: ({ subject: { adjustMss } }) => {
    if (adjustMss === undefined) return undefined;
    return adjustMss === 'off' ? 'no ip tcp adjust-mss' : `ip tcp adjust-mss ${adjustMss}`;
  },
  when: onPpp,
  about: 'Default: fitted to the MTU wherever that is below 1500. `no` leaves TCP alone.',
});

// What IPCP offers the peer (RFC 1332 §3.3); without any of these the peer must bring its own address.
const peerDefault = define({
  path: [
    words('peer default ip address', 'Specify default IP address for the remote end'),
    choice(
      address('host', 'Default IP address for remote end of this interface'),
      flag('dhcp', 'Use DHCP proxy client mechanism to allocate a peer IP address'),
      flag('dhcpPool', 'Use local DHCP pools to allocate a peer IP address', 'dhcp-pool'),
      sequence(
        flag('pool', 'Use IP pool mechanism to allocate a peer IP address'),
        optional(repeat(name('pools', 'IP address pool name'))),
      ),
    ),
  ],
  set: ({ subject }, { host, dhcp, dhcpPool, pools }) => {
    if (dhcp === true || dhcpPool === true) return refused('% DHCP is not built yet: use a fixed address or a pool');
    subject.peerDefaultAddress =
      host === undefined ? { kind: 'pool', pools: pools ?? [] } : { kind: 'address', address: host };
  },
  unset: ({ subject }) => {
    subject.peerDefaultAddress = undefined;
  },
  lines: ({ subject: { peerDefaultAddress: given } }) => {
    if (given === undefined) return undefined;
    const what = given.kind === 'address' ? given.address : ['pool', ...given.pools].join(' ');
    return `peer default ip address ${what}`;
  },
  when: onPpp,
  about: 'Default none. Several pools are tried in order; `pool` alone is the pool `default`.',
});

export const INTERFACE_IP: Command<Interface>[] = [
  ipUnnumbered,
  ipAddress,
  numberSetting<Interface>({
    text: 'ip mtu',
    help: 'Set IP Maximum Transmission Unit',
    low: 68,
    high: 1000000,
    valueHelp: 'MTU (bytes)',
    get: ({ ipMtu }) => ipMtu,
    put: (subject, value) => {
      subject.ipMtu = value;
    },
    check: ({ mtu }, value) => {
      return mtu !== undefined && value > mtu
        ? `% Invalid value for MTU (${value}). Allowed values: 68 - ${mtu}`
        : undefined;
    },
    about: 'Default: fitted to the tunnel.',
  }),
  adjustMss,
  switchSetting<Interface>({
    text: 'peer neighbor-route',
    help: 'Create neighbor route to peer when needed',
    get: ({ peerNeighborRoute }) => peerNeighborRoute,
    put: (subject, on) => {
      subject.peerNeighborRoute = on;
    },
    normally: true,
    when: onPpp,
    about: 'Default on: a host route to the address of the peer.',
  }),
  peerDefault,
];

export function formatMask(prefixLength: number): string {
  return formatIpv4(maskOfLength(prefixLength));
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
    if (overlaps(other.address, host, length)) {
      return `% ${formatIpv4((host & mask) >>> 0)} overlaps with ${other.name}`;
    }
  }
  return undefined;
}

/** RFC 1122 §3.2.1.3: neither this network, nor loopback, nor multicast and above. */
function isHost(address: number): boolean {
  const first = address >>> 24;
  return first !== 0 && first !== 127 && first < 224;
}

function overlaps(other: InterfaceAddress | undefined, host: number, length: number): boolean {
  if (other?.kind !== 'static') return false;
  const mask = maskOfLength(Math.min(length, other.prefixLength));
  return (host & mask) >>> 0 === (parseIpv4(other.address) & mask) >>> 0;
}
