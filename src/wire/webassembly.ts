// The little of WebAssembly's JavaScript interface that is used here: the compiler's library has it for browsers only.

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

interface Interface {
  /** Sizes in pages of 64 KB. */
  readonly Memory: new (limits: {
    initial: number;
    maximum: number;
  }) => WasmMemory;
  readonly Module: new (octets: Uint8Array) => object;
  readonly Instance: new (module: object, imports: Record<string, Record<string, unknown>>) => WasmInstance;
}

export const WebAssembly = (globalThis as unknown as { readonly WebAssembly: Interface }).WebAssembly;
export const PAGE = 65536;
