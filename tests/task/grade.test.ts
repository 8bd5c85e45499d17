import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BadInputError, BadSubmissionError, InfrastructureError } from "../../core/errors.ts";
import { type GradeOutcome, type GradeRequest, gradeOne, gradeSubmissions } from "../../task/grade.ts";
import type { Manifest } from "../../task/manifest.ts";
import { compileMetric } from "../../task/metrics/compile.ts";
import { type TestServices, testServices } from "../helpers/services.ts";

let services: TestServices;
let folder: string;
beforeAll(async () => {
  services = await testServices();
  folder = await mkdtemp(join(tmpdir(), "mle-smith-grade-"));
});
afterAll(async () => {
  await services.close();
  await rm(folder, { recursive: true, force: true });
});

const target = { name: "price", kind: "number" as const, labels: null, columns: ["price"] };
const metricCode = compileMetric({
  title: "Predict the price",
  id: "id",
  target,
  auxiliary: [],
  metric: { name: "mae", parameters: {} },
});
const table = (header: string, rows: (string | number)[][]): string =>
  `${[header, ...rows.map((row) => row.join(","))].join("\n")}\n`;
const numbers = Array.from({ length: 60 }, (_, index) => index);
const answers = table(
  "id,price",
  numbers.map((index) => [index + 1, (index * 7) % 11]),
);
const off = (by: number): string =>
  table("id,price", numbers.map((index) => [index + 1, ((index * 7) % 11) + by]).reverse());

async function grade(
  submissions: Record<string, string>,
  more: Partial<Omit<GradeRequest, "submissions">> & { private?: Record<string, string> } = {},
): Promise<GradeOutcome> {
  const { private: privateFiles = { "test_answer.csv": answers }, ...request } = more;
  const tree = await services.store.putFiles(
    Object.fromEntries(Object.entries(submissions).map(([name, text]) => [`${name}.csv`, text])),
  );
  return gradeSubmissions(
    {
      privateTree: await services.store.putFiles(privateFiles),
      metricCode,
      submissions: Object.keys(submissions).map((name) => ({ name, tree, path: `${name}.csv` })),
      bootstrap: null,
      query: null,
      ...request,
    },
    services,
  );
}

function report(outcome: GradeOutcome): Extract<GradeOutcome, { ok: true }>["report"] {
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.report;
}

