import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { sendAgain } from "../../docs/clients/send-again.ts";
import { TaskResult } from "../../graph/state.ts";
import { type DevServer, startDevServer } from "../../scripts/server/dev-server.ts";
import { filesWith, smith } from "../helpers/command-line.ts";
import { writeHouses } from "../helpers/houses.ts";
import { hashesBelow } from "../helpers/tree-hash.ts";
import { jobsBelow } from "./jobs-below.ts";

const slots = 2;
const names = Array.from({ length: 8 }, (_, index) => `town-${index}`);
const folder = mkdtempSync(join(tmpdir(), "mle-smith-server-"));
let server: DevServer;

beforeAll(async () => {
  // Latencies are to be those of the server, not of what else the machine does: server and jobs inherit this.
  if (process.getuid?.() === 0) setPriority(-10);
  for (const [index, name] of names.entries()) {
    const csv = join(writeHouses(join(folder, "data", name), { rows: 400 + 10 * index }), "houses.csv");
    // A district that only this town has: it tells whose rows a file holds.
    writeFileSync(csv, readFileSync(csv, "utf8").replaceAll("Harbour", `Harbour of ${name}`));
  }
  server = await startDevServer(folder, { MLE_SMITH_WORKERS: String(slots) });
});
afterAll(async () => {
  await server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const Line = z.looseObject({ run: z.string().optional(), dataset: z.string().optional() });

/** Whole lines of a file of the server; none before its first run. */
function lines(name: string): z.infer<typeof Line>[] {
  const path = join(server.out, "server", name);
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => Line.parse(JSON.parse(line)));
}

/** Programs of a dataset that have begun and not ended. */
function programsUnderWay(dataset: string): number {
  const own = lines("log.jsonl").filter((line) => line.dataset === dataset);
  const ended = own.filter(({ msg }) => msg === "program_ended" || msg === "program_failed").length;
  return own.filter(({ msg }) => msg === "program_started").length - ended;
}

/** Every job that has a result, and when the result was written. */
function jobResults(): Map<string, number> {
  const store = join(server.out, "server/store/json");
  const found = new Map<string, number>();
  for (const name of readdirSync(store, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".json")) continue;
    const { key } = z
      .looseObject({ key: z.string() })
      .parse(JSON.parse(readFileSync(join(store, name), "utf8")));
    if (key.startsWith("job-result/")) found.set(key, statSync(join(store, name)).mtimeMs);
  }
  return found;
}

async function until(what: string, holds: () => boolean, milliseconds = 240_000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`in vain waited for: ${what}`);
    await sleep(50);
  }
}

test("eight runs share two slots; one is cancelled and leaves the others alone; a killed server's runs are finished by the same input sent again", async () => {
  let most = 0;
  let sampling = true;
  const sampler = (async () => {
    while (sampling) {
      most = Math.max(most, jobsBelow(server.pid));
      await sleep(30);
    }
  })();

  const runs = await Promise.all(
    names.map(async (dataset) => {
      const { thread_id: thread } = await server.client.threads.create();
      const input = { dataset, tasks: 1 };
      const run = await server.client.runs.create(thread, "smith", { input });
      return { dataset, thread, input, run: run.run_id };
    }),
  );
  const published = () => lines("events.jsonl").filter(({ event }) => event === "task_published");
  const [first, cancelled] = [runs[0], runs[7]];
  if (first === undefined || cancelled === undefined) throw new Error("there are eight runs");

  await until("the last run is under way", () => programsUnderWay(cancelled.dataset) > 0);
  await server.client.runs.cancel(cancelled.thread, cancelled.run);
  const asked = performance.now();
  await until("its programs are gone", () => programsUnderWay(cancelled.dataset) === 0, 5_000);
  expect(performance.now() - asked).toBeLessThan(1_000);
  expect((await server.client.runs.get(cancelled.thread, cancelled.run)).status).toBe("interrupted");
  const stopped = lines("log.jsonl").filter(
    ({ msg, stopped }) => msg === "program_failed" && stopped === true,
  );
  expect(new Set(stopped.map(({ dataset }) => dataset))).toEqual(new Set([cancelled.dataset]));

  await until("two tasks are published", () => published().length >= 2);
  await server.kill();
  await until("its sandboxes are gone", () => jobsBelow(server.pid) === 0, 10_000);
  const before = jobResults();
  expect(published().length).toBeLessThan(names.length);

  server = await startDevServer(folder, { MLE_SMITH_WORKERS: String(slots) });
  const ends = await Promise.all(
    runs.map(async ({ dataset, thread, input }) => {
      const values = await sendAgain(server.client, thread, "smith", input);
      const { results } = z.looseObject({ results: z.array(TaskResult) }).parse(values);
      return { dataset, results };
    }),
  );
  sampling = false;
  await sampler;

  expect(most).toBe(slots);
  for (const { dataset, results } of ends) {
    expect(results).toMatchObject([{ status: "accepted" }]);
    const [path = ""] = results.map((result) => result.path ?? "");
    expect(filesWith(`Harbour of ${dataset}`, path)).not.toEqual([]);
    for (const other of names.filter((name) => name !== dataset))
      expect(filesWith(`Harbour of ${other}`, path)).toEqual([]);
  }
  const after = jobResults();
  expect([...before].filter(([key, written]) => after.get(key) !== written)).toEqual([]);
  expect(after.size).toBeGreaterThan(before.size);

  // A run that nobody killed, by the command line, makes the same bytes.
  const out = join(folder, "undisturbed");
  const { code } = await smith([
    "generate",
    join(folder, "data", first.dataset),
    "--out",
    out,
    "--tasks",
    "1",
  ]);
  expect(code).toBe(0);
  const [task = ""] = readdirSync(join(out, "tasks"));
  expect(hashesBelow(join(server.out, "tasks", task))).toEqual(hashesBelow(join(out, "tasks", task)));
}, 900_000);

test("a stream that is left ends the run's jobs within a second, when that is asked for", async () => {
  const csv = join(writeHouses(join(folder, "data/left"), { rows: 3000 }), "houses.csv");
  expect(statSync(csv).size).toBeGreaterThan(50_000);
  const leaving = new AbortController();
  const { thread_id } = await server.client.threads.create();
  const stream = server.client.runs.stream(thread_id, "smith", {
    input: { dataset: "left", tasks: 1 },
    streamMode: "custom",
    onDisconnect: "cancel",
    signal: leaving.signal,
  });
  const reading = (async () => {
    for await (const _chunk of stream);
  })().catch(() => undefined);
  await until("a job is under way", () => programsUnderWay("left") > 0 && jobsBelow(server.pid) > 0);
  leaving.abort();
  const left = performance.now();
  await until("no job is left", () => jobsBelow(server.pid) === 0 && programsUnderWay("left") === 0, 10_000);
  expect(performance.now() - left).toBeLessThan(1_000);
  await reading;
  await until("the log says so", () =>
    lines("log.jsonl").some(({ dataset, stopped }) => dataset === "left" && stopped === true),
  );
}, 120_000);
