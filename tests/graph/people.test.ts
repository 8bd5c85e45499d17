import { join } from "node:path";
import { Command, INTERRUPT, isInterrupted, MemorySaver } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createPlayers } from "../../agents/create-players.ts";
import type { SpecificationAnswer } from "../../agents/designer/answer.ts";
import { Budget } from "../../core/budget.ts";
import { loadConfiguration } from "../../core/configuration.ts";
import type { RunEvent } from "../../core/events.ts";
import { CandidatesQuestion, PersonQuestion, TaskQuestion } from "../../graph/people/questions.ts";
import { createSmithGraph, recursionLimit } from "../../graph/smith-graph.ts";
import type { TaskResult } from "../../graph/state.ts";
import { readPackage } from "../../task/package/read.ts";
import { Folders, filesWith, tasksOf } from "../helpers/command-line.ts";
import { idea, review, specification, unsound } from "../helpers/house-answers.ts";
import { writeHouses } from "../helpers/houses.ts";
import { ScriptedModel, type Step } from "../helpers/scripted-model.ts";
import { type TestServices, testServices } from "../helpers/services.ts";

const folders = new Folders();
let houses: string;
let shared: TestServices;
let model: ScriptedModel | undefined;

beforeAll(async () => {
  houses = writeHouses(join(folders.make(), "houses"));
  shared = await testServices();
});
afterEach(async () => {
  const closing = model;
  model = undefined;
  await closing?.close();
});
afterAll(async () => {
  await shared.close();
  folders.remove();
});

interface Options {
  approve: { candidates?: boolean; tasks?: boolean };
  tasks?: number;
  checkpointer?: MemorySaver | SqliteSaver;
}

/** The whole graph on the houses, played by rules or by a scripted model, resumed by hand. */
async function start(
  steps: Step[] | "rules",
  { approve, tasks = 1, checkpointer = new MemorySaver() }: Options,
) {
  if (steps !== "rules") model = await ScriptedModel.start(steps);
  const configuration = loadConfiguration({
    flags: {
      model: model === undefined ? "rules" : "scripted",
      models: { solver: "rules" },
      baseUrl: model?.url ?? "",
      tasks,
      approve,
      retry: { attempts: 1 },
    },
  });
  const out = folders.make();
  const events: RunEvent[] = [];
  const { store, programs } = shared;
  const emit = (event: RunEvent) => void events.push(event);
  const budget = new Budget({ maxCost: null, timeLimit: null, prices: {} });
  const players = createPlayers({
    configuration,
    budget,
    store,
    run: out,
    emit,
    environment: { OPENAI_API_KEY: "none-needed" },
  });
  const services = {
    configuration,
    store,
    programs,
    ...players,
    emit,
    signal: new AbortController().signal,
    out,
    locate: async (path: string) => ({ path, exact: false }),
    cost: () => 0,
  };
  const thread = { configurable: { thread_id: out }, recursionLimit, durability: "sync" as const };
  /** A graph made anew, as a process would that was started after a kill. */
  const graph = () => createSmithGraph((_run, work) => work(services)).compile({ checkpointer });
  const go = async (input: { dataset: string } | Command | null) => {
    const values: unknown = await graph().invoke(input as never, thread);
    const asked = isInterrupted(values) ? values[INTERRUPT] : [];
    return {
      asked: asked.map(({ id = "", value }) => ({ id, question: PersonQuestion.parse(value) })),
      results: (values as { results: TaskResult[] }).results,
      refusal: (values as { refusal: { reason: string } | null }).refusal,
    };
  };
  return {
    out,
    events,
    first: () => go({ dataset: houses }),
    again: () => go(null),
    answer: (answers: unknown) => go(new Command({ resume: answers })),
  };
}

type Asked = { question: PersonQuestion }[];
const task = (asked: Asked, at = 0) => TaskQuestion.parse(asked[at]?.question);
const candidates = (asked: Asked) => CandidatesQuestion.parse(asked[0]?.question);
const sees = (part: RegExp) => (request: { text: string }) => expect(request.text).toMatch(part);
const area = idea("area", "Predict the area of a sold house");

test("nobody is asked where the configuration does not say so", async () => {
  const run = await start("rules", { approve: {} });
  const { asked, results } = await run.first();
  expect(asked).toEqual([]);
  expect(results).toMatchObject([{ status: "accepted", approvedByPerson: false }]);
}, 240_000);

