// State tables of RFCs as data: a row is written with the states and events the RFC puts in one row.

export interface Transition<State, Action> {
  readonly actions: readonly Action[];
  readonly next: State;
}

/** States, events, actions, new state. Names in one cell are parted by blanks. */
export type Row<State extends string> = readonly [states: string, events: string, actions: string, next: State];

export class TransitionTable<State extends string, Event extends string, Action extends string> {
  readonly #cells = new Map<string, Transition<State, Action>>();

  constructor(rows: readonly Row<State>[]) {
    for (const [states, events, actions, next] of rows) {
      const transition = { actions: words(actions) as Action[], next };
      for (const state of words(states)) {
        for (const event of words(events)) this.#cells.set(`${state} ${event}`, transition);
      }
    }
  }

  /** Undefined: the RFC's table has no such row. */
  lookup(state: State, event: Event): Transition<State, Action> | undefined {
    return this.#cells.get(`${state} ${event}`);
  }
}

function words(cell: string): string[] {
  return cell.split(' ').filter((word) => word !== '');
}
