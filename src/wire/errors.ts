// The error classes. `code` is kebab-case and stable: it keys the log mnemonic, the counter and the metric label.

export class VpdnError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Octets that break their format. `offset` is where, from the start of the octets being decoded. */
export class DecodeError extends VpdnError {
  readonly offset: number;

  constructor(code: string, offset: number, expected: string) {
    super(code, expected);
    this.offset = offset;
  }
}

/** The caller asked for something the protocol forbids: our own bug, a test fails. */
export class LocalError extends VpdnError {}

/** A command that cannot be taken. `column` counts from 0 within `line`, where the caret goes. */
export class ConfigError extends VpdnError {
  readonly line: number;
  readonly column: number;

  constructor(code: string, message: string, line: number, column: number) {
    super(code, message);
    this.line = line;
    this.column = column;
  }
}

/** A system call that said no. */
export class SystemError extends VpdnError {
  readonly syscall: string;
  readonly errno: string;

  constructor(syscall: string, errno: string, detail: string) {
    super('system', `${syscall}: ${errno}${detail === '' ? '' : ` (${detail})`}`);
    this.syscall = syscall;
    this.errno = errno;
  }
}

/** A broken invariant: ends one session, never the daemon. */
export class Bug extends VpdnError {
  constructor(message: string) {
    super('bug', message);
  }
}
