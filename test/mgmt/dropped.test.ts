// Packets of L2TPv3 for nobody, and with another cookie than ours: counted by reason, and said once in the log, however many come.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Router } from '../interop/router.ts';
import { atExit } from '../support/cleanup.ts';
import { connect, Namespace } from '../support/namespace.ts';
import { hosted, NAMESPACES } from '../support/requirement.ts';
import { waitFor } from '../support/wait.ts';

const CONFIGURATION = `hostname here
platform interfaces Ethernet0/0 wan0
pseudowire-class typed
 encapsulation l2tpv3
 protocol none
 ip local interface Ethernet0/0
interface Ethernet0/0
 ip address 192.0.2.1 255.255.255.0
interface FastEthernet0/1
 xconnect 192.0.2.2 100 encapsulation l2tpv3 manual pw-class typed
  l2tp id 111 222
  l2tp cookie local 8 100 0
end
`;

const SENDER = `
import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 115)
for number in range(200):
    s.sendto(struct.pack('!I', 999) + bytes(60), ('192.0.2.1', 0))
    s.sendto(struct.pack('!I', 111) + bytes(60), ('192.0.2.1', 0))
`;

hosted('what nobody has asked for is one line of log', [NAMESPACES], 60_000, async (context) => {
  const [here, there] = [Namespace.create(), Namespace.create()];
  context.after(() => here.destroy());
  context.after(() => there.destroy());
  connect(
    { namespace: here, device: 'wan0', cidr: '192.0.2.1/24' },
    { namespace: there, device: 'wan0', cidr: '192.0.2.2/24' },
  );
  const folder = mkdtempSync(join(tmpdir(), 'vpdntest-dropped-'));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'here.conf');
  writeFileSync(file, CONFIGURATION);
  const router = await Router.start(here, file);
  const logged = async () => {
    const { stdout } = await router.exec('show logging');
    return stdout.split('\n').filter((line) => line.includes('%VPDN-4-PKT_DROPPED'));
  };
  assert.equal((await there.run(['python3', '-c', SENDER])).status, 0);
  await waitFor('it to be said', 20_000, async () => (await logged()).length > 0);
  for (let again = 0; again < 3; again++) assert.equal((await there.run(['python3', '-c', SENDER])).status, 0);
  const lines = await logged();
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /Packets dropped.*\d+ cookie-mismatch/);
  assert.match(lines[0]!, /\d+ unknown-session/);
  await router.shutDown();
});
