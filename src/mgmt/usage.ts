// What `vpdn help` prints and what vpdn(8) is made of: one text for both.

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

export function formatHelp(socketPath: string): string {
  const rows = COMMANDS_USAGE.flatMap(({ synopsis, brief }) => {
    const left = `  ${synopsis}`;
    return left.length < COLUMN - 1 ? [`${left.padEnd(COLUMN)}${brief}`] : [left, `${' '.repeat(COLUMN)}${brief}`];
  });
  return [
    'vpdn: an L2TP tunnel server and client for Linux, configured in the IOS language',
    '',
    ...rows,
    `${'  vpdn help, vpdn --version'.padEnd(COLUMN)}this text; which version it is`,
    '',
    'LEVEL is 0 (emergencies) to 7 (debugging), for the log on standard error.',
    `The control socket is ${socketPath} unless --socket names another.`,
    '',
  ].join('\n');
}

const COLUMN = 30;
