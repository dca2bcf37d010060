// The syslog servers of `logging host` (C013). A message leaves as IOS writes it: `<PRI>number: timestamp: %FAC-SEV-MNEMONIC: text`.

import type { SyslogServerView } from '../cli/show/logging.ts';
import type { Logging, SyslogHost } from '../vpdn/configuration-system.ts';
import type { LogMessage } from '../vpdn/log.ts';
import { printable } from '../wire/values.ts';
import { SyslogServer } from './syslog-server.ts';

export interface SyslogOptions {
  readonly addressOf: (interfaceName: string) => string | undefined;
  readonly log: (message: LogMessage) => void;
}

export class Syslog {
  readonly #options: SyslogOptions;
  readonly #servers = new Map<string, SyslogServer>();
  #logging: Logging = { on: true };
  #hostname = '';
  /** Messages so far, also those that no server got. */
  #count = 0;

  constructor(options: SyslogOptions) {
    this.#options = options;
  }

  configure(logging: Logging, hostname: string): void {
    const before = this.#logging.sourceInterface;
    this.#logging = logging;
    this.#hostname = hostname;
    const wanted = new Map((logging.hosts ?? []).map((host) => [keyOf(host), host]));
    for (const [key, server] of this.#servers) {
      if (wanted.has(key) && before === logging.sourceInterface) continue;
      server.close();
      this.#servers.delete(key);
      if (!wanted.has(key)) this.#tell(server, 'stopped');
    }
    for (const [key, host] of wanted) {
      if (this.#servers.has(key)) continue;
      const server = this.#server(host);
      this.#servers.set(key, server);
      this.#tell(server, 'started');
    }
  }

  /** `line` is stamped already. Whether it is severe enough has been looked at. */
  send(severity: number, line: string): void {
    this.#count++;
    const { facility = 'local7', originId } = this.#logging;
    const priority = FACILITIES.indexOf(facility) * 8 + severity;
    const head = `<${priority}>${this.#count}: `;
    const text = printable(line);
    for (const server of this.#servers.values()) {
      server.send((address) => head + originOf(originId, this.#hostname, address) + text);
    }
  }

  get messages(): number {
    return this.#count;
  }

  views(): SyslogServerView[] {
    return [...this.#servers.values()].map(({ host, port, up, logged, dropped }) => {
      return { host: host.host, transport: host.transport, port, up, logged, dropped };
    });
  }

  close(): void {
    for (const server of this.#servers.values()) server.close();
    this.#servers.clear();
  }

  #server(host: SyslogHost): SyslogServer {
    const server: SyslogServer = new SyslogServer({
      host,
      source: () => {
        const { sourceInterface } = this.#logging;
        return sourceInterface === undefined ? undefined : (this.#options.addressOf(sourceInterface) ?? null);
      },
      failed: (reason) => {
        const text = `Logging to host ${host.host} port ${server.port} failed: ${printable(reason)}`;
        this.#options.log({ name: 'SYS-LOGGINGHOST_FAIL', text });
      },
    });
    return server;
  }

  #tell({ host, port }: SyslogServer, what: 'started' | 'stopped'): void {
    const text = `Logging to host ${host.host} port ${port} ${what} - CLI initiated`;
    this.#options.log({ name: 'SYS-LOGGINGHOST_STARTSTOP', text });
  }
}

function keyOf({ host, transport, port }: SyslogHost): string {
  return `${transport} ${port ?? ''} ${host}`;
}

function originOf(originId: Logging['originId'], hostname: string, address: string | undefined): string {
  if (originId === undefined) return '';
  if (originId === 'hostname') return `${hostname}: `;
  if (originId === 'ip' || originId === 'ipv6') return address === undefined ? '' : `${address}: `;
  return `${originId.text}: `;
}

/** By number (RFC 5424 §6.2.1); those of 9 to 15 have names of IOS. */
const FACILITIES: readonly string[] = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp'],
  ...['sys9', 'sys10', 'sys11', 'sys12', 'sys13', 'sys14', 'cron'],
  ...Array.from({ length: 8 }, (_, index) => `local${index}`),
];
