/**
 * Values that cost something to get, remembered for a short while; the least recently used leave first.
 *
 * Who asks while a value is being got waits for the same one. A failure is not remembered.
 */

interface Entry<Value> {
  readonly value: Promise<Value>;
  /** By the monotonic clock, in milliseconds. */
  readonly until: number;
}

export class Remembered<Value> {
  readonly #most: number;
  readonly #seconds: number;
  readonly #entries = new Map<string, Entry<Value>>();

  constructor(most: number, seconds: number) {
    this.#most = most;
    this.#seconds = seconds;
  }

  get(name: string, make: () => Promise<Value>): Promise<Value> {
    const known = this.#entries.get(name);
    this.#entries.delete(name);
    if (known !== undefined && known.until > performance.now()) {
      this.#entries.set(name, known);
      return known.value;
    }
    const value = make();
    const entry = { value, until: performance.now() + this.#seconds * 1000 };
    this.#entries.set(name, entry);
    value.catch(() => {
      if (this.#entries.get(name) === entry) this.#entries.delete(name);
    });
    const oldest = this.#entries.keys().next();
    if (this.#entries.size > this.#most && !oldest.done) this.#entries.delete(oldest.value);
    return value;
  }

  clear(): void {
    this.#entries.clear();
  }
}
