import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StreamedEvent } from "../../core/run-events.ts";
import { type DevServer, startDevServer } from "../../scripts/server/dev-server.ts";
import { filesWith } from "../helpers/command-line.ts";
import { ideas, review, specification } from "../helpers/house-answers.ts";
import { writeHouses } from "../helpers/houses.ts";
import { ScriptedModel } from "../helpers/scripted-model.ts";

const key = "sk-a-key-that-must-not-be-seen-anywhere-77c0";
const folder = mkdtempSync(join(tmpdir(), "mle-smith-server-"));
let server: DevServer;
let model: ScriptedModel;

beforeAll(async () => {
  writeHouses(join(folder, "data/houses"));
  const configuration = join(folder, "smith.yaml");
  writeFileSync(
    configuration,
    "prices: {scripted: {input: 1, output: 2}}\nmaxCost: 5\nmodels: {solver: rules}\nretry: {attempts: 1}\n",
  );
  model = await ScriptedModel.start([
    { schema: "candidates", reply: { answer: ideas } },
    { schema: "design", reply: { answer: specification() } },
    { schema: "review", reply: { answer: review() } },
  ]);
  server = await startDevServer(folder, {
    MLE_SMITH_CONFIG: configuration,
    OPENAI_BASE_URL: model.url,
    OPENAI_API_KEY: key,
  });
});
afterAll(async () => {
  await server?.kill();
  await model?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a model that the server allows plays by the server's key, says what it costs, and leaves the key nowhere", async () => {
  const other = await server.client.runs.wait(null, "smith", {
    input: { dataset: "houses", author: "another-model" },
    raiseError: false,
  });
  expect(JSON.stringify(other)).toMatch(/another-model.* is not allowed here.*one of: rules, scripted/);

  const { thread_id } = await server.client.threads.create();
  const events: StreamedEvent[] = [];
  const modes = new Set<string>();
  for await (const { event, data } of server.client.runs.stream(thread_id, "smith", {
    input: { dataset: "houses", author: "scripted", tasks: 1 },
    streamMode: ["custom", "messages-tuple"],
  })) {
    modes.add(event);
    if (event === "custom") events.push(StreamedEvent.parse(data));
  }
  expect(events[0]).toMatchObject({
    event: "model_disclosure",
    message: expect.stringContaining("scripted"),
  });
  const calls = events.filter((event) => event.event === "model_call");
  expect(calls.map(({ role }) => role)).toEqual(["brainstormer", "designer", "reviewer"]);
  expect(calls[0]?.spent).toBeGreaterThan(0);
  expect(calls[2]?.spent).toBeGreaterThan(calls[0]?.spent ?? 0);
  expect(modes).toContain("messages");
  const state = await server.client.threads.getState(thread_id);
  expect(state.values).toMatchObject({ results: [{ status: "accepted" }], cost: calls[2]?.spent });

  expect(model.requests).toHaveLength(3);
  expect(server.printed()).not.toContain(key);
  expect(filesWith(key, server.out)).toEqual([]);
  expect(JSON.stringify([state, await server.client.threads.getHistory(thread_id), events])).not.toContain(
    key,
  );
  // The development server writes its own state some seconds later.
  await new Promise((resolve) => setTimeout(resolve, 4000));
  expect(filesWith(key, join(folder, ".langgraph_api"))).toEqual([]);
  expect(filesWith(thread_id, join(folder, ".langgraph_api"))).not.toEqual([]);
}, 240_000);
