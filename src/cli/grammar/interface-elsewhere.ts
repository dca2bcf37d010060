// Lines below an interface of a router of metal, by what it comes to that they do nothing here. One list serves the interfaces
// that are real and those that are not. Words that also begin a global command are followed by just what an interface takes:
// `ip nat inside source …` behind an interface is still the global line.

import { name, oneOf } from '../syntax.ts';
import type { Command } from '../tree.ts';
import {
  INTERFACE_METAL,
  NO_BACKUP,
  NO_BRIDGE,
  NO_DHCP,
  NO_FILTER,
  NO_FLOWS,
  NO_HEADER_COMPRESSION,
  NO_IPSEC,
  NO_IPV6,
  NO_MPLS,
  NO_MULTICAST,
  NO_MULTIPOINT,
  NO_NAT,
  NO_QOS,
  NO_REDIRECTION,
  NO_REDUNDANCY,
  NO_ROUTE_POLICY,
  NO_ROUTING,
  NO_VRF,
  NOT_TAGGED,
} from './elsewhere/reasons.ts';
import { type InertRow, type InertStanding, inertBlock, inertCommand, inertCommands } from './inert.ts';

const metal: readonly InertRow[] = [
  { text: 'arp timeout', help: 'Set ARP cache timeout', takes: 'line' },
  { text: 'arp arpa', help: 'Standard arp protocol', printsNo: true },
  { text: 'carrier-delay', help: 'Specify delay for interface transitions', takes: 'line' },
  { text: 'cdp enable', help: 'Enable CDP on interface', printsNo: true, entries: ['C106'] },
  { text: 'cdp log', help: 'Log messages of CDP', takes: 'line', printsNo: true },
  { text: 'clock rate', help: 'Configure serial interface clock speed', takes: 'line' },
  { text: 'clockrate', help: 'Set clock rate', takes: 'line' },
  { text: 'crc', help: 'Set crc size on serial interfaces', takes: 'line' },
  { text: 'delay', help: 'Specify interface throughput delay', takes: 'line' },
  { text: 'duplex', help: 'Configure duplex operation', takes: 'line' },
  { text: 'flowcontrol', help: 'Configure flow operation', takes: 'line', several: true },
  { text: 'framing', help: 'Specify framing', takes: 'line' },
  { text: 'full-duplex', help: 'Configure full-duplex operational mode' },
  { text: 'half-duplex', help: 'Configure half-duplex and related commands' },
  { text: 'hold-queue', help: 'Set hold queue depth', takes: 'line', several: true },
  { text: 'ip directed-broadcast', help: 'Enable forwarding of directed broadcasts', printsNo: true },
  { text: 'ip gratuitous-arps', help: 'Generate gratuitous ARPs', printsNo: true },
  { text: 'ip load-sharing', help: 'Style of load sharing', takes: 'line' },
  { text: 'ip mask-reply', help: 'Enable sending ICMP Mask Reply messages', printsNo: true },
  { text: 'ip mroute-cache', help: 'Enable fast switching of multicast', printsNo: true },
  { text: 'ip proxy-arp', help: 'Enable proxy ARP', printsNo: true, entries: ['C106'] },
  { text: 'ip redirects', help: 'Enable sending ICMP Redirect messages', printsNo: true, entries: ['C106'] },
  {
    text: 'ip route-cache',
    help: 'Enable fast-switching cache for outgoing packets',
    takes: 'optional-line',
    printsNo: true,
  },
  { text: 'ip unreachables', help: 'Enable sending ICMP Unreachable messages', printsNo: true, entries: ['C106'] },
  { text: 'ip virtual-reassembly', help: 'Virtual Reassembly', takes: 'optional-line', printsNo: true },
  { text: 'linecode', help: 'Specify line code', takes: 'line' },
  { text: 'lldp', help: 'LLDP interface subcommands', takes: 'line', several: true, printsNo: true },
  { text: 'load-interval', help: 'Specify interval for load calculation', takes: 'line', entries: ['C106'] },
  { text: 'logging event', help: 'Interface events', takes: 'line', several: true, printsNo: true },
  { text: 'mac-address', help: 'Manually set interface MAC address', takes: 'line' },
  { text: 'macro', help: 'Command macro', takes: 'line', several: true },
  { text: 'mdix auto', help: 'Enable automatic MDI crossover', printsNo: true },
  { text: 'media-type', help: 'Interface media type', takes: 'line' },
  { text: 'mop', help: 'DEC MOP server commands', takes: 'line', several: true, printsNo: true },
  { text: 'negotiation', help: 'Select autonegotiation mode', takes: 'line', printsNo: true },
  { text: 'ntp disable', help: 'Disable NTP on this interface' },
  { text: 'ntp broadcast', help: 'Configure NTP broadcast service', takes: 'optional-line', several: true },
  { text: 'ntp multicast', help: 'Configure NTP multicast service', takes: 'optional-line', several: true },
  { text: 'power inline', help: 'Inline power configuration', takes: 'line' },
  { text: 'snmp ifindex', help: 'Persist ifindex for this interface', takes: 'line', several: true, printsNo: true },
  { text: 'snmp trap', help: 'Allow a specific SNMP trap', takes: 'line', several: true, printsNo: true },
  { text: 'speed', help: 'Configure speed operation', takes: 'line' },
  { text: 'tx-ring-limit', help: 'Configure PA level transmit ring limit', takes: 'line' },
  { text: 'udld', help: 'Configure UDLD', takes: 'line' },
];

