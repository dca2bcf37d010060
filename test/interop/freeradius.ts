// FreeRADIUS with a configuration of its own (nothing of /etc/freeradius is used), for peers that ask RADIUS about users.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Namespace } from '../support/namespace.ts';
import type { Background } from '../support/process.ts';
import type { Needs } from '../support/requirement.ts';

export const FREERADIUS: Needs = { programs: ['freeradius'], files: ['/usr/share/freeradius/dictionary'] };

export interface RadiusUser {
  name: string;
  password: string;
  /** Framed-IP-Address. */
  address: string;
}

export interface RadiusOptions {
  namespace: Namespace;
  folder: string;
  secret: string;
  users: readonly RadiusUser[];
}

/** Serves authentication and accounting on 127.0.0.1; returns once it does. */
export async function startFreeradius({ namespace, folder, secret, users }: RadiusOptions): Promise<Background> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'users'), users.map(userEntry).join('\n'));
  writeFileSync(join(folder, 'dictionary'), '$INCLUDE /usr/share/freeradius/dictionary\n');
  writeFileSync(join(folder, 'radiusd.conf'), configuration(folder, secret));
  const server = namespace.start(['freeradius', '-f', '-l', 'stdout', '-x', '-d', folder, '-n', 'radiusd']);
  await server.said(/Ready to process requests/, 15_000);
  return server;
}

function userEntry({ name, password, address }: RadiusUser): string {
  const reply = ['Service-Type = Framed-User', 'Framed-Protocol = PPP', `Framed-IP-Address = ${address}`];
  return `"${name}" Cleartext-Password := "${password}"\n\t${reply.join(',\n\t')}\n`;
}

function configuration(folder: string, secret: string): string {
  return `
logdir = ${folder}
raddbdir = ${folder}
run_dir = ${folder}
libdir = /usr/lib/freeradius
hostname_lookups = no
security {
  reject_delay = 0
}
thread pool {
  start_servers = 1
  max_servers = 2
}
client peer {
  ipaddr = 127.0.0.1
  secret = ${secret}
  require_message_authenticator = no
}
modules {
  chap {
  }
  pap {
  }
  files {
    usersfile = ${folder}/users
  }
  always ok {
    rcode = ok
  }
}
server default {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = 1812
  }
  listen {
    type = acct
    ipaddr = 127.0.0.1
    port = 1813
  }
  authorize {
    chap
    files
    pap
  }
  authenticate {
    Auth-Type PAP {
      pap
    }
    Auth-Type CHAP {
      chap
    }
  }
  accounting {
    ok
  }
}
`;
}
