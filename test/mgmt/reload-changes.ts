// Configurations of a server with many groups, and what an operator may do to one: valid changes, and files that are wrong.

export interface Plan {
  hostname: string;
  readonly groups: Group[];
  readonly templates: Template[];
  /** The addresses of Loopback1 to Loopback3, which the templates borrow. */
  readonly loopbacks: string[];
  readonly pools: { readonly low: string; high: string; there: boolean }[];
  readonly users: Set<string>;
  readonly routes: Set<string>;
  sessionLimit: number | undefined;
  softshut: boolean;
  logging: string;
}

interface Group {
  readonly name: string;
  readonly hostname: string;
  there: boolean;
  protocol: 'l2tp' | 'any' | 'pptp';
  template: number;
  password: string;
  hello: number;
  limit: number | undefined;
  description: string | undefined;
}

interface Template {
  there: boolean;
  loopback: number;
  keepalive: number;
  mtu: number | undefined;
  authentication: 'chap' | 'pap' | 'chap pap';
}

export const ECHO_ADDRESS = '10.255.255.1';
const TEMPLATES = 6;

export function firstPlan(groups: number): Plan {
  return {
    hostname: 'server',
    groups: Array.from({ length: groups }, (_, index) => ({
      name: `g${index + 1}`,
      hostname: `c${index + 1}`,
      there: true,
      protocol: 'l2tp',
      template: (index % TEMPLATES) + 1,
      password: 'tunn3l',
      hello: 60,
      limit: undefined,
      description: undefined,
    })),
    templates: Array.from({ length: TEMPLATES }, (_, index) => {
      return { there: true, loopback: (index % 3) + 1, keepalive: 10, mtu: undefined, authentication: 'chap' };
    }),
    loopbacks: ['10.255.0.1', '10.255.0.2', '10.255.0.3'],
    pools: Array.from({ length: TEMPLATES }, (_, index) => {
      return { low: `10.${64 + index}.0.1`, high: `10.${64 + index}.31.254`, there: true };
    }),
    users: new Set(['peer1']),
    routes: new Set(),
    sessionLimit: undefined,
    softshut: false,
    logging: 'informational',
  };
}

export function textOf(plan: Plan): string {
  const lines = [
    `hostname ${plan.hostname}`,
    `logging buffered 65536 ${plan.logging}`,
    'no logging console',
    'vpdn enable',
  ];
  if (plan.sessionLimit !== undefined) lines.push(`vpdn session-limit ${plan.sessionLimit}`);
  if (plan.softshut) lines.push('vpdn softshut');
  for (const group of plan.groups) if (group.there) lines.push(...groupLines(group));
  for (const user of plan.users) lines.push(`username ${user} password 0 s3cret`);
  lines.push('interface Loopback99', ` ip address ${ECHO_ADDRESS} 255.255.255.255`);
  for (const [index, address] of plan.loopbacks.entries()) {
    lines.push(`interface Loopback${index + 1}`, ` ip address ${address} 255.255.255.255`);
  }
  for (const [index, template] of plan.templates.entries()) {
    if (template.there) lines.push(...templateLines(template, index + 1));
  }
  for (const [index, { low, high, there }] of plan.pools.entries()) {
    if (there) lines.push(`ip local pool p${index + 1} ${low} ${high}`);
  }
  for (const route of plan.routes) lines.push(`ip route ${route}`);
  return `${lines.join('\n')}\nend\n`;
}

function groupLines({ name, hostname, protocol, template, password, hello, limit, description }: Group): string[] {
  return [
    `vpdn-group ${name}`,
    ...(description === undefined ? [] : [` description ${description}`]),
    ' accept-dialin',
    `  protocol ${protocol}`,
    `  virtual-template ${template}`,
    '  exit',
    ` terminate-from hostname ${hostname}`,
    ...(limit === undefined ? [] : [` session-limit ${limit}`]),
    ...(protocol === 'pptp' ? [] : [` l2tp tunnel hello ${hello}`, ` l2tp tunnel password 0 ${password}`]),
    ' exit',
  ];
}

