import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { TestServer } from "../../scripts/queue/nats-server.ts";
import { Folders, onlyRun, smith, startSmith } from "../helpers/command-line.ts";
import { ideas, review, specification } from "../helpers/house-answers.ts";
import { writeHouses } from "../helpers/houses.ts";
import { OtlpReceiver, type ReceivedSpan } from "../helpers/otlp-receiver.ts";
import { ScriptedModel } from "../helpers/scripted-model.ts";
import { hashesBelow } from "../helpers/tree-hash.ts";

const folders = new Folders();
let houses: string;
let server: TestServer;
let receiver: OtlpReceiver;
beforeAll(async () => {
  houses = writeHouses(join(folders.make(), "houses"));
  server = await TestServer.start();
});
beforeEach(async () => {
  receiver = await OtlpReceiver.start();
});
afterEach(() => receiver.close());
afterAll(async () => {
  await server.remove();
  folders.remove();
});

const key = "sk-a-key-that-no-span-may-hold";
const names = (spans: ReceivedSpan[]) => spans.map(({ name }) => name);

test("a task made by a model through a runner is one trace, from the run down to the steps in the runner, and tells nothing of the data", async () => {
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  const runner = startSmith(
    ["runner", "--nats", server.url, "--slots", "2", "--port", "0", "--name", "one"],
    {
      env: tracing,
    },
  );
  await expect.poll(runner.output, { timeout: 60_000 }).toContain("runner_started");
  const model = await ScriptedModel.start([
    { schema: "candidates", reply: { answer: ideas, usage: { prompt: 900, cached: 100, output: 50 } } },
    { schema: "design", reply: { status: 503 } },
    { schema: "design", reply: { answer: specification() } },
    { schema: "review", reply: { answer: review() } },
  ]);
  const out = folders.make();
  const made = await smith(
    [
      ...["generate", houses, "--out", out, "--tasks", "1", "--nats", server.url, "--json"],
      ...["--model", "scripted", "--set", "retry.baseMs=10", "--set", "models.solver=rules"],
    ],
    { env: { ...tracing, OPENAI_API_KEY: key, OPENAI_BASE_URL: model.url } },
  );
  await model.close();
  expect(made.code, made.stderr).toBe(0);
  runner.child.kill("SIGTERM");
  expect((await runner.ended).code).toBe(0);

  const { spans } = receiver;
  expect(new Set(spans.map(({ trace }) => trace)).size).toBe(1);
  expect(spans.filter(({ parent }) => parent === undefined).map(({ name }) => name)).toEqual(["run"]);
  for (const span of spans) {
    expect(span.endedAt).toBeGreaterThanOrEqual(span.startedAt);
    if (span.parent !== undefined) expect(receiver.above(span).at(-1)?.name, span.name).toBe("run");
  }
  // One chain from the run to what ran in the other process.
  const execution = spans.filter(
    (span) => span.name === "run" && receiver.above(span).some(({ name }) => name === "execution"),
  );
  expect(execution.length).toBeGreaterThan(0);
  for (const span of execution) {
    expect(names(receiver.above(span))).toEqual(["run job", "job", "execution", "task", "dataset", "run"]);
    expect(span.service).toBe("mle-smith-runner");
    expect(receiver.above(span).map(({ service }) => service)).toEqual([
      "mle-smith-runner",
      ...Array.from({ length: 5 }, () => "mle-smith"),
    ]);
  }
  // Every job that was sent ran, with its four steps in order.
  const jobs = receiver.named("job");
  const ran = receiver.named("run job");
  expect(ran.map(({ parent }) => parent).sort()).toEqual(jobs.map(({ id }) => id).sort());
  for (const { id, facts } of ran) {
    expect(facts).toMatchObject({ "smith.runner": "one", "smith.outcome": "ok", "smith.attempt": 1 });
    const steps = spans.filter(({ parent }) => parent === id).sort((a, b) => a.startedAt - b.startedAt);
    expect(names(steps)).toEqual(["queue wait", "fetch", "run", "publish"]);
  }
  // The graph's way, with the ids that the logs have.
  const { id: run } = onlyRun(out);
  const [task] = receiver.named("task");
  const stages = spans.filter(({ parent }) => parent === task?.id).sort((a, b) => a.startedAt - b.startedAt);
  expect(names(stages)).toEqual(["design", "refactor", "assertions", "review", "execution", "publish"]);
  expect(task?.facts).toMatchObject({ "smith.outcome": "accepted", "smith.thread": `${run}/0` });
  for (const stage of stages)
    expect(stage.facts).toMatchObject({
      "smith.run": run,
      "smith.thread": `${run}/0`,
      "smith.node": stage.name,
      "smith.task": task?.facts["smith.task"],
    });
  // Model calls: names and sizes, a failed try among them.
  const calls = receiver.named("chat scripted").sort((a, b) => a.startedAt - b.startedAt);
  expect(
    calls.map((call) => [receiver.above(call)[0]?.name, call.facts["smith.outcome"], call.failed]),
  ).toEqual([
    ["brainstorm", "answered", false],
    ["design", "failed", true],
    ["design", "answered", false],
    ["review", "answered", false],
  ]);
  expect(calls[0]?.facts).toMatchObject({
    "gen_ai.request.model": "scripted",
    "gen_ai.usage.input_tokens": 900,
    "gen_ai.usage.output_tokens": 50,
    "smith.cached_tokens": 100,
    "smith.role": "brainstormer",
  });

  // Nothing that was read, asked or answered is in any span: values, texts, the key.
  const table = readFileSync(join(houses, "houses.csv"), "utf8").split("\n").slice(1, 50);
  const values = table.flatMap((line) => line.split(",")).filter((value) => /^\d{5,}$|^[A-Z]/.test(value));
  expect(values.length).toBeGreaterThan(100);
  for (const text of [
    ...values.map((value) => `"${value}"`),
    "Harbour",
    "Houses sold",
    "buyers and sellers",
    key,
  ])
    expect(receiver.text).not.toContain(text);
  const used = new Set(spans.flatMap(({ facts }) => Object.keys(facts)));
  expect([...used].sort()).toEqual(knownFacts);

  // Logs of both processes name run, thread, task and node, and the trace.
  const trace = spans[0]?.trace;
  const log = lines(readFileSync(join(onlyRun(out).folder, "log.jsonl"), "utf8"));
  const where = { run, thread: `${run}/0`, task: task?.facts["smith.task"], trace_id: trace };
  expect(log.find(({ msg, stage }) => msg === "stage_finished" && stage === "review")).toMatchObject({
    ...where,
    node: "review",
  });
  expect(log.find(({ msg, role }) => msg === "model_call" && role === "reviewer")).toMatchObject(where);
  const finished = lines(runner.output()).filter(({ msg }) => msg === "job_finished");
  expect(finished).toHaveLength(ran.length);
  expect(finished.filter(({ node }) => node === "execution")[0]).toMatchObject(where);
}, 300_000);

