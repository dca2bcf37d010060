// `ipv6 address` of an interface: where tunnels over IPv6 start. IPv6 inside of calls there is none.

import type { Configuration } from '../../vpdn/configuration.ts';
import type { Interface } from '../../vpdn/configuration-interface.ts';
import { HONOURED } from '../../vpdn/standing.ts';
import { ipv6Prefix, words } from '../syntax.ts';
import { type Command, definer, refused } from '../tree.ts';
import { onLan } from './interface-kind.ts';

const define = definer<Interface>();

const ipv6Address = define({
  path: [words('ipv6 address', 'Configure IPv6 address on interface'), ipv6Prefix('prefix', 'IPv6 prefix')],
  keep: 1,
  set: ({ configuration, subject }, { prefix }) => {
    const wanted = splitPrefix(prefix);
    const owner = ownerOf(configuration, wanted.address);
    if (owner !== undefined && owner !== subject.name) return refused(`% ${wanted.address} is in use on ${owner}`);
    const others = subject.ipv6Addresses.filter(({ address }) => address !== wanted.address);
    subject.ipv6Addresses = [...others, wanted];
  },
  unset: ({ subject }, { prefix }) => {
    const gone = prefix === undefined ? undefined : splitPrefix(prefix);
    subject.ipv6Addresses =
      gone === undefined ? [] : subject.ipv6Addresses.filter(({ address }) => address !== gone.address);
  },
  lines: ({ subject }) => subject.ipv6Addresses.map((each) => `ipv6 address ${each.address}/${each.prefixLength}`),
  standing: () => HONOURED,
  when: onLan,
  about: 'Default none. The first one is where a pseudowire to an IPv6 peer starts whose class names the interface.',
});

export const INTERFACE_IPV6: Command<Interface>[] = [ipv6Address];

function splitPrefix(prefix: string): { address: string; prefixLength: number } {
  const [address, length] = prefix.split('/');
  return { address: address!, prefixLength: Number(length) };
}

function ownerOf({ interfaces }: Configuration, wanted: string): string | undefined {
  for (const { name, ipv6Addresses } of interfaces.values()) {
    if (ipv6Addresses.some(({ address }) => address === wanted)) return name;
  }
  return undefined;
}
