// Users and the secrets of privilege levels (C007, C008).

import type { Configuration } from '../../vpdn/configuration.ts';
import type { EnableLevel, Secret, User } from '../../vpdn/configuration-system.ts';
import { matchesSecret, revealSecret } from '../../vpdn/secret.ts';
import type { Standing } from '../../vpdn/standing.ts';
import { HONOURED } from '../../vpdn/standing.ts';
import { enableLevel, formatSecret, readOneWay, readSecret, secretPart } from '../password.ts';
import {
  anyOrder,
  choice,
  flag,
  line,
  name,
  nameAfterWords,
  number,
  oneOf,
  optional,
  sequence,
  word,
  words,
} from '../syntax.ts';
import { type Command, definer, notSupported, refused, warned, withoutEffect } from '../tree.ts';

const define = definer<Configuration>();

const ONE_WAY = {
  '0': 'Specifies an UNENCRYPTED secret will follow',
  '5': 'Specifies an MD5 HASHED secret will follow',
  '8': 'Specifies a PBKDF2 HASHED secret will follow',
  '9': 'Specifies a SCRYPT HASHED secret will follow',
} as const;
const SECRET = sequence(
  word('secret', 'Specify the secret for the user'),
  optional(oneOf('hash', ONE_WAY)),
  line('oneWay', 'The UNENCRYPTED (cleartext) user secret'),
);
const PASSWORD = sequence(
  word('password', 'Specify the password for the user'),
  secretPart('The UNENCRYPTED (cleartext) user password'),
);
const OPTIONS = anyOrder(
  sequence(word('privilege', 'Set user privilege level'), number('privilege', 0, 15, 'User privilege level')),
  sequence(
    word('access-class', 'Restrict access by access-class'),
    nameAfterWords('access-class', 'Access-class number or name'),
  ),
  sequence(
    word('callback-dialstring', 'Callback dialstring'),
    nameAfterWords('callback-dialstring', 'Dial string to call back'),
  ),
  sequence(
    word('user-maxlinks', "Limit the user's number of inbound links"),
    number('user-maxlinks', 1, 255, 'Most links of the user'),
  ),
  flag('one-time', 'Specify that the username/password is valid for only one time'),
  flag('dnis', 'Do not require password when obtained via DNIS'),
  flag('nocallback-verify', 'Do not require authentication after callback'),
  flag('noescape', 'Prevent the user from using an escape character'),
  flag('nohangup', 'Do not disconnect after automatic command'),
);

const OPTION_STANDINGS: Readonly<Record<string, Exclude<Standing, { class: 'honoured' }>>> = {
  'access-class': notSupported('the user may log in from everywhere: `access-class` of a line says from where'),
  'callback-dialstring': withoutEffect('nobody is called back over a tunnel'),
  'user-maxlinks': notSupported('the links of a user are not counted'),
  'one-time': notSupported('the password stays good after its first use'),
  dnis: withoutEffect('no number is dialled to reach a user'),
  'nocallback-verify': withoutEffect('nobody is called back over a tunnel'),
  noescape: withoutEffect('there is no escape from a session here'),
};

// RFC 1994 §2.2 needs the secret itself at both ends, so `password` is reversible; `secret` is for what compares hashes.
export const USERNAME = define({
  path: [
    word('username', 'Establish User Name Authentication'),
    name('user', 'User name'),
    OPTIONS,
    optional(
      choice(
        PASSWORD,
        SECRET,
        flag('nopassword', 'No password is required for the user to log in'),
        sequence(
          word('autocommand', 'Automatically issue a command after the user logs in'),
          line('autocommand', 'Command to be automatically issued after the user logs in'),
        ),
      ),
    ),
  ],
  keep: 2,
  set: ({ configuration }, typed) => {
    const user: User = { ...(configuration.users.get(typed.user) ?? { name: typed.user }) };
    if (typed.privilege !== undefined) user.privilege = typed.privilege;
    if (typed.autocommand !== undefined) user.autocommand = typed.autocommand;
    if (typed.nohangup === true) user.nohangup = true;
    setOptions(user, typed);
    if (typed.nopassword === true) {
      user.nopassword = true;
      delete user.password;
      delete user.secret;
    }
    if (typed.secret !== undefined) {
      if (user.secret !== undefined) return refused(BOTH);
      const password = readSecret(configuration, { ...typed, secret: typed.secret });
      if (typeof password === 'string') return refused(password);
      user.password = password;
      delete user.nopassword;
    }
    if (typed.oneWay !== undefined) {
      if (user.password !== undefined) return refused(BOTH);
      const secret = readOneWay(typed.hash, typed.oneWay);
      if (typeof secret === 'string') return refused(secret);
      user.secret = secret;
      delete user.nopassword;
    }
    configuration.users.set(user.name, user);
  },
  unset: ({ configuration }, { user }) => {
    configuration.users.delete(user!);
  },
  lines: ({ subject }) => [...subject.users.values()].flatMap(formatUser),
  standing: (typed) => {
    const found = Object.keys(OPTION_STANDINGS).find((option) => option in typed);
    return found === undefined ? HONOURED : OPTION_STANDINGS[found]!;
  },
  entries: ['C008'],
  about:
    'Several lines for one name add up. CHAP, MS-CHAP and tunnel secrets need `password`; `secret` serves PAP and login only, and is kept as type 9.',
});

