// What a metal router serves beside forwarding: names, addresses, time, supervision, files.

import type { Configuration } from '../../../vpdn/configuration.ts';
import { interfaceName, line, name, nameAfterWords, oneOf, optional, word } from '../../syntax.ts';
import { type Command, notSupported } from '../../tree.ts';
import { inertCommand } from '../inert.ts';
import {
  ALWAYS_FORWARDING,
  LINUX_CLOCK,
  LINUX_NAMES,
  NO_APPLETS,
  NO_DHCP,
  NO_MENUS,
  NO_PRIVILEGES,
  NO_SERVICE,
  NO_SNMP,
  NO_TRANSFERS,
  NO_VRF,
  REVISIONS,
} from './reasons.ts';
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
    ip arp ...                  IP ARP global configuration
    ip bootp server             Config BOOTP services
    ip classless                Follow classless routing forwarding rules
    ip dns ...                  Configure DNS server for a zone
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
    call-home                   Enter call-home configuration mode
    cns ...                     CNS agents
    ip admission ...            Network Admission Control
    ip auth-proxy ...           Authentication Proxy
    ip casa ...                 Configure this router to participate in a CASA
    ip drp ...                  Director response protocol configuration commands
    ip mobile ...               Enable Mobile IP services
    ip sap ...                  Session announcements
    ip slb ...                  Server load balancing
    ip wccp ...                 Web-Cache Coordination Protocol Commands
    netconf ...                 Configure NETCONF
    `,
  ),
  DDNS,
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

export const SUPERVISION: Command<Configuration>[] = [
  block(
    REVISIONS,
    'archive  Archive the configuration',
    {
      prompt: 'config-archive',
      commands: [
        block(
          REVISIONS,
          'log config  Logging commands',
          { prompt: 'config-archive-log-cfg' },
          `
          hidekeys             suppress output (e.g. passwords) when displaying logged commands
          logging ...          Modify config logging parameters
          notify ...           Send logged commands to target via the syslog
          record ...           Record of the commands
        `,
        ),
      ],
    },
    `
    maximum ...              maximum number of backup copies
    path ...                 path for backups
    rollback ...             Rollback parameters
    time-period ...          Period of time in minutes to automatically archive
    write-memory             Enable automatic backup generation during write memory
    `,
  ),
  block(
    NO_APPLETS,
    'event manager applet ...  Register an Event Manager applet',
    { prompt: 'config-applet', among: 'event manager' },
    `
    action ...               Add or modify an action statement
    description ...          Add or modify an applet description
    event ...                Event
    set ...                  Set a value
    trigger [...]            Enter trigger applet config submode
    `,
    { among: 'statements' },
  ),
  ...lines(
    NO_APPLETS,
    `
    event manager detector ...     Event detector
    event manager directory ...    Event Manager directories
    event manager environment ...  Set an Event Manager global environment variable
    event manager history ...      Set Event Manager history parameters
    event manager policy ...       Register an Event Manager policy
    event manager scheduler ...    Set Event Manager scheduler options
    event manager session ...      CLI session of policies
    kron ...                       Kron interval Facility
    `,
  ),
  ...lines(
    NO_PRIVILEGES,
    `
    privilege ...            Command privilege parameters
    parser view ...          View Commands
    `,
  ),
  ...lines(
    NO_MENUS,
    `
    alias ...                Create command alias
    menu ...                 Define a user-interface menu
    `,
  ),
  ...lines(
    NO_SERVICE,
    `
    cdp advertise-v2         CDP sends version-2 advertisements
    cdp log mismatch duplex  Log CDP-detected duplex mismatches
    cdp source-interface ... Insert the interface's IP in all CDP packets
    webvpn ...               Configure webvpn
    cdp holdtime ...         Specify the holdtime (in sec) to be sent in packets
    cdp run                  Enable CDP
    cdp timer ...            Specify the rate at which CDP packets are sent (in sec)
    lldp [...]               Global LLDP configuration subcommands
    parser cache             Configure parser cache
    parser command ...       Parser of commands
    parser config ...        Configure config generation
    prompt ...               Set system's prompt
    default-value ...        Default character-bits values
    busy-message ...         Display message when connection to host fails
    stackmaker ...           Specify stack name and add its member
    state-machine ...        Define a TCP dispatch state machine
    x25 ...                  X.25 Level 3
    x29 ...                  X29 commands
    translate ...            Translate global configuration commands
    vty-async                Enable virtual async line configuration
    tty-queue ...            Configure TTY queue
    `,
  ),
  ...lines(
    NO_TRANSFERS,
    `
    rcp ...                  Remote copies
    tftp-server ...          Provide TFTP service for netload requests
    `,
  ),
];

export const HTTP: Command<Configuration>[] = lines(
  NO_SERVICE,
  `
  ip http ...              HTTP server configuration
  `,
);
