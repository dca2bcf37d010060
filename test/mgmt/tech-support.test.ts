// `show tech-support` (C168): all there is to know, and no secret in it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfiguration } from '../../src/cli/load.ts';
import type { ShowSources } from '../../src/mgmt/show-sources.ts';
import { techSupport } from '../../src/mgmt/tech-support.ts';
import { interfaceView, NOW, routerView, WALL_CLOCK } from '../cli/show/fixture.ts';

/** Every kind of line that holds a secret, each secret another canary. */
const CONFIGURATION = `
hostname lns
enable secret 0 canary-a
enable password canary-b
username bob password 0 canary-c
username eve secret 0 canary-d
vpdn enable
l2tp-class one
 password 0 canary-e
vpdn-group 1
 l2tp tunnel password 0 canary-f
interface Virtual-PPP1
 ppp chap password 0 canary-g
 ppp pap sent-username bob password 0 canary-h
snmp-server community canary-i RO
radius-server host 192.0.2.9 key canary-j
crypto isakmp key canary-k address 192.0.2.7
line vty 0 4
 password canary-l
`;

function sources(text: string): ShowSources {
  const { configuration } = loadConfiguration(text);
  const buffer = ['*Nov 22 16:35:53.120: %SYS-5-RESTART: System restarted'];
  return {
    view: () => routerView({ configuration, interfaces: [interfaceView()] }),
    pool: () => [],
    logging: () => ({
      configuration: { on: true },
      dropped: 0,
      rateLimited: 0,
      consoleLogged: 0,
      monitorLogged: 0,
      bufferLogged: 1,
      trapLogged: 6,
      servers: [],
      buffer,
    }),
    version: () => ({
      hostname: 'lns',
      version: '0.1.0',
      node: 'v26.1.0',
      kernel: 'Linux 6.1.0',
      machine: 'x86_64',
      processors: 2,
      memory: 1024,
      interfaces: { physical: 0, virtual: 1 },
      uptime: NOW,
      startedAt: WALL_CLOCK,
    }),
    debugging: () => ({ topics: new Set(), conditions: [] }),
    machine: () => ({
      arp: [],
      tcp: [],
      udp: [],
      threads: [],
      memory: { resident: 0, heapTotal: 0, heapUsed: 0, buffers: 0, machineTotal: 0, machineFree: 0 },
      processPercent: 0,
      load: [0, 0, 0],
    }),
    hosts: () => ({ lookup: true, servers: [], hosts: [] }),
  };
}

test('no secret of any line is in it, and what stood around it is', () => {
  const text = [...techSupport(sources(CONFIGURATION))].join('\n');
  assert.doesNotMatch(text, /canary/);
  for (const kept of ['username bob', 'l2tp-class one', 'ppp pap sent-username bob', 'l2tp tunnel password']) {
    assert.match(text, new RegExp(kept));
  }
  assert.ok(text.split('<removed>').length > 8, 'the secrets were there');
});

test('it is made of sections under the name of their command, one by one', () => {
  const sections = [...techSupport(sources('hostname lns\n'))].flatMap(
    (line) => /^-{18} (.*) -{18}$/.exec(line)?.[1] ?? [],
  );
  assert.deepEqual(sections.slice(0, 3), ['show version', 'show running-config', 'show clock']);
  assert.equal(sections.at(-1), 'show logging');
  const first = techSupport(sources('hostname lns\n'))[Symbol.iterator]();
  assert.deepEqual(first.next(), { value: '', done: false }, 'a line comes before the rest is made');
});
