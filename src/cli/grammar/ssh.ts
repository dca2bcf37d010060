// `ip ssh …`: the SSH server, and the public keys that users log in with.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { PublicKey, SshServer } from '../../vpdn/configuration-system.ts';
import type { Standing } from '../../vpdn/standing.ts';
import { HONOURED } from '../../vpdn/standing.ts';
import { line, name, number, optional, words, wordsInFull } from '../syntax.ts';
import { type Command, definer, entered, type Mode, notSupported, refused, withoutEffect } from '../tree.ts';
import { inertCommands } from './inert.ts';
import { modeLines } from './mode-lines.ts';
import { exitCommand, numberSetting } from './setting.ts';

const define = definer<Configuration>();

/** The lines of one key, each of what fits on a line of a terminal. */
export const KEY_DATA_MODE: Mode<PublicKey> = {
  name: 'ssh-pubkey-data',
  prompt: 'conf-ssh-pubkey-data',
  heading: 'SSH public key data:',
  find: (configuration, key) => {
    const [user, index] = key.split(' ');
    return configuration.ssh.publicKeys.get(user!)?.[Number(index)];
  },
  commands: [
    definer<PublicKey>()({
      path: [wordsInFull('exit', 'Exit from public key data mode')],
      set: () => ({ outcome: 'left' }),
    }),
    definer<PublicKey>()({
      path: [line('data', 'Base64 of the key, or a line of an OpenSSH .pub file')],
      set: ({ subject }, { data }) => {
        if (subject.kind !== 'key-string') return;
        const words = data.split(/[ \t]+/);
        const text = /^(?:ssh-|ecdsa-)/.test(words[0]!) ? words[1] : words[0];
        if (text === undefined || !/^[A-Za-z0-9+/]+=*$/.test(text))
          return refused('%SSH: Failed to decode the Key Value');
        if (subject.text.length + text.length > LONGEST_KEY) return refused('%SSH: The key is too long');
        subject.text += text;
      },
      lines: ({ subject }) => (subject.kind === 'key-string' ? (subject.text.match(/.{1,72}/g) ?? []) : []),
    }),
  ],
};

export const USER_KEYS_MODE: Mode<PublicKey[]> = {
  name: 'ssh-pubkey-user',
  prompt: 'conf-ssh-pubkey-user',
  heading: 'SSH public key user configuration commands:',
  find: (configuration, key) => configuration.ssh.publicKeys.get(key),
  commands: [
    exitCommand('public key user'),
    definer<PublicKey[]>()({
      path: [words('key-string', 'Enter the public key')],
      set: ({ subject, configuration }) => {
        subject.push({ kind: 'key-string', text: '' });
        const [user] = [...configuration.ssh.publicKeys].find(([, keys]) => keys === subject)!;
        return entered(KEY_DATA_MODE, `${user} ${subject.length - 1}`, 'key-string');
      },
      unset: ({ subject }) => {
        subject.splice(0, subject.length, ...subject.filter(({ kind }) => kind !== 'key-string'));
      },
      // All keys of the user, in the order in which they are tried.
      lines: (scope) => scope.subject.flatMap((key) => keyLines(key, scope)),
      about: 'Keys of every kind the SSH server takes (ext); IOS takes RSA keys only.',
    }),
    definer<PublicKey[]>()({
      path: [
        words('key-hash', 'Enter the hash of the public key'),
        name('algorithm', 'ssh-rsa'),
        name('hash', 'Hash'),
        optional(line('comment', 'Comment')),
      ],
      keep: 3,
      set: ({ subject }, { algorithm, hash, comment }) => {
        if (!/^[0-9A-Fa-f]{32}$/.test(hash)) return refused('%SSH: Failed to decode the Key Hash');
        const key: PublicKey = { kind: 'key-hash', algorithm, hash: hash.toUpperCase() };
        subject.push(comment === undefined ? key : { ...key, comment });
      },
      unset: ({ subject }, { hash }) => {
        subject.splice(
          0,
          subject.length,
          ...subject.filter((key) => key.kind !== 'key-hash' || key.hash !== hash?.toUpperCase()),
        );
      },
      about: 'MD5 of the key, as IOS prints it.',
    }),
  ],
};

export const PUBKEY_CHAIN_MODE: Mode<SshServer> = {
  name: 'ssh-pubkey-chain',
  prompt: 'conf-ssh-pubkey',
  heading: 'SSH public key configuration commands:',
  find: ({ ssh }) => ssh,
  commands: [
    exitCommand('public key'),
    definer<SshServer>()({
      path: [words('username', 'Configure the username for SSH'), name('user', 'SSH user name')],
      keep: 2,
      set: ({ subject }, { user }) => {
        if (!subject.publicKeys.has(user)) subject.publicKeys.set(user, []);
        return entered(USER_KEYS_MODE, user, `username ${user}`);
      },
      unset: ({ subject }, { user }) => {
        subject.publicKeys.delete(user!);
      },
      lines: (scope) => {
        return [...scope.subject.publicKeys].flatMap(([user, keys]) => {
          const head = `username ${user}`;
          return [head, ...modeLines(USER_KEYS_MODE, keys, scope, head)];
        });
      },
    }),
  ],
};

