// `| redirect`, `| append`, `| tee`: what a command shows, put into a file.

import type { OutputFile } from '../cli/exec-command.ts';
import { GrowingFile } from '../store/growing-file.ts';
import { type ConfigurationFiles, openingFailed } from './configuration-files.ts';

/** Yields what is shown all the same. A command that is interrupted, or a file that gets too large, leaves the file as it was. */
export async function* intoFile(
  pieces: AsyncGenerator<string, boolean>,
  { name, append, shown }: OutputFile,
  files: ConfigurationFiles,
  signal: AbortSignal,
): AsyncGenerator<string, boolean> {
  let file: GrowingFile | undefined;
  try {
    file = await GrowingFile.open(files.output(name), { append, most: LARGEST });
    for (;;) {
      const { value, done } = await pieces.next();
      if (signal.aborted) return false;
      if (done === true) {
        await file.keep();
        return value;
      }
      await file.write(value);
      if (shown) yield value;
    }
  } catch (error) {
    yield `${openingFailed(name, error).message}\n`;
    return false;
  } finally {
    await file?.drop();
  }
}

/** Octets: all the sessions of a large router at length. */
const LARGEST = 64 << 20;
