// Routing protocols and what steers them: route maps, prefix lists, tracking, multicast.

import type { Configuration } from '../../../vpdn/configuration.ts';
import type { Command } from '../../tree.ts';
import { NO_IPV6, NO_MULTICAST, NO_ROUTE_POLICY, NO_ROUTING, NO_TRACKING, ONLY_IP } from './reasons.ts';
import { block, lines } from './table.ts';

/** What every routing protocol and every address family of one has. */
const COMMON = `
  auto-summary                 Enable automatic network number summarization
  default-information [...]    Control distribution of default information
  default-metric ...           Set metric of redistributed routes
  distance ...                 Define an administrative distance
  distribute-list ...          Filter networks in routing updates
  maximum-paths ...            Forward packets over multiple paths
  neighbor ...                 Specify a neighbor router
  network ...                  Enable routing on an IP network
  passive-interface ...        Suppress routing updates on an interface
  redistribute ...             Redistribute information from another routing protocol
  shutdown                     Shutdown the protocol
  summary-address ...          Configure IP address summaries
  table-map ...                Map external entry attributes into routing table
  timers ...                   Adjust routing timers
  traffic-share ...            How to compute traffic share over alternate paths
`;

const BGP_FAMILY = `
  aggregate-address ...        Configure BGP aggregate entries
  bgp ...                      BGP specific commands
  import ...                   Import route-targets
  synchronization              Perform IGP synchronization
`;

const BGP = block(
  NO_ROUTING,
  'router bgp ...  Border Gateway Protocol (BGP)',
  {
    prompt: 'config-router',
    commands: [
      block(
        NO_ROUTING,
        'address-family ...  Enter Address Family command mode',
        { prompt: 'config-router-af', closing: 'exit-address-family' },
        BGP_FAMILY + COMMON,
      ),
      block(
        NO_ROUTING,
        'template peer-policy ...  Template configuration for policy parameters',
        { prompt: 'config-router-ptmp', closing: 'exit-peer-policy' },
        `
        advertisement-interval ...  Minimum interval between sending BGP routing updates
        allowas-in [...]            Accept as-path with my AS present in it
        as-override                 Override matching AS-number while sending update
        default-originate [...]     Originate default route to this neighbor
        filter-list ...             Establish BGP filters
        inherit ...                 Inherit a template
        maximum-prefix ...          Maximum number of prefixes accepted from this peer
        next-hop-self [...]         Disable the next hop calculation for this neighbor
        prefix-list ...             Filter updates to/from this neighbor
        remove-private-as           Remove private AS number from outbound updates
        route-map ...               Apply route map to neighbor
        route-reflector-client      Configure a neighbor as Route Reflector client
        send-community [...]        Send Community attribute to this neighbor
        soft-reconfiguration ...    Per neighbor soft reconfiguration
        weight ...                  Set default weight for routes from this neighbor
        `,
      ),
      block(
        NO_ROUTING,
        'template peer-session ...  Template configuration for session parameters',
        { prompt: 'config-router-stmp', closing: 'exit-peer-session' },
        `
        description ...             Neighbor specific description
        disable-connected-check     One-hop away EBGP peer using loopback address
        ebgp-multihop [...]         Allow EBGP neighbors not on directly connected networks
        fall-over [...]             Session fall on peer route lost
        inherit ...                 Inherit a template
        local-as ...                Specify a local-as number
        password ...                Set a password
        remote-as ...               Specify a BGP neighbor
        timers ...                  BGP per neighbor timers
        transport ...               Transport options
        ttl-security ...            BGP ttl security check
        update-source ...           Source of routing updates
        version ...                 Set the BGP version to match a neighbor
        `,
      ),
    ],
  },
  BGP_FAMILY + COMMON,
);

const OSPF_ROWS = `
  area ...                     OSPF area parameters
  auto-cost ...                Calculate OSPF interface cost according to bandwidth
  bfd ...                      BFD configuration commands
  capability ...               Enable specific OSPF feature
  compatible rfc1583           Compatible with RFC 1583
  discard-route ...            Enable or disable discard-route installation
  domain-id ...                OSPF domain-id
  domain-tag ...               OSPF domain-tag
  ignore lsa mospf             Do not complain about MOSPF LSAs
  ispf                         Enable incremental SPF computation
  log-adjacency-changes [...]  Log changes in adjacency state
  max-lsa ...                  Maximum number of non self-generated LSAs to accept
  max-metric ...               Set maximum metric
  mpls ...                     Configure MPLS for this protocol
  nsf [...]                    Non-stop forwarding
  prefix-suppression           Enable prefix suppression
  queue-depth ...              Hello/Router process queue depth
  router-id ...                router-id for this OSPF process
  ttl-security ...             TTL security check
`;

