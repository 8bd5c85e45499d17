import { describe, expect, test } from "vitest";
import { assertPackage } from "../../../verifiers/verify.ts";
import { type Bench, failedChecks, objections } from "./bench.ts";
import type { Draft } from "./draft.ts";

/** A sound package, and what makes it one that a check must reject. */
export type Mutant = [check: string, what: string, make: () => Draft, mutate: (draft: Draft) => void];

/** A sound package that looks a little like a mutant. */
export type Twin = [what: string, make: () => Draft];

export function testMutants(bench: Bench, mutants: Mutant[]): void {
  describe("mutants are rejected by the check that is named for the defect", () => {
    test.each(mutants)("%s: %s", async (check, _what, make, mutate) => {
      const draft = make();
      mutate(draft);
      const records = await assertPackage(await bench.save(draft), bench.services, { only: [check] });
      const found =
        check === "personal-data"
          ? records.filter((record) => record.verdict === "defect").map((record) => record.check)
          : failedChecks(records);
      expect(found).toContain(check);
    });
  });
}

export function testTwins(bench: Bench, twins: Twin[]): void {
  describe("sound twins pass every check of data and sources", () => {
    test.each(twins)("%s", async (_name, make) => {
      const skip = { "metric-unusable": "what is tested here are the data" };
      const records = await assertPackage(await bench.save(make()), bench.services, { skip });
      expect(objections(records)).toEqual([]);
    });
  });
}
