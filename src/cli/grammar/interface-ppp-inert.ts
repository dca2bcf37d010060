// PPP lines of an interface that are kept and do nothing: dial-up of other times, and what is never negotiated here.

import type { Interface } from '../../vpdn/configuration-interface.ts';
import { type Argument, name, number, oneOf, optional } from '../syntax.ts';
import { type Command, notSupported, withoutEffect } from '../tree.ts';
import { type InertRow, inertCommand, inertCommands } from './inert.ts';
import { onPpp } from './interface-kind.ts';

const NEVER = notSupported('never negotiated here');
const DIAL_ONLY = withoutEffect('it is about lines that are dialled, and sessions come by tunnel here');
const NO_MULTILINK = notSupported('multilink is not built: every session is a link of its own');

const never: readonly InertRow[] = [
  { text: 'ppp reliable-link', help: 'Use LAPB with PPP to provide a reliable link', entries: ['C123'] },
  { text: 'ppp bridge', help: 'Enable PPP bridge translation', takes: 'line', several: true, entries: ['C123'] },
  { text: 'ppp callback', help: 'Set PPP link callback option', takes: 'line', several: true, entries: ['C123'] },
  {
    text: 'ppp use-tacacs',
    help: 'Use TACACS to verify PPP authentications',
    takes: 'optional-line',
    entries: ['C123'],
  },
  { text: 'ppp eap', help: 'Set EAP parameters', takes: 'line', several: true, entries: ['C110'] },
  {
    text: 'ppp ms-chap',
    help: 'Set MS-CHAP authentication parameters',
    takes: 'line',
    several: true,
    entries: ['C110'],
  },
  {
    text: 'ppp ms-chap-v2',
    help: 'Set MS-CHAP-V2 authentication parameters',
    takes: 'line',
    several: true,
    entries: ['C110'],
  },
  { text: 'ppp iphc', help: 'Set IPCP header compression control options', takes: 'line', several: true },
  { text: 'ppp ipcp header-compression', help: 'IPCP header compression option', takes: 'line', entries: ['C120'] },
  { text: 'ppp ipcp username', help: 'Configure how to handle usernames', takes: 'line', entries: ['C120'] },
  { text: 'ppp lcp fcs', help: 'LCP FCS Alternatives', takes: 'line', several: true, entries: ['C115'] },
  { text: 'ppp caller', help: 'Caller option when no CLID is available', takes: 'line' },
  { text: 'ppp ncp', help: 'PPP NCP configuration', takes: 'line', several: true },
  { text: 'ppp bcp', help: 'Set BCP options', takes: 'line', several: true },
  { text: 'ppp disconnect-cause', help: 'Disconnect causes of the link', takes: 'line', several: true },
  { text: 'ppp ipcp ignore-map', help: 'Ignore dialer map when negotiating peer IP address', entries: ['C120'] },
  { text: 'ppp ipv6cp address unique', help: 'Do not accept an interface identifier that is in use' },
  { text: 'ppp mru match', help: 'Match the MRU of the peer', takes: 'optional-line' },
  { text: 'ppp loopback', help: 'PPP loopback options', takes: 'line' },
];

const haste: readonly InertRow[] = [
  { text: 'ppp ipcp predictive', help: 'Predict peers IPCP requests', entries: ['C120'] },
  { text: 'ppp lcp fast-start', help: 'Allow the receipt of a packet to start LCP', entries: ['C115'] },
  { text: 'ppp lcp predictive', help: 'Predict peers LCP requests', entries: ['C115'] },
];

const dial: readonly InertRow[] = [
  { text: 'ppp bap', help: 'Set BAP bandwidth allocation parameters', takes: 'line', several: true, entries: ['C123'] },
  { text: 'ppp dnis', help: 'Authenticate via DNIS before LCP', takes: 'line', several: true, entries: ['C123'] },
  { text: 'ppp timeout multilink', help: 'Multilink timeouts', takes: 'line', several: true, entries: ['C118'] },
  { text: 'ppp link', help: 'Set miscellaneous link parameters', takes: 'line', several: true },
];

