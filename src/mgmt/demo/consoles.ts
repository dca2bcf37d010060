// At the end of the demo: a console of either router, as often as one likes, until Ctrl-D.

import { openConsole } from '../client.ts';

export interface Consoles {
  readonly client: string;
  readonly server: string;
}

export async function chooseConsoles({ client, server }: Consoles): Promise<void> {
  process.stdout.write(
    '\nBoth routers are running. Their consoles take what IOS takes: ?, show vpdn, conf t, debug ppp negotiation.\n',
  );
  for (;;) {
    process.stdout.write(
      '\nc  console of the client (peer1)   s  console of the tunnel server (peer2)   Ctrl-D  end\n',
    );
    const key = await readKey();
    if (END.includes(key)) return;
    const path = key === 'c' ? client : key === 's' ? server : undefined;
    if (path === undefined) continue;
    const { hungUp } = await openConsole(path);
    // `exit` comes back here; Ctrl-D at the router's prompt ends it all.
    if (hungUp) return;
  }
}

/** One key of this terminal, pressed without Enter. */
async function readKey(): Promise<string> {
  const { stdin } = process;
  stdin.setRawMode(true);
  stdin.resume();
  try {
    return await new Promise((resolve) => {
      stdin.once('data', (octets: Buffer) => resolve(octets.toString('latin1').charAt(0).toLowerCase()));
      stdin.once('end', () => resolve(CTRL_D));
    });
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
  }
}

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const END = [CTRL_C, CTRL_D, 'q'];
