// `dialer …` on an interface Dialer: the client of PPTP. The pool says which vpdn-group it is served by (C071); what dial-on-demand
// routing has besides means nothing here, because no traffic dials: the call is placed at once and stays.

import type { Interface } from '../../vpdn/configuration-interface.ts';
import { type Command, withoutEffect } from '../tree.ts';
import { type InertRow, inertCommands } from './inert.ts';
import { only } from './interface-kind.ts';
import { numberSetting } from './setting.ts';

const onDialer = only('Dialer');

const NO_DEMAND = withoutEffect(
  'no traffic dials: the call is placed as soon as all it needs is configured, and stays',
);
const NO_NUMBERS = withoutEffect('no number is dialled: the peer is that of `initiate-to` in the vpdn-group');
const NO_LINES = withoutEffect('there are no lines to choose from, to count or to wait for');

/** In the order of running-config. */
const idle: readonly InertRow[] = [
  { text: 'dialer in-band', help: 'Set DDR over this interface', takes: 'optional-line' },
  { text: 'dialer idle-timeout', help: 'Set idle timeout', takes: 'line' },
  { text: 'dialer fast-idle', help: 'Set fast idle time', takes: 'line' },
  { text: 'dialer enable-timeout', help: 'Set length of time an interface stays down', takes: 'line' },
  {
    text: 'dialer wait-for-carrier-time',
    help: 'How long the router will wait for carrier',
    takes: 'line',
    standing: NO_LINES,
  },
  {
    text: 'dialer wait-for-line-protocol',
    help: 'How long the router will wait for line protocol',
    takes: 'line',
    standing: NO_LINES,
  },
  { text: 'dialer remote-name', help: 'Name of the remote router', takes: 'line', standing: NO_NUMBERS },
  {
    text: 'dialer string',
    help: 'Set telephone number to be passed to DCE device',
    takes: 'line',
    several: true,
    standing: NO_NUMBERS,
  },
  {
    text: 'dialer map',
    help: 'Define multiple dial-on-demand numbers',
    takes: 'line',
    several: true,
    standing: NO_NUMBERS,
  },
  {
    text: 'dialer caller',
    help: 'Specify telephone number to be screened',
    takes: 'line',
    several: true,
    standing: NO_NUMBERS,
  },
  { text: 'dialer called', help: 'Specify number to be screened', takes: 'line', several: true, standing: NO_NUMBERS },
  { text: 'dialer aaa', help: 'Get numbers from AAA', takes: 'optional-line', standing: NO_NUMBERS },
  { text: 'dialer vpdn', help: 'Dial by VPDN' },
  { text: 'dialer persistent', help: 'Persistent dialer interface', takes: 'optional-line' },
  { text: 'dialer redial', help: 'Redial after a failed call', takes: 'line' },
  { text: 'dialer hold-queue', help: 'Configure output hold queue', takes: 'line' },
  { text: 'dialer watch-group', help: 'Assign interface to dialer watch list', takes: 'line' },
  { text: 'dialer watch-disable', help: 'Time before a backup is dropped', takes: 'line' },
  {
    text: 'dialer load-threshold',
    help: 'Specify threshold for placing additional calls',
    takes: 'line',
    standing: NO_LINES,
  },
  { text: 'dialer max-call', help: 'Set the maximum number of calls', takes: 'line', standing: NO_LINES },
  { text: 'dialer max-link', help: 'Set the maximum number of links', takes: 'line', standing: NO_LINES },
  { text: 'dialer order', help: 'Order of dialling', takes: 'line', standing: NO_LINES },
  { text: 'dialer priority', help: 'Specify priority for use in rotary group', takes: 'line', standing: NO_LINES },
  { text: 'dialer rotary-group', help: 'Add to a dialer rotary group', takes: 'line', standing: NO_LINES },
  { text: 'dialer dtr', help: 'Enable DTR dialing', standing: NO_LINES },
  { text: 'dialer callback-secure', help: 'Enable callback security', standing: NO_LINES },
  { text: 'dialer callback-server', help: 'Enable callback return call', takes: 'optional-line', standing: NO_LINES },
  { text: 'dialer isdn', help: 'ISDN settings of the dialer', takes: 'line', standing: NO_LINES },
  { text: 'dialer-group', help: 'Assign interface to dialer-list', takes: 'line' },
];

export const INTERFACE_DIALER: Command<Interface>[] = [
  numberSetting<Interface>({
    text: 'dialer pool',
    help: 'Specify dialer pool for this interface',
    low: 1,
    high: 255,
    valueHelp: 'Dialer pool number',
    get: ({ dialerPool }) => dialerPool,
    put: (subject, value) => {
      subject.dialerPool = value;
    },
    when: onDialer,
    entries: ['C071'],
    about:
      'Default none. The vpdn-group with `request-dialin`, `protocol pptp` and the same `pool-member` opens its tunnel; one with `rotary-group` names the interface by its number. PPPoE is not built.',
  }),
  ...inertCommands<Interface>(NO_DEMAND, idle, onDialer),
];
