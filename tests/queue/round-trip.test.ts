import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSandbox } from "../../sandbox/open-sandbox.ts";
import { fakeJob } from "../../scripts/queue/fake-engine.ts";
import { TestServer } from "../../scripts/queue/nats-server.ts";
import { pythonJob } from "../sandbox/jobs.ts";
import { QueueServices } from "./queue-services.ts";

let server: TestServer;
let services: QueueServices;
beforeAll(async () => {
  server = await TestServer.start();
  services = new QueueServices({ url: server.url });
});
afterAll(async () => {
  await services.close();
  await server.remove();
});

test("a job goes through the queue into a sandbox, its workspace before it, and comes back with its outputs", async () => {
  const producer = await services.producer();
  const runner = await services.runner({ engine: (store) => openSandbox({ store, slots: 1, ready: false }) });
  const big = randomBytes(3 << 20);
  const tree = await producer.store.putFiles({ "a/big.bin": big, "empty.txt": "", "name with ü.txt": "x" });
  const job = pythonJob(
    `import shutil, os; shutil.copytree("/job/data", "/out/copy"); print(open("/job/note.txt").read())`,
    { trees: { data: tree }, files: { "note.txt": "hello" } },
  );
  const result = await producer.run(job);
  expect(result).toMatchObject({ status: "ok", id: job.id, stdout: expect.stringContaining("hello") });
  if (result.status !== "ok") return;
  expect(result.outputs).toMatchObject({ files: 3, bytes: big.length + 1 });
  const copy = await readFile(join(producer.store.treePath(result.outputs), "copy/a/big.bin"));
  expect(copy.equals(big)).toBe(true);
  expect(result.timings.runMs).toBeGreaterThan(1);
  const failed = await producer.run(pythonJob("raise SystemExit(3)"));
  expect(failed).toMatchObject({ status: "nonzero_exit", exitCode: 3 });
  await runner.drain();
});

test("equal jobs of two producers run once, also when one of them comes after the result", async () => {
  const first = await services.producer({ tidy: false });
  const second = await services.producer();
  const runner = await services.runner();
  const job = fakeJob({ sleepMs: 100, outputs: { "result.json": "7" } });
  const results = await Promise.all([first.run(job), second.run(job)]);
  results.push(await second.run(job));
  for (const result of results) expect(result.status).toBe("ok");
  expect(runner.ran.filter((id) => id === job.id)).toEqual([job.id]);
  for (const { store } of [first, second])
    if (results[0]?.status === "ok") expect(await store.hasTree(results[0].outputs)).toBe(true);
});
