import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runtimeHome } from "../../sandbox/runtime.ts";
import { fakeJob } from "../../scripts/queue/fake-engine.ts";
import { TestServer } from "../../scripts/queue/nats-server.ts";
import { Folders, filesWith, smith, startSmith, tasksOf } from "../helpers/command-line.ts";
import { QueueServices } from "./queue-services.ts";

const root = join(import.meta.dirname, "../..");
const token = "a-token-that-must-not-be-seen";
const folders = new Folders();
let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start(`jetstream { store_dir: "STORE" }\nauthorization { token: "${token}" }`);
});
afterAll(async () => {
  await server.remove();
  folders.remove();
});
const env = { MLE_SMITH_NATS_TOKEN: token };

test("generate through a runner gives the same packages as without; the runner tells its figures, drains on SIGTERM and leaves nothing", async () => {
  const runner = startSmith(
    ["runner", "--nats", server.url, "--slots", "2", "--port", "0", "--name", "one", "--log", "debug"],
    { env },
  );
  await expect.poll(runner.output, { timeout: 30_000 }).toContain("runner_started");
  const lines = () =>
    runner
      .output()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const url = lines().find(({ msg }) => msg === "runner_started")?.url;
  const [far, near] = [folders.make(), folders.make()];
  const dataset = join(root, "examples/penguins");
  const through = await smith(
    ["generate", dataset, "--tasks", "1", "--out", far, "--nats", server.url, "--json"],
    { env },
  );
  expect(through.code, through.stderr).toBe(0);
  expect((await smith(["generate", dataset, "--tasks", "1", "--out", near, "--json"])).code).toBe(0);
  expect(contents(far)).toEqual(contents(near));

  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/^mle_smith_jobs_total\{status="ok"\} [1-9]\d*$/m);
  expect(metrics).toMatch(/^mle_smith_run_seconds_count [1-9]\d*$/m);
  expect(metrics).toMatch(/^mle_smith_queue_wait_seconds_bucket\{le="\+Inf"\} [1-9]\d*$/m);
  expect(metrics).toMatch(/^mle_smith_slots 2$/m);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);

  const status = await smith(["queue", "status", "--nats", server.url, "--json"], { env });
  expect(JSON.parse(status.stdout)).toMatchObject({
    results: 0,
    deadLetters: 0,
    runtimes: [{ waiting: 0, running: 0 }],
  });

  runner.child.kill("SIGTERM");
  const ended = await runner.ended;
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain("runner_stopped");
  expect(ended.stdout + ended.stderr + through.stdout + through.stderr).not.toContain(token);
  expect(filesWith(token, far, join(server.folder, "store"))).toEqual([]);
  const mine = `${hostname()}@${runner.child.pid}@`;
  expect(readdirSync(join(runtimeHome(), "runners")).filter((name) => name.startsWith(mine))).toEqual([]);
});

test("a runner that is told to stop ends its job before it goes", async () => {
  const services = new QueueServices({ url: server.url, token });
  const producer = await services.producer();
  const { pythonJob } = await import("../sandbox/jobs.ts");
  const runner = startSmith(
    ["runner", "--nats", server.url, "--slots", "1", "--port", "0", "--no-ready", "--log", "debug"],
    { env },
  );
  const result = producer.run(pythonJob("import time; time.sleep(2); print('whole')"));
  await expect.poll(runner.output, { timeout: 30_000 }).toContain("job_started");
  runner.child.kill("SIGTERM");
  const waiting = producer.run(fakeJob());
  expect(await result).toMatchObject({ status: "ok", stdout: "whole\n" });
  expect((await runner.ended).code).toBe(0);
  const settled = await Promise.race([
    waiting.then(() => true),
    new Promise((resolve) => setTimeout(resolve, 300, false)),
  ]);
  expect(settled).toBe(false);
  await services.close();
});

test("what a killed runner left is removed when the next one starts", async () => {
  const first = startSmith(["runner", "--nats", server.url, "--port", "0", "--no-ready"], { env });
  await expect.poll(first.output, { timeout: 30_000 }).toContain("runner_started");
  const mine = `${hostname()}@${first.child.pid}@`;
  const left = () => readdirSync(join(runtimeHome(), "runners")).filter((name) => name.startsWith(mine));
  expect(left()).toHaveLength(1);
  first.child.kill("SIGKILL");
  await first.ended;
  expect(left()).toHaveLength(1);
  const second = startSmith(["runner", "--nats", server.url, "--port", "0", "--no-ready"], { env });
  await expect.poll(second.output, { timeout: 30_000 }).toContain("dead_runners_reaped");
  expect(left()).toEqual([]);
  second.child.kill("SIGTERM");
  expect((await second.ended).code).toBe(0);
});

test("secrets in the address are refused before anything is written", async () => {
  const out = join(folders.make(), "out");
  const ended = await smith([
    "generate",
    "examples/penguins",
    "--out",
    out,
    "--nats",
    "nats://user:hunter2@127.0.0.1:4222",
  ]);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain("--creds");
  expect(ended.stderr).not.toContain("hunter2");
  expect(existsSync(out)).toBe(false);
});

test("the wrong token is refused with what mends it", async () => {
  const ended = await smith(["runner", "--nats", server.url, "--no-ready", "--port", "0"], {
    env: { MLE_SMITH_NATS_TOKEN: "wrong" },
  });
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain("refuses these credentials");
});

/** Path → bytes of all files of all packages below an output folder. */
function contents(out: string): Record<string, string> {
  return Object.fromEntries(
    tasksOf(out).flatMap((task) =>
      readdirSync(task, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path.slice(out.length), readFileSync(path, "base64")]),
    ),
  );
}
