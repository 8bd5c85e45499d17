import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeStore } from "../../core/store/folder-store.ts";
import { openStore } from "../../core/store.ts";
import { createQueuedSandbox } from "../../sandbox/queue/queued-sandbox.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { fakeJob } from "../queue/fake-engine.ts";
import { TestServer } from "../queue/nats-server.ts";
import { RunnerProcess } from "../queue/spawn-runner.ts";

type Print = (name: string, value: number, unit: string) => void;

const noOpJobs = 6000;
const slotsPerRunner = 16;

/**
 * Figures of the queue, with a nats-server, runners in processes of their own, and an engine that does nothing: jobs per second,
 * time from submission to result, and how sleeping jobs scale with the number of runners.
 */
export async function benchQueue(print: Print): Promise<void> {
  const server = await TestServer.start();
  const folder = mkdtempSync(join(tmpdir(), "mle-smith-bench-"));
  const store = await openStore(join(folder, "store"));
  const sandbox = await createQueuedSandbox({ store, server: { url: server.url } });
  try {
    for (const count of [1, 2, 4]) {
      await withRunners(server.url, count, slotsPerRunner, async () => {
        await noOps(sandbox, 1000);
        print(`queue/no-op-jobs/${count}-runners`, await noOps(sandbox, noOpJobs), "jobs/s");
      });
    }
    await withRunners(server.url, 2, 2, async () => {
      await latencies(sandbox, 200);
      const times = await latencies(sandbox, 2000);
      print("queue/submit-to-result/p50", quantile(times, 0.5), "ms");
      print("queue/submit-to-result/p99", quantile(times, 0.99), "ms");
    });
    let single = 0;
    for (const count of [1, 2, 4]) {
      await withRunners(server.url, count, 2, async () => {
        const seconds = await sleeping(sandbox, 40 * count);
        if (count === 1) single = seconds;
        // Twice the runners have twice the jobs: the time stays the same where scaling is perfect.
        print(`queue/sleeping-jobs/${count}-runners`, (40 * count) / seconds, "jobs/s");
        print(`queue/sleeping-jobs/${count}-runners-scaling`, single / seconds, "ratio");
      });
    }
  } finally {
    await sandbox.close();
    await removeStore(join(folder, "store"));
    rmSync(folder, { recursive: true, force: true });
    await server.remove();
  }
}

async function withRunners(
  url: string,
  count: number,
  slots: number,
  work: () => Promise<void>,
): Promise<void> {
  const runners = Array.from(
    { length: count },
    () => new RunnerProcess(url, { slots, env: { RUNNER_QUIET: "1" } }),
  );
  try {
    await Promise.all(runners.map((runner) => runner.saw("up")));
    await work();
  } finally {
    await Promise.all(runners.map((runner) => runner.end("SIGTERM")));
  }
}

/** Jobs per second with many on their way at once. */
async function noOps(sandbox: Sandbox, count: number): Promise<number> {
  const started = performance.now();
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await expectOk(sandbox);
    }
  };
  await Promise.all(Array.from({ length: 256 }, lane));
  return (count / (performance.now() - started)) * 1000;
}

/** Milliseconds from submission to result, one job after the other. */
async function latencies(sandbox: Sandbox, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const started = performance.now();
    await expectOk(sandbox);
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b);
}

async function sleeping(sandbox: Sandbox, count: number): Promise<number> {
  await expectOk(sandbox);
  const started = performance.now();
  await Promise.all(Array.from({ length: count }, () => expectOk(sandbox, 200)));
  return (performance.now() - started) / 1000;
}

async function expectOk(sandbox: Sandbox, sleepMs?: number): Promise<void> {
  const result = await sandbox.run(fakeJob(sleepMs === undefined ? {} : { sleepMs }));
  if (result.status !== "ok") throw new Error(`${result.status}: ${JSON.stringify(result)}`);
}

function quantile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
