// What a metal router serves beside forwarding: names, addresses, time, supervision, files.

import type { Configuration } from '../../../vpdn/configuration.ts';
import { interfaceName, line, name, nameAfterWords, oneOf, optional, word } from '../../syntax.ts';
import { type Command, notSupported } from '../../tree.ts';
import { inertCommand } from '../inert.ts';
import { ALWAYS_FORWARDING, LINUX_CLOCK, LINUX_NAMES, NO_DHCP, NO_SERVICE, NO_SNMP, NO_VRF } from './reasons.ts';
import { block, lines } from './table.ts';

export const CLOCK: Command<Configuration>[] = lines(
  LINUX_CLOCK,
  `
  clock timezone ...       Configure time zone
  clock summer-time ...    Configure summer (daylight savings) time
  clock calendar-valid     Calendar time is authoritative
  clock initialize nvram   Initialize system clock on restart
  clock save interval ...  backup of clock with NVRAM
  `,
  { entries: ['C024'] },
);

export const NTP: Command<Configuration>[] = lines(LINUX_CLOCK, 'ntp ...  Configure NTP\n sntp ...  Configure SNTP', {
  entries: ['C024'],
});

const DDNS = block(
  NO_SERVICE,
  'ip ddns update method ...  Dynamic update method',
  {
    prompt: 'DDNS-update-method',
    commands: [
      block(
        NO_SERVICE,
        'HTTP  HTTP updates',
        { prompt: 'DDNS-HTTP' },
        `
        add ...              Add URL
        remove ...           Remove URL
      `,
      ),
    ],
  },
  `
  ddns [...]               DDNS updates
  internal                 Updates of names of this router
  interval ...             Interval of updates
  `,
);

export const IP_ELSEWHERE: Command<Configuration>[] = [
  ...lines(ALWAYS_FORWARDING, 'ip cef [...]  Cisco Express Forwarding', { entries: ['C014'], several: false }),
  ...lines(LINUX_NAMES, 'ip routing  Enable IP routing', {
    entries: ['C016'],
    negated: notSupported('calls are routed all the same: take the routes away, or set net.ipv4.ip_forward to 0'),
  }),
  ...lines(
    LINUX_NAMES,
    `
    ip domain lookup [...]      Enable IP Domain Name System hostname translation
    ip domain-lookup [...]      Enable IP Domain Name System hostname translation
    `,
    { entries: ['C016'], several: false },
  ),
  ...lines(
    LINUX_NAMES,
    `
    ip host ...                 Add an entry to the ip hostname table
    ip name-server ...          Specify address of name server to use
    `,
    { entries: ['C016'] },
  ),
  ...lines(
    LINUX_NAMES,
    `
    ip alias ...                Alias an IP address to a TCP port
    ip arp ...                  IP ARP global configuration
    ip bootp server             Config BOOTP services
    ip classless                Follow classless routing forwarding rules
    ip dns ...                  Configure DNS server for a zone
    ip default-gateway ...      Specify default gateway (if not routing IP)
    ip domain list ...          Domain name to complete unqualified host names.
    ip domain retry ...         Specify times to retry sending DNS queries
    ip domain round-robin       Round-robin of DNS answers
    ip domain timeout ...       Specify timeout waiting for response to a DNS query
    ip domain-list ...          Domain name to complete unqualified host names.
    ip dvmrp ...                DVMRP global commands
    ip finger [...]             finger server
    ip forward-protocol ...     Controls forwarding of physical and directed IP broadcasts
    ip gratuitous-arps          Generate gratuitous ARPs for PPP/SLIP peer addresses
    ip hp-host ...              Enable the HP proxy probe service
    ip icmp ...                 Control rate of ICMP messages
    ip identd                   Ident server
    ip load-sharing ...         Style of load sharing
    ip options ...              Treatment of packets with IP options
    ip source-route             Process packets with source routing header options
    ip spd ...                  Selective packet discard
    ip subnet-zero              Allow 'subnet zero' subnets
    ip tcp ...                  Global TCP parameters
    ip telnet ...               Specify telnet options
    ip tftp ...                 Specify options for use by TFTP clients
    ip rcmd ...                 Rcmd commands
    ip ftp ...                  FTP configuration commands
    arp ...                     Set a static ARP entry
    `,
  ),
  ...lines(
    NO_SERVICE,
    `
    cns ...                     CNS agents
    ip admission ...            Network Admission Control
    ip auth-proxy ...           Authentication Proxy
    ip casa ...                 Configure this router to participate in a CASA
    ip drp ...                  Director response protocol configuration commands
    ip mobile ...               Enable Mobile IP services
    ip sap ...                  Session announcements
    ip slb ...                  Server load balancing
    ip wccp ...                 Web-Cache Coordination Protocol Commands
    ip rtcp ...                 RTP control protocol
    nat64 ...                   NAT64 configuration commands
    netconf ...                 Configure NETCONF
    transport-map ...           Consoles over the network
    vstack [...]                Smart Install
    `,
  ),
  DDNS,
  block(
    NO_SERVICE,
    'call-home  Enter call-home configuration mode',
    {
      prompt: 'cfg-call-home',
      commands: [
        block(
          NO_SERVICE,
          'profile ...  Enter call-home profile configuration mode',
          { prompt: 'cfg-call-home-profile' },
          `
          active                 Activate the current profile
          anonymous-reporting-only  Report anonymously
          destination ...        Message destination related configuration
          reporting ...          Reporting of messages
          subscribe-to-alert-group ... Subscribe to alert-group
        `,
        ),
      ],
    },
    `
    alert-group ...          Alert-groups
    contact-email-addr ...   System Contact's email address
    contract-id ...          Contract id of the router
    customer-id ...          Customer id
    http-proxy ...           HTTP proxy
    mail-server ...          Mail server
    phone-number ...         Phone number of the contact person
    sender ...               Addresses of the sender
    site-id ...              Site id
    source-interface ...     Source interface of messages
    source-ip-address ...    Source address of messages
    street-address ...       Street address
    `,
  ),
  block(
    NO_DHCP,
    'ip dhcp pool ...  Configure DHCP address pools',
    { prompt: 'dhcp-config' },
    `
    accounting ...           Send Accounting Start/Stop messages
    bootfile ...             Boot file name
    client-identifier ...    Client identifier
    client-name ...          Client name
    default-router ...       Default routers
    dns-server ...           DNS servers
    domain-name ...          Domain name
    hardware-address ...     Client hardware address
    host ...                 Client IP address and mask
    import all               Programatically importing DHCP option parameters
    lease ...                Address lease time
    netbios-name-server ...  NetBIOS (WINS) name servers
    netbios-node-type ...    NetBIOS node type
    network ...              Network number and mask
    next-server ...          Next server in boot process
    option ...               Raw DHCP options
    origin ...               Configure the origin of the pool
    relay ...                Function as a DHCP relay
    subnet ...               Subnet allocation commands
    update ...               Dynamic updates
    utilization ...          Configure various utilization parameters
    vrf ...                  Associate this pool with a VRF
    `,
  ),
  ...lines(NO_DHCP, 'ip dhcp ...  Configure DHCP server and relay parameters'),
];

