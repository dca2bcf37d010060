// The lines typed before, to be called back: ten, unless said otherwise (1.4).

export class History {
  #lines: string[] = [];
  #size = DEFAULT_SIZE;
  /** Off after `terminal no history`. */
  enabled = true;

  get lines(): readonly string[] {
    return this.#lines;
  }

  get size(): number {
    return this.#size;
  }

  set size(size: number) {
    this.#size = size;
    this.#trim();
  }

  add(line: string): void {
    if (!this.enabled || line.trim() === '' || line === this.#lines.at(-1)) return;
    this.#lines.push(line);
    this.#trim();
  }

  clear(): void {
    this.#lines = [];
  }

  #trim(): void {
    this.#lines = this.#size === 0 ? [] : this.#lines.slice(-this.#size);
  }
}

const DEFAULT_SIZE = 10;
