// The configuration model: what the IOS lines mean. `cli/` turns text into edits of it and prints it back;
// `router.ts` is given one and makes the world follow. Plain data, so that `structuredClone` copies it and two can be compared.
// Absent (`undefined`) means "not configured": the default then stands beside its consumer in `defaults.ts`.

import { emptyInert, type InertLines } from './configuration-inert.ts';
import type { Interface } from './configuration-interface.ts';
import type {
  AccessList,
  BannerKind,
  EnableLevel,
  Lines,
  Logging,
  Secret,
  Services,
  SshServer,
  User,
} from './configuration-system.ts';
import {
  type Controller,
  emptyVpdnGlobals,
  type L2tpClass,
  type PseudowireClass,
  type VpdnGlobals,
  type VpdnGroup,
  type VpdnTemplate,
} from './configuration-vpdn.ts';
import type { Seconds } from './units.ts';

export interface Configuration {
  hostname: string;
  users: Map<string, User>;
  /** What `enable` asks for; the secret comes first where both are set. */
  enableSecret?: Secret | undefined;
  enablePassword?: Secret | undefined;
  /** `enable secret level 7 …`: the levels other than 15. */
  enableLevels: Map<number, EnableLevel>;
  lines: Lines;
  ssh: SshServer;
  banners: Map<BannerKind, string>;
  /** `alias exec`: commands by the words that stand for them. */
  aliases: Map<string, string>;
  domainName?: string | undefined;
  /** Standard ones, by number or name. */
  accessLists: Map<string, AccessList>;
  vpdn: VpdnGlobals;
  /** The unnamed one under ''. */
  vpdnTemplates: Map<string, VpdnTemplate>;
  vpdnGroups: Map<string, VpdnGroup>;
  l2tpClasses: Map<string, L2tpClass>;
  pseudowireClasses: Map<string, PseudowireClass>;
  /** By slot and port: `5/0`. */
  controllers: Map<string, Controller>;
  /** By canonical name: `Loopback1`, `Ethernet0/0`, `Virtual-Template1`, `Virtual-PPP1`. */
  interfaces: Map<string, Interface>;
  pools: Map<string, PoolRange[]>;
  /** What else is said of a pool, by its name. */
  poolOptions: Map<string, PoolOptions>;
  /** `ip address-pool`: where addresses come from on interfaces that do not say. */
  addressPool?: 'local' | 'dhcp-pool' | 'dhcp-proxy-client' | undefined;
  /** `async-bootp`: name servers for peers of interfaces that name none. */
  bootpServers: { dns: string[]; nbns: string[] };
  routes: StaticRoute[];
  /** Which Linux device stands behind a physical interface, by canonical name: `platform interfaces`. */
  devices: Map<string, string>;
  services: Services;
  logging: Logging;
  /** Lines taken for the sake of pasted configurations, in canonical form, with no effect here. */
  inert: InertLines;
}

export interface PoolRange {
  low: string;
  high: string;
}

export interface PoolOptions {
  /** Pools of different groups may overlap. */
  group?: string | undefined;
  /** Users whose last address is remembered. */
  cacheSize?: number | undefined;
  recycleDelay?: Seconds | undefined;
}

export interface StaticRoute {
  prefix: string;
  prefixLength: number;
  nextHop?: string | undefined;
  /** `Null0`: packets are dropped. */
  interface?: string | undefined;
  /** The next hop is the one that DHCP would tell. */
  dhcp?: true | undefined;
  distance?: number | undefined;
  name?: string | undefined;
  tag?: number | undefined;
  permanent: boolean;
  /** The object that would have to be up. */
  track?: number | undefined;
}

export function emptyConfiguration(): Configuration {
  const datetime = { kind: 'datetime', msec: true, localtime: false, showTimezone: false, year: false } as const;
  return {
    hostname: 'Router',
    users: new Map(),
    enableLevels: new Map(),
    lines: { console: {}, vty: [{}, {}, {}, {}, {}], others: new Map() },
    ssh: { publicKeys: new Map() },
    banners: new Map(),
    aliases: new Map(),
    accessLists: new Map(),
    vpdn: emptyVpdnGlobals(),
    vpdnTemplates: new Map(),
    vpdnGroups: new Map(),
    l2tpClasses: new Map(),
    pseudowireClasses: new Map(),
    controllers: new Map(),
    interfaces: new Map(),
    pools: new Map(),
    poolOptions: new Map(),
    bootpServers: { dns: [], nbns: [] },
    routes: [],
    devices: new Map(),
    services: { passwordEncryption: false, timestampsLog: { ...datetime }, timestampsDebug: { ...datetime } },
    logging: { on: true },
    inert: emptyInert(),
  };
}
