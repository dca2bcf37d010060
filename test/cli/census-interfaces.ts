// Census rows of interface mode.

import type { Interface } from '../../src/vpdn/configuration-interface.ts';
import type { ConfigurationRow } from './census-table.ts';

type Part = Omit<ConfigurationRow, 'mode' | 'of'>;

const onTemplate = (of: (subject: Interface) => unknown, row: Part): ConfigurationRow => {
  return { ...row, mode: 'virtual-template', of: ({ interfaces }) => of(interfaces.get('Virtual-Template1')!) };
};

const onVirtualPpp = (of: (subject: Interface) => unknown, row: Part): ConfigurationRow => {
  return { ...row, mode: 'virtual-ppp', of: ({ interfaces }) => of(interfaces.get('Virtual-PPP1')!) };
};

export const INTERFACE_ROWS: readonly ConfigurationRow[] = [
  onTemplate(({ address }) => address, {
    command: 'ip unnumbered',
    full: 'ip unnumbered FastEthernet 0/0',
    short: 'ip unnum fa0/0',
    means: { kind: 'unnumbered', from: 'FastEthernet0/0' },
    no: ['no ip unnumbered', undefined],
    reset: ['default ip unnumbered', undefined],
    ends: ['ip unnumbered loopback 0', 'ip unnumbered loopback 2147483647'],
    beyond: [
      ['ip unnumbered loopback 2147483648', 23],
      ['ip unnumbered', 'incomplete'],
    ],
    help: { 'ip unnumbered loopback ': '<0-2147483647>' },
    prints: 'ip unnumbered FastEthernet0/0',
  }),
  onTemplate(({ ppp }) => ppp.authentication && [ppp.authentication.methods, ppp.authentication.callin], {
    command: 'ppp authentication',
    full: 'ppp authentication ms-chap-v2 chap pap callin',
    short: 'ppp authe ms-chap-v2 ch p calli',
    means: [['ms-chap-v2', 'chap', 'pap'], true],
    no: ['no ppp authentication', undefined],
    reset: ['default ppp authentication', undefined],
    ends: ['ppp authentication eap', 'ppp authentication ms-chap optional', 'ppp authentication chap one-time'],
    beyond: [
      ['ppp authentication', 'incomplete'],
      ['ppp authentication md5', 20],
    ],
    help: { 'ppp authentication ': 'chap eap ms-chap ms-chap-v2 pap' },
    prints: 'ppp authentication ms-chap-v2 chap pap callin',
  }),
  onTemplate(({ ppp }) => ppp.chapHostname, {
    command: 'ppp chap hostname',
    full: 'ppp chap hostname peer1',
    short: 'ppp ch h peer1',
    means: 'peer1',
    no: ['no ppp chap hostname', undefined],
    reset: ['default ppp chap hostname', undefined],
    beyond: [
      ['ppp chap hostname', 'incomplete'],
      ['ppp chap hostname one two', 22],
    ],
    help: { 'ppp chap hostname ': 'WORD' },
    prints: 'ppp chap hostname peer1',
  }),
  onVirtualPpp(({ pseudowire }) => pseudowire, {
    command: 'pseudowire',
    full: 'pseudowire 172.24.13.196 10 pw-class pwclass1 sequencing both',
    short: 'pse 172.24.13.196 10 pw pwclass1 seq b',
    means: { peer: '172.24.13.196', vcid: 10, pseudowireClass: 'pwclass1', sequencing: 'both' },
    no: ['no pseudowire', undefined],
    reset: ['default pseudowire', undefined],
    ends: [
      'pseudowire 172.24.13.196 1 pw-class pwclass1',
      'pseudowire 172.24.13.196 4294967295 pw-class pwclass1',
      'pseudowire 172.24.13.196 10 encapsulation l2tpv2 pw-class pwclass1',
    ],
    beyond: [
      ['pseudowire 172.24.13.196 0 pw-class pwclass1', 25],
      ['pseudowire 172.24.13.196 4294967296 pw-class pwclass1', 25],
      ['pseudowire lns.example.com 10 pw-class pwclass1', 11],
      ['pseudowire 172.24.13.196 10', 'incomplete'],
      ['pseudowire 172.24.13.196 10 encapsulation mpls', 'refused'],
    ],
    help: { 'pseudowire ': 'A.B.C.D X:X:X:X::X', 'pseudowire 10.1.1.1 ': '<1-4294967295>' },
    prints: 'pseudowire 172.24.13.196 10 pw-class pwclass1 sequencing both',
  }),
  onTemplate(({ peerDefaultAddress }) => peerDefaultAddress, {
    command: 'peer default ip address',
    full: 'peer default ip address pool mypool',
    short: 'pee d ip a p mypool',
    means: { kind: 'pool', pools: ['mypool'] },
    // On unless said otherwise: `no` is a setting of its own.
    no: ['no peer default ip address', { kind: 'none' }],
    reset: ['default peer default ip address', undefined],
    ends: [
      'peer default ip address 10.1.1.2',
      'peer default ip address dhcp',
      'peer default ip address dhcp-pool mypool',
    ],
    beyond: [
      ['peer default ip address', 'incomplete'],
      ['peer default ip address 10.1.1.256', 24],
    ],
    help: { 'peer default ip address ': 'A.B.C.D dhcp dhcp-pool pool' },
    prints: 'peer default ip address pool mypool',
  }),
  onTemplate(({ name, kind }) => [name, kind], {
    command: 'encapsulation',
    full: 'encapsulation ppp',
    short: 'encap p',
    // PPP is built in: there is nothing to be set and nothing to be printed.
    means: ['Virtual-Template1', 'Virtual-Template'],
    no: ['no encapsulation', ['Virtual-Template1', 'Virtual-Template']],
    reset: ['default encapsulation', ['Virtual-Template1', 'Virtual-Template']],
    beyond: [
      ['encapsulation', 'incomplete'],
      ['encapsulation pptp', 16],
      ['encapsulation hdlc', 'refused'],
      ['encapsulation frame-relay', 'refused'],
    ],
    help: { 'encapsulation p?': 'ppp' },
    prints: '',
  }),
  onTemplate(({ ppp }) => ppp.mppe, {
    command: 'ppp encrypt mppe',
    full: 'ppp encrypt mppe 128 required stateful',
    short: 'ppp enc m 128 r s',
    means: { strength: '128', demand: 'required', stateful: true },
    no: ['no ppp encrypt mppe', undefined],
    reset: ['default ppp encrypt mppe', undefined],
    ends: ['ppp encrypt mppe auto', 'ppp encrypt mppe 40 passive'],
    beyond: [
      ['ppp encrypt mppe', 'incomplete'],
      ['ppp encrypt mppe 56', 17],
      ['ppp encrypt mppe auto stateless', 27],
    ],
    help: { 'ppp encrypt mppe ': '128 40 auto', 'ppp encrypt mppe auto ': 'passive required stateful <cr>' },
    prints: 'ppp encrypt mppe 128 required stateful',
  }),
];
