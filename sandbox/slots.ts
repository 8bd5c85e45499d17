/** Hands out a fixed number of places, first come first served. */
export class Slots {
  readonly #free: number[];
  readonly #waiting: Array<{ give: (slot: number) => void; signal: AbortSignal | undefined }> = [];

  constructor(count: number) {
    this.#free = Array.from({ length: count }, (_, index) => count - 1 - index);
  }

  /** Resolves with a place, or with undefined when `signal` is aborted first. */
  async take(signal?: AbortSignal): Promise<number | undefined> {
    if (signal?.aborted) return undefined;
    const slot = this.#free.pop();
    if (slot !== undefined) return slot;
    return new Promise((resolve) => {
      const entry = {
        signal,
        give: (given: number) => {
          signal?.removeEventListener("abort", giveUp);
          resolve(given);
        },
      };
      const giveUp = () => {
        const index = this.#waiting.indexOf(entry);
        if (index >= 0) this.#waiting.splice(index, 1);
        resolve(undefined);
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      this.#waiting.push(entry);
    });
  }

  /** Gives a place back. */
  release(slot: number): void {
    const next = this.#waiting.shift();
    if (next) next.give(slot);
    else this.#free.push(slot);
  }
}
