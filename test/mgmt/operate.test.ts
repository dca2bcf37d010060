// What an operator does to two running routers, and sees of them: show, clear and debug through the control socket.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { lacking } from '../support/requirement.ts';
import { waitFor } from '../support/wait.ts';
import { PAIR, Pair } from './pair.ts';

/** Prints each datagram with where it came from. */
const RECEIVER = `
  const socket = require('node:dgram').createSocket('udp4');
  socket.on('message', (octets, { address }) => console.log(address, octets.toString()));
  socket.bind(5514, () => console.log('ready'));
`;

describe('two routers in service', { skip: lacking(PAIR) }, () => {
  let pair: Pair;
  const shown = async (command: string) => (await pair.exec('server', command)).text;

  before(async () => {
    pair = new Pair();
    await pair.startBoth();
    await pair.untilCallIsUp();
    assert.ok(await pair.pingThrough());
  });

  after(async () => pair.close());

  test('who is on is told the same way everywhere', async () => {
    assert.match(await shown('show ppp all'), /^Vi1 +LCP\+ CHAP\+ IPCP\+ +LocalT +10\.20\.20\.1 +peer1$/m);
    assert.match(await shown('show ppp interface vi1'), /Vi1 LCP: {4}AuthProto CHAP \(0x0305C22305\)/);
    assert.match(await shown('show caller'), /^ {2}Vi1 +peer1 +PPP {3}L2TP +00:0\d:\d\d +00:0\d:\d\d$/m);
    assert.match(await shown('show caller summary'), /^ +1 {3}VPDN calls$/m);
    assert.match(await shown('show subscriber session'), /^\d+ +Vi1 +authen +Lterm .* peer1$/m);
    assert.match(await shown('show ppp statistics'), /^20 +Successful LCP neogtiations +1 +1$/m);
    assert.match(await shown('show vtemplate'), /^Vt1 +1 +0 +No/m);
  });

  test('a physical interface has the counters of Linux', async () => {
    const text = await shown('show interfaces | section Ethernet');
    assert.match(text, /^ +[1-9]\d* packets input, [1-9]\d* bytes/m);
    assert.match(text, /^ +[1-9]\d* packets output, [1-9]\d* bytes/m);
  });

  test('clear counters begins the count anew, and show interfaces says when', async () => {
    assert.match(await shown('show interfaces vi1'), /Last clearing of "show interface" counters never/);
    assert.deepEqual(await pair.exec('server', 'clear counters vi1'), { status: 0, text: '' });
    const text = await shown('show interfaces vi1');
    assert.match(text, /Last clearing of "show interface" counters 00:00:0\d/);
    assert.match(text, /^ +\d packets input, /m);
    const { status, text: refused } = await pair.exec('server', 'clear counters loopback 77');
    assert.deepEqual({ status, text: refused }, { status: 1, text: '% Interface Loopback77 does not exist\n' });
  });

  test('the tables of the machine are there', async () => {
    assert.match(await shown('show udp'), /^17 +\*\.\* +\S*\.1701$/m);
    assert.match(
      await shown('show arp'),
      /^Internet +\d+\.\d+\.\d+\.\d+ +- +[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4} +ARPA/m,
    );
    assert.match(await shown('show processes'), /^CPU utilization of this process/);
    assert.match(await shown('show ip cef'), /^10\.20\.20\.0\/24 /m);
    assert.match(await shown('show ip route 10.20.20.9'), /^Routing entry for 10\.20\.20\.0\/24$/m);
  });

  test('show tech-support holds everything but the secrets of the configuration', async () => {
    const text = await shown('show tech-support');
    assert.match(text, /-{18} show vpdn session all -{18}/);
    assert.match(text, /<removed>/);
    const secrets = [...(await shown('show running-config')).matchAll(/(?:password|secret)(?: \d)? (\S+)$/gm)];
    assert.ok(secrets.length > 0);
    for (const [, secret] of secrets) assert.ok(!text.includes(secret!), 'a secret is in it');
  });

  test('what is shown goes into a file, once, behind what is there, or to both', async () => {
    const path = join(pair.folder, 'shown.txt');
    assert.deepEqual(await pair.exec('server', 'show ip local pool | redirect flash:shown.txt'), {
      status: 0,
      text: '',
    });
    const pools = await shown('show ip local pool');
    assert.equal(readFileSync(path, 'utf8'), pools);
    await pair.exec('server', 'show ip local pool | append shown.txt');
    assert.equal(readFileSync(path, 'utf8'), pools + pools);
    assert.equal(await shown('show ip local pool | tee shown.txt'), pools);
    assert.equal(readFileSync(path, 'utf8'), pools);
    const refused = { status: 1, text: '%Error opening /etc/shown.txt (Permission denied)\n' };
    assert.deepEqual(await pair.exec('server', 'show clock | redirect /etc/shown.txt'), refused);
    assert.equal((await pair.exec('server', 'show history | redirect h.txt')).status, 1);
  });

  test('C013: messages go to a syslog server, from the source interface, and none of them holds a secret', async () => {
    const server = pair.program('private-host', process.execPath, '-e', RECEIVER);
    await server.said('ready', 5000);
    const path = join(pair.folder, 'syslog.conf');
    const lines = ['logging host 10.10.10.2 transport udp port 5514', 'logging source-interface Loopback1'];
    writeFileSync(path, `${lines.join('\n')}\nlogging trap debugging\nusername new password 0 canary-of-syslog\nend\n`);
    await pair.exec('server', 'debug vpdn l2x-events');
    assert.equal((await pair.exec('server', `copy ${path} running-config`)).status, 0);
    await server.said('%SYS-5-CONFIG_I: ', 5000);
    assert.match(
      server.output,
      /^10\.10\.10\.1 <190>\d+: \*.*: %SYS-6-LOGGINGHOST_STARTSTOP: Logging to host 10\.10\.10\.2 /m,
    );
    assert.match(server.output, /^10\.10\.10\.1 <189>\d+: \*.*: %SYS-5-CONFIG_I: Configured from /m);
    assert.doesNotMatch(server.output, /canary-of-syslog|s3cret|tunn3l/);
    assert.match(
      await shown('show logging'),
      /Logging to 10\.10\.10\.2 {2}\(udp port 5514, audit disabled,\n +link up\),\n +[1-9]\d* message lines logged,/,
    );
    await pair.exec('server', 'undebug all');
    server.kill('SIGTERM');
  });

  test('the same as data, of every command that shows something', async () => {
    for (const command of ['show ppp all', 'show caller', 'show version', 'show udp', 'show logging', 'show arp']) {
      const model = JSON.parse(await shown(`${command} | json`)) as { schema: string };
      assert.equal(model.schema, `vpdn.${command.replaceAll(' ', '-')}/1`);
    }
  });

  test('text by its nature is a list of its lines; a refusal and what shows nothing stay text', async () => {
    for (const command of ['show running-config', 'show archive', 'show ssh', 'show controllers isa']) {
      const model = JSON.parse(await shown(`${command} | json`)) as { schema: string; lines: string[] };
      assert.equal(model.schema, `vpdn.${command.replaceAll(' ', '-')}/1`);
      assert.ok(model.lines.length > 0, command);
    }
    const refused = { status: 1, text: '% Interface is not configured\n' };
    assert.deepEqual(await pair.exec('client', 'show running-config interface loopback 99 | json'), refused);
    assert.equal((await pair.exec('client', 'dir | json')).status, 1);
  });

  test('traceroute finds the peer behind the session in one hop', async () => {
    const { status, text } = await pair.exec('client', 'traceroute 10.10.10.1');
    assert.equal(status, 0);
    assert.match(text, /Tracing the route to 10\.10\.10\.1\n\n {2}1 10\.10\.10\.1 \d+ msec \d+ msec \d+ msec\n$/);
  });

  test('what leads away from here is refused in one line', async () => {
    const { status, text } = await pair.exec('client', 'telnet 10.10.10.1');
    assert.equal(status, 1);
    assert.match(text, /^% telnet from this router is not supported: .+\n$/);
  });

  test('clear interface ends the session as the operator, and the client dials again', async () => {
    await pair.exec('server', 'debug condition username nobody');
    assert.match(
      (await pair.exec('server', 'debug ppp negotiation')).text,
      /^PPP protocol negotiation debugging is on\n$/,
    );
    assert.match(await shown('show debugging'), /^Condition 1: username nobody \(0 flags triggered\)$/m);
    const unknown = { status: 1, text: '% Interface Virtual-Access99 does not exist\n' };
    assert.deepEqual(await pair.exec('server', 'clear interface virtual-access 99'), unknown);
    await pair.exec('server', 'clear interface vi1');
    await waitFor('a new session', 30_000, async () => /neogtiations +2 +2$/m.test(await shown('show ppp statistics')));
    assert.match(await shown('show ppp statistics'), /^61 +User cleared from exec prompt +1 +1$/m);
    assert.equal((await pair.exec('server', 'undebug all')).text, 'All possible debugging has been turned off\n');
    await pair.exec('server', 'clear ppp statistics');
    assert.match(await shown('show ppp statistics'), /^61 +User cleared from exec prompt +1 +0$/m);
  });
});
