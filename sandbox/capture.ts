import type { Readable } from "node:stream";

/** The kept text of one output stream. */
export interface Captured {
  text: string;
  truncated: boolean;
}

/** Keeps the first and the last half of `limit` bytes of a stream and counts the rest. */
export class Capture {
  readonly #limit: number;
  readonly #onFlood: () => void;
  #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #total = 0;

  /** @param onFlood called once when twenty times the limit has come. */
  constructor(limit: number, onFlood: () => void) {
    this.#limit = limit;
    this.#onFlood = onFlood;
  }

  /** Takes all that comes out of a stream. */
  follow(stream: Readable): this {
    stream.on("data", (chunk: Buffer) => this.take(chunk));
    stream.on("error", () => undefined);
    return this;
  }

  take(chunk: Buffer): void {
    const before = this.#total;
    this.#total += chunk.length;
    this.#keep(chunk);
    if (before <= 20 * this.#limit && this.#total > 20 * this.#limit) this.#onFlood();
  }

  #keep(chunk: Buffer): void {
    const half = Math.ceil(this.#limit / 2);
    const first = chunk.subarray(0, half - this.#headBytes);
    if (first.length > 0) {
      this.#head.push(first);
      this.#headBytes += first.length;
    }
    const rest = chunk.subarray(first.length);
    if (rest.length === 0) return;
    this.#tail.push(rest);
    this.#tailBytes += rest.length;
    if (this.#tailBytes > 4 * this.#limit) this.#trim();
  }

  #trim(): void {
    const all = Buffer.concat(this.#tail);
    const kept = Buffer.from(all.subarray(Math.max(0, all.length - Math.floor(this.#limit / 2))));
    this.#tail = [kept];
    this.#tailBytes = kept.length;
  }

  result(): Captured {
    this.#trim();
    const left = this.#total - this.#headBytes - this.#tailBytes;
    const parts =
      left > 0
        ? [...this.#head, Buffer.from(`\n[… ${left} bytes left out …]\n`), ...this.#tail]
        : [...this.#head, ...this.#tail];
    return { text: Buffer.concat(parts).toString("utf8"), truncated: left > 0 };
  }
}
