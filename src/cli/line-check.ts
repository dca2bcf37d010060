// Characters that no line may hold: control octets, what is left of broken UTF-8, and invisible characters a paste brings along.

export const MAX_TERMINAL_LINE = 254;
export const MAX_FILE_LINE = 4096;

export interface BadCharacter {
  readonly column: number;
  readonly code: 'control-character' | 'not-utf8' | 'invisible-character' | 'line-too-long';
  readonly message: string;
}

export function badCharacter(text: string, limit: number): BadCharacter | undefined {
  if (text.length > limit) {
    return { column: limit, code: 'line-too-long', message: `% The line is longer than ${limit} characters` };
  }
  for (let column = 0; column < text.length; column++) {
    const code = kindOf(text.charCodeAt(column));
    if (code === undefined) continue;
    const point = `U+${text.charCodeAt(column).toString(16).toUpperCase().padStart(4, '0')}`;
    return { column, code, message: `% ${WORDS[code]} (${point}) in the line` };
  }
  return undefined;
}

function kindOf(unit: number): keyof typeof WORDS | undefined {
  if (unit === 0x09) return undefined;
  if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return 'control-character';
  if (unit === 0xfffd) return 'not-utf8';
  const hidden =
    unit === 0xa0 ||
    unit === 0xad ||
    unit === 0xfeff ||
    (unit >= 0x200b && unit <= 0x200f) ||
    (unit >= 0x2028 && unit <= 0x202f) ||
    (unit >= 0x2060 && unit <= 0x206f);
  return hidden ? 'invisible-character' : undefined;
}

const WORDS = {
  'control-character': 'Control character',
  'not-utf8': 'Character that is not UTF-8',
  'invisible-character': 'Invisible character',
} as const;