const queues: readonly InertRow[] = [
  { text: 'auto qos', help: 'Configure AutoQoS', takes: 'line', several: true },
  { text: 'custom-queue-list', help: 'Assign a custom queue list to an interface', takes: 'line' },
  { text: 'fair-queue', help: 'Enable Fair Queuing on an Interface', takes: 'optional-line', printsNo: true },
  { text: 'max-reserved-bandwidth', help: 'Maximum reservable bandwidth', takes: 'line' },
  { text: 'mls qos', help: 'QoS of the switch', takes: 'line', several: true, printsNo: true },
  { text: 'priority-group', help: 'Assign a priority group to an interface', takes: 'line' },
  { text: 'qos pre-classify', help: 'Enable QOS classification before packets are tunnel encapsulated' },
  { text: 'random-detect', help: 'Enable Weighted Random Early Detection', takes: 'optional-line', several: true },
  { text: 'rate-limit', help: 'Rate limit', takes: 'line', several: true },
  { text: 'service-policy', help: 'Configure QoS service policy', takes: 'line', several: true },
  { text: 'storm-control', help: 'Storm configuration', takes: 'line', several: true },
  { text: 'traffic-shape', help: 'Enable traffic shaping on an interface', takes: 'line', several: true },
  { text: 'trust', help: 'Set trust value for the interface', takes: 'line' },
];

const filters: readonly InertRow[] = [
  { text: 'ip access-group', help: 'Specify access control for packets', takes: 'line', several: true },
  { text: 'dot1x pae', help: 'Set 802.1x interface pae type', takes: 'line' },
  { text: 'dot1x port-control', help: 'Set the port-control value', takes: 'line' },
  { text: 'ip admission', help: 'Apply Network Admission Control', takes: 'line' },
  { text: 'ip verify unicast', help: 'Enable per packet validation for unicast', takes: 'line', several: true },
  { text: 'zone-member security', help: 'Apply zone name', takes: 'line' },
];

const routing: readonly InertRow[] = [
  { text: 'ip authentication', help: 'Authentication subcommands', takes: 'line', several: true },
  { text: 'ip bandwidth-percent', help: 'Set bandwidth limit', takes: 'line', several: true },
  { text: 'ip hello-interval', help: 'Configures hello interval', takes: 'line', several: true },
  { text: 'ip hold-time', help: 'Configures hold time', takes: 'line', several: true },
  { text: 'ip next-hop-self', help: 'Configures IP-EIGRP next-hop-self', takes: 'line', several: true, printsNo: true },
  { text: 'ip ospf', help: 'OSPF interface commands', takes: 'line', several: true },
  { text: 'ip rip', help: 'Router Information Protocol', takes: 'line', several: true },
  { text: 'ip router', help: 'IP router interface commands', takes: 'line', several: true },
  { text: 'ip split-horizon', help: 'Perform split horizon', takes: 'optional-line', several: true, printsNo: true },
  { text: 'ip summary-address', help: 'Perform address summarization', takes: 'line', several: true },
  { text: 'isis', help: 'IS-IS commands', takes: 'line', several: true },
  { text: 'bfd', help: 'BFD interface configuration commands', takes: 'line', several: true, printsNo: true },
];

