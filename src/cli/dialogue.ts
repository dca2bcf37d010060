// The questions a command asks before it is carried out: `[confirm]`, yes or no, a text with a default (1.9).

import type { Question } from './grammar/exec/definition.ts';
import type { Key } from './keys.ts';

/** What an answer comes to. */
export type Answered =
  | { readonly next: 'ask'; readonly question: Question; readonly complaint?: string }
  | { readonly next: 'run'; readonly answers: readonly string[] }
  | { readonly next: 'abort' };

/** What scripts answer, who cannot be asked. Where nothing was said, a yes or no is no: the careful one. */
export function defaultAnswer(question: Question): string {
  if (question.kind === 'text') return question.default ?? '';
  return question.default ?? (question.kind === 'confirm' ? 'yes' : 'no');
}

export class Dialogue {
  readonly #questions: readonly Question[];
  readonly #answers: string[] = [];

  constructor(questions: readonly Question[]) {
    this.#questions = questions;
  }

  get question(): Question {
    return this.#questions[this.#answers.length]!;
  }

  /** A whole line was typed. */
  line(text: string): Answered {
    const { question } = this;
    const typed = text.trim();
    if (question.kind === 'text') return this.#next(typed === '' ? (question.default ?? '') : typed);
    const answer = typed === '' ? question.default : yesOrNo(typed);
    if (answer === undefined) return { next: 'ask', question, complaint: "% Please answer 'yes' or 'no'." };
    return this.#next(answer);
  }

  /** At `[confirm]` one key is the answer. */
  key(key: Key): Answered {
    const agreed = key.key === 'enter' || (key.key === 'character' && /^[yY]$/.test(key.text));
    return agreed ? this.#next('yes') : { next: 'abort' };
  }

  #next(answer: string): Answered {
    this.#answers.push(answer);
    while (this.question?.skip?.(this.#answers) === true) this.#answers.push(defaultAnswer(this.question));
    if (this.#answers.length === this.#questions.length) return { next: 'run', answers: this.#answers };
    return { next: 'ask', question: this.question };
  }
}

function yesOrNo(typed: string): 'yes' | 'no' | undefined {
  const text = typed.toLowerCase();
  if ('yes'.startsWith(text)) return 'yes';
  return 'no'.startsWith(text) ? 'no' : undefined;
}