/** C121: each form is a line of its own, beside the others. */
const multilink: readonly InertRow[] = [
  {
    text: 'ppp multilink fragment',
    help: 'Configure multilink fragmentation parameters',
    takes: 'line',
    several: true,
    entries: ['C121'],
  },
  { text: 'ppp multilink interleave', help: 'Allow interleaving of small packets with fragments', entries: ['C121'] },
  { text: 'ppp max-link', help: 'Set the maximum number of links in a bundle', takes: 'line', entries: ['C121'] },
  {
    text: 'ppp multilink mrru',
    help: 'Maximum received reconstructed unit',
    takes: 'line',
    several: true,
    entries: ['C121'],
  },
  { text: 'ppp multilink multiclass', help: 'Allow the use of multiclass MP', entries: ['C121'] },
  { text: 'ppp multilink endpoint', help: 'Configure local Endpoint Discriminator', takes: 'line', entries: ['C121'] },
];

/** RFC 1662 §7.1: 32 bits. */
function readMap(text: string) {
  return /^(?:0x)?[0-9a-f]{1,8}$/i.test(text) ? { value: text } : { goodFor: 0 };
}

const reads = (name: string) => (captured: Readonly<Record<string, unknown>>) => captured[name]?.toString();

export const PPP_INERT: Command<Interface>[] = [
  ...inertCommands<Interface>(NEVER, never, onPpp),
  ...inertCommands<Interface>(withoutEffect('it would save a round trip, and nothing is lost without'), haste, onPpp),
  ...inertCommands<Interface>(DIAL_ONLY, dial, onPpp),
  inertCommand<Interface>({
    text: 'ppp accm',
    help: 'Set initial Async Control Character Map',
    standing: withoutEffect('inside a tunnel no character needs to be escaped: what the peer says of it is granted'),
    tail: [{ ...(name('map', 'Bit mask of characters, in hexadecimal') as Argument), read: readMap }],
    say: reads('map'),
    entries: ['C116'],
    when: onPpp,
  }),
  inertCommand<Interface>({
    text: 'ppp mtu adaptive',
    help: "Adapt MTU to peer's MRU",
    standing: withoutEffect("the MTU of a session is never larger than the peer's MRU; there is no proxy LCP"),
    tail: [optional(oneOf('proxy', { proxy: 'Use the MRU of the proxy LCP' }))],
    say: reads('proxy'),
    entries: ['C116'],
    when: onPpp,
  }),
  inertCommand<Interface>({
    text: 'ppp quality',
    help: 'Set minimum Link Quality before link is down',
    standing: notSupported('link quality is not measured here: `keepalive` finds dead peers'),
    tail: [number('least', 0, 100, 'Percentage of successful traffic')],
    say: reads('least'),
    entries: ['C123'],
    when: onPpp,
  }),
  ...inertCommands<Interface>(
    notSupported('echoes are small here: they do not show whether packets of the size of the MRU pass'),
    [{ text: 'ppp lcp echo mru verify', help: 'Verify the negotiated MRU', takes: 'optional-line', entries: ['C115'] }],
    onPpp,
  ),
  inertCommand<Interface>({
    text: 'ppp multilink',
    help: 'Make interface multilink capable',
    standing: NO_MULTILINK,
    tail: [optional(oneOf('bap', { bap: 'Negotiate BACP/BAP on the bundle' }))],
    say: reads('bap'),
    entries: ['C121'],
    when: onPpp,
  }),
  ...inertCommands<Interface>(NO_MULTILINK, multilink, onPpp),
  inertCommand<Interface>({
    text: 'ppp multilink group',
    help: 'Put interface in a multilink bundle',
    standing: NO_MULTILINK,
    tail: [number('group', 1, 2147483647, 'Multilink group number')],
    say: reads('group'),
    entries: ['C121'],
    when: onPpp,
  }),
  inertCommand<Interface>({
    text: 'ppp multilink links minimum',
    help: 'Minimum number of links of a bundle',
    standing: NO_MULTILINK,
    tail: [number('least', 1, 255, 'Links'), optional(oneOf('mandatory', { mandatory: 'Take the bundle down below' }))],
    say: ({ least, mandatory }) => [least, mandatory].filter((each) => each !== undefined).join(' ') || undefined,
    entries: ['C121'],
    when: onPpp,
  }),
];
