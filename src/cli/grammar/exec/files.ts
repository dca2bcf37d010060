// The files beside the startup-config, which are flash: here: `dir`, `more`, `delete`, `pwd` (C028).

import { name, optional, word, wordsInFull } from '../../syntax.ts';
import { define, type ExecDefinition, PRIVILEGED, shown } from './definition.ts';

export type FileCommand =
  | { readonly exec: 'dir'; readonly of: string }
  | { readonly exec: 'more'; readonly file: string }
  | { readonly exec: 'delete'; readonly file: string }
  | { readonly exec: 'pwd' };

const A_FILE = 'File name on flash:, startup-config, running-config, or archive:N for a revision';
const dir = ({ of }: { readonly of?: string | undefined }): FileCommand => ({ exec: 'dir', of: of ?? FLASH });

export const FILES: readonly ExecDefinition<FileCommand>[] = [
  {
    ...define(
      [word('dir', 'List files on a filesystem'), optional(name('of', 'A file system or a file of it'))],
      dir,
      PRIVILEGED,
      'C028',
    ),
    filtered: true,
  },
  shown('flash:', 'Display information about flash: file system', [], () => dir({}), PRIVILEGED, 'C028'),
  {
    ...define(
      [word('more', 'Display the contents of a file'), name('file', A_FILE)],
      ({ file }): FileCommand => ({ exec: 'more', file }),
      PRIVILEGED,
      'C028',
    ),
    filtered: true,
  },
  {
    // In full: nobody who cuts `debug` should lose a file.
    ...define(
      [wordsInFull('delete', 'Delete a file'), optional(word('/force', 'Force delete')), name('file', A_FILE)],
      ({ file }): FileCommand => ({ exec: 'delete', file }),
      PRIVILEGED,
      'C028',
    ),
    asks: ({ file }) => [{ prompt: `Delete ${file}? [confirm]`, kind: 'confirm' }],
  },
  define([word('pwd', 'Display current working directory')], () => ({ exec: 'pwd' }), PRIVILEGED, 'C028'),
];

const FLASH = 'flash:';
