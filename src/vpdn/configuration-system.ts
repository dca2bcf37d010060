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
  /** Logs in without being asked. */
  nopassword?: boolean | undefined;
  /** Run at login in place of the prompt. */
  autocommand?: string | undefined;
  /** The session goes on after the `autocommand`. */
  nohangup?: boolean | undefined;
  /** Forms without effect or not supported here, by their first word: `access-class 10`, `one-time`. */
  options?: Map<string, string> | undefined;
}

/** What a privilege level other than 15 is entered with. */
export interface EnableLevel {
  secret?: Secret | undefined;
  password?: Secret | undefined;
}

export interface Services {
  passwordEncryption: boolean;
  sequenceNumbers?: boolean | undefined;
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
  /** `%SYS-5-PRIV_AUTH_PASS` when somebody enters a privilege level. */
  userinfo?: boolean | undefined;
  /** Syslog servers. */
  hosts?: SyslogHost[] | undefined;
  /** The least severe that goes to them. */
  trap?: Severity | 'off' | undefined;
  facility?: string | undefined;
  sourceInterface?: string | undefined;
  /** What a message says of where it comes from. */
  originId?: 'hostname' | 'ip' | 'ipv6' | { text: string } | undefined;
}

export interface SyslogHost {
  /** An address or a name. */
  host: string;
  transport: 'udp' | 'tcp';
  /** Absent: that of the transport. */
  port?: number | undefined;
}

export type LogDestination = 'buffered' | 'console' | 'monitor';

/** `line con 0` or one of `line vty 0 15` (C012). */
export interface TerminalLine {
  /** Who is asked for what. Absent: nobody on the console, the line's own password on a vty. */
  login?: LineLogin | undefined;
  password?: Secret | undefined;
  /** Seconds without a key; 0: never. Absent: ten minutes. */
  execTimeout?: number | undefined;
  /** Minutes until a session ends, however busy it is. */
  absoluteTimeout?: number | undefined;
  /** Seconds before that: it is said. */
  logoutWarning?: number | undefined;
  /** Minutes, of connections out of the line. */
  sessionTimeout?: number | undefined;
  loggingSynchronous?: boolean | undefined;
  /** The level a login begins at, where the user has none of his own. */
  privilege?: number | undefined;
  transportInput?: 'all' | 'none' | Transport[] | undefined;
  length?: number | undefined;
  width?: number | undefined;
  historySize?: number | undefined;
  /** Standard access lists: who may connect, and where to. */
  accessClassIn?: string | undefined;
  accessClassOut?: string | undefined;
  /** Lines about the modem and the cable, by their first words. */
  metal?: Map<string, string> | undefined;
}

export type LineLogin =
  | { kind: 'none' | 'password' | 'local' }
  /** `login authentication LIST`. */
  | { kind: 'list'; list: string };

export type Transport = 'ssh' | 'telnet';

export interface Lines {
  console: TerminalLine;
  /** By number, from 0. */
  vty: TerminalLine[];
  /** Lines that no machine here has, by what stands behind `line`: `aux 0`, `1 16`. */
  others: Map<string, TerminalLine>;
}

/** `ip ssh …` */
export interface SshServer {
  version?: 1 | 2 | undefined;
  /** Seconds for the login. */
  timeOut?: number | undefined;
  authenticationRetries?: number | undefined;
  port?: number | undefined;
  /** By user name, in the order given. */
  publicKeys: Map<string, PublicKey[]>;
}

export type PublicKey =
  /** Base64 of the key as it goes over the wire (RFC 4253 §6.6), without blanks. */
  | { kind: 'key-string'; text: string }
  /** MD5 of the same, upper-case hexadecimal. */
  | { kind: 'key-hash'; algorithm: string; hash: string; comment?: string | undefined };

export type BannerKind = 'motd' | 'login' | 'exec' | 'incoming' | 'prompt-timeout' | 'slip-ppp';

/** A line of a standard access list; the first that matches decides, and behind the last stands `deny any`. */
export interface AccessListEntry {
  sequence: number;
  action: 'permit' | 'deny';
  address: string;
  /** Ones: bits that do not matter. */
  wildcard: string;
  log: boolean;
}

export interface AccessListRemark {
  sequence: number;
  remark: string;
}

/** Numbered ones print as `access-list 10 …`, named ones as a block. */
export interface AccessList {
  name: string;
  lines: (AccessListEntry | AccessListRemark)[];
}
