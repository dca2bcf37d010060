// Two endpoints in namespaces, joined by a wire, with a tunnel between them and their messages read line by line.

import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { EncryptionCounters, FlowCounters } from '../../../src/dataplane/link-counters.ts';
import type { SessionCounters } from '../../../src/dataplane/session-table.ts';
import type { EndpointOptions } from './endpoint.ts';
import { joinByWire, Namespace } from './namespaces.ts';

export interface Report {
  readonly counters: SessionCounters;
  readonly drops: Readonly<Record<string, number>>;
  readonly flow?: FlowCounters;
  readonly encryption?: EncryptionCounters;
  /** Octets of the process. */
  readonly memory: number;
}

export interface Wire {
  readonly mtu?: number;
  /** GRO on the receiving side. */
  readonly coalescing?: boolean;
  /** Done before the endpoints start. */
  readonly prepare?: (left: Namespace, right: Namespace) => void;
}

/** What an endpoint prints, line by line; kept until asked for. */
export class Endpoint {
  readonly process: ChildProcess;
  readonly #lines: Record<string, unknown>[] = [];
  #arrived: () => void = () => {};

  constructor(namespace: Namespace, options: EndpointOptions) {
    this.process = namespace.start(process.execPath, ENDPOINT, JSON.stringify(options));
    createInterface({ input: this.process.stdout! }).on('line', (line) => {
      this.#lines.push(JSON.parse(line) as Record<string, unknown>);
      this.#arrived();
    });
  }

  /** The first line with this member, waited for; removed. */
  async next(member: string, within = 10_000): Promise<Record<string, unknown>> {
    const until = Date.now() + within;
    for (;;) {
      const index = this.#lines.findIndex((line) => member in line);
      if (index >= 0) return this.#lines.splice(index, 1)[0]!;
      if (Date.now() > until) throw new Error(`no ${member} within ${within} ms; heard ${JSON.stringify(this.#lines)}`);
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
        setTimeout(resolve, 100);
      });
    }
  }

  tell(line: object | string): void {
    this.process.stdin!.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  }

  /** All lines with this member so far. */
  heard(member: string): Record<string, unknown>[] {
    return this.#lines.filter((line) => member in line);
  }

  async report(): Promise<Report> {
    this.process.stdin!.write('\n');
    return (await this.next('counters')) as unknown as Report;
  }
}

export class Pair {
  readonly left = new Namespace('l');
  readonly right = new Namespace('r');
  readonly leftEnd: Endpoint;
  readonly rightEnd: Endpoint;

  private constructor(options: Partial<EndpointOptions>, rightOptions: Partial<EndpointOptions>, wire: Wire) {
    joinByWire(this.left, LEFT_WIRE, this.right, RIGHT_WIRE, wire.coalescing);
    for (const namespace of [this.left, this.right]) {
      namespace.run('ip', 'link', 'set', 'wire', 'mtu', String(wire.mtu ?? 1500));
    }
    wire.prepare?.(this.left, this.right);
    const left = { localAddress: LEFT_WIRE, peerAddress: RIGHT_WIRE, address: LEFT, farAddress: RIGHT };
    const right = { localAddress: RIGHT_WIRE, peerAddress: LEFT_WIRE, address: RIGHT, farAddress: LEFT };
    this.leftEnd = new Endpoint(this.left, { ...left, ...options });
    this.rightEnd = new Endpoint(this.right, { ...right, ...options, ...rightOptions });
  }

  static async open(
    options: Partial<EndpointOptions> = {},
    rightOptions: Partial<EndpointOptions> = {},
    wire: Wire = {},
  ): Promise<Pair> {
    const pair = new Pair(options, rightOptions, wire);
    try {
      await pair.leftEnd.next('ready');
      await pair.rightEnd.next('ready');
    } catch (error) {
      await pair.close();
      throw error;
    }
    return pair;
  }

  async close(): Promise<void> {
    await this.left.close();
    await this.right.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

export const [LEFT_WIRE, RIGHT_WIRE] = ['10.1.0.1', '10.1.0.2'] as const;
export const [LEFT_WIRE6, RIGHT_WIRE6] = ['2001:db8::1', '2001:db8::2'] as const;
export const [LEFT, RIGHT] = ['10.66.0.1', '10.66.0.2'] as const;
const ENDPOINT = new URL('endpoint.ts', import.meta.url).pathname;