test("a wrong answer is refused with the schema, and an approval makes the package that no question would have made", async () => {
  const plainRun = await start("rules", { approve: {} });
  const unasked = await plainRun.first();
  const run = await start("rules", { approve: { candidates: true, tasks: true } });
  const { asked } = await run.first();
  const question = candidates(asked);
  expect(question).toMatchObject({ asks: "approve_candidates", dataset: "houses", designer: "rules" });
  expect(question.candidates).toMatchObject([{ target: ["price_in_cents"], objective: "regression" }]);
  expect(question.answer).toMatchObject({ oneOf: expect.any(Array) });
  expect(question.error).toBeUndefined();
  expect(JSON.stringify(question).length).toBeLessThan(6000);

  const id = question.candidates[0]?.id ?? "";
  for (const [wrong, why] of [
    ["yes", /expected object/],
    [{ decision: "publish" }, /'approve' \| 'choose'/],
    [{ decision: "choose", candidates: [] }, /name each candidate once/],
    [{ decision: "choose", candidates: [{ id: "other", decision: "keep" }] }, /candidates\.0\.id/],
    [{ decision: "choose", candidates: [{ id, decision: "edit", changes: { colour: "red" } }] }, /colour/],
    [
      { decision: "choose", candidates: [{ id, decision: "edit", changes: { metric: "roc_auc" } }] },
      /roc_auc does not grade regression/,
    ],
    [
      { decision: "choose", candidates: [{ id, decision: "edit", changes: { target: ["rooms"] } }] },
      /title: it still asks for the old target/,
    ],
    [
      {
        decision: "choose",
        candidates: [
          {
            id,
            decision: "edit",
            changes: {
              target: ["bedrooms"],
              title: "Predict the bedrooms",
              question: "How many bedrooms are in a house?",
            },
          },
        ],
      },
      /no column "bedrooms"/,
    ],
    [
      {
        decision: "choose",
        candidates: [{ id, decision: "edit", changes: { dataUse: "withhold nothing" } }],
      },
      /built-in rules decide by themselves how data are used/,
    ],
  ] as const) {
    const refused = candidates((await run.answer(wrong)).asked);
    expect(refused.error, JSON.stringify(wrong)).toMatch(why);
    expect({ ...refused, error: undefined }).toEqual({ ...question, error: undefined });
  }
  const before = task((await run.answer({ decision: "approve" })).asked);
  expect(before).toMatchObject({
    asks: "approve_task",
    sendingBack: "reject",
    task: { target: ["price_in_cents"] },
  });
  expect(before.question).toMatch(/rules cannot act on a remark/);
  expect(before.task.ladder.length).toBeGreaterThanOrEqual(3);
  expect((await readPackage(before.preview)).manifest.title).toBe(before.task.title);
  const elsewhere = await run.answer({ decision: "approve", candidate: "another" });
  expect(task(elsewhere.asked).error).toMatch(/candidate: .*expected/);
  expect(tasksOf(run.out)).toEqual([]);

  const { results } = await run.answer({ decision: "approve", candidate: before.candidate });
  expect(results).toMatchObject([{ status: "accepted", approvedByPerson: true }]);
  expect(results[0]?.id).toBe(unasked.results[0]?.id);
  expect(run.events.filter(({ event }) => event === "person_answered")).toMatchObject([
    { asked: "approve_candidates", kept: [before.candidate], dropped: [], edited: [] },
    { asked: "approve_task", decision: "approve", task: results[0]?.id },
  ]);
  // Nothing that costs was done again for an answer.
  const designs = run.events.filter(({ event, stage }) => event === "stage_started" && stage === "design");
  expect(designs).toHaveLength(1);
}, 300_000);

test("rules design what a person edited, and the manifest says what a person changed", async () => {
  const run = await start("rules", { approve: { candidates: true } });
  const { asked } = await run.first();
  const [proposed] = candidates(asked).candidates;
  const title = "What is a house of this town worth?";
  const question = "What will a house of this town be sold for?";
  const { results } = await run.answer({
    decision: "choose",
    candidates: [{ id: proposed?.id, decision: "edit", changes: { title, question, metric: "mae" } }],
  });
  expect(results).toMatchObject([{ status: "accepted", title, metric: "mae", candidate: proposed?.id }]);
  const { manifest } = await readPackage(results[0]?.path ?? "");
  expect(manifest).toMatchObject({ title, question, metric: { name: "mae" } });
  expect(manifest.author).toMatchObject({ kind: "rules", edited: ["title", "question", "metric"] });
}, 240_000);

