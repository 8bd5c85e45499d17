import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type TestServices, testServices } from "../helpers/services.ts";
import { type MetricCase, metricCases } from "./metric-cases.ts";

const PACKAGES = [
  fileURLToPath(new URL("../../task/python/smith_task", import.meta.url)),
  fileURLToPath(new URL("./metric_properties", import.meta.url)),
];
const Report = z.object({
  cases: z.array(
    z.object({ name: z.string(), compared: z.int(), refused: z.int(), failures: z.array(z.string()) }),
  ),
});

/** Random pairs of answers and submission for each case: five of each mode in `cases.py`. */
const TRIALS = 35;

let services: TestServices;
beforeAll(async () => {
  services = await testServices();
});
afterAll(async () => {
  await services.close();
});

async function check(cases: MetricCase[], trials: number): Promise<z.infer<typeof Report>["cases"]> {
  const metrics = await services.store.putFiles(Object.fromEntries(cases.map((one) => [one.file, one.code])));
  const outcome = await services.programs.run({
    name: "metric-properties",
    argv: ["-m", "metric_properties.run"],
    packages: PACKAGES,
    input: { trials, thorough: Math.min(trials, 7), cases: cases.map(({ code: _code, ...facts }) => facts) },
    trees: { metrics },
    limits: { wallMs: 280_000 },
    output: Report,
  });
  if (!outcome.ok) throw new Error(`${outcome.reason}\n${outcome.result.stderr}`);
  return outcome.output.cases;
}

describe("every compiled metric", () => {
  it("agrees with the reference, refuses bad submissions, and is best for the perfect one", async () => {
    const cases = metricCases();
    const report = await check(cases, TRIALS);
    expect(report.flatMap((one) => one.failures.map((failure) => `${one.name}: ${failure}`))).toEqual([]);
    expect(report.map((one) => one.name)).toEqual(cases.map((one) => one.name));
    expect(report.reduce((sum, one) => sum + one.compared, 0)).toBe(TRIALS * cases.length);
    for (const one of report) expect(one.refused).toBeGreaterThanOrEqual(52);
  }, 300_000);

  it("would be caught with a fault in it", async () => {
    const named = (name: string): MetricCase => {
      const found = metricCases().find((one) => one.metric === name);
      if (!found) throw new Error(`no case for ${name}`);
      return found;
    };
    const faults: [MetricCase, string, string, RegExp][] = [
      [named("rmse"), "return submission.take(order)", "return submission", /the reference/],
      [
        named("accuracy"),
        "submission = with_columns",
        'submission["id"] = submission["id"].astype(str)\n    submission = with_columns',
        /inputs were changed/,
      ],
      [named("mae"), "np.mean(np.abs(", "np.median(np.abs(", /the reference/],
      [named("macro_f1"), "named > 0", "named > 1", /the reference/],
      [
        named("log_loss"),
        "(probabilities > 1).any()",
        "False",
        /accepts a submission with a probability above 1|other words/,
      ],
      [named("roc_auc"), "np.isinf(numbers).any()", "False", /infinite/],
      [named("concordance_index"), "rank[block] < own", "rank[block] > own", /the reference/],
    ];
    const broken = faults.map(([one, from, to]) => {
      expect(one.code).toContain(from);
      return { ...one, code: one.code.replaceAll(from, to) };
    });
    const report = await check(broken, 14);
    for (const [index, [one, , , words]] of faults.entries()) {
      expect(report[index]?.failures.join("\n"), one.name).toMatch(words);
    }
  });
});

describe("the pieces", () => {
  it("are compiled without their imports of each other", () => {
    for (const one of metricCases()) expect(one.code).not.toMatch(/smith_task/);
    expect(readFileSync(`${PACKAGES[0]}/metrics/accuracy.py`, "utf8")).toContain("def accuracy(");
  });
});
