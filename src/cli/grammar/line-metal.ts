// Lines of `line` about modems, cables and terminals of metal: kept, each with its reason.

import type { TerminalLine } from '../../vpdn/configuration-system.ts';
import { line, optional, wordsInFull } from '../syntax.ts';
import { type Command, definer, notSupported, withoutEffect } from '../tree.ts';

const define = definer<TerminalLine[]>();

const METAL = withoutEffect('it concerns a modem, a cable or a terminal of metal');
const MORE = notSupported('sessions here have no such setting: what the line would do is not done');

function metal(text: string, help: string, standing: typeof METAL): Command<TerminalLine[]> {
  const say = (rest: string | undefined) => (rest === undefined ? text : `${text} ${rest}`);
  const keep = (lines: readonly TerminalLine[], value: string | undefined) => {
    for (const each of lines) {
      const kept = new Map(each.metal);
      if (value === undefined) kept.delete(text);
      else kept.set(text, value);
      each.metal = kept.size === 0 ? undefined : kept;
    }
  };
  return define({
    path: [wordsInFull(text, help), optional(line('rest', 'The rest of the line'))],
    set: ({ subject }, { rest }) => keep(subject, say(rest)),
    unset: ({ subject }, { rest }) => keep(subject, `no ${say(rest)}`),
    reset: ({ subject }) => keep(subject, undefined),
    lines: ({ subject: [first] }) => first?.metal?.get(text),
    standing,
    entries: ['C012'],
    about: standing.class === 'without-effect' ? `No effect here: ${standing.why}.` : `Not supported: ${standing.why}.`,
  });
}

const ROWS: readonly (readonly [text: string, help: string])[] = [
  ['activation-character', 'Define the activation character'],
  ['autobaud', 'Set line to normal autobaud'],
  ['autoselect', 'Set line to autoselect'],
  ['buffer-length', 'Set DMA buffer length'],
  ['data-character-bits', 'Size of characters being handled'],
  ['databits', 'Set number of data bits per character'],
  ['disconnect-character', 'Define the disconnect character'],
  ['domain-lookup', 'Enable domain lookups in show commands'],
  ['editing', 'Enable command line editing'],
  ['escape-character', 'Change the current line escape character'],
  ['exec-character-bits', 'Size of characters to the command exec'],
  ['flowcontrol', 'Set the flow control'],
  ['full-help', 'Provide help to unprivileged user'],
  ['history', 'Enable and control the command history function'],
  ['international', 'Enable international 8-bit character support'],
  ['ip netmask-format', 'Change display of netmasks'],
  ['ip tcp', 'TCP options'],
  ['location', 'Enter terminal location description'],
  ['lockable', 'Allow users to lock a line'],
  ['modem', 'Configure the Modem Control Lines'],
  ['monitor', 'Copy debug output to the current terminal line'],
  ['notify', 'Inform users of output from concurrent sessions'],
  ['padding', 'Set padding for a specified output character'],
  ['parity', 'Set terminal parity'],
  ['refuse-message', 'Define a refuse banner'],
  ['rotary', 'Add line to a rotary group'],
  ['rxspeed', 'Set the receive speed'],
  ['script', 'Specify event related chat scripts to run on the line'],
  ['special-character-bits', 'Size of the escape (and other special) characters'],
  ['speed', 'Set the transmit and receive speeds'],
  ['start-character', 'Define the start character'],
  ['stop-character', 'Define the stop character'],
  ['stopbits', 'Set async line stop bits'],
  ['telnet', 'Telnet protocol-specific configuration'],
  ['terminal-type', 'Set the terminal type'],
  ['transport output', 'Define which protocols to use for outgoing connections'],
  ['transport preferred', 'Specify the preferred protocol to use'],
  ['txspeed', 'Set the transmit speeds'],
  ['vacant-message', 'Define a vacant banner'],
];

const MISSED: readonly (readonly [text: string, help: string])[] = [
  ['accounting', 'Accounting parameters'],
  ['authorization', 'Authorization parameters'],
  ['autocommand', 'Automatically execute an EXEC command'],
  ['exec', 'Start an EXEC process'],
  ['exec-banner', 'Enable the display of the EXEC banner'],
  ['ipv6 access-class', 'Filter connections over IPv6'],
  ['motd-banner', 'Enable the display of the MOTD banner'],
  ['session-limit', 'Set maximum number of sessions'],
  ['timeout', 'Timeouts for the line'],
];

export const LINE_METAL: Command<TerminalLine[]>[] = [
  ...ROWS.map(([text, help]) => metal(text, help, METAL)),
  ...MISSED.map(([text, help]) => metal(text, help, MORE)),
];
