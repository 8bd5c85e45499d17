import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyFolder } from "../../cli/verify.ts";
import { isRight, outcomeOf } from "../../scripts/comparators/outcomes.ts";
import { type TestServices, testServices } from "../helpers/services.ts";
import { buildComparator, comparators } from "./comparator.ts";

/** Those whose data are in this repository; `npm run comparators` has the others too. */
const all = await comparators();
const here = all.filter(({ raw }) => raw !== null);

let services: TestServices;
beforeAll(async () => {
  services = await testServices({ slots: 2 });
});
afterAll(async () => await services.close());

describe("tasks packaged by hand", () => {
  test.each(here.map((comparator) => [comparator.name, comparator] as const))(
    "%s is judged as it should be",
    async (_name, comparator) => {
      const { tree } = await buildComparator(comparator, services);
      const request = {
        folder: services.store.treePath(tree),
        raw: comparator.raw ?? "",
        skip: {},
        import: {},
      };
      const outcome = outcomeOf(comparator, await verifyFolder(request, services));
      if (comparator.task.unsound === undefined) expect(outcome.defects).toEqual([]);
      expect(isRight(outcome), JSON.stringify(outcome.defects)).toBe(true);
    },
    120_000,
  );

  test("cover the kinds of data and of questions", () => {
    const sound = all.filter(({ task }) => task.unsound === undefined);
    const different = (values: string[]) => new Set(values).size;
    expect(different(sound.map(({ name }) => name))).toBeGreaterThanOrEqual(15);
    expect(different(sound.map(({ task }) => task.modality))).toBeGreaterThanOrEqual(10);
    expect(different(sound.map(({ task }) => task.objective))).toBeGreaterThanOrEqual(7);
    expect(here.length).toBeGreaterThanOrEqual(4);
  });
});
