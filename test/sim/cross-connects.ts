// Two routers that join a LAN interface each by an Ethernet pseudowire of L2TPv3 (C051, RFC 4719), as configuration models.

import type { Configuration } from '../../src/vpdn/configuration.ts';
import { emptyInterface } from '../../src/vpdn/configuration-interface.ts';
import type { ManualSession } from '../../src/vpdn/configuration-vpdn.ts';
import type { DataSession } from '../../src/vpdn/events.ts';
import { CLIENT, SERVER } from './guide.ts';
import { type EndOptions, wireEnd } from './pseudowires.ts';
import type { Node, World } from './world.ts';

export interface LanOptions extends EndOptions {
  /** No Linux device is named for it. */
  readonly tap?: true;
  readonly manual?: ManualSession;
  readonly shutdown?: true;
  readonly mtu?: number;
  readonly dontFragment?: true;
}

export const LAN = 'FastEthernet0/1';
export const LAN_DEVICE = 'eth1';

export function lanEnd(name: 'peer1' | 'peer2', options: LanOptions = {}): Configuration {
  const { vcid = 10, manual } = options;
  const configuration = wireEnd(name, options);
  configuration.interfaces.delete('Virtual-PPP1');
  configuration.routes.length = 0;
  if (options.tap === undefined) configuration.devices.set(LAN, LAN_DEVICE);
  const pwClass = configuration.pseudowireClasses.get('pwclass1')!;
  if (options.dontFragment === true) pwClass.dontFragment = true;
  if (manual !== undefined) pwClass.protocol = 'none';
  const lan = emptyInterface(LAN, 'physical');
  lan.shutdown = options.shutdown ?? false;
  lan.mtu = options.mtu;
  const peer = name === 'peer1' ? SERVER : CLIENT;
  lan.xconnect = { peer, vcid, encapsulation: 'l2tpv3', pseudowireClass: 'pwclass1', manual };
  configuration.interfaces.set(LAN, lan);
  return configuration;
}

export function addLans(world: World, first: LanOptions = {}, second: LanOptions = first): { one: Node; two: Node } {
  return {
    one: world.add('peer1', CLIENT, lanEnd('peer1', first)),
    two: world.add('peer2', SERVER, lanEnd('peer2', second)),
  };
}

/** The session of the LAN as the packet path has it now; undefined: there is none. */
export function rowOf(node: Node): DataSession | undefined {
  let row: DataSession | undefined;
  for (const effect of node.effects) {
    if (effect.do === 'open-session' || effect.do === 'update-session') {
      if (effect.session.interfaceName === LAN) row = effect.session;
    }
    if (effect.do === 'close-session' && effect.localSession === row?.localSession) row = undefined;
  }
  return row;
}

/** Frames pass at this end. */
export function carries(node: Node): boolean {
  return rowOf(node)?.networkUp === true;
}

/** One connection and one session between them, and frames pass at both ends. */
export function areBridged(one: Node, two: Node): boolean {
  const [first, second] = [rowOf(one), rowOf(two)];
  return (
    carries(one) &&
    carries(two) &&
    first?.peerSession === second?.localSession &&
    first?.localSession === second?.peerSession &&
    [one, two].every((node) => {
      const { sessions, tunnels } = node.router.view(0);
      return sessions.length === 1 && tunnels.filter(({ state }) => state === 'established').length === 1;
    })
  );
}

/** The cable of the LAN is pulled, put back, or its device is gone. */
export function cable(world: World, node: Node, state: 'up' | 'down' | 'gone', index?: number): void {
  const addresses = { address: undefined, prefixLength: undefined };
  const link = { device: LAN_DEVICE, ...(index && { index }), up: state === 'up', mtu: 1500, ...addresses };
  world.input(node, { on: 'link', name: LAN, link: state === 'gone' ? undefined : link });
}
