// The password of a call, from where nobody else sees it: a file, the variable VPDN_PASSWORD, a pipe, or the terminal, which does
// not show it.

import { readFileSync, statSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import { reasonOf } from '../file-error.ts';
import { OperatorError } from '../operator-error.ts';

export interface PasswordSources {
  readonly file?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly input: NodeJS.ReadStream;
  /** Where the question is asked. */
  readonly ask: (text: string) => void;
}

export async function readPassword(sources: PasswordSources): Promise<string> {
  const password = await fromAnywhere(sources);
  if (password === '') throw new OperatorError('dial: the password is empty');
  if (password.length > MOST_CHARACTERS) throw new OperatorError('dial: the password is too long for any server');
  return password;
}

async function fromAnywhere({ file, environment, input, ask }: PasswordSources): Promise<string> {
  if (file !== undefined) return fromFile(file, ask);
  const given = environment[VARIABLE];
  if (given !== undefined) {
    // Whatever is started from here has no need of it.
    delete environment[VARIABLE];
    return given;
  }
  if (!input.isTTY) return firstLine(await fromPipe(input));
  const typed = await fromTerminal(input, () => ask('Password: '));
  ask('\n');
  if (typed === undefined) throw new OperatorError('dial: no password, no call');
  return typed;
}

function fromFile(path: string, ask: (text: string) => void): string {
  try {
    const text = readFileSync(path, 'utf8');
    if ((statSync(path).mode & READABLE_BY_OTHERS) !== 0) ask(`vpdn: others can read ${path}: chmod 600 ${path}\n`);
    return firstLine(text);
  } catch (error) {
    throw new OperatorError(`dial: cannot read the password in ${path}: ${reasonOf(error)}`);
  }
}

async function fromPipe(input: NodeJS.ReadStream): Promise<string> {
  let text = '';
  input.setEncoding('utf8');
  for await (const chunk of input as AsyncIterable<string>) {
    text += chunk;
    if (text.includes('\n') || text.length > MOST_CHARACTERS + 2) break;
  }
  return text;
}

/** Key by key, so that the terminal shows none; undefined: given up, by Ctrl-C or Ctrl-D. */
function fromTerminal(input: ReadStream, prompt: () => void): Promise<string | undefined> {
  return new Promise((resolve) => {
    let typed = '';
    const finish = (password: string | undefined) => {
      input.off('data', keys).off('end', gone);
      input.setRawMode(false);
      input.pause();
      resolve(password);
    };
    const gone = () => finish(undefined);
    const keys = (text: string) => {
      for (const key of text) {
        if (key === '\r' || key === '\n') return finish(typed);
        if (key === CTRL_C || key === CTRL_D) return finish(undefined);
        if (key === CTRL_U) typed = '';
        else if (key === BACKSPACE || key === DELETE) typed = [...typed].slice(0, -1).join('');
        else typed += key;
      }
    };
    input.setRawMode(true);
    input.setEncoding('utf8');
    input.on('data', keys).once('end', gone);
    input.resume();
    // Only now: what somebody types who has seen it is not shown any more.
    prompt();
  });
}

const firstLine = (text: string) => text.split(/\r?\n/, 1)[0]!;

const VARIABLE = 'VPDN_PASSWORD';
const [CTRL_C, CTRL_D, CTRL_U, BACKSPACE, DELETE] = ['\x03', '\x04', '\x15', '\b', '\x7f'];
/** RFC 2759 §8: a password of MS-CHAP-V2 has 256 characters at most. */
const MOST_CHARACTERS = 256;
const READABLE_BY_OTHERS = 0o077;