const IS_IS = `
  area-password ...            Configure the authentication password for an area
  authentication ...           Configure authentication for an area or domain
  domain-password ...          Set the authentication password for a routing domain
  fast-flood [...]             Flood before the computation of routes
  hostname dynamic             Dynamic host names
  is-type ...                  IS Level for this routing process
  log-adjacency-changes [...]  Log changes in adjacency state
  lsp-gen-interval ...         Minimum interval between regenerating same LSP
  lsp-refresh-interval ...     Set LSP refresh interval
  max-lsp-lifetime ...         Set maximum LSP lifetime
  metric ...                   Configure default metric for interface
  metric-style ...             Use old-style or new-style packet formats
  mpls ...                     Configure MPLS for this protocol
  net ...                      A Network Entity Title for this process
  nsf [...]                    Non-stop forwarding
  prc-interval ...             Minimum interval between route computations
  set-overload-bit [...]       Signal other routers not to use us in SPF
  spf-interval ...             Minimum interval between SPF calculations
`;

const EIGRP_ROWS = `
  bfd ...                      BFD configuration commands
  eigrp ...                    EIGRP specific commands
  metric ...                   Modify metrics and parameters for advertisement
  offset-list ...              Add or subtract offset from EIGRP metrics
  router-id ...                EIGRP router-id
  variance ...                 Control load balancing variance
  af-interface ...             Enter Address Family interface configuration
  topology ...                 Topology configuration mode
  exit-af-interface            Exit from Address Family interface configuration
  exit-af-topology             Exit from Address Family topology configuration
  authentication ...           authentication subcommands
  hello-interval ...           Configures hello interval
  hold-time ...                Configures hold time
  split-horizon                Perform split horizon
`;

const RIP = `
  flash-update-threshold ...   Specify flash update threshold in second
  input-queue ...              Specify input queue depth
  offset-list ...              Add or subtract offset from RIP metrics
  output-delay ...             Interpacket delay for RIP updates
  validate-update-source       Perform sanity checks against source address of routing updates
  version ...                  Set routing protocol version
`;

const family = (rows: string) =>
  block(
    NO_ROUTING,
    'address-family ...  Enter Address Family command mode',
    { prompt: 'config-router-af', closing: 'exit-address-family' },
    rows + COMMON,
  );

/** Behind the interfaces. */
export const ROUTERS: Command<Configuration>[] = [
  block(
    NO_ROUTING,
    'router eigrp ...  Enhanced Interior Gateway Routing Protocol (EIGRP)',
    { prompt: 'config-router', commands: [family(EIGRP_ROWS)] },
    EIGRP_ROWS + COMMON,
  ),
  block(
    NO_ROUTING,
    'router ospf ...  Open Shortest Path First (OSPF)',
    { prompt: 'config-router' },
    OSPF_ROWS + COMMON,
  ),
  block(
    NO_ROUTING,
    'router ospfv3 ...  Open Shortest Path First version 3',
    { prompt: 'config-router', commands: [family(OSPF_ROWS)] },
    OSPF_ROWS + COMMON,
  ),
  block(
    NO_ROUTING,
    'router isis [...]  ISO IS-IS',
    { prompt: 'config-router', commands: [family(IS_IS)] },
    IS_IS + COMMON,
  ),
  block(
    NO_ROUTING,
    'router rip  Routing Information Protocol (RIP)',
    { prompt: 'config-router', commands: [family(RIP)] },
    RIP + COMMON,
  ),
  block(
    NO_ROUTING,
    'router igrp ...  Interior Gateway Routing Protocol (IGRP)',
    { prompt: 'config-router' },
    EIGRP_ROWS + COMMON,
  ),
  block(NO_ROUTING, 'router odr  On Demand stub Routes', { prompt: 'config-router' }, COMMON),
  ...lines(
    ONLY_IP,
    `
    appletalk ...            Appletalk global configuration commands
    clns ...                 Global CLNS configuration subcommands
    decnet ...               Global DECnet configuration subcommands
    dlsw ...                 Data Link Switching global configuration commands
    ipx ...                  Novell/IPX global configuration commands
    source-bridge ...        Source-route bridging
    `,
  ),
  BGP,
  ...lines(
    NO_ROUTING,
    `
    router mobile                       Mobile routes
    ip bgp-community new-format         select aa:nn format for BGP community
    ip as-path ...                      BGP autonomous system path filter
    ip community-list ...               Add a community list entry
    ip extcommunity-list ...            Add a extended community list entry
    ip ospf name-lookup                 Display OSPF router ids as DNS names
    ip default-network ...              Flags networks as candidates for default routes
    `,
  ),
];

/** Behind the access lists. */
export const ROUTE_POLICY: Command<Configuration>[] = [
  ...lines(
    NO_ROUTE_POLICY,
    `
    ip prefix-list ...                  Build a prefix list
    ip local policy ...                 Enable policy routing
    `,
  ),
  block(
    NO_ROUTE_POLICY,
    'route-map ...  Create route-map or enter route-map command mode',
    { prompt: 'config-route-map' },
    `
    continue [...]      Continue on a different entry within the route-map
    description ...     Route-map comment
    match ...           Match values from routing table
    set ...             Set values in destination routing protocol
    `,
  ),
];

