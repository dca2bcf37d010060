// The key of the SSH server: made and taken away. IOS takes these in configuration mode, newer releases here as well (C027).

import { number, optional, sequence, word, words } from '../../syntax.ts';
import { asking, define, type ExecDefinition, PRIVILEGED } from './definition.ts';

export type CryptoKeyCommand =
  | { readonly exec: 'crypto-key-generate'; readonly modulus: number }
  /** `confirmed` false: the question was answered with no. */
  | { readonly exec: 'crypto-key-zeroize'; readonly confirmed: boolean };

const generate = define(
  [
    words('crypto key generate rsa', 'Generate RSA keys'),
    optional(word('general-keys', 'Generate a general purpose RSA key pair for signing and encryption')),
    optional(
      sequence(
        word('modulus', 'Provide number of modulus bits on the command line'),
        number('modulus', 1024, 4096, 'Size of the key modulus'),
      ),
    ),
  ],
  ({ modulus }, [bits]): CryptoKeyCommand => ({ exec: 'crypto-key-generate', modulus: modulus ?? size(bits) }),
  PRIVILEGED,
  'C027',
);

export const CRYPTO_KEY: readonly ExecDefinition<CryptoKeyCommand>[] = [
  {
    ...generate,
    asks: ({ modulus }) => {
      return modulus === undefined
        ? [{ prompt: 'How many bits in the modulus [2048]: ', kind: 'text', default: '2048' }]
        : [];
    },
  },
  asking(
    define(
      [words('crypto key zeroize rsa', 'Remove RSA keys')],
      (_, [answer = 'yes']): CryptoKeyCommand => ({ exec: 'crypto-key-zeroize', confirmed: answer === 'yes' }),
      PRIVILEGED,
      'C027',
    ),
    {
      prompt: '% Keys to be removed: all RSA keys.\nDo you really want to remove these keys? [yes/no]: ',
      kind: 'yes-no',
      default: 'yes',
    },
  ),
];

/** What is no size makes a key of the usual one. */
function size(typed: string | undefined): number {
  const bits = Number(typed);
  return Number.isInteger(bits) && bits >= 1024 && bits <= 4096 ? bits : DEFAULT_MODULUS;
}

const DEFAULT_MODULUS = 2048;
