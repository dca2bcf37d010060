// Octets of a terminal into keys: UTF-8, control characters, and the escape sequences of arrows and of Esc with a letter.

export type Key =
  | { readonly key: 'character'; readonly text: string }
  | { readonly key: NamedKey }
  /** `letter` is what stands on the key: `A`, `^`, `?`. */
  | { readonly key: 'control' | 'escape'; readonly letter: string };

export type NamedKey = 'enter' | 'tab' | 'backspace' | 'delete' | 'left' | 'right' | 'up' | 'down' | 'home' | 'end';

export class KeyDecoder {
  readonly #utf8 = new TextDecoder();
  /** The begin of an escape sequence whose end has not come yet. */
  #sequence = '';
  #afterReturn = false;

  push(octets: Uint8Array): Key[] {
    const keys: Key[] = [];
    for (const character of this.#utf8.decode(octets, { stream: true })) {
      const key = this.#sequence === '' ? this.#plain(character) : this.#inSequence(character);
      if (key !== undefined) keys.push(key);
    }
    return keys;
  }

  #plain(character: string): Key | undefined {
    const point = character.codePointAt(0)!;
    // CR LF and CR NUL (RFC 854) are one Enter; a pasted LF is one as well.
    const second = this.#afterReturn && (point === 0x0a || point === 0);
    this.#afterReturn = point === 0x0d;
    if (second) return undefined;
    if (point === 0x1b) {
      this.#sequence = character;
      return undefined;
    }
    const named = NAMED[point];
    if (named !== undefined) return { key: named };
    if (point < 0x20) return { key: 'control', letter: String.fromCharCode(point + 0x40) };
    // C1 controls could be taken for escape sequences when they are echoed.
    if (point >= 0x80 && point < 0xa0) return undefined;
    return { key: 'character', text: character };
  }

  #inSequence(character: string): Key | undefined {
    // A control character never belongs to a sequence: half of one must not swallow the Ctrl-C behind it.
    if (character.codePointAt(0)! < 0x20) {
      this.#sequence = '';
      return this.#plain(character);
    }
    this.#sequence += character;
    const inside = this.#sequence.slice(1);
    if (inside === '[' || inside === 'O') return undefined;
    if (!/^[[O]/.test(inside)) {
      this.#sequence = '';
      return /^[a-z]$/i.test(character) ? { key: 'escape', letter: character.toUpperCase() } : undefined;
    }
    const unfinished = /^[[O][0-9;]*$/.test(inside) && inside.length < LONGEST_SEQUENCE;
    if (unfinished) return undefined;
    this.#sequence = '';
    const named = SEQUENCES[inside];
    return named === undefined ? undefined : { key: named };
  }
}

const LONGEST_SEQUENCE = 12;

const NAMED: Readonly<Record<number, NamedKey>> = {
  8: 'backspace',
  9: 'tab',
  10: 'enter',
  13: 'enter',
  127: 'backspace',
};

const SEQUENCES: Readonly<Record<string, NamedKey>> = {
  '[A': 'up',
  OA: 'up',
  '[B': 'down',
  OB: 'down',
  '[C': 'right',
  OC: 'right',
  '[D': 'left',
  OD: 'left',
  '[H': 'home',
  OH: 'home',
  '[1~': 'home',
  '[F': 'end',
  OF: 'end',
  '[4~': 'end',
  '[3~': 'delete',
};