function templateLines({ loopback, keepalive, mtu, authentication }: Template, number: number): string[] {
  return [
    `interface Virtual-Template${number}`,
    ` ip unnumbered Loopback${loopback}`,
    ...(mtu === undefined ? [] : [` ip mtu ${mtu}`]),
    ` peer default ip address pool p${number}`,
    ` keepalive ${keepalive}`,
    ` ppp authentication ${authentication}`,
    ' ppp chap hostname peer2',
  ];
}

/** A change of one thing; `random` is 0 to 1. Some cost sessions, most do not. */
export function change(plan: Plan, random: () => number): void {
  const below = (limit: number) => Math.floor(random() * limit);
  const group = plan.groups[below(plan.groups.length)]!;
  const template = plan.templates[below(TEMPLATES)]!;
  const pool = plan.pools[below(TEMPLATES)]!;
  const changes: readonly (() => void)[] = [
    () => {
      group.there = !group.there;
    },
    () => {
      group.protocol = group.protocol === 'l2tp' ? 'any' : 'l2tp';
    },
    () => {
      group.protocol = group.protocol === 'pptp' ? 'l2tp' : 'pptp';
    },
    () => {
      group.template = below(TEMPLATES) + 1;
    },
    () => {
      group.password = group.password === 'tunn3l' ? 'changed' : 'tunn3l';
    },
    () => {
      group.hello = 30 + below(60);
    },
    () => {
      group.limit = group.limit === undefined ? 1 + below(100) : undefined;
    },
    () => {
      group.description = `number ${below(1000)}`;
    },
    () => {
      template.loopback = below(3) + 1;
    },
    () => {
      template.keepalive = 5 + below(20);
    },
    () => {
      template.mtu = 1300 + below(100);
    },
    () => {
      template.authentication = (['chap', 'pap', 'chap pap'] as const)[below(3)]!;
    },
    () => {
      template.there = !template.there;
    },
    () => {
      pool.there = !pool.there;
    },
    () => {
      pool.high = pool.low.replace(/0\.1$/, `${below(31)}.254`);
    },
    () => {
      plan.hostname = `server${below(1000)}`;
    },
    () => {
      plan.users.add(`user${below(1000)}`);
    },
    () => {
      if (!plan.users.delete('peer1')) plan.users.add('peer1');
    },
    () => {
      plan.routes.add(`172.${16 + below(16)}.${below(256)}.0 255.255.255.0 Null0`);
    },
    () => {
      plan.routes.add(`192.168.${below(256)}.0 255.255.255.0 10.${64 + below(TEMPLATES)}.0.${1 + below(200)}`);
    },
    () => plan.routes.clear(),
    () => {
      plan.sessionLimit = plan.sessionLimit === undefined ? 100 + below(4000) : undefined;
    },
    () => {
      plan.softshut = !plan.softshut;
    },
    () => {
      plan.logging = (['errors', 'warnings', 'informational'] as const)[below(3)]!;
    },
    () => {
      // A third of all sessions speak from it: once in a while, as in life.
      if (below(4) === 0) plan.loopbacks[below(3)] = `10.255.${1 + below(200)}.${1 + below(250)}`;
      else group.hello = 30 + below(60);
    },
  ];
  changes[below(changes.length)]!();
}

/** The text with something wrong in it. */
export function spoilt(text: string, random: () => number): Uint8Array {
  const below = (limit: number) => Math.floor(random() * limit);
  const lines = text.split('\n');
  const at = below(lines.length - 2);
  const insert = (line: string) => Buffer.from([...lines.slice(0, at), line, ...lines.slice(at)].join('\n'));
  const ways: readonly (() => Uint8Array)[] = [
    () => insert('vpdn enabel'),
    () => insert('ip local pool p1 10.0.0.300 10.0.0.9'),
    () => insert('ip route 10.0.0.0 255.0.0.0'),
    () => insert('interface NoSuchThing0'),
    () => insert('hostname'),
    () => insert('banner motd #never closed'),
    () => insert('reload'),
    () => insert(`x${'y'.repeat(100_000)}`),
    () => Buffer.concat([Buffer.from(text), Buffer.from([0x00, 0xff, 0xfe, 0x1b, 0x5b])]),
    () => Buffer.from(Array.from({ length: 5000 }, () => below(256))),
  ];
  return ways[below(ways.length)]!();
}
