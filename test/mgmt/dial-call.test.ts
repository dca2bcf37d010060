// `vpdn dial` as a person uses it: a real server in another network namespace, a terminal, a password, Ctrl-C.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connect, Namespace } from '../support/namespace.ts';
import type { Background } from '../support/process.ts';
import { hosted, NAMESPACES } from '../support/requirement.ts';
import { Terminal, TMUX } from '../support/terminal.ts';
import { waitFor } from '../support/wait.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const SECRET = 'canary-password';
const UP = /^up: Ctrl-C hangs up$/m;
const MILLIS = 20_000;

const SERVER = `hostname lns
username alice password 0 ${SECRET}
vpdn enable
platform interfaces Ethernet0/0 wan0
vpdn-group callers
 accept-dialin
  protocol pptp
  virtual-template 1
vpdn-group others
 accept-dialin
  protocol l2tp
  virtual-template 2
 no l2tp tunnel authentication
ip local pool callers 10.30.30.1 10.30.30.9
interface Loopback1
 ip address 10.10.10.1 255.255.255.255
interface Ethernet0/0
 ip address 192.0.2.2 255.255.255.0
interface Virtual-Template1
 ip unnumbered Loopback1
 peer default ip address pool callers
 ppp authentication ms-chap-v2
 ppp encrypt mppe 128
 ppp ipcp dns 192.0.2.53
interface Virtual-Template2
 ip unnumbered Loopback1
 peer default ip address pool callers
 ppp authentication chap
end
`;

interface Place {
  readonly client: Namespace;
  readonly folder: string;
  readonly password: string;
  dial(...words: string[]): Background;
}

