// Waiting for the outside world: a condition, polled, with an end and a message that says what never came.

const POLL_MILLIS = 25;

export class Timeout extends Error {
  override readonly name = 'Timeout';
}

/** Polls until `probe` gives something other than undefined or false; throws `Timeout`, with what `explain` adds. */
export async function waitFor<T>(
  what: string,
  millis: number,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  explain: () => string = () => '',
): Promise<T> {
  const end = performance.now() + millis;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() >= end) throw new Timeout(`waited ${millis} ms in vain for ${what}\n${explain()}`.trimEnd());
    await pause(POLL_MILLIS);
  }
}

export function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
