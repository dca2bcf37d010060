// `vpdn run`: a router from a file until a signal ends it. A file with an error starts nothing and changes nothing.

import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { lint } from '../cli/lint.ts';
import { formatReport, type Loaded, loadConfiguration } from '../cli/load.ts';
import { countClearSecrets, sealSecrets } from '../cli/seal.ts';
import { redactLine } from '../cli/secret-line.ts';
import { RunningConfiguration, STARTUP_CONFIG, textOf } from '../host/running-configuration.ts';
import { RunningRouter } from '../host/running-router.ts';
import { Timers } from '../host/timers.ts';
import { Archive } from '../store/archive.ts';
import type { Configuration } from '../vpdn/configuration.ts';
import { ControlSocket } from './control-socket.ts';
import { Debugging } from './debugging.ts';
import { abortedBy } from './ending.ts';
import { Exec } from './exec.ts';
import { readNamedFile } from './file-error.ts';
import { Lines } from './lines.ts';
import { readLevel } from './log-level.ts';
import { explainStartFailure, requireCapabilities, requireTun } from './preflight.ts';
import { serveRequest } from './serve.ts';
import { SshServer } from './ssh.ts';

export interface RunOptions {
  readonly config: string;
  readonly socket: string;
  /** Whose members may come in by the socket, beside its owner. */
  readonly socketGroup?: string | undefined;
  readonly log?: string | undefined;
  readonly record?: string | undefined;
}

/** Resolves to the exit status when the router has stopped. */
export async function run({ config, socket, socketGroup, log, record }: RunOptions): Promise<number> {
  const consoleLevel = readLevel(log);
  const loaded = load(config);
  if (loaded === undefined) return 1;
  requireCapabilities();
  requireTun();
  // The socket before the router: it tells whether another instance runs. Until there is a router, nobody is served.
  let serve: Parameters<typeof ControlSocket.listen>[1] = (_request, { socket: early }) => early.destroy();
  const knock = (...knocked: Parameters<typeof serve>) => serve(...knocked);
  const control = await ControlSocket.listen(socket, knock, socketGroup);
  seal(loaded.configuration);
  // From here on there is something to take down again.
  const ending = abortedBy('SIGTERM', 'SIGINT');
  let router: RunningRouter;
  try {
    router = new RunningRouter({
      configuration: loaded.configuration,
      leftoversPath: `${socket}.left`,
      console: (line) => process.stderr.write(`${line}\n`),
      ...(consoleLevel !== undefined && { consoleLevel }),
      ...(record !== undefined && { recordPath: record }),
    });
  } catch (error) {
    control.close();
    throw explainStartFailure(error);
  }
  const debugging = new Debugging(router);
  const timers = new Timers(router.clock);
  const archive = new Archive(`${config}.archive`);
  const configuration = new RunningConfiguration({ router, timers, archive, startupPath: config });
  const reloading = new AbortController();
  const lines = new Lines();
  const ways = () => ({ lines, ssh });
  const exec = new Exec({ router, debugging, configuration, timers, ways, reload: () => reloading.abort() });
  const services = { router, configuration, debugging, exec, lines };
  const ssh: SshServer = new SshServer(services, config);
  configuration.onChange = () => ssh.configure();
  ssh.configure();
  serve = (request, connection) => serveRequest(request, connection, services);
  warnOfFindings(router);
  warnOfReaders(config, router);
  // A fault outside the driver's own `try` costs what it was doing, not the sessions of everybody.
  process.on('uncaughtException', (error) => router.log.add({ name: 'SYS-FAULT', text: error.stack ?? String(error) }));
  process.on('SIGHUP', () => reread(config, configuration));
  process.stderr.write(`vpdn: running, control socket ${socket}\n`);
  await aborted(AbortSignal.any([ending, reloading.signal]));
  // Whatever hangs, the process ends: what was put into the kernel is gone by then.
  setTimeout(() => {
    control.close();
    process.kill(process.pid, 'SIGKILL');
  }, LAST_RESORT).unref();
  timers.stop();
  ssh.close();
  await router.stop();
  control.close();
  if (reloading.signal.aborted) startAgain();
  return 0;
}

/** Prints what is wrong with the file; undefined if it cannot be used. */
function load(path: string): Loaded | undefined {
  const loaded = loadConfiguration(readNamedFile(path, 'the configuration'));
  for (const report of [...loaded.errors, ...loaded.warnings]) {
    process.stderr.write(`${formatReport(report).join('\n')}\n`);
  }
  if (loaded.errors.length === 0) return loaded;
  const count = loaded.errors.length;
  process.stderr.write(`vpdn: ${count} error${count === 1 ? '' : 's'} in ${path}: nothing was started or changed\n`);
  return undefined;
}

/** Says so where it takes long: some 6 to 30 ms a secret, and nobody is served before. */
function seal(configuration: Configuration): void {
  const count = countClearSecrets(configuration);
  if (count >= MANY_SECRETS) {
    process.stderr.write(`vpdn: hashing ${count} secrets typed in clear; after \`write memory\` a start takes none\n`);
  }
  sealSecrets(configuration, randomBytes);
}

/** SIGHUP is `configure replace startup-config`. */
function reread(path: string, configuration: RunningConfiguration): void {
  try {
    const source = { name: STARTUP_CONFIG, text: readNamedFile(path, 'the configuration') };
    const changed = configuration.replace(source, { user: '', line: 'SIGHUP' }, { command: 'SIGHUP' });
    if (changed.done) return;
    for (const report of changed.errors) process.stderr.write(`${formatReport(report).join('\n')}\n`);
  } catch (error) {
    process.stderr.write(`vpdn: ${(error as Error).message}: nothing was changed\n`);
  }
}

/** `reload`: the same process begins again, with the program and the startup-config as they are on disk now. */
function startAgain(): void {
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], process.env);
}

/** What is right line by line and will not work all the same. */
function warnOfFindings(router: RunningRouter): void {
  for (const { severity, code, sentence, remedy } of lint(router.configuration)) {
    if (severity !== 'note') router.log.add({ name: 'VPDN-CONFIG_WARN', text: `${code} ${sentence}; ${remedy}` });
  }
}

/** A file with secrets that everybody can read has none. */
function warnOfReaders(path: string, router: RunningRouter): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & READABLE_BY_ALL) === 0 || !holdsSecret(textOf(router.configuration))) return;
  const text = `${path} holds secrets and can be read by everybody; chmod 600 ${path}`;
  router.log.add({ name: 'VPDN-CONFIG_WARN', text });
}

function holdsSecret(text: string): boolean {
  return text.split('\n').some((line) => redactLine(line) !== line);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** One to three seconds of hashing. */
const MANY_SECRETS = 100;
const READABLE_BY_ALL = 0o004;
/** Milliseconds after the signal. */
const LAST_RESORT = 1900;
