// The configuration of one call, made in memory: what an operator would write into a file for the same client. Secrets and names
// of users go into the model as they are, past the language and its blanks.

import { loadConfiguration } from '../../cli/load.ts';
import type { Configuration } from '../../vpdn/configuration.ts';
import { LocalError } from '../../wire/errors.ts';
import { formatIpv4, maskOfLength, parseIpv4, readIpv4 } from '../../wire/ip.ts';
import { OperatorError } from '../operator-error.ts';
import type { DialTarget } from './target.ts';

export interface DialWishes {
  /** `none`: the call may go in the clear. Everything else is required. */
  readonly mppe?: string | undefined;
  readonly stateful: boolean;
  /** `10.0.0.0/8`: what is to go through the tunnel. */
  readonly routes: readonly string[];
  readonly defaultRoute: boolean;
  readonly mtu?: string | undefined;
}

export interface DialPlan {
  readonly configuration: Configuration;
  readonly interfaceName: string;
  readonly encrypts: boolean;
}

export function planDial(target: DialTarget, server: string, password: string, wishes: DialWishes): DialPlan {
  const { mppe, lines } = wishedLines(target, wishes);
  const interfaceName = target.protocol === 'pptp' ? 'Dialer0' : 'Virtual-PPP1';
  const tunnel =
    target.protocol === 'pptp'
      ? ['vpdn-group dial', 'request-dialin', 'protocol pptp', 'rotary-group 0', 'exit', `initiate-to ip ${server}`]
      : [];
  const text = [
    // Not the name of the machine: that is nobody's affair.
    'hostname vpdn',
    'vpdn enable',
    ...tunnel,
    `interface ${interfaceName}`,
    'ip address negotiated',
    ...(target.protocol === 'l2tp' ? [`pseudowire ${server} 1 encapsulation l2tpv2`] : []),
    ...lines,
    ...AUTHENTICATION,
    // CHAP leaves no keys.
    ...(mppe === 'none' ? [] : ['ppp chap refuse']),
    'ppp ipcp dns request',
    'exit',
    ...wishes.routes.map((route) => `ip route ${prefixAndMask(route)} ${interfaceName}`),
  ];
  const { configuration, errors } = loadConfiguration(text.join('\n'));
  const [wrong] = errors;
  if (wrong !== undefined)
    throw new LocalError('call-configuration', `the configuration of a call is wrong: ${wrong.text}: ${wrong.message}`);
  const { ppp } = configuration.interfaces.get(interfaceName)!;
  ppp.chapHostname = target.user;
  ppp.chapPassword = { type: 0, text: password };
  return { configuration, interfaceName, encrypts: mppe !== 'none' };
}

/** Looks at the wishes alone: before anybody is asked for a password. */
export function checkWishes(target: DialTarget, wishes: DialWishes): void {
  wishedLines(target, wishes);
  for (const route of wishes.routes) prefixAndMask(route);
}

function wishedLines({ protocol }: DialTarget, { mppe, stateful, defaultRoute, mtu }: DialWishes) {
  const strength = mppe ?? (protocol === 'pptp' ? '128' : 'none');
  if (!STRENGTHS.includes(strength)) throw new OperatorError(`dial: --mppe is one of ${STRENGTHS.join(', ')}`, USAGE);
  if (stateful && strength === 'none')
    throw new OperatorError('dial: --stateful is about MPPE, and there is none', USAGE);
  if (mtu !== undefined && !(/^\d{3,4}$/.test(mtu) && Number(mtu) >= LEAST_MTU && Number(mtu) <= MOST_MTU)) {
    throw new OperatorError(`dial: --mtu is a number from ${LEAST_MTU} to ${MOST_MTU}`, USAGE);
  }
  const lines = [
    ...(mtu === undefined ? [] : [`mtu ${mtu}`]),
    ...(strength === 'none' ? [] : [`ppp encrypt mppe ${strength} required${stateful ? ' stateful' : ''}`]),
    ...(defaultRoute ? ['ppp ipcp route default'] : []),
  ];
  return { mppe: strength, lines };
}

function prefixAndMask(text: string): string {
  const [prefix = '', bits = '32', ...rest] = text.split('/');
  const length = /^\d{1,2}$/.test(bits) ? Number(bits) : Number.NaN;
  if (readIpv4(prefix) === undefined || !(length >= 1 && length <= 32) || rest.length > 0) {
    const instead = length === 0 ? '; for everything there is --default-route' : '';
    throw new OperatorError(`dial: --route is a prefix, as 10.0.0.0/8${instead}`, USAGE);
  }
  const mask = maskOfLength(length);
  return `${formatIpv4((parseIpv4(prefix) & mask) >>> 0)} ${formatIpv4(mask >>> 0)}`;
}

/** What the server may ask for: the first version of MS-CHAP is broken beside its successor, and PAP gives the password away. */
const AUTHENTICATION = ['ppp ms-chap refuse', 'ppp pap refuse'];
const STRENGTHS: readonly string[] = ['none', '40', '128', 'auto'];
/** RFC 791: what every host takes; and what Ethernet does. */
const LEAST_MTU = 576;
const MOST_MTU = 1500;
const USAGE = 2;
