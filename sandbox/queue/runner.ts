import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describeError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import type { ArtefactStore } from "../../core/store.ts";
import type { Sandbox } from "../sandbox.ts";
import type { QueueConnection } from "./connection.ts";
import { Cancellation } from "./envelope.ts";
import { jsonOf } from "./jetstream.ts";
import { Metrics } from "./metrics.ts";
import { runtimeName, streams, subjects } from "./names.ts";
import { openObjects } from "./objects.ts";
import { openPuller } from "./puller.ts";
import { ForbiddenError } from "./queue-errors.ts";
import { type RunnerContext, runDelivery, type Stage } from "./run-delivery.ts";
import { consumerSettings } from "./streams.ts";
import { TreeCache } from "./tree-cache.ts";

export interface RunnerOptions {
  connection: QueueConnection;
  /** The local engine, which works on `store`. */
  sandbox: Sandbox;
  store: ArtefactStore;
  slots: number;
  /** Name in logs and results. */
  name: string;
  log: Logger;
  metrics?: Metrics;
  /** Bytes of trees that are kept for later jobs. */
  cacheBytes?: number;
  /** Told of each step of each job, in time to be late. */
  onStage?: (stage: Stage, key: string) => void;
}

/** Takes jobs from the queue and runs them here. */
export interface Runner {
  readonly metrics: Metrics;
  /** Takes no more jobs and resolves when those under way have ended; they are given back when `signal` is aborted. */
  drain(signal?: AbortSignal): Promise<void>;
  /** Resolves when it drained, or rejects when the server refuses it what it needs. */
  readonly ended: Promise<void>;
}

/**
 * Starts taking jobs: in each slot one at a time, none ahead. A server that is away, or has no queue yet, is waited for.
 */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const { connection, log, store, slots } = options;
  const runtime = await runtimeName();
  const metrics = options.metrics ?? new Metrics(slots);
  const stopping = new AbortController();
  const giveUp = new AbortController();
  // Each slot, and each job under way, listens.
  setMaxListeners(0, stopping.signal, giveUp.signal);
  const context: RunnerContext = {
    ...options,
    metrics,
    runtime,
    ackWaitMs: 30_000,
    cache: new TreeCache(store, options.cacheBytes ?? 8 * 2 ** 30),
    inputs: openObjects(connection, "inputs", { reads: true }),
    outputs: openObjects(connection, "outputs", { reads: false }),
    calledOff: new Map(),
    underway: new Map(),
    giveUp: giveUp.signal,
    stage: options.onStage ?? (() => undefined),
  };

  const stopCancellations = connection.subscribe(subjects.cancel("*"), ({ data }) => {
    const cancellation = Cancellation.safeParse(jsonOf(data));
    if (!cancellation.success) return;
    const { ticket } = cancellation.data;
    // It may be on its way to us: then it is not begun.
    context.calledOff.set(ticket, performance.now());
    context.underway.get(ticket)?.();
    for (const [name, at] of context.calledOff)
      if (performance.now() - at > 60_000) context.calledOff.delete(name);
  });

  /** Slows down when the sandbox of this machine fails: other machines get the jobs. */
  let failures = 0;

  async function slotLoop(): Promise<void> {
    const puller = openPuller(connection, streams.jobs, runtime);
    try {
      while (!stopping.signal.aborted) {
        if (failures > 0)
          await sleep(Math.min(30_000, 500 * 2 ** failures), undefined, { signal: stopping.signal }).catch(
            () => undefined,
          );
        const delivery = await puller.next(stopping.signal);
        if (delivery === undefined) continue;
        metrics.busy += 1;
        try {
          failures = (await runDelivery(context, delivery)) === "infra_error" ? failures + 1 : 0;
        } catch (error) {
          // Nothing is lost: the job is given to another runner when its time is over.
          log.warn({ error: describeError(error) }, "job_abandoned");
        } finally {
          metrics.busy -= 1;
        }
      }
    } finally {
      puller.close();
    }
  }

  const settings = new AbortController();
  const learn = (async () => {
    while (!settings.signal.aborted) {
      try {
        context.ackWaitMs = (await consumerSettings(connection, runtime)).ackWaitMs;
        return;
      } catch (error) {
        if (error instanceof ForbiddenError) throw error;
        await sleep(1000, undefined, { signal: settings.signal }).catch(() => undefined);
      }
    }
  })();
  // Jobs are taken only when it is known how long they stay ours.
  const ended = learn.then(() => {
    log.info({ runtime, slots, ackWaitMs: context.ackWaitMs }, "runner_ready");
    return Promise.all(Array.from({ length: slots }, slotLoop)).then(() => undefined);
  });
  ended.catch(() => undefined);
  stopping.signal.addEventListener("abort", () => settings.abort(), { once: true });

  return {
    metrics,
    ended,
    async drain(signal) {
      const abort = () => giveUp.abort();
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort, { once: true });
      stopping.abort();
      await ended.catch(() => undefined);
      stopCancellations();
      await connection.flush().catch(() => undefined);
    },
  };
}
