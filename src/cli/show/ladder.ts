// The negotiation ladder: two routers, time running down, an arrow a message. Pure: steps in, lines of text out.
// A line is made of coloured pieces, so that with and without colour the text is the same by construction.
//
//               │ SCCRQ ── host peer1, tunnel 20, challenge ──────────────────▶ │
//       1.2 ms  │ ◀────────────────── host peer2, tunnel 9, response ── SCCRP   │

import type { Millis } from '../../wire/machine.ts';
import { printable } from '../../wire/values.ts';

export type LadderProtocol = 'L2TP' | 'LCP' | 'CHAP' | 'PAP' | 'IPCP';
export type LadderPhase = 'Tunnel' | 'Call' | 'LCP' | 'Authentication' | 'IPCP' | 'Teardown';

export interface LadderStep {
  /** Since the first step. */
  readonly at: Millis;
  readonly direction: 'client->server' | 'server->client';
  readonly protocol: LadderProtocol;
  /** `SCCRQ`, `Configure-Request`. */
  readonly message: string;
  readonly detail: string;
  /** Sent before; drawn paler. */
  readonly retransmission?: boolean | undefined;
}

export interface LadderEnd {
  readonly name: string;
  readonly address: string;
}

export interface LadderOptions {
  /** ANSI colours; off unless asked for. */
  readonly colour?: boolean | undefined;
  /** Columns of the terminal; no less than 60 are used. */
  readonly width?: number | undefined;
}

export interface LadderOutcome {
  readonly succeeded: boolean;
  readonly text: string;
}

/** Draws as the steps come in; it remembers only which phase it is in. */
export class Ladder {
  readonly #client: LadderEnd;
  readonly #server: LadderEnd;
  readonly #colour: boolean;
  /** Columns between the two rails. */
  readonly #inner: number;
  #phase: LadderPhase | undefined;

  constructor(client: LadderEnd, server: LadderEnd, options: LadderOptions = {}) {
    this.#client = client;
    this.#server = server;
    this.#colour = options.colour ?? false;
    this.#inner = Math.max(60, options.width ?? 80) - MARGIN - 3;
  }

