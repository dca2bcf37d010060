// A LAC that brings calls to a router and says nothing of PPP: the quickest way to a router with tens of thousands of sessions.

import { randomBytes } from 'node:crypto';
import type { Attributes } from '../../src/l2tp/avp.ts';
import { decodeControlHeader, isControl, writeControlHeader } from '../../src/l2tp/header.ts';
import { type AttributesOf, decodeMessage, encodeMessage, type MessageName } from '../../src/l2tp/message.ts';
import { type Configuration, emptyConfiguration } from '../../src/vpdn/configuration.ts';
import { emptyInterface } from '../../src/vpdn/configuration-interface.ts';
import { emptyVpdnGroup } from '../../src/vpdn/configuration-vpdn.ts';
import { Router } from '../../src/vpdn/router.ts';
import type { Path } from '../../src/wire/ip.ts';

/** A server that takes every tunnel, with `calls` spread over `tunnels`. */
export function routerWithCalls(calls: number, tunnels: number): Router {
  const router = new Router({ entropy: randomBytes, epoch: 0 });
  router.handle({ on: 'configure', configuration: openServer(), links: new Map() }, 0);
  for (let index = 0; index < tunnels; index++) {
    const lac = new LacByHand(router, index);
    for (let call = 1; call <= Math.floor(calls / tunnels); call++) lac.call(call);
  }
  return router;
}

class LacByHand {
  readonly #router: Router;
  readonly #path: Path;
  /** The router's Tunnel ID. */
  #tunnel = 0;
  #ns = 0;
  #nr = 0;

  constructor(router: Router, index: number) {
    this.#router = router;
    const peerAddress = `198.51.100.${index + 1}`;
    this.#path = { localAddress: '192.0.2.1', localPort: 1701, peerAddress, peerPort: 1701 };
    const answer = this.#send('SCCRQ', {
      ProtocolVersion: { version: 1, revision: 0 },
      HostName: `lac${index}`,
      FramingCapabilities: 3,
      AssignedTunnelId: 100 + index,
      ReceiveWindowSize: 1024,
    });
    this.#tunnel = answer.AssignedTunnelId!;
    this.#send('SCCCN', {});
  }

  call(session: number): void {
    const answer = this.#send('ICRQ', { AssignedSessionId: session, CallSerialNumber: session });
    this.#send('ICCN', { TxConnectSpeed: 1_000_000, FramingType: 1 }, answer.AssignedSessionId!);
  }

  /** The attributes of the last message that came back. */
  #send<Name extends MessageName>(name: Name, attributes: AttributesOf<Name>, session = 0): Attributes {
    const octets = encodeMessage(name, attributes);
    writeControlHeader(octets, this.#tunnel, session, this.#ns++, this.#nr);
    let last: Attributes = {};
    for (const effect of this.#router.handle({ on: 'datagram', path: this.#path, octets }, 0)) {
      if (effect.do !== 'send' || !isControl(effect.octets)) continue;
      if (decodeControlHeader(effect.octets).length === 12) continue;
      this.#nr++;
      last = decodeMessage(effect.octets, undefined).attributes;
    }
    return last;
  }
}

function openServer(): Configuration {
  const configuration = emptyConfiguration();
  configuration.vpdn.enabled = true;
  const group = emptyVpdnGroup('callers');
  group.acceptDialin = { protocol: 'l2tp', virtualTemplate: 1 };
  group.l2tp.authentication = false;
  configuration.vpdnGroups.set(group.name, group);
  const loopback = emptyInterface('Loopback1', 'Loopback');
  loopback.address = { kind: 'static', address: '10.255.0.1', prefixLength: 32 };
  configuration.interfaces.set(loopback.name, loopback);
  const template = emptyInterface('Virtual-Template1', 'Virtual-Template');
  template.address = { kind: 'unnumbered', from: 'Loopback1' };
  configuration.interfaces.set(template.name, template);
  return configuration;
}
