// IP on an interface: its sizes, the routes to its peer, and the address given to the peer.

import type { Interface, PeerDefaultAddress } from '../../vpdn/configuration-interface.ts';
import { HONOURED } from '../../vpdn/standing.ts';
import { address, choice, flag, name, number, optional, repeat, sequence, words } from '../syntax.ts';
import { type Command, definer, notSupported } from '../tree.ts';
import { MTU_OF_LINUX } from './elsewhere/reasons.ts';
import { INTERFACE_ADDRESS } from './interface-address.ts';
import { onLan, onPpp } from './interface-kind.ts';
import { numberSetting, switchSetting } from './setting.ts';

const define = definer<Interface>();

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
  lines: ({ subject: { adjustMss: kept } }) => {
    if (kept === undefined) return undefined;
    return kept === 'off' ? 'no ip tcp adjust-mss' : `ip tcp adjust-mss ${kept}`;
  },
  when: onPpp,
  entries: ['C101'],
  about: 'Default: fitted to the MTU wherever that is below 1500. `no` leaves TCP alone.',
});

// What IPCP offers the peer (RFC 1332 §3.3); without any of these the peer must bring its own address.
const peerDefault = define({
  path: [
    words('peer default ip address', 'Specify default IP address for the remote end'),
    choice(
      address('host', 'Default IP address for remote end of this interface'),
      flag('dhcp', 'Use DHCP proxy client mechanism to allocate a peer IP address'),
      sequence(
        flag('dhcpPool', 'Use local DHCP pools to allocate a peer IP address', 'dhcp-pool'),
        optional(name('dhcpPoolName', 'DHCP pool name')),
      ),
      sequence(
        flag('pool', 'Use IP pool mechanism to allocate a peer IP address'),
        optional(repeat(name('pools', 'IP address pool name'))),
      ),
    ),
  ],
  set: ({ subject }, { host, dhcp, dhcpPool, dhcpPoolName, pools }) => {
    if (dhcp === true) subject.peerDefaultAddress = { kind: 'dhcp' };
    else if (dhcpPool === true) {
      subject.peerDefaultAddress = { kind: 'dhcp-pool', ...(dhcpPoolName !== undefined && { pool: dhcpPoolName }) };
    } else {
      subject.peerDefaultAddress =
        host === undefined ? { kind: 'pool', pools: pools ?? [] } : { kind: 'address', address: host };
    }
  },
  unset: ({ subject }) => {
    subject.peerDefaultAddress = { kind: 'none' };
  },
  reset: ({ subject }) => {
    subject.peerDefaultAddress = undefined;
  },
  lines: ({ subject: { peerDefaultAddress: given } }) => given && formatPeerDefault(given),
  when: onPpp,
  standing: ({ dhcp, dhcpPool }) => {
    return dhcp === true || dhcpPool === true
      ? notSupported('DHCP is not built yet: a peer gets no address, and its session ends')
      : HONOURED;
  },
  entries: ['C103'],
  about:
    'Default: what `ip address-pool` says, else none. Several pools are tried in order; `pool` alone is the pool `default`.',
});

export const INTERFACE_IP: Command<Interface>[] = [
  ...INTERFACE_ADDRESS,
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
    standing: (_, { name }) => (onLan(name) ? MTU_OF_LINUX : HONOURED),
    check: ({ mtu }, value) => {
      return mtu !== undefined && value > mtu
        ? `% Invalid value for MTU (${value}). Allowed values: 68 - ${mtu}`
        : undefined;
    },
    entries: ['C101'],
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
    entries: ['C102'],
    about: 'Default on: a host route to the address of the peer.',
  }),
  peerDefault,
];

function formatPeerDefault(given: PeerDefaultAddress): string {
  const head = 'peer default ip address';
  switch (given.kind) {
    case 'address':
      return `${head} ${given.address}`;
    case 'pool':
      return [head, 'pool', ...given.pools].join(' ');
    case 'dhcp':
      return `${head} dhcp`;
    case 'dhcp-pool':
      return given.pool === undefined ? `${head} dhcp-pool` : `${head} dhcp-pool ${given.pool}`;
    case 'none':
      return `no ${head}`;
    default:
      return given satisfies never;
  }
}