  /** The two boxes on top. */
  head(): string[] {
    const width = Math.floor((this.#inner - 2) / 2);
    const box = (end: LadderEnd, title: string, rightward: boolean) => boxLines(end, title, width, rightward);
    const left = box(this.#client, 'client', false);
    const right = box(this.#server, 'server', true);
    const gap = ' '.repeat(this.#inner + 4 - 2 * (width + 2));
    return left.map((pieces, index) => this.#paint([plain(INDENT), ...pieces, plain(gap), ...right[index]!]));
  }

  step(step: LadderStep): string[] {
    const phase = phaseOf(step);
    const opens = phase !== undefined && this.#opens(phase, step);
    const lines = opens ? this.#heading(phase) : [];
    if (opens) this.#phase = phase;
    // A straggler of an earlier phase gets no heading of its own, but says what it belongs to.
    const straggles = phase !== undefined && phase !== this.#phase;
    lines.push(this.#arrow(step, straggles ? `${step.protocol} ${step.message}` : step.message));
    return lines;
  }

  /** How it ended, between the rails. */
  foot({ succeeded, text }: LadderOutcome): string[] {
    const sign = succeeded ? '✔' : '✘';
    const words = cutTo(`${sign} ${clean(text)}`, this.#inner - 4);
    const style: Style = succeeded ? 'success' : 'failure';
    return [this.#rails([plain(' '.repeat(this.#inner))]), this.#rails(this.#centred(words, '─', style), ['╰', '╯'])];
  }

  /** Phases follow one another; only a new tunnel or a new call goes back. */
  #opens(phase: LadderPhase, { message, retransmission }: LadderStep): boolean {
    if (phase === this.#phase) return false;
    if (this.#phase === undefined) return true;
    if (!retransmission && (message === 'SCCRQ' || message === 'ICRQ')) return true;
    return PHASES.indexOf(phase) > PHASES.indexOf(this.#phase);
  }

  #heading(phase: LadderPhase): string[] {
    const lines = this.#phase === undefined ? [] : [this.#rails([plain(' '.repeat(this.#inner))])];
    return [...lines, this.#rails(this.#centred(phase, '╌', 'heading'), ['├', '┤'])];
  }

  #arrow(step: LadderStep, name: string): string {
    const room = this.#inner - 2;
    const style: Style =
      step.retransmission || step.message === 'ZLB' ? 'pale' : (phaseOf(step) ?? this.#phase ?? 'Tunnel');
    const label = cutTo(clean(`${name}${step.retransmission ? ' again' : ''}`), room - 12);
    // Beside label and detail: the head, a blank, and two columns of shaft on each side of the detail.
    const detail = cutTo(clean(step.detail), room - label.length - 8);
    const middle = detail === '' ? '' : ` ${detail} `;
    const shaft = '─'.repeat(room - label.length - 1 - 2 - middle.length - 1);
    const toServer = step.direction === 'client->server';
    const pieces: Piece[] = toServer
      ? [piece(label, style), piece(' ──', style), piece(middle, 'detail'), piece(`${shaft}▶`, style)]
      : [piece(`◀${shaft}`, style), piece(middle, 'detail'), piece('── ', style), piece(label, style)];
    return this.#rails([plain(' '), ...pieces, plain(' ')], ['│', '│'], formatOffset(step.at));
  }

  #rails(inside: Piece[], [left, right]: readonly [string, string] = ['│', '│'], time = ''): string {
    const margin = piece(`${time.padStart(MARGIN - 2)}  `, 'pale');
    return this.#paint([margin, piece(left, 'rail'), ...inside, piece(right, 'rail')]);
  }

  #centred(text: string, filler: string, style: Style): Piece[] {
    const rest = this.#inner - text.length - 2;
    const before = Math.floor(rest / 2);
    return [
      piece(filler.repeat(before), 'rail'),
      piece(` ${text} `, style),
      piece(filler.repeat(rest - before), 'rail'),
    ];
  }

  #paint(pieces: readonly Piece[]): string {
    if (!this.#colour)
      return pieces
        .map(({ text }) => text)
        .join('')
        .trimEnd();
    const last = pieces.findLastIndex(({ text }) => text.trim() !== '');
    return pieces
      .slice(0, last + 1)
      .map(({ text, style }, index) => colour(index === last ? text.trimEnd() : text, style))
      .join('');
  }
}

type Style = 'plain' | 'pale' | 'rail' | 'name' | 'heading' | 'detail' | 'success' | 'failure' | LadderPhase;

interface Piece {
  readonly text: string;
  readonly style: Style;
}

/** Undefined: it may belong to any phase, and stays in the one that is. */
function phaseOf({ protocol, message }: LadderStep): LadderPhase | undefined {
  if (/^(StopCCN|CDN|Terminate)/.test(message)) return 'Teardown';
  if (/^(ZLB|HELLO|Echo|WEN|SLI)/.test(message)) return undefined;
  if (protocol === 'L2TP') return /^[IO]C/.test(message) ? 'Call' : 'Tunnel';
  return protocol === 'LCP' || protocol === 'IPCP' ? protocol : 'Authentication';
}

/** The rail comes out one column inside the box, at the outer side of it. */
function boxLines(end: LadderEnd, title: string, width: number, rightward: boolean): Piece[][] {
  const put = (text: string) => (rightward ? text.padStart(width - 2) : text.padEnd(width - 2));
  const line = '─'.repeat(width - title.length - 3);
  const row = (text: string, style: Style) => [
    piece('│ ', 'rail'),
    piece(put(cutTo(clean(text), width - 2)), style),
    piece(' │', 'rail'),
  ];
  const caption = rightward ? [`${line} `, ' ─'] : ['─ ', ` ${line}`];
  return [
    [piece(`╭${caption[0]}`, 'rail'), piece(title, 'pale'), piece(`${caption[1]}╮`, 'rail')],
    row(end.name, 'name'),
    row(end.address, 'plain'),
    [piece(rightward ? `╰${'─'.repeat(width - 1)}┬╯` : `╰┬${'─'.repeat(width - 1)}╯`, 'rail')],
  ];
}

/** One column a character: what a terminal may draw wider or not at all, in a peer's words, becomes a question mark. */
function clean(text: string): string {
  return printable(text).replace(/[^\u0020-\u024f]/gu, '?');
}

function cutTo(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

function formatOffset(at: Millis): string {
  return at < 10_000 ? `${at.toFixed(1)} ms` : `${(at / 1000).toFixed(1)} s`;
}

const piece = (text: string, style: Style): Piece => ({ text, style });
const plain = (text: string): Piece => piece(text, 'plain');
const colour = (text: string, style: Style) => (SGR[style] === '' ? text : `\u001b[${SGR[style]}m${text}\u001b[0m`);

/** Columns left of the client's rail. */
const MARGIN = 13;
const INDENT = ' '.repeat(MARGIN - 1);
const PHASES: readonly LadderPhase[] = ['Tunnel', 'Call', 'LCP', 'Authentication', 'IPCP', 'Teardown'];
/** Select Graphic Rendition, ECMA-48 §8.3.117; the sixteen colours that every terminal theme defines. */
const SGR: Readonly<Record<Style, string>> = {
  plain: '',
  pale: '2',
  rail: '90',
  name: '1',
  heading: '1',
  detail: '',
  success: '1;32',
  failure: '1;31',
  Tunnel: '36',
  Call: '34',
  LCP: '33',
  Authentication: '35',
  IPCP: '32',
  Teardown: '31',
};
