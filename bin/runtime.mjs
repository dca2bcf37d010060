// What the launchers share: dependencies installed when they are missing, and the Node that can run TypeScript as it stands.
// Plain JavaScript for Node 18 and later, since it runs before any of that is there.

import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Installs what package-lock.json names, if that was not done since it last changed. Says so only when there is work. */
export async function installDependencies() {
  if (ROOT.split(sep).includes('node_modules')) throw new LaunchError(NOT_A_PACKAGE, 1);
  const lock = join(ROOT, 'package-lock.json');
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  // Without a lock file somebody else has seen to it.
  if (!existsSync(lock) || (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs)) return;
  process.stderr.write('Installing dependencies (npm ci) ... ');
  const started = Date.now();
  let { status, output } = await runQuietly(...npm(), 'ci', ...QUIET);
  // `ci` also wants the packages of other systems in the lock file, which some registries do not have.
  if (status !== 0) ({ status, output } = await runQuietly(...npm(), 'install', '--no-save', ...QUIET));
  if (status !== 0) {
    process.stderr.write(`failed\n${output}`);
    throw new LaunchError('npm could not install; with the registry in reach, `npm ci` in this folder shows more', 1);
  }
  process.stderr.write(`done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}

/** The path of a Node that strips types by itself: the one installed with the dependencies, else the running one. */
export function findNode() {
  try {
    const manifest = createRequire(join(ROOT, 'package.json')).resolve(`node-linux-${process.arch}/package.json`);
    const bundled = join(dirname(manifest), 'bin', 'node');
    if (existsSync(bundled)) return bundled;
  } catch {
    // An optional dependency: absent on other systems, or where optional ones were left out.
  }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > LEAST_MAJOR || (major === LEAST_MAJOR && minor >= LEAST_MINOR)) return process.execPath;
  throw new LaunchError(
    `this needs Node ${LEAST_MAJOR}.${LEAST_MINOR} or later; running is ${process.versions.node}, and no other came with the dependencies`,
    1,
  );
}

/** Runs a command on this terminal until it ends, passing signals on; resolves to the exit status a shell would give. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const forward = (signal) => child.kill(signal);
    for (const signal of FORWARDED) process.on(signal, forward);
    const settle = (conclude) => {
      for (const signal of FORWARDED) process.off(signal, forward);
      conclude();
    };
    child.on('error', (error) =>
      settle(() => reject(new LaunchError(`cannot start ${command}: ${error.message}`, 126))),
    );
    child.on('close', (code, signal) => settle(() => resolve(code ?? 128 + constants.signals[signal])));
  });
}

/** One line for the person at the terminal, and the status to end with. */
export class LaunchError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** Runs `body`, whose value is the exit status; a LaunchError becomes its one line. */
export async function launch(body) {
  try {
    process.exitCode = await body();
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    process.stderr.write(`vpdn: ${error.message}\n`);
    process.exitCode = error.status;
  }
}

function npm() {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') && existsSync(script) ? [process.execPath, script] : ['npm'];
}

function runQuietly(command, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => reject(new LaunchError(`cannot run npm: ${error.message}`, 127)));
    child.on('close', (status) => resolve({ status, output }));
  });
}

/** Node strips no types there, by design. */
const NOT_A_PACKAGE =
  'this runs from a folder of its own, not from node_modules, where Node takes no TypeScript: ' +
  'clone the repository, and link its bin/vpdn.mjs into your PATH';

const QUIET = ['--no-progress', '--loglevel=error'];

/** Types are stripped without a flag or a warning from here on. */
const LEAST_MAJOR = 24;
const LEAST_MINOR = 12;

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
