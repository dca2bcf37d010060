// Global configuration mode. The order of the list is the order of running-config; `?` sorts by itself.

import type { Configuration } from '../../vpdn/configuration.ts';
import { line, word, words } from '../syntax.ts';
import { type Command, definer, type Mode, type OpenMode } from '../tree.ts';
import { ACCESS_LIST, NAMED_ACCESS_LIST } from './access-list.ts';
import { CONTROLLER } from './controller.ts';
import { AAA, BOOT, IP_ELSEWHERE, SERVICES_ELSEWHERE, TAIL, VERSION } from './elsewhere.ts';
import { INTERFACE, INTERFACE_RANGE, PLATFORM_INTERFACES } from './ip.ts';
import { ADDRESS_SERVICES, LOCAL_POOL } from './ip-pool.ts';
import { IP_ROUTE } from './ip-route.ts';
import { LOGGING, SYSLOG } from './logging.ts';
import { SERVICE } from './services.ts';
import { exitCommand } from './setting.ts';
import { SSH } from './ssh.ts';
import { DOMAIN_NAME, HOSTNAME } from './system.ts';
import { ENABLE, USERNAME } from './users.ts';
import { VIRTUAL_PROFILE } from './virtual-profile.ts';
import { L2TP_CLASS, PSEUDOWIRE_CLASS, VPDN } from './vpdn.ts';

const define = definer<Configuration>();

const END = define({ path: [words('end', 'Exit from configure mode')], set: () => ({ outcome: 'ended' }) });

const DO = define({
  path: [word('do', 'To run exec commands in config mode'), line('command', 'Exec Command')],
  set: (_, { command }) => ({ outcome: 'exec', line: command }),
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
    ...section(...LOGGING, ...ENABLE),
    ...section(...AAA),
    ...section(...DOMAIN_NAME, ...IP_ELSEWHERE, ...SSH, ...ADDRESS_SERVICES, ...VIRTUAL_PROFILE, PLATFORM_INTERFACES),
    ...section(...VPDN),
    ...section(L2TP_CLASS),
    ...section(USERNAME),
    ...section(CONTROLLER),
    ...section(PSEUDOWIRE_CLASS),
    ...section(INTERFACE_RANGE, INTERFACE),
    ...section(LOCAL_POOL, ...IP_ROUTE),
    ...section(NAMED_ACCESS_LIST, ACCESS_LIST, ...SYSLOG),
    ...section(...TAIL),
  ],
};

export const GLOBAL: OpenMode = { mode: GLOBAL_MODE as Mode<unknown>, key: '', line: '' };
