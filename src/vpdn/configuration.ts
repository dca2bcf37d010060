// The configuration model: what the IOS lines mean. `cli/` turns text into edits of it and prints it back;
// `router.ts` is given one and makes the world follow. Plain data, so that `structuredClone` copies it and two can be compared.
// Absent (`undefined`) means "not configured": the default then stands beside its consumer in `defaults.ts`.

import type { Interface } from './configuration-interface.ts';
import type { Logging, Secret, Services, User } from './configuration-system.ts';
import {
  type Controller,
  emptyVpdnGlobals,
  type L2tpClass,
  type PseudowireClass,
  type VpdnGlobals,
  type VpdnGroup,
  type VpdnTemplate,
} from './configuration-vpdn.ts';

export interface Configuration {
  hostname: string;
  users: Map<string, User>;
  /** What `enable` asks for; the secret comes first where both are set. */
  enableSecret?: Secret | undefined;
  enablePassword?: Secret | undefined;
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
  routes: StaticRoute[];
  /** Which Linux device stands behind a physical interface, by canonical name: `platform interfaces`. */
  devices: Map<string, string>;
  services: Services;
  logging: Logging;
  /** Lines taken for the sake of pasted configurations, in canonical form, with no effect here. */
  inert: InertLine[];
}

export interface PoolRange {
  low: string;
  high: string;
}

export interface StaticRoute {
  prefix: string;
  prefixLength: number;
  nextHop?: string | undefined;
  interface?: string | undefined;
  distance?: number | undefined;
  name?: string | undefined;
  tag?: number | undefined;
  permanent: boolean;
}

/** What a line comes to here. Nothing is taken without one of these. */
export type Standing =
  | { readonly class: 'honoured' }
  /** It means nothing on Linux, or is always so here: nobody misses anything. */
  | { readonly class: 'without-effect'; readonly why: string }
  /** It would change what the router does, and does not: `why` says what. */
  | { readonly class: 'not-supported'; readonly why: string };

export const HONOURED: Standing = { class: 'honoured' };

export interface InertLine {
  /** The path of mode lines it stands under, outermost first; empty for a global line. */
  under: string[];
  text: string;
  standing: Exclude<Standing, { class: 'honoured' }>;
}

export function emptyConfiguration(): Configuration {
  const datetime = { kind: 'datetime', msec: true, localtime: false, showTimezone: false, year: false } as const;
  return {
    hostname: 'Router',
    users: new Map(),
    vpdn: emptyVpdnGlobals(),
    vpdnTemplates: new Map(),
    vpdnGroups: new Map(),
    l2tpClasses: new Map(),
    pseudowireClasses: new Map(),
    controllers: new Map(),
    interfaces: new Map(),
    pools: new Map(),
    routes: [],
    devices: new Map(),
    services: { passwordEncryption: false, timestampsLog: { ...datetime }, timestampsDebug: { ...datetime } },
    logging: { on: true },
    inert: [],
  };
}