describe("grading submissions", () => {
  it("scores sound ones and refuses others, each by itself", async () => {
    const graded = report(
      await grade({
        perfect: answers,
        near: off(1),
        short: table("id,price", [[1, 2]]),
        empty: "",
        binary: "\u0000\u0001\n\u0000",
        ragged: "id,price\n1,2\n1,2,3,4\n",
      }),
    );
    expect(graded.higherIsBetter).toBe(false);
    expect(graded.classes).toBe(1);
    expect(graded.results.map(({ name, status, score }) => [name, status, score])).toEqual([
      ["perfect", "scored", 0],
      ["near", "scored", 1],
      ["short", "refused", null],
      ["empty", "refused", null],
      ["binary", "refused", null],
      ["ragged", "refused", null],
    ]);
    expect(graded.results[2]?.message).toContain("59 test id(s) are missing");
    expect(graded.results[3]?.message).toContain("empty");
    expect(graded.results[5]?.message).toContain("cannot be read as a CSV file");
  });

  it("refuses a submission that was never written", async () => {
    const tree = await services.store.putFiles({ "other.csv": answers });
    const privateTree = await services.store.putFiles({ "test_answer.csv": answers });
    const submissions = [{ name: "gone", tree, path: "submission.csv" }];
    const outcome = await gradeSubmissions(
      { privateTree, metricCode, submissions, bootstrap: null, query: null },
      services,
    );
    expect(report(outcome).results[0]).toMatchObject({
      status: "refused",
      message: "There is no submission file.",
    });
  });

  it("resamples all submissions alike", async () => {
    const bootstrap = { rounds: 40, seed: 3 };
    const noisy = table(
      "id,price",
      numbers.map((index) => [index + 1, index % 5]),
    );
    const noisyTwice = table(
      "price,id",
      numbers.map((index) => [index % 5, index + 1]),
    );
    const graded = report(await grade({ noisy, one: off(1), noisyTwice, bad: "id\n1\n" }, { bootstrap }));
    expect(graded).toMatchObject({ rounds: 40, unit: "row" });
    const [first, one, twice, bad] = graded.results.map((result) => result.bootstrap);
    expect(new Set(first).size).toBeGreaterThan(20);
    expect(twice).toEqual(first);
    expect(one).toEqual(Array(40).fill(1));
    expect(bad).toBeNull();
    const again = report(await grade({ noisy }, { bootstrap }));
    expect(again.results[0]?.bootstrap).toEqual(first);
  });

  it("resamples whole units when the task names them", async () => {
    // Unit a has error 0 and unit b error 1 in every row: a mean is 0, 0.5 or 1 and nothing else.
    const half = table(
      "id,price",
      numbers.map((index) => [index + 1, ((index * 7) % 11) + (index < 30 ? 0 : 1)]),
    );
    const units = table("id,unit", numbers.map((index) => [index + 1, index < 30 ? "a" : "b"]).reverse());
    const graded = report(
      await grade(
        { half },
        { bootstrap: { rounds: 60, seed: 1 }, private: { "test_answer.csv": answers, "units.csv": units } },
      ),
    );
    expect(graded.unit).toBe("unit");
    expect(new Set(graded.results[0]?.bootstrap)).toEqual(new Set([0, 0.5, 1]));
  });

  it("counts a query that is drawn twice as two", async () => {
    const relevance = { name: "relevance", kind: "relevance" as const, labels: null, columns: ["relevance"] };
    const code = compileMetric({
      title: "Rank the pages",
      id: "id",
      target: relevance,
      auxiliary: ["query"],
      metric: { name: "ndcg", parameters: { k: 1 } },
    });
    // Two queries of two rows: one ranked right (1), one wrong (0).
    const truth = table("id,relevance,query", [
      [1, 1, "a"],
      [2, 0, "a"],
      [3, 1, "b"],
      [4, 0, "b"],
    ]);
    const guess = table("id,relevance", [
      [1, 0.9],
      [2, 0.1],
      [3, 0.2],
      [4, 0.8],
    ]);
    const graded = report(
      await grade(
        { guess },
        {
          metricCode: code,
          query: "query",
          bootstrap: { rounds: 60, seed: 1 },
          private: { "test_answer.csv": truth },
        },
      ),
    );
    expect(graded.unit).toBe("query");
    expect(graded.results[0]?.score).toBe(0.5);
    expect(new Set(graded.results[0]?.bootstrap)).toEqual(new Set([0, 0.5, 1]));
  });

  it("stops resampling when its time is used up", async () => {
    const graded = report(
      await grade({ one: off(1) }, { bootstrap: { rounds: 100_000, seed: 1 }, seconds: 1 }),
    );
    expect(graded.rounds).toBeGreaterThan(0);
    expect(graded.rounds).toBeLessThan(100_000);
    expect(graded.results[0]?.bootstrap).toHaveLength(graded.rounds);
  });
});

