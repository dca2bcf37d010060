// What `ssh.ts` uses of the package ssh2, which brings no types of its own.

declare module 'ssh2' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';
  import type { Duplex } from 'node:stream';

  interface ServerConfig {
    readonly hostKeys: readonly string[];
    readonly ident?: string;
    readonly algorithms?: Readonly<Record<'kex' | 'cipher' | 'hmac' | 'compress', readonly string[]>>;
    /** Sent before the login. */
    readonly banner?: string;
  }

  interface AuthenticationBase {
    readonly username: string;
    accept(): void;
    reject(methods?: readonly string[]): void;
  }

  type AuthContext =
    | (AuthenticationBase & { readonly method: 'none' | 'hostbased' })
    | (AuthenticationBase & {
        readonly method: 'keyboard-interactive';
        /** Asks; the answers, or that the client goes on with something else. */
        prompt(prompts: readonly Prompt[], answered: (answers: readonly string[] | Error) => void): void;
        on(event: 'abort', listener: () => void): void;
      })
    | (AuthenticationBase & { readonly method: 'password'; readonly password: string })
    | (AuthenticationBase & {
        readonly method: 'publickey';
        readonly key: { readonly algo: string; readonly data: Buffer };
        /** Absent while the client only asks whether the key would do. */
        readonly signature?: Buffer;
        readonly blob?: Buffer;
        readonly hashAlgo?: string;
      });

  interface Prompt {
    readonly prompt: string;
    readonly echo: boolean;
  }

  interface Connection extends EventEmitter {
    end(): void;
  }

  /** A channel with an exit status. */
  interface ServerChannel extends Duplex {
    exit(status: number): void;
  }

  interface WindowSize {
    readonly cols: number;
    readonly rows: number;
  }

  interface Key {
    verify(data: Buffer, signature: Buffer, hash?: string): boolean | Error;
  }

  interface Handshake {
    readonly cs: { readonly cipher: string; readonly mac: string };
  }

  class Server extends EventEmitter {
    constructor(config: ServerConfig, onConnection: (connection: Connection) => void);
    injectSocket(socket: Socket): void;
  }

  const utils: {
    parseKey(text: string): Key | readonly Key[] | Error;
    generateKeyPair(
      type: 'rsa' | 'ed25519',
      options: { readonly bits?: number },
      done: (error: Error | null, keys: { readonly private: string }) => void,
    ): void;
  };

  const ssh2: { readonly Server: typeof Server; readonly utils: typeof utils };
  // biome-ignore lint/style/noDefaultExport: what the package has, seen from a module of ECMAScript
  export default ssh2;
  export type { AuthContext, Connection, Handshake, Key, Server, ServerChannel, WindowSize };
}
