import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { wilson } from "../../scripts/checks-page.ts";
import { checkCatalogue, checkIds } from "../../verifiers/catalogue.ts";
import { measuredNames } from "../../verifiers/measured-names.ts";
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
    origin: z.string(),
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
  const read = pythonCheckFacts().map(({ id, title, severity, blame, why, threshold, origin }) => ({
    id,
    title,
    severity,
    blame,
    why,
    threshold: threshold ?? "",
    origin: origin ?? "",
  }));
  expect(read).toEqual(outcome.output);
});

test("every threshold that is a figure says where it comes from", async () => {
  const checks = (await checkCatalogue()).flatMap((part) => part.checks);
  const magic = checks.filter(
    ({ threshold = "", origin = "" }) =>
      /\d|\b(half|tenths?|quarter|twice|percent)\b/.test(threshold) && origin.length < 20,
  );
  expect(magic.map(({ id }) => id)).toEqual([]);
  expect(checks.filter(({ origin }) => origin !== undefined).length).toBeGreaterThan(25);
});

test("ids are unique, and references name checks that are there", async () => {
  const all = (await checkCatalogue()).flatMap((part) => part.checks.map((check) => check.id));
  const ids = await checkIds();
  expect(ids.size).toBe(all.length);
  expect(REFERENCES.flatMap((reference) => reference.checks).filter((check) => !ids.has(check))).toEqual([]);
});

test("names of measures are read from sources", () => {
  expect(
    measuredNames("return { measured: { rows: a.length, kept, of: [1, { no: 2 }] }, findings: [] };"),
  ).toEqual(["rows", "kept", "of"]);
  const python =
    'outcome = Outcome(measured={"z": {}, "at all": f(1, 2)})\noutcome.measured["of files"] = 3\noutcome.measured[name] = 4';
  expect(measuredNames(python)).toEqual(["z", "at all", "of files"]);
});

test("the Wilson interval is that of the textbook", () => {
  // Newcombe 1998, table I: 81 of 263, score method without continuity correction.
  const [low, high] = wilson(81, 263);
  expect(low).toBeCloseTo(0.2553, 4);
  expect(high).toBeCloseTo(0.3662, 4);
});
