// A call in plain words: each look at the router gives the sentences of what has happened since the look before.

import { interfaceRow, mppeOf } from '../../cli/show/rows.ts';
import { virtualDeviceName } from '../../host/device-names.ts';
import type { FailureView, InterfaceView, PppLinkView, RouterView } from '../../vpdn/view.ts';
import { printable } from '../../wire/values.ts';
import type { DialTarget } from './target.ts';

export interface CallEnded {
  /** Calling again comes to the same, or locks the user out of the server. */
  readonly hopeless: boolean;
}

export class Progress {
  /** Set once the call is over. */
  ended: CallEnded | undefined;
  readonly #target: DialTarget;
  readonly #interfaceName: string;
  readonly #encrypts: boolean;
  /** When the last failure we told of was recorded. */
  #failureSeen = Number.NEGATIVE_INFINITY;
  #connected = false;
  #linked = false;
  #authenticated = false;
  #up = false;
  /** The interface while the call was up: what it counted outlives it. */
  #last: InterfaceView | undefined;
  #upSince = 0;
  #reason = '';
  /** What the call wants before it can be placed. */
  #missing = '';

  constructor(target: DialTarget, interfaceName: string, encrypts: boolean) {
    this.#target = target;
    this.#interfaceName = interfaceName;
    this.#encrypts = encrypts;
  }

  get isUp(): boolean {
    return this.#up;
  }

  /** A line of the log: the last word on why a call that nobody calls a failure is over, or why there is none to begin with. */
  hear(logLine: string): void {
    this.#missing = printable(/ does not dial: (.*)$/s.exec(logLine)?.[1] ?? this.#missing);
    const said = /%VPDN-\d-CLOSED?: .*; Result \d+, Error \d+, (.*)$/s.exec(logLine)?.[1];
    if (said !== undefined) this.#reason = printable(said);
  }

  look(view: RouterView): string[] {
    if (this.ended !== undefined) return [];
    const lines: string[] = [];
    const subject = interfaceRow(view, this.#interfaceName);
    const link = subject?.link;
    if (!this.#connected) lines.push(...this.#lookAtTunnel(view));
    if (link !== undefined) this.#linked = true;
    if (link?.phase === 'UP' && !this.#authenticated) {
      this.#authenticated = true;
      lines.push(this.#authenticationSentence(link));
    }
    if (subject !== undefined && link !== undefined && subject.lineProtocol === 'up') {
      this.#last = subject;
      if (!this.#up) lines.push(...this.#upSentences(view, subject));
    }
    lines.push(...this.#lookAtEnd(view, link));
    return lines;
  }

  /** To call the same server again. */
  again(): void {
    this.ended = undefined;
    this.#connected = this.#linked = this.#authenticated = this.#up = false;
    this.#last = undefined;
    this.#reason = this.#missing = '';
  }

  /** What passed, once it is over. */
  summary(now: number): string[] {
    if (this.#last === undefined) return [];
    const { counters } = this.#last;
    const seconds = Math.max(0, Math.round((now - this.#upSince) / 1000));
    return [
      `the call lasted ${duration(seconds)}: ${counters.packetsReceived} packets (${counters.octetsReceived} octets) received, ${counters.packetsSent} (${counters.octetsSent}) sent`,
    ];
  }

  #lookAtTunnel({ tunnels, pptpTunnels = [] }: RouterView): string[] {
    const of = this.#target.protocol === 'pptp' ? pptpTunnels : tunnels;
    const tunnel = [...of].find(({ state }) => state === 'established');
    if (tunnel === undefined) return [];
    this.#connected = true;
    return [
      `connected: ${tunnel.remoteAddress} speaks ${this.#protocol}, and calls itself ${printable(tunnel.remoteName)}`,
    ];
  }

  #authenticationSentence(link: PppLinkView): string {
    const { localAuthentication: way } = link;
    if (way === undefined) return 'the server asked for no password: whoever answers at this address could be it';
    const name = WAYS[way] ?? printable(way);
    const mutual = MUTUAL.includes(way) ? '; the server has shown that it knows the password as well' : '';
    return `authenticated as ${printable(this.#target.user)} by ${name}${mutual}`;
  }

  #upSentences(view: RouterView, subject: InterfaceView): string[] {
    this.#up = true;
    this.#upSince = view.now;
    const mppe = mppeOf(view, subject.name);
    const { address = '0.0.0.0', peerAddress, mtu } = subject;
    const dns = subject.link?.network?.dns ?? [];
    return [
      mppe === undefined
        ? `NOT encrypted${this.#encrypts ? '' : ', as was asked for'}`
        : `encrypted with MPPE: ${mppe.bits} bits, ${mppe.stateful ? 'stateful' : 'stateless'}`,
      `address ${address}${peerAddress === undefined ? '' : `, the server's is ${peerAddress}`}; Linux device ${virtualDeviceName(subject.name)}, packets of up to ${mtu} octets`,
      ...(dns.length === 0 ? [] : [`name servers it offers, for you to set: ${dns.join(', ')}`]),
      'up: Ctrl-C hangs up',
    ];
  }

  #lookAtEnd({ failures }: RouterView, link: PppLinkView | undefined): string[] {
    const [failure] = failures;
    if (failure !== undefined && failure.loggedAt > this.#failureSeen) {
      this.#failureSeen = failure.loggedAt;
      this.ended = { hopeless: HOPELESS.test(failure.code) };
      return failureSentences(failure, this.#up);
    }
    if (this.#missing !== '') {
      this.ended = { hopeless: false };
      return [`it cannot be placed: ${this.#missing}`];
    }
    if (!this.#linked || link !== undefined) return [];
    this.ended = { hopeless: false };
    const why = this.#reason === '' ? '' : `: ${this.#reason}`;
    return [this.#up ? `the call is over${why}` : `it came to nothing${why}`];
  }

  get #protocol(): string {
    return this.#target.protocol.toUpperCase();
  }
}

function failureSentences({ code, failureType, reason, remedy }: FailureView, wasUp: boolean): string[] {
  const what = wasUp ? 'the call is over' : 'it failed';
  return [`${what}: ${failureType}: ${printable(reason)} (${code})`, `    ${REMEDIES[code] ?? remedy}`];
}

function duration(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Where that of the table names lines of a configuration: nobody wrote one here. */
const REMEDIES: Readonly<Record<string, string>> = {
  'AUT-505': 'check the name and the password: the server knows no such user, or not with this password',
};
/** Authentication, and encryption that cannot be had. */
const HOPELESS = /^(?:AUT-50[1-6]|PPP-40[38])$/;
const WAYS: Readonly<Record<string, string>> = {
  pap: 'PAP',
  chap: 'CHAP',
  'ms-chap': 'MS-CHAP',
  'ms-chap-v2': 'MS-CHAP-V2',
  eap: 'EAP with MS-CHAP-V2',
};
/** RFC 2759 §5: the answer of the server is a proof as well. */
const MUTUAL: readonly string[] = ['ms-chap-v2', 'eap'];
