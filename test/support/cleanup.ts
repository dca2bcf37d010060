// What a test process must undo however it ends: an assertion, a timeout's SIGTERM, Ctrl-C. Only SIGKILL gets past it,
// and for that every name we make carries the process id, so that a later run can sweep it (see namespace.ts).

const undoings = new Set<() => void>();
let armed = false;

/** Registers a synchronous undoing. Returns a function that performs it now, once. */
export function atExit(undo: () => void): () => void {
  arm();
  undoings.add(undo);
  return () => {
    if (undoings.delete(undo)) undo();
  };
}

function arm(): void {
  if (armed) return;
  armed = true;
  process.on('exit', undoAll);
  // Node's default for these ends the process without 'exit' handlers.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
}

function undoAll(): void {
  // Newest first: processes go before the namespace they live in.
  for (const undo of [...undoings].reverse()) {
    undoings.delete(undo);
    try {
      undo();
    } catch (error) {
      process.stderr.write(`clean-up: ${String(error)}\n`);
    }
  }
}
