// Something the person at the terminal can put right: printed as one line, without a stack.

export class OperatorError extends Error {
  /** The exit status of the command. */
  readonly status: number;

  constructor(message: string, status = 1) {
    super(message);
    this.name = 'OperatorError';
    this.status = status;
  }
}
