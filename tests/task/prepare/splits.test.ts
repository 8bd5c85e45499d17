import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type TestServices, testServices } from "../../helpers/services.ts";

let services: TestServices;
beforeAll(async () => {
  services = await testServices();
});
afterAll(() => services.close());

describe("splits", () => {
  it("keep groups whole, time in order, classes in train and shares near, whatever the data", async () => {
    const seeds = fc.sample(fc.nat(), { numRuns: 60, seed: 5 });
    const outcome = await services.programs.run({
      name: "split-properties",
      argv: ["/job/test/split_properties.py"],
      packages: [fileURLToPath(new URL("../../../task/python/smith_task", import.meta.url))],
      input: { seeds },
      trees: {
        test: await services.store.putFiles({
          "split_properties.py": await readFile(new URL("./split_properties.py", import.meta.url), "utf8"),
        }),
      },
      output: z.record(z.string(), z.int()),
    });
    if (!outcome.ok) throw new Error(`${outcome.reason}\n${outcome.result.stderr}`);
    expect(Object.keys(outcome.output)).toHaveLength(9);
    for (const cases of Object.values(outcome.output)) expect(cases).toBe(60);
  });
});
