// What a caller is told in IPCP: the address it gets, and name servers (C103, C118, C019).

import type { AddressAssignment, NameServers } from '../ppp/events.ts';
import type { Configuration } from './configuration.ts';
import type { Interface, NameServerPolicy } from './configuration-interface.ts';
import type { FailureCause } from './failure.ts';

export type AddressVerdict =
  | { readonly kind: 'fixed'; readonly address: string }
  /** Whatever the peer proposes and `accepts` allows. */
  | { readonly kind: 'any'; readonly accepts: (address: string) => boolean }
  | { readonly kind: 'none'; readonly cause: FailureCause; readonly message: string };

export function addressAssignment(
  verdict: AddressVerdict,
  subject: Interface,
  bootp: Configuration['bootpServers'],
): AddressAssignment {
  if (verdict.kind === 'none') return { assign: 'none', message: verdict.message };
  const { dns, wins, mask } = subject.ppp;
  const servers: NameServers = {
    dns: serverList(dns) ?? bootp.dns,
    nbns: serverList(wins) ?? bootp.nbns,
    acceptDns: keepsOwn(dns),
    acceptNbns: keepsOwn(wins),
    ...(mask?.kind === 'give' && { mask: mask.mask }),
  };
  if (verdict.kind === 'any') return { assign: 'any', accepts: verdict.accepts, ...servers };
  return { assign: verdict.address, ...servers };
}

/** Undefined where the interface says nothing: then those of `async-bootp` are given (C019). */
function serverList(servers: NameServerPolicy | undefined): readonly string[] | undefined {
  if (servers === undefined) return undefined;
  if (servers.kind !== 'give') return [];
  return servers.secondary === undefined ? [servers.primary] : [servers.primary, servers.secondary];
}

function keepsOwn(servers: NameServerPolicy | undefined): boolean {
  return servers?.kind === 'accept' || (servers?.kind === 'give' && servers.accept);
}
