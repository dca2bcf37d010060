// `vpdn dial`: one call from this machine to a server, in the foreground, told in plain words, until Ctrl-C or the server ends it.
// A whole router with a configuration of its own, but nothing of it is kept and nobody else is served.

import { lookup } from 'node:dns/promises';
import { mkdirSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RunningRouter } from '../../host/running-router.ts';
import type { Severity } from '../../vpdn/configuration-system.ts';
import { readIpv4 } from '../../wire/ip.ts';
import { printable } from '../../wire/values.ts';
import { abortedBy } from '../ending.ts';
import { readLevel } from '../log-level.ts';
import { OperatorError } from '../operator-error.ts';
import { explainStartFailure, requireCapabilities, requireTun } from '../preflight.ts';
import { socketPath } from '../socket-path.ts';
import { checkWishes, type DialPlan, type DialWishes, planDial } from './configuration.ts';
import { readPassword } from './password.ts';
import { Progress } from './progress.ts';
import { type DialTarget, parseTarget } from './target.ts';

export interface DialOptions extends DialWishes {
  readonly passwordFile?: string | undefined;
  /** Calls again whenever the call is over. */
  readonly redial: boolean;
  readonly log?: string | undefined;
}

/** Resolves to the exit status when the call is over: 0 if it was we who hung up. */
export async function dial(text: string, options: DialOptions): Promise<number> {
  const target = parseTarget(text);
  checkWishes(target, options);
  const level = readLevel(options.log);
  requireCapabilities();
  requireTun();
  const complain = (said: string) => process.stderr.write(said);
  complain(`vpdn: ${WEAKNESS[target.protocol]}\n`);
  const password = await readPassword({
    file: options.passwordFile,
    environment: process.env,
    input: process.stdin,
    ask: complain,
  });
  const server = await addressOf(target.host);
  return place(target, server, planDial(target, server, password, options), options.redial, level);
}

async function place(
  target: DialTarget,
  server: string,
  { configuration, interfaceName, encrypts }: DialPlan,
  redial: boolean,
  level: Severity | undefined,
): Promise<number> {
  const ending = abortedBy('SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE');
  const router = start(configuration, level);
  const progress = new Progress(target, interfaceName, encrypts);
  const say = (...lines: readonly string[]) => {
    for (const line of lines) process.stdout.write(`${line}\n`);
  };
  router.log.watch((line) => progress.hear(line));
  const named = target.host === server ? server : `${printable(target.host)} (${server})`;
  say(`calling ${named} by ${target.protocol.toUpperCase()} as ${printable(target.user)}`);
  while (!ending.aborted) {
    say(...progress.look(router.view()));
    if (progress.ended !== undefined) {
      say(...progress.summary(router.clock.now()));
      if (!redial || progress.ended.hopeless) break;
      say('it is tried again');
      progress.again();
    }
    await pause(ending);
  }
  if (progress.ended === undefined) {
    say(
      ...progress.look(router.view()),
      progress.isUp ? 'hanging up' : 'given up',
      ...progress.summary(router.clock.now()),
    );
  }
  // Whatever hangs, the process ends: what was put into the kernel is gone by then.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_RESORT).unref();
  await router.stop();
  return ending.aborted && progress.ended === undefined ? 0 : 1;
}

function start(configuration: DialPlan['configuration'], level: Severity | undefined): RunningRouter {
  try {
    return new RunningRouter({
      configuration,
      leftoversPath: leftoversPath(),
      console: (line) => void (level !== undefined && process.stderr.write(`${line}\n`)),
      ...(level !== undefined && { consoleLevel: level }),
      forwards: false,
    });
  } catch (error) {
    throw withAdvice(explainStartFailure(error));
  }
}

/** Two routers do not go together: the one that is there can call as well. */
function withAdvice(error: unknown): unknown {
  if (!(error instanceof OperatorError && error.message.includes('is in use by'))) return error;
  return new OperatorError(`${error.message}, or give that router an interface Dialer for this call`, error.status);
}

async function addressOf(host: string): Promise<string> {
  if (readIpv4(host) !== undefined) return host;
  try {
    return (await lookup(host, { family: 4 })).address;
  } catch {
    throw new OperatorError(`dial: ${printable(host)} has no IPv4 address that could be found`);
  }
}

/** One for each network namespace: a call has its UDP port for itself there. */
function leftoversPath(): string {
  const folder = dirname(socketPath());
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/net'))?.[0] ?? '';
  return join(folder, `dial-${namespace}.left`);
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, LOOK_EVERY);
    signal.addEventListener('abort', done);
  });
}

const WEAKNESS = {
  pptp: 'PPTP protects nothing against a serious attacker: use L2TP inside IPsec or WireGuard where the server can',
  l2tp: 'L2TP encrypts nothing by itself: all of it can be read on the way, unless IPsec on this machine protects it',
} as const;
/** Milliseconds. */
const LOOK_EVERY = 100;
const LAST_RESORT = 1900;
