// Interfaces of which none is made here: Dialer, Tunnel, Vlan and their like, and Null. The block is taken as it stands, so that
// a real configuration loads, and every line of it says that there is no such interface.

import type { Configuration } from '../../vpdn/configuration.ts';
import { type Mode, notSupported, withoutEffect } from '../tree.ts';
import { type InertRow, inertCommands } from './inert.ts';
import { elsewhereLines, PPPOE, pvcBlock } from './interface-elsewhere.ts';
import { exitCommand } from './setting.ts';

export const NO_SUCH_INTERFACE = notSupported('no such interface is made here');
/** C015: it is there for routes to lead into, and has nothing to be set. */
export const NULL_INTERFACE = withoutEffect('routes may lead into Null0, and nothing of it can be set');

/** What other interfaces take with a meaning, taken here without one. */
const rows: readonly InertRow[] = [
  { text: 'description', help: 'Interface specific description', takes: 'line' },
  { text: 'bandwidth', help: 'Set bandwidth informational parameter', takes: 'line', several: true },
  { text: 'mtu', help: 'Set the interface Maximum Transmission Unit (MTU)', takes: 'line' },
  {
    text: 'ip address',
    help: 'Set the IP address of an interface',
    takes: 'optional-line',
    several: true,
    printsNo: true,
  },
  { text: 'ip unnumbered', help: 'Enable IP processing without an explicit address', takes: 'line' },
  { text: 'ip mtu', help: 'Set IP Maximum Transmission Unit', takes: 'line' },
  { text: 'ip tcp adjust-mss', help: 'Adjust the mss of transit packets', takes: 'line' },
  { text: 'shutdown', help: 'Shutdown the selected interface', printsNo: true },
  { text: 'keepalive', help: 'Enable keepalive', takes: 'optional-line', printsNo: true },
  { text: 'encapsulation', help: 'Set encapsulation type for an interface', takes: 'line' },
  { text: 'compress', help: 'Set serial interface for compression', takes: 'line' },
  {
    text: 'peer default ip address',
    help: 'Specify default IP address for the remote end',
    takes: 'line',
    printsNo: true,
  },
  { text: 'peer neighbor-route', help: 'Create neighbor route to peer when needed', printsNo: true },
  { text: 'ppp', help: 'Point-to-Point Protocol', takes: 'line', several: true, printsNo: true },
  { text: 'async', help: 'Async interface parameters', takes: 'line', several: true },
  { text: 'atm', help: 'Modify ATM parameters', takes: 'line', several: true, printsNo: true },
  { text: 'autodetect', help: 'Autodetect encapsulations on serial interface', takes: 'optional-line' },
  { text: 'cable', help: 'Cable of the line', takes: 'line', several: true },
  { text: 'cablelength', help: 'Length of the cable', takes: 'line' },
  { text: 'class-int', help: 'Configure default vc-class name', takes: 'line' },
  { text: 'dce-terminal-timing-enable', help: 'Enable DCE terminal timing' },
  { text: 'dialer', help: 'Dial-on-demand routing (DDR) commands', takes: 'line', several: true, printsNo: true },
  { text: 'dialer-group', help: 'Assign interface to dialer-list', takes: 'line' },
  { text: 'down-when-looped', help: 'Force looped serial interface down' },
  { text: 'dsl', help: 'Configure ADSL settings', takes: 'line', several: true },
  { text: 'dsu', help: 'DSU of the line', takes: 'line', several: true },
  { text: 'frame-relay', help: 'Set frame relay parameters', takes: 'line', several: true, printsNo: true },
  { text: 'group-range', help: 'Configure line ranges for the group', takes: 'line' },
  { text: 'ignore-dcd', help: 'Ignore DCD' },
  { text: 'ima-group', help: 'Configure IMA group', takes: 'line' },
  { text: 'invert', help: 'Serial invert modes', takes: 'line', several: true },
  { text: 'isdn', help: 'ISDN Interface configuration commands', takes: 'line', several: true, printsNo: true },
  { text: 'loopback', help: 'Configure internal loopback on an interface', takes: 'optional-line' },
  { text: 'modem', help: 'Modem settings', takes: 'line', several: true },
  { text: 'multilink-group', help: 'Put interface in a multilink bundle', takes: 'line' },
  { text: 'neighbor', help: 'Neighbor of a pseudowire', takes: 'line' },
  { text: 'physical-layer', help: 'Configure sync or async physical layer', takes: 'line' },
  { text: 'pos', help: 'Modify POS parameters', takes: 'line', several: true },
  { text: 'serial', help: 'Serial interface commands', takes: 'line', several: true },
  { text: 'ssid', help: 'Configure radio service set parameters', takes: 'line', several: true },
  { text: 'station-role', help: 'Role of the radio', takes: 'line' },
  { text: 'tunnel', help: 'Protocol-over-protocol tunneling', takes: 'line', several: true },
  { text: 'xconnect', help: 'Xconnect commands', takes: 'line' },
];

function unmade(prompt: string): Mode<Configuration> {
  return {
    name: 'interface',
    prompt,
    heading: 'Interface configuration commands:',
    find: (configuration) => configuration,
    commands: [
      exitCommand('interface configuration'),
      ...inertCommands<Configuration>(NO_SUCH_INTERFACE, [...rows, ...PPPOE]),
      pvcBlock<Configuration>(NO_SUCH_INTERFACE),
      ...elsewhereLines<Configuration>(),
    ],
  };
}

export const UNMADE_MODE = unmade('config-if');
export const UNMADE_SUBINTERFACE_MODE = unmade('config-subif');
