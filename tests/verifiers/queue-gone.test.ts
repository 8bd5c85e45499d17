import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isSound, type VerifyRequest, verifyFolder } from "../../cli/verify.ts";
import { InfrastructureError } from "../../core/errors.ts";
import type { ArtefactStore } from "../../core/store.ts";
import type { Job } from "../../sandbox/job.ts";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import { createProgramRunner } from "../../sandbox/program-runner.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { TestServer } from "../../scripts/queue/nats-server.ts";
import { QueueServices } from "../queue/queue-services.ts";
import { forgetting, requestOfEveryStep } from "./helpers/every-step.ts";

/** A verification whose jobs go through a real server to a runner; the server is killed in the middle of each step in turn. */
let server: TestServer;
let queue: QueueServices;
let producer: Sandbox & { store: ArtefactStore };
let folder: string;
let request: VerifyRequest;
const jobs: Job[] = [];

beforeAll(async () => {
  server = await TestServer.start();
  queue = new QueueServices({ url: server.url });
  producer = await queue.producer({ patienceMs: 1000, reconcileMs: 200 });
  await queue.runner({ engine: (store) => openSandbox({ store, slots: 1 }) });
  folder = await mkdtemp(join(tmpdir(), "mle-smith-queue-gone-"));
  request = await requestOfEveryStep(folder);
  const verified = await verifyFolder(
    request,
    servicesWith(async (job) => void jobs.push(job)),
  );
  expect(isSound(verified)).toBe(true);
}, 120_000);
afterAll(async () => {
  await queue.close();
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Services over the queue that call `during` while each job is under way. */
function servicesWith(during: (job: Job) => Promise<void>, forgotten?: string) {
  const store = forgetting(producer.store, forgotten);
  const sandbox: Sandbox = {
    ...producer,
    run: async (job, options) => {
      const result = producer.run(job, options);
      await during(job);
      return await result;
    },
  };
  return { store, programs: createProgramRunner(sandbox, store) };
}

test("a server that is killed in the middle of any step gives no verdict and no acceptance, and the work goes on when it is back", async () => {
  // The preparation, the import, the data, the metric, the solvers, the scores: whatever a verification sends.
  expect(jobs.length).toBeGreaterThanOrEqual(9);
  for (const { id, argv } of jobs) {
    let killed = false;
    const failing = servicesWith(async (job) => {
      if (job.id !== id || killed) return;
      killed = true;
      await server.down("SIGKILL");
    }, id);
    await expect(verifyFolder(request, failing), argv.join(" ")).rejects.toThrow(InfrastructureError);
    expect(killed, argv.join(" ")).toBe(true);
    await server.up();
    const again = servicesWith(async () => {}, id);
    expect(isSound(await verifyFolder(request, again)), argv.join(" ")).toBe(true);
  }
}, 240_000);
