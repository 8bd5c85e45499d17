import { setTimeout as sleep } from "node:timers/promises";
import type { JobLimits } from "../job.ts";
import { type DockerContext, JobContainer } from "./container.ts";
import { listens } from "./daemon.ts";

/** Uids that own nothing: the kernel counts some things per uid, so that neighbours have different ones. */
const [firstUid, uids] = [60_600, 500];
/** A daemon that is started anew is back within this time. */
const absentMs = 30_000;

/** Containers that have been started and wait for a job, so that a job does not wait for them. */
export class ContainerPool {
  readonly #context: DockerContext;
  /** How many wait, at most; 0: none is started before it is needed. */
  readonly #size: number;
  #waiting: JobContainer[] = [];
  readonly #starting = new Set<Promise<void>>();
  readonly #living = new Set<JobContainer>();
  #made = Math.floor(Math.random() * uids);
  #closed = false;

  constructor(context: DockerContext, size: number) {
    this.#context = context;
    this.#size = size;
  }

  /**
   * A container for one job. The room on its disk cannot be changed later, so that only one with the same can be used.
   * @throws Error with the daemon's reason.
   */
  async take(limits: JobLimits, signal: AbortSignal): Promise<JobContainer> {
    const found = this.#waiting.find(({ diskMb, usable }) => usable && diskMb === limits.diskMb);
    this.#waiting = this.#waiting.filter((container) => container !== found);
    const taken = found ?? (await this.#start(limits, false, signal));
    taken.onPrepared = () => this.#refill(limits);
    return taken;
  }

  /** Starts another one like it; what has waited longest makes room. */
  #refill(limits: JobLimits): void {
    if (this.#closed || this.#starting.size >= this.#size) return;
    for (const container of this.#waiting) if (!container.usable) container.kill();
    this.#waiting = this.#waiting.filter(({ usable }) => usable);
    while (this.#waiting.length + this.#starting.size >= this.#size) {
      const oldest = this.#waiting.shift();
      if (oldest === undefined) return;
      oldest.kill();
    }
    const starting = this.#start(limits, true)
      .then(
        (container) => {
          if (this.#closed) container.kill();
          else this.#waiting.push(container);
        },
        // The next job that needs one says why.
        () => undefined,
      )
      .finally(() => this.#starting.delete(starting));
    this.#starting.add(starting);
  }

  async #start(limits: JobLimits, warm: boolean, signal?: AbortSignal): Promise<JobContainer> {
    const until = performance.now() + absentMs;
    for (;;) {
      this.#made += 1;
      try {
        const container = await JobContainer.start(this.#context, {
          limits,
          warm,
          uid: firstUid + (this.#made % uids),
        });
        this.#living.add(container);
        void container.ended.then(() => this.#living.delete(container));
        return container;
      } catch (error) {
        if (performance.now() > until || signal?.aborted || this.#closed) throw error;
        if (!(await this.#isAbsent(error))) throw error;
        await sleep(250);
      }
    }
  }

  /** Whether the daemon is being started anew: it is away, or what it answered was said while it was being ended. */
  async #isAbsent(error: unknown): Promise<boolean> {
    if (isRefusal(error)) return true;
    return isServerError(error) && !(await listens(this.#context.host));
  }

  /** Ends all; resolves when the daemon has removed them. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#starting);
    await Promise.all([...this.#living].map((container) => container.end()));
  }
}

/** Whether an error says that nobody listens at the daemon's address, as while it is started anew. */
function isRefusal(error: unknown): boolean {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return code === "ECONNREFUSED" || code === "ENOENT" || code === "ECONNRESET" || code === "EPIPE";
}

/** Whether a daemon answered that it failed itself. */
function isServerError(error: unknown): boolean {
  return (
    typeof error === "object" && error !== null && "statusCode" in error && Number(error.statusCode) >= 500
  );
}