export const TRACKING: Command<Configuration>[] = [
  block(
    NO_TRACKING,
    'track ...  Object tracking configuration commands',
    { prompt: 'config-track' },
    `
    default-state ...   Default object state
    delay ...           Delay object state change
    description ...     Description of the object
    ip vrf ...          VPN Routing/Forwarding parameters
    object ...          Specify tracked object
    threshold ...       Specify threshold
    `,
  ),
  ...['ip sla', 'ip sla monitor', 'rtr'].map((text) =>
    block(
      NO_TRACKING,
      `${text} ...  IP Service Level Agreement`,
      { prompt: 'config-ip-sla', opens: new RegExp(`^${text} \\d+$`) },
      `
      data-pattern ...                 Data Pattern
      default                          Set a command to its defaults
      dns ...                          DNS Query Operation
      frequency ...                    Frequency of an operation
      ftp ...                          FTP Operation
      history ...                      History and Distribution Data
      http ...                         HTTP Operation
      icmp-echo ...                    ICMP Echo Operation
      icmp-jitter ...                  ICMP Jitter Operation
      owner ...                        Owner of Entry
      path-echo ...                    Path Discovered ICMP Echo Operation
      path-jitter ...                  Path Discovered ICMP Jitter Operation
      request-data-size ...            Request data size
      response-data-size ...           Response data size
      source-ip ...                    Source address
      tag ...                          User defined tag
      tcp-connect ...                  TCP Connect Operation
      threshold ...                    Operation threshold in milliseconds
      timeout ...                      Timeout of an operation
      tos ...                          Type Of Service
      type ...                         Type of entry
      udp-echo ...                     UDP Echo Operation
      udp-jitter ...                   UDP Jitter Operation
      verify-data                      Verify data
      vrf ...                          Configure IP SLAs for a VPN Routing/Forwarding instance
      `,
    ),
  ),
];

export const MULTICAST: Command<Configuration>[] = lines(
  NO_MULTICAST,
  `
  ip mrm ...                   Configure multicast routing monitor
  ip mroute ...                Configure static multicast routes
  ip msdp ...                  Multicast Source Discovery Protocol
  ip multicast ...             Global IP Multicast Commands
  ip multicast-routing [...]   Enable IP multicast forwarding
  ip pim ...                   PIM global commands
  ip igmp ...                  IGMP global configuration
  `,
);

/** Global lines of IPv6; those of interfaces stand with the interfaces. */
export const IPV6: Command<Configuration>[] = [
  ...lines(
    NO_IPV6,
    `
    ipv6 cef [...]               Cisco Express Forwarding for IPv6
    ipv6 dhcp ...                Configure IPv6 DHCP
    ipv6 flow ...                NetFlow of IPv6
    ipv6 general-prefix ...      Configure a general IPv6 prefix
    ipv6 hop-limit ...           Configure hop count limit
    ipv6 host ...                Configure static hostnames
    ipv6 icmp ...                Configure ICMP parameters
    ipv6 local ...               Specify local options
    ipv6 multicast-routing       Enable IPv6 multicast
    ipv6 nd ...                  Configure IPv6 ND
    ipv6 neighbor ...            Neighbor
    ipv6 pim ...                 Configure Protocol Independent Multicast
    ipv6 prefix-list ...         Build a prefix list
    ipv6 route ...               Configure static routes
    ipv6 source-route            Process packets with source routing header options
    ipv6 spd ...                 Selective packet discard
    ipv6 unicast-routing         Enable unicast routing
    `,
  ),
  block(
    NO_IPV6,
    'ipv6 dhcp pool ...  Configure an IPv6 DHCP pool',
    { prompt: 'config-dhcpv6' },
    `
    address prefix ...   Prefix of the addresses
    bind-interface ...   Interface of the pool
    dns-server ...       DNS servers
    domain-name ...      Domain name to complete unqualified host names
    import ...           Import options
    link-address ...     Link of the pool
    prefix-delegation ... Prefix delegation
    sip ...              SIP servers
  `,
  ),
  block(NO_IPV6, 'ipv6 router ospf ...  Open Shortest Path First (OSPF)', { prompt: 'config-rtr' }, OSPF_ROWS + COMMON),
  block(
    NO_IPV6,
    'ipv6 router rip ...  IPv6 Routing Information Protocol (RIPv6)',
    { prompt: 'config-rtr' },
    RIP + COMMON,
  ),
  block(
    NO_IPV6,
    'ipv6 router eigrp ...  Enhanced Interior Gateway Routing Protocol (EIGRP)',
    { prompt: 'config-rtr' },
    EIGRP_ROWS + COMMON,
  ),
];
