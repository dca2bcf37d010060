// What IPCP gives away, asks for and insists on, RFC 1332 and RFC 1877 (C119, C120).

import type { Interface, NameServerPolicy } from '../../vpdn/configuration-interface.ts';
import { HONOURED } from '../../vpdn/standing.ts';
import { lengthOfMask, parseIpv4 } from '../../wire/ip.ts';
import { address, choice, flag, optional, sequence, words } from '../syntax.ts';
import { type Command, definer, notSupported, refused, withoutEffect } from '../tree.ts';
import { onClient, onPpp } from './interface-kind.ts';
import { pppSwitch } from './interface-ppp-authentication.ts';

const define = definer<Interface>();

// Giving and asking are sides of one command: the later line wins.
function nameServers(what: 'dns' | 'wins', standing: typeof HONOURED | ReturnType<typeof withoutEffect>) {
  const WHAT = what.toUpperCase();
  return define({
    path: [
      words(`ppp ipcp ${what}`, `Specify ${WHAT} negotiation options`),
      choice(
        sequence(
          address('primary', `Primary ${WHAT} IP address`),
          optional(address('secondary', `Secondary ${WHAT} IP address`)),
          optional(flag('aaa', `Use AAA to get ${WHAT} addresses`)),
          optional(flag('keep', `Accept any non zero ${WHAT} address`, 'accept')),
        ),
        flag('accept', `Accept any non zero ${WHAT} address`),
        flag('reject', 'Reject negotiations with the peer'),
        sequence(
          flag('request', 'Request server addresses from peer'),
          optional(flag('keep', `Accept any non zero ${WHAT} address`, 'accept')),
        ),
      ),
    ],
    set: ({ subject: { ppp } }, typed) => {
      ppp[what] = policyOf(typed);
    },
    unset: ({ subject: { ppp } }) => {
      ppp[what] = undefined;
    },
    lines: ({ subject: { ppp } }) => formatPolicy(what, ppp[what]),
    when: onPpp,
    standing: ({ aaa, request }) => {
      if (aaa === true) return notSupported('RADIUS is not built yet: the servers of the line are given to all');
      return request === true ? standing : HONOURED;
    },
    entries: ['C119'],
    about:
      what === 'dns'
        ? 'Default: those of `async-bootp dns-server`, else the options are rejected, and none asked for. `request` accepts what comes.'
        : 'Default: those of `async-bootp nbns-server`, else the options are rejected.',
  });
}

// Cisco's own option 144, which nobody needs on a point-to-point link: a mask is told to whoever asks.
const mask = define({
  path: [
    words('ppp ipcp mask', 'Specify subnet mask negotiation options'),
    choice(
      address('mask', 'Subnet mask to be given to the peer'),
      flag('request', 'Request the subnet mask from the peer'),
      flag('reject', 'Reject subnet mask negotiations'),
    ),
  ],
  set: ({ subject: { ppp } }, typed) => {
    if (typed.mask === undefined) {
      ppp.mask = { kind: typed.request === true ? 'request' : 'reject' };
      return;
    }
    if (lengthOfMask(parseIpv4(typed.mask)) === undefined) return refused(`% ${typed.mask} is not a subnet mask`);
    ppp.mask = { kind: 'give', mask: typed.mask };
  },
  unset: ({ subject: { ppp } }) => {
    ppp.mask = undefined;
  },
  lines: ({ subject: { ppp } }) => {
    return ppp.mask && `ppp ipcp mask ${ppp.mask.kind === 'give' ? ppp.mask.mask : ppp.mask.kind}`;
  },
  when: onPpp,
  standing: ({ request }) => {
    return request === true
      ? withoutEffect('an address given in IPCP is that of one host here: no mask is asked for')
      : HONOURED;
  },
  entries: ['C120'],
  about: 'Default: the option is rejected, and not asked for.',
});

export const PPP_IPCP: Command<Interface>[] = [
  nameServers('dns', HONOURED),
  nameServers('wins', withoutEffect('nothing on Linux asks a WINS server: none is asked for')),
  pppSwitch('ppp ipcp address accept', 'Accept any non zero IP address from our peer', 'addressAccept', {
    standing: notSupported('a peer that is assigned an address has to take it'),
    entries: ['C120'],
    about: 'Default off. Where nothing is assigned, any valid address that is free is accepted.',
  }),
  pppSwitch('ppp ipcp address required', 'An IP address is required', 'addressRequired', {
    entries: ['C120'],
    about: 'Default off. The session ends if the peer names no address of its own; on a template that is always so.',
  }),
  pppSwitch('ppp ipcp address unique', 'Disconnect if the IP address is already in use', 'addressUnique', {
    entries: ['C120'],
    about:
      'Default off: a user who calls again takes the place of the session it left behind. Others never get an address in use.',
  }),
  mask,
  // For clients only: a server with a default route into one of its callers is cut off from the rest.
  pppSwitch('ppp ipcp route default', 'Install default route through negotiated peer IP address', 'routeDefault', {
    when: onClient,
    entries: ['C120'],
    about: 'Default off.',
  }),
];

function policyOf(typed: {
  primary?: string;
  secondary?: string;
  aaa?: true;
  keep?: true;
  accept?: true;
  request?: true;
}): NameServerPolicy {
  const accept = typed.keep ?? false;
  if (typed.request === true) return { kind: 'request', accept };
  if (typed.primary === undefined) return { kind: typed.accept === true ? 'accept' : 'reject' };
  const { primary, secondary } = typed;
  return { kind: 'give', primary, ...(secondary !== undefined && { secondary }), aaa: typed.aaa ?? false, accept };
}

function formatPolicy(what: 'dns' | 'wins', policy: NameServerPolicy | undefined): string | undefined {
  if (policy === undefined) return undefined;
  const parts: string[] = [`ppp ipcp ${what}`];
  if (policy.kind === 'give') {
    parts.push(policy.primary);
    if (policy.secondary !== undefined) parts.push(policy.secondary);
    if (policy.aaa) parts.push('aaa');
  } else parts.push(policy.kind);
  if ('accept' in policy && policy.accept) parts.push('accept');
  return parts.join(' ');
}
