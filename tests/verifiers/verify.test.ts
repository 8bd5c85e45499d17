import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyPackage } from "../../verifiers/verify.ts";
import { classificationPackage, regressionPackage, surveyPackage } from "./helpers/base-packages.ts";
import { type Bench, objections, openBench } from "./helpers/bench.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

describe("sound packages", () => {
  test.each([
    ["regression", regressionPackage()],
    ["classification", classificationPackage()],
    ["a survey with few values", surveyPackage()],
  ])("%s passes every check and climbs the ladder", async (_name, draft) => {
    const verified = await verifyPackage(await bench.save(draft), bench.services);
    expect(objections(verified.records)).toEqual([]);
    expect(verified.accepted).toBe(true);
    expect(verified.ladder.map((step) => step.name)).toEqual(["trivial", "limited", "simple", "strong"]);
    expect(verified.ladder.every((step) => step.score !== null)).toBe(true);
    if (process.env.SHOW) console.log(JSON.stringify(verified.ladder, null, 1));
  });
});
