// Shapes that many commands share: a number, a switch, a text, a secret; and `exit`, which every mode has.

import type { Secret } from '../../vpdn/configuration-system.ts';
import type { Standing } from '../../vpdn/standing.ts';
import { formatSecret, readSecret, secretPart } from '../password.ts';
import { line, name, number, words } from '../syntax.ts';
import { type Command, definer, type Entry, refused } from '../tree.ts';

interface AnySetting<S> {
  readonly when?: (key: string) => boolean;
  readonly standing?: Standing | ((captured: object, subject: S) => Standing);
  readonly entries?: readonly Entry[];
  readonly about?: string;
}

export interface NumberSetting<S> extends AnySetting<S> {
  readonly text: string;
  readonly help: string;
  readonly low: number;
  readonly high: number;
  readonly valueHelp: string;
  readonly get: (subject: S) => number | undefined;
  readonly put: (subject: S, value: number | undefined) => void;
  /** What it is when nothing was said, where that is not to be printed. */
  readonly normally?: number;
  /** What is wrong with the value, where its range does not say it. */
  readonly check?: (subject: S, value: number) => string | undefined;
}

export function numberSetting<S>(setting: NumberSetting<S>): Command<S> {
  const { text, low, high, get, put, check } = setting;
  return definer<S>()({
    path: [words(text, setting.help), number('value', low, high, setting.valueHelp)],
    set: ({ subject }, captured) => {
      const { value } = captured as { value: number };
      const wrong = check?.(subject, value);
      if (wrong !== undefined) return refused(wrong);
      put(subject, value === setting.normally ? undefined : value);
    },
    unset: ({ subject }) => put(subject, undefined),
    lines: ({ subject }) => (get(subject) === undefined ? undefined : `${text} ${get(subject)}`),
    ...shared(setting),
  });
}

export interface SwitchSetting<S> extends AnySetting<S> {
  readonly text: string;
  readonly help: string;
  readonly get: (subject: S) => boolean;
  readonly put: (subject: S, on: boolean) => void;
  /** What it is when nothing was said: that is not printed. */
  readonly normally: boolean;
}

export function switchSetting<S>(setting: SwitchSetting<S>): Command<S> {
  const { text, get, put, normally } = setting;
  return definer<S>()({
    path: [words(text, setting.help)],
    set: ({ subject }) => put(subject, true),
    unset: ({ subject }) => put(subject, false),
    reset: ({ subject }) => put(subject, normally),
    lines: ({ subject }) => {
      const on = get(subject);
      return on === normally ? undefined : on ? text : `no ${text}`;
    },
    ...shared(setting),
    about: setting.about ?? `Default ${normally ? 'on' : 'off'}.`,
  });
}

export interface TextSetting<S> extends AnySetting<S> {
  readonly text: string;
  readonly help: string;
  /** One token, or the rest of the line. */
  readonly shape: 'word' | 'line';
  readonly valueHelp: string;
  readonly get: (subject: S) => string | undefined;
  readonly put: (subject: S, value: string | undefined) => void;
}

export function textSetting<S>(setting: TextSetting<S>): Command<S> {
  const { text, get, put } = setting;
  const value = setting.shape === 'word' ? name('value', setting.valueHelp) : line('value', setting.valueHelp);
  return definer<S>()({
    path: [words(text, setting.help), value],
    set: ({ subject }, captured) => put(subject, (captured as { value: string }).value),
    unset: ({ subject }) => put(subject, undefined),
    lines: ({ subject }) => (get(subject) === undefined ? undefined : `${text} ${get(subject)}`),
    ...shared(setting),
  });
}

export interface SecretSetting<S> extends AnySetting<S> {
  readonly text: string;
  readonly help: string;
  readonly valueHelp: string;
  readonly get: (subject: S) => Secret | undefined;
  readonly put: (subject: S, value: Secret | undefined) => void;
}

export function secretSetting<S>(setting: SecretSetting<S>): Command<S> {
  const { text, get, put } = setting;
  return definer<S>()({
    path: [words(text, setting.help), secretPart(setting.valueHelp)],
    set: ({ configuration, subject }, captured) => {
      const secret = readSecret(configuration, captured as { secret: string });
      if (typeof secret === 'string') return refused(secret);
      put(subject, secret);
    },
    unset: ({ subject }) => put(subject, undefined),
    lines: ({ subject }) => {
      const secret = get(subject);
      return secret === undefined ? undefined : `${text} ${formatSecret(secret)}`;
    },
    ...shared(setting),
  });
}

function shared<S>({ when, standing, entries = [], about = '' }: AnySetting<S>) {
  return { ...(when && { when }), ...(standing && { standing }), entries, about };
}

export function exitCommand<S>(from: string): Command<S> {
  return definer<S>()({
    path: [words('exit', `Exit from ${from} mode`)],
    set: () => ({ outcome: 'left' }),
    entries: ['C004'],
  });
}
