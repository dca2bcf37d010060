// A whole router on this machine: the pure one, the packet path, the kernel, the physical links, the log. What `mgmt/` works with.
// Each effect of the router is one line of #apply.

import { randomBytes } from 'node:crypto';
import type { LoggingView } from '../cli/show/logging.ts';
import { NetlinkSocket } from '../sys/netlink-socket.ts';
import { sourceAddressTowards } from '../sys/socket.ts';
import type { Call } from '../vpdn/call.ts';
import type { Circuit } from '../vpdn/circuit.ts';
import type { Configuration } from '../vpdn/configuration.ts';
import type { Severity } from '../vpdn/configuration-system.ts';
import type { ClearTarget, RouterEffect, RouterTrace } from '../vpdn/events.ts';
import { PPTP_CALLS, SHARED_DEVICE } from '../vpdn/events.ts';
import type { ImpactPlan } from '../vpdn/impact.ts';
import { Router } from '../vpdn/router.ts';
import type { PoolView, RouterView, UserView } from '../vpdn/view.ts';
import { SystemError } from '../wire/errors.ts';
import type { Millis } from '../wire/machine.ts';
import { type Clock, systemClock } from './clock.ts';
import { tapDeviceName, virtualDeviceName } from './device-names.ts';
import { Driver, type Fault } from './driver.ts';
import { DropWatch } from './drop-watch.ts';
import { Kernel } from './kernel.ts';
import { LinkTraffic } from './link-traffic.ts';
import { Links } from './links.ts';
import { Log } from './log.ts';
import { Observation, type VpdnCounters } from './observe.ts';
import { PacketPath } from './packet-path.ts';
import { PptpListeners } from './pptp-listeners.ts';
import { SAMPLE_INTERVAL } from './rates.ts';
import { FileRecorder } from './recorder.ts';
import { checkSecret } from './secret-check.ts';
import { StreamSockets } from './stream-sockets.ts';
import { Syslog } from './syslog.ts';
import { Timers } from './timers.ts';

export interface RunningRouterOptions {
  readonly configuration: Configuration;
  /** Keeps what a run after a crash has to clean up. */
  readonly leftoversPath: string;
  /** Gets the lines of the log's console. */
  readonly console: (line: string) => void;
  /** Stands above `logging console`. */
  readonly consoleLevel?: Severity;
  readonly recordPath?: string;
  /** Makes a router of the machine; a client that nobody is behind needs none. On if absent. */
  readonly forwards?: boolean;
}

export type TraceWatcher = (trace: RouterTrace, at: Millis) => void;

export class RunningRouter {
  readonly clock: Clock = systemClock;
  readonly log: Log;
  readonly bootedAt: Millis = systemClock.now();
  readonly #options: RunningRouterOptions;
  readonly #timers = new Timers(systemClock);
  readonly #router: Router;
  readonly #driver: Driver;
  readonly #netlink: NetlinkSocket;
  readonly #kernel: Kernel;
  readonly #links: Links;
  readonly #path: PacketPath;
  readonly #streams: StreamSockets;
  readonly #pptpListeners: PptpListeners;
  readonly #observation: Observation;
  readonly #linkTraffic: LinkTraffic;
  readonly #syslog: Syslog;
  readonly #dropWatch = new DropWatch();
  readonly #recorder: FileRecorder | undefined;
  /** Empty most of the time: then the router traces nothing at all. */
  readonly #watchers = new Set<TraceWatcher>();
  #configuration: Configuration;
  #stopped: (() => void) | undefined;