const redundancy: readonly InertRow[] = [
  { text: 'glbp', help: 'Gateway Load Balancing Protocol interface commands', takes: 'line', several: true },
  { text: 'standby', help: 'HSRP interface configuration commands', takes: 'line', several: true },
  { text: 'vrrp', help: 'VRRP Interface configuration commands', takes: 'line', several: true },
];

const switching: readonly InertRow[] = [
  { text: 'bridge-group', help: 'Transparent bridging interface parameters', takes: 'line', several: true },
  { text: 'channel-group', help: 'Etherchannel/port bundling configuration', takes: 'line' },
  { text: 'channel-protocol', help: 'Select the channel protocol', takes: 'line' },
  {
    text: 'switchport',
    help: 'Set switching mode characteristics',
    takes: 'optional-line',
    several: true,
    printsNo: true,
  },
  { text: 'spanning-tree', help: 'Spanning Tree Subsystem', takes: 'line', several: true, printsNo: true },
];

const others: readonly InertRow[] = [
  {
    text: 'ip accounting',
    standing: NO_FLOWS,
    help: 'Enable IP accounting on this interface',
    takes: 'optional-line',
    several: true,
  },
  { text: 'encryption', help: 'Encryption of the radio', takes: 'line', several: true },
  { text: 'ip broadcast-address', help: 'Set the broadcast address of an interface', takes: 'line' },
  { text: 'ip dhcp client', standing: NO_DHCP, help: 'Configure DHCP client', takes: 'line', several: true },
  {
    text: 'ip helper-address',
    standing: NO_DHCP,
    help: 'Specify a destination address for UDP broadcasts',
    takes: 'line',
    several: true,
  },
  { text: 'ip igmp', standing: NO_MULTICAST, help: 'IGMP interface commands', takes: 'line', several: true },
  { text: 'ip local-proxy-arp', help: 'Enable local-proxy ARP' },
  {
    text: 'ip dhcp relay',
    standing: NO_DHCP,
    help: 'DHCP relay configuration parameters',
    takes: 'line',
    several: true,
  },
  { text: 'ip nbar protocol-discovery', standing: NO_FLOWS, help: 'Enable protocol discovery', takes: 'optional-line' },
  { text: 'ip nhrp', standing: NO_MULTIPOINT, help: 'NHRP interface subcommands', takes: 'line', several: true },
  { text: 'ip policy route-map', standing: NO_ROUTE_POLICY, help: 'Policy route map', takes: 'line' },
  { text: 'ip sap listen', standing: NO_MULTICAST, help: 'Listen for session announcements' },
  { text: 'ip rsvp', standing: NO_QOS, help: 'RSVP interface commands', takes: 'line', several: true },
  { text: 'ip rtp', standing: NO_HEADER_COMPRESSION, help: 'RTP parameters', takes: 'line', several: true },
  {
    text: 'ip tcp header-compression',
    standing: NO_HEADER_COMPRESSION,
    help: 'Enable TCP header compression',
    takes: 'optional-line',
  },
  {
    text: 'ip tcp compression-connections',
    standing: NO_HEADER_COMPRESSION,
    help: 'Maximum number of compressed connections',
    takes: 'line',
  },
  { text: 'ip wccp', standing: NO_REDIRECTION, help: 'WCCP interface commands', takes: 'line', several: true },
  { text: 'backup', standing: NO_BACKUP, help: 'Modify backup parameters', takes: 'line', several: true },
  { text: 'llc2', help: 'LLC2 interface subcommands', takes: 'line', several: true },
  { text: 'vlan-id', standing: NOT_TAGGED, help: 'VLAN of the subinterface', takes: 'line' },
];

