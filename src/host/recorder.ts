// The recorder: one line of JSON an input and one an effect, so that a run can be told again, and looked into, without its network.
// Secrets of the configuration and PAP passwords are left out: a recording may be sent to somebody else.

import { closeSync, openSync, writeSync } from 'node:fs';
import { redactLine } from '../cli/secret-line.ts';
import type { RouterEffect, RouterInput } from '../vpdn/events.ts';
import type { Recorder } from './driver.ts';
import { stringify } from './json-octets.ts';

export class FileRecorder implements Recorder {
  readonly #path: string;
  readonly #onFailure: (text: string) => void;
  /** Undefined once it is closed, or could not be written. */
  #fd: number | undefined;

  /** Throws if the file cannot be opened. */
  constructor(path: string, onFailure: (text: string) => void) {
    this.#path = path;
    this.#onFailure = onFailure;
    this.#fd = openSync(path, 'a', 0o600);
  }

  input(input: RouterInput | { readonly on: 'timeout' }, now: number): void {
    this.#write({ now, ...redact(input) });
  }

  effect(effect: RouterEffect, now: number): void {
    this.#write({ now, ...redact(effect) });
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #write(line: object): void {
    if (this.#fd === undefined) return;
    try {
      writeSync(this.#fd, `${stringify(line)}\n`);
    } catch (error) {
      // A full disk ends the recording, not the router. One with a hole in it would tell something that was not so.
      this.close();
      this.#onFailure(`the recording ${this.#path} ends here: ${(error as Error).message}`);
    }
  }
}

function redact<T extends object>(event: T): object {
  if ('octets' in event && event.octets instanceof Uint8Array)
    return { ...event, octets: withoutPassword(event.octets) };
  // Traces repeat octets that stand in the datagrams already, PAP passwords among them.
  if ('trace' in event) return { do: 'trace' };
  if ('typed' in event) return { ...event, secret: undefined, typed: REDACTED };
  return 'configuration' in event ? { ...event, configuration: withoutSecrets(event.configuration) } : event;
}

/** Every `{ type, text }` of the model is a secret, and nothing else is of that shape but an inert line, which has `why`. */
function withoutSecrets(value: unknown): unknown {
  if (value instanceof Map) {
    // Inert lines are kept by their text.
    const name = (key: unknown) => (typeof key === 'string' ? redactLine(key) : key);
    return new Map([...value].map(([key, item]) => [name(key), withoutSecrets(item)]));
  }
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  if ('type' in value && 'text' in value) return { ...value, text: REDACTED };
  if ('under' in value && 'text' in value)
    return { ...value, text: redactLine(String(value.text), value.under as string[]) };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}

/** The password of a PAP Authenticate-Request (RFC 1334 §2.2.1) blanked wherever one stands: at most a false hit in data. */
function withoutPassword(octets: Uint8Array): Uint8Array {
  // §3.1 of RFC 2661: the T bit is clear in a data message. A control message carries no PAP but in proxy AVPs.
  if (((octets[0] ?? 0) & 0x80) !== 0) return octets;
  for (let at = 0; at + 8 < octets.length; at++) {
    if (octets[at] !== 0xc0 || octets[at + 1] !== 0x23 || octets[at + 2] !== PAP_REQUEST) continue;
    const nameLength = octets[at + 6]!;
    const start = at + 7 + nameLength + 1;
    const blanked = octets.slice();
    blanked.fill(0x2a, Math.min(start, blanked.length));
    return blanked;
  }
  return octets;
}

const REDACTED = '<removed>';
const PAP_REQUEST = 1;
