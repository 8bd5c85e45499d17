import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { runGenerate } from "../../cli/generate.ts";
import { createRun, reopenRun } from "../../cli/run-folder.ts";
import type { Summary } from "../../cli/summary.ts";
import { verifyFolder } from "../../cli/verify.ts";
import { loadConfiguration } from "../../core/configuration.ts";
import type { StampedEvent } from "../../core/events.ts";
import { readPackage } from "../../task/package/read.ts";
import { Folders, onlyRun, tasksOf } from "../helpers/command-line.ts";
import { writeHouses } from "../helpers/houses.ts";
import { type Reply, ScriptedModel, type Step } from "../helpers/scripted-model.ts";
import { testServices } from "../helpers/services.ts";

/** The whole graph by rules, with a model as the coding agent alone, behind real HTTP. */
const root = join(import.meta.dirname, "../..");
const folders = new Folders();
let houses: string;
let model: ScriptedModel | undefined;

beforeAll(() => {
  houses = writeHouses(join(folders.make(), "houses"));
});
afterAll(() => folders.remove());
afterEach(async () => {
  vi.unstubAllEnvs();
  const closing = model;
  model = undefined;
  await closing?.close();
});

interface Played {
  out: string;
  summary: Summary;
  events: StampedEvent[];
}

async function play(
  dataset: string,
  steps: (Step | Reply)[],
  flags: Record<string, unknown> = {},
): Promise<Played> {
  model = await ScriptedModel.start(steps);
  vi.stubEnv("OPENAI_API_KEY", "none-needed");
  const out = folders.make();
  const configuration = loadConfiguration({
    flags: {
      models: { solver: "scripted" },
      baseUrl: model.url,
      tasks: 1,
      retry: { attempts: 1 },
      ...flags,
    },
  });
  return await ended(createRun(out, [dataset], configuration), out);
}

async function ended(run: Parameters<typeof runGenerate>[0], out: string): Promise<Played> {
  const summary = await runGenerate(run, { signal: new AbortController().signal });
  return { out, summary, events: onlyRun(out).events };
}

const execute = (code: string): Reply => ({ calls: [{ name: "execute_code", arguments: { code } }] });
const done = (approach: string): Reply => ({ answer: { approach } });

/** A linear model on the numbers of the houses. */
const honest = `import pandas as pd
from sklearn.linear_model import LinearRegression
train, test, sample = (pd.read_csv(f"/job/public/{name}.csv") for name in ("train", "test", "sample_submission"))
target = sample.columns[1]
numbers = [name for name in test.select_dtypes("number").columns if name != "id"]
model = LinearRegression().fit(train[numbers], train[target])
pd.DataFrame({"id": test["id"], target: model.predict(test[numbers])}).to_csv("submission.csv", index=False)
`;
const nearest = `import pandas as pd
from sklearn.neighbors import KNeighborsClassifier
train, test, sample = (pd.read_csv(f"/job/public/{name}.csv") for name in ("train", "test", "sample_submission"))
target = sample.columns[1]
numbers = [name for name in test.select_dtypes("number").columns if name != "id"]
middle, spread = train[numbers].mean(), train[numbers].std()
model = KNeighborsClassifier(15).fit(((train[numbers] - middle) / spread).fillna(0), train[target])
guess = model.predict(((test[numbers] - middle) / spread).fillna(0))
pd.DataFrame({"id": test["id"], target: guess}).to_csv("submission.csv", index=False)
`;
/** The mean of train, which nobody needs a model for. */
const constant = `import pandas as pd
train, sample = (pd.read_csv(f"/job/public/{name}.csv") for name in ("train", "sample_submission"))
sample[sample.columns[1]] = train[sample.columns[1]].mean()
sample.to_csv("submission.csv", index=False)
`;