/** PPP over Ethernet, where there is Ethernet. */
export const PPPOE: readonly InertRow[] = [
  { text: 'pppoe', help: 'pppoe interface subcommands', takes: 'line', several: true },
  { text: 'pppoe-client', help: 'pppoe client', takes: 'line', several: true },
];

/** One word behind the words, as `crypto map NAME`: with more it is the global command. */
function oneWord<S>(text: string, help: string, standing: InertStanding, several = false): Command<S> {
  const tail = [name('value', 'Name')];
  return inertCommand<S>({ text, help, standing, tail, say: ({ value }) => value as string | undefined, several });
}

function directed<S>(text: string, help: string, standing: InertStanding, words: Readonly<Record<string, string>>) {
  const tail = [oneOf('direction', words)];
  const say = ({ direction }: Readonly<Record<string, unknown>>) => direction as string | undefined;
  return inertCommand<S>({ text, help, standing, tail, say, several: true });
}

/** `ip inspect NAME in`: the global lines that begin so have other words in its place. */
const inspect = <S>(text: 'ip inspect' | 'ip ips', help: string): Command<S> =>
  inertCommand<S>({
    text,
    help,
    standing: NO_FILTER,
    tail: [name('rule', 'Name of inspection rule'), oneOf('direction', { in: 'Inbound', out: 'Outbound' })],
    say: ({ rule, direction }) => [rule, direction].filter((each) => each !== undefined).join(' ') || undefined,
    several: true,
  });

/** All of these, for the subjects of one mode. */
export function elsewhereLines<S>(): Command<S>[] {
  return [
    ...inertCommands<S>(INTERFACE_METAL, metal),
    oneWord<S>('ip vrf forwarding', 'Configure forwarding table', NO_VRF),
    oneWord<S>('vrf forwarding', 'Configure forwarding table', NO_VRF),
    ...inertCommands<S>(NO_FILTER, filters),
    inspect<S>('ip inspect', 'Apply inspect name'),
    inspect<S>('ip ips', 'Apply Intrusion Prevention name'),
    directed<S>('ip nat', 'NAT interface commands', NO_NAT, {
      inside: 'Inside interface for address translation',
      outside: 'Outside interface for address translation',
      enable: 'Enable interface for NAT',
    }),
    ...inertCommands<S>(NO_FLOWS, [{ text: 'ip flow monitor', help: 'Flow monitor', takes: 'line', several: true }]),
    serviceInstance<S>(),
    directed<S>('ip flow', 'NetFlow related commands', NO_FLOWS, {
      egress: 'Enable outbound NetFlow',
      ingress: 'Enable inbound NetFlow',
    }),
    directed<S>('ip pim', 'PIM interface commands', NO_MULTICAST, {
      'dense-mode': 'Enable PIM dense-mode operation',
      'sparse-dense-mode': 'Enable PIM sparse-dense-mode operation',
      'sparse-mode': 'Enable PIM sparse-mode operation',
    }),
    directed<S>('mpls', 'Configure MPLS interface parameters', NO_MPLS, {
      ip: 'Configure dynamic MPLS forwarding for IP',
    }),
    ...inertCommands<S>(NO_MPLS, [
      { text: 'mpls mtu', help: 'Set MPLS Maximum Transmission Unit', takes: 'line' },
      { text: 'tag-switching ip', help: 'Configure dynamic tag switching for IP', printsNo: true },
    ]),
    oneWord<S>('crypto map', 'Assign a Crypto Map', NO_IPSEC),
    ...inertCommands<S>(NO_IPSEC, [
      { text: 'crypto ipsec client', help: 'Configure IPsec', takes: 'line', several: true },
      { text: 'crypto ipsec df-bit', help: 'Handling of encapsulated DF bit', takes: 'line' },
      { text: 'tunnel protection', help: 'Enable tunnel protection', takes: 'line' },
    ]),
    ...inertCommands<S>(NO_ROUTING, routing),
    ...inertCommands<S>(NO_REDUNDANCY, redundancy),
    ...inertCommands<S>(NO_BRIDGE, switching),
    ...inertCommands<S>(INTERFACE_METAL, others),
    ...inertCommands<S>(NO_IPV6, IPV6),
    ...inertCommands<S>(NO_QOS, queues),
  ];
}

