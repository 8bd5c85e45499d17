import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { labels, ownerName } from "./settings.ts";

const lateMs = 500;
const againMs = 1000;

/**
 * Hears from the daemon which containers of this process ran out of memory. Needed where nobody inside can tell: gVisor ends a
 * container as a whole.
 */
export class MemoryWatch {
  readonly #docker: Docker;
  readonly #ids = new Set<string>();
  #stream: NodeJS.ReadableStream | undefined;
  #closed = false;

  constructor(docker: Docker) {
    this.#docker = docker;
    void this.#follow();
  }

  async #follow(): Promise<void> {
    const filters = {
      type: ["container"],
      event: ["oom"],
      label: [`${labels.owner}=${ownerName()}`],
    };
    while (!this.#closed) {
      try {
        const stream = await this.#docker.getEvents({ filters });
        this.#stream = stream;
        if (this.#closed) break;
        for await (const chunk of stream)
          for (const [, id] of String(chunk).matchAll(/"id":"([0-9a-f]{64})"/g)) if (id) this.#ids.add(id);
      } catch {
        // The daemon has gone: jobs say so.
      }
      if (!this.#closed) await sleep(againMs, undefined, { ref: false });
    }
    this.close();
  }

  /** Whether a container that has ended did so for want of memory; the word may come a little later than its end. */
  async ranOut(id: string): Promise<boolean> {
    for (let waited = 0; waited < lateMs && !this.#ids.has(id); waited += 50) await sleep(50);
    return this.#ids.delete(id);
  }

  close(): void {
    this.#closed = true;
    const stream = this.#stream;
    if (stream && "destroy" in stream && typeof stream.destroy === "function") stream.destroy();
  }
}
