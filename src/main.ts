// The composition root: which command of `vpdn` starts what. Everything that does something is in `mgmt/`.

import { parseArgs } from 'node:util';
import { check } from './mgmt/check.ts';
import { execCommand, openConsole, SESSION_LOST, STATUS_UNREACHABLE } from './mgmt/client.ts';
import { endWithoutReader, surviveWithoutListener } from './mgmt/ending.ts';
import { OperatorError } from './mgmt/operator-error.ts';
import { run } from './mgmt/run.ts';
import { socketPath } from './mgmt/socket-path.ts';
import { formatHelp, noSuchCommand } from './mgmt/usage.ts';
import { packageVersion } from './mgmt/version.ts';

const OPTIONS = {
  config: { type: 'string', short: 'c' },
  socket: { type: 'string', short: 's' },
  'socket-group': { type: 'string' },
  log: { type: 'string' },
  record: { type: 'string' },
  json: { type: 'boolean' },
  all: { type: 'boolean' },
  once: { type: 'boolean' },
  'password-file': { type: 'string' },
  mppe: { type: 'string' },
  stateful: { type: 'boolean' },
  route: { type: 'string', multiple: true },
  'default-route': { type: 'boolean' },
  mtu: { type: 'string' },
  redial: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

const USAGE = 2;

type Values = ReturnType<typeof parse>['values'];

/** Each command: the options it takes, its operands, what it does; the value is the exit status. */
const COMMANDS: Readonly<Record<string, Command>> = {
  run: {
    takesDown: true,
    options: ['config', 'socket', 'socket-group', 'log', 'record'],
    operands: 0,
    start: ({ config, socket, 'socket-group': socketGroup, log, record }) => {
      if (config === undefined) throw new OperatorError('run: which configuration? --config FILE', USAGE);
      return run({ config, socket: socket ?? socketPath(), socketGroup, log, record });
    },
  },
  console: {
    options: ['socket'],
    operands: 0,
    start: async ({ socket }) => {
      const { lost } = await openConsole(socket ?? socketPath());
      if (lost) throw new OperatorError(SESSION_LOST, STATUS_UNREACHABLE);
      return 0;
    },
  },
  exec: {
    options: ['socket'],
    operands: Number.POSITIVE_INFINITY,
    start: ({ socket }, words) => {
      if (words.join('').trim() === '') throw new OperatorError('exec: which command? vpdn exec "show vpdn"', USAGE);
      return execCommand(socket ?? socketPath(), words.join(' '), (text) => process.stdout.write(text));
    },
  },
  check: {
    options: ['json', 'all'],
    operands: 1,
    start: ({ json = false, all = false }, [file]) => {
      if (file === undefined) throw new OperatorError('check: which file? vpdn check FILE', USAGE);
      return check(file, { json, all });
    },
  },
  dial: {
    takesDown: true,
    options: ['password-file', 'mppe', 'stateful', 'route', 'default-route', 'mtu', 'redial', 'log'],
    operands: 1,
    start: async ({ 'password-file': passwordFile, mppe, stateful = false, route: routes = [], ...rest }, [target]) => {
      if (target === undefined) throw new OperatorError('dial: whom? vpdn dial pptp://USER@HOST', USAGE);
      const { 'default-route': defaultRoute = false, mtu, redial = false, log } = rest;
      const wishes = { mppe, stateful, routes, defaultRoute, mtu };
      return (await import('./mgmt/dial/dial.ts')).dial(target, { ...wishes, passwordFile, redial, log });
    },
  },
  demo: {
    takesDown: true,
    options: ['once'],
    operands: 0,
    // Read only when asked for: a router in service carries none of it.
    start: async ({ once }) => (await import('./mgmt/demo/demo.ts')).demo({ once: once === true }),
  },
};

interface Command {
  /** It has something to take down at its end, and sees to that itself when nobody reads its output any more. */
  readonly takesDown?: true;
  readonly options: readonly (keyof typeof OPTIONS)[];
  readonly operands: number;
  start(values: Values, operands: readonly string[]): Promise<number>;
}

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  surviveWithoutListener();
  try {
    const { values, positionals } = parse(argv);
    const [name, ...operands] = positionals;
    const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (values.version) return print(`vpdn ${packageVersion()}\n`);
    if (values.help || name === 'help') return print(formatHelp(socketPath(), name === 'help' ? operands[0] : name));
    if (name === undefined) {
      process.stderr.write(formatHelp(socketPath()));
      return USAGE;
    }
    if (command === undefined) throw noSuchCommand(name);
    for (const option of Object.keys(values) as (keyof typeof OPTIONS)[]) {
      if (!command.options.includes(option)) throw new OperatorError(`${name}: takes no --${option}`, USAGE);
    }
    if (operands.length > command.operands) {
      // What has an @ in it may have a password in it.
      const extra = operands.at(-1)!.includes('@') ? '' : `: ${operands.at(-1)}`;
      throw new OperatorError(`${name}: too much${extra}`, USAGE);
    }
    if (command.takesDown !== true) endWithoutReader();
    return await command.start(values, operands);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    process.stderr.write(`vpdn: ${error.message}\n`);
    return error.status;
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new OperatorError(
      `${(error as Error).message.split(/\.? *\n|\. /, 1)[0]}; vpdn help lists what there is`,
      USAGE,
    );
  }
}

function print(text: string): number {
  endWithoutReader();
  process.stdout.write(text);
  return 0;
}