test("candidates that a person drops are results with the reason, and a drop of all ends the dataset", async () => {
  const run = await start("rules", { approve: { candidates: true } });
  const { asked } = await run.first();
  const [proposed] = candidates(asked).candidates;
  const { results, refusal } = await run.answer({
    decision: "choose",
    candidates: [{ id: proposed?.id, decision: "drop", reason: "prices are not ours to predict" }],
  });
  expect(refusal?.reason).toBe("a person dropped every candidate");
  expect(results).toMatchObject([
    {
      status: "rejected",
      unsoundIdea: false,
      attempts: { designer: 0 },
      defects: [{ check: "person-dropped", message: "prices are not ours to predict" }],
    },
  ]);
  expect(run.events.some(({ event, stage }) => event === "stage_started" && stage === "design")).toBe(false);
}, 120_000);

test("two tasks wait at once and are answered by id: one sent back to the Designer, who reads the remark, one rejected", async () => {
  const remark = "Do not use the garden: it was planted after the sale. Say so in the background.";
  const run = await start(
    [
      { schema: "candidates", reply: { answer: { candidates: [idea(), area], reason: null } } },
      ...Array.from({ length: 2 }, (): Step => ({ schema: "design", reply: designed })),
      ...Array.from({ length: 3 }, (): Step => ({ schema: "review", reply: { answer: review() } })),
      {
        schema: "design",
        expect: sees(
          /sent it back[\s\S]*of attempt 1: Do not use the garden: it was planted after the sale\./,
        ),
        reply: { answer: withoutGarden },
      },
    ],
    {
      approve: { tasks: true },
      tasks: 2,
      checkpointer: SqliteSaver.fromConnString(join(folders.make(), "c.sqlite")),
    },
  );
  const { asked } = await run.first();
  expect(asked).toHaveLength(2);
  const price = asked.find(({ question }) => task([{ question }]).task.target[0] === "price");
  const other = asked.find((one) => one !== price);
  if (price === undefined || other === undefined) throw new Error("both are asked for");
  expect(task([price])).toMatchObject({ sendingBack: "design", designsLeft: 2 });

  // A process that starts anew asks the same again and has nothing done twice.
  const done = run.events.length;
  const byId = (questions: typeof asked) => [...questions].sort((one, two) => one.id.localeCompare(two.id));
  expect(byId((await run.again()).asked)).toEqual(byId(asked));
  expect(run.events.slice(done)).toEqual([]);

  const back = { decision: "send_back", candidate: task([price]).candidate, remark };
  const later = await run.answer({ [price.id]: back });
  expect(later.asked).toHaveLength(2);
  expect(later.asked.map(({ id }) => id)).toContain(other.id);
  const second = later.asked.find(({ id }) => id !== other.id);
  expect(task(second ? [second] : [])).toMatchObject({ designsLeft: 1, candidate: back.candidate });

  const approved = await run.answer({
    [second?.id ?? ""]: { decision: "approve", candidate: back.candidate },
  });
  expect(approved.asked.map(({ id }) => id)).toEqual([other.id]);
  const [published = ""] = tasksOf(run.out);
  const { manifest } = await readPackage(published);
  expect(manifest.features.map(({ column }) => column)).toEqual(["area", "rooms", "district", "built"]);
  // A package holds nothing of what was said.
  expect(manifest.author).not.toHaveProperty("edited");
  expect(filesWith("planted after", published)).toEqual([]);
  const rejecting = { decision: "reject", candidate: task([other]).candidate, reason: "nobody asks for it" };
  const { asked: left, results } = await run.answer({ [other.id]: rejecting });
  expect(left).toEqual([]);
  expect(results.find(({ candidate }) => candidate === back.candidate)).toMatchObject({
    status: "accepted",
    approvedByPerson: true,
    attempts: { designer: 2 },
    defects: [{ check: "person-sent-back", blame: "designer", attempt: 1, message: remark }],
  });
  expect(results.find(({ candidate }) => candidate === rejecting.candidate)).toMatchObject({
    status: "rejected",
    unsoundIdea: false,
    defects: [{ check: "person-rejected", message: "nobody asks for it" }],
  });
}, 300_000);

