import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  type Ended,
  Folders,
  filesWith,
  onlyRun,
  smith,
  summaryOf,
  tasksOf,
} from "../helpers/command-line.ts";
import { ideas, review, specification } from "../helpers/house-answers.ts";
import { writeHouses } from "../helpers/houses.ts";
import { type Reply, ScriptedModel, type Step } from "../helpers/scripted-model.ts";

/** A key that nothing but the request's header may hold. */
const key = "sk-test-4f9d1c7be2a84d06";
const folders = new Folders();
let houses: string;
let model: ScriptedModel | undefined;

beforeAll(() => {
  houses = writeHouses(join(folders.make(), "houses"));
});
afterAll(() => folders.remove());
afterEach(async () => {
  const closing = model;
  model = undefined;
  await closing?.close();
});

async function serve(steps: (Step | Reply)[]): Promise<ScriptedModel> {
  model = await ScriptedModel.start(steps);
  return model;
}

/** Runs `generate` and sees to it that the key is nowhere in what it prints and writes. */
async function generate(out: string, ...words: string[]): Promise<Ended> {
  const env = { OPENAI_API_KEY: key, ...(model === undefined ? {} : { OPENAI_BASE_URL: model.url }) };
  const ended = await smith(["generate", "--out", out, "--json", ...words], { env });
  expect(ended.stdout + ended.stderr).not.toContain(key);
  expect(filesWith(key, out)).toEqual([]);
  return ended;
}

const played = () => [
  houses,
  "--model",
  "scripted",
  "--tasks",
  "1",
  "--set",
  "retry.baseMs=50",
  "--set",
  "retry.attempts=4",
  "--set",
  "models.solver=rules",
];
const whole: Step[] = [
  { schema: "candidates", reply: { answer: ideas } },
  { schema: "design", reply: { answer: specification() } },
  { schema: "review", reply: { answer: review() } },
];

test("a wrong key ends the run at once with a message that names it, and leaves nothing half-written", async () => {
  await serve([{ status: 401, message: `Incorrect API key provided: ${key}`, code: "invalid_api_key" }]);
  const out = folders.make();
  const ended = await generate(out, ...played());
  expect(ended.code).toBe(1);
  expect(summaryOf(ended).datasets[0]).toMatchObject({
    status: "failed",
    tasks: [],
    reason: expect.stringMatching(/401.*OPENAI_API_KEY/),
  });
  expect(ended.stderr).toMatch(/401/);
  expect(tasksOf(out)).toEqual([]);
  expect(model?.requests).toHaveLength(1);
  expect(model?.requests[0]?.headers.authorization).toBe(`Bearer ${key}`);
});

test("a page of HTML ends the run with what to do, and --resume goes on when the endpoint is well", async () => {
  const server = await serve([
    { schema: "candidates", reply: { html: "<!doctype html><html><body>Welcome</body></html>" } },
    ...whole,
  ]);
  const out = folders.make();
  const ended = await generate(out, ...played());
  expect(ended.code).toBe(1);
  expect(summaryOf(ended).datasets[0]).toMatchObject({
    status: "failed",
    reason: expect.stringMatching(/OPENAI_BASE_URL/),
  });
  expect(server.requests).toHaveLength(1);
  const resumed = await generate(out, "--resume", onlyRun(out).id);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(summaryOf(resumed).datasets[0]).toMatchObject({ status: "accepted" });
  // The survey was not measured again.
  expect(
    onlyRun(out).events.filter(({ event, stage }) => event === "stage_finished" && stage === "survey"),
  ).toHaveLength(1);
});

test("a rate limit is waited for as long as it says; a cut stream and an error of the server are tried again", async () => {
  const times: number[] = [];
  const at = (reply: Reply): Step => ({
    schema: "candidates",
    reply: () => {
      times.push(Date.now());
      return reply;
    },
  });
  await serve([
    at({ status: 429, retryAfter: 2 }),
    at({ cut: true }),
    at({ status: 500, message: "overloaded" }),
    ...whole.map((step, index) => (index === 0 ? at({ answer: ideas }) : step)),
  ]);
  const out = folders.make();
  const ended = await generate(out, ...played());
  expect(ended.code, ended.stderr).toBe(0);
  expect(summaryOf(ended).funnel).toMatchObject({ accepted: 1 });
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1990);
  const calls = onlyRun(out).events.filter(({ event }) => event === "model_call");
  expect(calls.map(({ role, outcome }) => `${String(role)} ${String(outcome)}`)).toEqual([
    "brainstormer failed",
    "brainstormer failed",
    "brainstormer failed",
    "brainstormer answered",
    "designer answered",
    "reviewer answered",
  ]);
});

test("--max-cost without a price is refused before anything is asked", async () => {
  const server = await serve([]);
  const out = folders.make();
  const ended = await generate(out, ...played(), "--max-cost", "1");
  expect(ended.code).toBe(2);
  expect(ended.stdout).toBe("");
  expect(ended.stderr).toMatch(/--max-cost needs a price for the model scripted/);
  expect(ended.stderr).toMatch(/prices/);
  expect(server.requests).toHaveLength(0);
});

test("a money budget ends the run with 4, and --resume with more goes on without asking again what was answered", async () => {
  // One answer may have 6000 tokens, 0.6 dollars: after the look at the data, 0.52 are spent and 0.48 left.
  const cheap = { prompt: 100, output: 100 };
  const server = await serve([
    { schema: "candidates", reply: { answer: ideas, usage: cheap } },
    {
      schema: "design",
      reply: { calls: [{ name: "list_files", arguments: {} }], usage: { prompt: 100, output: 5000 } },
    },
    { schema: "design", reply: { answer: specification(), usage: cheap } },
    { schema: "review", reply: { answer: review(), usage: cheap } },
  ]);
  const out = folders.make();
  const ended = await generate(
    out,
    ...played(),
    "--max-cost",
    "1",
    "--set",
    "prices.scripted.input=0",
    "--set",
    "prices.scripted.output=100",
  );
  expect(ended.code, ended.stderr).toBe(4);
  expect(summaryOf(ended)).toMatchObject({
    datasets: [{ status: "stopped", reason: expect.stringMatching(/--max-cost/), tasks: [] }],
    cost: 0.51,
  });
  expect(tasksOf(out)).toEqual([]);
  expect(server.requests).toHaveLength(2);

  const resumed = await generate(out, "--resume", onlyRun(out).id, "--max-cost", "10");
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(summaryOf(resumed)).toMatchObject({ datasets: [{ status: "accepted" }], funnel: { accepted: 1 } });
  expect(summaryOf(resumed).cost).toBeCloseTo(0.53, 6);
  expect(server.requests).toHaveLength(4);
});

test("a time limit ends the run with 4 and says so", async () => {
  const out = folders.make();
  const ended = await smith(["generate", houses, "--out", out, "--json", "--time-limit", "0.5"]);
  expect(ended.code, ended.stderr).toBe(4);
  expect(summaryOf(ended).datasets[0]).toMatchObject({
    status: "stopped",
    reason: expect.stringMatching(/time limit of 0.5 s/),
    tasks: [],
  });
  expect(tasksOf(out)).toEqual([]);
});
