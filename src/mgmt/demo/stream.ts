// One end of a TCP stream, run in a namespace of its own process: `receive PORT`, or `send ADDRESS PORT MILLIS`.
// The receiver says when it listens, and then what came: the figure that a user sees is the one of data that arrived.

import { connect, createServer } from 'node:net';

export interface StreamResult {
  readonly octets: number;
  readonly millis: number;
}

/** The line a receiver prints when it can be reached. */
export const LISTENING = 'listening';

function receive(port: number): void {
  const server = createServer((socket) => {
    let octets = 0;
    let firstAt: number | undefined;
    let lastAt = 0;
    socket.on('data', (chunk) => {
      lastAt = performance.now();
      firstAt ??= lastAt;
      octets += chunk.length;
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      const result: StreamResult = { octets, millis: lastAt - (firstAt ?? lastAt) };
      process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
    });
  });
  server.listen(port, '0.0.0.0', () => process.stdout.write(`${LISTENING}\n`));
}

function send(address: string, port: number, span: number): void {
  const socket = connect(port, address);
  const block = Buffer.alloc(BLOCK, 'vpdn');
  let end = Number.POSITIVE_INFINITY;
  const pump = () => {
    while (performance.now() < end) {
      if (!socket.write(block)) {
        socket.once('drain', pump);
        return;
      }
    }
    socket.end();
  };
  socket.on('connect', () => {
    end = performance.now() + span;
    pump();
  });
  socket.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
}

const BLOCK = 1 << 18;

// Imported for its types and words as well: it is an end of a stream only where it is the program.
if (import.meta.main) {
  const [role, ...operands] = process.argv.slice(2);
  if (role === 'receive') receive(Number(operands[0]));
  else send(operands[0] ?? '', Number(operands[1]), Number(operands[2]));
}
