// Whom `vpdn dial` calls: `pptp://USER@HOST` or `l2tp://USER@HOST`. A password has no place in it: everybody on the machine can
// read the words of a command.

import { OperatorError } from '../operator-error.ts';

export interface DialTarget {
  readonly protocol: 'pptp' | 'l2tp';
  /** As the server knows it: `alice`, `OFFICE\alice`, `alice@office.example`. */
  readonly user: string;
  /** A name or an address. */
  readonly host: string;
}

/** Says nothing of the text itself where it is wrong: it could hold a password after all. */
export function parseTarget(text: string): DialTarget {
  const parts = /^([a-z0-9]+):\/\/(?:(.*)@)?([^@:/?#]+)(?::(\d+))?\/?$/i.exec(text);
  if (parts === null) throw new OperatorError('dial: whom? vpdn dial pptp://USER@HOST', USAGE);
  const [, scheme, user, host, port] = parts;
  const protocol = scheme!.toLowerCase();
  if (protocol !== 'pptp' && protocol !== 'l2tp') {
    throw new OperatorError(`dial: ${protocol} is not spoken here: pptp://USER@HOST or l2tp://USER@HOST`, USAGE);
  }
  if (user === undefined || user === '') {
    throw new OperatorError(`dial: as whom? vpdn dial ${protocol}://USER@${host}`, USAGE);
  }
  if (user.includes(':')) {
    const where = 'the terminal asks for it, or --password-file FILE, or the variable VPDN_PASSWORD, or standard input';
    throw new OperatorError(`dial: everybody here can read a password on the command line: ${where}`, USAGE);
  }
  if (port !== undefined && Number(port) !== PORTS[protocol]) {
    throw new OperatorError(`dial: ${protocol.toUpperCase()} has one port, ${PORTS[protocol]}`, USAGE);
  }
  const name = unescaped(user);
  if (name.length > MOST_OCTETS || /\p{Cc}/u.test(name)) {
    throw new OperatorError('dial: that cannot be the name of a user', USAGE);
  }
  return { protocol, user: name, host: host! };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that is just one
  }
}

/** RFC 2637 §1.3; RFC 2661 §8.1. */
const PORTS = { pptp: 1723, l2tp: 1701 } as const;
/** Of a Name field that any server takes (RFC 2759 §4). */
const MOST_OCTETS = 256;
const USAGE = 2;