export const SSH: Command<Configuration>[] = [
  numberSetting<Configuration>({
    text: 'ip ssh time-out',
    help: 'Specify SSH time-out interval',
    low: 1,
    high: 120,
    valueHelp: 'SSH time-out interval (secs)',
    normally: 120,
    get: ({ ssh }) => ssh.timeOut,
    put: ({ ssh }, value) => {
      ssh.timeOut = value;
    },
    entries: ['C027'],
    about: 'Default 120 s for the login.',
  }),
  numberSetting<Configuration>({
    text: 'ip ssh authentication-retries',
    help: 'Specify number of authentication retries',
    low: 0,
    high: 5,
    valueHelp: 'Number of authentication retries',
    normally: 3,
    get: ({ ssh }) => ssh.authenticationRetries,
    put: ({ ssh }, value) => {
      ssh.authenticationRetries = value;
    },
    entries: ['C027'],
    about: 'Default 3.',
  }),
  define({
    path: [
      words('ip ssh version', 'Specify protocol version to be supported'),
      number('version', 1, 2, 'Protocol version'),
    ],
    set: ({ subject: { ssh } }, { version }) => {
      ssh.version = version as 1 | 2;
    },
    unset: ({ subject: { ssh } }) => {
      ssh.version = undefined;
    },
    lines: ({ subject: { ssh } }) => (ssh.version === undefined ? undefined : `ip ssh version ${ssh.version}`),
    standing: ({ version }): Standing => {
      return version === 1 ? notSupported('version 1 is broken: version 2 is served whatever is said') : HONOURED;
    },
    entries: ['C027'],
    about: 'Version 2 always.',
  }),
  numberSetting<Configuration>({
    text: 'ip ssh port',
    help: 'Port that the SSH server listens on (ext)',
    low: 1,
    high: 65535,
    valueHelp: 'TCP port',
    normally: 22,
    get: ({ ssh }) => ssh.port,
    put: ({ ssh }, value) => {
      ssh.port = value;
    },
    entries: ['C027'],
    about: 'Default 22. IOS has it with a rotary group only.',
  }),
  ...inertCommands<Configuration>(withoutEffect('the SSH server chooses its algorithms and writes its own log lines'), [
    { text: 'ip ssh break-string', help: 'Break-string', takes: 'line' },
    { text: 'ip ssh client', help: 'SSH client parameters', takes: 'line', several: true },
    { text: 'ip ssh dh', help: 'Diffie-Hellman', takes: 'line' },
    { text: 'ip ssh logging', help: 'Configure logging for SSH', takes: 'line' },
    { text: 'ip ssh rsa', help: 'Configure RSA keypair name for SSH', takes: 'line' },
    { text: 'ip ssh server', help: 'SSH server parameters', takes: 'line', several: true },
  ]),
  ...inertCommands<Configuration>(
    notSupported('SSH is served as the lines say: the rest of `ip ssh` changes nothing'),
    [
      { text: 'ip ssh maxstartups', help: 'Maximum concurrent sessions allowed', takes: 'line' },
      {
        text: 'ip ssh source-interface',
        help: 'Specify interface for source address in SSH connections',
        takes: 'line',
      },
      { text: 'ip scp', help: 'Scp commands', takes: 'line' },
    ],
  ),
  define({
    path: [words('ip ssh pubkey-chain', 'Enter pubkey-chain configuration mode')],
    set: () => entered(PUBKEY_CHAIN_MODE, '', 'ip ssh pubkey-chain'),
    unset: ({ subject: { ssh } }) => ssh.publicKeys.clear(),
    lines: (scope) => {
      const { ssh } = scope.subject;
      if (ssh.publicKeys.size === 0) return undefined;
      return ['ip ssh pubkey-chain', ...modeLines(PUBKEY_CHAIN_MODE, ssh, scope, 'ip ssh pubkey-chain'), '!'];
    },
    entries: ['C027'],
    about: 'Public keys of users; a key is good without a `username`, whose privilege it takes where there is one.',
  }),
  key('crypto key generate rsa', 'Generate RSA keys', true),
  key('crypto key zeroize rsa', 'Remove RSA keys', false),
];

/** No lines of a configuration but commands, which IOS takes in configuration mode. */
function key(text: string, help: string, sized: boolean): Command<Configuration> {
  const rest = sized ? [optional(line('rest', 'modulus <360-4096>'))] : [];
  return define({
    path: [words(text, help), ...rest],
    set: (_, captured) => {
      const { rest: more } = captured as { rest?: string };
      return { outcome: 'exec', line: more === undefined ? text : `${text} ${more}` };
    },
    entries: ['C027'],
    about: 'A command: it is done at once and stands in no configuration.',
  });
}

function keyLines(key: PublicKey, scope: Parameters<typeof modeLines>[2]): string[] {
  if (key.kind === 'key-hash') {
    return [`key-hash ${key.algorithm} ${key.hash}${key.comment === undefined ? '' : ` ${key.comment}`}`];
  }
  return key.text === '' ? [] : ['key-string', ...modeLines(KEY_DATA_MODE, key, scope, 'key-string'), ' exit'];
}

/** Characters: an RSA key of 16384 bits has under 3000. */
const LONGEST_KEY = 4096;
