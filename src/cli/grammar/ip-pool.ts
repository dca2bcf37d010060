// Where the addresses of callers come from: `ip local pool`, `ip address-pool`, and the servers of `async-bootp` (C017-C019).

import type { Configuration, PoolRange } from '../../vpdn/configuration.ts';
import { HONOURED } from '../../vpdn/standing.ts';
import { parseIpv4 } from '../../wire/ip.ts';
import { address, anyOrder, name, number, oneOf, optional, sequence, word, words } from '../syntax.ts';
import { type Command, definer, notSupported, refused } from '../tree.ts';
import { inertCommands } from './inert.ts';

const define = definer<Configuration>();

// Ranges of one group are kept apart: two callers must never be given one address.
const localPool = define({
  path: [
    words('ip local pool', 'Create or extend a local pool of addresses'),
    name('pool', 'Name of the pool; `default` is the one used where none is named'),
    optional(
      sequence(
        address('low', 'First IP address of the range'),
        optional(address('high', 'Last IP address of the range')),
      ),
    ),
    anyOrder(
      sequence(word('group', 'Group of the pool'), name('group', 'Name of the group')),
      sequence(word('cache-size', 'Users whose last address is remembered'), number('cacheSize', 0, 100, 'Number')),
      sequence(
        words('recycle delay', 'How long an address that was given back is given to nobody'),
        number('recycleDelay', 0, 65535, 'Seconds'),
      ),
    ),
  ],
  keep: 2,
  set: ({ configuration: { pools, poolOptions } }, { pool, low, high = low, group, cacheSize, recycleDelay }) => {
    const options = { ...poolOptions.get(pool) };
    if (group !== undefined) {
      if (pools.has(pool) && options.group !== group) return refused(`%Pool ${pool} is not in group ${group}`);
      options.group = group;
    }
    if (cacheSize !== undefined) options.cacheSize = cacheSize;
    if (recycleDelay !== undefined) options.recycleDelay = recycleDelay;
    const ranges = pools.get(pool) ?? [];
    if (low !== undefined) {
      const range: PoolRange = { low, high: high! };
      if (parseIpv4(low) > parseIpv4(range.high)) return refused('%Bad IP address range');
      for (const [other, theirs] of pools) {
        const apart = poolOptions.get(other)?.group !== options.group;
        // Said again, as when the options of a pool are to be others, a range is the same range.
        const same = (each: PoolRange) => other === pool && each.low === low && each.high === range.high;
        if (!apart && theirs.some((each) => overlap(each, range) && !same(each))) {
          return refused(`%IP address range overlaps with pool: ${other}`);
        }
      }
      if (!ranges.some((each) => each.low === low && each.high === range.high)) ranges.push(range);
    }
    pools.set(pool, ranges);
    if (Object.keys(options).length > 0) poolOptions.set(pool, options);
  },
  unset: ({ configuration: { pools, poolOptions } }, { pool, low, high = low }) => {
    const left = pools.get(pool!)?.filter((range) => range.low !== low || range.high !== high);
    if (low !== undefined && left !== undefined && left.length > 0) pools.set(pool!, left);
    else {
      pools.delete(pool!);
      poolOptions.delete(pool!);
    }
  },
  lines: ({ subject: { pools, poolOptions } }) => {
    return [...pools].flatMap(([pool, ranges]) => {
      const { group, cacheSize, recycleDelay } = poolOptions.get(pool) ?? {};
      const options = [
        ...(group === undefined ? [] : [` group ${group}`]),
        ...(cacheSize === undefined ? [] : [` cache-size ${cacheSize}`]),
        ...(recycleDelay === undefined ? [] : [` recycle delay ${recycleDelay}`]),
      ].join('');
      if (ranges.length === 0) return [`ip local pool ${pool}${options}`];
      return ranges.map(({ low, high }) => `ip local pool ${pool} ${low}${high === low ? '' : ` ${high}`}${options}`);
    });
  },
  standing: ({ group }) => {
    return group === undefined
      ? HONOURED
      : notSupported(
          'there is one routing table here: an address that two groups have is given to one caller at a time',
        );
  },
  entries: ['C017'],
  about:
    'Several lines with one name add up; ranges must not overlap, unless their groups differ. An address is remembered for 10000 users unless `cache-size` says otherwise.',
});

const addressPool = define({
  path: [
    words('ip address-pool', 'Specify default IP address pooling mechanism'),
    oneOf('mechanism', {
      'dhcp-pool': 'Use on-demand address pooling',
      'dhcp-proxy-client': 'Use DHCP proxy client mechanism to allocate peer IP addresses',
      local: 'Use local address pool mechanism to allocate peer IP addresses',
    }),
  ],
  set: ({ configuration }, { mechanism }) => {
    configuration.addressPool = mechanism;
  },
  unset: ({ configuration }) => {
    configuration.addressPool = undefined;
  },
  lines: ({ subject }) => subject.addressPool && `ip address-pool ${subject.addressPool}`,
  standing: ({ mechanism }) => {
    return mechanism === undefined || mechanism === 'local'
      ? HONOURED
      : notSupported('DHCP is not built yet: peers of interfaces without `peer default ip address` get no address');
  },
  entries: ['C018'],
  about: 'Default none. For interfaces without `peer default ip address`: `local` is the pool `default`.',
});

function bootpServer(what: 'dns' | 'nbns'): Command<Configuration> {
  const head = `async-bootp ${what}-server`;
  return define({
    path: [
      words(head, `${what === 'dns' ? 'DNS' : 'NetBIOS name'} servers for peers`),
      address('first', 'First server'),
      optional(address('second', 'Second server')),
    ],
    set: ({ configuration }, { first, second }) => {
      configuration.bootpServers[what] = second === undefined ? [first] : [first, second];
    },
    unset: ({ configuration }) => {
      configuration.bootpServers[what] = [];
    },
    lines: ({ subject: { bootpServers } }) => {
      return bootpServers[what].length === 0 ? undefined : [head, ...bootpServers[what]].join(' ');
    },
    entries: ['C019'],
    about: `Default none. Given to peers that ask in IPCP, where \`ppp ipcp ${what === 'dns' ? 'dns' : 'wins'}\` does not say which.`,
  });
}

/** Before the interfaces in running-config. */
export const ADDRESS_SERVICES: Command<Configuration>[] = [
  addressPool,
  ...inertCommands<Configuration>(notSupported('DHCP is not built yet: no server is asked for addresses'), [
    {
      text: 'ip dhcp-server',
      help: 'Specify address of DHCP server to use',
      takes: 'line',
      several: true,
      entries: ['C019'],
    },
  ]),
  bootpServer('dns'),
  bootpServer('nbns'),
  ...inertCommands<Configuration>(notSupported('not told in IPCP, which knows of name servers only'), [
    { text: 'async-bootp', help: 'Modify system bootp parameters', takes: 'line', several: true, entries: ['C019'] },
  ]),
];

/** After them. */
export const LOCAL_POOL: Command<Configuration> = localPool;

function overlap(a: PoolRange, b: PoolRange): boolean {
  return parseIpv4(a.low) <= parseIpv4(b.high) && parseIpv4(b.low) <= parseIpv4(a.high);
}
