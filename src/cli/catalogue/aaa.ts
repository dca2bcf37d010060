// C126-C135: AAA and RADIUS.

import type { CatalogueEntry } from './entry.ts';

export const AAA_ENTRIES: readonly CatalogueEntry[] = [
  { entry: 'C126', title: 'aaa new-model', mode: 'global', forms: ['aaa new-model', 'no aaa new-model'] },
  {
    entry: 'C127',
    title: 'aaa authentication',
    mode: 'global',
    forms: [
      'aaa authentication ppp default group radius local',
      'aaa authentication ppp LIST group ONE local-case none',
      'aaa authentication login default local',
      'no aaa authentication ppp default',
    ],
  },
  {
    entry: 'C128',
    title: 'aaa authorization',
    mode: 'global',
    forms: ['aaa authorization network default group radius local', 'aaa authorization network LIST if-authenticated'],
  },
  {
    entry: 'C129',
    title: 'aaa accounting',
    mode: 'global',
    forms: [
      'aaa accounting network default start-stop group radius',
      'aaa accounting network LIST stop-only broadcast group ONE',
      'aaa accounting update periodic 5',
      'aaa accounting update newinfo',
      'aaa accounting delay-start',
      'aaa accounting send stop-record authentication failure',
      'aaa session-id common',
      'aaa session-id unique',
    ],
  },
  {
    entry: 'C130',
    title: 'aaa group server radius',
    mode: 'server-group',
    forms: [
      'global: aaa group server radius ONE',
      'server 192.0.2.5',
      'server 192.0.2.5 auth-port 1812 acct-port 1813',
      'server-private 192.0.2.5 auth-port 1812 acct-port 1813 key s3cret',
      'server name ONE',
      'deadtime 5',
      'ip vrf forwarding RED',
      'load-balance method least-outstanding',
    ],
  },
  {
    entry: 'C131',
    title: 'radius-server host',
    mode: 'global',
    forms: [
      'radius-server host 192.0.2.5',
      'radius-server host 192.0.2.5 auth-port 1645 acct-port 1646 key s3cret',
      'radius-server host 192.0.2.5 timeout 3 retransmit 2 key 7 0822455D0A16',
      'no radius-server host 192.0.2.5',
    ],
  },
  {
    entry: 'C132',
    title: 'radius-server',
    mode: 'global',
    forms: [
      'radius-server key s3cret',
      'radius-server key 7 0822455D0A16',
      'radius-server timeout 5',
      'radius-server retransmit 3',
      'radius-server deadtime 1',
      'radius-server vsa send accounting',
      'radius-server attribute 44 include-in-access-req',
      'radius-server attribute 8 include-in-access-req',
      'radius-server attribute nas-port format d',
      'radius-server domain-stripping',
      'ip radius source-interface Loopback0',
    ],
  },
  {
    entry: 'C133',
    title: 'radius server',
    mode: 'radius-server',
    forms: [
      'global: radius server ONE',
      'address ipv4 192.0.2.5 auth-port 1812 acct-port 1813',
      'key s3cret',
      'timeout 3',
      'retransmit 2',
    ],
  },
  {
    entry: 'C134',
    title: 'local AAA attributes',
    mode: 'global',
    forms: [
      'aaa attribute list ONE',
      'username bob aaa attribute list ONE',
      'aaa local authentication default authorization default',
    ],
  },
  {
    entry: 'C135',
    title: 'test aaa',
    mode: 'exec',
    forms: ['test aaa group radius bob s3cret legacy', 'test aaa group ONE bob s3cret new-code'],
  },
];
