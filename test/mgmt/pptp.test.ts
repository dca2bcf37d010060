// Two routers joined by PPTP, end to end: an interface Dialer calls a vpdn-group, and packets arrive, in clear and in every mode of MPPE.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { ADDRESSES, type HostName } from '../../src/mgmt/demo/topology.ts';
import type { Machine } from '../support/process.ts';
import { hosted } from '../support/requirement.ts';
import { MEGABYTE, transfer } from '../support/transfer.ts';
import { waitFor } from '../support/wait.ts';
import { PAIR, Pair } from './pair.ts';

interface Mode {
  readonly name: string;
  /** Lines of the template, and of the Dialer. */
  readonly server: string;
  readonly client: string;
  /** What `show ppp mppe` says; undefined: there is none. */
  readonly shown: RegExp | undefined;
}

const MODES: readonly Mode[] = [
  { name: 'in clear', server: '', client: '', shown: undefined },
  {
    name: '128 bits, stateless, required by both',
    server: ' ppp encrypt mppe 128 required\n',
    client: ' ppp encrypt mppe 128 required\n',
    shown: /128 bit encryption, Stateless mode/,
  },
  {
    name: '40 bits, stateless',
    server: ' ppp encrypt mppe 40 required\n',
    client: ' ppp encrypt mppe auto\n',
    shown: /40 bit encryption, Stateless mode/,
  },
  {
    name: '128 bits, stateful',
    server: ' ppp encrypt mppe 128 required stateful\n',
    client: ' ppp encrypt mppe 128\n',
    shown: /128 bit encryption, Stateful mode/,
  },
];

const serverText = (mode: Mode) => `
hostname peer2
username peer1 password 0 s3cret
vpdn enable
platform interfaces Ethernet0/1 wan0
vpdn-group callers
 accept-dialin
  protocol pptp
  virtual-template 1
ip local pool callers 10.30.30.1 10.30.30.9
interface Loopback1
 ip address 10.10.10.1 255.255.255.255
interface Ethernet0/1
 ip address 172.24.13.196 255.255.255.0
interface Virtual-Template1
 ip unnumbered Loopback1
 peer default ip address pool callers
 ppp authentication ms-chap-v2
${mode.server}ip route 10.20.20.0 255.255.255.0 10.30.30.1
ip route 172.16.32.0 255.255.255.0 172.24.13.1
end
`;

const clientText = (mode: Mode) => `
hostname peer1
vpdn enable
platform interfaces Ethernet0/0 wan0
vpdn-group 1
 request-dialin
  protocol pptp
  rotary-group 0
 initiate-to ip 172.24.13.196
interface Ethernet0/0
 ip address 172.16.32.24 255.255.255.0
interface Dialer0
 ip address negotiated
 ppp chap hostname peer1
 ppp chap password 0 s3cret
${mode.client}ip route 10.10.10.0 255.255.255.0 Dialer0
ip route 172.24.13.0 255.255.255.0 172.16.32.1
end
`;

function machine(pair: Pair, host: HostName): Machine {
  return {
    run: async ([program = '', ...words], limit = 10_000) => {
      const child = pair.program(host, program, ...words);
      await child.ended(limit);
      const [, status] = /^status (\d+)$/.exec(child.status ?? '') ?? [];
      return { status: status === undefined ? undefined : Number(status), stdout: child.output, stderr: '' };
    },
  };
}

async function untilUp(pair: Pair): Promise<void> {
  await waitFor('the call to come up', 30_000, async () => {
    const { text: dialled } = await pair.exec('client', 'show ip interface brief | include Dialer');
    const { text: accepted } = await pair.exec('server', 'show ip interface brief | include Virtual-Access');
    return /up\s+up/.test(dialled) && /up\s+up/.test(accepted);
  });
}

for (const mode of MODES) {
  hosted(`PPTP between our own routers, ${mode.name}`, [PAIR, { programs: ['perl'] }], 60_000, async () => {
    const pair = new Pair();
    try {
      writeFileSync(pair.configPath('server'), serverText(mode));
      writeFileSync(pair.configPath('client'), clientText(mode));
      await Promise.all([pair.start('server'), pair.start('client')]);
      await untilUp(pair);
      const { text: pinged } = await pair.exec('client', 'ping 10.10.10.1 repeat 5 size 1300');
      assert.match(pinged, /Success rate is 100 percent \(5\/5\)/);
      assert.ok(await pair.pingThrough());
      const [near, far] = [machine(pair, 'client-host'), machine(pair, 'private-host')];
      await transfer({ from: near, to: far, address: ADDRESSES.privateHost, octets: 3 * MEGABYTE, seconds: 15 });
      await transfer({ from: far, to: near, address: ADDRESSES.clientHost, octets: 3 * MEGABYTE, seconds: 15 });
      const { text: sessions } = await pair.exec('server', 'show vpdn session all');
      assert.match(sessions, /Session username is peer1, state is estabd/);
      assert.match(sessions, /Flow alarm is clear/);
      const { text: shown } = await pair.exec('server', 'show ppp mppe Virtual-Access1');
      if (mode.shown === undefined) return assert.match(shown, /MPPE not enabled/);
      assert.match(shown, mode.shown);
      assert.match(shown, /packets encrypted = [1-9]\d{2,}/);
      assert.match(shown, /rx pkt dropped += 0/);
    } finally {
      await pair.close();
    }
  });
}

hosted('a Dialer whose first server refuses TCP is with the second one at once', [PAIR], 60_000, async () => {
  const pair = new Pair();
  try {
    writeFileSync(pair.configPath('server'), serverText(MODES[1]!));
    // Linux between the two listens to no PPTP.
    const servers = ' initiate-to ip 172.16.32.1 priority 1\n initiate-to ip 172.24.13.196 priority 2\n';
    const text = clientText(MODES[1]!).replace(' initiate-to ip 172.24.13.196\n', servers);
    writeFileSync(pair.configPath('client'), text);
    await pair.start('server');
    await pair.start('client');
    await untilUp(pair);
    const { text: pinged } = await pair.exec('client', 'ping 10.10.10.1 repeat 5');
    assert.match(pinged, /Success rate is 100 percent \(5\/5\)/);
    const { text: failures } = await pair.exec('client', 'show vpdn history failure');
    assert.match(failures, /172\.16\.32\.1[\s\S]*PTP-701/);
    assert.doesNotMatch(failures, /172\.24\.13\.196/);
    const { text: tunnels } = await pair.exec('client', 'show vpdn tunnel pptp');
    assert.match(tunnels, /172\.24\.13\.196/);
  } finally {
    await pair.close();
  }
});
