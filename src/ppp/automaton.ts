// The PPP option negotiation automaton, RFC 1661 §4. LCP and every NCP own one.
// The table is data, cell for cell as §4.1 prints it; nothing outside this file changes a state.

import type { Millis } from '../wire/machine.ts';

// biome-ignore format: the columns of the table below
export const STATES = ['Initial', 'Starting', 'Closed', 'Stopped', 'Closing', 'Stopping', 'Req-Sent', 'Ack-Rcvd', 'Ack-Sent', 'Opened'] as const;

// biome-ignore format: §4.1 cell for cell, to be read beside the RFC
export const TABLE = {
  //       0     1         2         3             4     5     6         7         8         9
  'Up':   '2     irc,scr/6 -         -             -     -     -         -         -         -',
  'Down': '-     -         0         tls/1         0     1     1         1         1         tld/1',
  'Open': 'tls/1 1         irc,scr/6 3r            5r    5r    6         7         8         9r',
  'Close':'0     tlf/0     2         2             4     4     irc,str/4 irc,str/4 irc,str/4 tld,irc,str/4',
  'TO+':  '-     -         -         -             str/4 str/5 scr/6     scr/6     scr/8     -',
  'TO-':  '-     -         -         -             tlf/2 tlf/3 tlf/3p    tlf/3p    tlf/3p    -',
  'RCR+': '-     -         sta/2     irc,scr,sca/8 4     5     sca/8     sca,tlu/9 sca/8     tld,scr,sca/8',
  'RCR-': '-     -         sta/2     irc,scr,scn/6 4     5     scn/6     scn/7     scn/6     tld,scr,scn/6',
  'RCA':  '-     -         sta/2     sta/3         4     5     irc/7     scr/6x    irc,tlu/9 tld,scr/6x',
  'RCN':  '-     -         sta/2     sta/3         4     5     irc,scr/6 scr/6x    irc,scr/8 tld,scr/6x',
  'RTR':  '-     -         sta/2     sta/3         sta/4 sta/5 sta/6     sta/6     sta/6     tld,zrc,sta/5',
  'RTA':  '-     -         2         3             tlf/2 tlf/3 6         6         8         tld,scr/6',
  'RUC':  '-     -         scj/2     scj/3         scj/4 scj/5 scj/6     scj/7     scj/8     scj/9',
  'RXJ+': '-     -         2         3             4     5     6         6         8         9',
  'RXJ-': '-     -         tlf/2     tlf/3         tlf/2 tlf/3 tlf/3     tlf/3     tlf/3     tld,irc,str/5',
  'RXR':  '-     -         2         3             4     5     6         7         8         ser/9',
} as const;

export type State = (typeof STATES)[number];
export type Event = keyof typeof TABLE;
/** The actions of §4.4 that reach outside, by its own abbreviations: `tlu` This-Layer-Up, `scr` Send-Configure-Request. */
export type Action = 'tlu' | 'tld' | 'tls' | 'tlf' | 'scr' | 'sca' | 'scn' | 'str' | 'sta' | 'scj' | 'ser';

/** The counters and the timer of §4.6, and the two options of the table's footnotes. */
export interface AutomatonSettings {
  readonly restartTimer: Millis;
  readonly maxConfigure: number;
  readonly maxTerminate: number;
  /** Footnote [r]: Open on a layer that is stopped or open takes it down and up again. */
  readonly restartOption?: boolean;
  /** Footnote [p]: when Configure-Requests have run out, wait in Stopped instead of finishing the layer. */
  readonly passiveOption?: boolean;
}

export class Automaton {
  /** Events that §4.1 says cannot occur in the state they came in. */
  impossible = 0;
  /** Footnote [x]: replies that show two negotiations crossing. */
  crossed = 0;
  readonly #settings: AutomatonSettings;
  #state = INITIAL;
  #restartCounter = 0;
  #deadline: Millis = Number.POSITIVE_INFINITY;

  constructor(settings: AutomatonSettings) {
    this.#settings = settings;
  }

  get state(): State {
    return STATES[this.#state]!;
  }

  /** When the Restart timer fires; `Infinity` while it is stopped. */
  get deadline(): Millis {
    return this.#deadline;
  }

  handle(event: Event, now: Millis): readonly Action[] {
    const cell = CELLS[event][this.#state]!;
    if (cell === IMPOSSIBLE) {
      this.impossible++;
      return NOTHING;
    }
    if (cell.footnote === 'x') this.crossed++;
    for (const count of cell.counting) this.#count(count, cell, now);
    this.#state = cell.next;
    // §4.6: the Restart timer runs in the states that wait for an answer, and in no other.
    if (!TIMED[this.#state]) this.#deadline = Number.POSITIVE_INFINITY;
    if (cell.footnote === 'r' && this.#settings.restartOption === true) {
      return [...cell.actions, ...this.handle('Down', now), ...this.handle('Up', now)];
    }
    if (cell.footnote === 'p' && this.#settings.passiveOption === true) return NOTHING;
    return cell.actions;
  }

  /** What the Restart timer means when it fires at `deadline`. */
  get timeoutEvent(): 'TO+' | 'TO-' {
    return this.#restartCounter > 0 ? 'TO+' : 'TO-';
  }

  /** Up without speaking first: a layer that is Starting waits in Stopped, where a Configure-Request opens it (§4.2). */
  listen(): void {
    if (this.#state === STARTING) this.#state = STOPPED;
  }

  #count(action: Counting, cell: Cell, now: Millis): void {
    switch (action) {
      case 'irc':
        this.#restartCounter = cell.terminating ? this.#settings.maxTerminate : this.#settings.maxConfigure;
        return;
      case 'zrc':
        // §4.4: the counter is zero so that the peer has one timer's span to see the Terminate-Ack.
        this.#restartCounter = 0;
        break;
      case 'scr':
      case 'str':
        this.#restartCounter--; // §4.6: the first transmission counts too
        break;
      default:
        action satisfies never;
    }
    this.#deadline = now + this.#settings.restartTimer;
  }
}

type Counting = 'irc' | 'zrc' | 'scr' | 'str';

interface Cell {
  readonly actions: readonly Action[];
  /** Those of the cell's actions that touch the Restart counter or timer, in order. */
  readonly counting: readonly Counting[];
  readonly terminating: boolean;
  readonly next: number;
  readonly footnote: string;
}

function parseCell(text: string): Cell {
  if (text === '-') return IMPOSSIBLE;
  const slash = text.indexOf('/');
  const names = slash < 0 ? [] : text.slice(0, slash).split(',');
  return {
    actions: names.filter((name) => name !== 'irc' && name !== 'zrc') as Action[],
    counting: names.filter((name) => ['irc', 'zrc', 'scr', 'str'].includes(name)) as Counting[],
    terminating: names.includes('str'),
    next: Number(text[slash + 1]),
    footnote: text.slice(slash + 2),
  };
}

const NOTHING: readonly Action[] = [];
const IMPOSSIBLE: Cell = { actions: NOTHING, counting: [], terminating: false, next: 0, footnote: '' };
const [INITIAL, STARTING, STOPPED] = [0, 1, 3];
const TIMED = STATES.map((_, state) => state >= 4 && state <= 8);
const CELLS = Object.fromEntries(
  Object.entries(TABLE).map(([event, row]) => [event, row.split(/ +/).map(parseCell)]),
) as unknown as Readonly<Record<Event, readonly Cell[]>>;
