// PPP lines of an interface that are kept and do nothing yet. Encryption is one of them: whoever types it is told at once.

import type { Interface } from '../../vpdn/configuration-interface.ts';
import { flag, oneOf, optional } from '../syntax.ts';
import { type Command, notSupported } from '../tree.ts';
import { inertCommand, inertCommands } from './inert.ts';
import { onPpp } from './interface-kind.ts';

export const MPPE: Command<Interface> = inertCommand({
  text: 'ppp encrypt mppe',
  help: 'Enable MPPE encryption',
  standing: notSupported('MPPE is not built yet: nothing is encrypted'),
  warning: '% MPPE is not built yet: sessions of this interface are NOT encrypted',
  tail: [
    oneOf('strength', { auto: 'The strongest both have', '40': '40 bit only', '128': '128 bit only' }),
    optional(oneOf('demand', { passive: 'Only if the peer asks', required: 'Or drop the session' })),
    optional(flag('stateful', 'Negotiate stateful mode only')),
  ],
  say: ({ strength, demand, stateful }) => {
    if (strength === undefined) return undefined;
    return [strength, ...(demand === undefined ? [] : [demand]), ...(stateful === true ? ['stateful'] : [])].join(' ');
  },
  when: onPpp,
});

export const PPP_NOT_BUILT: Command<Interface>[] = inertCommands<Interface>(
  notSupported('not built yet: never negotiated'),
  [
    { text: 'ppp accm', help: 'Set initial Async Control Character Map', takes: 'line' },
    { text: 'ppp accounting', help: 'Set PPP network accounting method', takes: 'line' },
    { text: 'ppp authorization', help: 'Set PPP network authorization method', takes: 'line' },
    { text: 'ppp chap challenge-length', help: 'Length of CHAP challenges', takes: 'line' },
    { text: 'ppp chap ignoreus', help: 'Ignore challenges that carry our own name' },
    { text: 'ppp chap splitnames', help: 'Different names to challenge and to respond with' },
    {
      text: 'ppp chap wait',
      help: 'Wait for the peer to authenticate first',
      takes: 'optional-line',
      printsNo: true,
    },
    { text: 'ppp direction', help: 'Override default PPP direction', takes: 'line' },
    { text: 'ppp eap', help: 'Set EAP parameters', takes: 'line', several: true },
    { text: 'ppp ipcp address', help: 'Additional ipcp address options', takes: 'line', several: true },
    { text: 'ppp ipcp header-compression', help: 'IPCP header compression option', takes: 'line' },
    { text: 'ppp ipcp mask', help: 'Specify subnet mask negotiation options', takes: 'line' },
    { text: 'ppp ipcp predictive', help: 'Predict peers IPCP requests' },
    { text: 'ppp ipcp username', help: 'Configure how to handle usernames', takes: 'line' },
    { text: 'ppp lcp', help: 'PPP LCP configuration', takes: 'line', several: true },
    { text: 'ppp ms-chap', help: 'Set MS-CHAP authentication parameters', takes: 'line', several: true },
    { text: 'ppp ms-chap-v2', help: 'Set MS-CHAP-V2 authentication parameters', takes: 'line', several: true },
    { text: 'ppp mtu adaptive', help: "Adapt MTU to peer's MRU", takes: 'optional-line' },
    { text: 'ppp multilink', help: 'Make interface multilink capable', takes: 'optional-line', several: true },
    { text: 'ppp pap wait', help: 'Wait for the peer to authenticate first', printsNo: true },
    { text: 'ppp quality', help: 'Set minimum Link Quality before link is down', takes: 'line' },
    { text: 'ppp timeout absolute', help: 'Longest time a session may last', takes: 'line' },
    { text: 'ppp timeout idle', help: 'Disconnect after this time without traffic', takes: 'line' },
    { text: 'ppp timeout multilink', help: 'Multilink timeouts', takes: 'line', several: true },
    { text: 'compress', help: 'Set serial interface for compression', takes: 'line' },
  ],
  onPpp,
);
