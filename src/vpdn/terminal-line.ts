// What the settings of a terminal line come to for those who want in by it (C012).

import type { TerminalLine } from './configuration-system.ts';

/** By its own word: without `transport input` nothing comes in. */
export function namesSsh({ transportInput }: TerminalLine): boolean {
  return transportInput === 'all' || (Array.isArray(transportInput) && transportInput.includes('ssh'));
}

/** `login` alone asks for a password without a name, which SSH cannot do. */
export function asksForName({ login }: TerminalLine): boolean {
  return login?.kind === 'local' || login?.kind === 'list';
}