/** Without the words that begin global lines of IPv6, such as `ipv6 route`. */
const IPV6: readonly InertRow[] = [
  { text: 'ipv6 address', help: 'Configure IPv6 address on interface', takes: 'line', several: true },
  { text: 'ipv6 dhcp', help: 'IPv6 DHCP interface subcommands', takes: 'line', several: true },
  { text: 'ipv6 enable', help: 'Enable IPv6 on interface' },
  { text: 'ipv6 mtu', help: 'Set IPv6 Maximum Transmission Unit', takes: 'line' },
  {
    text: 'ipv6 nd',
    help: 'IPv6 interface Neighbor Discovery subcommands',
    takes: 'line',
    several: true,
    printsNo: true,
  },
  { text: 'ipv6 ospf', help: 'OSPF interface commands', takes: 'line', several: true },
  { text: 'ipv6 redirects', help: 'Enable sending of ICMP Redirect messages', printsNo: true },
  { text: 'ipv6 rip', help: 'Configure RIP routing protocol', takes: 'line', several: true },
  { text: 'ipv6 tcp adjust-mss', help: 'Adjust the mss of transit packets', takes: 'line' },
  { text: 'ipv6 traffic-filter', help: 'Access control list for packets', takes: 'line', several: true },
  { text: 'ipv6 unnumbered', help: 'Enable IPv6 processing without an explicit address', takes: 'line' },
  { text: 'ipv6 unreachables', help: 'Enable sending of ICMP Unreachable messages', printsNo: true },
  { text: 'ipv6 verify unicast', help: 'Enable per packet validation for unicast', takes: 'line' },
  { text: 'peer default ipv6 pool', help: 'IPv6 prefix pool for the remote end', takes: 'line' },
];

/** An Ethernet virtual circuit of 15.x. */
function serviceInstance<S>(): Command<S> {
  return inertBlock<S>({
    text: 'service instance',
    help: 'Configure Ether Service',
    takes: 'line',
    standing: NO_BRIDGE,
    mode: 'Ethernet service instance',
    prompt: 'config-if-srv',
    heading: 'Ethernet service instance configuration commands:',
    rows: [
      { text: 'bridge-domain', help: 'Bridge Domain', takes: 'line' },
      { text: 'description', help: 'Service instance description', takes: 'line' },
      { text: 'encapsulation', help: 'Configure ethernet frame match criteria', takes: 'line' },
      { text: 'rewrite', help: 'Rewrite of the tags', takes: 'line', several: true },
      { text: 'service-policy', help: 'Configure a policy', takes: 'line', several: true },
      { text: 'xconnect', help: 'Xconnect commands', takes: 'line' },
    ],
  });
}

/** A circuit of an ATM interface, and what may stand below it. */
export function pvcBlock<S>(standing: InertStanding): Command<S> {
  return inertBlock<S>({
    text: 'pvc',
    help: 'Configure ATM PVC parameters',
    takes: 'line',
    standing,
    mode: 'ATM virtual circuit',
    prompt: 'config-if-atm-vc',
    heading: 'ATM virtual circuit configuration commands:',
    rows: [
      { text: 'encapsulation', help: 'Select ATM Encapsulation for VC', takes: 'line' },
      { text: 'class-vc', help: 'Configure default vc-class name', takes: 'line' },
      { text: 'dialer pool-member', help: 'Specify a Dialer pool', takes: 'line' },
      { text: 'oam-pvc', help: 'Send oam cells on this pvc', takes: 'line' },
      { text: 'pppoe-client dial-pool-number', help: 'Dialer pool number', takes: 'line' },
      { text: 'protocol', help: 'Map an upper layer protocol to this connection', takes: 'line', several: true },
      { text: 'ubr', help: 'Enter Unspecified Peak Cell Rate', takes: 'line' },
      { text: 'vbr-nrt', help: 'Enter Variable Bit Rate', takes: 'line' },
    ],
  });
}
