import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runGenerate } from "../../cli/generate.ts";
import { createRun } from "../../cli/run-folder.ts";
import type { Summary } from "../../cli/summary.ts";
import { loadConfiguration } from "../../core/configuration.ts";
import { Folders } from "../helpers/command-line.ts";
import { writeHouses } from "../helpers/houses.ts";
import { hashesBelow } from "../helpers/tree-hash.ts";

const folders = new Folders();
let houses: string;
beforeAll(() => {
  houses = writeHouses(join(folders.make(), "houses"));
});
afterAll(() => folders.remove());

async function generate(flags: Record<string, unknown>): Promise<{ out: string; summary: Summary }> {
  const out = folders.make();
  const summary = await runGenerate(
    createRun(out, [houses], loadConfiguration({ flags: { model: "rules", ...flags } })),
    { signal: new AbortController().signal },
  );
  return { out, summary };
}

/** The rows of every test part: what a seed decides. */
function testRows({ summary }: { summary: Summary }): string[] {
  return summary.datasets.flatMap(({ tasks }) =>
    tasks.map(({ path }) => readFileSync(join(path, "public/test.csv"), "utf8")),
  );
}

test("rules make the same packages byte for byte whatever the workers and the folder, and others by another seed", async () => {
  const first = await generate({ workers: 1 });
  expect(first.summary.datasets[0]).toMatchObject({ status: "accepted" });
  const expected = hashesBelow(join(first.out, "tasks"));
  expect(Object.keys(expected).filter((path) => path.endsWith("certificate.json"))).toHaveLength(
    first.summary.funnel.accepted,
  );

  const second = await generate({ workers: 3 });
  expect(hashesBelow(join(second.out, "tasks"))).toEqual(expected);
  expect(hashesBelow(join(second.out, "datasets"))).toEqual(hashesBelow(join(first.out, "datasets")));

  const other = await generate({ seed: 5 });
  expect(other.summary.funnel.accepted).toBe(first.summary.funnel.accepted);
  expect(testRows(other)).not.toEqual(testRows(first));
  // The seed is in the package's name: tasks of two seeds can stand side by side.
  expect(other.summary.datasets[0]?.tasks[0]?.id).not.toBe(first.summary.datasets[0]?.tasks[0]?.id);
}, 300_000);

test("with one worker every candidate of a dataset comes to its end", async () => {
  const penguins = join(import.meta.dirname, "../../examples/penguins");
  const flags = { model: "rules", workers: 1 };
  const run = createRun(folders.make(), [penguins], loadConfiguration({ flags }));
  const { datasets, funnel } = await runGenerate(run, { signal: new AbortController().signal });
  expect(funnel.candidates).toBeGreaterThan(1);
  expect((datasets[0]?.tasks.length ?? 0) + (datasets[0]?.rejected.length ?? 0)).toBe(funnel.candidates);
}, 300_000);
