// What a command shows.

/** Lines, and whether it was done: a script is to know. */
export interface Shown {
  readonly lines: Iterable<string>;
  readonly done: boolean;
}