test("an answer that reaches every waiting task is taken by the one that it names, and asked for again by the others", async () => {
  const run = await start(
    [
      { schema: "candidates", reply: { answer: { candidates: [idea(), area], reason: null } } },
      ...Array.from({ length: 2 }, (): Step => ({ schema: "design", reply: designed })),
      ...Array.from({ length: 2 }, (): Step => ({ schema: "review", reply: { answer: review() } })),
    ],
    { approve: { tasks: true }, tasks: 2 },
  );
  const { asked } = await run.first();
  const [one, two] = [task(asked, 0).candidate, task(asked, 1).candidate];
  const { asked: left, results } = await run.answer({ decision: "approve", candidate: one });
  expect(results.map(({ candidate }) => candidate)).toEqual([one]);
  expect(left.map(({ question }) => task([{ question }]))).toMatchObject([
    { candidate: two, error: expect.stringMatching(/candidate/) },
  ]);
}, 300_000);

test("a replacement idea is approved like the first ones", async () => {
  const run = await start(
    [
      { schema: "candidates", reply: { answer: { candidates: [idea()], reason: null } } },
      { schema: "design", reply: { answer: specification() } },
      {
        schema: "review",
        reply: {
          answer: unsound(),
        },
      },
      { schema: "candidates", reply: { answer: { candidates: [area], reason: null } } },
    ],
    { approve: { candidates: true } },
  );
  await run.first();
  const { asked, results } = await run.answer({ decision: "approve" });
  expect(results).toMatchObject([{ status: "rejected", unsoundIdea: true }]);
  const question = candidates(asked);
  expect(question.candidates.map(({ target }) => target)).toEqual([["area"]]);
  const end = await run.answer({
    decision: "choose",
    candidates: [{ id: question.candidates[0]?.id, decision: "drop" }],
  });
  expect(end).toMatchObject({ asked: [], refusal: null });
  expect(end.results.map(({ defects }) => defects.at(-1)?.check)).toEqual([
    "review-realism-low",
    "person-dropped",
  ]);
}, 240_000);

test("without a design left, a remark ends the candidate, as the question said", async () => {
  const run = await start(
    [
      { schema: "candidates", reply: { answer: { candidates: [idea()], reason: null } } },
      { schema: "design", reply: { answer: specification(["price_in_cents"]) } },
      { schema: "design", reply: { answer: specification(["price_in_cents"]) } },
      { schema: "design", reply: { answer: specification() } },
      { schema: "review", reply: { answer: review() } },
    ],
    { approve: { tasks: true } },
  );
  const { asked } = await run.first();
  const question = task(asked);
  expect(question).toMatchObject({ designsLeft: 0, sendingBack: "reject" });
  expect(question.question).toMatch(/no design is left/);
  const { results } = await run.answer({
    decision: "send_back",
    candidate: question.candidate,
    remark: "ask for the price per room",
  });
  expect(results).toMatchObject([{ status: "rejected", unsoundIdea: false }]);
  expect(results[0]?.defects.at(-1)).toMatchObject({
    check: "person-sent-back",
    message: "ask for the price per room",
    attempt: 3,
  });
}, 300_000);

/** The design of the price as the remark wants it. */
const withoutGarden = ((): { task: SpecificationAnswer } => {
  const { task: priced } = specification();
  if (priced.kind !== "specification") throw new Error("a specification");
  const withheld = [...priced.withheld, { column: "garden", text: "known only after the sale" }];
  return {
    task: {
      ...priced,
      question: "What is the price of a house, given its area, rooms, district and age?",
      withheld,
    },
  };
})();

/** The design of whichever house candidate the request is about. */
function designed({ text }: { text: string }) {
  const answer = specification();
  if (!/target: area/.test(text)) return { answer };
  const { task: priced } = answer;
  if (priced.kind !== "specification") throw new Error("a specification");
  return {
    answer: {
      task: {
        ...priced,
        title: "Predict the area of a sold house",
        question: "What is the living area of a house, given its rooms, district, age and price?",
        target: {
          ...priced.target,
          columns: ["area"],
          name: "area",
          unit: "square metres",
          meaning: "the living area",
        },
      },
    },
  };
}
