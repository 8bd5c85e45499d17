import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { StreamedEvent } from "../../core/run-events.ts";
import { TaskResult } from "../../graph/state.ts";
import { type DevServer, startDevServer } from "../../scripts/server/dev-server.ts";
import { verifyPackage } from "../../verifiers/verify.ts";
import { filesWith } from "../helpers/command-line.ts";
import { writeHouses } from "../helpers/houses.ts";
import { testServices } from "../helpers/services.ts";

const key = "sk-a-key-that-must-not-be-seen-anywhere-5f1d";
const folder = mkdtempSync(join(tmpdir(), "mle-smith-server-"));
let server: DevServer;

beforeAll(async () => {
  writeHouses(join(folder, "data/houses"));
  mkdirSync(join(folder, "secret"));
  writeFileSync(join(folder, "secret/table.csv"), "secret_column,b\n1,2\n");
  symlinkSync(join(folder, "secret"), join(folder, "data/link"));
  cpSync(join(folder, "secret/table.csv"), join(folder, "data/own/table.csv"), { recursive: true });
  writeFileSync(join(folder, "secret/other.csv"), "linked_column,b\n1,2\n");
  symlinkSync(join(folder, "secret/other.csv"), join(folder, "data/own/linked.csv"));
  server = await startDevServer(folder, { OPENAI_API_KEY: key });
});
afterAll(async () => {
  await server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const Field = z.looseObject({ title: z.string(), description: z.string() });
const Form = z.looseObject({ title: z.string(), properties: z.record(z.string(), Field) });

test("both graphs are offered, with nodes in the words of the architecture and the task's stages inside", async () => {
  const info = await fetch(`${server.url}/info`).then((answer) => answer.json());
  expect(info).toMatchObject({ context: "js", langgraph_js_version: "1.4.18" });
  const assistants = await server.client.assistants.search();
  expect(assistants.map(({ graph_id }) => graph_id).sort()).toEqual(["smith", "task"]);
  const stages = [
    "design",
    "refactor",
    "assertions",
    "review",
    "execution",
    "approve_task",
    "publish",
    "reject",
  ];
  const nodesOf = async (graph: string) =>
    (await server.client.assistants.getGraph(graph, { xray: true })).nodes
      .map(({ id }) => String(id))
      .filter((id) => !id.endsWith("__"))
      .sort();
  expect(await nodesOf("smith")).toEqual(
    [
      "survey",
      "brainstorm",
      "approve_candidates",
      "report",
      ...stages.map((stage) => `task:${stage}`),
    ].sort(),
  );
  expect(await nodesOf("task")).toEqual(["survey", "formulate", ...stages].sort());
  const subgraphs = await server.client.assistants.getSubgraphs("smith");
  expect(Object.keys(subgraphs)).toEqual(["task"]);
});

test.each([
  { graph: "smith", required: ["dataset"] },
  { graph: "task", required: ["dataset", "target"] },
])("the form of $graph can be filled in without reading code", async ({ graph, required }) => {
  const schemas = await server.client.assistants.getSchemas(graph);
  const input = Form.parse(schemas.input_schema);
  expect(input).toMatchObject({ required, additionalProperties: false });
  for (const [name, field] of Object.entries(input.properties))
    expect("default" in field, `${name} has a default`).toBe(!required.includes(name));
  expect(input.properties).toMatchObject({ author: { default: "rules" }, seed: { default: 0 } });
  const output = Form.parse(schemas.output_schema);
  expect(Object.keys(output.properties)).toEqual(
    graph === "smith" ? ["refusal", "results", "funnel", "cost"] : ["refusal", "results"],
  );
});

const post = (path: string, body: unknown) =>
  fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

test.each([
  ["..", { dataset: "../secret" }, /leads out/],
  ["..  inside", { dataset: "houses/../../secret" }, /leads out/],
  ["an absolute path", { dataset: "/etc/passwd" }, /absolute/],
  ["a home folder", { dataset: "~/data" }, /absolute/],
  ["a URL", { dataset: "https://example.org/data.csv" }, /URL/],
  ["a file URL", { dataset: "file:///etc/passwd" }, /URL/],
  ["a NUL", { dataset: "houses\u0000.csv" }, /control/],
  ["10 MB", { dataset: "a".repeat(10_000_000) }, /dataset/],
  ["an unknown field", { dataset: "houses", workers: 64 }, /unknown field "workers"/],
  ["a key", { dataset: "houses", apiKey: "sk-of-a-caller-1234" }, /unknown field "apiKey"/],
  ["an address of a model", { dataset: "houses", baseUrl: "http://127.0.0.1:9" }, /unknown field "baseUrl"/],
  ["a wrong type", { dataset: ["houses"] }, /dataset/],
  ["no dataset", {}, /dataset/],
])("%s is refused before there is a run", async (_what, input, reason) => {
  const answer = await post("/runs/wait", { assistant_id: "smith", input });
  expect(answer.status).toBe(422);
  const text = await answer.text();
  expect(text).toMatch(reason);
  expect(text.length).toBeLessThan(400);
  expect(text).not.toContain("sk-of-a-caller");
});

test("nothing can be configured by a caller, on a run or on an assistant", async () => {
  const input = { dataset: "houses" };
  const configurable = { apiKey: "sk-of-a-caller-1234" };
  for (const more of [{ config: { configurable } }, { context: configurable }]) {
    const run = await post("/runs/wait", { assistant_id: "smith", input, ...more });
    expect([run.status, await run.text()]).toEqual([
      422,
      expect.stringMatching(/"apiKey" cannot be configured/),
    ]);
    const assistant = await post("/assistants", { graph_id: "smith", ...more });
    expect(assistant.status).toBe(422);
  }
});

test.each([
  ["a link to another folder", "link", /lies behind, a link/],
  ["a file behind a link", "link/table.csv", /lies behind, a link/],
  ["a place where nothing is", "nothing-here", /there is none/],
  ["a whole data folder", ".", /whole data folder/],
])("%s ends in an error that says so, and nothing is read", async (_what, dataset, reason) => {
  const { thread_id } = await server.client.threads.create();
  const values = await server.client.runs.wait(thread_id, "smith", {
    input: { dataset },
    raiseError: false,
  });
  expect(JSON.stringify(values)).toMatch(/BadInputError/);
  expect(JSON.stringify(values)).toMatch(reason);
  const [run] = await server.client.runs.list(thread_id);
  expect(run?.status).toBe("error");
  expect(filesWith("secret_column", join(server.out, "server/store"))).toEqual([]);
});

test("a link inside a folder is passed over", async () => {
  await server.client.runs.wait(null, "smith", { input: { dataset: "own" } });
  const store = join(server.out, "server/store");
  expect(filesWith("secret_column", store)).not.toEqual([]);
  expect(filesWith("linked_column", store)).toEqual([]);
});

test("the state of a thread takes only what the schema allows: no place on disk can be written into it", async () => {
  const { thread_id } = await server.client.threads.create();
  await server.client.runs.wait(thread_id, "smith", { input: { dataset: "own" } });
  const good = "0".repeat(64);
  const write = async (opened: { fingerprint: string; hash: string }) => {
    const { fingerprint, hash } = opened;
    const answer = await post(`/threads/${thread_id}/state`, {
      values: { opened: { name: "x", fingerprint, raw: { hash, files: 1, bytes: 1 } } },
      as_node: "survey",
    });
    const state = JSON.stringify((await server.client.threads.getState(thread_id)).values);
    return [answer.ok, state.includes(hash) && state.includes(fingerprint)];
  };
  expect(await write({ fingerprint: good, hash: good })).toEqual([true, true]);
  expect(await write({ fingerprint: good, hash: "../../../../../etc" })).toEqual([false, false]);
  expect(await write({ fingerprint: "/../../../x", hash: good })).toEqual([false, false]);
  // Nor does a state get to a node past the schema.
  const raw = { hash: "../../../../../etc", files: 1, bytes: 1 };
  const sent = await post(`/threads/${thread_id}/runs`, {
    assistant_id: "smith",
    command: { goto: [{ node: "brainstorm", input: { dataset: "own", opened: { raw } } }] },
  });
  expect(sent.status).toBe(422);
});

test("a dataset becomes a verified task, with events in the documented order, state and history that read well", async () => {
  const { thread_id } = await server.client.threads.create();
  const events: StreamedEvent[] = [];
  const updates: string[] = [];
  for await (const { event, data } of server.client.runs.stream(thread_id, "smith", {
    input: { dataset: "houses", tasks: 1 },
    streamMode: ["custom", "updates"],
  })) {
    if (event === "custom") events.push(StreamedEvent.parse(data));
    if (event === "updates") updates.push(...Object.keys(data));
  }
  expect(updates).toEqual(["survey", "brainstorm", "task", "report"]);
  // What jobs cost is told when it is known, between the others.
  const told = events
    .filter(({ event }) => event !== "job_measured")
    .map((event) => ("stage" in event ? `${event.event.replace("stage_", "")} ${event.stage}` : event.event));
  const stage = (name: string, ...inside: string[]) => [`started ${name}`, ...inside, `finished ${name}`];
  const solvers = told.filter((line) => line === "ladder_step");
  expect(solvers.length).toBeGreaterThanOrEqual(3);
  expect(told).toEqual([
    ...stage("survey", "survey_done"),
    ...stage("brainstorm", "candidate_proposed"),
    ...["design", "refactor", "assertions", "review"].flatMap((name) => stage(name)),
    ...stage("execution", ...solvers),
    ...stage("publish", "task_published"),
  ]);
  expect(events.find(({ event }) => event === "candidate_proposed")).toMatchObject({ number: 1, of: 1 });

  const { values } = await server.client.threads.getState(thread_id);
  const { results, funnel, dataset, candidates } = z
    .looseObject({
      results: z.array(TaskResult),
      funnel: z.unknown(),
      dataset: z.string(),
      candidates: z.unknown(),
    })
    .parse(values);
  expect({ dataset, funnel }).toEqual({
    dataset: "houses",
    funnel: { candidates: 1, attempts: 1, accepted: 1, rejected: 0, rejectionsByCheck: {} },
  });
  expect(candidates).toHaveLength(1);
  expect(JSON.stringify(values).length).toBeLessThan(20_000);
  const history = await server.client.threads.getHistory(thread_id);
  expect(history.map(({ next }) => next[0] ?? "end").reverse()).toEqual([
    "__start__",
    "survey",
    "brainstorm",
    "task",
    "report",
    "end",
  ]);
  const services = await testServices();
  try {
    const verified = await verifyPackage(results[0]?.path ?? "", services);
    expect(verified.accepted).toBe(true);
  } finally {
    await services.close();
  }
}, 240_000);

test("a second run on a thread starts afresh, and takes its defaults anew", async () => {
  const { thread_id } = await server.client.threads.create();
  await server.client.runs.wait(thread_id, "smith", { input: { dataset: "own", seed: 7 } });
  const first = await server.client.threads.getState(thread_id);
  expect(first.values).toMatchObject({ seed: 7, results: [], refusal: { reason: expect.any(String) } });
  const values = await server.client.runs.wait(thread_id, "smith", {
    input: { dataset: "houses", tasks: 1 },
  });
  expect(values).toMatchObject({
    refusal: null,
    results: [{ status: "accepted" }],
    funnel: { candidates: 1 },
  });
  const again = await server.client.runs.wait(thread_id, "smith", { input: { dataset: "houses", tasks: 1 } });
  expect(again).toEqual(values);
  expect((await server.client.threads.getState(thread_id)).values).toMatchObject({ seed: 0 });
}, 240_000);

test("the graph of one candidate designs what a person formulates, or says which columns there are", async () => {
  const values = await server.client.runs.wait(null, "task", {
    input: { dataset: "houses", target: "price", metric: "mae" },
  });
  expect(values).toMatchObject({ refusal: null, results: [{ objective: "regression", metric: "mae" }] });
  const wrong = await server.client.runs.wait(null, "task", {
    input: { dataset: "houses", target: "colour" },
    raiseError: false,
  });
  expect(JSON.stringify(wrong)).toMatch(/no table has a column .*colour.*the columns are .*price/);
  const unfit = await server.client.runs.wait(null, "task", {
    input: { dataset: "houses", target: "price", objective: "regression", metric: "roc_auc" },
    raiseError: false,
  });
  expect(JSON.stringify(unfit)).toMatch(/roc_auc does not score regression/);
}, 240_000);

test("nothing of the server's key is in what it wrote, printed or answers", async () => {
  expect(server.printed()).not.toContain(key);
  expect(filesWith(key, server.out, join(folder, ".langgraph_api"))).toEqual([]);
  const threads = await server.client.threads.search({ limit: 100 });
  expect(threads.length).toBeGreaterThan(5);
  expect(JSON.stringify(threads)).not.toContain(key);
  expect(readFileSync(join(server.out, "server/events.jsonl"), "utf8")).toContain("task_published");
});
