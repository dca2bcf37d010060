// The first lines of every saved configuration, and those about the hardware it was saved on.

import type { Configuration } from '../../../vpdn/configuration.ts';
import { keepInert } from '../../../vpdn/configuration-inert.ts';
import { name, word } from '../../syntax.ts';
import { type Command, definer, withoutEffect } from '../../tree.ts';
import { METAL, NO_QOS, NO_SERVICE } from './reasons.ts';
import { block, lines } from './table.ts';

/** The release whose language this is. */
const EMULATED = '12.4';
const OTHER_RELEASE = withoutEffect(`the language here is that of ${EMULATED}`);

export const VERSION = definer<Configuration>()({
  path: [word('version', 'Version of the configuration'), name('release', 'Release')],
  set: ({ configuration: { inert } }, { release }) => {
    inert.rows.delete('version');
    if (release === EMULATED) return;
    keepInert(inert, 'version', { under: [], text: `version ${release}`, standing: OTHER_RELEASE });
  },
  lines: ({ inert }) => [...(inert.rows.get('version')?.keys() ?? [`version ${EMULATED}`])],
  standing: OTHER_RELEASE,
});

// Two markers and what may stand between them.
export const BOOT: Command<Configuration>[] = lines(
  METAL,
  `
  aqm-register-fnf           Queues of flows
  boot-start-marker          Begin of the boot commands
  boot ...                   Modify system boot parameters
  boot-end-marker            End of the boot commands
  card type ...              Configure card type
  config-register ...        Define the configuration register
  diagnostic ...             Configure diagnostic information
  downward-compatible-config ... Generate a configuration compatible with older software
  enable last-resort ...     Define enable action if no TACACS servers respond
  exception ...              Exception handling
  facility-alarm ...         Facility alarms
  file ...                   Adjust file system parameters
  hw-module ...              Control of individual components in the system
  logging snmp-authfail      Messages of wrong communities
  logging delimiter ...      Delimiter of messages over TCP
  logging event ...          Messages of links
  logging reload [...]       Messages of a reload
  logging esm ...            Syslog filters
  license ...                Configure license features
  mac address-range ...      Addresses of the router
  memory ...                 Configure memory management
  memory-size ...            Adjust memory size by percentage
  mmi ...                    Modem management
  platform ipsec ...         Platform IPsec
  platform hardware ...      Platform hardware
  platform console ...       Console of the platform
  platform punt-keepalive ... Keepalive of the forwarding engine
  platform qfp ...           Forwarding engine
  platform qos ...           Queues of the platform
  process ...                Configure process
  process-max-time ...       Maximum time for process to run before voluntarily relinquishing processor
  processor ...              Processors
  resource policy            Enter resource policy configuration
  scheduler ...              Scheduler parameters
  secure boot-config [...]   Keep a copy of the configuration
  secure boot-image          Keep a copy of the image
  stack-mib ...              MIB of the stack
  test ...                   Test of the hardware
  transceiver ...            Transceivers
  upgrade ...                Upgrade of images
  warm-reboot [...]          Reboot without the image being read
  cpu ...                    CPU
  environment ...            Environment
  hardware ...               Hardware
  buffers ...                Adjust system buffer pool parameters
  `,
);

export const REDUNDANCY: Command<Configuration>[] = [
  block(
    METAL,
    'redundancy  Enter redundancy mode',
    { prompt: 'config-red' },
    `
    inter-device             Enter inter-device redundancy mode
    keepalive-enable         Keepalives
    main-cpu                 Main CPU
    mode ...                 Set mode
    auto-sync ...            Synchronization
    notification-timer ...   Notification timer
    policy ...               Policy of the switch
    standby ...              Standby
  `,
  ),
];

export const SERVICES_ELSEWHERE: Command<Configuration>[] = lines(
  NO_SERVICE,
  `
  service alignment ...          Control alignment correction and logging
  service call-home              Enable call-home service
  service compress-config        Compress the configuration file
  service config                 TFTP load config files
  service counters ...           Control aging of interface counters
  service dhcp                   Enable DHCP server and relay agent
  service disable-ip-fast-frag   Disable IP particle-based fast fragmentation
  service exec-callback          Enable exec callback
  service exec-wait              Delay EXEC startup on noisy lines
  service finger                 Allow responses to finger requests
  service heartbeat              Heartbeat
  service hide-telnet-addresses  Hide destination addresses in telnet command
  service internal               Enable/Disable internal commands
  service linenumber             enable line number banner for each exec
  service nagle                  Enable Nagle's congestion control algorithm
  service old-slip-prompts       Allow old scripts to operate with slip/ppp
  service pad [...]              Enable PAD commands
  service prompt ...             Enable mode specific prompt
  service pt-vty-logging         Log significant VTY-Async events
  service slave-log              Enable log capability of slave IPs
  service tcp-keepalives-in      Generate keepalives on idle incoming network connections
  service tcp-keepalives-out     Generate keepalives on idle outgoing network connections
  service tcp-small-servers [...]  Enable small TCP servers (e.g., ECHO)
  service telnet-zeroidle        Set TCP window 0 when connection is idle
  service udp-small-servers [...]  Enable small UDP servers (e.g., ECHO)
  service unsupported-transceiver  Enable support for third-party transceivers
  service-module ...             Service module
  service-policy ...             Policies of the router
  `,
);

/** Behind the access lists. */
export const CONTROL_PLANE: Command<Configuration>[] = [
  block(
    NO_QOS,
    'control-plane [...]  Configure control plane services',
    { prompt: 'config-cp' },
    `
    management-interface ...   Management interfaces
    service-policy ...         Configure QOS Service Policy
  `,
  ),
];