/** Every attribute that spans have: a new one is a decision. */
const knownFacts = [
  "gen_ai.operation.name",
  "gen_ai.request.model",
  "gen_ai.usage.input_tokens",
  "gen_ai.usage.output_tokens",
  "error.type",
  "smith.attempt",
  "smith.cached_tokens",
  "smith.cost",
  "smith.dataset",
  "smith.datasets",
  "smith.job",
  "smith.key",
  "smith.node",
  "smith.outcome",
  "smith.peak_memory_mb",
  "smith.program",
  "smith.queued_ms",
  "smith.reasoning_tokens",
  "smith.role",
  "smith.run",
  "smith.run_ms",
  "smith.runner",
  "smith.status",
  "smith.task",
  "smith.thread",
].sort();

test("with and without tracing, packages and the messages in the queue are the same but for where they come from", async () => {
  const [traced, plain] = [folders.make(), folders.make()];
  const dataset = "examples/penguins";
  const words = ["generate", dataset, "--tasks", "1", "--out"];
  expect((await smith([...words, traced], { env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })).code).toBe(
    0,
  );
  expect(receiver.named("publish")).toHaveLength(1);
  const received = receiver.spans.length;
  expect((await smith([...words, plain])).code).toBe(0);
  expect(receiver.spans).toHaveLength(received);
  expect(hashesBelow(join(traced, "tasks"))).toEqual(hashesBelow(join(plain, "tasks")));
  expect(hashesBelow(join(traced, "datasets"))).toEqual(hashesBelow(join(plain, "datasets")));
}, 300_000);

function lines(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
