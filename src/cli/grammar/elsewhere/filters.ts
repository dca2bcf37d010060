// What a metal router does to packets on their way: access lists, NAT, firewalls, queueing, flow records.

import type { Configuration } from '../../../vpdn/configuration.ts';
import { address, choice, line, number } from '../../syntax.ts';
import type { Command } from '../../tree.ts';
import { inertCommand, inertEntry } from '../inert.ts';
import { NO_FILTER, NO_FLOWS, NO_IPV6, NO_NAT, NO_QOS } from './reasons.ts';
import { block, lines } from './table.ts';

// The order of the rules is the list: they print as they were typed.
const RULES = `
  deny ...              Specify packets to reject
  dynamic ...           Specify a DYNAMIC list of PERMITs or DENYs
  evaluate ...          Evaluate an access list
  permit ...            Specify packets to forward
  remark ...            Access list entry comment
`;

/** A rule with its number: printed among the others, where it was typed. */
function numbered(): Command<Configuration> {
  const row = { text: 'rules', help: 'Sequence Number', standing: NO_FILTER };
  const entry = inertEntry<Configuration>(number('first', 1, 2147483647, 'Sequence Number'), row);
  const { lines: _, ...quiet } = entry;
  return quiet;
}

export const ACCESS_LISTS: Command<Configuration>[] = [
  ...lines(
    NO_FILTER,
    `
    ip access-list logging ...    Control access list logging
    ip access-list log-update ... Control access list log updates
    ip access-list resequence ... Resequence Access List
    access-list compiled          Enable IP access-list compilation
    `,
  ),
  inertCommand<Configuration>({
    text: 'access-list',
    help: 'Add an access list entry',
    several: true,
    standing: NO_FILTER,
    tail: [
      // Those of hosts alone have a use here (`access-list.ts`).
      choice(
        number('list', 100, 1299, 'Access list of another kind'),
        number('list', 2000, 2699, 'IP extended access list (expanded range)'),
      ),
      line('rule', 'The rule'),
    ],
    say: ({ list, rule }) => (rule === undefined ? String(list) : `${list} ${rule}`),
  }),
  block(
    NO_FILTER,
    'ip access-list extended ...  Extended Access List',
    { prompt: 'config-ext-nacl', commands: [numbered()] },
    RULES,
    { among: 'rules' },
  ),
  block(
    NO_IPV6,
    'ipv6 access-list ...  Configure access lists',
    { prompt: 'config-ipv6-acl' },
    `${RULES}
  sequence ...          Sequence number for this entry
  `,
    { among: 'rules' },
  ),
  block(NO_FILTER, 'mac access-list extended ...  Extended MAC access list', { prompt: 'config-ext-macl' }, RULES, {
    among: 'rules',
  }),
  block(
    NO_FILTER,
    'time-range ...  Define time range entries',
    { prompt: 'config-time-range' },
    `
    absolute ...          absolute time and date
    periodic ...          periodic time and date
  `,
  ),
  ...lines(
    NO_FILTER,
    `
    ip inspect ...                Context-based Access Control Engine
    ip ips ...                    Intrusion Prevention System
    ip audit ...                  Intrusion Detection System
    ip port-map ...               Port to application mapping (PAM) configuration commands
    ip reflexive-list timeout ... Timeout of reflexive access lists
    ip tcp intercept ...          Enable TCP intercepting
    ip urlfilter ...              Url Filtering parameters
    zone-pair ...                 Zone pair command
    `,
  ),
  block(
    NO_FILTER,
    'zone security ...  Define a security zone',
    { prompt: 'config-sec-zone' },
    'description ...  Zone description',
  ),
  block(
    NO_FILTER,
    'zone-pair security ...  Zone-pair name',
    { prompt: 'config-sec-zone-pair' },
    `
    description ...            Zone-pair description
    service-policy type inspect ...  Configure a policy
  `,
  ),
  block(
    NO_FILTER,
    'parameter-map type inspect ...  Inspect parameter-map',
    { prompt: 'config-profile' },
    `
    alert ...                  Turn on/off alert
    audit-trail ...            Turn on/off audit trail
    dns-timeout ...            Specify timeout for DNS
    max-incomplete ...         Specify maximum number of incomplete connections
    one-minute ...             Specify one-minute-sample watermarks
    sessions ...               Maximum number of inspect sessions
    tcp ...                    Config timeout values for tcp connections
    udp ...                    Config timeout values for udp flows
  `,
  ),
  block(
    NO_FILTER,
    'object-group ...  Configure an object group',
    {
      prompt: 'config-object-group',
      commands: [
        inertEntry<Configuration>(address('first', 'Network address of the group members'), {
          text: 'members',
          help: '',
          standing: NO_FILTER,
        }),
      ],
    },
    `
    description ...            Description of the group
    group-object ...           Nested object group
    host ...                   Host address of the group member
    icmp ...                   Internet Control Message Protocol
    ip                         Any Internet Protocol
    range ...                  Range of host addresses
    tcp [...]                  Transmission Control Protocol
    tcp-udp [...]              TCP or UDP
    udp [...]                  User Datagram Protocol
  `,
  ),
];

