// Global configuration mode. The order of the list is the order of running-config; `?` sorts by itself.

import type { Configuration } from '../../vpdn/configuration.ts';
import { line, word, words } from '../syntax.ts';
import { type Command, definer, type Mode, type OpenMode } from '../tree.ts';
import { ACCESS_LIST, NAMED_ACCESS_LIST } from './access-list.ts';
import { ALIAS } from './alias.ts';
import { BANNER } from './banner.ts';
import { CONTROLLER } from './controller.ts';
import { AAA, USER_ATTRIBUTES } from './elsewhere/aaa.ts';
import { BOOT, CONTROL_PLANE, REDUNDANCY, SERVICES_ELSEWHERE, VERSION } from './elsewhere/boot.ts';
import { CRYPTO, KEY_CHAINS } from './elsewhere/crypto.ts';
import { ACCESS_LISTS, FLOWS, NAT, QOS } from './elsewhere/filters.ts';
import { DIAL, MPLS, MULTILINK, PPPOE, RADIOS, SWITCHING, VRFS } from './elsewhere/links.ts';
import { RADIUS } from './elsewhere/radius.ts';
import { IPV6, MULTICAST, ROUTE_POLICY, ROUTERS, TRACKING } from './elsewhere/routing.ts';
import { CLOCK, HTTP, IP_ELSEWHERE, LOGGING_ELSEWHERE, LOGIN_GUARDS, NTP, SNMP } from './elsewhere/services.ts';
import { SUPERVISION } from './elsewhere/supervision.ts';
import { TACACS } from './elsewhere/tacacs.ts';
import { VOICE } from './elsewhere/voice.ts';
import { INTERFACE, INTERFACE_RANGE, PLATFORM_INTERFACES } from './ip.ts';
import { ADDRESS_SERVICES, LOCAL_POOL } from './ip-pool.ts';
import { IP_ROUTE } from './ip-route.ts';
import { LINE } from './line.ts';
import { LOGGING } from './logging.ts';
import { SERVICE } from './services.ts';
import { exitCommand } from './setting.ts';
import { SSH } from './ssh.ts';
import { SYSLOG } from './syslog.ts';
import { DOMAIN_NAME, HOSTNAME } from './system.ts';
import { ENABLE, USERNAME } from './users.ts';
import { VIRTUAL_PROFILE } from './virtual-profile.ts';
import { L2TP_CLASS, PSEUDOWIRE_CLASS, VPDN } from './vpdn.ts';

const define = definer<Configuration>();

const END = define({
  path: [words('end', 'Exit from configure mode')],
  set: () => ({ outcome: 'ended' }),
  entries: ['C004'],
});

const DO = define({
  path: [word('do', 'To run exec commands in config mode'), line('command', 'Exec Command')],
  set: (_, { command }) => ({ outcome: 'exec', line: command }),
  entries: ['C005'],
});

/** Closes a group of lines with a `!`; running-config prints one where several meet. */
function section(...commands: readonly Command<Configuration>[]): Command<Configuration>[] {
  const last = commands.at(-1)!;
  const lines: NonNullable<typeof last.lines> = (scope) => [...(last.lines?.(scope) ?? []), '!'];
  return [...commands.slice(0, -1), { ...last, lines }];
}

export const GLOBAL_MODE: Mode<Configuration> = {
  name: 'global',
  prompt: 'config',
  heading: 'Configure commands:',
  find: (configuration) => configuration,
  commands: [
    exitCommand('configure'),
    END,
    DO,
    ...section(VERSION, ...SERVICE, ...SERVICES_ELSEWHERE),
    HOSTNAME,
    ...section(...BOOT),
    ...section(...VRFS),
    ...section(...LOGIN_GUARDS, ...LOGGING, ...ENABLE),
    ...section(...AAA),
    ...section(...CLOCK),
    ...section(
      ...IP_ELSEWHERE,
      ...DOMAIN_NAME,
      ...SSH,
      ...ADDRESS_SERVICES,
      ...VIRTUAL_PROFILE,
      ...MULTICAST,
      ...RADIOS,
      PLATFORM_INTERFACES,
    ),
    ...section(...MULTILINK),
    ...section(...VPDN),
    ...section(...DIAL, ...VOICE, ...PPPOE, ...MPLS, ...KEY_CHAINS),
    ...section(L2TP_CLASS),
    ...section(...SUPERVISION),
    ...section(USERNAME, USER_ATTRIBUTES),
    ...section(...REDUNDANCY, ...SWITCHING),
    ...section(CONTROLLER),
    ...section(PSEUDOWIRE_CLASS),
    ...section(...TRACKING, ...QOS, ...FLOWS),
    ...section(...CRYPTO),
    ...section(INTERFACE_RANGE, INTERFACE),
    ...section(...ROUTERS),
    ...section(LOCAL_POOL, ...IP_ROUTE),
    ...section(...HTTP, ...NAT),
    ...section(NAMED_ACCESS_LIST, ...ACCESS_LISTS, ACCESS_LIST, ...SYSLOG, ...LOGGING_ELSEWHERE),
    ...section(...ROUTE_POLICY, ...IPV6),
    ...section(...SNMP),
    ...section(...RADIUS, ...TACACS),
    ...section(...CONTROL_PLANE),
    ...section(BANNER),
    ...section(ALIAS),
    ...section(LINE),
    ...section(...NTP),
  ],
};

export const GLOBAL: OpenMode = { mode: GLOBAL_MODE as Mode<unknown>, key: '', line: '' };
