// What `vpdn help` prints and what vpdn(8) is made of: one text for both.

import { OperatorError } from './operator-error.ts';

export interface CommandUsage {
  readonly name: string;
  readonly synopsis: string;
  /** For the help: one line. */
  readonly brief: string;
  /** For the manual: sentences. */
  readonly manual: string;
}

export const COMMANDS_USAGE: readonly CommandUsage[] = [
  {
    name: 'run',
    synopsis: 'vpdn run --config FILE [--socket PATH] [--socket-group GROUP] [--log LEVEL] [--record FILE]',
    brief: 'run a router; SIGHUP reads the file again, SIGTERM ends it',
    manual:
      'Runs a router in the foreground with the configuration in FILE, the file that its console knows as startup-config. ' +
      'A file with an error starts nothing. What is right line by line but will not work is logged with a code and a remedy. ' +
      '--log LEVEL shows the log on standard error down to that level, whatever `logging console` says. --record appends all that ' +
      'goes into the router and comes out of it to a file, without secrets, for whoever has to find out why. ' +
      'With --socket-group the members of a Unix group may come in by the control socket as well as its owner and root: each with ' +
      'the privilege that the username line of the same name gives, or 1.',
  },
  {
    name: 'console',
    synopsis: 'vpdn console [--socket PATH]',
    brief: 'sit down at its console: Router#',
    manual:
      'Joins this terminal to the console of a running router. Ctrl-D or exit leaves it; the router goes on. Commands may come ' +
      'from a file or a program as well: they are carried out without pages. Where the router ends the session, because it stops ' +
      'or starts again, the status is 3.',
  },
  {
    name: 'exec',
    synopsis: 'vpdn exec [--socket PATH] "show vpdn"',
    brief: 'one command; exit 0 done, 1 refused, 3 no router there',
    manual:
      'Carries out one EXEC command and prints what it says. Questions a terminal would be asked are answered with their defaults.',
  },
  {
    name: 'check',
    synopsis: 'vpdn check FILE [--json] [--all]',
    brief: 'would this configuration start? What becomes of each line, and why',
    manual:
      'Reads any IOS configuration and says of each line whether it is honoured, has no effect here, is not supported, or is an ' +
      'error; then what the whole will not do, each finding with a code and a remedy. Nothing is started. With --all the ' +
      'honoured lines are listed as well; with --json the report is for programs.',
  },
  {
    name: 'dial',
    synopsis:
      'vpdn dial {pptp|l2tp}://USER@HOST [--route PREFIX]… [--default-route] [--mppe none|40|128|auto] [--stateful] [--mtu N] [--password-file FILE] [--redial] [--log LEVEL]',
    brief: 'call a server from this machine until Ctrl-C, without a configuration',
    manual:
      'Calls a server by PPTP or by L2TPv2 as a client, says in plain words what happens, and ends with the call. The password is ' +
      'asked for on the terminal, or read from FILE, from the variable VPDN_PASSWORD, or from standard input if that is no ' +
      'terminal: never from the command line. By PPTP the call is encrypted with MPPE of 128 bits or not placed at all, unless ' +
      '--mppe says otherwise (none lets it go in the clear, auto takes the strongest that both have), and stateless unless ' +
      '--stateful; PPTP protects nothing against a serious attacker all the same. --route sends a prefix such as 10.0.0.0/8 ' +
      'through the tunnel, --default-route everything; both are gone with the call. --mtu is the largest packet. --redial calls ' +
      'again whenever it is over, but not where the server refuses the password. ' +
      'It needs UDP port 1701 of the machine for itself: where a router runs, give that an interface Dialer instead.',
  },
  {
    name: 'demo',
    synopsis: 'vpdn demo [--once]',
    brief: 'two routers and a tunnel in network namespaces of this machine',
    manual:
      'Builds two routers and the network between them in namespaces of their own, shows the tunnel working, and takes all of it away.',
  },
];

export const EXIT_STATUSES: readonly (readonly [status: number, meaning: string])[] = [
  [0, 'done'],
  [1, 'a command or a configuration was refused; the reason was printed'],
  [2, 'the command line was wrong'],
  [3, 'no router answers at the control socket'],
];

export const SIGNALS: readonly (readonly [signal: string, meaning: string])[] = [
  [
    'SIGHUP',
    'the file is read again as by `configure replace`: a file with an error changes nothing, a session that the change does not concern stays up',
  ],
  [
    'SIGTERM, SIGINT',
    'every peer is told, what was put into the kernel is taken out, the router ends within two seconds',
  ],
];

/** All about one command; with none named, a line of each. */
export function formatHelp(socketPath: string, name?: string): string {
  if (name === undefined) return formatOverview(socketPath);
  const usage = COMMANDS_USAGE.find((command) => command.name === name);
  if (usage === undefined) throw noSuchCommand(name);
  return formatCommand(usage, socketPath);
}

export function noSuchCommand(name: string): OperatorError {
  return new OperatorError(`no such command: ${name}; vpdn help lists them`, 2);
}

function formatOverview(socketPath: string): string {
  const rows = COMMANDS_USAGE.flatMap(({ name, synopsis, brief }) => {
    const left = formatSynopsis(name, synopsis).map((line) => `  ${line}`);
    const [only = ''] = left;
    if (left.length === 1 && only.length < COLUMN - 1) return [`${only.padEnd(COLUMN)}${brief}`];
    return [...left, `${' '.repeat(COLUMN)}${brief}`];
  });
  return [
    'vpdn: an L2TP and PPTP tunnel server and client for Linux, configured in the IOS language',
    '',
    ...rows,
    `${'  vpdn help [COMMAND]'.padEnd(COLUMN)}this text; all about one command`,
    `${'  vpdn --version'.padEnd(COLUMN)}which version it is`,
    '',
    LEVELS,
    whichSocket(socketPath),
    '',
  ].join('\n');
}

function formatCommand({ name, synopsis, manual }: CommandUsage, socketPath: string): string {
  const also = [
    ...(synopsis.includes('LEVEL') ? [LEVELS] : []),
    ...(synopsis.includes('--socket PATH') ? [whichSocket(socketPath)] : []),
  ];
  const text = wrap(manual.split(' '), WIDTH, '');
  return [...formatSynopsis(name, synopsis), '', ...text, ...(also.length > 0 ? ['', ...also] : []), ''].join('\n');
}

/** Broken between options, which are never parted from their values. */
function formatSynopsis(name: string, synopsis: string): string[] {
  return wrap(synopsis.split(/ (?=\[)/), WIDTH - 2, ' '.repeat(`vpdn ${name} `.length));
}

function wrap(words: readonly string[], width: number, indent: string): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(`${lines.length > 0 ? indent : ''}${word}`);
  }
  return lines;
}

const whichSocket = (path: string) => `The control socket is ${path} unless --socket names another.`;
const LEVELS = 'LEVEL is 0 (emergencies) to 7 (debugging), for the log on standard error.';
const COLUMN = 30;
const WIDTH = 80;
