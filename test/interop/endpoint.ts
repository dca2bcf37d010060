// One end of a tunnel, whoever it is: our router, xl2tpd in a guest, l2tpns. A scenario is written once, over two of these.

import type { Machine } from '../support/process.ts';

/** The two addresses of a PPP link, as one end has agreed to them. */
export interface Addresses {
  local: string;
  remote: string;
}

export interface Endpoint {
  /** For messages: `xl2tpd`. */
  readonly name: string;
  /** Where its side's hosts are: ping and TCP run here. */
  readonly machine: Machine;
  /** An address of this side that the other can reach only through the tunnel; undefined: its PPP address. */
  readonly inside: string | undefined;
  /** Waits until IPCP has opened. */
  established(): Promise<Addresses>;
  /** Waits until this end has noticed that the tunnel it had is gone, the peer having ended it. */
  peerEnded(): Promise<void>;
  /** Ends the tunnel, as an operator does; the daemon stays. */
  hangUp(): Promise<void>;
  /** Ends the daemon as an init system does, and waits for its end. */
  shutDown(): Promise<void>;
  /** What it logged: what a failure needs. */
  explain(): string;
}

export interface Dialer extends Endpoint {
  /** Begins to dial; one that dials by itself has nothing to do. */
  dial(): Promise<void>;
}

/** What both ends must agree on. */
export interface Credentials {
  tunnelPassword: string;
  /** The client's L2TP host name, and the name it gives in CHAP. */
  client: string;
  /** The server's. */
  server: string;
  userPassword: string;
}
