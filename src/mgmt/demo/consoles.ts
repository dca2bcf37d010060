// At the end of the demo: a console of either router, as often as one likes, until Ctrl-D.

import { openConsole } from '../client.ts';

export interface Consoles {
  readonly client: string;
  readonly server: string;
}

/** Until Ctrl-D, or until something else ends the demo. */
export async function chooseConsoles({ client, server }: Consoles, ending: AbortSignal): Promise<void> {
  if (ending.aborted) return;
  process.stdout.write(
    '\nBoth routers are running. Their consoles take what IOS takes: ?, show vpdn, conf t, debug ppp negotiation.\n',
  );
  while (!ending.aborted) {
    process.stdout.write(
      '\nc  console of the client (peer1)   s  console of the tunnel server (peer2)   Ctrl-D  end\n',
    );
    const key = await readKey(ending);
    if (END.includes(key)) return;
    const path = key === 'c' ? client : key === 's' ? server : undefined;
    if (path === undefined) continue;
    const { hungUp } = await openConsole(path);
    // `exit` comes back here; Ctrl-D at the router's prompt ends it all.
    if (hungUp) return;
  }
}

/** One key of this terminal, pressed without Enter. */
async function readKey(ending: AbortSignal): Promise<string> {
  const { stdin } = process;
  stdin.setRawMode(true);
  stdin.resume();
  return await new Promise((resolve) => {
    const finish = (key: string) => {
      stdin.off('data', typed).off('end', ended);
      ending.removeEventListener('abort', ended);
      stdin.setRawMode(false);
      stdin.pause();
      resolve(key);
    };
    const typed = (octets: Buffer) => finish(octets.toString('latin1').charAt(0).toLowerCase());
    const ended = () => finish(CTRL_D);
    stdin.on('data', typed).on('end', ended);
    ending.addEventListener('abort', ended);
  });
}

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const END = [CTRL_C, CTRL_D, 'q'];