async function place(context: TestContext, server = SERVER): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'vpdn-dial-'));
  const [client, far] = [Namespace.create(), Namespace.create()];
  context.after(() => {
    client.destroy();
    far.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  connect({ namespace: client, device: 'wan0', cidr: '192.0.2.1/24' }, { namespace: far, device: 'wan0' });
  const config = join(folder, 'server.conf');
  const password = join(folder, 'password');
  writeFileSync(config, server, { mode: 0o600 });
  writeFileSync(password, `${SECRET}\n`, { mode: 0o600 });
  const socket = join(folder, 'server.sock');
  const running = far.start([process.execPath, MAIN, 'run', '--config', config, '--socket', socket]);
  await running.said(/vpdn: running/, MILLIS);
  const dial = (...words: string[]) => client.start([process.execPath, MAIN, 'dial', ...words], { separate: true });
  return { client, folder, password, dial };
}

/** Routes and devices that were not there before. */
function left({ client }: Place): string {
  return `${client.ip('route show table all proto 171')}${client.ip('-br link show type tun')}`;
}

hosted(
  'a PPTP call: told step by step, encrypted, routed, hung up by Ctrl-C, with nothing left',
  [NAMESPACES],
  60_000,
  async (context) => {
    const there = await place(context);
    const words = ['--password-file', there.password, '--route', '10.10.10.0/24'];
    const call = there.dial('pptp://alice@192.0.2.2', ...words);
    await call.said(UP, MILLIS);
    assert.match(
      call.stderr,
      /^vpdn: PPTP protects nothing against a serious attacker: use L2TP inside IPsec or WireGuard/,
    );
    assert.deepEqual(call.stdout.trimEnd().split('\n').slice(0, 3), [
      'calling 192.0.2.2 by PPTP as alice',
      'connected: 192.0.2.2 speaks PPTP, and calls itself lns',
      'authenticated as alice by MS-CHAP-V2; the server has shown that it knows the password as well',
    ]);
    assert.match(call.stdout, /^encrypted with MPPE: 128 bits, stateless$/m);
    assert.match(
      call.stdout,
      /^address 10\.30\.30\.1, the server's is 10\.10\.10\.1; Linux device dialer0, packets of up to \d+ octets$/m,
    );
    assert.match(call.stdout, /^name servers it offers, for you to set: 192\.0\.2\.53$/m);
    const pinged = await there.client.run(['ping', '-c', '3', '-i', '0.2', '-W', '2', '10.10.10.1']);
    assert.match(pinged.stdout, /3 received/);
    // A client that nobody is behind makes no router of the machine.
    const forwarding = await there.client.run(['cat', '/proc/sys/net/ipv4/ip_forward']);
    assert.equal(forwarding.stdout, '0\n');
    const argv = readFileSync(`/proc/${there.client.pids[0]}/cmdline`, 'utf8');
    assert.doesNotMatch(argv, /canary/);
    call.send('SIGINT');
    await call.ended(5000);
    assert.equal(call.status, 0);
    assert.match(
      call.stdout,
      /^hanging up\nthe call lasted 0:00:\d\d: \d+ packets \(\d+ octets\) received, \d+ \(\d+\) sent\n$/m,
    );
    assert.doesNotMatch(call.stdout + call.stderr, /canary/);
    assert.equal(left(there), '');
  },
);

hosted(
  'a password that is wrong ends it with the reason and status 1, and one that is asked for is not shown',
  [NAMESPACES, TMUX],
  60_000,
  async (context) => {
    const there = await place(context);
    writeFileSync(there.password, 'not-the-password\n');
    const refused = there.dial('pptp://alice@192.0.2.2', '--password-file', there.password, '--log', 'debugging');
    await refused.ended(MILLIS);
    assert.equal(refused.status, 1);
    assert.match(refused.stdout, /^it failed: .*\(AUT-505\)\n {4}\S/m);
    assert.doesNotMatch(refused.stdout, UP);
    assert.doesNotMatch(refused.stdout + refused.stderr, /not-the-password/);
    const argv = ['ip', 'netns', 'exec', there.client.name, process.execPath, MAIN, 'dial', 'pptp://alice@192.0.2.2'];
    const terminal = new Terminal(argv, { columns: 100 });
    context.after(() => terminal.close());
    const shown = () => terminal.screen.join('\n');
    await waitFor('the question', MILLIS, () => shown().includes('Password:'), shown);
    terminal.type('canary-passworx');
    terminal.press('BSpace');
    terminal.line('d');
    await waitFor('the call', MILLIS, () => UP.test(shown()), shown);
    assert.doesNotMatch(shown(), /canary/);
    terminal.press('C-c');
    await waitFor('the end', MILLIS, () => shown().includes('the call lasted'), shown);
  },
);

hosted(
  'a server that does not encrypt gets no call, one that hangs up says so, and L2TP is dialled alike',
  [NAMESPACES],
  90_000,
  async (context) => {
    const there = await place(context, SERVER.replace(' ppp encrypt mppe 128\n', ' ppp timeout absolute 5\n'));
    const from = ['--password-file', there.password];
    const clear = there.dial('pptp://alice@192.0.2.2', ...from);
    await clear.ended(MILLIS);
    assert.equal(clear.status, 1);
    assert.match(clear.stdout, /^it failed: Encryption is required, and cannot be had: /m);
    const wished = there.dial('pptp://alice@192.0.2.2', '--mppe', 'none', ...from);
    await wished.ended(MILLIS);
    assert.equal(wished.status, 1);
    assert.match(wished.stdout, /^NOT encrypted, as was asked for$/m);
    assert.match(wished.stdout, /^the call is over.*\n(?: {4}.*\n)?the call lasted 0:00:0\d: /m);
    const l2tp = there.dial('l2tp://alice@192.0.2.2', '--default-route', ...from);
    await l2tp.said(UP, MILLIS);
    assert.match(l2tp.stderr, /^vpdn: L2TP encrypts nothing by itself/);
    assert.match(l2tp.stdout, /^connected: 192\.0\.2\.2 speaks L2TP, and calls itself lns$/m);
    assert.match(there.client.ip('route get 198.51.100.1'), /dev vppp1/);
    assert.match(there.client.ip('route get 192.0.2.2'), /dev wan0/);
    l2tp.send('SIGTERM');
    await l2tp.ended(5000);
    assert.equal(l2tp.status, 0);
    assert.equal(left(there), '');
  },
);

hosted('where a router runs already, it is said what to do instead', [NAMESPACES], 60_000, async (context) => {
  const there = await place(context);
  const first = there.dial('pptp://alice@192.0.2.2', '--password-file', there.password);
  await first.said(UP, MILLIS);
  const second = there.dial('pptp://alice@192.0.2.2', '--password-file', there.password);
  await second.ended(MILLIS);
  assert.equal(second.status, 1);
  assert.match(
    second.stderr,
    /UDP port 1701 is in use by .*: stop that first, or give that router an interface Dialer/,
  );
  first.send('SIGINT');
  await first.ended(5000);
  assert.equal(first.status, 0);
});

hosted('nobody there: it is said, and --redial tries again', [NAMESPACES], 60_000, async (context) => {
  const there = await place(context);
  const call = there.dial('pptp://alice@192.0.2.1', '--redial', '--password-file', there.password);
  await call.said(/it is tried again\n(?:.*\n)*it failed/, MILLIS);
  assert.match(call.stdout, /^it failed: The PPTP server does not answer: .*\(PTP-701\)$/m);
  call.send('SIGINT');
  await call.ended(5000);
  assert.match(call.stdout, /given up\n$/);
});