export const NAT: Command<Configuration>[] = lines(
  NO_NAT,
  `
  ip nat inside source ...       Source address translation
  ip nat inside destination ...  Destination address translation
  ip nat log ...                 NAT Logging
  ip nat outside source ...      Source address translation
  ip nat pool ...                Define pool of addresses
  ip nat service ...             Special translation for application using non-standard port
  ip nat settings ...            Settings of NAT
  ip nat source ...              Source address translation
  ip nat translation ...         NAT translation entry configuration
  `,
);

const POLICY_CLASS = block(
  NO_QOS,
  'class ...  policy criteria',
  {
    prompt: 'config-pmap-c',
    commands: [
      block(
        NO_QOS,
        'police [...]  Police',
        { prompt: 'config-pmap-c-police' },
        `
        conform-action ...   action when rate is less than conform burst
        exceed-action ...    action when rate is within conform and conform + exceed burst
        violate-action ...   action when rate is greater than conform + exceed burst
      `,
      ),
    ],
  },
  `
  account [...]            Account statistics
  bandwidth ...            Bandwidth
  compression [...]        Activate Compression
  drop [...]               Drop all packets
  estimate ...             estimate resources required for this class
  fair-queue [...]         Enable Flow-based Fair Queuing in this Class
  inspect [...]            Context-based Access Control Engine
  log                      Log IPv4 and ARP packets
  netflow-sampler ...      NetFlow action
  pass [...]               Pass
  priority [...]           Strict Scheduling Priority for this Class
  queue-limit ...          Queue Max Threshold for Tail Drop
  random-detect [...]      Enable Random Early Detection as drop policy
  service-policy ...       Configure Flow Next
  set ...                  Set QoS values
  shape ...                Traffic Shaping
  trust [...]              Set trust value for the class
  `,
);

export const QOS: Command<Configuration>[] = [
  block(
    NO_QOS,
    'class-map ...  Configure QoS Class Map',
    { prompt: 'config-cmap' },
    `
    description ...      Class-Map description
    match ...            classification criteria
    rename ...           Rename this class-map
  `,
  ),
  block(
    NO_QOS,
    'policy-map ...  Configure QoS Policy Map',
    { prompt: 'config-pmap', commands: [POLICY_CLASS] },
    `
    description ...      Policy-Map description
    parameter ...        Parameters of the policy
    rename ...           Rename this policy-map
    sequence-interval ... Interval of sequences
    `,
  ),
  ...lines(
    NO_QOS,
    `
    auto qos ...                   Configure AutoQoS
    ip nbar ...                    Network-Based Application Recognition
    ip rsvp ...                    RSVP parameters
    map-class ...                  Configure static map class
    mls qos [...]                  QoS commands
    priority-list ...              Build a priority list
    queue-list ...                 Build a custom queue list
    random-detect-group ...        Configure random early detection group
    wrr-queue ...                  Configure weighted round robin queues
    `,
  ),
];

export const FLOWS: Command<Configuration>[] = [
  ...lines(
    NO_FLOWS,
    `
    ip accounting-list ...         Select hosts for which IP accounting information is kept
    ip accounting-threshold ...    Sets the maximum number of accounting entries
    ip accounting-transits ...     Sets the maximum number of transit entries
    ip flow-aggregation ...        Configure flow aggregation
    ip flow-cache ...              Configure netflow cache parameters
    ip flow-capture ...            Enable NetFlow capture of L2 or additional L3 fields
    ip flow-egress ...             Configure flow egress
    ip flow-export ...             Specify host/port to send flow statistics
    ip flow-top-talkers            Configure netflow top talkers
    `,
  ),
  ...[
    ['flow exporter', 'Define a Flow Exporter'],
    ['flow monitor', 'Define a Flow Monitor'],
    ['flow record', 'Define a Flow Record'],
  ].map(([text, help]) =>
    block(
      NO_FLOWS,
      `${text} ...  ${help}`,
      { prompt: `config-${text!.replace(' ', '-')}` },
      `
      cache ...            Configure Flow Cache parameters
      collect ...          Specify a non-key field
      default ...          Set a command to its defaults
      description ...      Provide a description
      destination ...      Export destination configuration
      dscp ...             Optional DSCP
      export-protocol ...  Export protocol version
      exporter ...         Add an Exporter to use to export records
      match ...            Specify a key field
      option ...           Select an option for exporting
      record ...           Specify Flow Record to use
      source ...           Originating interface
      statistics ...       Collect statistics
      template ...         Flow Exporter template configuration
      transport ...        Transport protocol
      ttl ...              Optional TTL or hop limit
    `,
    ),
  ),
];
