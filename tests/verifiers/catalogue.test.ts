import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { wilson } from "../../scripts/checks-page.ts";
import { checkCatalogue, checkIds } from "../../verifiers/catalogue.ts";
import { pythonCheckFacts } from "../../verifiers/python-facts.ts";
import { REFERENCES } from "../../verifiers/references.ts";
import { type TestServices, testServices } from "../helpers/services.ts";

let services: TestServices;
beforeAll(async () => {
  services = await testServices({ ready: false });
});
afterAll(() => services.close());

const Described = z.array(
  z.object({
    id: z.string(),
    title: z.string(),
    severity: z.string(),
    blame: z.string(),
    why: z.string(),
    threshold: z.string(),
  }),
);

test("facts read from the text of Python checks are those that Python has", async () => {
  const outcome = await services.programs.run({
    name: "describe",
    argv: ["-m", "smith_checks.describe", "/out/result.json"],
    packages: ["verifiers/python/smith_checks", "task/python/smith_task"].map((folder) =>
      fileURLToPath(new URL(`../../${folder}`, import.meta.url)),
    ),
    input: {},
    trees: {},
    output: Described,
  });
  if (!outcome.ok) throw new Error(outcome.reason);
  const read = pythonCheckFacts().map(({ id, title, severity, blame, why, threshold }) => ({
    id,
    title,
    severity,
    blame,
    why,
    threshold: threshold ?? "",
  }));
  expect(read).toEqual(outcome.output);
});

test("ids are unique, and references name checks that are there", async () => {
  const all = (await checkCatalogue()).flatMap((part) => part.checks.map((check) => check.id));
  const ids = await checkIds();
  expect(ids.size).toBe(all.length);
  expect(REFERENCES.flatMap((reference) => reference.checks).filter((check) => !ids.has(check))).toEqual([]);
});

test("the Wilson interval is that of the textbook", () => {
  // Newcombe 1998, table I: 81 of 263, score method without continuity correction.
  const [low, high] = wilson(81, 263);
  expect(low).toBeCloseTo(0.2553, 4);
  expect(high).toBeCloseTo(0.3662, 4);
});