test("recorded answers to a penguins task solve it again: the certificate says how, and verify without a model agrees", async () => {
  const folder = join(root, "tests/fixtures/model-answers/penguins-solver/body-mass");
  const recorded = readdirSync(folder)
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Reply);
  // The other task of the penguins, which nothing is recorded of, is solved in two lines.
  const species = [execute(nearest), done("the nearest neighbours")];
  const turns = recorded.length + species.length;
  const { out, summary } = await play(
    join(root, "examples/penguins"),
    Array.from({ length: turns }, () => ({
      schema: "solution",
      expect: ({ text, body }) => {
        expect(text.length / 4).toBeLessThan(6_000);
        expect(body.tools?.map((tool) => tool.function.name)).toEqual([
          "request_info",
          "validate_code",
          "execute_code",
          "get_history",
          "reset",
        ]);
        if (text.includes("Predict the body mass") && body.messages.length > 2)
          expect(text).toMatch(/Score: 29\d\.\d+ \(root mean squared error, lower is better/);
      },
      reply: ({ text }) =>
        (text.includes("Predict the body mass") ? recorded : species).shift() ?? { status: 418 },
    })),
    { tasks: 2 },
  );
  expect(summary.datasets[0]).toMatchObject({ status: "accepted", rejected: [] });
  expect([...recorded, ...species]).toEqual([]);
  const task = tasksOf(out).find((path) => path.includes("body-mass")) ?? "";
  const { certificate, manifest } = await readPackage(task);
  // Whoever solves a task is no author of it.
  expect(manifest.author.kind).toBe("rules");
  expect(certificate?.agent).toMatchObject({
    agent: "scripted",
    budget: 8,
    approach: expect.stringMatching(/ridge regression/),
    steps: [
      { action: "execute_code", status: "SUCCESS" },
      { action: "execute_code", status: "SUCCESS" },
      { action: "validate_code", status: "SUCCESS", score: null },
    ],
  });
  const check = certificate?.checks.find((entry) => entry.check === "solver-agent-trivial");
  expect(check).toMatchObject({
    verdict: "pass",
    repeat: "verify --model",
    measured: { graded: 2, actions: 3 },
    threshold: expect.stringMatching(/contains zero/),
  });
  const step = certificate?.ladder.find(({ name }) => name === "agent");
  const trivial = certificate?.ladder.find(({ name }) => name === "trivial");
  expect(step?.score).toBeLessThan(0.5 * (trivial?.score ?? 0));
  expect(step?.interval?.[0]).toBeLessThan(step?.score ?? 0);
  const report = readFileSync(join(onlyRun(out).folder, "report.html"), "utf8");
  expect(report.includes("ridge regression on products of features"), "the report shows the agent").toBe(
    true,
  );
  const services = await testServices();
  try {
    const verified = await verifyFolder({ folder: task, skip: {}, import: {} }, services);
    expect(verified).toMatchObject({ accepted: true, differs: [], agent: null });
  } finally {
    await services.close();
  }
}, 600_000);

test("a task that the agent cannot lift above trivial goes back to the Designer, and is rejected where that is rules", async () => {
  const { out, summary, events } = await play(houses, [execute(constant), done("the mean of train")]);
  expect(tasksOf(out)).toEqual([]);
  const [defect, ...more] = summary.datasets[0]?.rejected[0]?.defects ?? [];
  // Rules know no repair for it.
  expect(more.map(({ check }) => check)).toEqual(["designer-gave-up"]);
  expect(defect).toMatchObject({
    check: "solver-agent-trivial",
    blame: "designer",
    evidence: expect.stringMatching(/scripted took 1 of 8 actions; best .* trivial .* gain /),
  });
  expect(events.filter(({ event }) => event === "agent_step")).toMatchObject([
    { action: "execute_code", status: "SUCCESS", candidate: expect.any(String) },
  ]);
}, 120_000);

test("an endpoint that fails is no verdict and no acceptance; the resumed run goes on where it was", async () => {
  const { out, summary } = await play(houses, [
    execute(honest),
    { status: 500, message: "down" },
    done("a linear model"),
  ]);
  expect(summary.datasets[0]).toMatchObject({ status: "failed", rejected: [] });
  expect(summary.datasets[0]?.reason).toMatch(/status 500.*--resume/s);
  expect(tasksOf(out)).toEqual([]);
  // The answer that was had before is not asked for again: one request is left in the script.
  const again = await ended(reopenRun(out, onlyRun(out).id), out);
  expect(again.summary.datasets[0]).toMatchObject({ status: "accepted" });
  expect(tasksOf(out)).toHaveLength(1);
  expect(model?.requests).toHaveLength(3);
}, 120_000);

test("a money budget that runs out while the agent plays stops the run without a verdict", async () => {
  const usage = { prompt: 100_000, output: 1_000 };
  const { out, summary } = await play(houses, [{ ...execute(honest), usage } as Reply], {
    maxCost: 1,
    prices: { scripted: { input: 9, output: 9 } },
  });
  expect(summary.datasets[0]).toMatchObject({ status: "stopped", rejected: [], tasks: [] });
  expect(summary.datasets[0]?.reason).toMatch(/max-cost/);
  expect(summary.cost).toBeGreaterThan(0.9);
  expect(summary.funnel.modelByRole).toMatchObject({ solver: { calls: 1, promptTokens: 100_000 } });
  expect(tasksOf(out)).toEqual([]);
}, 120_000);

test("without values, and by rules, no agent plays and the certificate says why", async () => {
  for (const [flags, why] of [
    [{ noValues: true }, /^not run: .*values of the data/],
    [{ models: { solver: "rules" } }, /^not run: no model$/],
  ] as const) {
    const { out } = await play(houses, [], flags);
    const { certificate } = await readPackage(tasksOf(out)[0] ?? "");
    expect(certificate?.agent).toBeNull();
    expect(certificate?.checks.find(({ check }) => check === "solver-agent-trivial")).toMatchObject({
      verdict: "not_applicable",
      measured: { reason: expect.stringMatching(why) },
    });
    await model?.close();
  }
}, 120_000);
