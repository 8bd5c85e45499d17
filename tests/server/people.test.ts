import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { PersonQuestion } from "../../graph/people/questions.ts";
import { TaskResult } from "../../graph/state.ts";
import { type DevServer, startDevServer } from "../../scripts/server/dev-server.ts";
import { idea, review, specification } from "../helpers/house-answers.ts";
import { writeHouses } from "../helpers/houses.ts";
import { ScriptedModel } from "../helpers/scripted-model.ts";

const remark = "Say in the background that garden fences were not measured.";
const folder = mkdtempSync(join(tmpdir(), "mle-smith-server-people-"));
let server: DevServer;
let model: ScriptedModel;

beforeAll(async () => {
  writeHouses(join(folder, "data/houses"));
  model = await ScriptedModel.start([
    {
      schema: "candidates",
      reply: {
        answer: { candidates: [idea(), idea("area", "Predict the area of a sold house")], reason: null },
      },
    },
    { schema: "design", reply: { answer: specification() } },
    { schema: "review", reply: { answer: review() } },
    {
      schema: "design",
      expect: ({ text }) => expect(text).toContain(`of attempt 1: ${remark}`),
      reply: { answer: specification() },
    },
  ]);
  const configuration = join(folder, "configuration.yaml");
  writeFileSync(configuration, "models: {solver: rules}\nretry: {attempts: 1}\n");
  server = await startDevServer(folder, {
    MLE_SMITH_CONFIG: configuration,
    OPENAI_API_KEY: "none-needed",
    OPENAI_BASE_URL: model.url,
    MLE_SMITH_MODEL: "scripted",
  });
});
afterAll(async () => {
  await server?.kill();
  rmSync(folder, { recursive: true, force: true });
  await model?.close();
});

const Ended = z.looseObject({
  __interrupt__: z.array(z.object({ id: z.string(), value: PersonQuestion })).default([]),
  results: z.array(TaskResult).default([]),
});

/** Starts a run or answers its questions, and waits until it has ended or asks. */
async function go(
  thread: string,
  what: { input: Record<string, unknown> } | { command: { resume: unknown } },
) {
  return Ended.parse(await server.client.runs.wait(thread, "smith", what));
}

test("over the API: a wrong answer is refused with the schema, a candidate is edited, another dropped, the task sent back with a remark and approved", async () => {
  const { thread_id: thread } = await server.client.threads.create();
  const input = {
    dataset: "houses",
    author: "scripted",
    tasks: 2,
    approveCandidates: true,
    approveTasks: true,
  };
  const [first] = (await go(thread, { input })).__interrupt__;
  if (first?.value.asks !== "approve_candidates") throw new Error("candidates are asked about first");
  const [price, area] = first.value.candidates;
  const state = await server.client.threads.getState(thread);
  expect(state.next).toEqual(["approve_candidates"]);
  expect(state.tasks.flatMap(({ interrupts }) => interrupts.map(({ id }) => id))).toEqual([first.id]);

  const [again] = (await go(thread, { command: { resume: { [first.id]: "fine" } } })).__interrupt__;
  expect(again?.value).toEqual({ ...first.value, error: expect.stringMatching(/expected object/) });
  const chosen = {
    decision: "choose",
    candidates: [
      { id: price?.id, decision: "edit", changes: { metric: "mae" } },
      { id: area?.id, decision: "drop", reason: "nobody asks for it" },
    ],
  };
  const ready = (await go(thread, { command: { resume: { [first.id]: chosen } } })).__interrupt__;
  const [task] = ready;
  if (ready.length !== 1 || task?.value.asks !== "approve_task") throw new Error("one task waits");
  expect(task.value).toMatchObject({ dataset: "houses", designsLeft: 2, sendingBack: "design" });
  const { candidate } = task.value;

  const back = { decision: "send_back", candidate, remark };
  const [redone] = (await go(thread, { command: { resume: { [task.id]: back } } })).__interrupt__;
  expect(redone?.value).toMatchObject({ asks: "approve_task", candidate, designsLeft: 1 });
  const answer = { [redone?.id ?? ""]: { decision: "approve", candidate } };
  const { __interrupt__: left, results } = await go(thread, { command: { resume: answer } });
  expect(left).toEqual([]);
  expect(results.find(({ status }) => status === "accepted")).toMatchObject({
    candidate,
    approvedByPerson: true,
    attempts: { designer: 2 },
    defects: [{ check: "person-sent-back", message: remark }],
  });
  expect(results.find(({ status }) => status === "rejected")).toMatchObject({
    defects: [{ check: "person-dropped", message: "nobody asks for it" }],
  });
  const events = readFileSync(join(server.out, "server/events.jsonl"), "utf8");
  expect(events.match(/"event":"person_answered"/g)).toHaveLength(3);
}, 300_000);

test("over the API: a task is rejected by a resume without an id, with the reason in the results", async () => {
  const { thread_id: thread } = await server.client.threads.create();
  const input = { dataset: "houses", tasks: 1, approveTasks: true };
  const [task] = (await go(thread, { input })).__interrupt__;
  if (task?.value.asks !== "approve_task") throw new Error("a task waits");
  expect(task.value.question).toMatch(/rules cannot act on a remark/);
  const { candidate } = task.value;
  const { results } = await go(thread, {
    command: { resume: { decision: "reject", candidate, reason: "too easy" } },
  });
  expect(results).toMatchObject([
    { status: "rejected", defects: [{ check: "person-rejected", message: "too easy" }] },
  ]);
}, 240_000);