  /** Throws `SystemError` if Linux refuses what every router needs. */
  constructor(options: RunningRouterOptions) {
    const { clock } = this;
    this.#options = options;
    this.#configuration = options.configuration;
    this.#syslog = new Syslog({
      addressOf: (name) => this.#addressOf(name),
      log: (message) => this.log.add(message),
    });
    this.log = new Log({ clock, timers: this.#timers, console: options.console, syslog: this.#syslog });
    this.#router = new Router({ entropy: randomBytes, epoch: clock.wallClock() - clock.now() });
    this.#recorder = options.recordPath === undefined ? undefined : this.#record(options.recordPath);
    this.#driver = new Driver({
      router: this.#router,
      clock,
      timers: this.#timers,
      apply: (effect) => this.#apply(effect),
      report: (fault) => this.#report(fault),
      ...(this.#recorder && { recorder: this.#recorder }),
    });
    // The first thing that only one can have: a second router ends here, before it touched anything of the first.
    this.#path = new PacketPath({
      clock,
      onDatagram: (path, octets) => this.#driver.deliver({ on: 'datagram', path, octets }),
      onDeviceLost: (device) => this.#deviceLost(device),
      onPathMtu: (ends, mtu) => this.#driver.deliver({ on: 'path-mtu', ...ends, mtu }),
      onTrouble: (trouble) => this.#driver.deliver(trouble),
      ...mppeCardOf(options.configuration),
      onFailure: (text) => this.log.add({ name: 'SYS-FAULT', text: `packet path: ${text}` }),
    });
    const listening = (text: string) => this.log.add({ name: 'VPDN-LISTEN', text });
    this.#streams = new StreamSockets({
      onInput: (stream) => this.#driver.deliver({ on: 'stream', stream }),
      onFailure: listening,
    });
    const sockets = this.#streams;
    this.#pptpListeners = new PptpListeners({ sockets, clock, timers: this.#timers, report: listening });
    this.#netlink = NetlinkSocket.open();
    this.#linkTraffic = new LinkTraffic(this.#netlink);
    this.#observation = new Observation(this.#path, this.#driver.faults, this.#linkTraffic);
    this.#kernel = new Kernel({
      netlink: this.#netlink,
      deviceOf: (name) => virtualDeviceName(name) ?? this.#links.deviceOf(name),
      leftoversPath: options.leftoversPath,
    });
    this.#links = new Links(this.#netlink, (name, link) => this.#driver.deliver({ on: 'link', name, link }));
    this.log.configure(this.#configuration.logging, this.#configuration.services, options.consoleLevel);
    this.#syslog.configure(this.#configuration.logging, this.#configuration.hostname);
    // Before the links are read: what a killed run left would look like the administrator's.
    const left = this.#kernel.removeLeftovers();
    this.log.add({
      name: 'SYS-RESTART',
      text: `System restarted${left > 0 ? `, ${left} leftover${left === 1 ? '' : 's'} removed` : ''}`,
    });
    if (options.forwards !== false) this.#attempt('ip_forward', () => this.#kernel.enableForwarding());
    this.configure(this.#configuration);
    this.#sample();
    this.#checkPathMtus();
  }

  get configuration(): Configuration {
    return this.#configuration;
  }

  /** The router makes the world follow the difference. Throws where it cannot: then it is back at the one before. */
  configure(configuration: Configuration): void {
    this.#follow(configuration);
    this.#configuration = configuration;
    this.log.configure(configuration.logging, configuration.services, this.#options.consoleLevel);
    this.#syslog.configure(configuration.logging, configuration.hostname);
    for (const name of this.#links.newlyUnresolved) {
      const text = `${name}: no Linux device has its address; \`platform interfaces ${name} DEVICE\` names one`;
      this.log.add({ name: 'VPDN-CONFIG_WARN', text });
    }
  }

  #addressOf(interfaceName: string): string | undefined {
    for (const { address } of this.view().rows?.interfaces({ name: interfaceName }) ?? []) return address;
    return undefined;
  }

  #follow(configuration: Configuration): void {
    // First what Linux has, then what is wanted: a tunnel is dialled with its wire known.
    const links = this.#links.configure(configuration);
    const faults = this.#driver.faultsAt('configure');
    this.#driver.deliver({ on: 'configure', configuration, links });
    if (this.#driver.faultsAt('configure') === faults) return;
    const before = this.#configuration;
    this.#driver.deliver({ on: 'configure', configuration: before, links: this.#links.configure(before) });
    throw new SystemError('configure', 'EINVAL', 'the router could not take it, and goes on as before');
  }

  /** What a configuration would do to the sessions that live. */
  impact(configuration: Configuration): ImpactPlan {
    return this.#router.impact(configuration, this.#links.factsUnder(configuration));
  }

  clear(what: ClearTarget): void {
    this.#driver.deliver({ on: 'clear', what });
  }

  view(users: readonly UserView[] = []): RouterView {
    // Somebody may have set the clock since.
    this.#router.epoch = this.clock.wallClock() - this.clock.now();
    const view = this.#router.view(this.clock.now(), this.#observation);
    view.bootedAt = this.bootedAt;
    view.mppeCard = this.#path.mppeCard;
    view.users = [...users];
    view.controlMessages = this.#observation.messages(this.#router.messages);
    view.controlMessagesClearedAt = this.#observation.messagesClearedAt;
    return view;
  }

  /** One address pool, with who has which address. */
  pool(name: string): PoolView[] {
    return this.#router.poolView(name);
  }

  /** How many sessions a `clear` would end. */
  countCleared(what: ClearTarget): number {
    return this.#router.countCleared(what);
  }

  callOf(where: Parameters<Router['callOf']>[0]): Call | Circuit | undefined {
    return this.#router.callOf(where);
  }

  /** What `show vpdn` counts begins anew. */
  clearVpdnCounters(which: VpdnCounters): void {
    this.#observation.clearVpdn(this.view(), which, this.#router.messages);
  }

  /** What `show interfaces` counts begins anew; undefined: of all. False: there is no such interface. */
  clearInterfaceCounters(name: string | undefined): boolean {
    return this.#observation.clearInterfaces(this.view(), name);
  }

  logging(): LoggingView {
    return this.log.view();
  }

  /** Every step of every negotiation, until the function returned is called. */
  watchTraces(watcher: TraceWatcher): () => void {
    this.#watchers.add(watcher);
    this.#router.traced = true;
    return () => {
      this.#watchers.delete(watcher);
      this.#router.traced = this.#watchers.size > 0;
    };
  }

  /** Tells every peer, takes down what was put up: at most about two seconds. */
  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#stopped = resolve;
      setTimeout(resolve, FAREWELL_LIMIT).unref();
      this.#driver.deliver({ on: 'shutdown' });
    });
    this.#links.close();
    // The kernel before the workers: should they hang, nothing of ours is left in it all the same.
    this.#attempt('clean-up', () => this.#kernel.removeAll());
    this.#pptpListeners.set([]);
    this.#streams.close();
    await this.#path.stop();
    this.#timers.stop();
    this.#netlink.close();
    this.#recorder?.close();
    this.#syslog.close();
  }

  #record(path: string): FileRecorder {
    return new FileRecorder(path, (text) => this.log.add({ name: 'SYS-FAULT', text }));
  }

  #apply(effect: RouterEffect): void {
    switch (effect.do) {
      case 'send':
        return this.#path.send(effect);
      case 'open-device':
        return this.#openDevice(effect);
      case 'close-device':
        return this.#closeDevice(effect.device);
      case 'add-address':
        return this.#kernel.addAddress(effect.device, effect.address, effect.prefixLength, effect.peer);
      case 'remove-address':
        return this.#kernel.removeAddress(effect.device, effect.address, effect.prefixLength);
      case 'add-route':
        return this.#kernel.routes.add(effect, this.#path.peersThrough(effect.device));
      case 'remove-route':
        return this.#kernel.routes.remove(effect);
      case 'add-prefix':
        return this.#path.addPrefix(SHARED_DEVICE, effect);
      case 'remove-prefix':
        return this.#path.removePrefix(SHARED_DEVICE, effect);
      case 'open-session':
        return this.#path.openSession(effect.session);
      case 'update-session':
        return this.#path.updateSession(effect.session);
      case 'close-session': {
        const { localTunnel: tunnel, localSession: session } = effect;
        this.#observation.sessionClosing(tunnel, session, this.#path.interfaceOf(tunnel, session), effect.tunnel);
        return this.#path.closeSession(tunnel, session);
      }
      case 'find-source':
        return this.#driver.deliver({ on: 'source', peer: effect.peer, address: sourceAddressTowards(effect.peer) });
      case 'probe-activity': {
        const { tunnel, sessions, of } = effect;
        const heard = this.#path.heard(of === 'l2tp' ? tunnel : of === 'pptp' ? PPTP_CALLS : 0, sessions);
        return this.#driver.deliver({ on: 'activity', tunnel, heard, of });
      }
      case 'listen':
        this.#path.listen(effect.path);
        return;
      case 'stream':
        return this.#streams.apply(effect.stream);
      case 'listen-streams':
        return this.#pptpListeners.set(effect.addresses);
      case 'check-secret':
        return this.#checkSecret(effect);
      case 'log':
        return this.log.add(effect.message);
      case 'trace': {
        const now = this.clock.now();
        for (const watcher of this.#watchers) watcher(effect.trace, now);
        return;
      }
      case 'stopped':
        return this.#stopped?.();
      default:
        effect satisfies never;
    }
  }

  #checkSecret({ secret, typed, tunnel, session, call, request }: Extract<RouterEffect, { do: 'check-secret' }>): void {
    void checkSecret(secret, typed).then((matches) => {
      this.#driver.deliver({ on: 'secret-checked', tunnel, session, call, request, matches });
    });
  }

  readonly #sample = (): void => {
    this.#path.sampleRates();
    this.#linkTraffic.sample(this.#links.devices(), this.clock.now());
    const { drops } = this.#router;
    const dropped = this.#dropWatch.look(this.clock.now(), drops, Object.entries(this.#path.drops()));
    if (dropped !== undefined) this.log.add({ name: 'VPDN-DROPPED', text: dropped });
    this.#observation.forgetTunnels((tunnel) => this.#router.hasTunnel(tunnel));
    this.#timers.set(this.#sample, this.clock.now() + SAMPLE_INTERVAL);
  };

  readonly #checkPathMtus = (): void => {
    this.#path.checkPathMtus();
    this.#timers.set(this.#checkPathMtus, this.clock.now() + PATH_MTU_INTERVAL);
  };

  /** One that cannot be had is news for the router, which keeps its calls down and says why. */
  #openDevice({ device, mtu, kind = 'tun', within }: Extract<RouterEffect, { do: 'open-device' }>): void {
    try {
      const attached = kind === 'attached';
      const linuxDevice = attached ? this.#links.deviceOf(within?.port ?? device) : undefined;
      const name = this.#path.openDevice(device, kind, linuxDevice, within?.vlan);
      // A device of Linux's own is the administrator's: up or down, its MTU and its settings are not ours to change.
      if (!attached) this.#kernel.deviceOpened(name, mtu, kind === 'tun' ? GSO_MAX_SIZE : undefined);
    } catch (error) {
      this.#path.closeDevice(device);
      this.#driver.deliver({ on: 'device-failed', device, reason: (error as Error).message });
      throw error;
    }
  }

  #closeDevice(device: string): void {
    const kind = this.#path.kindOf(device);
    if (kind !== 'attached') {
      this.#kernel.deviceClosed((kind === 'tap' ? tapDeviceName(device) : virtualDeviceName(device)) ?? device);
    }
    this.#path.closeDevice(device);
  }

  #deviceLost(device: string): void {
    this.log.add({ name: 'SYS-FAULT', text: `the device of ${device} was taken away` });
    this.#closeDevice(device);
    this.#driver.deliver({ on: 'device-failed', device, reason: 'taken away' });
  }

  /** For what a router can do without. */
  #attempt(during: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#report({ during, code: 'system', error });
    }
  }

  /** One line of the log, within its limit: the same fault a thousand times a second is twenty lines and a count. */
  #report({ during, error }: Fault): void {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.log.add({ name: 'SYS-FAULT', text: `${during}: ${text}` });
  }
}

/** How long peers have for their last acknowledgements; the router itself asks for less. */
const FAREWELL_LIMIT: Millis = 1200;
/** Well within what a sender waits before it tries a smaller packet again. */
const PATH_MTU_INTERVAL: Millis = 1000;
/** Of a TUN: with more, a super-packet of 64 KB would need a second send for its last segment. */
const GSO_MAX_SIZE = 61_440;

/** R-190, R-191: the card that MPPE is configured for when the router starts, or none. */
function mppeCardOf({ controllers }: Configuration): { readonly mppeCard?: string } {
  const card = [...controllers.values()].find(({ mppe }) => mppe);
  return card === undefined ? {} : { mppeCard: `ISA${card.slot}/${card.port}` };
}
