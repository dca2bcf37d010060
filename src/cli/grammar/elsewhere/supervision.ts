// What watches and keeps the router besides its operator: archive, applets and timetables, views, CDP, file servers.

import type { Configuration } from '../../../vpdn/configuration.ts';
import type { Command } from '../../tree.ts';
import { NO_APPLETS, NO_MENUS, NO_PRIVILEGES, NO_SERVICE, NO_TRANSFERS, REVISIONS } from './reasons.ts';
import { block, lines } from './table.ts';

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
    `,
  ),
  block(
    NO_APPLETS,
    'kron occurrence ...  Specify an occurrence of policies',
    { prompt: 'config-kron-occurrence' },
    'policy-list ...  Policy list of this occurrence',
  ),
  block(
    NO_APPLETS,
    'kron policy-list ...  Specify a policy list',
    { prompt: 'config-kron-policy' },
    `
    cli ...                  Command to be run
    conditional              A failed command ends the list
    `,
  ),
  ...lines(
    NO_PRIVILEGES,
    `
    privilege ...            Command privilege parameters
    `,
  ),
  block(
    NO_PRIVILEGES,
    'parser view ...  View Commands',
    { prompt: 'config-view' },
    `
    commands ...             Configure commands for a view
    description ...          Description of the view
    secret ...               Set a secret for the current view
    view ...                 View of a superview
    `,
  ),
  ...lines(
    NO_MENUS,
    `
    alias configure ...      Global configuration mode
    alias controller ...     Controller configuration mode
    alias interface ...      Interface configuration mode
    alias line ...           Line configuration mode
    alias map-class ...      Map class configuration mode
    alias route-map ...      Route map config mode
    alias router ...         Router configuration mode
    alias subinterface ...   Subinterface configuration mode
    alias vpdn-group ...     VPDN group configuration mode
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
    ftp-server ...           Files by FTP
    tftp-server ...          Provide TFTP service for netload requests
    `,
  ),
];
