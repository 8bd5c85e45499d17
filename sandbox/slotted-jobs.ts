import { setMaxListeners } from "node:events";
import { performance } from "node:perf_hooks";
import { emptyResult, type Job, type JobResult } from "./job.ts";
import { Slots } from "./slots.ts";

/** Where and how one job of an engine runs. */
export interface JobPlace {
  /** Number of its slot, from 0; no other job has it at the same time. */
  slot: number;
  /** Milliseconds that it waited for one. */
  queuedMs: number;
  /** Aborted when the job is called off, or the engine closes. */
  signal: AbortSignal;
}

/** The jobs of one engine: as many at once as there are slots, and all of them can be ended together. */
export class SlottedJobs {
  readonly #slots: Slots;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<JobResult>>();

  constructor(slots: number) {
    this.#slots = new Slots(slots);
    // Each waiting and running job listens.
    setMaxListeners(0, this.#closing.signal);
  }

  /** Does the work of a job in the next slot that is free. */
  async run(
    job: Job,
    signal: AbortSignal | undefined,
    work: (place: JobPlace) => Promise<JobResult>,
  ): Promise<JobResult> {
    const stop = new AbortController();
    const abort = () => stop.abort();
    const reasons = signal ? [signal, this.#closing.signal] : [this.#closing.signal];
    for (const reason of reasons) {
      if (reason.aborted) abort();
      reason.addEventListener("abort", abort, { once: true });
    }
    const ended = this.#inSlot(job, stop.signal, work);
    this.#running.add(ended);
    try {
      return await ended;
    } finally {
      this.#running.delete(ended);
      for (const reason of reasons) reason.removeEventListener("abort", abort);
    }
  }

  async #inSlot(
    job: Job,
    signal: AbortSignal,
    work: (place: JobPlace) => Promise<JobResult>,
  ): Promise<JobResult> {
    const submitted = performance.now();
    const slot = await this.#slots.take(signal);
    const queuedMs = performance.now() - submitted;
    if (slot === undefined) return { status: "cancelled", ...emptyResult(job, queuedMs) };
    try {
      return await work({ slot, queuedMs, signal });
    } finally {
      this.#slots.release(slot);
    }
  }

  /** Ends all jobs, those to come included; resolves when each has its result. */
  async end(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running);
  }
}