function setOptions(user: User, typed: Readonly<Record<string, unknown>>): void {
  const options = new Map(user.options);
  for (const option of Object.keys(OPTION_STANDINGS)) {
    const value = typed[option];
    if (value !== undefined) options.set(option, value === true ? option : `${option} ${value}`);
  }
  if (options.size > 0) user.options = options;
}

function formatUser(user: User): string[] {
  const head = `username ${user.name}`;
  const parts = [
    ...(user.privilege === undefined ? [] : [`privilege ${user.privilege}`]),
    ...Object.keys(OPTION_STANDINGS).flatMap((option) => user.options?.get(option) ?? []),
    ...(user.nohangup === true ? ['nohangup'] : []),
    ...(user.nopassword === true ? ['nopassword'] : []),
    ...(user.password === undefined ? [] : [`password ${formatSecret(user.password)}`]),
    ...(user.secret === undefined ? [] : [`secret ${formatSecret(user.secret)}`]),
  ];
  const { autocommand } = user;
  // Each takes the rest of its line.
  const second = autocommand === undefined ? [] : [`${head} autocommand ${autocommand}`];
  return parts.length === 0 && second.length > 0 ? second : [[head, ...parts].join(' '), ...second];
}

const LEVEL = optional(sequence(word('level', 'Set exec level password'), number('level', 1, 15, 'Level number')));

// Both may be there; the secret wins, as in IOS.
export const ENABLE: Command<Configuration>[] = [
  define({
    path: [
      words('enable secret', 'Assign the privileged level secret'),
      LEVEL,
      optional(oneOf('hash', ONE_WAY)),
      line('text', "The UNENCRYPTED (cleartext) 'enable' secret"),
    ],
    keep: 2,
    set: ({ subject }, { level = 15, hash, text }) => {
      const secret = readOneWay(hash, text);
      if (typeof secret === 'string') return refused(secret);
      setLevel(subject, level, { secret });
    },
    unset: ({ subject }, { level = 15 }) => setLevel(subject, level, { secret: undefined }),
    lines: ({ subject }) => levelLines(subject, 'secret'),
    entries: ['C007'],
    about: 'Default none. Kept as type 9. With none, `enable` works on the console only.',
  }),
  define({
    path: [
      words('enable password', 'Assign the privileged level password'),
      LEVEL,
      secretPart("The UNENCRYPTED (cleartext) 'enable' password"),
    ],
    keep: 2,
    set: ({ subject }, { level = 15, ...typed }) => {
      const password = readSecret(subject, typed);
      if (typeof password === 'string') return refused(password);
      setLevel(subject, level, { password });
      return isSame(password, enableLevel(subject, level).secret) ? warned(SAME) : undefined;
    },
    unset: ({ subject }, { level = 15 }) => setLevel(subject, level, { password: undefined }),
    lines: ({ subject }) => levelLines(subject, 'password'),
    entries: ['C007'],
    about: 'Default none. Reversible: `enable secret` is better, and wins where both are set.',
  }),
];

function setLevel(configuration: Configuration, level: number, change: EnableLevel): void {
  const changed = { ...enableLevel(configuration, level), ...change };
  if (level === 15) {
    configuration.enableSecret = changed.secret;
    configuration.enablePassword = changed.password;
  } else if (changed.secret === undefined && changed.password === undefined) configuration.enableLevels.delete(level);
  else configuration.enableLevels.set(level, changed);
}

function levelLines(configuration: Configuration, kind: keyof EnableLevel): string[] {
  const levels = [...configuration.enableLevels.keys(), 15].sort((a, b) => a - b);
  return levels.flatMap((level) => {
    const secret = enableLevel(configuration, level)[kind];
    const which = level === 15 ? '' : ` level ${level}`;
    return secret === undefined ? [] : [`enable ${kind}${which} ${formatSecret(secret)}`];
  });
}

function isSame(password: Secret, secret: Secret | undefined): boolean {
  const clear = revealSecret(password);
  return secret !== undefined && clear !== undefined && matchesSecret(secret, clear);
}

const BOTH = 'ERROR: Can not have both a user password and a user secret.\nPlease choose one or the other.';
const SAME =
  'The enable password you have chosen is the same as your enable secret.\nThis is not recommended.  Re-enter the enable password.';
