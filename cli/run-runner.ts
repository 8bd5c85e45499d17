import { availableParallelism, hostname } from "node:os";
import { join } from "node:path";
import { describeError } from "../core/errors.ts";
import { createLog } from "../core/log.ts";
import { removeStore } from "../core/store/folder-store.ts";
import { openStore } from "../core/store.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import { connectQueue } from "../sandbox/queue/connection.ts";
import { startMonitoring } from "../sandbox/queue/monitoring.ts";
import { makeRunnerFolder, reapDeadRunners } from "../sandbox/queue/reaper.ts";
import { startRunner } from "../sandbox/queue/runner.ts";
import type { QueueServer } from "../sandbox/queue/server-address.ts";

export interface RunRunnerOptions {
  server: QueueServer;
  slots?: number;
  ready: boolean;
  /** Which engine of this machine runs jobs. */
  engine: "auto" | "docker" | "bubblewrap";
  /** Runtime of Docker's containers. */
  runtime?: string;
  name?: string;
  /** Megabytes of trees that are kept. */
  cache: number;
  host: string;
  port: number;
  /** Seconds for jobs under way when it is stopped. */
  drain: number;
  log: "error" | "warn" | "info" | "debug";
}

/** A runner from its start to the end of its last job. Resolves when it was stopped; throws when it cannot work. */
export async function runRunner(options: RunRunnerOptions, stop: AbortSignal): Promise<void> {
  const name = options.name ?? `${hostname()}-${process.pid}`;
  const slots = Math.max(1, options.slots ?? availableParallelism());
  const log = createLog({ level: options.log, fields: { runner: name } });
  const reaped = await reapDeadRunners();
  if (reaped.length > 0) log.info({ runners: reaped.length }, "dead_runners_reaped");
  const folder = await makeRunnerFolder();
  try {
    const store = await openStore(join(folder, "store"));
    const { ready, engine, runtime } = options;
    const settings = { store, slots, ready, engine, docker: { runtime } };
    const sandbox = await openSandbox(settings);
    try {
      const connection = await connectQueue(options.server, { role: "runner", name: `mle-smith ${name}` });
      try {
        const runner = await startRunner({
          connection,
          sandbox,
          store,
          slots,
          name,
          log,
          cacheBytes: options.cache * 2 ** 20,
          onStage: (stage, key) => log.debug({ key: key.slice(0, 16) }, `job_${stage}`),
        });
        const monitoring = await startMonitoring(
          { metrics: () => runner.metrics.text(connection.connected()), ready: () => connection.connected() },
          options,
        );
        log.info({ url: monitoring.url, engine: sandbox.engine, slots }, "runner_started");
        try {
          await Promise.race([runner.ended, aborted(stop)]);
          log.info("runner_draining");
          await runner.drain(AbortSignal.timeout(options.drain * 1000));
        } finally {
          await monitoring.close();
        }
      } finally {
        await connection.close();
      }
    } finally {
      await sandbox.close();
    }
    log.info("runner_stopped");
  } catch (error) {
    log.error({ error: describeError(error) }, "runner_failed");
    throw error;
  } finally {
    await removeStore(folder);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