/** Forms of `logging` with options behind the server; without them it is a line of its own (`logging.ts`). */
export const LOGGING_ELSEWHERE: Command<Configuration>[] = [
  inertCommand<Configuration>({
    text: 'logging host',
    help: 'Set syslog server IP address and parameters',
    several: true,
    standing: notSupported('messages are not sent to syslog servers yet: they are in the log of the router only'),
    tail: [
      nameAfterWords('server', 'Hostname or IP address of the syslog server'),
      oneOf('option', {
        discriminator: 'Specify a message discriminator identifier for this logging session',
        filtered: 'Enable filtered logging',
        'sequence-num-session': 'Include session sequence number tag in syslog message',
        'session-id': 'Specify syslog message session ID tagging',
        transport: 'Specify the transport protocol (default=UDP)',
        vrf: 'Set VRF option',
        xml: 'Enable logging in XML',
      }),
      optional(line('rest', 'Its parameters')),
    ],
    say: ({ server, option, rest }) => [server, option, rest].filter((each) => each !== undefined).join(' '),
    entries: ['C013'],
  }),
  inertCommand<Configuration>({
    text: 'logging source-interface',
    help: 'Specify interface for source address in logging transactions',
    several: true,
    standing: NO_VRF,
    tail: [
      interfaceName('of', ['Loopback', 'physical']),
      word('vrf', 'Specify the vrf of the interface'),
      name('vrf', 'VRF name'),
    ],
    say: ({ of, vrf }) => (of === undefined ? undefined : `${of} vrf ${vrf}`),
    entries: ['C013'],
  }),
];

/** Guards of the login that this router does not have. */
export const LOGIN_GUARDS: Command<Configuration>[] = lines(
  notSupported('logins are not counted: keep strangers out with `access-class` or nftables'),
  `
  login block-for ...            Set quiet-mode active time period
  login delay ...                Set delay between successive fail login
  login on-failure [...]         Set options for failed login attempt
  login on-success [...]         Set options for successful login attempt
  login quiet-mode ...           Set quiet-mode options
  security authentication ...    Authentication security CLIs
  security passwords ...         Password security CLIs
  password encryption aes        Encrypt system password
  `,
);

export const SNMP: Command<Configuration>[] = [
  ...lines(
    NO_SNMP,
    `
    snmp-server enable traps ...   Enable SNMP Traps available
    `,
    { entries: ['C023'] },
  ),
  ...lines(
    NO_SNMP,
    `
    snmp-server ...              Modify SNMP engine parameters
    snmp mib ...                 Modify SNMP MIB parameters
    rmon ...                     Remote Monitoring
    `,
  ),
];

export const HTTP: Command<Configuration>[] = lines(
  NO_SERVICE,
  `
  ip http ...              HTTP server configuration
  `,
);
