// What the lines about the router itself mean: users and secrets, services, logging.

/** A secret as typed: `0` is clear text, `7` the reversible IOS form; `secret` forms are one-way. */
export interface Secret {
  type: 0 | 5 | 7 | 8 | 9;
  text: string;
}

export interface User {
  name: string;
  privilege?: number | undefined;
  /** Reversible: what CHAP and tunnel authentication need. */
  password?: Secret | undefined;
  /** One-way: good for a login and for PAP only. */
  secret?: Secret | undefined;
}

export interface Services {
  passwordEncryption: boolean;
  timestampsLog: Timestamps;
  timestampsDebug: Timestamps;
}

export type Timestamps =
  | { kind: 'none' }
  | { kind: 'uptime' }
  | { kind: 'datetime'; msec: boolean; localtime: boolean; showTimezone: boolean; year: boolean };

export type Severity = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

export interface Logging {
  on: boolean;
  /** Octets of the ring that `show logging` prints. */
  bufferSize?: number | undefined;
  buffered?: Severity | undefined;
  console?: Severity | undefined;
  monitor?: Severity | undefined;
  /** Turned off altogether: `no logging console`. */
  silent?: LogDestination[] | undefined;
}

export type LogDestination = 'buffered' | 'console' | 'monitor';
