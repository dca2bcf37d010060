// A TCP transfer that shows whether every octet arrived: `transfer.ts serve`, then `transfer.ts upload|download ADDRESS OCTETS`
// prints the digest of what the receiving side got. The octets are a fixed pattern, so `digestOf` knows what it must be.

import { createHash } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';

const [UPLOAD_PORT, DOWNLOAD_PORT] = [5001, 5002];

export function digestOf(octets: number): string {
  return createHash('sha256').update(pattern(octets)).digest('hex');
}

function pattern(octets: number): Buffer {
  const data = Buffer.alloc(octets);
  let state = 1;
  for (let at = 0; at + 4 <= octets; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    data.writeInt32BE(state, at);
  }
  return data;
}

/** All up to the other side's FIN. By events: iterating over a socket would destroy it before the answer is sent. */
function receive(socket: Socket, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on('data', take).once('end', resolve).once('error', reject);
  });
}

async function receiveText(socket: Socket): Promise<string> {
  let text = '';
  await receive(socket, (chunk) => {
    text += chunk.toString();
  });
  return text;
}

async function receiveDigest(socket: Socket): Promise<string> {
  const hash = createHash('sha256');
  await receive(socket, (chunk) => hash.update(chunk));
  return hash.digest('hex');
}

function serve(): void {
  const listen = (port: number, answer: (socket: Socket) => Promise<string | Buffer>, ready: () => void): void => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      answer(socket)
        .then((reply) => socket.end(reply))
        .catch(() => socket.destroy());
    });
    server.listen(port, ready);
  };
  listen(UPLOAD_PORT, receiveDigest, () => {
    const reply = async (socket: Socket): Promise<Buffer> => pattern(Number(await receiveText(socket)));
    listen(DOWNLOAD_PORT, reply, () => console.log('listening'));
  });
}

async function request(direction: string, address: string, octets: number): Promise<void> {
  const port = direction === 'upload' ? UPLOAD_PORT : DOWNLOAD_PORT;
  const socket = connect({ port, host: address, allowHalfOpen: true });
  socket.setTimeout(30_000, () => socket.destroy(new Error('the transfer stands still')));
  socket.end(direction === 'upload' ? pattern(octets) : String(octets));
  console.log(direction === 'upload' ? await receiveText(socket) : await receiveDigest(socket));
}

if (process.argv[1] === import.meta.filename) {
  const [direction, address, octets] = process.argv.slice(2);
  if (direction === 'serve') serve();
  else await request(direction!, address!, Number(octets));
}
