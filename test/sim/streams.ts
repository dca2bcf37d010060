// TCP between the routers of a simulated world: connections by number, octets in order and all of them, however bad the weather;
// what the wire loses comes late.

import type { RouterEffect, StreamEffect, StreamInput } from '../../src/vpdn/events.ts';
import type { Millis } from '../../src/wire/machine.ts';
import type { Node } from './world.ts';

export interface StreamWire {
  readonly nodeAt: (address: string) => Node | undefined;
  readonly deliver: (node: Node, input: StreamInput) => void;
  /** Runs this so much later. */
  readonly after: (delay: Millis, what: () => void) => void;
  /** How long the next segment takes. */
  readonly delay: () => Millis;
}

interface End {
  readonly node: Node;
  readonly connection: number;
  far: End | undefined;
  /** Octets in flight towards it never overtake each other. */
  arrivesAfter: Millis;
  open: boolean;
}

export class Streams {
  readonly #wire: StreamWire;
  readonly #ends = new Map<string, End>();
  readonly #listeners = new Map<Node, readonly string[]>();
  #accepted = 1;
  #clock: () => Millis;

  constructor(wire: StreamWire, clock: () => Millis) {
    this.#wire = wire;
    this.#clock = clock;
  }

  listen(node: Node, { addresses }: Extract<RouterEffect, { do: 'listen-streams' }>): void {
    this.#listeners.set(node, addresses);
  }

  /** As `kill -9`: the kernel of the dead resets what it had. */
  forget(node: Node): void {
    this.#listeners.delete(node);
    for (const end of [...this.#ends.values()]) if (end.node === node) this.#close(end, 'ECONNRESET');
  }

  apply(node: Node, effect: StreamEffect): void {
    if (effect.do === 'connect') return this.#connect(node, effect);
    const end = this.#ends.get(keyOf(node, effect.connection));
    if (end === undefined) return;
    if (effect.do === 'disconnect') return this.#close(end, effect.how === 'abort' ? 'ECONNRESET' : undefined);
    const octets = effect.octets.slice();
    this.#inOrder(end.far, (far) => {
      this.#wire.deliver(far.node, { on: 'octets', connection: far.connection, octets });
    });
  }

  #connect(node: Node, { connection, path }: Extract<StreamEffect, { do: 'connect' }>): void {
    const near: End = { node, connection, far: undefined, arrivesAfter: 0, open: true };
    this.#ends.set(keyOf(node, connection), near);
    this.#wire.after(2 * this.#wire.delay(), () => {
      if (!near.open) return;
      const there = this.#wire.nodeAt(path.peerAddress);
      const heard = (there && this.#listeners.get(there)) ?? [];
      if (there === undefined || !(heard.includes('0.0.0.0') || heard.includes(path.peerAddress))) {
        this.#ends.delete(keyOf(node, connection));
        this.#wire.deliver(node, { on: 'refused', connection, error: 'ECONNREFUSED' });
        return;
      }
      const far: End = { node: there, connection: this.#accepted, far: near, arrivesAfter: 0, open: true };
      this.#accepted += 2;
      near.far = far;
      this.#ends.set(keyOf(there, far.connection), far);
      const [here, server] = [
        { address: node.address, port: 40_000 + (connection % 20_000) },
        { address: path.peerAddress, port: path.peerPort },
      ];
      this.#wire.deliver(there, { on: 'accepted', connection: far.connection, path: pathOf(server, here) });
      this.#wire.deliver(node, { on: 'opened', connection, path: pathOf(here, server) });
    });
  }

  #close(end: End, error: string | undefined): void {
    end.open = false;
    this.#ends.delete(keyOf(end.node, end.connection));
    this.#inOrder(end.far, (far) => {
      far.open = false;
      this.#ends.delete(keyOf(far.node, far.connection));
      const { connection } = far;
      this.#wire.deliver(
        far.node,
        error === undefined ? { on: 'closed', connection } : { on: 'closed', connection, error },
      );
    });
  }

  #inOrder(far: End | undefined, what: (far: End) => void): void {
    if (far === undefined) return;
    const now = this.#clock();
    far.arrivesAfter = Math.max(far.arrivesAfter, now + this.#wire.delay());
    this.#wire.after(far.arrivesAfter - now, () => {
      if (far.open) what(far);
    });
  }
}

interface Place {
  readonly address: string;
  readonly port: number;
}

function pathOf(local: Place, peer: Place) {
  return {
    localAddress: local.address,
    localPort: local.port,
    peerAddress: peer.address,
    peerPort: peer.port,
  };
}

function keyOf(node: Node, connection: number): string {
  return `${node.address} ${connection}`;
}
