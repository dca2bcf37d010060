// How long N calls of PPTP with MPPE take to come up, whether they stay, and what each weighs: one real router takes them, and
// as many others as it takes dial them, each call over a control connection and from an interface Dialer of its own.
// Needs root and ethtool. `node bench/pptp-calls.ts [calls] [seconds held]`

import { BenchRouter, cable, insideNamespace, pause, until } from './bench-router.ts';

const WANTED = Number(process.argv[2] ?? 2000);
const HELD = Number(process.argv[3] ?? 60);
/** IOS numbers its Dialers from 0 to 255. */
const EACH = 250;
const LIMIT = 300_000;

insideNamespace();

const clients: BenchRouter[] = [];
const server = await BenchRouter.create(serverLines());
try {
  for (let number = 0; number * EACH < WANTED; number++) {
    const client = await BenchRouter.create(clientLines(number, Math.min(EACH, WANTED - number * EACH)));
    clients.push(client);
    cable(client, 'wan', server, `wan${number}`);
    // The routers have read their files and wait for the cables.
    client.run('ip', 'link', 'set', 'wan', 'down');
  }
  await Promise.all([server, ...clients].map((router) => router.begin()));
  await pause(2000);
  const before = {
    cpu: server.cpuMillis,
    rss: server.residentOctets,
    clients: sum(clients.map((each) => each.cpuMillis)),
  };
  const begun = performance.now();
  for (const client of clients) client.run('ip', 'link', 'set', 'wan', 'up');
  await until(LIMIT, async () => (await up()) >= WANTED);
  const seconds = (performance.now() - begun) / 1000;
  const reached = await up();
  const cpu = {
    server: server.cpuMillis - before.cpu,
    clients: sum(clients.map((each) => each.cpuMillis)) - before.clients,
  };
  await pause(HELD * 1000);
  console.log(
    JSON.stringify({
      calls: WANTED,
      routersThatDial: clients.length,
      up: reached,
      seconds: round(seconds),
      callsPerSecond: Math.round(reached / seconds),
      cpuMillisPerCall: { server: round(cpu.server / WANTED), client: round(cpu.clients / WANTED) },
      serverOctetsPerCall: Math.round((server.residentOctets - before.rss) / WANTED),
      upAfterHolding: await up(),
      secondsHeld: HELD,
    }),
  );
} finally {
  await Promise.all([server, ...clients].map((router) => router.stop()));
}
process.exit();

/** Interfaces of the server's whose line protocol is up: CCP and IPCP are open. */
async function up(): Promise<number> {
  const text = await server.exec('show ip interface brief | include Virtual-Access');
  return text.match(/^Virtual-Access.*\bup\s+up\s*$/gm)?.length ?? 0;
}

function serverLines(): string[] {
  const lines = [
    'hostname peer2',
    'username peer1 password 0 s3cret',
    'vpdn enable',
    'vpdn-group callers',
    ' accept-dialin',
    '  protocol pptp',
    '  virtual-template 1',
    'interface Loopback1',
    ' ip address 10.255.0.1 255.255.255.255',
    'interface Virtual-Template1',
    ' ip unnumbered Loopback1',
    ' peer default ip address pool callers',
    ' ppp authentication ms-chap-v2',
    ' ppp encrypt mppe 128 required',
    'ip local pool callers 10.64.0.1 10.64.127.254',
  ];
  for (let number = 0; number * EACH < WANTED; number++) {
    lines.push(`platform interfaces Ethernet0/${number} wan${number}`);
    lines.push(`interface Ethernet0/${number}`, ` ip address 192.0.${number}.2 255.255.255.0`);
  }
  return lines;
}

function clientLines(number: number, calls: number): string[] {
  const lines = [
    'hostname peer1',
    'platform interfaces Ethernet0/0 wan',
    'vpdn enable',
    'vpdn-group 1',
    ' request-dialin',
    '  protocol pptp',
    '  pool-member 1',
    ` initiate-to ip 192.0.${number}.2`,
    'interface Ethernet0/0',
    ` ip address 192.0.${number}.1 255.255.255.0`,
  ];
  for (let dialer = 0; dialer < calls; dialer++) {
    lines.push(
      `interface Dialer${dialer}`,
      ' ip address negotiated',
      ' encapsulation ppp',
      ' dialer pool 1',
      ' ppp encrypt mppe 128 required',
      ' ppp chap hostname peer1',
      ' ppp chap password 0 s3cret',
    );
  }
  return lines;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
