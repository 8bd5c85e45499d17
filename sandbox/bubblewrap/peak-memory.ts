import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";

/**
 * The highest use of memory of a cgroup, since it was made or since it was told to forget. Version 1 forgets for all readers,
 * version 2 for the descriptor that is written to (from Linux 6.12 on; before, it cannot).
 */
export class PeakMemory {
  readonly #path: string;
  #descriptor: number | undefined;
  #readable = true;

  constructor(folder: string, version: "v1" | "v2") {
    this.#path = join(folder, version === "v1" ? "memory.max_usage_in_bytes" : "memory.peak");
  }

  /** Forgets what was; where the kernel cannot, nothing is known from now on. */
  forget(): void {
    this.close();
    try {
      this.#descriptor = openSync(this.#path, "r+");
      writeSync(this.#descriptor, "0", 0);
      this.#readable = true;
    } catch {
      this.close();
      this.#readable = false;
    }
  }

  /** Bytes, or null where that is not known. */
  read(): number | null {
    if (!this.#readable) return null;
    try {
      this.#descriptor ??= openSync(this.#path, "r");
      const buffer = Buffer.alloc(64);
      const text = buffer.toString("utf8", 0, readSync(this.#descriptor, buffer, 0, buffer.length, 0)).trim();
      return /^\d+$/.test(text) ? Number(text) : null;
    } catch {
      return null;
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
