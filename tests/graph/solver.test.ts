import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { verifyFolder } from "../../cli/verify.ts";
import { readPackage } from "../../task/package/read.ts";
import { onlyRun } from "../helpers/command-line.ts";
import { writeHouses } from "../helpers/houses.ts";
import type { Reply, Step } from "../helpers/scripted-model.ts";
import { type Played, ScriptedRuns } from "../helpers/scripted-runs.ts";
import { testServices } from "../helpers/services.ts";
import { linearModel } from "../helpers/solver-code.ts";

/** The whole graph by rules, with a model as the coding agent alone, behind real HTTP. */
const root = join(import.meta.dirname, "../..");
const runs = new ScriptedRuns();
let houses: string;
beforeAll(() => {
  houses = writeHouses(join(runs.folders.make(), "houses"));
});

function play(
  dataset: string,
  steps: (Step | Reply)[],
  flags: Record<string, unknown> = {},
): Promise<Played> {
  return runs.play(dataset, steps, { model: "rules", models: { solver: "scripted" }, ...flags });
}

const execute = (code: string): Reply => ({ calls: [{ name: "execute_code", arguments: { code } }] });
const done = (approach: string): Reply => ({ answer: { approach } });

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
  const { out, summary, tasks } = await play(
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
  const task = tasks.find((path) => path.includes("body-mass")) ?? "";
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
  const { tasks, summary, events } = await play(houses, [execute(constant), done("the mean of train")]);
  expect(tasks).toEqual([]);
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
  const failed = await play(houses, [
    execute(linearModel),
    { status: 500, message: "down" },
    done("a linear model"),
  ]);
  const [dataset] = failed.summary.datasets;
  expect(dataset).toMatchObject({ status: "failed", rejected: [] });
  expect(dataset?.reason).toMatch(/status 500.*--resume/s);
  expect(failed.tasks).toEqual([]);
  // The answer that was had before is not asked for again: one request is left in the script.
  const again = await runs.resume(failed);
  expect(again.summary.datasets[0]).toMatchObject({ status: "accepted" });
  expect(again.tasks).toHaveLength(1);
  expect(again.requests).toHaveLength(3);
}, 120_000);

test("a money budget that runs out while the agent plays stops the run without a verdict", async () => {
  const usage = { prompt: 100_000, output: 1_000 };
  const { tasks, summary } = await play(houses, [{ ...execute(linearModel), usage } as Reply], {
    maxCost: 1,
    prices: { scripted: { input: 9, output: 9 } },
  });
  expect(summary.datasets[0]).toMatchObject({ status: "stopped", rejected: [], tasks: [] });
  expect(summary.datasets[0]?.reason).toMatch(/max-cost/);
  expect(summary.cost).toBeGreaterThan(0.9);
  expect(summary.funnel.modelByRole).toMatchObject({ solver: { calls: 1, promptTokens: 100_000 } });
  expect(tasks).toEqual([]);
}, 120_000);

test("without values, and by rules, no agent plays and the certificate says why", async () => {
  for (const [flags, why] of [
    [{ noValues: true }, /^not run: .*values of the data/],
    [{ models: { solver: "rules" } }, /^not run: no model$/],
  ] as const) {
    const { tasks } = await play(houses, [], flags);
    const { certificate } = await readPackage(tasks[0] ?? "");
    expect(certificate?.agent).toBeNull();
    expect(certificate?.checks.find(({ check }) => check === "solver-agent-trivial")).toMatchObject({
      verdict: "not_applicable",
      measured: { reason: expect.stringMatching(why) },
    });
  }
}, 120_000);