describe("a foreign metric", () => {
  const foreign = (evaluate: string, head = ""): string =>
    `${head}
from mledojo.metrics.base import CompetitionMetrics, InvalidSubmissionError
class Foreign(CompetitionMetrics):
    def __init__(self, value="price", higher_is_better=True):
        super().__init__(higher_is_better)
    def validate_submission(self, submission, ground_truth):
        return "ok"
    def evaluate(self, y_true, y_pred):
        ${evaluate}
`;

  it.each([
    ["returns NaN", "return float('nan')", "evaluate returned nan"],
    ["returns no number", "return 'high'", "evaluate returned a text"],
    ["raises", "raise KeyError('price')", "KeyError: 'price'"],
    ["exits", "raise SystemExit(0)", "SystemExit"],
  ])("that %s has crashed", async (_name, evaluate, message) => {
    const graded = report(await grade({ one: off(1) }, { metricCode: foreign(evaluate) }));
    expect(graded.results[0]).toMatchObject({ status: "crashed", score: null });
    expect(graded.results[0]?.message).toContain(message);
  });

  it("that cannot be loaded has crashed on everything", async () => {
    const graded = report(await grade({ one: off(1) }, { metricCode: "import no_such_module\n" }));
    expect(graded.results[0]?.message).toContain(
      "metric.py cannot be loaded: No module named 'no_such_module'",
    );
    const none = report(await grade({ one: off(1) }, { metricCode: "x = 1\n" }));
    expect(none.results[0]?.message).toContain("no subclass of CompetitionMetrics");
  });

  it("cannot spoil the tables for the next submission", async () => {
    const code = foreign(
      "total = float(y_true['price'].sum()); y_true['price'] = 0; y_pred['price'] = 0; return total",
    );
    const graded = report(
      await grade({ one: off(1), two: off(2) }, { metricCode: code, bootstrap: { rounds: 3, seed: 1 } }),
    );
    const total = numbers.reduce((sum, index) => sum + ((index * 7) % 11), 0);
    expect(graded.results.map((result) => result.score)).toEqual([total, total]);
    expect(graded.results[0]?.bootstrap).toEqual(graded.results[1]?.bootstrap);
    expect(graded.results[0]?.bootstrap).not.toContain(0);
  });

  it("that ends the process or forges the report gives no result", async () => {
    const ended = await grade({ one: off(1) }, { metricCode: foreign("import os; os._exit(0)") });
    expect(ended.ok).toBe(false);
    const forged = `import os; open('/out/result.json', 'w').write('{"higherIsBetter": true, "classes": 1, "rounds": 0, "unit": "row", "results": []}'); os._exit(0)`;
    expect(await grade({ one: off(1) }, { metricCode: foreign(forged) })).toMatchObject({
      ok: false,
      reason: expect.stringContaining("other submissions"),
    });
  });
});

describe("grading one submission against a package", () => {
  const manifest: Manifest = {
    schema: "mle-smith/task@1",
    id: "cars-price",
    title: "Predict the price of a used car",
    question: "What does a used car cost?",
    objective: "regression",
    modality: "tabular",
    category: "cars",
    target: { columns: ["price"], kind: "number", labels: null, unit: "EUR", meaning: "the price" },
    submission: { id: "id", columns: ["price"], kind: "value" },
    auxiliary: [],
    metric: {
      name: "mae",
      title: "mean absolute error",
      direction: "minimize",
      parameters: {},
      best: 0,
      noSkill: null,
    },
    split: {
      strategy: "random",
      seed: 0,
      sizes: { train: 100, test: 60 },
      groups: [],
      time: null,
      series: [],
    },
    media: null,
    features: [],
    budget: { seconds: 60, memoryMb: 1024, cpus: 1 },
    runtime: { python: "3.11", requirements: [] },
    files: [],
    lineage: { dataset: "cars", fingerprint: "0", source: null, licence: null, redistributable: "unknown" },
    author: { kind: "rules", version: "1" },
  };

  async function packageWith(files: Record<string, string>): Promise<string> {
    const root = await mkdtemp(join(folder, "task-"));
    await mkdir(join(root, "private"));
    for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text);
    return root;
  }
  const whole = {
    "task.json": JSON.stringify(manifest),
    "metric.py": metricCode,
    "private/test_answer.csv": answers,
    "submission.csv": off(2),
  };

  it("gives its score", async () => {
    const root = await packageWith(whole);
    expect(await gradeOne(root, join(root, "submission.csv"), services)).toMatchObject({
      score: 2,
      id: "cars-price",
      metric: { direction: "minimize" },
    });
  });

  it("says what is wrong with the submission, the package or the metric", async () => {
    const bad = await packageWith({ ...whole, "submission.csv": off(2).replace("price", "cost") });
    await expect(gradeOne(bad, join(bad, "submission.csv"), services)).rejects.toThrow(BadSubmissionError);
    await expect(gradeOne(bad, join(bad, "submission.csv"), services)).rejects.toThrow(
      /missing column\(s\) 'price'; unexpected column\(s\) 'cost'/,
    );
    await expect(gradeOne(bad, join(bad, "nothing.csv"), services)).rejects.toThrow(BadInputError);
    await expect(gradeOne(folder, join(bad, "submission.csv"), services)).rejects.toThrow(BadInputError);
    const broken = await packageWith({ ...whole, "metric.py": "raise RuntimeError('broken')\n" });
    await expect(gradeOne(broken, join(broken, "submission.csv"), services)).rejects.toThrow(
      InfrastructureError,
    );
  });
});
