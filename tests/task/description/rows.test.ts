import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileTask } from "../../../task/compile/index.ts";
import type { DatasetFacts } from "../../../task/dataset-facts.ts";
import { figure } from "../../../task/description/markdown.ts";
import { type TestServices, testServices } from "../../helpers/services.ts";
import { csv, randomNumbers } from "../raw-data.ts";
import { specificationOf } from "../specifications.ts";

let services: TestServices;
beforeAll(async () => {
  services = await testServices();
});
afterAll(() => services.close());

const dataset: DatasetFacts = {
  name: "sales",
  title: "Sales",
  fingerprint: "0f".repeat(32),
  source: null,
  licence: null,
  licenceText: null,
  redistributable: "unknown",
};

/** Sales of towns by year and month, in the order of towns; `twice` repeats the first row with another value. */
async function described({ twice = false, byTime = false }): Promise<string> {
  const random = randomNumbers(3);
  const towns = ["Bath", "Cork", "Dover", "Ely", "Fife"];
  const rows = towns.flatMap((town) =>
    Array.from({ length: 48 }, (_, step) => [
      town,
      2010 + Math.floor(step / 12),
      1 + (step % 12),
      (100 * random()).toFixed(4),
      (50 + 100 * random()).toFixed(4),
    ]),
  );
  const again = twice ? [[...(rows[0] ?? []).slice(0, 4), "77.7"]] : [];
  const compiled = await compileTask(
    specificationOf(["town", "year", "month", "rain"], {
      target: { expression: { kind: "column", column: "sold" }, name: "sold", kind: "number" },
      ...(byTime ? { split: { strategy: "time", time: "year" } } : {}),
    }),
    services,
    {
      raw: await services.store.putFiles({
        "data.csv": csv(["town", "year", "month", "rain", "sold"], [...rows, ...again, ...again]),
      }),
      dataset,
      author: { kind: "rules", version: "1" },
    },
  );
  if (!compiled.ok) throw new Error(`${compiled.problem}: ${compiled.reason}`);
  return compiled.parts.description;
}

describe("what the page says of rows", () => {
  it("names the columns of which each row is one combination", async () => {
    expect(await described({ byTime: true })).toContain(
      "Each row is one combination of `town`, `year` and `month`.",
    );
  });

  it("names none where a combination comes twice in train", async () => {
    expect(await described({ twice: true, byTime: true })).not.toContain("one combination");
  });

  it("names the column that orders the rows: months of a year are in the order of the data", async () => {
    expect(await described({ byTime: true })).toContain("Rows are in order of `year`.");
    expect(await described({})).toContain("Rows are in random order.");
  });
});

describe("figures", () => {
  it.each([
    [49.000001, "49"],
    [109.00000000000001, "109"],
    [0.11400000005960464, "0.114"],
    [12345.67, "12345.67"],
    [123456, "123456"],
    [1234567, "1234567"],
    [0.764710009098053, "0.76471"],
    [-2.5, "-2.5"],
    [0, "0"],
  ])("leave out what is left of arithmetic: %d", (number, shown) => {
    expect(figure(number)).toBe(shown);
  });
});
